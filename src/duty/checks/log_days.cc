// log_days (9.2): of a server every day of the last thirty, or of as many more as the level of a system or a term asks
// for, is in the evidence, without a gap and intact: the hub verifies each day after it was closed. Only log records
// count, not what the agent itself has to say. A day on which the hub itself was off is not missing: what a device had
// to say then came later, and what did not is a gap of the day after. Days before the server was enrolled do not count,
// nor does the day of enrolment while it is empty, nor today until it is over.
#include "duty/checks/check.h"

namespace luy::duty {
namespace {

// A sentence as the end of another.
std::string_view clause(std::string_view sentence) {
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  return sentence;
}

// Of the days from `first` on: what fails verification, and how many passed. The newest that passed stands for them all
// among the proofs.
std::int64_t judge_verified(Finding& finding, const LogDays& log_days, Day first) {
  std::int64_t sound = 0;
  const DayCoverage::Verified* newest = nullptr;
  const auto rests_on = [&](const DayCoverage::Verified& verified) {
    finding.rests_on({record_kind, verified.seq, verified.at, verified.file});
  };
  for (auto entry = log_days.lower_bound(first); entry != log_days.end(); ++entry) {
    const DayCoverage& day = entry->second;
    if (day.damaged) {
      finding.add(State::violated, Code::log_damaged,
                  Arguments().time(day_begin(entry->first)).text(clause(day.damage.vi)).text(clause(day.damage.en)));
      if (day.verified) rests_on(*day.verified);
    } else if (day.verified) {
      ++sound;
      newest = &*day.verified;
    }
  }
  if (newest != nullptr) rests_on(*newest);
  return sound;
}

// Gaps that the numbers of batches prove and losses that the device itself tells, with the notes about the newest ones.
void judge_losses(Finding& finding, const LogDays& log_days, Day first) {
  const auto rests_on = [&](Day day, const std::optional<std::uint64_t>& seq) {
    finding.rests_on({record_kind, seq, day_begin(day), "luy-hub"});
  };
  for (auto entry = log_days.lower_bound(first); entry != log_days.end(); ++entry) {
    const auto& [day, held] = *entry;
    if (held.dropped_records > 0) {
      finding.add(State::violated, Code::log_dropped,
                  Arguments().time(day_begin(day)).number(static_cast<std::int64_t>(held.dropped_records)));
      rests_on(day, held.dropped_seq);
    }
    if (held.missing_batches > 0) {
      finding.add(State::violated, Code::log_gap,
                  Arguments().time(day_begin(day)).number(static_cast<std::int64_t>(held.missing_batches)));
      rests_on(day, held.gap_seq);
    }
  }
}

}  // namespace

Judgement judge_log_days(const Input& in) {
  const inventory::Device& device = in.device->device;
  if (device.device_class != inventory::DeviceClass::server) return class_exempt(device.device_class);
  const auto own = std::chrono::duration_cast<days>(in.limits.duration("keep_days"));
  const days keep = std::max(own, days(in.log_term.days));
  const Day today = day_of(in.now);
  const Day enrolled = day_of(device.enrolled_at);
  std::int64_t held = 0;
  std::int64_t missing = 0;
  std::int64_t off = 0;
  std::optional<Day> first_missing;
  std::optional<Day> first_off;
  Finding finding;
  if (device.last_seen) finding.rests_on({log_kind, device.last_seq, *device.last_seen, "luy-hub"});
  // What went under a shorter term is not missed under a longer one.
  const Day asked = std::min(today - own, std::max(today - keep, in.log_term.known_from - days(1))) + days(1);
  const Day first = std::max(asked, enrolled);
  const std::int64_t sound = judge_verified(finding, *in.log_days, first);
  for (Day day = first; day <= today; day += days(1)) {
    const auto entry = in.log_days->find(day);
    if (entry == in.log_days->end() || !entry->second.logs) {
      const bool damaged = entry != in.log_days->end() && entry->second.damaged;
      if (day == today || day == enrolled || damaged) continue;
      if (entry != in.log_days->end() && entry->second.hub_off) {
        ++off;
        if (!first_off) first_off = day;
        continue;
      }
      ++missing;
      if (!first_missing) first_missing = day;
      continue;
    }
    ++held;
  }
  judge_losses(finding, *in.log_days, first);
  const Time tomorrow = day_begin(today + days(1));
  if (first_missing) {
    finding.add(State::violated, Code::log_missing,
                Arguments().number(missing).time(day_begin(*first_missing)).number(held).number(keep.count()),
                tomorrow);
  } else if (held == 0) {
    finding.add(State::unknown, Code::log_none, {}, tomorrow);
  } else if (first_off) {
    finding.add(State::kept, Code::log_kept_hub_off,
                Arguments().number(held).number(keep.count()).number(sound).number(off).time(day_begin(*first_off)),
                tomorrow);
  } else if (first > today - keep + days(1)) {
    finding.add(State::kept, Code::log_kept_so_far,
                Arguments().number(held).number(keep.count()).number(sound).time(day_begin(first)), tomorrow);
  } else {
    finding.add(State::kept, Code::log_kept, Arguments().number(held).number(keep.count()).number(sound), tomorrow);
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
