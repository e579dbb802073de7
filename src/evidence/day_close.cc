#include "evidence/day_close.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/file.h"
#include "base/log.h"
#include "evidence/day_writer.h"
#include "evidence/durable.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"

namespace luy::evidence {
namespace {

constexpr mode_t closed_mode = 0440;
constexpr std::size_t digest_file_bytes_max = 4096;
constexpr std::size_t hex_digest_chars = 64;

// The closing checkpoint and the state, in one transaction.
Result<std::optional<ClosingCheckpoint>> sign_end(ArchiveDay& day, NoteSigner& signer, const Clock& clock,
                                                  LeafHasher& hasher) {
  DayHead head;
  {
    LUY_TRY(const auto reader, DayReader::open(day.file, false));
    LUY_TRY(head, reader->head());
  }
  if (head.state == DayState::closed) return std::optional<ClosingCheckpoint>();
  if (head.state != DayState::finished) return Error(store_corrupt, day.file.string() + ": an older day is open");
  LUY_TRY(Checkpoint checkpoint, sign_checkpoint(signer, head.frontier, hasher));
  const Time now = clock.now();
  LUY_TRY(const auto writer, DayWriter::open(day.file));
  head.state = DayState::closed;
  LUY_TRY_VOID(writer->begin());
  auto written = writer->put_key(signer.vkey(), now);
  if (written) written = writer->put_note({head.size, now, true, checkpoint.note});
  if (written) written = writer->put_head(head);
  if (!written) {
    writer->rollback();
    return written.error();
  }
  LUY_TRY_VOID(writer->commit());
  return std::optional(ClosingCheckpoint{std::move(checkpoint), head.frontier});
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

Result<void> remove_file(const std::filesystem::path& file) {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return file_error(file.string(), errno);
  return {};
}

}  // namespace

Result<Checkpoint> sign_checkpoint(NoteSigner& signer, const Frontier& tree, LeafHasher& hasher) {
  Checkpoint out{tree.size(), tree.root(hasher), {}};
  const std::string body = format_body({signer.origin(), out.size, out.root});
  LUY_TRY(out.note, signer.sign(body));
  if (!out.note.starts_with(body + "\n")) return Error(note_malformed, "the signer returned another text");
  return out;
}

Result<void> add_note(ArchiveDay& day, const NoteRow& note, std::string_view vkey) {
  LUY_TRY(const auto writer, DayWriter::open(day.file));
  LUY_TRY_VOID(writer->begin());
  auto written = writer->put_key(vkey, note.signed_at);
  if (written) written = writer->put_note(note);
  if (!written) {
    writer->rollback();
    return written;
  }
  return writer->commit();
}

Result<std::optional<ClosingCheckpoint>> close_day(Archive& archive, const std::shared_ptr<ArchiveDay>& day,
                                                   NoteSigner& signer, const Clock& clock, LeafHasher& hasher) {
  std::optional<ClosingCheckpoint> signed_now;
  if (!day->sealed) {
    LUY_TRY(signed_now, sign_end(*day, signer, clock, hasher));
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
  if (!signed_now) {
    log(LogLevel::warning, "evidence", "writing the missing digest of closed day " + day->file.string());
  }
  LUY_TRY_VOID(write_digest(day->file));
  return signed_now;
}

std::string stored_digest(const std::filesystem::path& day_file) {
  const auto line = read_file(digest_path(day_file), digest_file_bytes_max);
  return line ? line->substr(0, hex_digest_chars) : std::string();
}

Result<void> delete_day(const std::filesystem::path& day_file) {
  // The digest first: a file without digest is closed again, a digest without file would be a missing day.
  LUY_TRY_VOID(remove_file(digest_path(day_file)));
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

}  // namespace luy::evidence
