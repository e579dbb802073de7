#include "incident/duty_record.h"

#include <algorithm>
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
constexpr std::string_view conflict_record = "conflict_case";
constexpr std::string_view handover_record = "evidence_handover";

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

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr || !found->is_array()) return out;
  for (const json::value& each : found->get_array()) {
    if (each.is_string()) out.emplace_back(each.get_string().c_str());
  }
  return out;
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

Text title_of(const Case& one) {
  return {one.number + ": " + one.title, one.number + ": " + one.title};
}

void add_steps(const CaseBook& cases, const CaseFile& file, Records& all) {
  const Process& process = cases.process();
  const Case& one = file.one;
  const Text title = title_of(one);
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

// A conflict waits in each of its stages and is kept when its record is closed: that asks for the origin, the remedy
// plan and the report of the result.
void add_conflict(const CaseBook& cases, const CaseFile& file, Records& all) {
  const Case& one = file.one;
  std::string began, latest;
  for (const TimelineEntry& entry : file.timeline) {
    if (entry.kind != "conflict") continue;
    if (began.empty()) began = entry.act;
    latest = entry.act;
  }
  DutyRecord& record = of(all, conflict_record);
  if (one.conflict->closed_at) return keep(record, *one.conflict->closed_at, latest);
  wait(record, title_of(one), one.conflict->stages.front().entered, cases.due_of(*one.conflict), began);
}

bool goes_to_police(const HandoverRule& rule, const std::vector<std::string>& harms) {
  return std::any_of(harms.begin(), harms.end(), [&](const std::string& harm) {
    return std::find(rule.harms.begin(), rule.harms.end(), harm) != rule.harms.end();
  });
}

// The entry since which step 1 is decided and one of the rule's harms is noted, whichever came last; nullptr when that
// is not so.
const TimelineEntry* handover_began(const Process& process, const std::vector<TimelineEntry>& timeline) {
  const TimelineEntry* out = nullptr;
  bool is_unlawful = false, is_triaged = false;
  for (const TimelineEntry& entry : timeline) {
    if (entry.kind == "opened" || entry.kind == "classified") {
      is_unlawful = goes_to_police(process.handover, texts_at(entry.data, "harms"));
    } else if (entry.kind == "moved") {
      const Transition* way = process.transition(text_at(entry.data, "event"));
      is_triaged = is_triaged || (way != nullptr && std::find(way->moments.begin(), way->moments.end(),
                                                              Moment::triaged) != way->moments.end());
    }
    if (!is_unlawful || !is_triaged) out = nullptr;
    if (is_unlawful && is_triaged && out == nullptr) out = &entry;
  }
  return out;
}

// The act by which the first paper that marks the moment was delivered; empty when none was.
std::string delivered_by(const Process& process, const CaseFile& file, Moment moment) {
  for (const TimelineEntry& entry : file.timeline) {
    if (entry.kind != "paper" || !entry.data.contains("at")) continue;
    const std::string id = text_at(entry.data, "paper");
    for (const CasePaper& paper : file.papers) {
      const PaperUse* use = process.paper(paper.form);
      if (paper.id.text() == id && use != nullptr && use->moment == moment) return entry.act;
    }
  }
  return {};
}

// What goes to the police is kept by the signed minutes of the hand-over that were delivered.
void add_handover(const CaseBook& cases, const CaseFile& file, Records& all) {
  const Process& process = cases.process();
  const auto handed = file.one.moments.find(Moment::evidence_handed);
  if (handed != file.one.moments.end()) {
    return keep(of(all, handover_record), handed->second, delivered_by(process, file, handed->first));
  }
  const TimelineEntry* began = handover_began(process, file.timeline);
  if (began == nullptr) return;
  wait(of(all, handover_record), title_of(file.one), began->at, cases.end_of(process.handover.limit, began->at),
       began->act);
}

// What of a case counts: what is under way however long ago the case ended, what is done as long as it is of late.
Result<void> add_case_file(const CaseBook& cases, const Case& one, Time oldest, Records& all) {
  const Process& process = cases.process();
  const ProcessState* state = process.state(one.state);
  const auto handed = one.moments.find(Moment::evidence_handed);
  const bool has_steps = state == nullptr || !state->is_end || one.state_since >= oldest;
  const bool has_conflict = one.conflict && one.conflict->closed_at.value_or(oldest) >= oldest;
  const bool has_handover = handed != one.moments.end()
                                ? handed->second >= oldest
                                : cases.owes(one) && goes_to_police(process.handover, one.found.harms);
  if (!has_steps && !has_conflict && !has_handover) return {};
  LUY_TRY(const CaseFile file, cases.file(one.id));
  if (has_steps) add_steps(cases, file, all);
  if (has_conflict) add_conflict(cases, file, all);
  if (has_handover) add_handover(cases, file, all);
  return {};
}

// Article 12.1: only what the town office took note of counts. What joined a case is received with it.
void add_receipt(const CaseBook& cases, const StaffReport& report, const Case* in_case, Records& all) {
  DutyRecord& record = of(all, receipt_record);
  const auto& own = report.town.receipt;
  const auto& receipt = own || in_case == nullptr ? own : in_case->town.receipt;
  if (receipt) return keep(record, receipt->at, receipt->act);
  const bool waits =
      in_case != nullptr ? waits_for_receipt(cases.process(), *in_case) : report.state != StaffReport::State::declined;
  if (!waits) return;
  wait(record, {report.number, report.number}, report.reported_at,
       cases.limit_of(Moment::reported, Moment::received, report.reported_at), "report:" + report.id.text());
}

// A case that an agency opened without a report of its staff is a report of the agency.
Result<void> add_receipt(const CaseBook& cases, const Case& one, Time oldest, Records& all) {
  const Time opened = one.moments.at(Moment::opened);
  if (one.moments.contains(Moment::reported) || opened < oldest) return {};
  DutyRecord& record = of(all, receipt_record);
  if (one.town.receipt) {
    keep(record, one.town.receipt->at, one.town.receipt->act);
  } else if (waits_for_receipt(cases.process(), one)) {
    LUY_TRY(const CaseFile file, cases.file(one.id));
    const std::string act = file.timeline.empty() ? "" : file.timeline.front().act;
    wait(record, title_of(one), opened, cases.limit_of(Moment::reported, Moment::received, opened), act);
  }
  return {};
}

}  // namespace

Result<std::map<std::string, DutyRecord>> duty_records(const CaseBook& cases, const ReportBook& reports,
                                                       const WarningBook& warnings, const AgencyId& agency,
                                                       const IsBelow& is_below, Time now) {
  Records all;
  for (const std::string_view name : step_records) of(all, name);
  for (const std::string_view name : {receipt_record, staff_record, warning_record, conflict_record, handover_record}) {
    of(all, name);
  }
  const auto is_here = [&](const AgencyId& where) { return where == agency; };
  LUY_TRY(const std::vector<Case> list, cases.list(is_here));
  std::map<CaseId, const Case*> by_id;
  for (const Case& one : list) {
    LUY_TRY_VOID(add_case_file(cases, one, now - duty_days, all));
    LUY_TRY_VOID(add_receipt(cases, one, now - duty_days, all));
    by_id[one.id] = &one;
  }
  LUY_TRY(const std::vector<StaffReport> told, reports.list(is_here));
  for (const StaffReport& one : told) {
    if (one.reported_at + duty_days < now) continue;
    keep(of(all, staff_record), one.received_at.value_or(one.reported_at),
         one.received_at ? one.received_act : "report:" + one.id.text());
    const auto in_case = one.case_id ? by_id.find(*one.case_id) : by_id.end();
    add_receipt(cases, one, in_case != by_id.end() ? in_case->second : nullptr, all);
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

// A request that is answered, and not sent back, is kept; one that was withdrawn is nothing.
Result<void> add_provider_records(const ProviderBook& providers, const AgencyId& agency, Time now,
                                  std::map<std::string, DutyRecord>& records) {
  const auto& known = providers.rules().records;
  for (const auto& [kind, record] : known) of(records, record);
  LUY_TRY(const std::vector<ProviderRequest> all, providers.list());
  for (const ProviderRequest& one : all) {
    const auto record = known.find(one.kind);
    if (record == known.end() || one.agency != agency || one.state == ProviderState::withdrawn) continue;
    const std::string title = one.number + ": " + one.provider;
    if (one.is_open()) {
      wait(of(records, record->second), {title, title}, one.asked_at, one.due, one.act);
    } else if (!one.answers.empty() && one.answers.back().at + duty_days >= now) {
      keep(of(records, record->second), one.answers.back().at, one.answers.back().act);
    }
  }
  return {};
}

}  // namespace luy::incident
