// The SQL of address plans and links. Private to the module's books.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "premises/line.h"
#include "records/database.h"

namespace luy::premises {

Result<std::vector<Subnet>> load_subnets(records::Connection& c);
Result<std::vector<Line>> load_lines(records::Connection& c);
Result<void> save(records::Connection& c, const Subnet& one);
Result<void> save(records::Connection& c, const Line& one);

// Texts cleaned. Errors: subnet_invalid, line_invalid, text_invalid, holds_secret.
Result<Subnet> checked(Subnet wanted, Day today);
Result<Line> checked(Line wanted);

boost::json::object noted(const Subnet& one);
boost::json::object noted(const Line& one);

}  // namespace luy::premises
