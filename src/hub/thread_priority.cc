#include "hub/thread_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace luy::hub {

void lower_thread_priority() {
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  ::setpriority(PRIO_PROCESS, thread, 19);
  // ioprio_set(2) has no wrapper in glibc; class 3 is "idle".
  constexpr int who_process = 1;
  constexpr int class_idle = 3 << 13;
  ::syscall(SYS_ioprio_set, who_process, 0, class_idle);
}

}  // namespace luy::hub
