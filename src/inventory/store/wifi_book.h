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
};

class WifiBook {
 public:
  void record(const WifiEdit& edit, Time registered_at);
  void see(const WifiKey& key, const DeviceId& device, WifiSighting sighting);
  std::optional<Time> registered_at(const WifiKey& key) const;
  std::vector<WifiNetwork> list(Time now) const;

 private:
  struct Registration {
    std::string security;
    std::optional<Day> key_changed_on;
    std::string note;
    Time registered_at;
  };
  struct Entry {
    std::optional<Registration> registration;
    std::map<DeviceId, WifiSighting> sightings;
  };
  std::map<WifiKey, Entry> entries_;
};

}  // namespace luy::inventory
