#include "premises/stranger.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

constexpr std::array<std::string_view, 6> kind_names = {"network_device", "printer",  "phone",
                                                        "guest",          "to_enrol", "foreign"};
constexpr std::size_t named_max = 20;  // A finding's story names so many.

bool is_old(const Stranger& one, Time now) {
  const bool is_passing = !one.decision && is_random(one.key.mac);
  return now - one.last_seen > (is_passing ? stranger_random_kept : stranger_kept);
}

bool is_known(const Stranger& one, const KnownMachines& known) {
  if (known.macs.contains(one.key.mac)) return true;
  return std::any_of(one.addresses.begin(), one.addresses.end(), [&](const std::string& address) {
    return known.addresses.contains({one.key.agency, address});
  });
}

// A bridge for containers or machines inside this one: what is on it is no machine of the premises.
bool is_inside(const inventory::DeviceState& state, const std::string& interface) {
  if (!state.interfaces) return false;
  const fact::Interfaces& all = state.interfaces->value;
  const auto found = std::find_if(all.interfaces.begin(), all.interfaces.end(),
                                  [&](const fact::Interface& one) { return one.name == interface; });
  if (found == all.interfaces.end() || (found->kind != "virtual" && found->kind != "loopback")) return false;
  return std::none_of(all.routes.begin(), all.routes.end(),
                      [&](const fact::Route& route) { return route.interface == interface && !route.gateway.empty(); });
}

// Groups have the lowest bit of the first byte set.
bool names_machine(const std::string& mac) {
  const char digit = mac[1];
  const int low = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  return (low & 1) == 0 && mac != "00:00:00:00:00:00";
}

std::string joined(const Stranger& one) {
  std::string out;
  for (const std::string& address : one.addresses) out += (out.empty() ? "" : ", ") + address;
  return out;
}

void tell_foreign(const Stranger& one, Time now, Conditions& out) {
  finding::Report report;
  report.kind = finding::Kind::premises;
  report.group_key = "premises|network|foreign|" + one.key.mac;
  report.severity = finding::Severity::high;
  report.title = {"Thiết bị lạ " + one.key.mac + " trong mạng của cơ quan phải được tìm ra",
                  "The foreign device " + one.key.mac + " on the agency's network is to be found"};
  report.story = {"Địa chỉ: " + joined(one) + ". Thấy lần cuối ngày " + to_vietnamese(day_of(one.last_seen)) + " từ " +
                      std::to_string(one.seen_by.size()) + " máy. Lý do: " + one.decision->reason,
                  "Addresses: " + joined(one) + ". Last seen on " + to_iso(day_of(one.last_seen)) + " by " +
                      std::to_string(one.seen_by.size()) + " devices. Reason: " + one.decision->reason};
  report.agency = one.key.agency;
  for (const DeviceId& device : one.seen_by) {
    report.entities.push_back({finding::EntityType::device, device.text()});
  }
  report.seqs.push_back(one.seq);
  report.first = report.last = now;
  out.emplace("stranger_foreign|" + one.key.agency.text() + "|" + one.key.mac, std::move(report));
}

}  // namespace

std::string_view name_of(StrangerKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<StrangerKind> stranger_kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<StrangerKind>(found - kind_names.begin());
}

bool is_random(std::string_view mac) {
  return mac.size() > 1 && std::string_view("2367abef").find(mac[1]) != std::string_view::npos;
}

KnownMachines known_machines(const std::vector<inventory::StatePointer>& devices,
                             const std::vector<EquipmentBook::Entry>& equipment,
                             const std::vector<inventory::WifiNetwork>& wireless, const std::set<std::string>& others) {
  KnownMachines out;
  out.macs = others;
  for (const inventory::StatePointer& state : devices) {
    if (!state->interfaces || state->device.retired_at) continue;
    for (const fact::Interface& one : state->interfaces->value.interfaces) {
      if (const auto mac = plain_mac(one.mac)) out.macs.insert(*mac);
    }
  }
  for (const EquipmentBook::Entry& entry : equipment) {
    const Equipment& one = entry.equipment;
    if (one.retired_at) continue;
    if (!one.mac.empty()) {
      out.macs.insert(one.mac);
    } else if (!one.address.empty()) {
      out.addresses.emplace(one.agency, one.address);
    }
  }
  for (const inventory::WifiNetwork& network : wireless) {
    if (!network.registered) continue;
    for (const std::string& bssid : network.bssids) {
      if (const auto mac = plain_mac(bssid)) out.macs.insert(*mac);
    }
  }
  return out;
}

std::map<StrangerKey, Stranger> strangers_seen(const std::vector<inventory::StatePointer>& devices,
                                               const KnownMachines& known, Time now) {
  std::map<StrangerKey, Stranger> out;
  for (const inventory::StatePointer& state : devices) {
    if (!state->neighbours || state->device.retired_at) continue;
    for (const fact::Neighbour& seen : state->neighbours->value.neighbours) {
      const auto mac = plain_mac(seen.mac);
      if (!mac || !names_machine(*mac) || is_inside(*state, seen.interface)) continue;
      Stranger one;
      one.key = {state->device.agency, *mac};
      // A clock that runs ahead must not keep an entry alive for ever.
      one.first_seen = one.last_seen = std::min(seen.seen_at, now);
      if (const auto address = plain_address(seen.address)) one.addresses.insert(*address);
      if (is_known(one, known) || is_old(one, now)) continue;
      Stranger& merged = out.try_emplace(one.key, one).first->second;
      merged.first_seen = std::min(merged.first_seen, one.last_seen);
      merged.addresses.insert(one.addresses.begin(), one.addresses.end());
      merged.seen_by.insert(state->device.id);
      if (!seen.name.empty()) merged.name = to_utf8(seen.name);
      if (merged.seq == 0 || one.last_seen >= merged.last_seen) {
        merged.last_seen = one.last_seen;
        merged.seq = std::max(merged.seq, state->neighbours->seq);
      }
    }
  }
  for (auto& [key, one] : out) {
    while (one.addresses.size() > stranger_addresses_max) one.addresses.erase(std::prev(one.addresses.end()));
    while (one.seen_by.size() > stranger_witnesses_max) one.seen_by.erase(std::prev(one.seen_by.end()));
  }
  return out;
}

std::vector<Stranger> StrangerBook::list() const {
  std::vector<Stranger> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [key, one] : all_) out.push_back(one);
  }
  std::stable_sort(out.begin(), out.end(), [](const Stranger& a, const Stranger& b) {
    if (a.key.agency != b.key.agency) return a.key.agency < b.key.agency;
    if (a.decision.has_value() != b.decision.has_value()) return !a.decision.has_value();
    return a.last_seen > b.last_seen;
  });
  return out;
}

bool StrangerBook::is_full() const {
  const std::shared_lock lock(mutex_);
  return all_.size() >= strangers_max;
}

Result<void> StrangerBook::look(const std::map<StrangerKey, Stranger>& seen, const KnownMachines& known) {
  std::map<StrangerKey, Stranger> before;
  {
    const std::shared_lock lock(mutex_);
    before = all_;
  }
  const Time now = clock_.now();
  std::vector<Stranger> changed;
  std::vector<StrangerKey> gone;
  for (const auto& [key, one] : before) {
    if (!seen.contains(key) && (is_known(one, known) || is_old(one, now))) gone.push_back(key);
  }
  std::size_t room = strangers_max - std::min(strangers_max, before.size() - gone.size());
  for (const auto& [key, one] : seen) {
    const auto known_one = before.find(key);
    if (known_one == before.end()) {
      if (room == 0) continue;
      --room;
      changed.push_back(one);
      continue;
    }
    Stranger next = one;
    next.first_seen = std::min(known_one->second.first_seen, one.first_seen);
    next.last_seen = std::max(known_one->second.last_seen, one.last_seen);
    const Stranger& old = known_one->second;
    if (next.last_seen != old.last_seen || next.addresses != old.addresses || next.seen_by != old.seen_by ||
        next.name != old.name) {
      changed.push_back(std::move(next));
    }
  }
  if (changed.empty() && gone.empty()) return {};
  const auto words = [](const auto& all, const auto& text) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : " ") + text(one);
    return out;
  };
  const auto write = [&](records::Connection& c) -> Result<void> {
    for (const StrangerKey& key : gone) {
      LUY_TRY_VOID(c.run("DELETE FROM premises_stranger WHERE agency = $1 AND mac = $2", {key.agency.text(), key.mac}));
    }
    for (const Stranger& one : changed) {
      // What somebody said of it stays, whoever writes first.
      LUY_TRY_VOID(c.run(
          "INSERT INTO premises_stranger (agency, mac, addresses, name, seen_by, first_us, last_us, seq, kind, reason, "
          "by_name, decided_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', NULL) ON CONFLICT (agency, mac) "
          "DO UPDATE SET addresses = $3, name = $4, seen_by = $5, first_us = $6, last_us = $7, seq = $8",
          {one.key.agency.text(), one.key.mac, words(one.addresses, [](const std::string& text) { return text; }),
           one.name, words(one.seen_by, [](const DeviceId& id) { return id.text(); }), to_micros(one.first_seen),
           to_micros(one.last_seen), static_cast<std::int64_t>(one.seq)}));
    }
    return {};
  };
  LUY_TRY_VOID(database_.write(write));
  const std::unique_lock lock(mutex_);
  for (const StrangerKey& key : gone) all_.erase(key);
  for (Stranger& one : changed) {
    Stranger& at = all_[one.key];
    one.decision = at.decision;
    at = std::move(one);
  }
  return {};
}

Conditions conditions_of(const std::vector<Stranger>& strangers, Time now) {
  Conditions out;
  std::map<AgencyId, std::vector<const Stranger*>> waiting;
  for (const Stranger& one : strangers) {
    if (one.decision && one.decision->kind == StrangerKind::foreign) tell_foreign(one, now, out);
    if (!one.decision && now - one.first_seen >= stranger_decide_within) waiting[one.key.agency].push_back(&one);
  }
  for (const auto& [agency, all] : waiting) {
    finding::Report report;
    report.kind = finding::Kind::premises;
    report.group_key = "premises|network|undecided";
    report.severity = finding::Severity::medium;
    const std::string count = std::to_string(all.size());
    const std::string limit = std::to_string(stranger_decide_within.count());
    report.title = {"Có thiết bị lạ trong mạng quá " + limit + " ngày chưa được xác định",
                    "Unknown devices on the network were not decided on within " + limit + " days"};
    std::string named;
    for (std::size_t i = 0; i < all.size() && i < named_max; ++i) {
      named += (i == 0 ? "" : "; ") + all[i]->key.mac + " (" + joined(*all[i]) + ")";
      report.seqs.push_back(all[i]->seq);
    }
    report.story = {"Hiện có " + count + " thiết bị: " + named + ".", "There are " + count + " now: " + named + "."};
    report.agency = agency;
    report.first = report.last = now;
    out.emplace("stranger_undecided|" + agency.text(), std::move(report));
  }
  return out;
}

}  // namespace luy::premises
