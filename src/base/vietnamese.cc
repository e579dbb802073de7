#include "base/vietnamese.h"

#include <array>
#include <cstdint>
#include <optional>

namespace luy {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
  char letter;
};

// Every precomposed letter with marks that Vietnamese (and Latin-1 names) use, by block; Unicode 15.
constexpr std::array ranges{
    Range{0x00C0, 0x00C5, 'a'}, Range{0x00C7, 0x00C7, 'c'}, Range{0x00C8, 0x00CB, 'e'}, Range{0x00CC, 0x00CF, 'i'},
    Range{0x00D1, 0x00D1, 'n'}, Range{0x00D2, 0x00D6, 'o'}, Range{0x00D9, 0x00DC, 'u'}, Range{0x00DD, 0x00DD, 'y'},
    Range{0x00E0, 0x00E5, 'a'}, Range{0x00E7, 0x00E7, 'c'}, Range{0x00E8, 0x00EB, 'e'}, Range{0x00EC, 0x00EF, 'i'},
    Range{0x00F1, 0x00F1, 'n'}, Range{0x00F2, 0x00F6, 'o'}, Range{0x00F9, 0x00FC, 'u'}, Range{0x00FD, 0x00FD, 'y'},
    Range{0x00FF, 0x00FF, 'y'}, Range{0x0102, 0x0103, 'a'}, Range{0x0110, 0x0111, 'd'}, Range{0x0128, 0x0129, 'i'},
    Range{0x0168, 0x0169, 'u'}, Range{0x01A0, 0x01A1, 'o'}, Range{0x01AF, 0x01B0, 'u'}, Range{0x1EA0, 0x1EB7, 'a'},
    Range{0x1EB8, 0x1EC7, 'e'}, Range{0x1EC8, 0x1ECB, 'i'}, Range{0x1ECC, 0x1EE3, 'o'}, Range{0x1EE4, 0x1EF1, 'u'},
    Range{0x1EF2, 0x1EF9, 'y'},
};

// The letter under the marks; '\0' for a combining mark; nullopt for anything else.
std::optional<char> letter_of(std::uint32_t code) {
  if (code >= 0x0300 && code <= 0x036F) return '\0';
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return range.letter;
  }
  return std::nullopt;
}

}  // namespace

std::string fold_vietnamese(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    if (lead < 0x80) {
      out += lead >= 'A' && lead <= 'Z' ? static_cast<char>(lead + 32) : static_cast<char>(lead);
      ++i;
      continue;
    }
    const std::size_t size = (lead & 0xE0U) == 0xC0 ? 2 : (lead & 0xF0U) == 0xE0 ? 3 : 1;
    std::uint32_t code = size == 2 ? lead & 0x1FU : lead & 0x0FU;
    bool whole = size > 1 && i + size <= text.size();
    for (std::size_t k = 1; whole && k < size; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + k]);
      whole = (next & 0xC0U) == 0x80;
      code = code << 6 | (next & 0x3FU);
    }
    const auto letter = whole ? letter_of(code) : std::nullopt;
    if (!letter) {
      out.append(text.substr(i, whole ? size : 1));
    } else if (*letter != '\0') {
      out += *letter;
    }
    i += whole ? size : 1;
  }
  return out;
}

}  // namespace luy
