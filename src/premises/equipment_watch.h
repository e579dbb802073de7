// What the register of devices asks somebody to look at: makers that mend no more. Changes of passwords that are due
// are told of by the verdicts of duty 6.7.
#pragma once

#include "premises/equipment_book.h"
#include "premises/watch.h"

namespace luy::premises {

// Whoever has to buy something new needs time for it.
inline constexpr std::chrono::days support_told_before{90};

Conditions conditions_of(const EquipmentBook& book, Time now);

}  // namespace luy::premises
