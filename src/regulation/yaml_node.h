// YAML as a bounded tree in which every node knows its line and column, so that what is wrong in a file can be named
// exactly. A strict subset: one document; no anchors, aliases, tags or merge keys; no key twice; text is NFC-like UTF-8
// without control characters. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace luy::regulation {

inline constexpr std::size_t yaml_depth_max = 16;  // The packs use 6.
inline constexpr std::size_t yaml_nodes_max = 50'000;
// yaml-cpp 0.7 takes time quadratic in the length of a line: 32 KiB of "x,x,x" already take a second.
inline constexpr std::size_t yaml_line_bytes_max = 2048;

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::size_t line = 1;    // From 1.
  std::size_t column = 1;  // From 1.
  std::string scalar;
  std::vector<YamlNode> items;  // Of a list; of a map its values, in the order of `keys`.
  std::vector<YamlNode> keys;   // Scalars, none twice.

  const YamlNode* find(std::string_view key) const;  // In a map; nullptr when absent.
};

// Parses `bytes`; `file` is only for errors, whose detail starts with "<file>:<line>:<column>: ". Who reads a file of
// ours that is no pack may raise `nodes_max`.
// Errors (load.h): bad_syntax, not_allowed_yaml, over_limit, duplicate, bad_value.
Result<YamlNode> parse_yaml(std::string_view file, std::string_view bytes, std::size_t nodes_max = yaml_nodes_max);

}  // namespace luy::regulation
