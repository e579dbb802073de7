#pragma once

#include <string>

namespace luy {

// Where the project's sources stood when this was built, absolute and without a slash at the end; for tests and
// benchmarks that read kept samples. It is a function of a library of its own, so that one small file, not every test,
// is compiled anew where the sources stand elsewhere.
std::string source_dir();

}  // namespace luy
