// Typed reading of one YAML map against its list of known keys. The first fault of a file is kept and later getters
// return defaults, so that the code that reads a schema is the schema; the caller asks Faults once at the end.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "regulation/pack.h"
#include "regulation/yaml_node.h"

namespace luy::regulation {

// Where the first fault is kept. One per file: `file` stands in every error.
class Faults {
 public:
  explicit Faults(std::string file) : file_(std::move(file)) {}
  // Keeps the first fault only: later ones are mostly its consequences.
  void add(const ErrorKind& kind, const YamlNode& at, std::string_view what);
  const std::optional<Error>& first() const { return first_; }

 private:
  std::string file_;
  std::optional<Error> first_;
};

// "'x' [a, b, c]": what was written and what could have been.
std::string with_choices(std::string_view written, const std::vector<std::string_view>& choices);

class MapReader {
 public:
  // Faults: wrong_type when `node` is not a map, unknown_key for a key that is not among `known`.
  // `node` and `faults` must outlive the reader.
  MapReader(const YamlNode& node, Faults& faults, std::initializer_list<std::string_view> known);

  bool has(std::string_view key) const { return node_.find(key) != nullptr; }
  // Where a fault in the value of `key` is: the value, or the map when the key is absent.
  const YamlNode& at(std::string_view key) const;
  void fault(const ErrorKind& kind, std::string_view key, std::string_view what) { faults_.add(kind, at(key), what); }

  // Faults of all: missing_key, wrong_type; of the texts in two languages also missing_translation.
  std::string text(std::string_view key);
  std::optional<std::string> optional_text(std::string_view key);
  Text both(std::string_view key);
  std::optional<Text> optional_both(std::string_view key);
  Day day(std::string_view key);  // ISO 8601; bad_value for a day that does not exist.
  std::optional<Day> optional_day(std::string_view key);
  const std::vector<YamlNode>& list(std::string_view key);  // over_limit above list_items_max.
  const YamlNode& map(std::string_view key);                // An empty map after a fault.

  // A name of an enumeration; unknown_name lists the names there are.
  template <class Value>
  Value name(std::string_view key, std::optional<Value> (*from_name)(std::string_view), std::size_t count) {
    return name_at<Value>(at(key), text(key), from_name, count, faults_);
  }
  template <class Value>
  static Value name_at(const YamlNode& node, std::string_view written,
                       std::optional<Value> (*from_name)(std::string_view), std::size_t count, Faults& faults) {
    if (const auto value = from_name(written)) return *value;
    std::vector<std::string_view> choices;
    for (std::size_t i = 0; i < count; ++i) choices.push_back(name_of(static_cast<Value>(i)));
    faults.add(unknown_name_kind(), node, with_choices(written, choices));
    return Value{};
  }

 private:
  static const ErrorKind& unknown_name_kind();
  const YamlNode* required(std::string_view key, YamlNode::Kind kind);
  Text both_at(const YamlNode& node);

  const YamlNode& node_;
  Faults& faults_;
};

// "[a-z0-9-_]+", 1 to 60 characters: what ids in packs look like.
bool is_slug(std::string_view text);

}  // namespace luy::regulation
