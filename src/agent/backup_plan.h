// Which backup or restore drill is due: what the policy, what was done, what is plugged in and the time make of it.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "device_policy/backup.h"
#include "fact/fact.h"

namespace luy::agent {

// Why a run waits or failed, as it stands in facts. docs/format/facts.md.
namespace because {
inline constexpr std::string_view tool_missing = "tool_missing";              // restic is not installed.
inline constexpr std::string_view key_missing = "key_missing";                // The hub has not given the key yet.
inline constexpr std::string_view source_missing = "source_missing";          // A path of the set is not there.
inline constexpr std::string_view source_unread = "source_unread";            // Some files could not be read.
inline constexpr std::string_view dump_failed = "dump_failed";                // A database could not be copied.
inline constexpr std::string_view scratch_full = "scratch_full";              // No room for the dump or the drill.
inline constexpr std::string_view target_missing = "target_missing";          // The folder of the target is not there.
inline constexpr std::string_view repository_gone = "repository_gone";        // It was there once.
inline constexpr std::string_view repository_changed = "repository_changed";  // There is another in its place.
inline constexpr std::string_view wrong_key = "wrong_key";
inline constexpr std::string_view locked = "locked";  // By another restic that is at work.
inline constexpr std::string_view disk_full = "disk_full";
inline constexpr std::string_view read_only = "read_only";
inline constexpr std::string_view unreadable = "unreadable";  // The disk of the repository answers with errors.
inline constexpr std::string_view damaged = "damaged";        // What was read back is not what was written.
inline constexpr std::string_view failed = "failed";          // Anything else that restic said.
inline constexpr std::string_view interrupted = "interrupted";
inline constexpr std::string_view window = "window";
inline constexpr std::string_view battery = "battery";
inline constexpr std::string_view load = "load";
inline constexpr std::string_view medium_absent = "medium_absent";
inline constexpr std::string_view medium_not_external =
    "medium_not_external";  // It is on a disk of the machine itself.
inline constexpr std::string_view snapshot_missing = "snapshot_missing";
inline constexpr std::string_view differing = "differing";  // A drill brought back something else.
}  // namespace because

// A set at one of its targets: what is remembered across restarts.
struct BackupMemory {
  std::string set;
  std::string target;      // "disk", "medium".
  std::string at;          // The folder, or the id of the medium.
  std::string repository;  // restic's id of it, once it was made.
  bool under_way = false;
  std::string because;  // Of the newest, where it failed.
  std::string detail;   // What the program said.
  std::optional<Time> since;
  std::optional<Time> started_at;
  std::optional<Time> ended_at;
  std::optional<Time> succeeded_at;
  std::optional<Time> missed;  // The due time whose passing was told.
  std::optional<Time> plugged_at;
  std::optional<Time> unplugged_at;
  std::string snapshot;  // Of the one that succeeded, as the counts.
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t bytes_added = 0;
  std::int64_t rounds = 0;  // Successful ones: which part is read back next.
  bool operator==(const BackupMemory&) const = default;
};

struct BackupBook {
  std::vector<BackupMemory> runs;
  std::vector<fact::RestoreDrill> drills;  // Oldest first, at most fact::drills_told_max.
  bool operator==(const BackupBook&) const = default;

  BackupMemory* find(std::string_view set, std::string_view target, std::string_view at);
  const BackupMemory* find(std::string_view set, std::string_view target, std::string_view at) const;
};
// For the state file; what is not such a text reads as nothing remembered.
std::string to_text(const BackupBook& book);
BackupBook backup_book(std::string_view text);

// Every set at every one of its targets; of a target on media each medium that it names.
struct BackupSlot {
  std::size_t set = 0;  // In section.sets,
  std::size_t target = 0;
  std::string at;
};
std::vector<BackupSlot> backup_slots(const device_policy::Backup& section);

// By when a run ought to have ended; nullopt where the policy wants none. `memory` may be null.
std::optional<Time> backup_due(const device_policy::Backup& section, const device_policy::BackupSet& set,
                               const BackupMemory* memory);

struct BackupStep {
  BackupSlot slot;
  bool drill = false;
};
// What to do now: the run that was under way, else the one whose time ends first, else a drill. A target on a medium
// counts while `present(id)`. After a failure nothing is tried again before backup_again_after() has passed.
struct BackupView {
  const device_policy::Backup& section;
  const BackupBook& book;
  std::vector<std::string> present;  // Ids of media that are there and external.
  Time now;
};
bool in_backup_window(const device_policy::Backup& section, Time now);
std::optional<BackupStep> plan_backup(const BackupView& view);
Duration backup_again_after(std::string_view because);

}  // namespace luy::agent
