// Free text that people write: one line or several, without control characters, of bounded size.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::people {

inline constexpr ErrorKind text_invalid{"people.text_invalid", ErrorClass::invalid, "Nội dung không hợp lệ: {}.",
                                        "The text is not valid: {}."};

inline constexpr std::size_t name_bytes_max = 400;
inline constexpr std::size_t reason_bytes_max = 2'000;

// `text` with control characters as blanks and without blanks at its ends. Errors: text_invalid naming `field` when
// nothing is left, when it is no UTF-8, or above `bytes_max`.
Result<std::string> needed_text(std::string_view field, std::string_view text, std::size_t bytes_max);
// The same, and may be empty.
Result<std::string> optional_text(std::string_view field, std::string_view text, std::size_t bytes_max);

}  // namespace luy::people
