#include "base/id.h"

#include <array>

namespace luy {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string make_id_text(Time now, Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  const auto millis = static_cast<std::uint64_t>(to_millis(now));
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  random.fill(std::span(bytes).subspan(6));
  // 130 bits of text hold 128 bits: the first character carries only three.
  std::string out(id_chars, '0');
  for (std::size_t i = 0; i < id_chars; ++i) {
    unsigned value = 0;
    for (std::size_t b = 0; b < 5; ++b) {
      const std::size_t bit = i * 5 + b;
      const unsigned set = bit < 2 ? 0U : (bytes[(bit - 2) / 8] >> (7 - (bit - 2) % 8)) & 1U;
      value = value << 1 | set;
    }
    out[i] = alphabet[value];
  }
  return out;
}

bool is_id_text(std::string_view text) {
  return text.size() == id_chars && text.front() >= '0' && text.front() <= '7' &&
         text.find_first_not_of(alphabet) == std::string_view::npos;
}

}  // namespace luy
