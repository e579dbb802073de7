// Which log sources have really come, by the labels that pipelines give to events: from whom and when last. A rule
// whose source never comes is not armed in earnest, whatever pipelines there are, and a duty that rests on detection
// cannot be judged without them.
//
// Threads: every function from any thread. flush() waits for the disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "detect/rule.h"
#include "finding/finding.h"
#include "records/database.h"

namespace luy::finding {

// A source that did not come for so long is taken as not there.
inline constexpr std::chrono::days source_days{30};
// Events may name their own source; who invents names fills what is their own, not the memory, and takes nothing from
// others. Further ones are not kept until old ones are forgotten. The pipelines that came with the hub give fewer than
// a hundred labels in all.
inline constexpr std::size_t source_labels_max = 100;       // Of one device (or agency).
inline constexpr std::size_t source_entries_max = 200'000;  // Of all: some 60 MB; 2,000 devices that fill theirs.

// Names are part of the contract.
enum class Fed : std::uint8_t {
  never,     // No pipeline leads to the rule.
  possible,  // One does; its source has not come in the last source_days.
  seen,
};
std::string_view name_of(Fed fed);
std::optional<Fed> fed_from_name(std::string_view name);

struct SourceSeen {
  detect::LogSource label;
  Time last;
  std::uint64_t seq = 0;  // Of a record of its newest day.
};

class SourceBook {
 public:
  // Errors: those of the database.
  static Result<std::unique_ptr<SourceBook>> open(records::Database& database, const Clock& clock);

  // A record of the device, or of the agency where no device is known, has these labels; received at `at`. True: one
  // of them had not come from there within source_days.
  bool saw(const AgencyId& agency, const std::optional<DeviceId>& device, std::span<const detect::LogSource> labels,
           Time at, std::uint64_t seq);
  // Writes what is new since, at most once a day for each entry, and once a day forgets what did not come in the last
  // source_days. Errors: those of the database; it is tried again.
  Result<void> flush();

  // Whether events for such a rule came from anywhere in the last source_days.
  bool seen(const detect::LogSource& rule) const;
  // What came from the device in the last source_days.
  std::vector<SourceSeen> of(const DeviceId& device) const;

 private:
  // Device's or agency's id, then the label.
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  struct Entry {
    Time last;
    std::uint64_t seq = 0;
    std::optional<Day> stored;
  };
  using Label = std::tuple<std::string, std::string, std::string>;

  SourceBook(records::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  Result<void> load();
  Result<void> forget_old();

  records::Database& database_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // Guards what follows. Not held while the database is asked.
  std::map<Key, Entry> entries_;
  std::map<Label, Time> labels_;               // When each came last, from anywhere.
  std::map<std::string, std::size_t> counts_;  // Of entries, by device or agency.
  std::set<Key> unwritten_;
  std::optional<Day> forgot_on_;
};

}  // namespace luy::finding
