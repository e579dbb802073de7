// The rows of leaves and their items. Private to the module.
#pragma once

#include <optional>
#include <vector>

#include "people/leave.h"
#include "records/database.h"

namespace luy::people::store {

// By number, the newest first. `of` is the rest of the statement after FROM: a condition with its parameter.
Result<std::vector<Leave>> leaves(records::Connection& c, std::string_view condition,
                                  std::initializer_list<records::Param> params);
// A new row, or all of it that may change.
Result<void> save(records::Connection& c, const Leave& leave);
Result<void> save(records::Connection& c, const LeaveId& leave, const LeaveItem& item);

}  // namespace luy::people::store
