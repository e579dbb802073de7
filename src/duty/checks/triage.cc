// triage (10.3): a high finding is looked at within the pack's time, and an information conflict goes through its
// stages in theirs. One verdict for each agency, the worse of both; where there was neither there is nothing to judge.
#include "duty/checks/check.h"

namespace luy::duty {
namespace {

void add_findings(Finding& finding, const TriageState& triage, Time now) {
  constexpr std::string_view method = "luy-hub";
  if (triage.waiting > 0 && triage.due_at) {
    const bool over = *triage.due_at <= now;
    Arguments arguments;
    arguments.number(static_cast<std::int64_t>(triage.waiting));
    arguments.text(triage.urgent.vi).text(triage.urgent.en).time(*triage.due_at);
    finding.rests_on({log_kind, triage.urgent_seq, triage.urgent_since.value_or(now), method});
    finding.add(over ? State::violated : State::due, over ? Code::triage_overdue : Code::triage_waiting,
                std::move(arguments), over ? std::nullopt : triage.due_at);
  } else if (triage.looked_at > 0 && triage.newest) {
    finding.rests_on({record_kind, triage.newest_seq, *triage.newest, method});
    Arguments arguments;
    arguments.number(triage.days).number(static_cast<std::int64_t>(triage.looked_at));
    if (triage.late > 0) arguments.number(static_cast<std::int64_t>(triage.late));
    arguments.time(*triage.newest);
    finding.add(State::kept, triage.late > 0 ? Code::triage_kept_late : Code::triage_kept, std::move(arguments));
  } else if (triage.rules == 0) {
    finding.add(State::unknown, Code::triage_unarmed);
  } else {
    finding.add(State::not_applicable, Code::triage_none,
                Arguments().number(triage.days).number(static_cast<std::int64_t>(triage.rules)));
  }
}

}  // namespace

Judgement triage_when_empty(const EmptyInput& in) {
  if (!in.triage) return record_when_empty(in);
  Finding finding;
  add_findings(finding, *in.triage, in.now);
  if (in.records) add_records(finding, *in.records, in.now);
  return std::move(finding).done();
}

}  // namespace luy::duty
