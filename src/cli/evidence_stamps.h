// The time-stamps of closed days (evidence/witness_file.h), checked by `luy evidence verify`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "evidence/verify.h"

namespace luy::cli {

// Of a day file or a folder of them; `authorities`: files of certificates of the service's authorities. Reports each;
// answers how many are wrong: over another note, altered, or, where authorities are given, not of theirs. Errors:
// signature::bad_certificate, file errors of the authorities' files.
Result<std::size_t> verify_stamps(const std::filesystem::path& path, const std::vector<std::string>& authorities,
                                  const std::function<void(const evidence::Finding&)>& report);

}  // namespace luy::cli
