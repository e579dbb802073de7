#include "agent/budget.h"

#include <algorithm>
#include <charconv>

namespace luy::agent {

// "<slot> <microseconds of each slot…>"
Budget::Budget(BudgetLimits limits, std::string_view saved) : limits_(limits) {
  std::array<std::int64_t, slots + 1> numbers{};
  for (std::int64_t& number : numbers) {
    while (!saved.empty() && saved.front() == ' ') saved.remove_prefix(1);
    const auto [end, error] = std::from_chars(saved.data(), saved.data() + saved.size(), number);
    if (error != std::errc() || number < 0 || number > limits_.window.count() * 1000) return;
    saved.remove_prefix(static_cast<std::size_t>(end - saved.data()));
  }
  slot_ = numbers[0];
  for (std::size_t i = 0; i < slots; ++i) {
    used_in_[i] = Duration(numbers[i + 1]);
    used_ += used_in_[i];
  }
}

std::string Budget::saved() const {
  std::string out = std::to_string(slot_);
  for (const Duration used : used_in_) out += ' ' + std::to_string(used.count());
  return out;
}

double Budget::percent() const {
  return 100.0 * static_cast<double>(used_.count()) / static_cast<double>(limits_.window.count());
}

Duration Budget::allowed() const {
  return Duration(static_cast<std::int64_t>(static_cast<double>(limits_.window.count()) * limits_.cpu_share));
}

void Budget::read(Duration monotonic, Duration cpu) {
  const auto count = static_cast<std::int64_t>(slots);
  const std::int64_t now = monotonic.count() / (limits_.window.count() / count);
  if (slot_ > now && last_cpu_ == Duration{0}) *this = Budget(limits_);  // Saved before the machine was started.
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
