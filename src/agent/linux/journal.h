// The systemd journal as a source of records, in export form. libsystemd is loaded when there is a journal and not
// before: on a machine without one it costs nothing.
#pragma once

#include <systemd/sd-journal.h>

#include <filesystem>
#include <optional>
#include <string>

#include "agent/note.h"
#include "agent/source.h"
#include "base/clock.h"

namespace luy::agent {

// The functions of libsystemd that are used, so that tests can put theirs in their place.
struct JournalLibrary {
  decltype(&sd_journal_open) open = nullptr;
  decltype(&sd_journal_open_directory) open_directory = nullptr;  // For a root of our own.
  decltype(&sd_journal_close) close = nullptr;
  decltype(&sd_journal_get_fd) get_fd = nullptr;
  decltype(&sd_journal_process) process = nullptr;
  decltype(&sd_journal_next) next = nullptr;
  decltype(&sd_journal_seek_cursor) seek_cursor = nullptr;
  decltype(&sd_journal_test_cursor) test_cursor = nullptr;
  decltype(&sd_journal_seek_realtime_usec) seek_realtime_usec = nullptr;
  decltype(&sd_journal_get_cursor) get_cursor = nullptr;
  decltype(&sd_journal_get_realtime_usec) get_realtime_usec = nullptr;
  decltype(&sd_journal_restart_data) restart_data = nullptr;
  decltype(&sd_journal_enumerate_data) enumerate_data = nullptr;

  // nullopt when the library is not installed.
  static std::optional<JournalLibrary> load();
};

// Whether journald has written anything on the machine below `root`.
bool has_journal(const std::filesystem::path& root);

// Appends one field in the journal export format: "KEY=value\n", or with a length where the value is not plain text.
// https://systemd.io/JOURNAL_EXPORT_FORMATS/. A field without '=' is passed over.
void append_export_field(std::string& out, std::string_view field);

struct JournalOptions {
  std::filesystem::path root = "/";
  // At the very first start, entries older than this are left out.
  Duration history = std::chrono::hours(24 * 30);
};

// Not thread-safe: belongs to the agent's main thread.
class Journal final : public Source {
 public:
  static constexpr const char* position_key = "journal";
  static constexpr Duration retry = std::chrono::minutes(1);
  // Larger entries (core dumps in fields) lose their last fields; a note tells.
  static constexpr std::size_t entry_bytes_max = 512 << 10;

  // `cursor` is where the spool says reading stopped; empty for never. `library` is for tests.
  Journal(JournalOptions options, std::string cursor, const Clock& clock,
          std::optional<JournalLibrary> library = std::nullopt);
  ~Journal() override;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  int wake_fd() const override { return fd_; }
  bool collect(Slice& slice) override;
  Duration ask_within() const override { return retry; }

 private:
  bool open(Slice& slice);
  void close();
  bool seek(Slice& slice);
  bool read_entry(Slice& slice);
  void fail(Slice& slice, std::string_view what, int error);

  const JournalOptions options_;
  const Clock& clock_;
  std::optional<JournalLibrary> library_;
  std::string cursor_;
  sd_journal* journal_ = nullptr;
  int fd_ = -1;
  bool pending_ = false;  // An entry lies under the read pointer that has not been taken.
  Duration next_try_{0};
  std::string noted_;  // The last failure told.
};

}  // namespace luy::agent
