// SHA-256 of whole files, in the form sha256sum writes and checks.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace luy::evidence {

// Hex. Do not call while this process has the file open through SQLite: closing a second descriptor drops its POSIX
// locks. Errors: file errors.
Result<std::string> file_sha256(const std::filesystem::path& file);

// "<hex>  <name>\n".
std::string digest_line(const std::string& hex, const std::filesystem::path& file);

}  // namespace luy::evidence
