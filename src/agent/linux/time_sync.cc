// Whether the kernel's clock is disciplined, and by whom.
#include "agent/linux/collectors.h"

namespace luy::agent {

Result<Finding> collect_time_sync(const Machine& machine) {
  fact::TimeSync out;
  out.synchronised = machine.kernel.clock_synchronised();
  out.service = "none";
  // /proc/PID/comm holds 15 characters.
  if (is_running(machine, {"systemd-timesyn"})) out.service = "systemd-timesyncd";
  if (is_running(machine, {"ntpd"})) out.service = "ntpsec";
  if (is_running(machine, {"chronyd"})) out.service = "chrony";
  return Finding{"adjtimex, /proc", std::move(out), {}};
}

}  // namespace luy::agent
