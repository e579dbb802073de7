// Which build of the program runs.
#pragma once

#include <string>

namespace luy::detect {

// The identity the linker gave the program from its own content (ELF note NT_GNU_BUILD_ID); "" when it has none.
std::string build_id();

}  // namespace luy::detect
