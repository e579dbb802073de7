// Sigma's text patterns: literal text, '*' for any run (line breaks too), '?' for exactly one character. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luy::detect {

// Pieces in order; two texts or two runs never stand side by side.
struct Pattern {
  enum class Kind : unsigned char {
    text,
    any_run,
    any_one,  // One UTF-8 character, not one byte.
    dash,     // One of - / U+2013 U+2014 U+2015: what `windash` makes of a flag's sign.
  };
  struct Piece {
    Kind kind;
    std::string text;
    bool operator==(const Piece&) const = default;
  };
  std::vector<Piece> pieces;

  void add(Kind kind);
  void add_text(std::string_view text);
  void prepend_run();

  // The text of a pattern without wildcards; nullopt when it has any.
  std::optional<std::string> plain() const;
  // Folds the texts (fold.h), for matching values that are folded too.
  void fold();
  // One line that tells two different patterns apart.
  std::string key() const;
  bool operator==(const Pattern&) const = default;
};

// "\*", "\?" are literal, "\\" is one backslash, a backslash before anything else is itself, so "\\*" is a backslash
// and a wildcard.
Pattern parse_pattern(std::string_view text);
// The text as it stands, without wildcards.
Pattern literal_pattern(std::string_view text);

// Signs of flags become `dash`: '-' or '/' (or one of the three Unicode dashes) with no word character before and one
// after, as pySigma's \B[-/]\b has it.
Pattern with_dashes(const Pattern& pattern);

// Whole match. Time is at most the product of the two lengths.
bool matches(const Pattern& pattern, std::string_view text);

// Bytes of the dash at the front of `text`: 1 for - and /, 3 for the Unicode ones, 0 when there is none.
std::size_t dash_size(std::string_view text);

}  // namespace luy::detect
