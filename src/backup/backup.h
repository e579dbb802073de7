// Backups as the hub sees them: how each set stands by what its device reports, and what the duties of article 5 make
// of that for an agency. Plain values, no clock of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "fact/fact.h"
#include "regulation/pack.h"

namespace luy::backup {

// The newest fact of a device.
struct Reported {
  DeviceId device;
  std::string device_name;
  AgencyId agency;
  Time enrolled_at;
  // Null: it has never said anything of backups. shared_ptr: a part of the inventory's published state.
  std::shared_ptr<const fact::Backup> backup;
  std::uint64_t seq = 0;  // Of the evidence record that says so.
};

enum class Standing : std::uint8_t { kept, soon, overdue, never };
std::string_view name_of(Standing standing);

// One set of one device: its copies anywhere, its copies on external media, its drills.
struct SetStanding {
  DeviceId device;
  std::string device_name;
  AgencyId agency;
  std::string set;
  std::string kind;
  std::uint64_t seq = 0;
  struct Part {
    Standing standing = Standing::never;
    std::optional<Time> newest;  // That succeeded.
    std::optional<Time> due_at;
    std::string because;  // What hinders it; a word of docs/format/facts.md.
  };
  Part run;
  Part copy;  // On external media.
  Part drill;
  bool has_medium = false;  // Whether any of its targets is one.
};

// The regulation's longest times; nullopt where the pack names none.
struct Limits {
  std::optional<Duration> run;
  std::optional<Duration> copy;
  std::optional<Duration> drill;
};
Limits limits_of(const regulation::Pack& pack);
// So long before its end a time is `soon`.
inline constexpr std::chrono::days soon_days{3};

std::vector<SetStanding> standings(const std::vector<Reported>& reported, const Limits& limits, Time now);

// What a duty is judged by in an agency; the names are those of duty::RecordState.
struct DutyRecord {
  std::size_t waiting = 0;
  std::size_t kept = 0;
  regulation::Text urgent{};
  std::optional<Time> due_at{};
  std::optional<Time> since{};
  std::optional<std::uint64_t> urgent_seq{};
  std::optional<Time> newest{};
  std::optional<std::uint64_t> newest_seq{};
  std::int64_t days = 0;
};
// Of "backup_run", "media_copy", "restore_drill"; nullopt for another record. The worst set is the urgent one. An
// agency with machines and no set at all has its first still to make.
std::optional<DutyRecord> duty_record(const std::string& record, const std::vector<Reported>& of_agency,
                                      const Limits& limits, Time now);

}  // namespace luy::backup
