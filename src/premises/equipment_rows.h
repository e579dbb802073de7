// The SQL of the register of devices, and what an entry must be like. Private to the module's books.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <vector>

#include "premises/equipment.h"
#include "records/database.h"

namespace luy::premises {

Result<std::vector<Equipment>> load_equipment(records::Connection& c);
Result<std::vector<Rotation>> load_rotations(records::Connection& c);  // Newest first.
Result<void> save(records::Connection& c, const Equipment& one);
Result<void> insert(records::Connection& c, const Rotation& one);

// Texts cleaned, addresses written as the system writes them. Errors: equipment_invalid, text_invalid, holds_secret.
Result<Equipment> checked(Equipment wanted);
// Errors: rotation_invalid, text_invalid, holds_secret.
Result<Rotation> checked(Rotation wanted, std::chrono::days age_max, Day today);
// Errors: equipment_taken naming what another living device has, too.
Result<void> check_unique(const std::vector<Equipment>& all, const Equipment& wanted);

boost::json::object noted(const Equipment& one);
boost::json::object noted(const Rotation& one);

}  // namespace luy::premises
