// The modifiers of Sigma 2.1: the one table of their names, and those that turn a text into other texts. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/pattern.h"

namespace luy::detect {

enum class Modifier : std::uint8_t {
  all,
  cased,
  neq,
  contains,
  startswith,
  endswith,
  exists,
  re,
  regex_i,
  regex_m,
  regex_s,
  windash,
  base64,
  base64offset,
  utf16le,
  utf16be,
  utf16,
  wide,
  lt,
  lte,
  gt,
  gte,
  minute,
  hour,
  day,
  week,
  month,
  year,
  cidr,
  expand,
  fieldref,
};

std::optional<Modifier> modifier_from_name(std::string_view name);

// The texts of the pattern in UTF-16 with the byte order named; `utf16` begins with a byte order mark. Wildcards stay.
Pattern in_utf16(const Pattern& pattern, Modifier which);

// The three forms under which `bytes` can stand inside base 64 text, without the characters that depend on neighbours.
std::vector<std::string> base64_offsets(std::string_view bytes);

}  // namespace luy::detect
