// restic(1), as Debian 12 has it (0.14): run as a child with little of the machine, what it says read as it says it,
// and its errors named. docs/adr/0238-restic-makes-the-backups.md.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr std::size_t restic_output_bytes_max = 64 << 20;  // A list of snapshots; a manifest is not kept whole.
inline constexpr std::size_t restic_line_bytes_max = 4 << 20;

// How a program ended, and what it said.
struct Ended {
  int status = -1;       // Of its exit; -1 when a signal ended it.
  std::string output;    // Of its standard output, where nobody took the lines.
  std::string errors;    // The end of its error output, at most 256 KiB.
  bool stopped = false;  // By `go_on`.
};

struct Child {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // Beside PATH, LC_ALL and HOME.
  std::string folder;                    // It runs in; holds what is mounted there.
  std::string user;                      // Empty: as this process.
  int output = -1;                       // Its standard output goes there; -1: to `line` or Ended::output.
};

struct ChildLimits {
  int busy_percent = 100;  // It is stopped for the rest of the time.
  // Asked about twice a second; false ends the child.
  std::function<bool()> go_on = [] { return true; };
};

// Errors: those of base/file.h: it could not be started, the user is unknown.
Result<Ended> run_child(const Child& child, const ChildLimits& limits,
                        const std::function<void(std::string_view)>& line = {});

// Where restic and its repository are.
struct ResticPlace {
  std::string program = "/usr/bin/restic";
  std::string folder;         // The folder of the target; the mount of a medium.
  std::string repository;     // Below it.
  std::string password_file;  // Absolute.
  std::string cache;          // Absolute; none: without.
  std::string device;         // The host's name in snapshots.
  std::int64_t write_kib_per_second = 0;
};

class Restic {
 public:
  Restic(ResticPlace place, ChildLimits limits) : place_(std::move(place)), limits_(std::move(limits)) {}

  // Its id; empty where there is none yet. Errors: as every function: backup_stopped naming a word of because::, in
  // backup_plan.h, and what restic said.
  Result<std::string> id();
  Result<std::string> make();
  // Removes locks of processes that are gone.
  Result<void> unlock();

  struct Backup {
    std::string list;  // A file of paths, each ended by a NUL.
    std::vector<std::string> excludes;
    std::string tag;
  };
  struct Progress {
    int percent = 0;
    std::int64_t files = 0;
    std::int64_t bytes = 0;
  };
  struct Made {
    std::string snapshot;
    std::int64_t files = 0;
    std::int64_t bytes = 0;
    std::int64_t bytes_added = 0;
    std::vector<std::string> unread;  // Paths that were there and could not be read; at most 100.
  };
  Result<Made> backup(const Backup& wanted, const std::function<void(const Progress&)>& tell);

  // Reads `part` of `parts` of the repository back and checks all of its structure.
  Result<void> check(std::int64_t part, std::int64_t parts);

  struct Keep {
    std::int64_t last = 0, daily = 0, weekly = 0, monthly = 0;
  };
  Result<void> forget(std::string_view tag, const Keep& keep);

  struct Snapshot {
    std::string id;
    Time at;
    std::vector<std::string> paths;
  };
  Result<std::vector<Snapshot>> snapshots(std::string_view tag);
  Result<std::int64_t> restore_bytes(const std::string& snapshot);
  // Writes what lies below `includes` (all when there are none) below `target`.
  Result<void> restore(const std::string& snapshot, const std::string& target,
                       const std::vector<std::string>& includes);
  // One file's content to a descriptor.
  Result<void> dump(const std::string& snapshot, const std::string& path, int output);

  static std::string version(const std::string& program);  // "restic 0.14.0"; empty where it is not installed.
  // The word of because:: for what restic said.
  static std::string_view reason(std::string_view errors);
  // A path as a pattern that matches it alone.
  static std::string pattern(std::string_view path);

 private:
  Result<Ended> run(std::vector<std::string> arguments, const std::function<void(std::string_view)>& line = {},
                    int output = -1);
  Result<void> plain(std::vector<std::string> arguments);

  const ResticPlace place_;
  const ChildLimits limits_;
};

inline constexpr ErrorKind backup_stopped{"agent.backup_stopped", ErrorClass::unavailable,
                                          "Sao lưu hoặc phục hồi không hoàn thành: {}.",
                                          "The backup or restore did not come to its end: {}."};
// "locked: unable to create …" -> "locked"
std::string_view backup_because(const Error& error);
Error backup_error(std::string_view because, std::string_view detail = {});

}  // namespace luy::agent
