// The agent's own limit: so much processor time over a window, and no more. Pure: readings come in, pauses go out.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

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
  // Goes on where an earlier process of this boot stopped (saved()), so that an agent that is started again and again
  // does not look idle. A text of another form, or of a time that is yet to come, is passed over.
  Budget(BudgetLimits limits, std::string_view saved);
  std::string saved() const;

  // `cpu` is the process's (and its finished children's) processor time since it started, `monotonic` when it was
  // read. To be called before pause() and throttled().
  void read(Duration monotonic, Duration cpu);

  bool throttled() const { return used_ > allowed(); }
  // How long to rest after work that took `cpu`, so that the share is kept; zero while not throttled.
  Duration pause(Duration cpu) const;
  Duration used() const { return used_; }
  // What was used within the window, of one core; the time before the agent first ran counts as idle, which it was.
  double percent() const;
  Duration window() const { return limits_.window; }

 private:
  static constexpr std::size_t slots = 60;
  static constexpr Duration pause_max = std::chrono::seconds(10);
  Duration allowed() const;

  BudgetLimits limits_;
  std::array<Duration, slots> used_in_{};
  std::int64_t slot_ = -1;
  Duration last_cpu_{0};
  Duration used_{0};
};

}  // namespace luy::agent
