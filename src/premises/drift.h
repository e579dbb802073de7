// Where what devices tell of their networks is not as the address plans and the register of links say. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"
#include "premises/line.h"
#include "premises/watch.h"

namespace luy::premises {

enum class DriftKind : std::uint8_t {
  outside_plan,     // An address in use that no network of the plan holds.
  unknown_gateway,  // Traffic leaves through a gateway that the plan has not.
  two_holders,      // Two devices hold one address on one network.
  dual_homed,       // A device is in two networks of the plan.
  unknown_exit,     // The hub is reached from an Internet address that is no link's.
};
std::string_view name_of(DriftKind kind);

struct Drift {
  AgencyId agency;
  DriftKind kind = DriftKind::outside_plan;
  std::string what;  // The address, gateway or networks.
  std::vector<DeviceId> devices;
  std::vector<std::uint64_t> seqs;  // Of the facts; none for an exit, which is no fact.
  Time at;                          // Since when it is known, as far as this process saw it.
  bool operator==(const Drift&) const = default;
};

// From where the hub was last reached by a device.
struct Exit {
  std::string address;
  Time at;
};

// An agency without a plan has no drift from it. What is on a device's virtual networks stays inside it. Two sites with
// the same private range are told apart by the hardware address of their gateway, where neighbours tell it.
std::vector<Drift> drifts_of(const std::vector<inventory::StatePointer>& devices, const std::vector<Subnet>& plan,
                             const std::vector<Line>& lines, const std::map<DeviceId, Exit>& exits);

// One finding for each kind in an agency.
Conditions conditions_of(const std::vector<Drift>& drifts, Time now);

}  // namespace luy::premises
