// single_homed (6.11): a host on the dedicated data network has no other way to the Internet. Where the agency has
// declared the dedicated ranges, they decide. Where not, a host that is attached to one network only cannot bridge
// anything; of one on several networks nobody can say whether the dedicated one is among them. Interfaces with the same
// prefix and the same gateway, a cable and a radio say, are on one network.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <arpa/inet.h>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

struct Address {
  std::array<std::uint8_t, 16> bytes{};
  int family = 0;
  int prefix_bits = 0;  // Of an address without a prefix: all.
};

std::optional<Address> parse(const std::string& text) {
  Address out;
  const auto slash = text.find('/');
  const std::string host = text.substr(0, slash);
  out.family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (inet_pton(out.family, host.c_str(), out.bytes.data()) != 1) return std::nullopt;
  const int bits_max = out.family == AF_INET ? 32 : 128;
  out.prefix_bits = bits_max;
  if (slash == std::string::npos) return out;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + slash + 1, end, out.prefix_bits);
  if (parsed.ec != std::errc() || parsed.ptr != end || out.prefix_bits < 0 || out.prefix_bits > bits_max) {
    return std::nullopt;
  }
  return out;
}

bool contains(const Address& range, const Address& address) {
  if (range.family != address.family) return false;
  for (int bit = 0; bit < range.prefix_bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((range.bytes[byte] ^ address.bytes[byte]) & mask) != 0) return false;
  }
  return true;
}

bool is_default(const fact::Route& route) {
  return route.destination == "0.0.0.0/0" || route.destination == "::/0";
}

bool is_routable(const std::string& address) {
  return !address.starts_with("fe80:") && !address.starts_with("169.254.") && !address.starts_with("127.") &&
         address != "::1/128";
}

bool in_ranges(const std::string& address, const std::vector<std::string>& ranges) {
  const auto parsed = parse(address);
  return parsed && std::any_of(ranges.begin(), ranges.end(), [&](const std::string& text) {
           const auto range = parse(text);
           return range && contains(*range, *parsed);
         });
}

// An attachment to a network outside the machine. A virtual interface (a bridge for containers) counts only when
// traffic leaves through it, as in a container or over a tunnel.
struct Attachment {
  const fact::Interface* interface = nullptr;
  bool way_out = false;
  bool dedicated = false;   // Has an address in a dedicated range.
  std::size_t network = 0;  // Attachments to the same network have the same number.
  std::string gateway{};    // Of its way out over IPv4; a link-local one of IPv6 names no network.
};

bool share_prefix(const fact::Interface& a, const fact::Interface& b) {
  for (const std::string& one : a.addresses) {
    const auto range = is_routable(one) ? parse(one) : std::nullopt;
    for (const std::string& other : b.addresses) {
      const auto address = range && is_routable(other) ? parse(other) : std::nullopt;
      if (address && address->prefix_bits == range->prefix_bits && contains(*range, *address)) return true;
    }
  }
  return false;
}

bool same_network(const Attachment& a, const Attachment& b) {
  const bool other_gateway = !a.gateway.empty() && !b.gateway.empty() && a.gateway != b.gateway;
  return !other_gateway && share_prefix(*a.interface, *b.interface);
}

std::vector<Attachment> attachments_of(const fact::Interfaces& network, const std::vector<std::string>& ranges) {
  std::vector<Attachment> out;
  for (const fact::Interface& interface : network.interfaces) {
    if (!interface.up || interface.kind == "loopback") continue;
    Attachment one{&interface};
    bool addressed = false;
    for (const std::string& address : interface.addresses) {
      addressed = addressed || is_routable(address);
      one.dedicated = one.dedicated || in_ranges(address, ranges);
    }
    for (const fact::Route& route : network.routes) {
      if (!is_default(route) || route.interface != interface.name) continue;
      one.way_out = true;
      if (one.gateway.empty() && route.gateway.find(':') == std::string::npos) one.gateway = route.gateway;
    }
    if (!addressed || (!one.way_out && interface.kind == "virtual")) continue;
    one.network = out.size();
    for (const Attachment& before : out) {
      if (one.network != out.size()) break;
      if (same_network(before, one)) one.network = before.network;
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Judgement judge_single_homed(const Input& in) {
  const auto& part = in.device->interfaces;
  if (!part) return not_reported(fact::Kind::interfaces);
  std::vector<std::string> ranges = in.limits.texts("dedicated_prefixes");
  ranges.insert(ranges.end(), in.network_terms.dedicated.begin(), in.network_terms.dedicated.end());
  const std::vector<Attachment> all = attachments_of(part->value, ranges);
  const Attachment* dedicated = nullptr;
  std::vector<const Attachment*> ways_out;
  for (const Attachment& one : all) {
    if (one.dedicated) dedicated = &one;
    if (one.way_out) ways_out.push_back(&one);
  }
  const Attachment* other_way = nullptr;
  for (const Attachment* one : ways_out) {
    if (!one->dedicated) other_way = one;
  }
  const Attachment* second_way = nullptr;
  std::set<std::size_t> networks;
  std::string names;
  for (const Attachment& one : all) {
    networks.insert(one.network);
    names += (names.empty() ? "" : ", ") + one.interface->name;
    if (one.way_out && one.network != ways_out.front()->network) second_way = &one;
  }
  Finding finding;
  finding.rests_on(basis_of("interfaces", *part));
  if (all.empty()) {
    finding.add(State::kept, Code::network_none);
  } else if (networks.size() == 1) {
    finding.add(State::kept, Code::network_single, Arguments().text(names));
  } else if (!ranges.empty() && dedicated == nullptr) {
    finding.add(State::kept, Code::network_outside);
  } else if (!ranges.empty() && other_way == nullptr) {
    finding.add(State::kept, Code::network_dedicated_only, Arguments().text(dedicated->interface->name));
  } else if (!ranges.empty()) {
    finding.add(State::violated, Code::network_bridge,
                Arguments().text(dedicated->interface->name).text(other_way->interface->name));
  } else if (second_way != nullptr) {
    finding.add(State::unknown, Code::network_ways_unclear,
                Arguments().text(ways_out.front()->interface->name).text(second_way->interface->name));
  } else {
    finding.add(State::unknown, Code::network_undeclared,
                Arguments().number(static_cast<std::int64_t>(networks.size())));
  }
  if (dedicated != nullptr && in.network_terms.terms_missing) {
    finding.add(State::violated, Code::network_terms_missing, Arguments().text(dedicated->interface->name));
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
