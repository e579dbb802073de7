// Public keys and checkpoints that people kept, as files named on the command line.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "evidence/cosignature.h"
#include "evidence/note.h"

namespace luy::cli {

// One vkey a line; blank lines and lines with '#' in front are left out. Errors: key_invalid, also for a file without
// any; file errors.
Result<std::vector<evidence::VerifierKey>> read_keys(const std::vector<std::string>& files);
Result<std::vector<evidence::WitnessKey>> read_witnesses(const std::vector<std::string>& files);
// One signed note a file. Errors: file errors.
Result<std::vector<std::string>> read_notes(const std::vector<std::string>& files);

}  // namespace luy::cli
