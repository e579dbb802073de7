// What a machine forgets when it is switched off: processes, sockets, who is logged in, routes, neighbours, the newest
// logins. As one JSON document of bounded size.
#pragma once

#include <string>

#include "agent/linux/machine.h"

namespace luy::agent {

inline constexpr std::size_t volatile_bytes_max = 256 << 10;
inline constexpr std::size_t volatile_logins_max = 50;
inline constexpr std::size_t volatile_text_bytes_max = 300;  // Of a command line or a path.

// {"at":…,"sections":{"processes":[…],…},"cut":[names of sections that did not fit whole]}. What cannot be read is
// empty.
std::string collect_volatile(const Machine& machine);

}  // namespace luy::agent
