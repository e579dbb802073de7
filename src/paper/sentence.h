// What people entered, as it becomes part of a sentence or of a list, and what a line may not end inside of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace luy::paper {

// Without blanks and the marks that close a sentence at its end: "… ra trang lạ." → "… ra trang lạ". Dots that stand
// for words left out ("…", "...") stay; so does a text of nothing but marks.
std::string without_end_marks(std::string_view text);

// With the mark that an item of a list ends with: ";", of the last one ".". A closing mark that is a sentence's own
// stays.
std::string as_item(std::string_view text, bool is_last);

// Bytes from `begin` to before `end`, which is `characters` long.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t characters = 0;
};
inline constexpr std::size_t unbroken_characters_max = 32;

// Symbols of papers and dates ("20/2017/TT-BTTTT", "23/11/2026") and telephone numbers ("0237 3770 000"), in their
// order: each is read as one word. Longer ones than unbroken_characters_max are left away.
std::vector<TextRange> unbroken_ranges(std::string_view text);

}  // namespace luy::paper
