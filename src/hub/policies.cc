// The running hub's part for the policies of devices: their book, what the product and the regulation put into it.
#include <algorithm>
#include <set>

#include "base/log.h"
#include "hub/backup_desk.h"
#include "hub/signature_desk.h"
#include "hub/state.h"

namespace luy::hub {
namespace {

constexpr std::int64_t period_days_max = 31;  // docs/format/device-policy.md, as the next.
constexpr std::int64_t drill_days_max = 366;

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
          {"infected", "quarantine"},
          {"official_signatures", "offline"}};
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

// No set: what is worth keeping, and where to, only people know. The hours are those of work, when machines are on.
boost::json::object backup_of_product() {
  return {{"run", true},
          {"from_minute", 8 * 60},
          {"until_minute", 22 * 60},
          {"busy_percent", 50},
          {"write_kib_per_second", 0},
          {"read_back_percent", 25},  // All of a repository after four runs.
          {"pause_on_battery", true},
          {"pause_load_percent", 200},
          {"sets", boost::json::array{}}};
}

// The longest period that a duty with this record allows, in days; `fallback` where the pack names none.
std::int64_t record_days(const regulation::Pack& pack, std::string_view record, std::int64_t most) {
  for (const regulation::Obligation& one : pack.obligations) {
    if (one.record != record) continue;
    const auto period = one.parameters.duration("period_days");
    if (period) return std::clamp(std::chrono::floor<days>(*period).count(), decltype(most){1}, most);
  }
  return most;
}

// Which media of the register its targets name: a machine is told of no others.
boost::json::array named_media(const boost::json::object& settings,
                               const std::vector<device_policy::BackupMedium>& known) {
  std::set<std::string> named;
  const boost::json::value* sets = settings.if_contains("sets");
  for (const auto& set : sets != nullptr && sets->is_array() ? sets->get_array() : boost::json::array{}) {
    const boost::json::value* targets = set.is_object() ? set.get_object().if_contains("targets") : nullptr;
    for (const auto& target : targets != nullptr && targets->is_array() ? targets->get_array() : boost::json::array{}) {
      const boost::json::value* media = target.is_object() ? target.get_object().if_contains("media") : nullptr;
      for (const auto& one : media != nullptr && media->is_array() ? media->get_array() : boost::json::array{}) {
        if (one.is_string()) named.emplace(one.get_string());
      }
    }
  }
  boost::json::array out;
  for (const device_policy::BackupMedium& one : known) {
    if (!named.contains(one.id)) continue;
    out.push_back(
        boost::json::object{{"id", one.id}, {"uuid", one.uuid}, {"serial", one.serial}, {"label", one.label}});
  }
  return out;
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
      [](std::string_view section) {
        if (section == "backup") return backup_of_product();
        return section == "software" ? software_of_product() : antivirus_of_product();
      },
      [this, period_days](std::string_view section, const AgencyId& agency, boost::json::object& settings) {
        if (section == "backup") {
          settings["period_days"] = record_days(pack, "backup_run", period_days_max);
          settings["drill_days"] = record_days(pack, "restore_drill", drill_days_max);
          settings["media"] =
              named_media(settings, backups != nullptr ? backups->media() : std::vector<device_policy::BackupMedium>());
          return;
        }
        if (section != "antivirus") return;
        settings["period_days"] = period_days;
        std::vector<device_policy::SignatureFile> given;
        if (signatures != nullptr) given = signatures->files_for(core->agencies().lineage(agency));
        boost::json::array lines;
        for (const device_policy::SignatureFile& one : given)
          lines.push_back(boost::json::object{{"name", one.name}, {"sha256", one.sha256}, {"bytes", one.bytes}});
        settings["signatures"] = std::move(lines);
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
