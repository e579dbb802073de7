// How the hub looks at a registered service: plain sockets with one deadline for everything, on a thread of its own.
// What comes back is bounded and judged elsewhere (module watch). The only outgoing connections of the hub.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/clock.h"
#include "watch/service.h"

namespace luy::hub {

inline constexpr int probe_redirects_max = 5;
inline constexpr std::size_t probe_head_bytes_max = 64 << 10;

// Of this machine's interfaces, network order.
std::set<std::string> interface_addresses();

struct ProbeRules {
  // Registered addresses may lead to the hub's own machine: only for tests. Even then never to `own_ports`.
  bool loopback = false;
  std::set<std::uint16_t> own_ports{};
  // Addresses of the hub's own machine beside loopback, 4 or 16 bytes each, asked at every look: they are treated as
  // loopback is.
  std::function<std::set<std::string>()> own_addresses = interface_addresses;
  Duration connect = std::chrono::seconds(5);
  // For all of a look: names, redirects, the answer. Resolving a name is bounded by the machine's own resolver.
  Duration whole = std::chrono::seconds(15);
  std::string name_server{};  // Whom dns services without a server of their own ask; empty = /etc/resolv.conf.
  std::uint16_t name_server_port = 53;
};

// Waits at most `rules.whole`, or until `stop`. The process ignores SIGPIPE, as the hub's server sees to.
watch::Probe look_at(const watch::Service& service, const ProbeRules& rules, const Clock& clock,
                     const std::atomic<bool>& stop);

}  // namespace luy::hub
