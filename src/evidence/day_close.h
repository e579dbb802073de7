// Closing a finished day: the closing checkpoint, a plain file, read-only, its SHA-256 beside it; and deleting it when
// its time has come. Every step can be repeated after a crash.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "evidence/archive.h"
#include "evidence/hub_note.h"
#include "evidence/note.h"

namespace luy::evidence {

struct SignedTree {
  Checkpoint checkpoint;
  SignedNote signature;
  Frontier tree;
};
// Signs the tree's size and root; its newest record was received on `day`. Errors: the signer's; note_malformed when
// the signer returns another body.
Result<SignedTree> sign_tree(const Archive& archive, NoteSigner& signer, Day day, const Frontier& tree,
                             LeafHasher& hasher);

// The checkpoint over the whole of a finished day; nullopt when it is there. It has to be signed before any later tree
// is: the key of a day is destroyed when the next is used. Errors: the signer's, store_corrupt (the day is open), file
// errors.
Result<std::optional<SignedTree>> sign_end(const Archive& archive, ArchiveDay& day, NoteSigner& signer,
                                           const Clock& clock, LeafHasher& hasher);

inline constexpr ErrorKind digest_refused{
    "evidence.digest_refused", ErrorClass::corrupt,
    "Ngày đã khóa bị mất tệp .sha256 và nội dung không còn khớp chữ ký, nên không ghi lại mã băm: {}. Hãy giữ nguyên "
    "tệp và chạy 'luy evidence verify'.",
    "A closed day has lost its .sha256 file and no longer fits what was signed, so that no digest is written: {}. "
    "Leave "
    "the file as it is and run 'luy evidence verify'."};

// Does what is left to do; nothing on a day that is wholly closed. Returns the checkpoint it signed. A day that is
// being read keeps its log until the next call. A digest that is lost is written anew only for a file that still
// verifies from the signer's key. Errors: the signer's, digest_refused, file errors.
Result<std::optional<SignedTree>> close_day(Archive& archive, const std::shared_ptr<ArchiveDay>& day,
                                            NoteSigner& signer, const Clock& clock, LeafHasher& hasher);

// Hex digest out of the .sha256 file; empty when there is none.
std::string stored_digest(const std::filesystem::path& day_file);

// What a `retention` record says of these days.
std::vector<DeletedDay> name_deleted(const Archive& archive, const std::vector<std::shared_ptr<ArchiveDay>>& days,
                                     LeafHasher& hasher);
// Errors: file errors.
Result<void> delete_day(const std::filesystem::path& day_file);
// What a crash left while a day file was being made: no record was ever in it.
Result<void> remove_unfinished_files(const std::filesystem::path& folder);

// Undoes what a power cut left half done in a day's file: its change from or to SQLite's write-ahead log is journalled
// beside it, and who only reads cannot open it before. The caller holds the store's lock.
Result<void> roll_back_interrupted_changes(const std::filesystem::path& folder);

}  // namespace luy::evidence
