// How long a service ordinarily takes to answer, by the hour of the day, and from when on it is abnormally slow.
// Robust: medians and median absolute deviations, so that a few outliers move nothing. Pure.
//
// limit = the largest of: median + 6 × 1.4826 × MAD (six standard deviations where times are normal; beyond what any
// day shows), 2 × median, median + 250 ms (below which nobody notices).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace luy::watch {

inline constexpr std::size_t baseline_samples_max = 60;   // Kept per hour of the day, the newest.
inline constexpr std::size_t baseline_hour_samples = 20;  // From so many on an hour speaks for itself.
inline constexpr std::size_t baseline_warm_up = 30;       // Before so many in all nothing is called slow.
inline constexpr double baseline_spread_factor = 6 * 1.4826;
inline constexpr Duration baseline_slack_min = std::chrono::milliseconds(250);

class Baseline {
 public:
  void add(Time at, Duration latency);

  struct Level {
    Duration median{0};
    Duration limit{0};
    std::size_t samples = 0;  // It rests on: those of the hour, or of all hours while the hour has too few.
  };
  // At this time of day in Vietnam; nullopt during warm-up.
  std::optional<Level> level(Time at) const;
  std::size_t samples() const;

  std::string saved() const;  // JSON: 24 lists of microseconds.
  static Baseline restored(std::string_view text);

 private:
  std::array<std::deque<std::int32_t>, 24> hours_;  // Microseconds, at most 35 minutes.
};

}  // namespace luy::watch
