#include "agent/linux/route_table.h"

#include <arpa/inet.h>

#include <array>
#include <bit>
#include <cstring>

#include "agent/linux/socket_table.h"
#include "agent/linux/text.h"
#include "base/encoding.h"

namespace luy::agent {
namespace {

// include/uapi/linux/route.h and ipv6_route.h
constexpr std::int64_t flag_up = 0x1;
constexpr std::int64_t flag_reject = 0x200;
constexpr std::int64_t flag_local = 0x80000000;

// /proc/net/ipv6_route writes addresses in network order, without colons.
std::string address6(std::string_view hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != 16) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, bytes->data(), text.data(), text.size());
  return text.data();
}

}  // namespace

// Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
std::vector<fact::Route> parse_routes4(std::string_view text) {
  std::vector<fact::Route> out;
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line);
    if (fields.size() < 8) continue;
    const auto flags = number(fields[3], 16);
    const auto mask = number(fields[7], 16);
    const std::string destination = hex_address(fields[1]);
    const std::string gateway = hex_address(fields[2]);
    if (!flags || !mask || destination.empty() || gateway.empty()) continue;
    if ((*flags & flag_up) == 0 || (*flags & flag_reject) != 0) continue;
    const int prefix = std::popcount(static_cast<std::uint32_t>(*mask));
    out.push_back(
        {destination + '/' + std::to_string(prefix), gateway == "0.0.0.0" ? "" : gateway, std::string(fields[0])});
  }
  return out;
}

// destination prefix source prefix next-hop metric refcount use flags device
std::vector<fact::Route> parse_routes6(std::string_view text) {
  std::vector<fact::Route> out;
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line);
    if (fields.size() < 10) continue;
    const std::string destination = address6(fields[0]);
    const auto prefix = number(fields[1], 16);
    const std::string gateway = address6(fields[4]);
    const auto flags = number(fields[8], 16);
    if (destination.empty() || gateway.empty() || !prefix || !flags) continue;
    if ((*flags & flag_up) == 0 || (*flags & (flag_reject | flag_local)) != 0) continue;
    if (destination.starts_with("ff")) continue;
    out.push_back(
        {destination + '/' + std::to_string(*prefix), gateway == "::" ? "" : gateway, std::string(fields[9])});
  }
  return out;
}

}  // namespace luy::agent
