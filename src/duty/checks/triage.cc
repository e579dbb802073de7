// triage (10.3): a high finding is looked at within the pack's time. One verdict for each agency; where nothing high
// was found there is nothing to judge.
#include "duty/checks/check.h"

namespace luy::duty {

Judgement triage_when_empty(const EmptyInput& in) {
  if (!in.triage) return record_when_empty(in);
  const TriageState& triage = *in.triage;
  constexpr std::string_view method = "luy-hub";
  Finding finding;
  if (triage.waiting > 0 && triage.due_at) {
    const bool over = *triage.due_at <= in.now;
    Arguments arguments;
    arguments.number(static_cast<std::int64_t>(triage.waiting));
    arguments.text(triage.urgent.vi).text(triage.urgent.en).time(*triage.due_at);
    finding.rests_on({log_kind, triage.urgent_seq, triage.urgent_since.value_or(in.now), method});
    finding.add(over ? State::violated : State::due, over ? Code::triage_overdue : Code::triage_waiting,
                std::move(arguments), over ? std::nullopt : triage.due_at);
    return std::move(finding).done();
  }
  if (triage.looked_at > 0 && triage.newest) {
    finding.rests_on({record_kind, triage.newest_seq, *triage.newest, method});
    Arguments arguments;
    arguments.number(triage.days).number(static_cast<std::int64_t>(triage.looked_at));
    if (triage.late > 0) arguments.number(static_cast<std::int64_t>(triage.late));
    arguments.time(*triage.newest);
    finding.add(State::kept, triage.late > 0 ? Code::triage_kept_late : Code::triage_kept, std::move(arguments));
    return std::move(finding).done();
  }
  if (triage.rules == 0) return only(State::unknown, Code::triage_unarmed);
  return only(State::not_applicable, Code::triage_none,
              Arguments().number(triage.days).number(static_cast<std::int64_t>(triage.rules)));
}

}  // namespace luy::duty
