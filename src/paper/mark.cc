#include "paper/mark.h"

#include <string_view>

namespace luy::paper {

std::string letter_mark(std::size_t index) {
  constexpr std::string_view letters = "abcdeghiklmnopqrstuvxy";
  constexpr std::size_t d_with_stroke = 4;
  if (index == d_with_stroke) return "đ)";
  const std::size_t at = index < d_with_stroke ? index : index - 1;
  return at < letters.size() ? std::string(1, letters[at]) + ")" : std::to_string(index + 1) + ")";
}

}  // namespace luy::paper
