// When each fact is collected, and whether what was found is worth sending: when its content changed, or a day after it
// was last sent (the agent's own fact: always).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "agent/collector.h"
#include "agent/source.h"
#include "agent/spool_frame.h"
#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

// Not thread-safe: belongs to the agent's main thread.
class FactRound {
 public:
  static constexpr Duration repeat = std::chrono::hours(24);
  // While the agent is over its budget, facts are collected this many times less often.
  static constexpr int slow_factor = 4;
  static constexpr Duration look_at_triggers = std::chrono::seconds(15);
  // What could not be learnt is tried again after this, then after twice as long and so on, up to the kind's period.
  static constexpr Duration retry_first = std::chrono::seconds(30);

  FactRound(std::vector<Collector> collectors, const Clock& clock);

  // The kinds to collect now; each is then under way until settle(). Looks at the trigger files when their time has
  // come.
  std::vector<fact::Kind> take_due(bool slow);
  // What goes into the spool for this finding: the fact if it is worth sending, the memory if it changed, a note (and a
  // line in the program's log) when the collector fails or works again. A failed one is due again before its period.
  std::vector<Item> settle(fact::Kind kind, const Result<Finding>& finding, const Positions& positions);

  // All of them at once, at the next take_due().
  void hurry();

  const Collector* collector(fact::Kind kind) const;
  std::string memory(fact::Kind kind, const Positions& positions) const;
  Duration next_due() const;  // Monotonic.

 private:
  struct Row {
    Collector collector;
    Duration due{0};
    Duration last{0};  // When it was collected.
    bool running = false;
    std::string trouble;  // The last error's text, so that the same one is noted once.
    int failures = 0;     // In a row.
    std::string triggers_seen;
  };
  Row& row(fact::Kind kind);
  void look();
  void plan_retry(Row& row, bool failed);

  std::vector<Row> rows_;
  const Clock& clock_;
  Duration next_look_{0};
};

// `body` without what changes all the time and decides nothing, such as the last bytes of a disk's free space.
fact::Body significant(fact::Body body);

}  // namespace luy::agent
