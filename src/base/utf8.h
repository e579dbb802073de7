// Well-formed UTF-8 (RFC 3629): what text from outside must be before it may stand in a JSON document. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace luy {

// Bytes of the well-formed character at the front of `text`, 1 to 4; 0 when there is none: overlong forms, surrogates
// and code points above U+10FFFF are not well formed (RFC 3629 section 4).
std::size_t utf8_character(std::string_view text);

bool is_utf8(std::string_view text);

// The same text with U+FFFD for each maximal ill-formed part (Unicode 15.0, table 3-8), so at most three times as long.
std::string to_utf8(std::string_view text);

// The longest front of `text`, at most `bytes_max` bytes, that does not cut a character.
std::string_view utf8_front(std::string_view text, std::size_t bytes_max);

}  // namespace luy
