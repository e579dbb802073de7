// What values announced, remembered: most values of logs come again. Bounded, direct-mapped, compared in full, so a
// collision costs time and never an answer. One thread's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/mix.h"

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

  // Takes its memory; place() needs it.
  void prepare() { table_.resize(entries); }
  // The place for the value; it holds the value's findings if and only if `known`.
  Entry& place(std::uint32_t slot, std::string_view value, bool& known) {
    const std::uint64_t code = mixed(value, slot);
    Entry& entry = table_[code >> 20 & (entries - 1)];
    known = entry.hash == code && entry.slot == slot && entry.value == value;
    if (!known) entry.hash = 0;  // Nothing until remember().
    return entry;
  }
  static void remember(Entry& entry, std::uint32_t slot, std::string_view value,
                       const std::vector<std::uint32_t>& found) {
    if (found.size() > found_max) return;
    entry.hash = mixed(value, slot);
    entry.slot = slot;
    entry.value.assign(value);
    entry.found.assign(found.begin(), found.end());
  }

 private:
  std::vector<Entry> table_;
};

}  // namespace luy::detect
