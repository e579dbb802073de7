// The one connection that writes a day file and checkpoints its write-ahead log.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "evidence/day_file.h"
#include "evidence/sqlite.h"

namespace luy::evidence {

// The write-ahead log is copied into the file when it has grown to this many pages (4 KiB each).
inline constexpr std::uint64_t log_pages_max = 2048;

class DayWriter {
 public:
  // Makes the file, whole or not at all, with the state that goes over from the day before. Errors: file errors.
  static Result<void> create(const std::filesystem::path& file, const DayMeta& meta, Time received_before,
                             const std::vector<SpoolRow>& spools);
  // A file of format 1 becomes one of format 2. Errors: store_corrupt, store_newer, store_in_use, file errors.
  static Result<std::unique_ptr<DayWriter>> open(const std::filesystem::path& file);

  Result<void> begin() { return connection_.run("BEGIN IMMEDIATE"); }
  // Durable when it returns. After an error nothing of the transaction remains.
  Result<void> commit();
  void rollback();

  Result<void> add_tail(const SegmentHead& head, std::string_view nodes, std::string_view body);
  Result<void> clear_tail() { return connection_.run("DELETE FROM tail"); }
  struct Block {
    SegmentHead head;
    std::string nodes;
    std::string histogram;
    std::string filter;
    std::string body;
  };
  Result<void> add_block(const Block& block);
  Result<void> put_head(const DayHead& head);
  Result<void> put_withheld(const DayMeta::Withheld& withheld);
  Result<void> put_spool(const SpoolRow& spool);
  Result<void> delete_spool(std::string_view sender, std::uint64_t spool_id);
  Result<void> put_coverage(const CoverageRow& coverage);
  // A checkpoint, the key that signed it and what certifies that key up to `root`. Signatures of the same text that are
  // there already are kept.
  Result<void> put_checkpoint(const NoteRow& note, const SignedNote& signature, std::string_view root);
  // The checkpoint of this size is the one over the whole day.
  Result<void> set_closing(std::uint64_t size);

  // Copies the log into the file if it has grown long. A full disk is no error here: the log keeps what is committed.
  Result<void> trim_log();
  // Turns the file into a plain one without a log. Errors: store_in_use while anybody reads it.
  Result<void> leave_log();

 private:
  explicit DayWriter(Connection connection) : connection_(std::move(connection)) {}
  Result<void> raise_format();
  Result<void> prepare();

  Connection connection_;
  Statement tail_;
  Statement block_;
  Statement head_;
  Statement spool_;
  Statement spool_delete_;
  Statement coverage_;
  Statement note_;
  Statement note_text_;
  Statement closing_;
  Statement key_;
  Statement certificate_;
  Statement root_;
};

}  // namespace luy::evidence
