#include "paper/sentence.h"

#include <algorithm>
#include <optional>

namespace luy::paper {
namespace {

constexpr std::size_t phone_digits_min = 8;
constexpr std::size_t phone_digits_max = 12;  // With +84.

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool ends_with_dots(std::string_view text) {
  return text.ends_with("...") || text.ends_with("…");
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// A word with a stroke and a digit, of nothing but what symbols and dates are made of.
bool is_symbol(std::string_view word) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '/' || c == '-' || c == '.' || c == '&'; };
  return word.find('/') != std::string_view::npos && std::any_of(word.begin(), word.end(), is_digit) &&
         std::all_of(word.begin(), word.end(), fits);
}

// The word at `at`, without the brackets and marks around it.
TextRange word_at(std::string_view text, std::size_t at) {
  TextRange out{at, at, 0};
  while (out.end < text.size() && !is_blank(text[out.end])) ++out.end;
  constexpr std::string_view around = "()[]\"',;:.!?";
  while (out.begin < out.end && around.find(text[out.begin]) != std::string_view::npos) ++out.begin;
  while (out.end > out.begin && around.find(text[out.end - 1]) != std::string_view::npos) --out.end;
  return out;
}

// "0237 3770 000", "(0237) 3770.000", "+84 237 3770 000": groups of digits with one blank, dot or hyphen between them.
std::optional<TextRange> phone_at(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  const bool has_bracket = at < text.size() && text[at] == '(';
  if (has_bracket) ++at;
  const std::string_view rest = text.substr(at);
  const bool is_national = rest.starts_with('0') && !rest.starts_with("00");
  if (!is_national && !rest.starts_with("+84")) return std::nullopt;
  if (text[at] == '+') ++at;
  std::size_t digits = 0;
  std::size_t end = at;
  while (at < text.size()) {
    if (is_digit(text[at])) {
      ++digits;
      end = ++at;
    } else if (has_bracket && text[at] == ')' && digits <= 4) {
      end = ++at;
    } else if ((text[at] == ' ' || text[at] == '.' || text[at] == '-') && at + 1 < text.size() &&
               is_digit(text[at + 1])) {
      ++at;
    } else {
      break;
    }
  }
  const bool ends_word = end == text.size() || (!is_letter(text[end]) && text[end] != '/');
  if (digits < phone_digits_min || digits > phone_digits_max || !ends_word) return std::nullopt;
  return TextRange{begin, end, 0};
}

}  // namespace

std::string without_end_marks(std::string_view text) {
  std::string_view out = without_blanks(text);
  constexpr std::string_view marks = ".,;:!?";
  while (!out.empty() && marks.find(out.back()) != std::string_view::npos && !ends_with_dots(out)) {
    out = without_blanks(out.substr(0, out.size() - 1));
  }
  return std::string(out.empty() ? text : out);
}

std::string as_item(std::string_view text, bool is_last) {
  std::string_view words = without_blanks(text);
  if (words.ends_with(';') || words.ends_with(',')) words = without_blanks(words.substr(0, words.size() - 1));
  constexpr std::string_view own = ".:!?";
  const bool is_closed = !words.empty() && own.find(words.back()) != std::string_view::npos;
  std::string out(words);
  if (!words.empty() && !is_closed && !words.ends_with("…")) out += is_last ? "." : ";";
  return out;
}

std::vector<TextRange> unbroken_ranges(std::string_view text) {
  std::vector<TextRange> out;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const TextRange word = word_at(text, at);
    TextRange found{at, at, 0};
    if (is_symbol(text.substr(word.begin, word.end - word.begin))) {
      found = word;
    } else if (const auto phone = phone_at(text, at)) {
      found = *phone;
    }
    found.characters = characters(text.substr(found.begin, found.end - found.begin));
    if (found.end > found.begin && found.characters <= unbroken_characters_max) out.push_back(found);
    at = std::max(at + 1, found.end);
    while (at < text.size() && !is_blank(text[at])) ++at;
  }
  return out;
}

}  // namespace luy::paper
