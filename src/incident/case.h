// A case and what it is made of. Plain values.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "directory/audit.h"
#include "finding/finding.h"
#include "incident/conflict.h"
#include "incident/legal_clock.h"
#include "incident/process.h"
#include "incident/town_office.h"

namespace luy::incident {

using CaseId = Id<struct CaseTag>;
using PartId = Id<struct CasePartTag>;
using SystemId = Id<struct SystemTag>;

inline constexpr ErrorKind case_unknown{"incident.case_unknown", ErrorClass::not_found, "Không tìm thấy vụ việc này.",
                                        "There is no such case."};
inline constexpr ErrorKind case_over{"incident.case_over", ErrorClass::conflict,
                                     "Vụ {} đã kết thúc. Hãy mở lại trước khi ghi thêm.",
                                     "The case {} is over. Re-open it before adding to it."};
inline constexpr ErrorKind text_missing{"incident.text_missing", ErrorClass::invalid, "Chưa điền: {}.",
                                        "Not filled in: {}."};
inline constexpr ErrorKind bad_merge{
    "incident.bad_merge", ErrorClass::conflict, "Không gộp được: vụ nhận phải khác vụ này, cùng cơ quan và còn mở.",
    "They cannot be merged: the case that takes must be another one, of the same agency and open."};
inline constexpr ErrorKind too_many{"incident.too_many", ErrorClass::too_large,
                                    "Vụ việc đã có quá nhiều mục loại này: {}.",
                                    "The case holds too many items of this kind: {}."};

inline constexpr std::size_t title_bytes_max = 400;
inline constexpr std::size_t text_bytes_max = 16'000;

struct Case {
  CaseId id;
  std::string number;  // "SC-2026-014": of the year it was opened, from 001, over the whole hub.
  AgencyId agency;
  std::string title;
  std::string description;
  std::string system;   // Affected system, as people name it.
  std::string edition;  // Edition::id of the day of discovery.
  std::string state;    // ProcessState::id
  Time state_since;
  unsigned round = 1;  // One more with each re-opening.
  Classification found;
  Moments moments;  // `discovered` and `opened` always.
  std::optional<CaseId> merged_into;
  std::string opened_by;
  TownSide town;
  std::optional<Conflict> conflict;     // When it is an information conflict, too.
  std::optional<SystemId> system_id{};  // The affected system in the register (system_book.h), where somebody chose it.

  Time discovered() const { return moments.at(Moment::discovered); }
};

// Who acts. Borrows what its maker says it borrows.
struct Actor {
  directory::Caller caller;
  std::string name;  // Display name.
  // Refuses what the policy does not allow in an agency; asked with the agency of the loaded case, inside the
  // transaction.
  std::function<Result<void>(const AgencyId&)> permit;
  std::function<std::vector<std::string>(const AgencyId&)> roles_in;  // Names of directory::Role held there.
};

struct NewCase {
  AgencyId agency;
  std::string title;
  std::string description;
  std::string system;
  Time discovered;
  std::optional<Time> reported;         // When staff reported it.
  Classification found;                 // As far as it is known; the kind "other" until somebody says.
  std::optional<SystemId> system_id{};  // Checked by the caller; `system` is its name.
};

struct TimelineEntry {
  std::uint64_t number = 0;  // From 1 in each case.
  Time at;
  std::string by;
  std::string kind;  // "opened", "moved", "note", "part", "paper", "reminder", …
  Text text;
  boost::json::object data;
  std::string act{};  // Under which the audit trail knows it ("proof_of"); empty for what the hub notes by itself.
};

// What a case is linked with: "finding:<id>", "report:<id>", "case:<id>". A link that came with a merged case names it.
struct Link {
  std::string kind;
  std::string ref;
  std::optional<CaseId> through;
};

boost::json::object to_json(const Classification& found);
// What to_json() wrote; fields that are missing keep their defaults.
Classification classification_from(const boost::json::object& json);
boost::json::object to_json(const Conflict& conflict);
Conflict conflict_from(const boost::json::object& json);
boost::json::object to_json(const Moments& moments);
Moments moments_from(const boost::json::object& json);
boost::json::object to_json(const Case& one);

// Text from people: well-formed, without control characters but line feeds, cut at `bytes_max`, blanks at both ends
// off.
std::string clean_text(std::string_view text, std::size_t bytes_max);

}  // namespace luy::incident
