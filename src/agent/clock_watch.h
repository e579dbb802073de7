// Notices that the machine's clock was set: logs bear its time, so whoever moves it blurs when something happened.
// Pure.
#pragma once

#include <optional>

#include "base/clock.h"

namespace luy::agent {

class ClockWatch {
 public:
  // What time services correct in one step while they run: chrony steps from 1 s on only at its start (chrony.conf(5),
  // makestep), systemd-timesyncd from 0.4 s on. A minute is neither.
  static constexpr Duration slack = std::chrono::seconds(60);

  struct Moved {
    Time expected;  // What the clock would show had nobody set it.
    Time found;
    bool operator==(const Moved&) const = default;
  };

  // `running`: since the machine started, time asleep included (CLOCK_BOOTTIME), so that a laptop's sleep is no move.
  ClockWatch(Time now, Duration running) : now_(now), running_(running) {}

  // Set when the clock was moved by more than `slack` since the last call.
  std::optional<Moved> look(Time now, Duration running);

 private:
  Time now_;
  Duration running_;
};

}  // namespace luy::agent
