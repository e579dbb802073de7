// Who stands behind an act, as people are named; for ActKind::run of other modules.
#pragma once

#include <string>
#include <vector>

#include "directory/audit.h"

namespace luy::directory {

// The people who decide the act that is being carried out: `proposer`, the name of who asked for it, and the name (not
// the user name) of the second person, where it took one. As those two were called on that day. Errors:
// account_unknown.
Result<std::vector<std::string>> deciders_of(records::Connection& connection, const Caller& caller,
                                             const std::string& proposer);

}  // namespace luy::directory
