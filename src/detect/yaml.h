// YAML of rules and pipelines as a bounded tree in which every node knows its line. Several documents in one file are
// allowed; anchors, aliases, tags and merge keys are refused. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::detect {

inline constexpr std::size_t rule_file_bytes_max = 2 << 20;  // SigmaHQ's largest has 300 kB.
inline constexpr std::size_t yaml_depth_max = 16;
inline constexpr std::size_t yaml_nodes_max = 100'000;  // SigmaHQ's largest rule has 2,900.
// yaml-cpp 0.7 takes time quadratic in the length of a line; SigmaHQ's longest has 786 bytes.
inline constexpr std::size_t yaml_line_bytes_max = 8192;

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  bool quoted = false;   // A scalar in quotes or of a block: text whatever it looks like.
  std::size_t line = 1;  // From 1.
  std::string scalar;
  std::vector<YamlNode> items;    // Of a list; of a map its values, in the order of `keys`.
  std::vector<std::string> keys;  // None twice.

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  const YamlNode* find(std::string_view key) const;  // In a map; nullptr when absent.
  std::string text(std::string_view key) const;      // The scalar under `key`; "" when absent or no scalar.
};

// The documents of one file. Errors (error.h), whose detail starts with "<file>:<line>: ": bad_yaml, yaml_not_allowed,
// over_limit.
Result<std::vector<YamlNode>> parse_yaml(std::string_view file, std::string_view bytes);

// "<file>:<line>: <what>": the form of every detail about a place in a file.
std::string at_line(std::string_view file, std::size_t line, std::string_view what);

}  // namespace luy::detect
