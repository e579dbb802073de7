// Runs xorriso, without its start-up files and in the C locale.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace luy::cli {

inline constexpr const char* disc_tool_path = "/usr/bin/xorriso";

// What it wrote to both its outputs, at most 1 MiB. Errors: disc_tool_missing, disc_tool_failed with its last words
// (disc_image.h).
Result<std::string> run_disc_tool(const std::vector<std::string>& arguments);

}  // namespace luy::cli
