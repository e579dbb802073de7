// Whether acts take two people by now; everything runs inside the caller's transaction.
#pragma once

#include "base/clock.h"
#include "directory/audit.h"

namespace luy::directory {

// True from the moment two people hold role_grant at the top of a town; remembered for good. Called by every act that
// could bring that about or undo it.
Result<bool> four_eyes_hold(records::Connection& connection, Time now);

// Whether a role lets its holder be the second person.
bool decides_for_two(Role role);

// For acts that one person alone may not do any more. Commands on the server itself are exempt: whoever runs them could
// change the database as well. Errors: takes_two_people.
Result<void> check_alone(records::Connection& connection, const Caller& caller, Time now);

}  // namespace luy::directory
