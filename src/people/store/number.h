// Numbers of cases and reviews: "NV-2026-004". Private to the module.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "records/database.h"

namespace luy::people::store {

// The next of the series in the year of `today`: never given twice.
Result<std::string> next_number(records::Connection& c, std::string_view of, Day today);

}  // namespace luy::people::store
