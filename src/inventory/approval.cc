#include "inventory/approval.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::inventory {

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
  if (!approval.expires_on) return std::nullopt;
  return day_begin(*approval.expires_on + days(1));
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
