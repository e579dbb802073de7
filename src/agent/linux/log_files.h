// All log files below one folder as a source of records: found by inotify on the folders, known by inode, followed
// through rotation by renaming (the old descriptor is read until it has been quiet) and by copying and truncating.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/linux/log_file.h"
#include "agent/name_filter.h"
#include "agent/note.h"
#include "agent/source.h"
#include "agent/spool_frame.h"
#include "base/clock.h"
#include "base/file.h"

namespace luy::agent {

struct LogFilesOptions {
  std::string folder = "/var/log";
  NameFilter filter = default_filter();
  // At the very first start, a file that was last written before this is begun at its end, and of any other at most
  // this much is read. 30 days is how long the regulation's system keeps logs at the least.
  Duration history = std::chrono::hours(24 * 30);
  std::uint64_t history_bytes = 64 << 20;
};

// Not thread-safe: belongs to the agent's main thread.
class LogFiles final : public Source {
 public:
  // A rotated file is let go after this silence, once its writer has begun the new one; if it never does, after
  // rotated_max.
  static constexpr Duration quiet = std::chrono::seconds(2);
  static constexpr Duration rotated_max = std::chrono::hours(1);
  static constexpr Duration full_scan =
      std::chrono::minutes(1);  // Against lost inotify events and other people's mounts.
  static constexpr std::size_t files_max = 2'000;
  static constexpr int depth_max = 8;

  // `positions` is what the spool knows from before; `first_start` whether it knows nothing at all.
  LogFiles(LogFilesOptions options, const Positions& positions, bool first_start, const Clock& clock);

  int wake_fd() const override { return inotify_.get(); }
  bool collect(Slice& slice) override;
  Duration ask_within() const override;

  std::size_t files() const { return current_.size(); }

 private:
  struct Tail {
    LogFile file;
    bool dirty = true;
    std::string path{};       // Of a rotated file: the name it had.
    Duration rotated_at{0};   // The same, monotonic.
    Duration quiet_since{0};  // The same: the last time it grew.
  };
  struct Folder {
    std::string path;
    int depth = 0;
  };

  using Names = std::map<std::string, FileIdentity>;
  using Written = std::pair<std::int64_t, std::int64_t>;  // Seconds and nanoseconds.

  void read_events();
  void on_event(int watch, std::uint32_t mask, const std::string& name);
  void scan_all();
  void watch(const std::string& path, int depth);
  void leave(const std::string& folder);
  void scan_folder(const Folder& folder);
  void match(const Folder& folder, const Names& names);
  bool adopt(std::list<Tail>& tails, const std::string& path, const FileIdentity& identity);
  void open_file(const Folder& folder, const std::string& path);
  void begin(LogFile& file, const std::string& path);
  void find_rotated(const Folder& folder, const Names& names);
  void find_missed(const Folder& folder, const Names& names, const std::string& name, const Written& last);
  void rotate(Tail tail, const std::string& path);
  bool is_over(const Tail& tail) const;
  bool read_tail(Tail& tail, bool to_end, Slice& slice);
  void read_rotated(Slice& slice);
  bool reads(const std::string& path) const;
  void note(std::string_view name, const NoteFields& fields);
  // The same, but only once for each `what`.
  void note_once(const std::string& what, std::string_view name, const NoteFields& fields);

  const LogFilesOptions options_;
  const Clock& clock_;
  Positions known_;  // From before this start, as far as not yet matched to a file.
  const bool first_start_;
  bool first_scan_ = true;
  UniqueFd inotify_;
  std::map<int, Folder> folders_;  // By watch descriptor.
  std::set<std::string> watched_;  // Paths of folders_.
  std::set<std::string> dirty_folders_;
  std::map<std::string, Tail> current_;  // By path.
  std::list<Tail> rotated_;              // Oldest first.
  std::set<std::string> noted_;          // What has been noted already, so that it is noted once.
  std::vector<Item> notes_;
  Duration next_scan_{0};
  std::vector<char> buffer_;
};

}  // namespace luy::agent
