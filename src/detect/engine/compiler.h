// Rules and routes into a Program. Pure; takes about a second for SigmaHQ's whole set.
#pragma once

#include <vector>

#include "detect/engine/program.h"
#include "detect/rule_set.h"

namespace luy::detect {

// Errors: bad_regex, when Vectorscan takes an expression apart but cannot compile it.
Result<Program> compile(const RuleSet& rules, const Routing& routing);

}  // namespace luy::detect
