#include "paper/file_name.h"

namespace luy::paper {

std::string file_name_of(std::string_view notation) {
  constexpr std::string_view d_with_stroke = "Đ";  // The one letter outside ASCII that symbols use (number.cc).
  std::string out;
  while (!notation.empty()) {
    const bool is_d = notation.starts_with(d_with_stroke);
    out += is_d ? 'D' : notation.front() == '/' ? '-' : notation.front();
    notation.remove_prefix(is_d ? d_with_stroke.size() : 1);
  }
  return out;
}

}  // namespace luy::paper
