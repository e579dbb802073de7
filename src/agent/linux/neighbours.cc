// Other machines on this machine's networks, as the kernel has them: its tables of IPv4 and IPv6 neighbours. Nothing is
// sent; who this machine never spoke to is not seen.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "agent/linux/collectors.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

constexpr std::size_t neighbours_max = 1024;  // Of the /22 that a town hall has at most.
constexpr unsigned complete = 0x02;           // ATF_COM of linux/if_arp.h: the address is known.

bool is_machine(const std::string& mac) {
  if (mac.size() != 17 || mac == "00:00:00:00:00:00" || mac == "ff:ff:ff:ff:ff:ff") return false;
  // The lowest bit of the first byte says that it is a group's.
  const auto low = std::string_view("0123456789abcdef").find(mac[1]);
  return low != std::string_view::npos && low % 2 == 0;
}

// "192.0.2.9 0x1 0x2 02:00:00:00:00:0a * eth0"
void read_arp(std::string_view text, Time now, std::vector<fact::Neighbour>& out) {
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line);
    if (fields.size() != 6 || !fields[2].starts_with("0x")) continue;
    unsigned flags = 0;
    const std::string hex(fields[2].substr(2));
    const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), flags, 16);
    const std::string mac = lower(std::string(fields[3]));
    if (parsed.ec != std::errc() || (flags & complete) == 0 || !is_machine(mac)) continue;
    out.push_back({std::string(fields[0]), mac, "", "arp", std::string(fields[5]), "", now});
  }
}

// ip -6 neigh show: "fe80::1 dev eth0 lladdr 02:00:00:00:00:01 router REACHABLE"
void read_ndp(std::string_view text, Time now, std::vector<fact::Neighbour>& out) {
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line);
    if (fields.size() < 6 || fields[1] != "dev" || fields.back() == "FAILED") continue;
    const auto at = std::find(fields.begin(), fields.end(), "lladdr");
    if (at == fields.end() || at + 1 == fields.end()) continue;
    const std::string mac = lower(std::string(*(at + 1)));
    if (!is_machine(mac)) continue;
    const bool is_router = std::find(fields.begin(), fields.end(), "router") != fields.end();
    out.push_back({std::string(fields[0]), mac, "", "ndp", std::string(fields[2]), is_router ? "router" : "", now});
  }
}

}  // namespace

Result<Finding> collect_neighbours(const Machine& machine) {
  // To the hour: what is seen all day is told anew each hour and not each time.
  const Time now = std::chrono::floor<std::chrono::hours>(machine.clock.now());
  fact::Neighbours out;
  const auto arp = machine.look("proc/net/arp");
  if (!arp) return arp.error();
  if (*arp) read_arp(**arp, now, out.neighbours);
  for (const char* const program : {"usr/sbin/ip", "usr/bin/ip", "sbin/ip"}) {
    if (!machine.exists(program)) continue;
    const auto text =
        machine.kernel.run({machine.path(program), "-6", "neigh", "show"}, {std::chrono::seconds(10), 1 << 20});
    if (text) read_ndp(*text, now, out.neighbours);
    break;
  }
  std::sort(out.neighbours.begin(), out.neighbours.end(), [](const fact::Neighbour& a, const fact::Neighbour& b) {
    return std::tie(a.interface, a.mac, a.address) < std::tie(b.interface, b.mac, b.address);
  });
  if (out.neighbours.size() > neighbours_max) out.neighbours.resize(neighbours_max);
  return Finding{"/proc/net/arp, ip neigh", std::move(out), {}};
}

}  // namespace luy::agent
