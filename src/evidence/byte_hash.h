// The multiply-and-fold hash of the token filters (docs/format/evidence.md, "A block"), for bytes that have readable
// bytes behind them; and where hashes lie in tables in memory, which no sender can foresee.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace luy::evidence {

__extension__ using Uint128 = unsigned __int128;

inline constexpr std::uint64_t hash_key0 = 0xa0761d6478bd642fULL;
inline constexpr std::uint64_t hash_key1 = 0xe7037ed1a0b428dbULL;
inline constexpr std::uint64_t hash_key2 = 0x8ebc6af09c88c6e3ULL;

inline std::uint64_t hash_mix(std::uint64_t a, std::uint64_t b) {
  const Uint128 product = static_cast<Uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

inline std::uint64_t load_little_endian(const char* p) {
  std::uint64_t value = 0;
  std::memcpy(&value, p, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

// Goes on from `h` over `size` bytes, at least one. Reads up to 7 bytes past them.
inline std::uint64_t hash_more(std::uint64_t h, const char* p, std::size_t size) {
  for (; size > 8; size -= 8, p += 8) h = hash_mix(h ^ load_little_endian(p), hash_key1);
  const std::uint64_t last = load_little_endian(p) & (~std::uint64_t{0} >> (8 * (8 - size)));
  return hash_mix(h ^ last, hash_key1);
}

// Of at least one byte; never 0. Reads up to 7 bytes past them.
inline std::uint64_t hash_padded(const char* p, std::size_t size) {
  const std::uint64_t h = hash_mix(hash_more(hash_key0 ^ size, p, size) ^ hash_key2, hash_key0);
  return h != 0 ? h : 1;
}

// Anybody can compute the hash of the filters, and find as many tokens as they like that share it. Tables in memory
// therefore place what they hold by a secret of their own; nothing that is stored depends on it.
class SlotKey {
 public:
  SlotKey();
  // Spread over all bits of the result, also when `hash` is chosen by a sender.
  std::uint64_t place(std::uint64_t hash) const { return hash_mix(hash ^ mask_, factor_); }
  // As hash_padded(), but not to be foreseen.
  std::uint64_t hash(const char* p, std::size_t size) const { return place(hash_more(begin_ ^ size, p, size)); }
  std::uint64_t begin() const { return begin_; }  // To go on from with hash_more().

 private:
  std::uint64_t begin_ = 0;
  std::uint64_t mask_ = 0;
  std::uint64_t factor_ = 0;
};

// Whether two runs of the same size, at least one byte, are equal. Reads up to 7 bytes past each.
inline bool equal_padded(const char* a, const char* b, std::size_t size) {
  for (; size > 8; size -= 8, a += 8, b += 8) {
    if (load_little_endian(a) != load_little_endian(b)) return false;
  }
  return ((load_little_endian(a) ^ load_little_endian(b)) & (~std::uint64_t{0} >> (8 * (8 - size)))) == 0;
}

}  // namespace luy::evidence
