#include "agent/linux/wifi_air.h"

#include <algorithm>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

constexpr std::size_t ssid_bytes_max = 128;  // 32 bytes, each of which may have had to be escaped.

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The bytes of a name, as text: what is no UTF-8 becomes "\xNN", as iw writes it.
std::string printable(std::string_view bytes) {
  const bool is_text = is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), [](char c) {
                         return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                       });
  if (is_text) return std::string(bytes.substr(0, ssid_bytes_max));
  std::string out;
  for (const char c : bytes.substr(0, ssid_bytes_max / 4)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += "\\x" + to_hex({&byte, 1});
    }
  }
  return out;
}

// A hidden network sends no name, or one of zero bytes.
std::string name_of(const std::string& bytes) {
  return bytes.find_first_not_of('\0') == std::string::npos ? std::string() : printable(bytes);
}

// "\x4c\xc5\xa9" of iw and wpa_supplicant.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 3 < text.size() && text[at + 1] == 'x') {
      if (const auto byte = from_hex(text.substr(at + 2, 2))) {
        out += *byte;
        at += 3;
        continue;
      }
    }
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '\\' || text[at + 1] == '"')) ++at;
    out += text[at];
  }
  return out;
}

// The weakest that the access point admits counts.
std::string security_of(bool wpa1, bool wpa2, bool wpa3, bool wep) {
  if (wpa1) return "wpa";
  if (wpa2) return "wpa2";
  if (wpa3) return "wpa3";
  return wep ? "wep" : "open";
}

std::vector<std::string> terse_fields(std::string_view line) {
  std::vector<std::string> out(1);
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\' && at + 1 < line.size()) {
      out.back() += line[++at];
    } else if (line[at] == ':') {
      out.emplace_back();
    } else {
      out.back() += line[at];
    }
  }
  return out;
}

std::optional<std::string> bssid_of(std::string_view text) {
  const std::string out = lower(std::string(text));
  if (out.size() != 17) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool fits =
        i % 3 == 2 ? out[i] == ':' : std::string_view("0123456789abcdef").find(out[i]) != std::string_view::npos;
    if (!fits) return std::nullopt;
  }
  return out;
}

void finish(Air& air) {
  std::stable_sort(air.networks.begin(), air.networks.end(), [](const auto& a, const auto& b) {
    return a.signal_dbm.value_or(-1000) > b.signal_dbm.value_or(-1000);
  });
  if (air.networks.size() > networks_seen_max) air.networks.resize(networks_seen_max);
}

}  // namespace

Air read_nmcli(std::string_view text) {
  Air out;
  for (const std::string_view line : lines(text)) {
    const std::vector<std::string> fields = terse_fields(line);
    const auto bssid = fields.size() == 5 ? bssid_of(fields[2]) : std::nullopt;
    if (!bssid) continue;
    const std::string& security = fields[3];
    fact::SeenNetwork one;
    one.ssid = printable(fields[1]);
    one.bssid = *bssid;
    one.security = security_of(holds(security, "WPA1"), holds(security, "WPA2"),
                               holds(security, "WPA3") || holds(security, "OWE"), holds(security, "WEP"));
    // NetworkManager tells per cent: nm_wifi_utils_level_to_quality() clamps dBm to -100..-40 and scales them.
    if (const auto percent = number(fields[4])) one.signal_dbm = -100 + *percent * 60 / 100;
    if (fields[0] == "*" && !one.ssid.empty()) out.access_points[one.ssid] = one.bssid;
    out.networks.push_back(std::move(one));
  }
  finish(out);
  return out;
}

Air read_iw(std::string_view text) {
  struct Block {
    fact::SeenNetwork network;
    bool associated = false;
    bool privacy = false;
    bool wpa = false;
    bool rsn = false;
    bool sae_only = false;
  };
  Air out;
  std::optional<Block> block;
  const auto close = [&] {
    if (!block) return;
    Block& one = *block;
    one.network.security = security_of(one.wpa, one.rsn && !one.sae_only, one.rsn && one.sae_only, one.privacy);
    if (one.associated && !one.network.ssid.empty()) out.access_points[one.network.ssid] = one.network.bssid;
    out.networks.push_back(std::move(one.network));
    block.reset();
  };
  bool in_rsn = false;
  for (const std::string_view raw : lines(text)) {
    if (raw.starts_with("BSS ")) {
      close();
      const auto bssid = bssid_of(raw.substr(4, 17));
      if (!bssid) continue;
      block.emplace();
      block->network.bssid = *bssid;
      block->associated = holds(raw, "-- associated");
      continue;
    }
    if (!block) continue;
    const std::string_view line = trim(raw);
    const bool is_part = raw.starts_with("\t\t");  // Of the element above it.
    if (!is_part) in_rsn = line.starts_with("RSN:");
    if (line.starts_with("SSID:") && !is_part) {
      block->network.ssid = name_of(unescaped(trim(line.substr(5))));
    } else if (line.starts_with("signal:")) {
      const auto fields = words(line);
      if (fields.size() > 1) block->network.signal_dbm = number(fields[1].substr(0, fields[1].find('.')));
    } else if (line.starts_with("capability:")) {
      block->privacy = holds(line, "Privacy");
    } else if (line.starts_with("WPA:")) {
      block->wpa = true;
    } else if (in_rsn) {
      block->rsn = true;
      const auto suites = line.find("Authentication suites:");
      if (suites != std::string_view::npos) {
        const std::string_view list = line.substr(suites);
        block->sae_only = (holds(list, "SAE") || holds(list, "OWE")) && !holds(list, "PSK") && !holds(list, "802.1X");
      }
    }
  }
  close();
  finish(out);
  return out;
}

Air read_wpa_cli(std::string_view text) {
  Air out;
  for (const std::string_view line : lines(text)) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; fields.size() < 4;) {
      const std::size_t tab = line.find('\t', at);
      if (tab == std::string_view::npos) break;
      fields.push_back(line.substr(at, tab - at));
      at = tab + 1;
      if (fields.size() == 4) fields.push_back(line.substr(at));
    }
    const auto bssid = fields.size() == 5 ? bssid_of(fields[0]) : std::nullopt;
    if (!bssid) continue;
    const std::string_view flags = fields[3];
    fact::SeenNetwork one;
    one.bssid = *bssid;
    one.ssid = name_of(unescaped(fields[4]));
    one.signal_dbm = number(fields[2]);
    const bool rsn = holds(flags, "[WPA2-");
    const bool sae_only = (holds(flags, "SAE") || holds(flags, "OWE")) && !holds(flags, "PSK") && !holds(flags, "EAP");
    one.security = security_of(holds(flags, "[WPA-"), rsn && !sae_only, rsn && sae_only, holds(flags, "[WEP]"));
    out.networks.push_back(std::move(one));
  }
  finish(out);
  return out;
}

std::optional<Air> look_at_air(const Machine& machine, const std::vector<std::string>& radios) {
  if (radios.empty()) return std::nullopt;
  const RunLimits limits{std::chrono::seconds(10), 1 << 20};
  if (machine.exists("usr/bin/nmcli")) {
    const auto text =
        machine.kernel.run({machine.path("usr/bin/nmcli"), "-t", "-e", "yes", "-f", "IN-USE,SSID,BSSID,SECURITY,SIGNAL",
                            "device", "wifi", "list", "--rescan", "no"},
                           limits);
    if (text) return read_nmcli(*text);
  }
  std::optional<Air> all;
  const auto add = [&](Air one) {
    if (!all) all.emplace();
    all->access_points.merge(one.access_points);
    for (fact::SeenNetwork& network : one.networks) {
      const bool known = std::any_of(all->networks.begin(), all->networks.end(), [&](const fact::SeenNetwork& other) {
        return other.bssid == network.bssid && other.ssid == network.ssid;
      });
      if (!known) all->networks.push_back(std::move(network));
    }
  };
  for (const std::string& radio : radios) {
    if (machine.exists("usr/sbin/iw")) {
      const auto text = machine.kernel.run({machine.path("usr/sbin/iw"), "dev", radio, "scan", "dump"}, limits);
      if (text) {
        add(read_iw(*text));
        continue;
      }
    }
    if (!machine.exists("usr/sbin/wpa_cli")) continue;
    const auto text = machine.kernel.run({machine.path("usr/sbin/wpa_cli"), "-i", radio, "scan_results"}, limits);
    if (text) add(read_wpa_cli(*text));
  }
  if (all) finish(*all);
  return all;
}

}  // namespace luy::agent
