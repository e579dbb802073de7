// Questions about rights that a service asks inside its transaction.
#pragma once

#include "directory/account.h"
#include "directory/audit.h"
#include "directory/stored/account.h"

namespace luy::directory {

// Nobody gives or takes over a right they do not hold: each act that the role carries beyond one's own is asked of the
// policy where the role would carry it. Errors: cannot_grant, agency_unknown.
Result<void> check_holds(records::Connection& connection, const Caller& caller, const Grant& grant);

// The same where the tree is known: `chain` is an agency with its superiors, `top` the highest of its town.
Result<void> check_holds_at(const Caller& caller, Role role, const std::vector<AgencyId>& chain, const AgencyId& top);

// What whoever issues a password, seals an account or ties it to an identity elsewhere must be allowed: they could sign
// in as its owner. Errors: the policy's, account_unknown, own_account, cannot_grant.
Result<StoredAccount> check_takes_over(records::Connection& connection, const Caller& caller, const AccountId& account);

// Whether any right of the role reaches the whole town, beside what everybody may.
bool reaches_town(Role role);
// The highest agency that the grant reaches. Errors: agency_unknown.
Result<AgencyId> highest_reached(records::Connection& connection, const Grant& grant);
// Of an account: where its person works, and the highest agency that each of its grants reaches, of the present and of
// the future; the highest first. Errors: agency_unknown.
Result<std::vector<AgencyId>> places_of(records::Connection& connection, const Account& account);

// Whose absence is asked about: an account's, or that of every account of its person.
enum class Without : std::uint8_t { account, person };

// Whether somebody who is not leaving keeps account_manage on the whole town that `agency` belongs to. Errors:
// last_administrator.
Result<void> check_somebody_stays(records::Connection& connection, const AccountId& account, const AgencyId& agency,
                                  Day today, Without without = Without::account);
// The same for every town that the account administers. Errors: last_administrator.
Result<void> check_administrators_stay(records::Connection& connection, const Account& account, Day today,
                                       Without without = Without::account);

}  // namespace luy::directory
