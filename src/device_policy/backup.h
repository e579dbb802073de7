// The section "backup": which data a machine backs up, how often, to where, how long copies stay, and when a restore is
// tried. docs/format/device-policy.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::device_policy {

inline constexpr std::size_t backup_sets_max = 32;
inline constexpr std::size_t backup_targets_max = 4;  // Of a set.
inline constexpr std::size_t backup_media_max = 32;
inline constexpr std::size_t backup_databases_max = 64;
inline constexpr std::size_t backup_paths_max = 64;
inline constexpr std::size_t backup_excludes_max = 128;
inline constexpr std::size_t backup_name_bytes_max = 100;  // Of a set, a database, a label.
inline constexpr std::int64_t backup_keep_max = 1000;      // Snapshots of a kind.

// Names are stored and stand in facts: never renamed.
enum class BackupKind : std::uint8_t { logs, sqlite, postgresql, mariadb, files };
std::string_view name_of(BackupKind kind);
enum class BackupPlace : std::uint8_t { disk, medium };
std::string_view name_of(BackupPlace place);

struct BackupTarget {
  BackupPlace kind = BackupPlace::disk;
  std::string path;                // Of a disk: the folder in which the repository is made.
  std::vector<std::string> media;  // Of a medium: ids in `Backup::media`; whichever of them is there.
  bool operator==(const BackupTarget&) const = default;
};

// How many snapshots stay, as restic counts them: what any of these keeps, stays. All 0: everything does.
struct BackupKeep {
  std::int64_t last = 0;
  std::int64_t daily = 0;
  std::int64_t weekly = 0;
  std::int64_t monthly = 0;
  bool operator==(const BackupKeep&) const = default;
  bool everything() const { return *this == BackupKeep{}; }
};

struct BackupSet {
  std::string name;  // Unique in the section; no comma, no control characters.
  BackupKind kind = BackupKind::files;
  std::int64_t every_days = 0;         // A run ends at least this often; never more rarely than period_days.
  std::vector<std::string> paths;      // files, logs: folders and files. sqlite: the database files. Absolute.
  std::vector<std::string> excludes;   // files, logs: absolute, with everything below.
  std::vector<std::string> databases;  // postgresql, mariadb: names; none: all of the service.
  std::string user;                    // postgresql, mariadb: whose the dump is made as; else empty.
  std::string socket;                  // postgresql, mariadb: folder or file of its socket; empty: the usual one.
  BackupKeep keep;
  std::vector<BackupTarget> targets;
  bool operator==(const BackupSet&) const = default;
};

// A medium in the hub's register, as the machine will know it: empty is unknown and matches nothing.
struct BackupMedium {
  std::string id;
  std::string uuid;
  std::string serial;
  std::string label;
  bool operator==(const BackupMedium&) const = default;
};

struct Backup {
  bool run = true;
  std::int64_t period_days = 0;  // From the pack: the longest time between two runs of a set at a target.
  std::int64_t drill_days = 0;   // From the pack: the longest time between two drills of a set.
  std::int64_t from_minute = 0;  // Runs go on between these minutes of a day alone, Asia/Ho_Chi_Minh; at most 1440.
  std::int64_t until_minute = 0;
  std::int64_t busy_percent = 0;          // Share of time in which a run works.
  std::int64_t write_kib_per_second = 0;  // To a repository; 0: as fast as it goes.
  std::int64_t read_back_percent = 0;     // Of a repository on a disk after each run, another part each time.
  bool pause_on_battery = true;
  std::int64_t pause_load_percent = 0;  // Waits while the load of the last minute is above, in percent of all cores.
  std::vector<BackupSet> sets;
  std::vector<BackupMedium> media;  // From the hub.
  bool operator==(const Backup&) const = default;
};

// As it stands in documents: fields in a fixed sequence.
std::string to_json(const Backup& section);
struct ReadBackup {
  Backup section;
  std::vector<std::string> unknown;  // Names of fields that were skipped.
};
// Errors: malformed (antivirus.h), naming the field ("backup.sets.paths").
Result<ReadBackup> read_backup(std::string_view json);
// See SectionKind.
std::vector<std::string> weakened(const Backup& before, const Backup& after);

}  // namespace luy::device_policy
