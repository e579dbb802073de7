// What loaded firewall rules do to packets that come in. Pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "fact/fact.h"

namespace luy::agent {

// The output of `nft -j list ruleset` (libnftables-json(5)). Errors: agent.collector_failed.
Result<fact::Firewall> read_nft(std::string_view json);
// The output of `iptables-save`.
fact::Firewall read_iptables(std::string_view text);

}  // namespace luy::agent
