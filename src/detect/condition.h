// A rule's condition, "selection and not 1 of filter_*", put together with the detections it names. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "detect/rule.h"

namespace luy::detect {

inline constexpr std::size_t condition_bytes_max = 16'384;
inline constexpr std::size_t condition_depth_max = 32;  // Of brackets.

using Detections = std::vector<std::pair<std::string, Expression>>;

// Precedence, least binding first: or, and, not, "x of", brackets. "them" stands for every detection whose name does
// not begin with '_'. Errors, with `where` in front of the detail: bad_condition, unknown_identifier, over_limit.
Result<Expression> parse_condition(std::string_view text, const Detections& detections, std::string_view where);

// Nodes of the expression.
std::size_t size_of(const Expression& expression);

}  // namespace luy::detect
