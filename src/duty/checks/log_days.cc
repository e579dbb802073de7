// log_days (9.2): of a server every day of the last thirty is in the evidence, without a gap and intact. Days before it
// was enrolled do not count, nor does the day of enrolment while it is empty, nor today until it is over.
#include "duty/checks/check.h"

namespace luy::duty {

Judgement judge_log_days(const Input& in) {
  const inventory::Device& device = in.device->device;
  if (device.device_class != inventory::DeviceClass::server) return class_exempt(device.device_class);
  const auto keep = std::chrono::duration_cast<days>(in.limits.duration("keep_days"));
  const Day today = day_of(in.now);
  const Day enrolled = day_of(device.enrolled_at);
  std::int64_t held = 0;
  std::int64_t missing = 0;
  std::optional<Day> first_missing;
  Finding finding;
  if (device.last_seen) finding.rests_on({log_kind, device.last_seq, *device.last_seen, "luy-hub"});
  for (Day day = std::max(today - keep + days(1), enrolled); day <= today; day += days(1)) {
    const auto entry = in.log_days->find(day);
    if (entry == in.log_days->end() || entry->second.records == 0) {
      if (day == today || day == enrolled) continue;
      ++missing;
      if (!first_missing) first_missing = day;
      continue;
    }
    ++held;
    if (entry->second.damaged) finding.add(State::violated, Code::log_damaged, Arguments().time(day_begin(day)));
    if (entry->second.missing_batches > 0) {
      finding.add(State::violated, Code::log_gap,
                  Arguments().time(day_begin(day)).number(static_cast<std::int64_t>(entry->second.missing_batches)));
    }
  }
  const Time tomorrow = day_begin(today + days(1));
  if (first_missing) {
    finding.add(State::violated, Code::log_missing,
                Arguments().number(missing).time(day_begin(*first_missing)).number(held).number(keep.count()),
                tomorrow);
  } else if (held == 0) {
    finding.add(State::unknown, Code::log_none, {}, tomorrow);
  } else {
    finding.add(State::kept, Code::log_kept, Arguments().number(held).number(keep.count()), tomorrow);
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
