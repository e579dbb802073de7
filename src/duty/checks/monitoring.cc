// monitoring (9.1): a device is not silent for longer than its limit: minutes for what must always run, working days
// for what people switch off.
#include <algorithm>
#include <cmath>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

// Times of receipt may be this far ahead of the clock (evidence/store.h: the store never lets them run backwards).
constexpr std::chrono::seconds clock_slack{5};

}  // namespace

Judgement judge_monitoring(const Input& in) {
  using inventory::DeviceClass;
  const inventory::Device& device = in.device->device;
  const bool always_on = device.device_class == DeviceClass::server || device.device_class == DeviceClass::network ||
                         device.device_class == DeviceClass::storage;
  const Time recorded = device.last_seen.value_or(device.enrolled_at);
  Finding finding;
  if (device.last_seen) finding.rests_on({log_kind, device.last_seq, recorded, "luy-hub"});
  if (recorded > in.now + clock_slack) {
    finding.add(State::unknown, Code::monitoring_clock, Arguments().time(recorded), recorded - clock_slack);
    return std::move(finding).done();
  }
  const Time last = std::min(recorded, in.now);
  Time ends;
  Time due_from;
  if (always_on) {
    const Phase phase = phase_of(last, in.limits.duration("server_minutes"), in.limits.due_share(), in.now);
    ends = phase.ends;
    due_from = phase.due_from;
  } else {
    const Duration limit = std::chrono::hours(24) * in.limits.working_days("workstation_days");
    const auto kept_part = Duration(std::llround(static_cast<double>(limit.count()) * (1 - in.limits.due_share())));
    ends = in.calendar.after(last, limit);
    due_from = in.calendar.after(last, kept_part);
  }
  const Code silent = device.last_seen ? Code::monitoring_silent : Code::monitoring_never;
  if (in.now >= ends) {
    finding.add(State::violated, silent, Arguments().time(last));
  } else if (in.now >= due_from) {
    finding.add(State::due, Code::monitoring_due, Arguments().time(last).time(ends), ends);
  } else {
    finding.add(State::kept, Code::monitoring_kept, Arguments().time(last), due_from);
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
