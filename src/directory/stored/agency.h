// Agencies as rows, for the services of this module; everything runs inside the caller's transaction.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "directory/agency.h"

namespace luy::directory {

// Superiors and successors followed at most; a town has a few dozen bodies.
inline constexpr std::size_t lineage_max = 256;

std::int64_t day_number(Day day);
Day day_of_number(std::int64_t number);

// Errors: agency_unknown.
Result<Agency> load_agency(records::Connection& connection, const AgencyId& agency);
// By code: all as they are now, or those of a day as they were then.
Result<std::vector<Agency>> load_agencies(records::Connection& connection, std::optional<Day> day);
Result<std::vector<Succession>> load_successions(records::Connection& connection);

// Puts `after` in place of `before` from `day` on; what was before stays readable.
Result<void> store_change(records::Connection& connection, const Agency& before, const Agency& after, Day day);
Result<void> store_last_day(records::Connection& connection, const AgencyId& agency, Day last);
Result<void> insert_succession(records::Connection& connection, const Succession& succession);

// For the audit trail.
boost::json::object agency_record(const Agency& agency);

}  // namespace luy::directory
