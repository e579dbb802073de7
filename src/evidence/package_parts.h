// What both kinds of packages are made with.
#pragma once

#include <string>
#include <vector>

#include "evidence/archive.h"

namespace luy::evidence {

// The key at the beginning of the chain to the one that signed the checkpoint, which is thereby verified. Errors:
// note_unverified, store_corrupt.
Result<VerifierKey> root_of(const Archive& archive, const Checkpoint& checkpoint);

// Of both, each once; a successor stands before what it certifies, as the chain is followed.
std::string all_certificates(const std::vector<std::string>& first, const std::vector<std::string>& second);

}  // namespace luy::evidence
