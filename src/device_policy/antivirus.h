// The section "antivirus": the weekly full scan, what becomes of what it finds, and which signatures the machine is to
// have. docs/format/device-policy.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::device_policy {

inline constexpr ErrorKind malformed{"device_policy.malformed", ErrorClass::invalid,
                                     "Chính sách cho máy sai khuôn dạng: {}.",
                                     "The policy for the machine is malformed: {}."};

inline constexpr std::size_t paths_max = 64;
inline constexpr std::size_t excludes_max = 256;
inline constexpr std::size_t path_bytes_max = 4096;  // PATH_MAX of Linux.
inline constexpr std::size_t signatures_max = 64;
inline constexpr std::size_t signature_name_bytes_max = 100;
// main.cvd was 163 MiB in 2025; clamd itself refuses files above 4 GiB.
inline constexpr std::int64_t signature_bytes_max = std::int64_t{1} << 30;
// clamd cannot scan more of one file than 2 GiB - 1 (clamd.conf(5), MaxFileSize).
inline constexpr std::int64_t file_bytes_max_max = (std::int64_t{1} << 31) - 1;

// A signature database that the hub hands out.
struct SignatureFile {
  std::string name;    // In ClamAV's database folder: "daily.cvd", "luy-thi-xa.hdb".
  std::string sha256;  // Lower-case hexadecimal.
  std::int64_t bytes = 0;
  bool operator==(const SignatureFile&) const = default;
};

enum class Infected : std::uint8_t { quarantine, report };
// Whether the machine takes ClamAV's own databases from the hub; lists of the town and its agencies it always takes.
enum class OfficialSignatures : std::uint8_t {
  offline,  // Only where no freshclam runs that keeps them fresh.
  always,   // Also there, where the hub's are newer.
  never,
};

struct Antivirus {
  bool scan = true;
  std::int64_t period_days = 0;    // A full scan ends at least this often; from the pack.
  std::int64_t weekday = 1;        // On which one begins: 1 Monday to 7 Sunday, Asia/Ho_Chi_Minh.
  std::int64_t from_minute = 0;    // It runs between these minutes of a day alone, on later days too until it is done;
  std::int64_t until_minute = 0;   // at most 1440. One that is due past its time begins on any day.
  std::vector<std::string> paths;  // Absolute, with everything below.
  std::vector<std::string> excludes;  // The same; not looked at.
  bool other_file_systems = false;    // Also what is mounted below the paths, but for kernel and network file systems.
  std::int64_t file_bytes_max = 0;    // Larger files are counted, not scanned.
  std::int64_t busy_percent = 0;      // Share of time in which files are being scanned.
  bool pause_on_battery = true;
  std::int64_t pause_load_percent = 0;  // Waits while the load of the last minute is above, in percent of all cores.
  Infected infected = Infected::quarantine;
  // Documents of before there was this field do not have it.
  OfficialSignatures official_signatures = OfficialSignatures::offline;
  std::vector<SignatureFile> signatures;
  bool operator==(const Antivirus&) const = default;
};

// As it stands in documents: fields in a fixed sequence.
std::string to_json(const Antivirus& section);
struct ReadAntivirus {
  Antivirus section;
  std::vector<std::string> unknown;  // Names of fields that were skipped.
};
// Errors: malformed, naming the field ("antivirus.weekday").
Result<ReadAntivirus> read_antivirus(std::string_view json);
// See SectionKind.
std::vector<std::string> weakened(const Antivirus& before, const Antivirus& after);

// Whether `path` is `folder` or lies below it. Both absolute, without "//", "/./", "/../" or a slash at the end.
bool is_within(std::string_view path, std::string_view folder);

}  // namespace luy::device_policy
