// The process that scans: it walks the machine's files, hands each to clamd, takes infected ones away, and tells its
// parent how far it is. Of the lowest priority, and gone with its parent.
//
// Its job comes on standard input, lines until the end:
//   luy-scan 1
//   socket <path of clamd's>
//   root <folder>                whose /proc and /sys say how the machine is
//   quarantine <folder>
//   pace <milliseconds>          between two looks while it waits
//   after <hexadecimal path>     goes on behind that file
//   exclude <hexadecimal path>   beside the policy's
//   counts <files> <bytes> <infected> <unread>   of the part that is done
//   section <the policy's section, JSON>
// What it tells, lines on standard output:
//   p <hexadecimal path of the last file that is done> <files> <bytes> <infected> <unread>
//   f <path> <signature> <sha256> <owner> <bytes> <quarantined|reported|allowed|failed> <item or -> <why or ->
//                                texts hexadecimal; its p follows
//   w <battery|load|clamd>       it waits, and why
//   r                            it goes on
//   e                            all is done
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/clamd.h"
#include "agent/scan_plan.h"
#include "base/random.h"
#include "device_policy/antivirus.h"

namespace luy::agent {

inline constexpr ErrorKind scan_job_malformed{"agent.scan_job_malformed", ErrorClass::invalid,
                                              "Tiến trình quét nhận việc sai khuôn dạng: {}.",
                                              "The scanning process got a malformed job: {}."};

struct ScanJob {
  std::string socket;
  std::filesystem::path root = "/";
  std::filesystem::path quarantine;
  Duration pace = std::chrono::seconds(5);
  std::string after;
  std::vector<std::string> excludes;
  device_policy::Antivirus section;
  ScanCounts counts{};  // Of the part that is done.
};
std::string to_text(const ScanJob& job);
// Errors: scan_job_malformed.
Result<ScanJob> read_scan_job(std::string_view text);

struct ScanTold {
  enum class What : std::uint8_t { progress, found, waiting, going_on, ended };
  What what = What::progress;
  std::string path;
  ScanCounts counts;  // Of progress.
  std::string signature, sha256, owner, action, item, why;
  std::int64_t bytes = 0;
};
std::string to_line(const ScanTold& told);  // With its '\n'.
std::optional<ScanTold> read_scan_line(std::string_view line);

// "battery", "load", or empty: whether the machine has something better to do.
std::string hold_reason(const std::filesystem::path& root, const device_policy::Antivirus& section);

// The scan itself. `tell` gets every line; `pause` waits that long and answers false when the scan is to end.
struct ScanParts {
  FileScanner& scanner;
  const Clock& clock;
  Random& random;
  std::function<void(const ScanTold&)> tell;
  std::function<bool(Duration)> pause;
};
void run_scan(const ScanJob& job, const ScanParts& parts);

// `luy-agent scan`: the exit status.
int scan_main();

}  // namespace luy::agent
