// The file `proof` of a salvaged day (docs/format/salvage.md). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/partial_tree.h"

namespace luy::evidence {

struct SalvageProof {
  std::vector<TreeNode> nodes;  // What is needed beside the records.
  std::string note;
};
// "luy-salvage 1" LF, "<level> <index> <base64 hash>" LF for each node, LF, the checkpoint's note.
std::string format_salvage_proof(const SalvageProof& proof);
Result<SalvageProof> parse_salvage_proof(std::string_view text);  // Errors: note_malformed.

}  // namespace luy::evidence
