// The kernel's routing tables /proc/net/route and /proc/net/ipv6_route. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "fact/fact.h"

namespace luy::agent {

// Rows that are not of the expected form are passed over; so are routes that refuse (unreachable, blackhole).
std::vector<fact::Route> parse_routes4(std::string_view text);
// Only unicast routes in use: multicast, local and refusing ones are passed over.
std::vector<fact::Route> parse_routes6(std::string_view text);

}  // namespace luy::agent
