// This process's own use of processor and memory.
#pragma once

#include "agent/workers.h"

namespace luy::agent {

class LinuxSelfMeter final : public SelfMeter {
 public:
  Duration cpu_time() override;
  std::int64_t rss_bytes() override;
  void trim_memory() override;
};

// For an agent that must not be felt: one heap, memory returned early. To be called first in main().
void keep_memory_small();
// The calling thread: lowest priority for processor and disk.
void lower_thread_priority();

}  // namespace luy::agent
