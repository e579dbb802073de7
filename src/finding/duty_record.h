// Which findings are a detection in the sense of a duty, and what is known of them on the devices of an agency: what
// the check `detections` is judged by. The table is data, duty_records.yml, which is built in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finding/book.h"
#include "finding/rule_book.h"
#include "finding/sign_text.h"
#include "finding/source_book.h"

namespace luy::finding {

// What a finding or a rule is known by.
struct Traits {
  Severity severity = Severity::medium;
  std::vector<std::string> articles;
  std::vector<std::string> techniques;
  std::vector<std::string> tactics;
};

struct DutyKind {
  std::string record;
  Severity from = Severity::medium;
  std::vector<std::string> articles;
  std::vector<std::string> techniques;
  std::vector<std::string> tactics;
  bool takes(const Traits& traits) const;
};

std::string_view builtin_duty_records_text();
// A broken file is a bug of this repository and aborts.
std::vector<DutyKind> builtin_duty_kinds();

// How far back what was dealt with counts.
inline constexpr std::chrono::days detection_days{30};

// Somebody has dealt with it: it is in a case, or was said to be a false positive, or was acknowledged with a word on
// what was done.
bool is_dealt_with(const Finding& finding);

// Of one device and record type.
struct DeviceDetections {
  std::size_t waiting = 0;
  FindingPointer urgent;  // Of those waiting, the one opened first.
  std::size_t handled = 0;
  FindingPointer newest;          // Of those dealt with in the last detection_days, the one dealt with last.
  std::size_t rules = 0;          // That are on and whose sources the device sent, all, in the last source_days.
  std::optional<SourceSeen> log;  // Of each such rule the source that came least recently; of these, the newest.
};

// For one thread.
class DutyDetections {
 public:
  DutyDetections(const Book& book, const RuleBook& rules, const SourceBook& sources, const Clock& clock);

  // By device, then record type. `devices`: those of the agency; each is in the answer. A finding counts for the device
  // it is of, or for every one of `devices` that it names.
  std::map<DeviceId, std::map<std::string, DeviceDetections>> of(const AgencyId& agency,
                                                                 std::span<const DeviceId> devices);

 private:
  // Rules that are on, by the log sources of their parts.
  using Wanted = std::map<std::vector<std::vector<std::string>>, std::size_t>;
  void read_rules();
  std::vector<std::size_t> kinds_of(const Finding& finding) const;
  void watch(const DeviceId& device, std::map<std::string, DeviceDetections>& out) const;

  const Book& book_;
  const RuleBook& rules_;
  const SourceBook& sources_;
  const Clock& clock_;
  const std::vector<DutyKind> kinds_ = builtin_duty_kinds();
  const SignTexts signs_ = builtin_signs();
  LibraryPointer library_;
  std::uint64_t revision_ = 0;
  std::vector<Wanted> wanted_;  // By kind.
};

}  // namespace luy::finding
