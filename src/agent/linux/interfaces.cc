// Network interfaces with their addresses, and the routes.
#include <algorithm>
#include <tuple>

#include "agent/linux/collectors.h"
#include "agent/linux/route_table.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

std::string kind_of(const Machine& machine, const std::string& folder) {
  // include/uapi/linux/if_arp.h
  constexpr std::int64_t ethernet = 1;
  constexpr std::int64_t loopback = 772;
  const auto type = number(machine.word(folder + "/type"));
  if (type == loopback) return "loopback";
  if (machine.exists(folder + "/wireless") || machine.exists(folder + "/phy80211")) return "wifi";
  if (!machine.exists(folder + "/device")) return "virtual";  // Bridges, tunnels, containers: no card behind them.
  return type == ethernet ? "ethernet" : "other";
}

}  // namespace

Result<Finding> collect_interfaces(const Machine& machine) {
  fact::Interfaces out;
  const auto addresses = machine.kernel.addresses();
  for (const std::string& name : machine.list("sys/class/net")) {
    const std::string folder = "sys/class/net/" + name;
    if (!machine.exists(folder + "/type")) continue;  // "bonding_masters" is a file.
    fact::Interface interface;
    interface.name = name;
    interface.kind = kind_of(machine, folder);
    interface.mac = machine.word(folder + "/address");
    const std::string state = machine.word(folder + "/operstate");
    // Loopback and tunnels say "unknown" although they work: then the flag IFF_UP decides.
    const auto flags =
        number(machine.word(folder + "/flags").substr(0, 2) == "0x" ? machine.word(folder + "/flags").substr(2)
                                                                    : std::string(),
               16);
    interface.up = state == "up" || (state == "unknown" && flags && (*flags & 1) != 0);
    for (const InterfaceAddress& address : addresses) {
      if (address.interface == name) interface.addresses.push_back(address.address);
    }
    std::sort(interface.addresses.begin(), interface.addresses.end());
    out.interfaces.push_back(std::move(interface));
  }
  out.routes = parse_routes4(machine.text("proc/net/route"));
  for (fact::Route& route : parse_routes6(machine.text("proc/net/ipv6_route"))) out.routes.push_back(std::move(route));
  const auto key = [](const fact::Route& r) { return std::tie(r.destination, r.interface, r.gateway); };
  std::sort(out.routes.begin(), out.routes.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  out.routes.erase(std::unique(out.routes.begin(), out.routes.end()), out.routes.end());
  if (out.routes.size() > fact::items_max) out.routes.resize(fact::items_max);
  if (out.interfaces.size() > fact::items_max) out.interfaces.resize(fact::items_max);
  return Finding{"sysfs, getifaddrs, /proc/net/route", std::move(out), {}};
}

}  // namespace luy::agent
