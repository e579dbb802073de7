// Taking configuration files apart. Pure; views are borrowed from the text given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luy::hardening {

struct Line {
  std::string_view text;  // Without blanks at both ends; neither empty nor a comment.
  std::int64_t number = 0;
};
// Lines that say something. `comments`: the characters with which a comment line begins.
std::vector<Line> lines_of(std::string_view text, std::string_view comments = "#");
// The views would outlive a temporary: name the text first.
std::vector<Line> lines_of(std::string&& text, std::string_view comments = "#") = delete;
// Of a file that may not be there: empty.
inline std::string_view view_of(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view();
}

std::string_view trim(std::string_view text);
std::vector<std::string> words_of(std::string_view text, std::string_view separators = " \t");
std::string lower(std::string_view text);
bool same_word(std::string_view a, std::string_view b);  // Without case.
bool is_among(std::string_view word, const std::vector<std::string>& list);
std::string unquoted(std::string_view text);  // Without '…' or "…" around it.
std::string joined(const std::vector<std::string>& words, std::string_view separator);
// A whole number, a sign in front allowed; nothing else may follow.
std::optional<std::int64_t> number_of(std::string_view text, int base = 10);
// "90", "2m", "1h30m", "10min": seconds.
std::optional<std::int64_t> seconds_of(std::string_view text);
// Whether `name` fits a pattern of '*' and '?'; a star does not match a leading dot.
bool fits(std::string_view pattern, std::string_view name);

}  // namespace luy::hardening
