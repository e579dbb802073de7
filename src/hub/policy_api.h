// What devices are to do by themselves, in api/openapi.yaml: getDeviceSettings, setDeviceSettings,
// getAgencyDeviceSettings, setAgencyDeviceSettings, listDevicePolicies; and the act that waits for a second person.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "directory/audit.h"
#include "directory/pending.h"
#include "hub/agency_view.h"
#include "hub/policy_book.h"

namespace luy::hub {

inline constexpr std::string_view weaken_act = "device_policy_weaken";

inline constexpr ErrorKind settings_empty{"hub.settings_empty", ErrorClass::invalid,
                                          "Chưa có phần cài đặt nào trong yêu cầu. Hãy gửi ít nhất một phần.",
                                          "The request sets nothing. Send at least one section."};

struct PlacedDevice {
  DeviceId device;
  std::string name;
  AgencyId agency;
};

// Borrowed by the routes. All functions thread-safe.
struct PolicyApi {
  PolicyBook& book;
  const AgencyView& agencies;
  directory::AuditTrail& audit;
  directory::PendingActs& acts;
  // nullopt for a device that is unknown or retired.
  std::function<std::optional<AgencyId>(const DeviceId&)> agency_of;
  std::function<std::string(const DeviceId&)> device_name;
  std::function<std::vector<PlacedDevice>()> devices;  // Those in use.
  std::function<void()> changed;                       // After settings were stored.
};
std::vector<api::Route> policy_routes(const PolicyApi& dependencies);

// Stores, with the second person's agreement, what was asked for. Borrows `dependencies`.
directory::ActKind weaken_kind(const PolicyApi& dependencies);

}  // namespace luy::hub
