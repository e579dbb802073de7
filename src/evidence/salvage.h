// What is left of a damaged day: the records that a signed checkpoint still vouches for, with what is needed to see
// that, those that can be read and no more, and which are lost. Reads the day file page by page (evidence/raw_day.h),
// of the files beside it only their heads; changes none of them. docs/format/salvage.md describes the folder that is
// written.
//
// Memory: 32 bytes for each record of the day and some blocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/archive.h"
#include "evidence/partial_tree.h"
#include "evidence/verify.h"

namespace luy::evidence {

inline constexpr std::string_view salvage_proof = "proof";  // The first; "proof-2" and so on are further ones.
inline constexpr std::size_t salvage_proofs_max = 64;
inline constexpr std::string_view salvage_proved = "proved.leaves.zst";
inline constexpr std::string_view salvage_readable = "readable.leaves.zst";
inline constexpr std::string_view salvage_readable_list = "readable.tsv";
inline constexpr std::string_view salvage_proved_list = "proved.tsv";
inline constexpr std::string_view salvage_lost = "lost.tsv";
inline constexpr std::string_view salvage_report = "BAO-CAO.txt";

struct SalvageOptions {
  std::vector<VerifierKey> keys{};   // Trusted roots; when empty, the file's own is used, as the report says.
  std::vector<std::string> notes{};  // Checkpoints kept elsewhere, as signed notes.
  bool with_list = false;            // Write proved.tsv, too: as large as the records themselves.
};

enum class LossCause : std::uint8_t {
  absent,    // Nothing of these records is in the file.
  damaged,   // Their block is there and cannot be read.
  withheld,  // Their content had been removed by a decision; no loss.
};
std::string_view name_of(LossCause cause);

struct LostRange {
  SeqRange records;
  LossCause cause = LossCause::absent;
  // When they were received: between these, from what is around them or what is left of their block.
  Time from;
  Time until;
};

struct Salvage {
  std::filesystem::path file;
  std::optional<Day> day;
  std::string origin;
  std::uint64_t file_bytes = 0;
  bool is_cut = false;      // Shorter than its own head says.
  std::uint64_t first = 0;  // Records of the day: from here
  std::uint64_t end = 0;    // to before this one, as far as that can be told.
  std::uint64_t proved = 0;
  std::uint64_t readable = 0;  // And not proved.
  std::uint64_t lost = 0;      // Without those withheld.
  std::vector<SeqRange> proved_ranges;
  std::vector<LostRange> lost_ranges;
  std::vector<Checkpoint> proofs;  // Checkpoints that together vouch for what is proved, the newest first.
  bool own_key = false;            // Their key is only known from the file itself.
  std::size_t checkpoints = 0;     // Found with a valid signature.
};

// Writes into `folder`, which must not exist or be empty. Errors: store_corrupt when nothing of a day is in the file,
// file_failed (the folder holds something), note_malformed, file errors.
Result<Salvage> salvage(const std::filesystem::path& file, const std::filesystem::path& folder,
                        const SalvageOptions& options);

// "proof", "proof-2", …
std::string salvage_proof_name(std::size_t number);
bool is_salvage(const std::filesystem::path& folder);
// That each record of proved.leaves.zst is in the tree of a checkpoint of the proofs, and who signed them. Errors:
// file errors, note_malformed; everything else is reported.
Result<VerifySummary> verify_salvage(const std::filesystem::path& folder, const VerifyOptions& options);
// A record of proved.leaves.zst with its path. Errors: record_unknown, those above, store_corrupt.
Result<InclusionProof> prove_salvaged(const std::filesystem::path& folder, std::uint64_t seq);

// The report, Vietnamese and then English.
std::string salvage_text(const Salvage& found);

}  // namespace luy::evidence
