// The letters of points: "a)", "b)", … Pure.
#pragma once

#include <cstddef>
#include <string>

namespace luy::paper {

// In the order of the Vietnamese alphabet, in which decree 30 numbers points: c, d, đ, e; digits when it ends.
std::string letter_mark(std::size_t index);

}  // namespace luy::paper
