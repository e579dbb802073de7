// The wireless networks: what people registered and where devices were connected. In memory; the store locks and saves.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inventory/inventory.h"

namespace luy::inventory {

using WifiKey = std::pair<AgencyId, std::string>;  // Agency and SSID.

// One device's last connection to a network.
struct WifiSighting {
  std::string security;
  Time seen_at;
  std::optional<Time> key_changed_at;
  std::uint64_t seq = 0;
  std::string method;
  std::string fingerprint{};        // Of the key; empty where none is known.
  std::optional<Time> key_since{};  // Since when it has been that.
};

class WifiBook {
 public:
  // `before`: when the key was last changed by what was known until then.
  void record(const WifiEdit& edit, Time registered_at, std::optional<Time> before);
  // As it is kept: with what the device's sightings before it tell of the key.
  WifiSighting joined(const WifiKey& key, const DeviceId& device, WifiSighting sighting) const;
  void see(const WifiKey& key, const DeviceId& device, WifiSighting sighting);
  // When the key of a network was last changed before the change of `edit`: what stands in when that stays unproved.
  std::optional<Time> changed_before(const WifiEdit& edit, Time now) const;
  std::optional<Time> registered_at(const WifiKey& key) const;
  std::vector<WifiNetwork> list(Time now) const;

 private:
  struct Registration {
    WifiEdit edit;
    Time registered_at;
    std::optional<Time> before;
  };
  struct Entry {
    std::optional<Registration> registration;
    std::map<DeviceId, WifiSighting> sightings;
  };
  static WifiNetwork network_of(const WifiKey& key, const Entry& entry, Time now);

  std::map<WifiKey, Entry> entries_;
};

}  // namespace luy::inventory
