// A fast hash of short texts for tables inside one process or one cache file; no defence against made collisions, so
// tables that outsiders fill must bound what a collision costs.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace luy::detect {

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const auto product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Never 0, so that 0 can mark an empty place.
inline std::uint64_t mixed(std::string_view text, std::uint64_t seed) {
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t out = (left + 1) * 0x9E37'79B9'7F4A'7C15ULL ^ seed;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  for (; left >= 16; left -= 16, at += 16) {
    std::memcpy(&a, at, 8);
    std::memcpy(&b, at + 8, 8);
    out = mix(a ^ out, b ^ 0xD6E8'FEB8'6659'FD93ULL);
  }
  a = b = 0;
  if (left >= 8) {
    std::memcpy(&a, at, 8);
    std::memcpy(&b, at + left - 8, 8);
  } else if (left >= 4) {
    std::memcpy(&a, at, 4);
    std::memcpy(&b, at + left - 4, 4);
  } else if (left > 0) {
    const auto byte = [at](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])); };
    a = byte(0) << 16 | byte(left / 2) << 8 | byte(left - 1);
  }
  return mix(a ^ out, b ^ 0xA076'1D64'78BD'642FULL) | 1;
}

}  // namespace luy::detect
