#include "incident/conflict.h"

#include <algorithm>

#include "incident/case.h"
#include "incident/legal_clock.h"

namespace luy::incident {
namespace {

std::size_t place_of(const ConflictRules& rules, const std::string& stage) {
  const auto found =
      std::find_if(rules.stages.begin(), rules.stages.end(), [&](const Choice& one) { return one.id == stage; });
  return static_cast<std::size_t>(found - rules.stages.begin());
}

Error unmet(const std::vector<Text>& missing) {
  Text all;
  for (const Text& one : missing) {
    all.vi += (all.vi.empty() ? "" : "; ") + one.vi;
    all.en += (all.en.empty() ? "" : "; ") + one.en;
  }
  return Error(conflict_unmet, all.vi, all.en);
}

void demand_trace(const ConflictRules& rules, const Conflict& conflict, std::vector<Text>& missing) {
  for (const Choice& field : rules.trace) {
    if (!conflict.trace.contains(field.id)) missing.push_back(field.title);
  }
}

bool has_signed(std::span<const PaperFact> papers, const std::string& form, const std::string& signer, bool is_sent) {
  return std::any_of(papers.begin(), papers.end(), [&](const PaperFact& paper) {
    const auto& by = paper.signed_by;
    return paper.form == form && std::find(by.begin(), by.end(), signer) != by.end() &&
           (!is_sent || paper.is_delivered);
  });
}

}  // namespace

Conflict begin_conflict(const ConflictRules& rules, Time now, const std::string& by) {
  Conflict out;
  out.stages.push_back({rules.stages.front().id, now, by, {}});
  return out;
}

Result<Conflict> set_trace(const ConflictRules& rules, const Conflict& conflict,
                           const std::map<std::string, std::string>& trace) {
  if (conflict.closed_at) return Error(conflict_over);
  Conflict out = conflict;
  for (const auto& [id, value] : trace) {
    if (find_choice(rules.trace, id) == nullptr) return Error(unknown_choice, clean_text(id, 60));
    const std::string text = clean_text(value, text_bytes_max);
    if (text.empty()) {
      out.trace.erase(id);
    } else {
      out.trace[id] = text;
    }
  }
  return out;
}

Result<Conflict> set_condition(const ConflictRules& rules, const Conflict& conflict, const std::string& condition,
                               bool holds) {
  if (conflict.closed_at) return Error(conflict_over);
  if (find_choice(rules.exclusion_conditions, condition) == nullptr) {
    return Error(unknown_choice, clean_text(condition, 60));
  }
  Conflict out = conflict;
  if (holds) {
    out.conditions.insert(condition);
  } else {
    out.conditions.erase(condition);
  }
  return out;
}

Result<Conflict> advance(const ConflictRules& rules, const Conflict& conflict, const std::string& stage,
                         const std::string& reason, const std::string& by, Time now) {
  if (conflict.closed_at) return Error(conflict_over);
  const std::string& present = conflict.stages.back().id;
  const std::size_t next = place_of(rules, stage);
  if (next == rules.stages.size() || next != place_of(rules, present) + 1) {
    const Choice* known = find_choice(rules.stages, stage);
    if (known == nullptr) return Error(conflict_order, clean_text(stage, 60));
    return Error(conflict_order, known->title.vi, known->title.en);
  }
  std::vector<Text> missing;
  const std::string why = clean_text(reason, reason_bytes_max);
  if (why.empty()) missing.push_back({"lý do", "the reason"});
  if (present == rules.tracing_stage) demand_trace(rules, conflict, missing);
  if (stage == rules.exclusion_stage) {
    for (const Choice& condition : rules.exclusion_conditions) {
      if (!conflict.conditions.contains(condition.id)) missing.push_back(condition.title);
    }
  }
  if (!missing.empty()) return unmet(missing);
  Conflict out = conflict;
  out.stages.push_back({stage, now, by, why});
  return out;
}

Result<Conflict> close_conflict(const ConflictRules& rules, const Conflict& conflict, std::span<const PaperFact> papers,
                                const std::string& signer, Time now) {
  if (conflict.closed_at) return Error(conflict_over);
  if (place_of(rules, conflict.stages.back().id) < place_of(rules, rules.remedy_stage)) {
    return Error(conflict_order, "kết thúc", "the end");
  }
  std::vector<Text> missing;
  demand_trace(rules, conflict, missing);
  if (!has_signed(papers, rules.plan_form, signer, false)) {
    missing.push_back({"phương án khắc phục đã ký", "the signed remedy plan"});
  }
  if (!has_signed(papers, rules.result_form, signer, true)) {
    missing.push_back({"báo cáo kết quả đã ký và đã gửi", "the report of the result, signed and sent"});
  }
  if (!missing.empty()) return unmet(missing);
  Conflict out = conflict;
  out.closed_at = now;
  return out;
}

}  // namespace luy::incident
