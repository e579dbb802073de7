// The process that answers the kernel, and nothing else: it executes nothing, takes no lock that others hold, and goes
// when its watcher goes.
#pragma once

#include <sys/types.h>

#include "agent/linux/execution_gate.h"

namespace luy::agent {

inline constexpr int worker_not_supported = 3;  // The exit code when the kernel does not give what it takes.

// Runs until it is ended; the exit code of the process. In a process of its own that `parent` has forked.
int execution_worker(const ExecutionSetup& setup, const device_policy::Software& section, Trust trust,
                     ExecutionShared& shared, pid_t parent);

}  // namespace luy::agent
