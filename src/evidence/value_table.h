// The different values of a block, each with what decides how its column is kept. Pure; for evidence/column_encode.cc.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "evidence/byte_hash.h"
#include "evidence/column_split.h"
#include "evidence/columns.h"

namespace luy::evidence {

inline constexpr std::size_t value_pattern_bytes_max = 40;
inline constexpr std::size_t value_slots_min = 1U << 16U;

// A value that occurs in the block, once.
struct ValueEntry {
  Stretch place;
  std::uint64_t number = 0;  // Of all its digits.
  std::uint8_t digits = 0;   // How many; 0: not to be kept as a number.
  bool plain = false;        // Nothing but digits, none of them a zero in front.
  std::uint32_t stamp = 0;   // The column that saw it last,
  std::uint32_t local = 0;   // and its place in that column's dictionary.
};

// Of 1 to 8 bytes in the order of memory, zeros behind them: whether all are digits, and what number they are.
inline bool is_decimal(std::uint64_t bytes, std::uint32_t size) {
  const std::uint64_t there = ~std::uint64_t{0} >> (64 - 8 * size);
  constexpr std::uint64_t high = 0xf0f0f0f0f0f0f0f0ULL;
  constexpr std::uint64_t zeros = 0x3030303030303030ULL;
  constexpr std::uint64_t carry = 0x0606060606060606ULL;  // Takes ':' and what follows it out of 0x30 to 0x3f.
  return (bytes & high) == (zeros & there) && ((bytes + (carry & there)) & high) == (zeros & there);
}

inline std::uint64_t decimal(std::uint64_t bytes, std::uint32_t size) {
  // Eight digits, zeros in front; then pairs, then fours, then all.
  std::uint64_t x = (bytes & 0x0f0f0f0f0f0f0f0fULL) << (64 - 8 * size);
  x = x * 10 + (x >> 8U);
  return ((x & 0x000000ff000000ffULL) * 0x000f424000000064ULL +
          (x >> 16U & 0x000000ff000000ffULL) * 0x0000271000000001ULL) >>
         32U;
}

// Every different value of the block by its bytes.
class ValueTable {
 public:
  void clear(const char* raw) {
    raw_ = raw;
    // Blocks are much alike: as large as the block before needed it, so that nothing is placed twice.
    const bool was_large = placed_ * 4 > slots_.size();
    slots_.assign(std::max(was_large ? slots_.size() : slots_.size() / 2, value_slots_min), {});
    placed_ = 0;
    entries_.clear();
    decimals_.assign(decimals_.size(), 0);
  }
  // The first bytes, zeros behind a value of fewer; no value holds a zero.
  std::uint64_t start_of(Stretch value) const {
    const std::uint32_t size = std::min(value.size, start_bytes);
    return load_little_endian(raw_ + value.begin) & ~std::uint64_t{0} >> (8 * (start_bytes - size));
  }
  static bool is_short_decimal(Stretch value, std::uint64_t start) {
    return value.size <= decimal_digits_max && is_decimal(start, value.size);
  }
  // Of a short decimal: most values are ports, process ids and the like, which need no hash.
  std::uint32_t id_of_decimal(Stretch value, std::uint64_t start) {
    // "5", "05" and "005" are different values: those of one digit stand first, then those of two, and so on.
    std::uint32_t& id = decimals_[first_decimal[value.size] + decimal(start, value.size)];
    if (id == 0) {
      entries_.push_back(entry_of(value, start));
      id = static_cast<std::uint32_t>(entries_.size());
    }
    return id - 1;
  }
  std::uint64_t hash_of(Stretch value) const { return key_.hash(raw_ + value.begin, value.size); }
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
  std::uint32_t id_of(Stretch value, std::uint64_t start, std::uint64_t hash) {
    Slot wanted = slot_of(value, start, hash);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at].id != 0; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.tag != wanted.tag || slot.start != wanted.start) continue;
      if (value.size <= start_bytes || same(entries_[slot.id - 1].place, value)) return slot.id - 1;
    }
    entries_.push_back(entry_of(value, start));
    wanted.id = static_cast<std::uint32_t>(entries_.size());
    slots_[at] = wanted;
    const std::uint32_t id = wanted.id - 1;
    if (++placed_ * 2 > slots_.size()) grow();
    return id;
  }
  bool same(Stretch a, Stretch b) const {
    return a.size == b.size && equal_padded(raw_ + a.begin, raw_ + b.begin, a.size);
  }
  ValueEntry& operator[](std::uint32_t id) { return entries_[id]; }
  void prefetch_entry(std::uint32_t id) const { __builtin_prefetch(entries_.data() + id); }
  const std::vector<ValueEntry>& entries() const { return entries_; }

 private:
  // Most values are short: the slot itself tells whether they are the same, without a look at more distant memory.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t id = 0;     // One more than the entry's; 0 is empty.
    std::uint64_t start = 0;  // As of start_of().
  };
  static constexpr std::uint32_t start_bytes = 8;
  static constexpr std::uint32_t decimal_digits_max = 5;
  static constexpr std::array<std::size_t, 7> first_decimal = {0, 0, 10, 110, 1'110, 11'110, 111'110};
  static Slot slot_of(Stretch value, std::uint64_t start, std::uint64_t hash) {
    const std::uint32_t longer = value.size > start_bytes ? 1 : 0;
    return {(static_cast<std::uint32_t>(hash >> 32U) & ~std::uint32_t{1}) | longer, 0, start};
  }
  ValueEntry entry_of(Stretch value, std::uint64_t start) const {
    ValueEntry out{.place = value};
    if (value.size > value_pattern_bytes_max) return out;
    const char* p = raw_ + value.begin;
    if (value.size <= start_bytes && is_decimal(start, value.size)) {
      out.number = decimal(start, value.size);
      out.digits = static_cast<std::uint8_t>(value.size);
      out.plain = value.size == 1 || p[0] != '0';
      return out;
    }
    unsigned digits = 0;
    for (std::uint32_t i = 0; i < value.size; ++i) {
      if (p[i] < '0' || p[i] > '9') continue;
      if (++digits > number_digits_max) return out;
      out.number = out.number * 10 + static_cast<std::uint64_t>(p[i] - '0');
    }
    out.digits = static_cast<std::uint8_t>(digits);
    out.plain = digits == value.size && (value.size == 1 || p[0] != '0');
    return out;
  }
  void grow() {
    slots_.assign(slots_.size() * 2, {});
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t id = 0; id < entries_.size(); ++id) {
      const std::uint64_t start = start_of(entries_[id].place);
      if (is_short_decimal(entries_[id].place, start)) continue;
      const std::uint64_t hash = hash_of(entries_[id].place);
      std::size_t at = hash & mask;
      while (slots_[at].id != 0) at = (at + 1) & mask;
      slots_[at] = slot_of(entries_[id].place, start, hash);
      slots_[at].id = id + 1;
    }
  }
  SlotKey key_;
  const char* raw_ = nullptr;
  std::vector<Slot> slots_;
  std::size_t placed_ = 0;                                                                  // In slots_.
  std::vector<std::uint32_t> decimals_ = std::vector<std::uint32_t>(first_decimal.back());  // As Slot::id.
  std::vector<ValueEntry> entries_;
};

}  // namespace luy::evidence
