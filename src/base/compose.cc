#include "base/compose.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/utf8.h"

namespace luy {
namespace {

// In the order of the columns below, the first without a tone.
constexpr std::array<std::string_view, 6> tones = {"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"};
constexpr std::array<std::array<std::string_view, 6>, 24> letters = {{
    {"a", "à", "á", "ả", "ã", "ạ"}, {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"}, {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"},
    {"e", "è", "é", "ẻ", "ẽ", "ẹ"}, {"ê", "ề", "ế", "ể", "ễ", "ệ"}, {"i", "ì", "í", "ỉ", "ĩ", "ị"},
    {"o", "ò", "ó", "ỏ", "õ", "ọ"}, {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"}, {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"},
    {"u", "ù", "ú", "ủ", "ũ", "ụ"}, {"ư", "ừ", "ứ", "ử", "ữ", "ự"}, {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"},
    {"A", "À", "Á", "Ả", "Ã", "Ạ"}, {"Ă", "Ằ", "Ắ", "Ẳ", "Ẵ", "Ặ"}, {"Â", "Ầ", "Ấ", "Ẩ", "Ẫ", "Ậ"},
    {"E", "È", "É", "Ẻ", "Ẽ", "Ẹ"}, {"Ê", "Ề", "Ế", "Ể", "Ễ", "Ệ"}, {"I", "Ì", "Í", "Ỉ", "Ĩ", "Ị"},
    {"O", "Ò", "Ó", "Ỏ", "Õ", "Ọ"}, {"Ô", "Ồ", "Ố", "Ổ", "Ỗ", "Ộ"}, {"Ơ", "Ờ", "Ớ", "Ở", "Ỡ", "Ợ"},
    {"U", "Ù", "Ú", "Ủ", "Ũ", "Ụ"}, {"Ư", "Ừ", "Ứ", "Ử", "Ữ", "Ự"}, {"Y", "Ỳ", "Ý", "Ỷ", "Ỹ", "Ỵ"},
}};

struct Shape {
  std::string_view bare;
  std::string_view mark;
  std::string_view letter;
};
constexpr std::array<Shape, 12> shapes = {{
    {"a", "\u0306", "ă"},
    {"a", "\u0302", "â"},
    {"e", "\u0302", "ê"},
    {"o", "\u0302", "ô"},
    {"o", "\u031B", "ơ"},
    {"u", "\u031B", "ư"},
    {"A", "\u0306", "Ă"},
    {"A", "\u0302", "Â"},
    {"E", "\u0302", "Ê"},
    {"O", "\u0302", "Ô"},
    {"O", "\u031B", "Ơ"},
    {"U", "\u031B", "Ư"},
}};

struct Letter {
  std::size_t row = 0;
  std::size_t tone = 0;
};

const std::map<std::string_view, Letter>& all_letters() {
  static const std::map<std::string_view, Letter> all = [] {
    std::map<std::string_view, Letter> out;
    for (std::size_t row = 0; row < letters.size(); ++row) {
      for (std::size_t tone = 0; tone < tones.size(); ++tone) out[letters[row][tone]] = {row, tone};
    }
    return out;
  }();
  return all;
}

// The letter with one mark more; nullopt when Vietnamese has none such.
std::optional<Letter> marked(const Letter& letter, std::string_view mark) {
  for (std::size_t tone = 1; tone < tones.size(); ++tone) {
    if (mark == tones[tone]) return letter.tone == 0 ? std::optional(Letter{letter.row, tone}) : std::nullopt;
  }
  for (const Shape& shape : shapes) {
    if (mark != shape.mark || letters[letter.row][0] != shape.bare) continue;
    return Letter{all_letters().at(shape.letter).row, letter.tone};
  }
  return std::nullopt;
}

}  // namespace

std::string compose_vietnamese(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(utf8_character(text), 1);
    const auto found = all_letters().find(text.substr(0, size));
    if (found == all_letters().end()) {
      out += text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    text.remove_prefix(size);
    Letter letter = found->second;
    for (std::size_t mark = utf8_character(text); mark > 1; mark = utf8_character(text)) {
      const auto next = marked(letter, text.substr(0, mark));
      if (!next) break;
      letter = *next;
      text.remove_prefix(mark);
    }
    out += letters[letter.row][letter.tone];
  }
  return out;
}

}  // namespace luy
