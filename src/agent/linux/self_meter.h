// This process's own use of processor and memory.
#pragma once

#include <functional>
#include <utility>

#include "agent/workers.h"

namespace luy::agent {

class LinuxSelfMeter final : public SelfMeter {
 public:
  // `apart`: processor time of children that keep to a budget of their own; it grows, and is not counted here.
  explicit LinuxSelfMeter(std::function<Duration()> apart = {}) : apart_(std::move(apart)) {}
  Duration cpu_time() override;
  std::int64_t rss_bytes() override;
  void trim_memory() override;

 private:
  std::function<Duration()> apart_;
};

// For an agent that must not be felt: one heap, memory returned early. To be called first in main().
void keep_memory_small();
// The calling thread: lowest priority for processor and disk.
void lower_thread_priority();

}  // namespace luy::agent
