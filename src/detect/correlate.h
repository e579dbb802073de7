// Correlations over time: what single matches add up to. Windows slide with the events' own time; one alert is raised
// when a condition begins to hold for a group, with the events that made it hold, and none more until it has ceased to
// hold. State is bounded, and what had to be forgotten is counted. No clock: the same events in the same order give the
// same alerts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "detect/engine.h"

namespace luy::detect {

struct CorrelationLimits {
  std::size_t entries_max = 4'000'000;  // Matches remembered over all windows, 32 bytes each.
  std::size_t groups_max = 200'000;     // The group that was silent longest is forgotten first.
  std::size_t members_max = 1000;       // Of one alert: the newest ones.
  // An event this much older than its group's newest still counts; an older one does not.
  Duration lateness = std::chrono::minutes(5);
};

struct Alert {
  std::uint32_t correlation = 0;  // Into RuleSet::correlations.
  Time first;                     // Of the members.
  Time last;
  double value = 0;                                        // What was counted or computed.
  std::vector<std::pair<std::string, std::string>> group;  // Group-by field and value.
  std::vector<std::uint64_t> members;                      // The references given to add(), oldest first, none twice.
  std::uint64_t member_count = 0;                          // All of them, also beyond members_max.
};

struct CorrelationCounts {
  std::uint64_t entries = 0;  // Now.
  std::uint64_t groups = 0;   // Now.
  std::uint64_t evicted_groups = 0;
  std::uint64_t evicted_entries = 0;  // Oldest entries of a window that had grown too long.
  std::uint64_t late = 0;             // Events too late to count.
};

// When an event happened, by the first of the routing's time fields that holds a time: RFC 3339, "2026-01-31
// 08:09:10.5", or seconds or milliseconds since 1970. A time without a zone is UTC.
std::optional<Time> parse_event_time(std::string_view text);

// One thread's.
class Correlator {
 public:
  Correlator(std::shared_ptr<const Engine> engine, CorrelationLimits limits);
  ~Correlator();
  Correlator(Correlator&&) noexcept;

  // The event that `matcher` matched last, with the rules it met; `reference` is the caller's name for it. Events
  // without a time count as happening with the one before them. Valid until the next call; silent correlations are
  // among them.
  std::span<const Alert> add(const Matcher& matcher, std::span<const std::uint32_t> rules, std::uint64_t reference);

  CorrelationCounts counts() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace luy::detect
