// An information conflict (decree 142/2016): a record of its own beside a case, with the seven stages of its
// article 3.1, what article 10 wants to know of the source, the conditions of article 15.1 and the two documents of
// article 14.2. What they are stands in the pack. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "incident/move.h"
#include "incident/process.h"

namespace luy::incident {

inline constexpr ErrorKind conflict_order{
    "incident.conflict_order", ErrorClass::conflict,
    "Xung đột thông tin phải xử lý lần lượt từng giai đoạn; không chuyển được sang: {}.",
    "An information conflict goes through its stages one by one; it cannot go to: {}."};
inline constexpr ErrorKind conflict_unmet{"incident.conflict_unmet", ErrorClass::conflict,
                                          "Hồ sơ xung đột thông tin còn thiếu: {}.",
                                          "The record of the information conflict lacks: {}."};
inline constexpr ErrorKind conflict_over{"incident.conflict_over", ErrorClass::conflict,
                                         "Hồ sơ xung đột thông tin đã kết thúc.",
                                         "The record of the information conflict is closed."};

struct Conflict {
  struct Stage {
    std::string id;  // ConflictRules::stages
    Time entered;
    std::string by;
    std::string reason;
  };
  std::vector<Stage> stages;                 // Those reached, in order; the last is the present one.
  std::map<std::string, std::string> trace;  // By ConflictRules::trace.
  std::set<std::string> conditions;          // Of ConflictRules::exclusion_conditions, that hold.
  std::optional<Time> closed_at;
};

// A record in its first stage.
Conflict begin_conflict(const ConflictRules& rules, Time now, const std::string& by);

// Errors: unknown_choice (legal_clock.h), conflict_over.
Result<Conflict> set_trace(const ConflictRules& rules, const Conflict& conflict,
                           const std::map<std::string, std::string>& trace);
Result<Conflict> set_condition(const ConflictRules& rules, const Conflict& conflict, const std::string& condition,
                               bool holds);

// To the next stage and no further, with a reason. The tracing stage is left only with every field of the trace filled
// in: also "could not be found" is an answer, an empty field is none. Exclusion is entered only when all its conditions
// hold. Errors: conflict_order, conflict_unmet naming everything, conflict_over.
Result<Conflict> advance(const ConflictRules& rules, const Conflict& conflict, const std::string& stage,
                         const std::string& reason, const std::string& by, Time now);

// From the stage of remedy on, with the trace complete, the remedy plan signed, and the report of the result signed and
// sent. `signer` is the role that signs both. Errors: conflict_order, conflict_unmet, conflict_over.
Result<Conflict> close_conflict(const ConflictRules& rules, const Conflict& conflict, std::span<const PaperFact> papers,
                                const std::string& signer, Time now);

}  // namespace luy::incident
