// The running hub's part for the policies of devices: their book, what the product and the regulation put into it.
#include <algorithm>

#include "base/log.h"
#include "hub/state.h"

namespace luy::hub {
namespace {

constexpr std::int64_t period_days_max = 31;  // docs/format/device-policy.md

// Lũy's own where nobody has set anything: the noon break of a Wednesday, when most machines are on and few are worked
// at, and gently.
boost::json::object antivirus_of_product() {
  return {{"scan", true},
          {"weekday", 3},
          {"from_minute", 11 * 60 + 30},
          {"until_minute", 13 * 60 + 30},
          {"paths", boost::json::array{"/"}},
          {"excludes", boost::json::array{}},
          {"other_file_systems", true},
          {"file_bytes_max", 100 << 20},  // MaxFileSize of Debian's clamd.conf.
          {"busy_percent", 50},
          {"pause_on_battery", true},
          {"pause_load_percent", 80},
          {"infected", "quarantine"}};
}

// Lũy's own where nobody has set anything: what comes in is seen, nothing is refused.
boost::json::object software_of_product() {
  return {{"install", "watch"},
          {"execute", "off"},
          {"removable", "watch"},
          {"contact", ""},
          {"programs", boost::json::array{}},
          {"media", boost::json::array{}}};
}

}  // namespace

Result<void> Hub::State::open_policies() {
  // A pack that knows no weekly scan still has machines scanned where somebody wants it: at the least that the format
  // takes.
  std::int64_t period_days = period_days_max;
  for (const regulation::Obligation& one : pack.obligations) {
    if (one.check != regulation::Check::weekly_scan) continue;
    LUY_TRY(const Duration period, one.parameters.duration("period_days"));
    period_days = std::clamp(std::chrono::floor<days>(period).count(), decltype(period_days){1}, period_days_max);
  }
  PolicyBook::Dependencies of_book{
      core->database(),
      core->orders_key(),
      clock,
      [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
      [](std::string_view section) { return section == "software" ? software_of_product() : antivirus_of_product(); },
      [period_days](std::string_view section, boost::json::object& settings) {
        if (section != "antivirus") return;
        settings["period_days"] = period_days;
        settings["signatures"] = boost::json::array{};
      }};
  LUY_TRY(policies, PolicyBook::open(std::move(of_book)));
  policy_api.reset(
      new PolicyApi{*policies, core->agencies(), core->directory().audit(), core->directory().acts(),
                    [this](const DeviceId& device) { return agency_of(device); },
                    [this](const DeviceId& device) { return device_name(device); },
                    [this] {
                      std::vector<PlacedDevice> out;
                      for (const inventory::StatePointer& state : inventory->states()) {
                        if (!agency_of(state->device.id)) continue;
                        out.push_back({state->device.id, device_name(state->device.id), state->device.agency});
                      }
                      return out;
                    },
                    [] {}});
  core->directory().acts().add_kind(std::string(weaken_act), weaken_kind(*policy_api));
  return {};
}

void Hub::State::note_policies() {
  if (auto fresh = policies->refresh(); !fresh) log(LogLevel::error, "hub", "policies: " + fresh.error().text());
}

}  // namespace luy::hub
