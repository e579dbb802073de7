// patches (5.2): no security update waits longer than its limit, and the list of updates is not too old to know.
// Debian's archive does not say how severe an update is, so an update may be a critical one: past the limit for
// critical ones the duty is due, past the limit for others it is violated
// (docs/adr/0073-judging-what-cannot-be-known.md).
#include "duty/checks/check.h"

namespace luy::duty {
namespace {

void judge_pending(Finding& finding, const inventory::PatchSummary& updates, const Input& in) {
  const Time offered = *updates.oldest_offered;
  const Phase phase = phase_of(offered, in.limits.duration("other_days"), in.limits.due_share(), in.now);
  const Time maybe_late = offered + in.limits.duration("critical_days");
  const auto arguments = [&] {
    return Arguments()
        .number(static_cast<std::int64_t>(updates.security_count))
        .text(updates.oldest_package)
        .time(offered)
        .time(phase.ends);
  };
  if (phase.state == State::violated) {
    finding.add(State::violated, Code::patches_overdue, arguments());
  } else if (phase.state == State::due) {
    finding.add(State::due, Code::patches_due, arguments(), phase.ends);
  } else if (in.now >= maybe_late) {
    finding.add(State::due, Code::patches_maybe_critical, arguments(), phase.due_from);
  } else {
    finding.add(State::kept, Code::patches_pending, arguments(), std::min(phase.due_from, maybe_late));
  }
}

}  // namespace

Judgement judge_patches(const Input& in) {
  const auto& part = in.device->updates;
  if (!part) return not_reported(fact::Kind::updates);
  const inventory::PatchSummary& updates = part->value;
  Finding finding;
  finding.rests_on(basis_of("updates", *part));
  if (!updates.lists_present) {
    finding.add(State::unknown, Code::lists_absent);
    return std::move(finding).done();
  }
  if (!updates.lists_date) {
    finding.add(State::unknown, Code::lists_undated);
    return std::move(finding).done();
  }
  const Phase lists =
      phase_of(*updates.lists_date, in.limits.duration("lists_age_days"), in.limits.due_share(), in.now);
  if (!updates.unknown_because.empty() && lists.state != State::violated) {
    finding.add(State::unknown, Code::patches_not_known, Arguments().text(updates.unknown_because), lists.ends);
    return std::move(finding).done();
  }
  if (updates.oldest_offered) {
    judge_pending(finding, updates, in);
  } else {
    finding.add(State::kept, Code::patches_none, Arguments().time(*updates.lists_date));
  }
  const Code code = lists.state == State::violated ? Code::lists_stale : Code::lists_due;
  finding.add(lists.state, code, Arguments().time(*updates.lists_date).time(lists.ends), lists.changes_at);
  return std::move(finding).done();
}

}  // namespace luy::duty
