// Whether a program that was read back can be run: every number leads to something that is there. The checksum finds
// accidents; this keeps a cache that somebody made from leading the engine out of its own memory.
#pragma once

#include "detect/engine/program.h"

namespace luy::detect {

// `rules`: how many the rule set holds.
bool is_sound(const Program& program, std::size_t rules);

}  // namespace luy::detect
