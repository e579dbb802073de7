#include "premises/drift.h"

#include <algorithm>
#include <array>
#include <set>

#include "premises/text.h"

namespace luy::premises {
namespace {

constexpr std::size_t named_max = 20;  // A finding's story names so many.

struct Held {
  const inventory::DeviceState* device;
  Prefix address;
  std::string gateway;  // Of its way out over this card; "" where there is none.
};

std::vector<Held> held_by(const inventory::DeviceState& state) {
  std::vector<Held> out;
  const fact::Interfaces& all = state.interfaces->value;
  for (const fact::Interface& card : all.interfaces) {
    if (!card.up || card.kind == "loopback") continue;
    std::string gateway;
    for (const fact::Route& route : all.routes) {
      if (route.interface == card.name && route.destination == "0.0.0.0/0") gateway = route.gateway;
    }
    if (card.kind == "virtual" && gateway.empty()) continue;
    for (const std::string& text : card.addresses) {
      const auto address = prefix_of(text);
      if (address && is_routable(*address)) out.push_back({&state, *address, address->is_v6 ? "" : gateway});
    }
  }
  return out;
}

// The network that holds the address; null: none does.
const Subnet* network_for(const std::vector<const Subnet*>& plan, const Prefix& address) {
  const auto found =
      std::find_if(plan.begin(), plan.end(), [&](const Subnet* one) { return contains(one->range, address); });
  return found == plan.end() ? nullptr : *found;
}

std::string mac_of(const inventory::DeviceState& state, const std::string& gateway) {
  if (!state.neighbours || gateway.empty()) return {};
  for (const fact::Neighbour& one : state.neighbours->value.neighbours) {
    if (one.address == gateway) return plain_mac(one.mac).value_or("");
  }
  return {};
}

bool on_one_network(const Held& a, const Held& b) {
  if (a.gateway != b.gateway || a.address.bits != b.address.bits) return false;
  const std::string of_a = mac_of(*a.device, a.gateway);
  const std::string of_b = mac_of(*b.device, b.gateway);
  return of_a.empty() || of_b.empty() || of_a == of_b;
}

class Collector {
 public:
  void add(const inventory::DeviceState& device, DriftKind kind, const std::string& what) {
    Drift& one = at({device.device.agency, kind, what});
    if (std::find(one.devices.begin(), one.devices.end(), device.device.id) != one.devices.end()) return;
    one.devices.push_back(device.device.id);
    const bool is_first = one.seqs.empty();
    one.seqs.push_back(device.interfaces->seq);
    one.at = is_first ? device.interfaces->collected_at : std::min(one.at, device.interfaces->collected_at);
  }
  void add_exit(const inventory::Device& device, const Exit& exit) {
    Drift& one = at({device.agency, DriftKind::unknown_exit, exit.address});
    one.at = one.devices.empty() ? exit.at : std::min(one.at, exit.at);
    one.devices.push_back(device.id);
  }
  std::vector<Drift> done() && {
    std::vector<Drift> out;
    for (auto& [key, one] : all_) out.push_back(std::move(one));
    return out;
  }

 private:
  using Key = std::tuple<AgencyId, DriftKind, std::string>;
  Drift& at(Key key) {
    Drift& one = all_[key];
    std::tie(one.agency, one.kind, one.what) = key;
    return one;
  }
  std::map<Key, Drift> all_;
};

void compare(const std::vector<Held>& held, const std::vector<const Subnet*>& plan, Collector& out) {
  const bool has_v6 = std::any_of(plan.begin(), plan.end(), [](const Subnet* one) { return one->range.is_v6; });
  std::set<const Subnet*> networks;
  for (const Held& one : held) {
    // A plan that names no range of IPv6 says nothing of it.
    if (one.address.is_v6 && !has_v6) continue;
    Prefix alone = one.address;
    alone.bits = alone.is_v6 ? 128 : 32;
    const Subnet* network = network_for(plan, alone);
    if (network == nullptr) {
      out.add(*one.device, DriftKind::outside_plan, text_of(alone));
    } else {
      networks.insert(network);
    }
    const bool is_planned = one.gateway.empty() || std::any_of(plan.begin(), plan.end(), [&](const Subnet* planned) {
                              return planned->gateway == one.gateway;
                            });
    if (!is_planned) out.add(*one.device, DriftKind::unknown_gateway, one.gateway);
  }
  if (networks.size() < 2) return;
  std::string names;
  for (const Subnet* one : plan) {
    if (networks.contains(one)) names += (names.empty() ? "" : ", ") + text_of(one->range);
  }
  out.add(*held.front().device, DriftKind::dual_homed, names);
}

regulation::Text title_of(DriftKind kind) {
  switch (kind) {
    case DriftKind::outside_plan:
      return {"Có địa chỉ đang dùng nằm ngoài quy hoạch địa chỉ", "Addresses in use lie outside the address plan"};
    case DriftKind::unknown_gateway:
      return {"Có máy đi ra qua cổng không có trong quy hoạch", "Machines use a gateway that the plan has not"};
    case DriftKind::two_holders:
      return {"Có địa chỉ do hai máy cùng dùng", "Two machines hold one address"};
    case DriftKind::dual_homed:
      return {"Có máy nối vào hai mạng của quy hoạch", "Machines are in two networks of the plan"};
    case DriftKind::unknown_exit:
      break;
  }
  return {"Có đường ra Internet không có trong sổ đường truyền", "An Internet exit stands in no register of links"};
}

}  // namespace

std::string_view name_of(DriftKind kind) {
  constexpr std::array<std::string_view, 5> names = {"outside_plan", "unknown_gateway", "two_holders", "dual_homed",
                                                     "unknown_exit"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<Drift> drifts_of(const std::vector<inventory::StatePointer>& devices, const std::vector<Subnet>& plan,
                             const std::vector<Line>& lines, const std::map<DeviceId, Exit>& exits) {
  std::map<AgencyId, std::vector<const Subnet*>> plans;
  for (const Subnet& one : plan) plans[one.agency].push_back(&one);
  Collector out;
  std::map<std::pair<AgencyId, std::string>, std::vector<Held>> holders;
  for (const inventory::StatePointer& state : devices) {
    if (const auto exit = exits.find(state->device.id); exit != exits.end()) {
      const auto address = prefix_of(exit->second.address);
      const bool is_known =
          !address || !is_public(*address) || std::any_of(lines.begin(), lines.end(), [&](const Line& l) {
            return l.agency == state->device.agency && !l.ended_at &&
                   std::any_of(l.exits.begin(), l.exits.end(),
                               [&](const Prefix& one) { return contains(one, *address); });
          });
      if (!is_known) out.add_exit(state->device, exit->second);
    }
    const auto own = plans.find(state->device.agency);
    if (own == plans.end() || !state->interfaces) continue;
    const std::vector<Held> held = held_by(*state);
    compare(held, own->second, out);
    for (const Held& one : held) {
      Prefix alone = one.address;
      alone.bits = alone.is_v6 ? 128 : 32;
      holders[{state->device.agency, text_of(alone)}].push_back(one);
    }
  }
  for (const auto& [key, all] : holders) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        if (all[i].device == all[j].device || !on_one_network(all[i], all[j])) continue;
        out.add(*all[i].device, DriftKind::two_holders, key.second);
        out.add(*all[j].device, DriftKind::two_holders, key.second);
      }
    }
  }
  return std::move(out).done();
}

Conditions conditions_of(const std::vector<Drift>& drifts, Time now) {
  std::map<std::pair<AgencyId, DriftKind>, std::vector<const Drift*>> groups;
  for (const Drift& one : drifts) groups[{one.agency, one.kind}].push_back(&one);
  Conditions out;
  for (const auto& [key, all] : groups) {
    const auto& [agency, kind] = key;
    finding::Report report;
    report.kind = finding::Kind::premises;
    report.group_key = "premises|network|" + std::string(name_of(kind));
    report.severity = kind == DriftKind::unknown_exit ? finding::Severity::high : finding::Severity::medium;
    report.title = title_of(kind);
    std::string named;
    for (std::size_t i = 0; i < all.size() && i < named_max; ++i) {
      const Drift& one = *all[i];
      named += (i == 0 ? "" : "; ") + one.what + " (" + std::to_string(one.devices.size()) + ")";
      for (std::size_t j = 0; j < one.devices.size() && j < named_max; ++j) {
        report.entities.push_back({finding::EntityType::device, one.devices[j].text()});
      }
      report.seqs.insert(report.seqs.end(), one.seqs.begin(), one.seqs.end());
    }
    report.story = {"Địa chỉ và số máy: " + named + ".", "Addresses and how many machines: " + named + "."};
    report.agency = agency;
    report.first = report.last = now;
    out.emplace("drift|" + std::string(name_of(kind)) + "|" + agency.text(), std::move(report));
  }
  return out;
}

}  // namespace luy::premises
