// A text that every match of a regular expression holds. Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy::detect {

// The longest run of plain characters that any match must contain, folded; "" when none is certain. Errs only towards
// "".
std::string required_literal(std::string_view regex);

}  // namespace luy::detect
