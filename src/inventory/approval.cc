#include "inventory/approval.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::inventory {

namespace {

constexpr std::array<std::string_view, 5> licence_kinds = {"free", "bought", "subscribed", "with_device", "trial"};

}  // namespace

std::string_view name_of(LicenceKind kind) {
  return licence_kinds.at(static_cast<std::size_t>(kind));
}

std::optional<LicenceKind> licence_kind_from_name(std::string_view name) {
  const auto* const found = std::find(licence_kinds.begin(), licence_kinds.end(), name);
  if (found == licence_kinds.end()) return std::nullopt;
  return static_cast<LicenceKind>(found - licence_kinds.begin());
}

std::string approval_act(const AgencyId& agency, Time approved_at) {
  return "approval:" + agency.text() + ':' + std::to_string(to_micros(approved_at));
}

std::string wifi_act(const AgencyId& agency, std::string_view ssid) {
  const Hash hash = sha256(ssid);
  return "wifi:" + agency.text() + ':' + to_hex({hash.data(), 8});
}

bool is_version_pattern(std::string_view versions) {
  if (versions.empty() || versions.size() > versions_bytes_max) return false;
  if (versions == "*") return true;
  const auto star = versions.find('*');
  if (star == std::string_view::npos) return true;
  return star == versions.size() - 1 && star >= 2 && versions[star - 1] == '.';
}

bool version_matches(std::string_view versions, std::string_view version) {
  if (versions == "*") return true;
  if (versions.ends_with(".*")) return version.starts_with(versions.substr(0, versions.size() - 1));
  return versions == version;
}

std::optional<Time> ends_at(const Approval& approval) {
  std::optional<Day> last = approval.expires_on;
  if (approval.licence && approval.licence->expires_on) {
    last = last ? std::min(*last, *approval.licence->expires_on) : approval.licence->expires_on;
  }
  if (!last) return std::nullopt;
  return day_begin(*last + days(1));
}

bool covers(const Approval& approval, std::string_view version, DeviceClass device_class, Time now) {
  if (approval.withdrawn_at) return false;
  if (const auto end = ends_at(approval); end && now >= *end) return false;
  if (!approval.classes.empty() &&
      std::find(approval.classes.begin(), approval.classes.end(), device_class) == approval.classes.end()) {
    return false;
  }
  return version_matches(approval.versions, version);
}

}  // namespace luy::inventory
