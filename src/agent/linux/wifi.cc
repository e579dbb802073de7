// Wireless networks this machine knows, is connected to or has in the air, with a fingerprint of each key: keyed by
// this device's own secret, so that it shows a change and nothing else.
#include <algorithm>

#include "agent/linux/collectors.h"
#include "agent/linux/text.h"
#include "agent/linux/wifi_air.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

struct Profile {
  std::string ssid;
  std::string interface;
  std::string security;
  std::string key;
};

std::string without_quotes(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return std::string(value);
}

// wpa_supplicant.conf(5) key_mgmt and proto, NetworkManager's key-mgmt: the weakest that is allowed counts.
std::string security_of(const std::string& key_mgmt, const std::string& proto, bool has_key, bool has_wep_key) {
  const std::string management = lower(key_mgmt);
  if (has_wep_key) return "wep";
  if (management.empty()) return has_key ? "wpa2" : "unknown";
  if (management == "none") return "open";
  const bool psk = management.find("psk") != std::string::npos || management.find("eap") != std::string::npos;
  if (psk) {
    const std::string versions = lower(proto);
    const auto fields = words(versions);
    return std::find(fields.begin(), fields.end(), "wpa") != fields.end() ? "wpa" : "wpa2";
  }
  if (management.find("sae") != std::string::npos || management.find("owe") != std::string::npos) return "wpa3";
  return "unknown";
}

// network={ ssid="…" psk="…" key_mgmt=WPA-PSK }
void read_wpa_supplicant(std::string_view text, const std::string& interface, std::vector<Profile>& out) {
  std::map<std::string, std::string> entries;
  bool inside = false;
  for (const std::string_view raw : lines(text)) {
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("network={")) {
      inside = true;
      entries.clear();
    } else if (inside && line.front() == '}') {
      inside = false;
      const std::string key = entries.count("psk") > 0 ? entries["psk"] : entries["sae_password"];
      const std::string wep = entries["wep_key0"];
      Profile profile{without_quotes(entries["ssid"]), interface,
                      security_of(entries["key_mgmt"], entries["proto"], !key.empty(), !wep.empty()),
                      key.empty() ? wep : key};
      if (!profile.ssid.empty()) out.push_back(std::move(profile));
    } else if (inside) {
      const auto equals = line.find('=');
      if (equals != std::string_view::npos) {
        entries[std::string(trim(line.substr(0, equals)))] = std::string(trim(line.substr(equals + 1)));
      }
    }
  }
}

void read_network_manager(const Machine& machine, std::vector<Profile>& out) {
  const std::string folder = "etc/NetworkManager/system-connections";
  for (const std::string& name : machine.list(folder)) {
    Ini ini = parse_ini(machine.text(folder + '/' + name));
    if (ini.count("wifi") == 0 && ini.count("802-11-wireless") == 0) continue;
    auto& wifi = ini.count("wifi") > 0 ? ini["wifi"] : ini["802-11-wireless"];
    auto& security = ini.count("wifi-security") > 0 ? ini["wifi-security"] : ini["802-11-wireless-security"];
    const std::string& key = security.count("psk") > 0 ? security["psk"] : security["wep-key0"];
    std::string kind = "open";
    if (!security.empty()) {
      const bool wep = security.count("wep-key0") > 0 || security["key-mgmt"] == "none";
      kind = security_of(security["key-mgmt"], security["proto"], !key.empty(), wep);
    }
    if (!wifi["ssid"].empty()) out.push_back({wifi["ssid"], ini["connection"]["interface-name"], kind, key});
  }
}

// Debian's ifupdown: "wpa-ssid" and "wpa-psk" under an "iface".
void read_interfaces_file(std::string_view text, std::vector<Profile>& out) {
  Profile profile;
  const auto finish = [&] {
    if (!profile.ssid.empty()) out.push_back(profile);
    profile = {};
  };
  for (const std::string_view raw : lines(text)) {
    const auto fields = words(raw);
    if (fields.size() < 2) continue;
    if (fields[0] == "iface") {
      finish();
      profile.interface = fields[1];
      profile.security = "open";
    } else if (fields[0] == "wpa-ssid") {
      profile.ssid = without_quotes(trim(raw.substr(raw.find("wpa-ssid") + 8)));
    } else if (fields[0] == "wpa-psk") {
      profile.key = fields[1];
      profile.security = "wpa2";
    } else if (fields[0] == "wireless-key" || fields[0] == "wireless-key0") {
      profile.key = fields[1];
      profile.security = "wep";
    }
  }
  finish();
}

// Memory: lines "<hex of ssid> <fingerprint> <microseconds of the last change or ->".
struct Remembered {
  std::string fingerprint;
  std::optional<Time> changed_at;
};
std::map<std::string, Remembered> read_memory(std::string_view memory) {
  std::map<std::string, Remembered> out;
  for (const std::string_view line : lines(memory)) {
    const auto fields = words(line);
    if (fields.size() != 3) continue;
    Remembered& entry = out[from_hex(fields[0]).value_or("")];
    entry.fingerprint = fields[1];
    if (const auto micros = number(fields[2])) entry.changed_at = from_micros(*micros);
  }
  return out;
}

std::string write_memory(const std::map<std::string, Remembered>& remembered) {
  std::string out;
  for (const auto& [ssid, entry] : remembered) {
    out += to_hex(as_bytes(ssid)) + ' ' + entry.fingerprint + ' ' +
           (entry.changed_at ? std::to_string(to_micros(*entry.changed_at)) : "-") + '\n';
  }
  return out;
}

std::vector<Profile> read_profiles(const Machine& machine) {
  std::vector<Profile> profiles;
  for (const std::string& name : machine.list("etc/wpa_supplicant")) {
    if (!name.starts_with("wpa_supplicant") || !name.ends_with(".conf")) continue;
    std::string interface;  // "wpa_supplicant-wlan0.conf"
    if (name.starts_with("wpa_supplicant-")) interface = name.substr(15, name.size() - 20);
    read_wpa_supplicant(machine.text("etc/wpa_supplicant/" + name), interface, profiles);
  }
  read_network_manager(machine, profiles);
  read_interfaces_file(machine.text("etc/network/interfaces"), profiles);
  for (const std::string& name : machine.list("etc/network/interfaces.d")) {
    read_interfaces_file(machine.text("etc/network/interfaces.d/" + name), profiles);
  }
  return profiles;
}

}  // namespace

Result<Finding> collect_wifi(const Machine& machine, const std::string& memory) {
  fact::Wifi wifi;
  std::map<std::string, std::string> connected;  // SSID -> interface.
  std::vector<std::string> radios;
  for (const std::string& name : machine.list("sys/class/net")) {
    const std::string folder = "sys/class/net/" + name;
    if (!machine.exists(folder + "/wireless") && !machine.exists(folder + "/phy80211")) continue;
    wifi.hardware_present = true;
    radios.push_back(name);
    if (const auto ssid = machine.kernel.ssid(name)) connected[*ssid] = name;
  }
  const auto before = read_memory(memory);
  std::map<std::string, Remembered> now;
  for (const Profile& profile : read_profiles(machine)) {
    fact::WifiNetwork network{profile.ssid, profile.interface, profile.security, false, {}, {}};
    if (const auto found = connected.find(profile.ssid); found != connected.end()) {
      network.connected = true;
      network.interface = found->second;
    }
    if (!profile.key.empty()) {
      const std::string fingerprint =
          to_hex(hmac_sha256(machine.secret, "wifi key\n" + profile.ssid + '\n' + profile.key));
      Remembered& entry = now[profile.ssid];
      entry = {fingerprint, {}};
      if (const auto old = before.find(profile.ssid); old != before.end()) {
        entry.changed_at = old->second.changed_at;
        if (old->second.fingerprint != fingerprint) entry.changed_at = machine.clock.now();
      }
      network.key_fingerprint = fingerprint;
      network.key_changed_at = entry.changed_at;
    }
    wifi.networks.push_back(std::move(network));
  }
  for (const auto& [ssid, interface] : connected) {
    const bool known = std::any_of(wifi.networks.begin(), wifi.networks.end(),
                                   [&, name = ssid](const fact::WifiNetwork& network) { return network.ssid == name; });
    if (!known) wifi.networks.push_back({ssid, interface, "unknown", true, {}, {}});
  }
  if (auto air = look_at_air(machine, radios)) {
    for (fact::WifiNetwork& network : wifi.networks) {
      const auto found = network.connected ? air->access_points.find(network.ssid) : air->access_points.end();
      if (found != air->access_points.end()) network.bssid = found->second;
    }
    wifi.seen = std::move(air->networks);
  }
  return Finding{"sysfs, wpa_supplicant, NetworkManager", std::move(wifi), write_memory(now)};
}

}  // namespace luy::agent
