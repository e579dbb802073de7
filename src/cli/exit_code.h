// The exit codes of `luy`, from one table that also makes the help text.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::cli {

enum class ExitCode : int {
  ok = 0,
  fault = 1,
  usage = 2,
  not_found = 3,
  denied = 4,
  refused = 5,
  unavailable = 6,
  corrupt = 7,
  io = 8,
  internal = 70,
};

struct ExitCodeRow {
  ExitCode code;
  std::string_view vi;
  std::string_view en;
};
std::span<const ExitCodeRow> exit_codes();
std::string exit_code_help();

ExitCode exit_code_of(ErrorClass error_class);

}  // namespace luy::cli
