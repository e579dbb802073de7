// The agent's own limit: so much processor time over a window, and no more. Pure: readings come in, pauses go out.
#pragma once

#include <array>
#include <cstddef>

#include "base/clock.h"

namespace luy::agent {

// One percent of one core over ten minutes, as the regulation system promises its machines' owners.
struct BudgetLimits {
  double cpu_share = 0.01;
  Duration window = std::chrono::minutes(10);
};

// Processor time of the window's slots is summed up; a quiet time before allows a burst of up to
// cpu_share * window (6 s) at full speed.
class Budget {
 public:
  explicit Budget(BudgetLimits limits = {}) : limits_(limits) {}

  // `cpu` is the process's (and its finished children's) processor time since it started, `monotonic` when it was
  // read. To be called before pause() and throttled().
  void read(Duration monotonic, Duration cpu);

  bool throttled() const { return used_ > allowed(); }
  // How long to rest after work that took `cpu`, so that the share is kept; zero while not throttled.
  Duration pause(Duration cpu) const;
  Duration used() const { return used_; }

 private:
  static constexpr std::size_t slots = 60;
  static constexpr Duration pause_max = std::chrono::seconds(10);
  Duration allowed() const;

  const BudgetLimits limits_;
  std::array<Duration, slots> used_in_{};
  std::int64_t slot_ = -1;
  Duration last_cpu_{0};
  Duration used_{0};
};

}  // namespace luy::agent
