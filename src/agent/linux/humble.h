// What the agent's helper processes have in common: the lowest priority, a job on standard input, lines on standard
// output.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::agent {

// Gone with its parent, no new privileges, runs when nothing else wants the processor or the disk.
void become_humble();

// Until its end. Errors: those of base/file.h; file_too_large above `bytes_max`.
Result<std::string> read_all(int fd, std::size_t bytes_max);

// A parent that does not listen any more ends the process.
void write_out(std::string_view line);

}  // namespace luy::agent
