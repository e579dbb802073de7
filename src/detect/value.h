// Tests of single values that the plain matcher and the engine share: numbers and times as text. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "detect/rule.h"

namespace luy::detect {

// A decimal number, blanks around it allowed; nullopt for anything else.
std::optional<double> number_of(std::string_view text);
// The part of a date and time like "2026-07-28 11:44:53.919" or RFC 3339, as written: no time zone is applied. `week`
// is that of ISO 8601. nullopt when there is no such part.
std::optional<double> time_part_of(std::string_view text, TimePart part);
bool compare(double value, Comparison comparison, double limit);
// The whole question of TestKind::number.
bool number_holds(const Test& test, std::string_view text);
// Both already folded where case does not matter.
bool relation_holds(Relation relation, std::string_view value, std::string_view other);

}  // namespace luy::detect
