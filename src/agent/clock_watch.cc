#include "agent/clock_watch.h"

namespace luy::agent {

std::optional<ClockWatch::Moved> ClockWatch::look(Time now, Duration running) {
  const Time expected = now_ + (running - running_);
  now_ = now;
  running_ = running;
  const Duration off = now > expected ? now - expected : expected - now;
  if (off <= slack) return std::nullopt;
  return Moved{expected, now};
}

}  // namespace luy::agent
