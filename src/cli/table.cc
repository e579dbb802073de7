#include "cli/table.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.h"

namespace luy::cli {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr std::array<Range, 8> zero_width = {{{0x0300, 0x036F},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x200B, 0x200F},
                                              {0x2060, 0x2064},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 11> two_wide = {{{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE4F},
                                             {0xFF00, 0xFF60},
                                             {0xFFE0, 0xFFE6},
                                             {0x1F300, 0x1F64F},
                                             {0x1F900, 0x1F9FF},
                                             {0x20000, 0x3FFFD}}};

bool in(std::uint32_t code, auto const& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

struct Character {
  std::size_t bytes = 1;
  std::size_t width = 1;
};

Character front(std::string_view text) {
  const std::size_t bytes = utf8_character(text);
  if (bytes <= 1) return {};
  std::uint32_t code = static_cast<unsigned char>(text[0]) & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  if (in(code, zero_width)) return {bytes, 0};
  return {bytes, in(code, two_wide) ? std::size_t{2} : std::size_t{1}};
}

// Bytes of the longest front of at most `width` columns, with the marks that belong to its last letter.
std::size_t front_bytes(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  for (std::size_t used = 0; bytes < text.size();) {
    const Character next = front(text.substr(bytes));
    if (used + next.width > width) break;
    used += next.width;
    bytes += next.bytes;
  }
  return bytes;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = front(text.substr(at));
    width += next.width;
    at += next.bytes;
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t width) {
  if (width == 0) return {};
  std::string out(text);
  if (display_width(text) > width) out = std::string(text.substr(0, front_bytes(text, width - 1))) + "…";
  const std::size_t used = display_width(out);
  if (used < width) out.append(width - used, ' ');
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(blanks);
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    if (word.empty()) break;
    const std::size_t gap = line.empty() ? 0 : 1;
    if (used + gap + display_width(word) > width && !line.empty()) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    while (display_width(word) > width) {
      // A character wider than the line stands on one of its own.
      const std::size_t bytes = std::max(front_bytes(word, width), front(word).bytes);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
    }
    if (word.empty()) continue;
    if (!line.empty()) line += ' ';
    line += word;
    used = display_width(line);
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace luy::cli
