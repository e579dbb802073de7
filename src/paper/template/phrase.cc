#include "paper/template/phrase.h"

#include <algorithm>
#include <array>

namespace luy::paper {
namespace {

constexpr std::array<std::string_view, 4> letterhead_names = {"agency", "place", "notation", "date"};
constexpr std::array<std::string_view, 5> person_parts = {"name", "position", "unit", "phone", "email"};

bool contains(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_person(FieldType type) {
  return type == FieldType::person || type == FieldType::persons;
}
bool is_choice(FieldType type) {
  return type == FieldType::choice || type == FieldType::choices;
}
bool is_dated(FieldType type) {
  return type == FieldType::date || type == FieldType::datetime;
}

struct Reference {
  std::string_view name;
  std::string_view part;
  std::string_view filter;
};

Reference split(std::string_view inner) {
  Reference out;
  const std::size_t bar = inner.find('|');
  if (bar != std::string_view::npos) {
    out.filter = inner.substr(bar + 1);
    inner = inner.substr(0, bar);
  }
  const std::size_t dot = inner.find('.');
  if (dot != std::string_view::npos) {
    out.part = inner.substr(dot + 1);
    inner = inner.substr(0, dot);
  }
  out.name = inner;
  return out;
}

bool is_item_part(const FormField& field, std::string_view part) {
  if (part == "index" || part.empty()) return part == "index" || field.type == FieldType::list;
  if (is_person(field.type)) return contains(person_parts, part);
  if (field.type != FieldType::table) return false;
  return std::any_of(field.columns.begin(), field.columns.end(),
                     [&](const TableField& column) { return column.id == part; });
}

// Tables, lists and persons are many: they are printed by blocks, not inside a sentence.
bool is_printable(FieldType type) {
  return type != FieldType::table && type != FieldType::list && type != FieldType::persons && type != FieldType::flag;
}

bool fits(const FormField& field, const Reference& reference) {
  if (!is_printable(field.type)) return false;
  if (!reference.part.empty()) {
    const bool of_person = is_person(field.type) && contains(person_parts, reference.part);
    return of_person || (field.type == FieldType::choice && reference.part == "detail");
  }
  if (reference.filter.empty()) return true;
  if (reference.filter == "long") return is_dated(field.type);
  if (reference.filter == "short") return field.type == FieldType::datetime;
  return reference.filter == "boxes" && is_choice(field.type);
}

}  // namespace

bool is_letterhead_name(std::string_view name) {
  return contains(letterhead_names, name);
}

std::variant<Phrase, PhraseFault> parse_phrase(std::string_view text, const PhraseScope& scope) {
  Phrase out;
  std::string literal;
  const auto flush = [&] {
    if (literal.empty()) return;
    out.push_back({Piece::Kind::literal, literal, {}, {}, {}});
    literal.clear();
  };
  while (!text.empty()) {
    if (text.starts_with("{{") || text.starts_with("}}")) {
      literal += text.front();
      text.remove_prefix(2);
      continue;
    }
    if (text.front() == '}') return PhraseFault{PhraseFault::Kind::syntax, "'}' [}}]"};
    if (text.front() != '{') {
      const std::size_t size = std::min(text.find_first_of("{}"), text.size());
      literal += text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return PhraseFault{PhraseFault::Kind::syntax, "'{' [{{, {name}]"};
    const std::string_view inner = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    flush();
    const Reference reference = split(inner);
    const PhraseFault unknown{PhraseFault::Kind::unknown_name, std::string(inner)};
    if (reference.name == "item") {
      if (scope.repeated == nullptr || !is_item_part(*scope.repeated, reference.part)) return unknown;
      out.push_back({Piece::Kind::item, {}, std::string(reference.part), {}, {}});
      continue;
    }
    if (is_letterhead_name(reference.name) && reference.part.empty() && reference.filter.empty()) {
      out.push_back({Piece::Kind::letterhead, {}, std::string(reference.name), {}, {}});
      continue;
    }
    const FormField* field = scope.form->field(reference.name);
    if (field == nullptr || !fits(*field, reference)) return unknown;
    out.push_back({Piece::Kind::field,
                   {},
                   std::string(reference.name),
                   std::string(reference.part),
                   std::string(reference.filter)});
  }
  flush();
  return out;
}

}  // namespace luy::paper
