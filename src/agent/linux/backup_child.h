// The process that backs up, drills and restores: luy-agent-backup, of the lowest priority, gone with its parent. It
// drives restic and the programs that dump databases, and tells its parent how far it is.
//
// Its job comes on standard input, lines "<key> <value>" under "luy-backup 1"; what it tells are lines on standard
// output:
//   i <repository's id>              it is open
//   p <percent> <files> <bytes>
//   w <battery|load>                 it waits; "r": it goes on
//   e <word or -> <detail> <snapshot or -> <files> <bytes> <added> <differing> <missing> <databases> <report's SHA-256
//     or -> <changed>                the end; texts that may be anything are hexadecimal, "-" for empty
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/manifest.h"
#include "agent/linux/restic.h"
#include "base/clock.h"
#include "device_policy/backup.h"

namespace luy::agent {

inline constexpr ErrorKind backup_job_malformed{"agent.backup_job_malformed", ErrorClass::invalid,
                                                "Tiến trình sao lưu nhận việc sai khuôn dạng: {}.",
                                                "The process of backups got a malformed job: {}."};

enum class BackupAct : std::uint8_t { run, drill, preview, restore };
std::string_view name_of(BackupAct act);
std::optional<BackupAct> backup_act(std::string_view name);

struct BackupJob {
  BackupAct act = BackupAct::run;
  std::string id;  // As base/id.h.
  // One set with one target, and the limits.
  device_policy::Backup section;
  ResticPlace place;
  std::string number;      // Of the device that a medium is mounted from; empty: not on a medium.
  std::string remembered;  // The repository's id, once it was made.
  std::string folder;      // The agent's own for backups.
  std::filesystem::path root = "/";
  std::int64_t part = 1;  // What is read back after a run,
  std::int64_t parts = 1;
  Duration pace = std::chrono::seconds(5);  // Between two looks while it waits.
  // Of a drill, a preview, a restore:
  std::string snapshot;            // Empty: the newest,
  std::optional<Time> at;          // not later than this.
  std::vector<std::string> paths;  // What of it; none: all.
  std::string destination;         // Of a restore: below a new folder in this; empty: in its place.
};
std::string to_text(const BackupJob& job);
// Errors: backup_job_malformed.
Result<BackupJob> read_backup_job(std::string_view text);

struct BackupEnd {
  std::string because;  // Empty: it did what it was to do.
  std::string detail;
  std::string snapshot;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t bytes_added = 0;
  std::int64_t differing = 0;  // Of a preview and a restore: files that are overwritten.
  std::int64_t missing = 0;
  std::int64_t databases = 0;
  std::string report_sha256;
  std::int64_t changed = 0;
  bool operator==(const BackupEnd&) const = default;
};
struct BackupTold {
  enum class What : std::uint8_t { repository, progress, waiting, going_on, ended };
  What what = What::progress;
  std::string repository;
  std::string why;
  Restic::Progress progress;
  BackupEnd end;
};
std::string to_line(const BackupTold& told);  // With its '\n'.
std::optional<BackupTold> read_backup_line(std::string_view line);

// Where the report of a drill, a preview or a restore lies: below BackupJob::folder.
std::filesystem::path backup_report(const std::filesystem::path& folder, std::string_view id);

struct BackupParts {
  const Clock& clock;
  std::function<void(const BackupTold&)> tell;
  std::function<void(Duration)> pause;
};
// The job from its beginning to its end, which is told.
void run_backup_job(const BackupJob& job, const BackupParts& parts);

// `luy-agent-backup`: the exit status.
int backup_main();

}  // namespace luy::agent
