#include "agent/linux/self_meter.h"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {
namespace {

Duration used(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto micros = [](const timeval& t) {
    return Duration(std::chrono::seconds(t.tv_sec)) + std::chrono::microseconds(t.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

}  // namespace

Duration LinuxSelfMeter::cpu_time() {
  return used(RUSAGE_SELF) + used(RUSAGE_CHILDREN) - (apart_ ? apart_() : Duration{0});
}

// proc_pid_statm(5): the second number is resident pages.
std::int64_t LinuxSelfMeter::rss_bytes() {
  const auto text = read_file("/proc/self/statm", 4096);
  if (!text) return 0;
  const auto fields = words(*text);
  if (fields.size() < 2) return 0;
  return number(fields[1]).value_or(0) * ::sysconf(_SC_PAGESIZE);
}

void LinuxSelfMeter::trim_memory() {
  ::malloc_trim(0);
}

void keep_memory_small() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 10);
  ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
}

// ioprio_set(2) has no wrapper in glibc; class 3 is "idle". A priority that cannot be lowered is no reason to stop.
void lower_thread_priority() {
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  ::setpriority(PRIO_PROCESS, thread, 19);
  constexpr int who_process = 1;
  constexpr int class_idle = 3 << 13;
  ::syscall(SYS_ioprio_set, who_process, 0, class_idle);
}

}  // namespace luy::agent
