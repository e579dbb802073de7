// Field names to slots: one lookup per name of every event, so a flat table with a cheap hash. Immutable once made.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace luy::detect {

class SlotTable {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  // The slot of a name, made where it is new.
  std::uint32_t add(std::string_view name);
  // Another name of the same slot; keeps an earlier meaning of `name`.
  void add_alias(std::string_view name, std::uint32_t slot);
  std::size_t size() const { return slots_; }

  std::uint32_t find(std::string_view name) const {
    for (std::uint64_t at = hash(name) & mask_;; at = (at + 1) & mask_) {
      const Entry& entry = table_[at];
      if (entry.slot == none) return none;
      if (entry.name.size() == name.size() && std::memcmp(entry.name.data(), name.data(), name.size()) == 0) {
        return entry.slot;
      }
    }
  }

 private:
  struct Entry {
    std::string name;
    std::uint32_t slot = none;
  };
  static std::uint64_t hash(std::string_view name) {
    std::uint64_t out = name.size() * 0x9E37'79B9'7F4A'7C15ULL;
    if (name.size() >= 8) {
      std::uint64_t front = 0;
      std::uint64_t back = 0;
      std::memcpy(&front, name.data(), 8);
      std::memcpy(&back, name.data() + name.size() - 8, 8);
      out = (out ^ front) * 0xBF58'476D'1CE4'E5B9ULL ^ back;
    } else {
      for (const char c : name) out = out * 131 + static_cast<unsigned char>(c);
    }
    return out * 0x94D0'49BB'1331'11EBULL >> 20;
  }
  void put(std::string_view name, std::uint32_t slot);
  void grow();

  std::vector<Entry> table_{64};
  std::uint64_t mask_ = 63;
  std::size_t used_ = 0;
  std::uint32_t slots_ = 0;
};

}  // namespace luy::detect
