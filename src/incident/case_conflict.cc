// The information conflict beside a case: CaseBook's part of conflict.h.
#include "incident/case_book.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

Text told(const ConflictRules& rules, const CaseBook::ConflictAct& act) {
  using Kind = CaseBook::ConflictAct::Kind;
  switch (act.kind) {
    case Kind::begin:
      return {"Xác định là xung đột thông tin; giai đoạn: " + rules.stages.front().title.vi,
              "Found to be an information conflict; stage: " + rules.stages.front().title.en};
    case Kind::trace:
      return {"Ghi kết quả xác định nguồn gốc", "Noted what is known of the source"};
    case Kind::condition: {
      const Choice& one = *find_choice(rules.exclusion_conditions, act.condition);
      return act.holds
                 ? Text{"Điều kiện loại trừ đã có: " + one.title.vi, "Condition of exclusion holds: " + one.title.en}
                 : Text{"Điều kiện loại trừ không còn: " + one.title.vi,
                        "Condition of exclusion no longer holds: " + one.title.en};
    }
    case Kind::advance: {
      const Choice& one = *find_choice(rules.stages, act.stage);
      return {"Chuyển sang giai đoạn: " + one.title.vi, "On to the stage: " + one.title.en};
    }
    case Kind::close:
      break;
  }
  return {"Kết thúc hồ sơ xung đột thông tin", "Closed the record of the information conflict"};
}

}  // namespace

Result<Case> CaseBook::work_conflict(const Actor& actor, const CaseId& id, const ConflictAct& act) {
  using Kind = ConflictAct::Kind;
  const ConflictRules& rules = d_.process.conflict;
  return change(actor, id, "conflict", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    const Time now = d_.clock.now();
    if (act.kind == Kind::begin) {
      LUY_TRY_VOID(demand_open(one));
      if (one.conflict) return Error(conflict_there);
      one.conflict = begin_conflict(rules, now, actor.name);
    }
    if (!one.conflict) return Error(conflict_none);
    if (act.kind == Kind::trace) {
      LUY_TRY(one.conflict, set_trace(rules, *one.conflict, act.trace));
    } else if (act.kind == Kind::condition) {
      LUY_TRY(one.conflict, set_condition(rules, *one.conflict, act.condition, act.holds));
    } else if (act.kind == Kind::advance) {
      LUY_TRY(one.conflict, advance(rules, *one.conflict, act.stage, act.reason, actor.name, now));
    } else if (act.kind == Kind::close) {
      LUY_TRY(const CaseFile file, load_file(c, id));
      LUY_TRY(one.conflict, close_conflict(rules, *one.conflict, facts_of(file).papers, rules.signed_by, now));
    }
    after["conflict"] = to_json(*one.conflict);
    return add_entry(c, id, actor.name, "conflict", told(rules, act), {{"stage", one.conflict->stages.back().id}});
  });
}

std::optional<Time> CaseBook::due_of(const Conflict& conflict) const {
  if (conflict.closed_at) return std::nullopt;
  const Conflict::Stage& present = conflict.stages.back();
  const auto limit = d_.process.conflict.limits.find(present.id);
  if (limit == d_.process.conflict.limits.end()) return std::nullopt;
  return end_of(limit->second, present.entered);
}

}  // namespace luy::incident
