// What ClamAV writes: the head of its databases and the summaries of its scans. Pure, but for the local time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace luy::agent {

// When a .cvd or .cld database was built: the first 512 bytes are "ClamAV-VDB:07 Sep 2020 04-15 -0400:…".
std::optional<Time> database_built_at(std::string_view head);

struct ScanSummary {
  Time ended_at;
  std::int64_t folders = 0;
  std::int64_t infected = 0;
};
// The "SCAN SUMMARY" blocks of a clamscan or clamdscan log that have an end date (ClamAV 0.103 and newer).
std::vector<ScanSummary> parse_scan_log(std::string_view log);

}  // namespace luy::agent
