// The networks in the air, as whatever drives the radio has them from its last look: nothing is asked to scan.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/machine.h"
#include "fact/fact.h"

namespace luy::agent {

inline constexpr std::size_t networks_seen_max = 64;  // The strongest.

struct Air {
  std::vector<fact::SeenNetwork> networks;           // Strongest first.
  std::map<std::string, std::string> access_points;  // SSID -> BSSID of the one this machine is connected to.
  bool operator==(const Air&) const = default;
};

// What NetworkManager, iw or wpa_supplicant knows; nullopt when none of them is there or answers.
std::optional<Air> look_at_air(const Machine& machine, const std::vector<std::string>& radios);

// nmcli -t -e yes -f IN-USE,SSID,BSSID,SECURITY,SIGNAL device wifi list
Air read_nmcli(std::string_view text);
// iw dev <radio> scan dump
Air read_iw(std::string_view text);
// wpa_cli -i <radio> scan_results
Air read_wpa_cli(std::string_view text);

}  // namespace luy::agent
