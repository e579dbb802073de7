// What devices are to do by themselves, as the hub keeps it: settings of agencies and devices, the signed policies made
// of them, and which device holds which. docs/format/device-policy.md.
//
// A section that is set for a device holds for it, else the nearest agency's above it, else what the product brings.
// A policy is made when its device asks and something in it is different from the one before.
//
// Threads: every function from any thread, but note() and settle(): on the pipeline's.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "device_policy/policy.h"
#include "evidence/record.h"
#include "evidence/signature.h"
#include "records/database.h"

namespace luy::hub {

// Seconds since 1970 until the year 5138: a device cannot claim to hold more, and drive its own numbers to their end.
inline constexpr std::int64_t policy_version_max = 100'000'000'000;

enum class SettingScope : std::uint8_t { agency, device };
std::string_view name_of(SettingScope scope);

// One section as somebody set it.
struct DeviceSetting {
  std::string json;  // Without what the hub adds.
  std::string set_by;
  std::string reason;
  Time set_at;
};
// By scope, id and section.
using DeviceSettings = std::map<std::tuple<SettingScope, std::string, std::string>, DeviceSetting>;

// A section that holds for somebody, and where it comes from; nobody set what the product brings.
struct HeldSection {
  std::string json;
  std::optional<SettingScope> scope;
  std::string id;
  DeviceSetting setting;
};

struct KeptPolicy {
  enum class State : std::uint8_t { none, waiting, held, refused };
  DeviceId device;
  std::int64_t version = 0;  // 0: none was issued.
  std::optional<Time> issued_at;
  std::optional<std::int64_t> held_version;
  std::optional<Time> told_at;
  std::optional<device_policy::Receipt> refusal;  // Of the newest that was refused, until one is taken.
  std::vector<std::string> unknown;
  std::optional<std::uint64_t> proof_seq;

  State state() const;
};
std::string_view name_of(KeptPolicy::State state);

class PolicyBook {
 public:
  struct Dependencies {
    records::Database& database;
    const evidence::Ed25519Key& key;
    const Clock& clock;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;  // The agency, then its superiors, nearest first.
    // What a section is where nobody set it: without what `complete` adds.
    std::function<boost::json::object(std::string_view section)> product;
    // Adds what comes from the regulation and from what the hub hands out.
    std::function<void(std::string_view section, const AgencyId& agency, boost::json::object& settings)> complete;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<PolicyBook>> open(Dependencies dependencies);

  // What holds for an agency's devices, or for a device of that agency, by the settings as they are now. By section.
  std::map<std::string, HeldSection> held_by(const AgencyId& agency, const DeviceId* device = nullptr) const;
  // Devices that have settings of their own.
  std::vector<DeviceId> devices_apart() const;

  struct Wanted {
    SettingScope scope = SettingScope::agency;
    std::string id;
    AgencyId agency;  // The device's, or the one itself.
    // By section: settings as the API takes them; nullopt: as the agency, or the one above it, says.
    std::map<std::string, std::optional<boost::json::object>> sections;
    std::string reason;
    std::string by;  // User name.
  };
  struct Change {
    std::vector<std::string> weakened;  // "antivirus.scan"
    boost::json::object before;
    boost::json::object after;
  };
  // Stores them, and says what is different. Errors: device_policy::malformed, those of the database.
  Result<Change> set_in(records::Connection& c, const Wanted& wanted) const;
  // The same without storing.
  Result<Change> preview(const Wanted& wanted) const;
  // Settings, or what `complete` adds, may be different.
  Result<void> refresh();

  // The version that the device should hold; one is issued where something is different. Errors: the database's.
  Result<std::int64_t> version(const DeviceId& device, const AgencyId& agency);
  // The answer to a device that holds `held`, as JSON.
  Result<std::string> give(const DeviceId& device, const AgencyId& agency, std::int64_t held);

  Result<KeptPolicy> find(const DeviceId& device) const;
  Result<std::map<DeviceId, KeptPolicy>> all() const;

  // Learns what devices hold from records that are durable; settle() stores it. Twice does no harm.
  void note(const evidence::Record& record);
  Result<void> settle();

 private:
  explicit PolicyBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<DeviceSettings> load(records::Connection& c) const;
  HeldSection held(const DeviceSettings& settings, std::string_view section, const std::vector<AgencyId>& above,
                   const std::string& device) const;
  Result<std::string> completed(std::string_view section, const AgencyId& agency, const std::string& json) const;
  Result<Change> change(const DeviceSettings& settings, const Wanted& wanted) const;
  Result<std::int64_t> issue(const DeviceId& device, const AgencyId& agency, std::int64_t above);

  Dependencies d_;
  mutable std::mutex mutex_;  // Guards the next three.
  DeviceSettings settings_;
  std::uint64_t generation_ = 0;  // Of settings and of what is added to them.
  struct Known {
    AgencyId agency;
    std::uint64_t generation = 0;
    std::int64_t version = 0;
  };
  std::map<DeviceId, Known> known_;
  std::mutex issuing_;

  struct Told {
    DeviceId device;
    device_policy::Receipt receipt;
    Time received;
    std::uint64_t seq = 0;
  };
  std::vector<Told> told_;  // On the pipeline's thread.
};

// For records::open_sqlite().
std::span<const records::Migration> policy_migrations();

}  // namespace luy::hub
