// One kind of fact: how it is learnt and how often. Collectors run on the agent's worker thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fact/fact.h"

namespace luy::agent {

inline constexpr ErrorKind collector_failed{"agent.collector_failed", ErrorClass::unavailable,
                                            "Không thu thập được thông tin từ máy: {}.",
                                            "This could not be learnt from the machine: {}."};

struct Finding {
  std::string method;  // For the proof page: "/etc/shadow", "libapt-pkg".
  fact::Body body;
  // What the collector wants to be told the next time, across restarts: since when an update is offered, for example.
  std::string memory;
  // Not empty: a part could not be learnt, for this reason, which the body says, too.
  std::string trouble{};
};

struct Collector {
  fact::Kind kind = fact::Kind::identity;
  Duration period = std::chrono::hours(1);
  // When one of these files changes, the fact is collected at the next look instead of at its period.
  std::vector<std::string> triggers;
  // But not sooner than this after the last time: an upgrade changes dpkg's status for minutes.
  Duration pause{0};
  // `memory` is what the last finding left. Errors: collector_failed and those of base/file.h.
  std::function<Result<Finding>(const std::string& memory)> collect;
};

}  // namespace luy::agent
