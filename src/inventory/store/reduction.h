// From a fact to what the inventory keeps of it in memory. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "fact/fact.h"
#include "inventory/device.h"

namespace luy::inventory {

inline constexpr std::size_t device_name_bytes_max = 200;
inline constexpr std::size_t networks_per_device_max = 16;  // Connected at once; more is not believed.

// The first eight bytes of the SHA-256 of the body's JSON: of all of it, and without what always moves (free space,
// load, last login, dates of lists and signatures), so that a timeline tells of changes and not of every report.
struct Digests {
  std::int64_t content = 0;
  std::int64_t stable = 0;
  bool operator==(const Digests&) const = default;
};
Digests digests_of(const fact::Body& body);

// What is stored as the fact's body: its JSON; of packages only the manager and the count.
std::string stored_body(const fact::Body& body);

// Puts the fact's part into `state`, replacing the older one. Facts no duty is judged by leave it as it is, packages
// too (the store matches them).
void put(DeviceState& state, const fact::Fact& fact, Time collected_at, Time received_at, std::uint64_t seq);

}  // namespace luy::inventory
