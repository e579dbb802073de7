// What others vouched for of a day, kept beside its file (docs/format/witness.md): checkpoints with the cosignatures of
// witnesses, and the time-stamp of its last checkpoint. Beside, because a closed day does not change any more and both
// arrive after it was closed.
//
//   YYYY-MM-DD.sqlite.cosigned   "luy-cosigned 1" LF, then signed notes one after another
//   YYYY-MM-DD.sqlite.tst        the DER of an RFC 3161 TimeStampToken over the closing note
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/archive.h"

namespace luy::evidence {

inline constexpr std::size_t cosigned_bytes_max = 4 << 20;

std::filesystem::path cosigned_path(const std::filesystem::path& day_file);
std::filesystem::path stamp_path(const std::filesystem::path& day_file);

// Pure. Errors: note_malformed.
std::string format_cosigned(const std::vector<std::string>& notes);
Result<std::vector<std::string>> parse_cosigned(std::string_view text);
// With `note` behind the others: one of an hour before goes where a later one of that hour bears the lines of all its
// witnesses; the same checkpoint gets the lines of both. Pure.
std::vector<std::string> with_cosigned(std::vector<std::string> notes, const std::string& note);

// None where there is no such file. Errors: note_malformed, file errors.
Result<std::vector<std::string>> read_cosigned(const std::filesystem::path& day_file);
// Beside the day on which the newest record of this checkpoint was received. One thread at a time. Errors: those above,
// record_unknown.
Result<void> keep_cosigned(const Archive& archive, std::uint64_t size, const std::string& note);
// The newest checkpoint that a witness cosigned: the note as it was cosigned. Errors: those above.
Result<std::optional<std::string>> newest_cosigned(const Archive& archive);
// As the checkpoint that it is, where it covers record `seq`: what proofs that are handed out lead to. Errors: those
// above, store_corrupt.
Result<std::optional<Checkpoint>> witnessed_checkpoint(const Archive& archive, std::uint64_t seq);

}  // namespace luy::evidence
