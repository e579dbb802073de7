// Who gains which right when the tree changes: the tree and what is held in it before and after, compared inside one
// transaction. Private to this module.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "directory/account.h"
#include "directory/agency.h"
#include "directory/audit.h"

namespace luy::directory {

// The tree and the rights held in it at one moment.
struct Holdings {
  struct Held {
    AccountId account;
    std::string name;  // The person's.
    AgencyId works_in;
    Role role = Role::staff;
    AgencyId agency;
  };
  std::map<AgencyId, std::vector<AgencyId>> chains;  // An agency with its superiors and who keeps its records.
  std::map<AgencyId, AgencyId> tops;
  std::map<AgencyId, std::string> names;
  std::map<AccountId, AgencyId> places;  // Where everybody with an account works.
  std::vector<Held> held;                // What gives rights over others, on `day` or later.
};
Result<Holdings> load_holdings(records::Connection& connection, Day day);

struct FoundGains {
  std::vector<RightGained> gains;
  // For each: the agency over which it is gained, as the tree was before.
  std::vector<AgencyId> over;
};
// By account, role and agency, none twice.
FoundGains gains_between(const Holdings& before, const Holdings& after);

// Without those that lie below another of the same person and role: what people are shown.
std::vector<RightGained> highest_of(const FoundGains& found, const Holdings& after);

// What `account` gains by a role there, unless it holds it by appointment already; and by every grant it holds. As
// an act shows it to the second person. Errors: agency_unknown.
Result<boost::json::array> gain_of(records::Connection& connection, const Account& account, Role role,
                                   const AgencyId& agency, Day day);
Result<boost::json::array> gains_of(records::Connection& connection, const Account& account);

// Nobody gives a right they do not hold: as `before` has the tree. Errors: cannot_grant.
Result<void> check_gains(const Caller& caller, const Holdings& before, const FoundGains& found);

}  // namespace luy::directory
