// Reads the `parameters:` map of a pack or an obligation: "critical_days: {value: 7 days, stricter: lower, …}".
#pragma once

#include <vector>

#include "regulation/map_reader.h"
#include "regulation/pack.h"

namespace luy::regulation {

inline constexpr std::int64_t parameter_number_max = 1'000'000;  // Bounds what a duration can reach: 2,700 years.

// Faults: those of MapReader; bad_value (number, id, empty list), wrong_unit (unknown unit, or not the one that the
// id's ending promises), unknown_name.
std::vector<Parameter> read_parameters(const YamlNode& node, Faults& faults);

// Demands what `check` needs. Faults: missing_key, wrong_unit, and unknown_key for a parameter the check would never
// read. Check::record takes any parameter: its workflow comes later.
void demand_parameters(Check check, const std::vector<Parameter>& all, const YamlNode& at, Faults& faults);

}  // namespace luy::regulation
