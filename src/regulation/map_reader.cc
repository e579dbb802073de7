#include "regulation/map_reader.h"

#include <algorithm>

#include "base/utf8.h"
#include "regulation/load.h"

namespace luy::regulation {
namespace {

// What is written in a file may be long; an error shows its beginning.
constexpr std::size_t quoted_bytes_max = 80;

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "null";
    case YamlNode::Kind::scalar:
      return "text";
    case YamlNode::Kind::list:
      return "list";
    case YamlNode::Kind::map:
      return "map";
  }
  return "";
}

std::string wanted(std::string_view key, YamlNode::Kind found, YamlNode::Kind want) {
  return std::string(key) + ": " + std::string(kind_name(found)) + " [" + std::string(kind_name(want)) + "]";
}

const YamlNode& empty_map() {
  static const YamlNode node{
      .kind = YamlNode::Kind::map, .line = 1, .column = 1, .scalar = {}, .items = {}, .keys = {}};
  return node;
}

}  // namespace

void Faults::add(const ErrorKind& kind, const YamlNode& at, std::string_view what) {
  if (first_) return;
  first_.emplace(kind,
                 file_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + std::string(what));
}

std::string with_choices(std::string_view written, const std::vector<std::string_view>& choices) {
  std::string out = "'" + std::string(utf8_front(written, quoted_bytes_max)) + "' [";
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i != 0) out += ", ";
    out += choices[i];
  }
  return out + "]";
}

MapReader::MapReader(const YamlNode& node, Faults& faults, std::initializer_list<std::string_view> known)
    : node_(node), faults_(faults) {
  if (node.kind != YamlNode::Kind::map) {
    faults_.add(wrong_type, node, std::string(kind_name(node.kind)) + " [map]");
    return;
  }
  for (const YamlNode& key : node.keys) {
    if (std::find(known.begin(), known.end(), key.scalar) != known.end()) continue;
    faults_.add(unknown_key, key, with_choices(key.scalar, {known.begin(), known.end()}));
  }
}

const YamlNode& MapReader::at(std::string_view key) const {
  const YamlNode* found = node_.find(key);
  return found == nullptr ? node_ : *found;
}

const YamlNode* MapReader::required(std::string_view key, YamlNode::Kind kind) {
  const YamlNode* found = node_.find(key);
  if (found == nullptr) {
    faults_.add(missing_key, node_, key);
    return nullptr;
  }
  if (found->kind != kind) {
    faults_.add(wrong_type, *found, wanted(key, found->kind, kind));
    return nullptr;
  }
  return found;
}

std::string MapReader::text(std::string_view key) {
  const YamlNode* found = required(key, YamlNode::Kind::scalar);
  if (found == nullptr) return {};
  if (found->scalar.empty()) faults_.add(wrong_type, *found, wanted(key, YamlNode::Kind::null, YamlNode::Kind::scalar));
  return found->scalar;
}

std::optional<std::string> MapReader::optional_text(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return text(key);
}

Text MapReader::both_at(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::map) {
    faults_.add(missing_translation, node, std::string(kind_name(node.kind)) + " [vi, en]");
    return {};
  }
  MapReader reader(node, faults_, {"vi", "en"});
  Text out;
  for (const auto& [language, place] : {std::pair{"vi", &out.vi}, std::pair{"en", &out.en}}) {
    const YamlNode* found = node.find(language);
    if (found == nullptr || found->kind == YamlNode::Kind::null || found->scalar.empty()) {
      faults_.add(missing_translation, found == nullptr ? node : *found, language);
    } else {
      *place = reader.text(language);
    }
  }
  return out;
}

Text MapReader::both(std::string_view key) {
  const YamlNode* found = node_.find(key);
  if (found == nullptr) {
    faults_.add(missing_key, node_, key);
    return {};
  }
  return both_at(*found);
}

std::optional<Text> MapReader::optional_both(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return both(key);
}

Day MapReader::day(std::string_view key) {
  const std::string written = text(key);
  const std::optional<Day> value = day_from_iso(written);
  if (!value) faults_.add(bad_value, at(key), with_choices(written, {"yyyy-mm-dd"}));
  return value.value_or(Day{});
}

std::optional<Day> MapReader::optional_day(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return day(key);
}

const std::vector<YamlNode>& MapReader::list(std::string_view key) {
  const YamlNode* found = required(key, YamlNode::Kind::list);
  if (found == nullptr) return empty_map().items;
  if (found->items.size() > list_items_max) {
    faults_.add(over_limit, *found, std::to_string(found->items.size()) + " > " + std::to_string(list_items_max));
    return empty_map().items;
  }
  return found->items;
}

const YamlNode& MapReader::map(std::string_view key) {
  const YamlNode* found = required(key, YamlNode::Kind::map);
  return found == nullptr ? empty_map() : *found;
}

const ErrorKind& MapReader::unknown_name_kind() {
  return unknown_name;
}

bool is_slug(std::string_view text) {
  constexpr std::size_t chars_max = 60;
  return !text.empty() && text.size() <= chars_max && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace luy::regulation
