// What the town office did about a report or a case (articles 12.1 and 12.3): that it took note, and to whom it was
// given. In which roles somebody receives for the town office stands in the pack (`receipt` in process.yaml).
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "incident/process.h"

namespace luy::incident {

struct Case;

inline constexpr ErrorKind case_received{"incident.case_received", ErrorClass::conflict,
                                         "Vụ {} đã được Văn phòng tiếp nhận.",
                                         "The town office took note of the case {} already."};
inline constexpr ErrorKind assignee_unfit{
    "incident.assignee_unfit", ErrorClass::invalid,
    "Không giao được cho tài khoản này: tài khoản phải đang hoạt động và được xử lý sự cố tại {}.",
    "It cannot be given to this account: it must be enabled and may handle incidents at {}."};

// That somebody took note, and when. An agency's own receipt is another one.
struct TownReceipt {
  Time at;
  std::string by;   // Display name.
  std::string act;  // Under which the audit trail knows it ("proof_of").
};

// Who looks after it.
struct Assignee {
  AccountId account;
  std::string name;  // Display name on the day it was given.
  bool operator==(const Assignee&) const = default;
};

struct TownSide {
  std::optional<TownReceipt> receipt;
  std::optional<Assignee> assignee;
};
boost::json::object to_json(const TownSide& side);
boost::json::value account_json(const TownSide& side);  // The assignee's, for the audit trail; null without one.
// Whether both are nobody or the same account, whatever it is called.
bool is_same_account(const std::optional<Assignee>& a, const std::optional<Assignee>& b);
TownSide town_side_from(const boost::json::object& json);  // What to_json() wrote.

// For whom somebody receives who holds these roles where the report or case is: for the town office in the pack's
// roles, for the agency in any other; in both who holds both.
struct Receiving {
  bool for_agency = false;
  bool for_town = false;
};
Receiving receiving(const Process& process, const std::vector<std::string>& roles);
// The titles of the pack's roles, as people read them.
Text town_office_title(const Process& process);

// Requests for support of a case (PartKind::support): those that wait, those that were met.
struct Support {
  std::size_t open = 0;
  std::size_t given = 0;
};

// Whether the office has still to take note of a case. One that was handled to its end waits, too: article 12.1 asks
// for every incident, however soon it was over. What was dismissed, or joined another case, waits for nobody.
bool waits_for_receipt(const Process& process, const Case& one);

}  // namespace luy::incident
