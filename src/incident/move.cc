#include "incident/move.h"

#include <algorithm>
#include <cstdio>

#include "directory/policy.h"
#include "incident/sign_order.h"

namespace luy::incident {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

Text role_names(const std::vector<std::string>& roles) {
  Text out;
  for (const std::string& name : roles) {
    const auto role = directory::role_from_name(name);
    const std::string vi = role ? std::string(directory::title_of(*role).vi) : name;
    const std::string en = role ? std::string(directory::title_of(*role).en) : name;
    out.vi += (out.vi.empty() ? "" : ", ") + vi;
    out.en += (out.en.empty() ? "" : ", ") + en;
  }
  return out;
}

Text title_of(const Process& process, std::string_view state) {
  const ProcessState* found = process.state(state);
  return found != nullptr ? found->title : Text{std::string(state), std::string(state)};
}

// The best paper of the form decides: a second draft does not undo a signed one.
void demand_paper(const Process& process, const PaperDemand& demand, const CaseFacts& facts, std::vector<Text>& out) {
  const PaperUse* use = process.paper(demand.form);
  const Text title = use != nullptr ? use->title : Text{demand.form, demand.form};
  const PaperFact* best = nullptr;
  std::vector<std::string> best_lacks;
  for (const PaperFact& paper : facts.papers) {
    if (paper.form != demand.form || paper.round != facts.round) continue;
    const auto value = paper.fields.find(demand.field);
    if (!demand.field.empty() && (value == paper.fields.end() || value->second != demand.is)) continue;
    std::vector<std::string> lacks;
    for (const std::string& role : demand.signed_by) {
      if (!contains(paper.signed_by, role)) lacks.push_back(role);
    }
    const bool is_better = best == nullptr || lacks.size() < best_lacks.size() ||
                           (lacks.size() == best_lacks.size() && paper.is_delivered && !best->is_delivered);
    if (!is_better) continue;
    best = &paper;
    best_lacks = std::move(lacks);
  }
  if (best == nullptr) {
    const Text right = demand.field.empty() ? Text{} : Text{" với kết luận phù hợp", " with the matching conclusion"};
    out.push_back({title.vi + right.vi, title.en + right.en});
    return;
  }
  if (!best_lacks.empty()) {
    const Text names = best->awaiting.empty() ? role_names(best_lacks) : joined(best->awaiting);
    out.push_back({"chữ ký số hợp lệ của " + names.vi + " trên " + title.vi,
                   "a valid digital signature of " + names.en + " on the " + title.en});
  }
  if (demand.must_be_delivered && !best->is_delivered) {
    out.push_back({"ghi nhận đã gửi " + title.vi, "the delivery of the " + title.en});
  }
}

void demand_record(Need need, const CaseFacts& facts, std::vector<Text>& out) {
  switch (need) {
    case Need::guidance:
      if (facts.guidance == 0) {
        out.push_back({"hướng dẫn của cơ quan cấp tỉnh", "the guidance of the provincial authority"});
      }
      return;
    case Need::joint_actions:
      if (facts.joint_actions == 0) {
        out.push_back({"hành động phối hợp khắc phục", "the joint actions"});
      } else if (facts.joint_actions_open > 0) {
        out.push_back({"người chịu trách nhiệm và kết quả của từng hành động phối hợp",
                       "owner and outcome of each joint action"});
      }
      return;
  }
}

Result<void> read_time(const EventField& field, const std::string& written, const CaseFacts& facts, Time now,
                       Move& out) {
  const std::optional<Time> time = from_rfc3339(written);
  if (!time) return Error(time_unreadable, field.label.vi, field.label.en);
  LUY_TRY_VOID(check_span(facts.discovered, *time, now));
  out.times[field.id] = *time;
  return {};
}

}  // namespace

std::string moment_text(Time time) {
  const Day day = day_of(time);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day_begin(day)).count();
  char clock[16];
  std::snprintf(clock, sizeof clock, " %02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return to_vietnamese(day) + clock;
}

Result<void> check_discovered(const Process& process, Time discovered, Time now) {
  if (discovered > now + skew_max) return Error(discovered_in_future, moment_text(discovered));
  if (process.edition_on(day_of(discovered)) == nullptr) return Error(discovered_too_early, moment_text(discovered));
  return {};
}

Result<void> check_span(Time start, Time end, Time now) {
  if (end < start) return Error(ends_before_start, moment_text(start) + " > " + moment_text(end));
  if (end > now + skew_max) return Error(time_in_future, moment_text(end));
  return {};
}

std::vector<Text> missing_for(const Process& process, const Transition& transition, const CaseFacts& facts,
                              const Attempt& attempt) {
  std::vector<Text> out;
  if (transition.needs_reason && is_blank(attempt.reason)) out.push_back({"lý do", "the reason"});
  for (const EventField& field : transition.fields) {
    const auto given = attempt.fields.find(field.id);
    if (given == attempt.fields.end() || is_blank(given->second)) out.push_back(field.label);
  }
  for (const PaperDemand& demand : transition.papers) demand_paper(process, demand, facts, out);
  for (const Need need : transition.needs) demand_record(need, facts, out);
  return out;
}

Result<Move> decide(const Process& process, const CaseFacts& facts, const Attempt& attempt, Time now) {
  const Transition* transition = process.transition(attempt.event);
  if (transition == nullptr) return Error(event_unknown, attempt.event);
  if (!contains(transition->from, facts.state)) {
    const Text state = title_of(process, facts.state);
    return Error(move_forbidden, state.vi + " → " + transition->title.vi, state.en + " → " + transition->title.en);
  }
  const bool may_act = std::any_of(transition->roles.begin(), transition->roles.end(),
                                   [&](const std::string& role) { return contains(attempt.roles, role); });
  if (!may_act) {
    const Text names = role_names(transition->roles);
    return Error(wrong_role, names.vi, names.en);
  }
  Move out;
  out.transition = transition;
  const ProcessState* from = process.state(facts.state);
  out.starts_round = from != nullptr && from->is_end;
  for (const auto& [id, value] : attempt.fields) {
    const auto known = std::find_if(transition->fields.begin(), transition->fields.end(),
                                    [&](const EventField& field) { return field.id == id; });
    if (known == transition->fields.end()) return Error(unknown_move_field, id.substr(0, 60));
    if (known->type == EventField::Type::time && !is_blank(value)) {
      LUY_TRY_VOID(read_time(*known, value, facts, now, out));
    }
  }
  const std::vector<Text> missing = missing_for(process, *transition, facts, attempt);
  if (missing.empty()) return out;
  Text all;
  for (const Text& one : missing) {
    all.vi += (all.vi.empty() ? "" : "; ") + one.vi;
    all.en += (all.en.empty() ? "" : "; ") + one.en;
  }
  return Error(demands_unmet, all.vi, all.en);
}

}  // namespace luy::incident
