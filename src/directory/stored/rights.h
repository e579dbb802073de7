// Questions about rights that a service asks inside its transaction.
#pragma once

#include "directory/account.h"
#include "directory/audit.h"

namespace luy::directory {

// Nobody gives or takes over a right they do not hold: each act that the role carries beyond one's own is asked of the
// policy where the role would carry it. Errors: cannot_grant, agency_unknown.
Result<void> check_holds(records::Connection& connection, const Caller& caller, const Grant& grant);

// Whether somebody other than `account` keeps account_manage on the whole town that `agency` belongs to. Errors:
// last_administrator.
Result<void> check_somebody_stays(records::Connection& connection, const AccountId& account, const AgencyId& agency,
                                  Day today);

}  // namespace luy::directory
