#include "inventory/store/wifi_book.h"

#include <algorithm>
#include <array>

namespace luy::inventory {
namespace {

// Who changes a key in the evening may write down the day after.
constexpr std::chrono::hours day_slack{24};

std::optional<Time> later(std::optional<Time> a, std::optional<Time> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

}  // namespace

std::string_view name_of(KeyProof proof) {
  constexpr std::array<std::string_view, 4> names = {"none", "recorded", "proved", "unproved"};
  return names[static_cast<std::size_t>(proof)];
}

void WifiBook::record(const WifiEdit& edit, Time registered_at, std::optional<Time> before) {
  entries_[{edit.agency, edit.ssid}].registration = Registration{edit, registered_at, before};
}

WifiSighting WifiBook::joined(const WifiKey& key, const DeviceId& device, WifiSighting sighting) const {
  const auto entry = entries_.find(key);
  const WifiSighting* held = nullptr;
  if (entry != entries_.end()) {
    const auto found = entry->second.sightings.find(device);
    if (found != entry->second.sightings.end()) held = &found->second;
  }
  if (!sighting.fingerprint.empty() && !sighting.key_since) sighting.key_since = sighting.seen_at;
  if (held == nullptr) return sighting;
  // An agent that was installed anew forgets when it saw the key change; the network does not.
  sighting.key_changed_at = later(sighting.key_changed_at, held->key_changed_at);
  if (sighting.fingerprint.empty()) {
    sighting.fingerprint = held->fingerprint;
    sighting.key_since = held->key_since;
  } else if (held->fingerprint == sighting.fingerprint) {
    sighting.key_since = held->key_since;
  }
  return sighting;
}

void WifiBook::see(const WifiKey& key, const DeviceId& device, WifiSighting sighting) {
  WifiSighting kept = joined(key, device, std::move(sighting));
  entries_[key].sightings[device] = std::move(kept);
}

std::optional<Time> WifiBook::registered_at(const WifiKey& key) const {
  const auto entry = entries_.find(key);
  if (entry == entries_.end() || !entry->second.registration) return std::nullopt;
  return entry->second.registration->registered_at;
}

std::optional<Time> WifiBook::changed_before(const WifiEdit& edit, Time now) const {
  const auto entry = entries_.find({edit.agency, edit.ssid});
  if (entry == entries_.end() || !entry->second.registration) return std::nullopt;
  const Registration& registration = *entry->second.registration;
  // The same day again says nothing new, and one before it takes it back.
  const bool is_new = edit.key_changed_on && registration.edit.key_changed_on &&
                      *edit.key_changed_on > *registration.edit.key_changed_on;
  return is_new ? network_of(entry->first, entry->second, now).key_changed_at : registration.before;
}

WifiNetwork WifiBook::network_of(const WifiKey& key, const Entry& entry, Time now) {
  WifiNetwork network;
  network.agency = key.first;
  network.ssid = key.second;
  std::optional<Time> begin;  // Of the day on which a change is on record.
  if (entry.registration) {
    const WifiEdit& edit = entry.registration->edit;
    network.registered = true;
    network.registered_at = entry.registration->registered_at;
    network.security = edit.security;
    network.note = edit.note;
    network.place = edit.place;
    network.owner = edit.owner;
    network.bssids = edit.bssids;
    network.recorded_on = edit.key_changed_on;
    if (edit.key_changed_on) begin = day_begin(*edit.key_changed_on);
  }
  for (const auto& [device, sighting] : entry.sightings) {
    network.key_changed_at = later(network.key_changed_at, sighting.key_changed_at);
    if (now - sighting.seen_at > wifi_seen_days) continue;
    if (begin && sighting.key_changed_at && *sighting.key_changed_at >= *begin - day_slack) {
      ++network.clients_changed;
    } else if (begin && sighting.key_since && *sighting.key_since < *begin) {
      ++network.clients_behind;
    }
    network.seen_on.push_back(device);
    if (network.last_seen && *network.last_seen >= sighting.seen_at) continue;
    network.last_seen = sighting.seen_at;
    network.last_seq = sighting.seq;
    network.method = sighting.method;
    if (sighting.security != "unknown" || !network.registered) network.security = sighting.security;
  }
  if (!begin) return network;
  network.key_proof = network.clients_changed > 0  ? KeyProof::proved
                      : network.clients_behind > 0 ? KeyProof::unproved
                                                   : KeyProof::recorded;
  const bool counts = network.key_proof != KeyProof::unproved;
  network.key_changed_at = later(network.key_changed_at, counts ? begin : entry.registration->before);
  return network;
}

std::vector<WifiNetwork> WifiBook::list(Time now) const {
  std::vector<WifiNetwork> out;
  for (const auto& [key, entry] : entries_) {
    WifiNetwork network = network_of(key, entry, now);
    if (network.registered || network.last_seen) out.push_back(std::move(network));
  }
  return out;
}

}  // namespace luy::inventory
