// Case folding for Sigma's comparisons: Unicode's simple folding (CaseFolding.txt, statuses C and S, Unicode 14), so
// that one character stays one character. Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy::detect {

// U+0041 → U+0061, U+0110 → U+0111, U+212A → U+006B; everything that has no other case stays.
char32_t fold_character(char32_t c);

// Replaces `out` by the folded text. Input is UTF-8; bytes that are not stay as they are. The result is at most 3/2 as
// long (U+023A grows from two bytes to three).
void fold_into(std::string_view text, std::string& out);
std::string fold(std::string_view text);

// Whether any byte is outside ASCII.
bool has_non_ascii(std::string_view text);

}  // namespace luy::detect
