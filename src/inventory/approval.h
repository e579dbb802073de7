// The catalogue of approved software: what an approval says and what it covers. Pure values and rules, no storage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "inventory/device.h"

namespace luy::inventory {

inline constexpr std::size_t product_bytes_max = 300;
inline constexpr std::size_t versions_bytes_max = 200;
inline constexpr std::size_t note_bytes_max = 1000;
inline constexpr std::size_t approvals_per_call_max = 20'000;  // A baseline: as many as a fact can list.

// What allows the agency to use a product at all.
enum class LicenceKind : std::uint8_t { free, bought, subscribed, with_device, trial };
std::string_view name_of(LicenceKind kind);
std::optional<LicenceKind> licence_kind_from_name(std::string_view name);
inline constexpr std::int64_t licence_seats_max = 1'000'000;

struct Licence {
  LicenceKind kind = LicenceKind::free;
  std::optional<std::int64_t> seats;  // Devices it may be on; nullopt = no limit.
  std::optional<Day> expires_on;      // The last day, as counted in Vietnam.
  bool operator==(const Licence&) const = default;
};

struct Approval {
  ApprovalId id;
  AgencyId agency;                   // Covers this agency and everything below it.
  std::string product;               // The exact name of the package.
  std::string versions;              // "*", "1.2.*" (everything that begins with "1.2.") or one exact version.
  std::vector<DeviceClass> classes;  // Empty = all.
  std::optional<Day> expires_on;     // The last day it covers, as counted in Vietnam.
  std::string note;
  std::string approved_by;  // Display name at the time.
  Time approved_at;
  std::optional<Time> withdrawn_at;
  std::optional<Licence> licence{};  // nullopt = nobody said.
};

// Names the act in which approvals were given together, for finding its record in the audit trail: all of one call
// share agency and time.
std::string approval_act(const AgencyId& agency, Time approved_at);
// The same for recording a wireless network: its newest record counts.
std::string wifi_act(const AgencyId& agency, std::string_view ssid);

// Whether `versions` (see Approval) admits `version`.
bool version_matches(std::string_view versions, std::string_view version);
// Whether `versions` is one of the three forms: a star only alone or at the end after a dot.
bool is_version_pattern(std::string_view versions);

// The first instant an approval no longer covers, by its own term or the licence's; nullopt = open-ended.
std::optional<Time> ends_at(const Approval& approval);

// Everything but agency and product, which the catalogue looks up by.
bool covers(const Approval& approval, std::string_view version, DeviceClass device_class, Time now);

}  // namespace luy::inventory
