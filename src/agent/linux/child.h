// Running a system program with a text on its standard input: no shell, bounded time and output.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

struct ChildResult {
  int status = -1;     // Of its exit; -1 when a signal ended it.
  std::string output;  // Both its outputs, at most child_output_bytes_max.
};
inline constexpr std::size_t child_output_bytes_max = 64 << 10;

// With an empty environment but PATH and LC_ALL=C. A program that takes longer is killed, which is an error.
// Errors: those of base/file.h.
Result<ChildResult> run_with_input(const std::vector<std::string>& arguments, std::string_view input, Duration time);

// Starts a program with these descriptors as its standard input and output, `errors_too` with its error output as well,
// the environment above and no signal blocked. Whoever asks waits for it. Errors: those of base/file.h.
Result<pid_t> spawn_child(const std::vector<std::string>& arguments, int input, int output, bool errors_too);

}  // namespace luy::agent
