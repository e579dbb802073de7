// When the weekly full scan runs: what the policy, the last scan and the time make of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "device_policy/antivirus.h"

namespace luy::agent {

struct ScanCounts {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t infected = 0;
  std::int64_t unread = 0;
  bool operator==(const ScanCounts&) const = default;
};

// What is remembered across restarts, beside the records that tell of it.
struct ScanMemory {
  std::string scan;                // Id of the one under way; empty: none is.
  std::string place;               // Path of the last file that is done, bytes as they are.
  std::optional<Time> started_at;  // Of that one, else of the newest.
  std::optional<Time> ended_at;    // Of the newest that went through to its end.
  std::optional<Time> since;       // When this machine was first told to scan itself.
  std::optional<Time> missed;      // The due time whose passing was told.
  std::string told;                // The newest file in the quarantine that was told of.
  ScanCounts counts;               // Of the one under way, else of the newest.
  bool operator==(const ScanMemory&) const = default;
};
// For the spool's positions; what is not such a text reads as nothing remembered.
std::string to_text(const ScanMemory& memory);
ScanMemory scan_memory(std::string_view text);

struct ScanPlan {
  bool run = false;            // One is to be under way now.
  bool window = false;         // Within the hours that the policy names.
  std::optional<Time> due_at;  // By when one ought to have ended; nullopt where the policy wants none.
  bool missed = false;         // That time has passed.
};
// `now` by the machine's clock; days and hours are those of Asia/Ho_Chi_Minh.
ScanPlan plan_scan(const device_policy::Antivirus& policy, const ScanMemory& memory, Time now);

}  // namespace luy::agent
