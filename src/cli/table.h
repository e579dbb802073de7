// Text for a terminal: how wide it shows, cut or wrapped to a width. Vietnamese letters are two or three bytes and one
// column, a combining mark is none at all. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace luy::cli {

// Columns a terminal uses for the text: combining marks and zero-width characters none, East Asian wide characters and
// emoji two (Unicode 15, UAX 11 by blocks). Ill-formed bytes count one each.
std::size_t display_width(std::string_view text);

// Filled with blanks to `width`, or cut to it with "…" at the end.
std::string fitted(std::string_view text, std::size_t width);

// Lines of at most `width` columns, broken at blanks, and inside a word only where it does not fit a line of its own.
// At least one line; `width` is at least 1.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace luy::cli
