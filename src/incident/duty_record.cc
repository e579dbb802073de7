#include "incident/duty_record.h"

#include <array>

namespace luy::incident {
namespace {

namespace json = boost::json;

// The record types of the steps, in their order.
constexpr std::array<std::string_view, 5> step_records = {"incident_triage", "incident_minutes", "incident_report",
                                                          "joint_remedy", "incident_closing"};
constexpr std::string_view receipt_record = "incident_receipt";
constexpr std::string_view staff_record = "staff_report";
constexpr std::string_view warning_record = "warning";

using Records = std::map<std::string, DutyRecord>;

DutyRecord& of(Records& all, std::string_view record) {
  return all[std::string(record)];
}

void wait(DutyRecord& record, Text what, Time since, std::optional<Time> due, const std::string& act) {
  ++record.waiting;
  const bool is_first = record.waiting == 1;
  const bool is_more_urgent = due && (!record.due_at || *due < *record.due_at);
  if (!is_first && !is_more_urgent) return;
  record.urgent = std::move(what);
  record.since = since;
  record.due_at = due;
  record.act = act;
}

void keep(DutyRecord& record, Time at, const std::string& act) {
  ++record.kept;
  if (record.newest && *record.newest > at) return;
  record.newest = at;
  record.newest_act = act;
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::optional<Time> due_of(const std::vector<LegalClock>& clocks, Moment until) {
  std::optional<Time> out;
  for (const LegalClock& clock : clocks) {
    if (clock.stopped || clock.rule->until != until) continue;
    out = std::min(out.value_or(clock.due), clock.due);
  }
  return out;
}

// The clock that limits a step, where the law has one.
std::optional<Time> due_of_step(const std::vector<LegalClock>& clocks, unsigned step) {
  if (step == 1) return due_of(clocks, Moment::triaged);
  if (step == 3) return due_of(clocks, Moment::initial_report);
  return std::nullopt;
}

void add_case(const CaseBook& cases, const CaseFile& file, Records& all) {
  const Process& process = cases.process();
  const Case& one = file.one;
  const Text title{one.number + ": " + one.title, one.number + ": " + one.title};
  std::string entered_by;  // The act that led to the present state.
  for (const TimelineEntry& entry : file.timeline) {
    if (entry.kind == "opened") entered_by = entry.act;
    if (entry.kind != "moved") continue;
    entered_by = entry.act;
    const ProcessState* from = process.state(text_at(entry.data, "from"));
    const Transition* transition = process.transition(text_at(entry.data, "event"));
    if (from == nullptr || transition == nullptr || from->step < 1 || from->step > step_records.size()) continue;
    const ProcessState* to = process.state(transition->to);
    // That it was none, or went on elsewhere, is not what the step asks for.
    if (to != nullptr && to->is_end && transition->papers.empty()) continue;
    keep(of(all, step_records.at(from->step - 1)), entry.at, entry.act);
  }
  const ProcessState* state = process.state(one.state);
  if (state == nullptr || !cases.owes(one)) return;
  const std::vector<LegalClock> clocks = cases.clocks(one);
  if (state->step >= 1 && state->step <= step_records.size()) {
    wait(of(all, step_records.at(state->step - 1)), title, one.state_since, due_of_step(clocks, state->step),
         entered_by);
  }
  // It has ended, and the closing report is still owed.
  const auto closing = due_of(clocks, Moment::closing_report);
  if (state->is_end && closing) wait(of(all, step_records.back()), title, one.state_since, closing, entered_by);
}

}  // namespace

Result<std::map<std::string, DutyRecord>> duty_records(const CaseBook& cases, const ReportBook& reports,
                                                       const WarningBook& warnings, const AgencyId& agency,
                                                       const IsBelow& is_below, Time now) {
  Records all;
  for (const std::string_view name : step_records) of(all, name);
  for (const std::string_view name : {receipt_record, staff_record, warning_record}) of(all, name);
  const auto is_here = [&](const AgencyId& where) { return where == agency; };
  LUY_TRY(const std::vector<Case> list, cases.list(is_here));
  for (const Case& one : list) {
    const ProcessState* state = cases.process().state(one.state);
    const bool is_over = state != nullptr && state->is_end;
    if (is_over && one.state_since + duty_days < now) continue;
    LUY_TRY(const CaseFile file, cases.file(one.id));
    add_case(cases, file, all);
  }
  LUY_TRY(const std::vector<StaffReport> told, reports.list(is_here));
  for (const StaffReport& one : told) {
    if (one.reported_at + duty_days < now) continue;
    keep(of(all, staff_record), one.received_at.value_or(one.reported_at),
         one.received_at ? one.received_act : "report:" + one.id.text());
    if (one.received_at) {
      keep(of(all, receipt_record), *one.received_at, one.received_act);
    } else {
      wait(of(all, receipt_record), {one.number, one.number}, one.reported_at,
           cases.limit_of(Moment::reported, Moment::received, one.reported_at), "report:" + one.id.text());
    }
  }
  LUY_TRY(const std::vector<Warning> issued, warnings.list());
  for (const Warning& one : issued) {
    for (const Warning::Receiver& receiver : one.receivers) {
      if (!is_below(receiver.agency, agency)) continue;
      const auto& done = receiver.answers[warning_step_count - 1];
      const std::string title = one.number + ": " + one.title;
      if (!done) wait(of(all, warning_record), {title, title}, one.issued_at, one.due, one.act);
      if (done && done->at + duty_days >= now) keep(of(all, warning_record), done->at, done->act);
    }
  }
  return all;
}

}  // namespace luy::incident
