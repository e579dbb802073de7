#include "evidence/day_close.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "evidence/day_writer.h"
#include "evidence/durable.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/finding.h"
#include "evidence/verify.h"
#include "evidence/witness_file.h"

namespace luy::evidence {
namespace {

constexpr mode_t closed_mode = 0440;
constexpr std::size_t digest_file_bytes_max = 4096;
constexpr std::size_t hex_digest_chars = 64;

// The state and which checkpoint is the closing one, in one transaction. Nothing on a day that says so already.
Result<void> mark_closed(const ArchiveDay& day) {
  DayHead head;
  {
    LUY_TRY(const auto reader, DayReader::open(day.file, false));
    LUY_TRY(head, reader->head());
  }
  if (head.state == DayState::closed) return {};
  LUY_TRY(const auto writer, DayWriter::open(day.file));
  head.state = DayState::closed;
  LUY_TRY_VOID(writer->begin());
  auto written = writer->set_closing(head.size);
  if (written) written = writer->put_head(head);
  if (!written) {
    writer->rollback();
    return written;
  }
  return writer->commit();
}

// Makes the file plain, durable and read-only. Nobody has it open.
Result<void> settle_file(const std::filesystem::path& file) {
  {
    LUY_TRY(const auto writer, DayWriter::open(file));
    LUY_TRY_VOID(writer->leave_log());
  }
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error(file.string(), errno);
  if (::fchmod(fd.get(), closed_mode) != 0) return file_error(file.string(), errno);
  sync_or_die(fd.get(), file);
  return sync_folder_or_die(file.parent_path());
}

Result<void> write_digest(const std::filesystem::path& file) {
  LUY_TRY(const std::string hex, file_sha256(file));
  return write_file_durably(digest_path(file), digest_line(hex, file), closed_mode);
}

// Whatever lies there would else get a digest that says nobody touched it.
Result<void> check_before_digest(const std::filesystem::path& file, const std::string& vkey) {
  LUY_TRY(auto root, VerifierKey::parse(vkey));
  std::string found;
  VerifyOptions options;
  options.keys = {std::move(root)};
  options.report = [&](const Finding& finding) {
    if (finding.is_fault && !finding.error.is(finding_digest_absent) && found.empty()) found = finding.error.text();
  };
  LUY_TRY_VOID(verify_path(file, options));
  return found.empty() ? Result<void>() : Result<void>(Error(digest_refused, found));
}

Result<void> remove_file(const std::filesystem::path& file) {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return file_error(file.string(), errno);
  return {};
}

}  // namespace

Result<SignedTree> sign_tree(const Archive& archive, NoteSigner& signer, Day day, const Frontier& tree,
                             LeafHasher& hasher) {
  const CheckpointBody body{signer.origin(), tree.size(), tree.root(hasher)};
  const auto path = [&](std::uint64_t old_size, std::uint64_t new_size) {
    return archive.prove_consistency(old_size, new_size);
  };
  LUY_TRY(SignedNote signature, signer.sign_checkpoint(body, day, path));
  if (!signature.note.starts_with(format_body(body) + "\n")) {
    return Error(note_malformed, "the signer returned another text");
  }
  Checkpoint checkpoint{body.size, body.root, signature.note, signature.certificates};
  return SignedTree{std::move(checkpoint), std::move(signature), tree};
}

Result<std::optional<SignedTree>> sign_end(const Archive& archive, ArchiveDay& day, NoteSigner& signer,
                                           const Clock& clock, LeafHasher& hasher) {
  DayHead head;
  std::optional<NoteRow> newest;
  {
    LUY_TRY(const auto reader, DayReader::open(day.file, false));
    LUY_TRY(head, reader->head());
    LUY_TRY(newest, reader->newest_note());
  }
  if (head.state == DayState::closed || (newest && newest->size == head.size)) return std::optional<SignedTree>();
  if (head.state != DayState::finished) return Error(store_corrupt, day.file.string() + ": an older day is open");
  LUY_TRY(SignedTree end, sign_tree(archive, signer, day.day, head.frontier, hasher));
  LUY_TRY(const auto writer, DayWriter::open(day.file));
  LUY_TRY_VOID(writer->begin());
  const NoteRow note{head.size, clock.now(), false, end.signature.note};
  if (auto written = writer->put_checkpoint(note, end.signature, signer.vkey()); !written) {
    writer->rollback();
    return written.error();
  }
  LUY_TRY_VOID(writer->commit());
  return std::optional(std::move(end));
}

Result<std::optional<SignedTree>> close_day(Archive& archive, const std::shared_ptr<ArchiveDay>& day,
                                            NoteSigner& signer, const Clock& clock, LeafHasher& hasher) {
  std::optional<SignedTree> signed_now;
  const bool closed_now = !day->sealed;
  if (!day->sealed) {
    LUY_TRY(signed_now, sign_end(archive, *day, signer, clock, hasher));
    LUY_TRY_VOID(mark_closed(*day));
    Result<void> settled;
    const bool alone = archive.alone_with(*day, [&] {
      settled = settle_file(day->file);
      if (settled) day->sealed = true;
    });
    if (!alone || (!settled && settled.error().is(store_in_use))) return signed_now;
    if (!settled) return settled.error();
  }
  std::error_code ignored;
  if (std::filesystem::exists(digest_path(day->file), ignored)) return signed_now;
  if (!closed_now) {
    LUY_TRY_VOID(check_before_digest(day->file, signer.vkey()));
    log(LogLevel::warning, "evidence", "writing the missing digest of closed day " + day->file.string());
  }
  LUY_TRY_VOID(write_digest(day->file));
  return signed_now;
}

std::string stored_digest(const std::filesystem::path& day_file) {
  const auto line = read_file(digest_path(day_file), digest_file_bytes_max);
  return line ? line->substr(0, hex_digest_chars) : std::string();
}

std::vector<DeletedDay> name_deleted(const Archive& archive, const std::vector<std::shared_ptr<ArchiveDay>>& days,
                                     LeafHasher& hasher) {
  std::vector<DeletedDay> out;
  for (const auto& day : days) {
    const auto end = archive.frontier_at(day->end_seq);
    out.push_back({day->day, day->first_seq, day->end_seq - day->first_seq, stored_digest(day->file),
                   end ? to_hex(end->root(hasher)) : std::string()});
  }
  return out;
}

Result<void> delete_day(const std::filesystem::path& day_file) {
  // The digest first: a file without digest is closed again, a digest without file would be a missing day.
  LUY_TRY_VOID(remove_file(digest_path(day_file)));
  LUY_TRY_VOID(remove_file(cosigned_path(day_file)));
  LUY_TRY_VOID(remove_file(stamp_path(day_file)));
  LUY_TRY_VOID(remove_file(day_file));
  return sync_folder_or_die(day_file.parent_path());
}

Result<void> remove_unfinished_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::size_t at = name.find(".sqlite.new");
    if (at != std::string::npos && day_from_iso(std::string_view(name).substr(0, at))) found.push_back(entry->path());
  }
  if (error) return file_error(folder.string(), error.value());
  for (const auto& file : found) LUY_TRY_VOID(remove_file(file));
  return {};
}

Result<void> roll_back_interrupted_changes(const std::filesystem::path& folder) {
  constexpr std::string_view journal = "-journal";
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().string();
    if (!name.ends_with(journal)) continue;
    const std::filesystem::path file = name.substr(0, name.size() - journal.size());
    if (day_of_path(file)) found.push_back(file);
  }
  if (error) return file_error(folder.string(), error.value());
  for (const std::filesystem::path& file : found) {
    LUY_TRY(Connection connection, Connection::open(file, Connection::Mode::write));
    LUY_TRY_VOID(connection.run("BEGIN IMMEDIATE; COMMIT"));  // The first lock for writing rolls the journal back.
  }
  return {};
}

}  // namespace luy::evidence
