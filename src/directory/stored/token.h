// API tokens as rows, for the services of this module; everything runs inside the caller's transaction.
#pragma once

#include <cstddef>

#include "directory/token.h"

namespace luy::directory {

// Revokes every living token of an account; answers how many.
Result<std::size_t> end_tokens(records::Connection& connection, const AccountId& account, Time now);

}  // namespace luy::directory
