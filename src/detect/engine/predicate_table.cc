#include "detect/engine/predicate_table.h"

#include <algorithm>

#include "detect/engine/regex_literal.h"
#include "detect/fold.h"

namespace luy::detect {
namespace {

using Kind = Predicate::Kind;
using Piece = Pattern::Piece;

constexpr char separator = '\x1F';

// The pattern as a plain literal at one end, in the middle or alone, where it is one.
Kind shape_of(const Test& test) {
  if (test.cased || test.field.empty()) return Kind::pattern;
  const std::vector<Piece>& pieces = test.pattern.pieces;
  const auto is = [&](std::size_t i, Pattern::Kind kind) { return pieces[i].kind == kind; };
  using enum Pattern::Kind;
  if (pieces.empty()) return Kind::exact;
  if (pieces.size() == 1) {
    if (is(0, text)) return Kind::exact;
    return is(0, any_run) ? Kind::present : Kind::pattern;
  }
  if (pieces.size() == 2 && is(0, any_run) && is(1, text)) return Kind::suffix;
  if (pieces.size() == 2 && is(0, text) && is(1, any_run)) return Kind::prefix;
  if (pieces.size() == 3 && is(0, any_run) && is(1, text) && is(2, any_run)) return Kind::contains;
  return Kind::pattern;
}

std::string longest_piece(const Pattern& pattern) {
  std::string out;
  for (const Piece& piece : pattern.pieces) {
    if (piece.text.size() > out.size()) out = piece.text;
  }
  return fold(out);
}

// The longest run of a keyword that stands in a line of JSON as it stands in the value: no character that is or can be
// escaped, and not digits alone, since 1000 may be written 1e3.
std::string longest_plain_run(const Pattern& pattern) {
  std::string best;
  for (const Piece& piece : pattern.pieces) {
    std::string run;
    for (const char c : piece.text + "\n") {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '/') {
        run += c;
        continue;
      }
      if (run.size() > best.size() && run.find_first_not_of("0123456789") != std::string::npos) best = run;
      run.clear();
    }
  }
  return fold(best);
}

Predicate pattern_predicate(const Test& test) {
  Predicate out;
  out.kind = shape_of(test);
  out.text = test.field.empty() ? longest_plain_run(test.pattern) : longest_piece(test.pattern);
  return out;
}

std::string key_of(const Predicate& predicate, const Test& test) {
  std::string out(1, static_cast<char>('a' + static_cast<int>(predicate.kind)));
  out += std::to_string(predicate.slot) + separator + std::to_string(predicate.other_slot) + separator;
  switch (predicate.kind) {
    case Kind::exact:
    case Kind::prefix:
    case Kind::suffix:
    case Kind::contains:
      return out + predicate.text;
    case Kind::pattern:
      return out + (test.cased ? "c" : "i") + test.pattern.key();
    case Kind::regex:
      out += test.cased ? 'c' : 'i';
      out += test.dot_all ? 's' : '-';
      out += test.multi_line ? 'm' : '-';
      return out + test.text;
    case Kind::network:
      out.append(reinterpret_cast<const char*>(test.network.bytes), sizeof test.network.bytes);
      return out + std::to_string(test.network.size) + separator + std::to_string(test.network.bits);
    case Kind::number_kind:
      out += std::to_string(static_cast<int>(test.comparison)) + separator +
             std::to_string(static_cast<int>(test.time_part));
      out.append(reinterpret_cast<const char*>(&test.number), sizeof test.number);
      return out;
    case Kind::field_ref:
      return out + (test.cased ? "c" : "i") + std::to_string(static_cast<int>(test.relation));
    case Kind::present:
    case Kind::null:
    case Kind::exists:
      break;
  }
  return out;
}

}  // namespace

std::uint32_t PredicateTable::slot_of(const std::string& field) {
  const auto [place, fresh] = slots_.emplace(field, static_cast<std::uint32_t>(program_.slots.size()));
  if (fresh) program_.slots.push_back(field);
  return place->second;
}

std::uint32_t PredicateTable::keep(const std::string& key, Predicate predicate, const Test* test) {
  const auto [place, fresh] = numbers_.emplace(key, static_cast<std::uint32_t>(program_.predicates.size()));
  if (!fresh) return place->second;
  if (test != nullptr) {
    predicate.test = static_cast<std::uint32_t>(program_.tests.size());
    program_.tests.push_back(*test);
  }
  program_.predicates.push_back(std::move(predicate));
  return place->second;
}

std::uint32_t PredicateTable::presence(std::uint32_t slot) {
  Predicate out;
  out.kind = Kind::present;
  out.slot = slot;
  const std::string key = key_of(out, Test());
  return keep(key, std::move(out), nullptr);
}

std::uint32_t PredicateTable::intern(const Test& test, const FieldMap& fields) {
  Predicate out;
  switch (test.kind) {
    case TestKind::pattern:
      out = pattern_predicate(test);
      break;
    case TestKind::regex:
      out.kind = Kind::regex;
      out.text = required_literal(test.text);
      break;
    case TestKind::network:
      out.kind = Kind::network;
      break;
    case TestKind::number:
      out.kind = Kind::number_kind;
      break;
    case TestKind::null:
      out.kind = Kind::null;
      break;
    case TestKind::exists:
      out.kind = Kind::exists;
      break;
    case TestKind::field_ref:
      out.kind = Kind::field_ref;
      out.other_slot = slot_of(fields.event_field(test.text));
      break;
  }
  out.slot = test.field.empty() ? any_slot : slot_of(fields.event_field(test.field));
  const std::string key = key_of(out, test);
  const bool tested = out.kind >= Kind::pattern && out.kind <= Kind::field_ref;
  return keep(key, std::move(out), tested ? &test : nullptr);
}

bool PredicateTable::is_always_eager(const Predicate& predicate) {
  return predicate.slot != any_slot &&
         (predicate.kind == Kind::exact || predicate.kind == Kind::prefix || predicate.kind == Kind::suffix);
}

void PredicateTable::settle_eager() {
  for (Predicate& one : program_.predicates) one.eager = one.eager || is_always_eager(one);
}

void PredicateTable::put_in_index(const Predicate& predicate, std::uint32_t number) {
  FieldIndex& index = program_.indexes[predicate.slot];
  switch (predicate.kind) {
    case Kind::exact:
      index.add_exact(predicate.text, number);
      break;
    case Kind::prefix:
      index.add_prefix(predicate.text, number);
      break;
    case Kind::suffix:
      index.add_suffix(predicate.text, number);
      break;
    case Kind::contains:
    case Kind::pattern:
    case Kind::regex:
      index.add_literal(predicate.text, number);
      break;
    case Kind::present:
      index.add_present(number);
      break;
    default:
      break;
  }
}

Result<void> PredicateTable::build_indexes() {
  program_.indexes = std::vector<FieldIndex>(program_.slots.size());
  for (std::uint32_t i = 0; i < program_.predicates.size(); ++i) {
    Predicate& one = program_.predicates[i];
    if (one.eager && one.slot != any_slot) put_in_index(one, i);
    if (one.kind == Kind::regex) {
      one.regex = static_cast<std::uint32_t>(program_.regexes.size());
      program_.regexes.emplace_back(program_.tests[one.test]);
    }
  }
  for (FieldIndex& index : program_.indexes) LUY_TRY_VOID(index.finish());
  return {};
}

Result<std::uint32_t> PredicateTable::keywords(const std::vector<std::uint32_t>& predicates) {
  if (predicates.empty()) return no_slot;
  const auto [place, fresh] = keywords_.emplace(predicates, static_cast<std::uint32_t>(program_.keywords.size()));
  if (!fresh) return place->second;
  std::vector<Database::Literal> literals;
  for (const std::uint32_t number : predicates) literals.push_back({program_.predicates[number].text, number});
  LUY_TRY(Database made, Database::of_literals(literals, Case::ignored));
  program_.keywords.push_back(std::move(made));
  return place->second;
}

}  // namespace luy::detect
