// The correlation section of a Sigma document. Pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "detect/rule.h"
#include "detect/yaml.h"

namespace luy::detect {

// Errors: bad_correlation with the place. References to rules are not followed here (rule_set.h).
Result<Correlation> parse_correlation(std::string_view file, const YamlNode& document, Heading heading);

}  // namespace luy::detect
