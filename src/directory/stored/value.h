// Small checks on what is about to be stored, shared by the services of this module.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/utf8.h"
#include "directory/agency.h"

namespace luy::directory {

// ASCII only: codes and user names are.
inline std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

// `text` without blanks at its ends. Errors: bad_value naming `field` when it is empty, longer than `bytes_max`, or
// holds control characters or ill-formed UTF-8.
inline Result<std::string> checked_text(std::string_view field, std::string_view text, std::size_t bytes_max) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const bool control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (text.empty() || text.size() > bytes_max || control || !is_utf8(text)) return Error(bad_value, std::string(field));
  return std::string(text);
}

}  // namespace luy::directory
