// The passwords that everybody tries first, as they were known when the program was built (tools/common_passwords).
#pragma once

#include <string_view>

namespace luy::directory {

// Folded, one on each line, with a line end before the first and after the last; two line ends alone where the list was
// not there at build.
std::string_view common_passwords_text();

}  // namespace luy::directory
