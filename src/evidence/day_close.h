// Closing a finished day: the closing checkpoint, a plain file, read-only, its SHA-256 beside it; and deleting it when
// its time has come. Every step can be repeated after a crash.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "evidence/archive.h"
#include "evidence/note.h"

namespace luy::evidence {

// Signs the tree's size and root. Errors: the signer's; note_malformed when the signer returns another body.
Result<Checkpoint> sign_checkpoint(NoteSigner& signer, const Frontier& tree, LeafHasher& hasher);

// Adds a checkpoint to a finished day.
Result<void> add_note(ArchiveDay& day, const NoteRow& note, std::string_view vkey);

struct ClosingCheckpoint {
  Checkpoint checkpoint;
  Frontier tree;
};
// Does what is left to do; nothing on a day that is wholly closed. Returns the checkpoint it signed. A day that is
// being read keeps its log until the next call. Errors: the signer's, file errors.
Result<std::optional<ClosingCheckpoint>> close_day(Archive& archive, const std::shared_ptr<ArchiveDay>& day,
                                                   NoteSigner& signer, const Clock& clock, LeafHasher& hasher);

// Hex digest out of the .sha256 file; empty when there is none.
std::string stored_digest(const std::filesystem::path& day_file);

// Errors: file errors.
Result<void> delete_day(const std::filesystem::path& day_file);
// What a crash left while a day file was being made: no record was ever in it.
Result<void> remove_unfinished_files(const std::filesystem::path& folder);

}  // namespace luy::evidence
