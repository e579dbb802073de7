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
  // Errors: store_corrupt, store_in_use, file errors.
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
  Result<void> put_spool(const SpoolRow& spool);
  Result<void> delete_spool(std::string_view sender, std::uint64_t spool_id);
  Result<void> put_coverage(const CoverageRow& coverage);
  Result<void> put_note(const NoteRow& note);
  Result<void> put_key(std::string_view vkey, Time since);

  // Copies the log into the file if it has grown long. A full disk is no error here: the log keeps what is committed.
  Result<void> trim_log();
  // Turns the file into a plain one without a log. Errors: store_in_use while anybody reads it.
  Result<void> leave_log();

 private:
  explicit DayWriter(Connection connection) : connection_(std::move(connection)) {}
  Result<void> prepare();

  Connection connection_;
  Statement tail_;
  Statement block_;
  Statement head_;
  Statement spool_;
  Statement spool_delete_;
  Statement coverage_;
  Statement note_;
  Statement key_;
};

}  // namespace luy::evidence
