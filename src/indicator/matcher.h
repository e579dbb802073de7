// Looks for many indicators in events at once: one hash table per type and length of range, names by their
// suffixes. The cost per event does not grow with the number of indicators but for the caches of the processor.
// Immutable once made, so shared by threads. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/event.h"
#include "indicator/indicator.h"

namespace luy::indicator {

// Words of one event that are looked up; a record of a megabyte of addresses must not hold the reader up.
inline constexpr std::size_t words_max = 20'000;

struct Hit {
  std::uint32_t indicator = 0;  // Index in what the matcher was made of.
  std::string value;            // As it stands in the event.
  bool operator==(const Hit&) const = default;
};

class Matcher {
 public:
  explicit Matcher(std::vector<Indicator> indicators);

  // Each indicator once. One that is no longer valid at `now` does not hit.
  std::vector<Hit> match(const event::Event& event, Time now) const;
  std::vector<Hit> match(std::string_view text, Time now) const;

  const std::vector<Indicator>& indicators() const { return indicators_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Table = std::unordered_multimap<std::string, std::uint32_t, Hash, std::equal_to<>>;
  using Bytes = std::array<std::uint8_t, 16>;  // IPv4 as IPv6.
  // Ranges of one length: the first bytes of each, the rest zero.
  struct Prefix {
    unsigned bits = 0;
    Table table;
  };
  struct Found;
  void look_through(std::string_view text, Found& found) const;
  void look_up(std::string_view word, Found& found) const;
  void look_up_host(std::string_view host, Found& found) const;
  bool look_up_address(std::string_view text, Found& found) const;
  void look_up_in(const Table& table, std::string_view key, std::string_view shown, Found& found) const;
  std::vector<Hit> finish(Found& found, Time now) const;

  std::vector<Indicator> indicators_;
  std::array<Table, type_count> tables_;
  std::vector<Prefix> prefixes_;
};

}  // namespace luy::indicator
