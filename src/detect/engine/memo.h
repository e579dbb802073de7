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

  static constexpr std::size_t asked_max = 48;

  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;  // Counts the values that have stood here.
    std::string value;
    std::vector<std::uint32_t> found;
    std::vector<std::uint32_t> asked;  // Predicates worked out for the value since, times two, plus the answer.
  };

  // A value's entry as long as the value stands there.
  struct Place {
    Entry* entry = nullptr;
    std::uint32_t generation = 0;
    bool is_good() const { return entry != nullptr && entry->generation == generation; }
  };

  // Takes its memory; place() needs it.
  void prepare() { table_.resize(entries); }
  // The place for the value; it holds the value's findings if and only if `known`.
  Entry& place(std::uint32_t slot, std::string_view value, bool& known) {
    const std::uint64_t code = mixed(value, slot);
    Entry& entry = table_[code >> 20 & (entries - 1)];
    known = entry.hash == code && entry.slot == slot && entry.value == value;
    if (!known) {
      entry.hash = 0;  // Nothing until remember().
      ++entry.generation;
    }
    return entry;
  }
  // False when there is too much to remember.
  static bool remember(Entry& entry, std::uint32_t slot, std::string_view value,
                       const std::vector<std::uint32_t>& found) {
    if (found.size() > found_max) return false;
    entry.hash = mixed(value, slot);
    entry.slot = slot;
    entry.value.assign(value);
    entry.found.assign(found.begin(), found.end());
    entry.asked.clear();
    return true;
  }

 private:
  std::vector<Entry> table_;
};

}  // namespace luy::detect
