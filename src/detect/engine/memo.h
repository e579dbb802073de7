// What values announced, remembered: most values of logs come again. Bounded, direct-mapped, compared in full, so a
// collision costs time and never an answer. One thread's.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace luy::detect {

class Memo {
 public:
  static constexpr std::size_t entries = 1 << 15;
  static constexpr std::size_t value_bytes_max = 1024;  // Longer values seldom come again.
  static constexpr std::size_t found_max = 256;

  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t slot = 0;
    std::string value;
    std::vector<std::uint32_t> found;
  };

  // The place for the value; it holds the value's findings if and only if `known`.
  Entry& place(std::uint32_t slot, std::string_view value, bool& known) {
    if (table_.empty()) table_.resize(entries);
    const std::uint64_t code = hash(value, slot);
    Entry& entry = table_[code >> 20 & (entries - 1)];
    known = entry.hash == code && entry.slot == slot && entry.value == value;
    if (!known) entry.hash = 0;  // Nothing until remember().
    return entry;
  }
  static void remember(Entry& entry, std::uint32_t slot, std::string_view value,
                       const std::vector<std::uint32_t>& found) {
    if (found.size() > found_max) return;
    entry.hash = hash(value, slot);
    entry.slot = slot;
    entry.value.assign(value);
    entry.found.assign(found.begin(), found.end());
  }

 private:
  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  // Never 0, which marks an empty place.
  static std::uint64_t hash(std::string_view text, std::uint32_t slot) {
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t out = (left + 1) * 0x9E37'79B9'7F4A'7C15ULL ^ slot;
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
    } else {
      std::memcpy(&a, at, left);
    }
    return mix(a ^ out, b ^ 0xA076'1D64'78BD'642FULL) | 1;
  }

  std::vector<Entry> table_;
};

}  // namespace luy::detect
