#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace luy {
namespace {

struct Scan {
  std::size_t bytes;  // Of the character, or of the ill-formed part; at least 1.
  bool well_formed;
};

// Table 3-7 of Unicode 15.0: which second bytes may follow a lead; later bytes are always 80..BF.
Scan scan(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i < size; ++i) {
    if (i >= text.size()) return {i, false};
    const auto next = static_cast<std::uint8_t>(text[i]);
    if (next < low || next > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {size, true};
}

// Length of the run of ASCII at the front, by eight bytes at a time and so up to seven short: most text is nothing
// else.
std::size_t ascii_bytes(std::string_view text) {
  std::size_t size = 0;
  for (std::uint64_t block = 0; text.size() - size >= sizeof(block); size += sizeof(block)) {
    std::memcpy(&block, text.data() + size, sizeof(block));
    if ((block & 0x8080808080808080U) != 0) break;
  }
  return size;
}

}  // namespace

std::size_t utf8_character(std::string_view text) {
  if (text.empty()) return 0;
  const Scan found = scan(text);
  return found.well_formed ? found.bytes : 0;
}

bool is_utf8(std::string_view text) {
  while (true) {
    text.remove_prefix(ascii_bytes(text));
    if (text.empty()) return true;
    const Scan found = scan(text);
    if (!found.well_formed) return false;
    text.remove_prefix(found.bytes);
  }
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Scan found = scan(text);
    out.append(found.well_formed ? text.substr(0, found.bytes) : "\xEF\xBF\xBD");
    text.remove_prefix(found.bytes);
  }
  return out;
}

std::string_view utf8_front(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  // A character has at most three continuation bytes; more of them in a row are not text, so the cut stays put.
  for (std::size_t back = 0; back < 3 && end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80; ++back) {
    --end;
  }
  if ((static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80) end = bytes_max;
  return text.substr(0, end);
}

}  // namespace luy
