#include "inventory/store/reduction.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/hash.h"
#include "base/utf8.h"

namespace luy::inventory {
namespace {

std::int64_t digest(const std::string& text) {
  const Hash hash = sha256(text);
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < 8; ++i) first = first << 8 | hash[i];
  return static_cast<std::int64_t>(first);
}

// Overloads without the members that move all the time; whoever has none is taken as it is.
template <class T>
T without_motion(T body) {
  return body;
}
fact::Updates without_motion(fact::Updates body) {
  body.lists_date.reset();
  body.lists_valid_until.reset();
  return body;
}
fact::Antivirus without_motion(fact::Antivirus body) {
  for (auto& product : body.products) product.signatures_date.reset();
  body.scan.reset();
  return body;
}
fact::Accounts without_motion(fact::Accounts body) {
  for (auto& account : body.accounts) account.last_login.reset();
  return body;
}
fact::Disks without_motion(fact::Disks body) {
  for (auto& volume : body.volumes) volume.free_bytes = 0;
  return body;
}
fact::Wifi without_motion(fact::Wifi body) {
  body.seen.reset();
  return body;
}
fact::Neighbours without_motion(fact::Neighbours body) {
  for (auto& neighbour : body.neighbours) neighbour.seen_at = Time();
  return body;
}
fact::Agent without_motion(fact::Agent body) {
  fact::Agent rest;
  rest.version = std::move(body.version);
  rest.started_at = body.started_at;
  rest.records_dropped = body.records_dropped;
  return rest;
}

PatchSummary summary_of(const fact::Updates& updates) {
  PatchSummary summary;
  summary.lists_present = updates.lists_present;
  summary.lists_date = updates.lists_date;
  summary.lists_valid_until = updates.lists_valid_until;
  summary.security_count = updates.security.size();
  summary.restart_required = updates.restart_required;
  summary.unknown_because = updates.unknown_because.value_or(std::string());
  for (const auto& update : updates.security) {
    if (summary.oldest_offered && *summary.oldest_offered <= update.first_offered) continue;
    summary.oldest_offered = update.first_offered;
    summary.oldest_package = update.package;
  }
  return summary;
}

AccountSummary summary_of(const fact::Accounts& accounts) {
  AccountSummary summary;
  summary.shadow_readable = accounts.shadow_readable;
  summary.total = accounts.accounts.size();
  for (const auto& account : accounts.accounts) {
    if (account.can_log_in || account.password == "none" || account.must_change_password) {
      summary.relevant.push_back(account);
    } else if (account.password == "locked" && !account.login_keys) {
      if (summary.keys_unknown++ == 0) summary.keys_unknown_of = account.name;
    }
  }
  std::stable_sort(summary.relevant.begin(), summary.relevant.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto same = [](const auto& a, const auto& b) { return a.name == b.name; };
  summary.relevant.erase(std::unique(summary.relevant.begin(), summary.relevant.end(), same), summary.relevant.end());
  summary.relevant.shrink_to_fit();
  return summary;
}

fact::Wifi connected_only(const fact::Wifi& wifi) {
  fact::Wifi rest;
  rest.hardware_present = wifi.hardware_present;
  rest.seen = wifi.seen;
  if (rest.seen && rest.seen->size() > seen_per_device_max) rest.seen->resize(seen_per_device_max);
  for (const auto& network : wifi.networks) {
    if (network.connected && !network.ssid.empty() && rest.networks.size() < networks_per_device_max) {
      rest.networks.push_back(network);
    }
  }
  return rest;
}

std::string printable(std::string_view text) {
  std::string out(utf8_front(text, device_name_bytes_max));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

// Addresses by which people look for a machine.
std::vector<std::string> addresses_of(const fact::Interfaces& interfaces) {
  std::vector<std::string> out;
  for (const auto& interface : interfaces.interfaces) {
    if (!interface.up || interface.kind == "loopback") continue;
    for (const std::string& address : interface.addresses) {
      if (address.starts_with("fe80:") || address.starts_with("169.254.")) continue;
      out.push_back(address.substr(0, address.find('/')));
    }
  }
  return out;
}

}  // namespace

Digests digests_of(const fact::Body& body) {
  const std::string all = fact::body_to_json(body);
  const std::string rest =
      std::visit([](const auto& typed) { return fact::body_to_json(fact::Body(without_motion(typed))); }, body);
  return {digest(all), digest(rest)};
}

std::string stored_body(const fact::Body& body) {
  const auto* packages = std::get_if<fact::Packages>(&body);
  if (packages == nullptr) return fact::body_to_json(body);
  fact::Packages head;
  head.manager = packages->manager;
  return fact::body_to_json(head);
}

void put(DeviceState& state, const fact::Fact& fact, Time collected_at, Time received_at, std::uint64_t seq) {
  const auto set = [&]<class T>(DeviceState::Part<T>& part, T value) {
    part = std::make_shared<const Learnt<T>>(Learnt<T>{std::move(value), collected_at, received_at, seq, fact.method});
  };
  std::visit(
      [&](const auto& body) {
        using T = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<T, fact::Identity>) {
          if (!body.hostname.empty()) state.device.name = printable(body.hostname);
        } else if constexpr (std::is_same_v<T, fact::Os>) {
          state.os = body.pretty_name;
        } else if constexpr (std::is_same_v<T, fact::Updates>) {
          set(state.updates, summary_of(body));
        } else if constexpr (std::is_same_v<T, fact::Antivirus>) {
          set(state.antivirus, body);
        } else if constexpr (std::is_same_v<T, fact::Accounts>) {
          set(state.accounts, summary_of(body));
        } else if constexpr (std::is_same_v<T, fact::Disks>) {
          set(state.disks, body);
        } else if constexpr (std::is_same_v<T, fact::Interfaces>) {
          set(state.interfaces, body);
          state.addresses = addresses_of(body);
        } else if constexpr (std::is_same_v<T, fact::Wifi>) {
          set(state.wifi, connected_only(body));
        } else if constexpr (std::is_same_v<T, fact::Neighbours>) {
          fact::Neighbours some = body;
          if (some.neighbours.size() > neighbours_per_device_max) some.neighbours.resize(neighbours_per_device_max);
          set(state.neighbours, std::move(some));
        } else if constexpr (std::is_same_v<T, fact::Domain>) {
          set(state.domain, body);
        } else if constexpr (std::is_same_v<T, fact::Shares>) {
          set(state.shares, body);
        } else if constexpr (std::is_same_v<T, fact::Agent>) {
          set(state.agent, body);
          state.agent_version = body.version;
        } else if constexpr (std::is_same_v<T, fact::Hardening>) {
          set(state.hardening, body);
        } else if constexpr (std::is_same_v<T, fact::SoftwareGate>) {
          set(state.software_gate, body);
        } else if constexpr (std::is_same_v<T, fact::Removable>) {
          set(state.removable, body);
        } else if constexpr (std::is_same_v<T, fact::Backup>) {
          set(state.backup, body);
        }
      },
      fact.body);
}

}  // namespace luy::inventory
