#include "inventory/store/wifi_book.h"

#include <algorithm>

namespace luy::inventory {

void WifiBook::record(const WifiEdit& edit, Time registered_at) {
  entries_[{edit.agency, edit.ssid}].registration =
      Registration{edit.security, edit.key_changed_on, edit.note, registered_at};
}

void WifiBook::see(const WifiKey& key, const DeviceId& device, WifiSighting sighting) {
  WifiSighting& held = entries_[key].sightings[device];
  // An agent that was installed anew forgets when it saw the key change; the network does not.
  if (!sighting.key_changed_at || (held.key_changed_at && *held.key_changed_at > *sighting.key_changed_at)) {
    sighting.key_changed_at = held.key_changed_at;
  }
  held = std::move(sighting);
}

std::optional<Time> WifiBook::registered_at(const WifiKey& key) const {
  const auto entry = entries_.find(key);
  if (entry == entries_.end() || !entry->second.registration) return std::nullopt;
  return entry->second.registration->registered_at;
}

std::vector<WifiNetwork> WifiBook::list(Time now) const {
  std::vector<WifiNetwork> out;
  for (const auto& [key, entry] : entries_) {
    WifiNetwork network;
    network.agency = key.first;
    network.ssid = key.second;
    if (entry.registration) {
      network.registered = true;
      network.registered_at = entry.registration->registered_at;
      network.security = entry.registration->security;
      network.note = entry.registration->note;
      if (entry.registration->key_changed_on) network.key_changed_at = day_begin(*entry.registration->key_changed_on);
    }
    for (const auto& [device, sighting] : entry.sightings) {
      if (sighting.key_changed_at && (!network.key_changed_at || *sighting.key_changed_at > *network.key_changed_at)) {
        network.key_changed_at = sighting.key_changed_at;
      }
      if (now - sighting.seen_at > wifi_seen_days) continue;
      network.seen_on.push_back(device);
      if (network.last_seen && *network.last_seen >= sighting.seen_at) continue;
      network.last_seen = sighting.seen_at;
      network.last_seq = sighting.seq;
      network.method = sighting.method;
      if (sighting.security != "unknown" || !network.registered) network.security = sighting.security;
    }
    if (network.registered || network.last_seen) out.push_back(std::move(network));
  }
  return out;
}

}  // namespace luy::inventory
