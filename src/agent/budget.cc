#include "agent/budget.h"

#include <algorithm>

namespace luy::agent {

Duration Budget::allowed() const {
  return Duration(static_cast<std::int64_t>(static_cast<double>(limits_.window.count()) * limits_.cpu_share));
}

void Budget::read(Duration monotonic, Duration cpu) {
  const auto count = static_cast<std::int64_t>(slots);
  const std::int64_t now = monotonic.count() / (limits_.window.count() / count);
  if (slot_ < 0) slot_ = now;
  for (std::int64_t slot = std::max(slot_ + 1, now - count + 1); slot <= now; ++slot) {
    Duration& old = used_in_[static_cast<std::size_t>(slot % count)];
    used_ -= old;
    old = Duration{0};
  }
  slot_ = std::max(slot_, now);
  const Duration spent = std::max(cpu - last_cpu_, Duration{0});
  last_cpu_ = cpu;
  used_in_[static_cast<std::size_t>(slot_ % count)] += spent;
  used_ += spent;
}

Duration Budget::pause(Duration cpu) const {
  if (!throttled()) return Duration{0};
  const auto micros = static_cast<std::int64_t>(static_cast<double>(cpu.count()) / limits_.cpu_share);
  return std::min(Duration(micros), pause_max);
}

}  // namespace luy::agent
