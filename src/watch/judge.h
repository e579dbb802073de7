// What one look at a service means, given everything seen before. Pure: the same probes in the same order give the same
// states and the same sightings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watch/baseline.h"
#include "watch/page_memory.h"
#include "watch/service.h"

namespace luy::watch {

// So many looks in a row must fail, be slow, or show a change before it counts: one lost packet is no outage.
// Defacement words count at once.
inline constexpr int looks_to_be_down = 3;
inline constexpr int looks_to_be_slow = 3;
inline constexpr int looks_to_be_changed = 2;
inline constexpr int looks_to_be_fast_again = 2;
// While a failure is not yet confirmed, the next look comes this soon.
inline constexpr std::chrono::seconds confirm_pause{10};
// Days before a certificate's end at which it is told.
inline constexpr int certificate_steps[] = {30, 14, 7, 1, 0};

// A test of the whole system cannot wait a day: it looks and learns this many times as fast. How many looks and visits
// something takes stays the same.
struct Pace {
  int times = 1;
  Duration learning() const { return learning_time / times; }
  Duration pause(std::chrono::seconds between) const;
};
inline constexpr int pace_max = 86'400;
inline constexpr std::chrono::milliseconds pause_min{200};  // However fast.

// What is to become a finding.
enum class Sign : std::uint8_t { down, slow, changed, defaced, certificate };
std::string_view name_of(Sign sign);
enum class Severity : std::uint8_t { informational, low, medium, high, critical };
std::string_view name_of(Severity severity);

struct Sighting {
  Sign sign = Sign::down;
  ServiceId service;
  AgencyId agency;
  Severity severity = Severity::medium;
  Text title;
  Text story;
  std::string host;  // The entity concerned.
  Time at;
  std::vector<Change> changes;  // Of changed and defaced.
};

// What is known of a service beside its registration.
struct Memory {
  State state = State::unknown;
  Time since;                 // Since when the state is what it is.
  std::optional<Probe> last;  // Without its content.
  int failures = 0;           // In a row.
  int slow = 0;
  int fast = 0;
  int changed = 0;
  Baseline baseline;
  PageMemory page;
  std::optional<int> certificate_told;  // The step that was told last, in days.
  std::optional<Time> certificate_end;  // Of the certificate that was told of.

  // Of the last look that differed: what was right and what was shown.
  Page shown;
  std::optional<Time> shown_at;
  std::vector<Change> changes;
  std::vector<std::string> words;
  std::optional<Time> content_seen_at;
};

// `announced`: the agency said that it works on the service now: outages, slowness and changes are no sighting, and
// what is shown is taken as right; defacement words are told all the same.
std::vector<Sighting> judge(const Service& service, const Words& words, bool announced, const Probe& probe,
                            Memory& memory, const Pace& pace = {});

// When the next look is due.
Time next_look(const Service& service, const Memory& memory, const Pace& pace = {});

}  // namespace luy::watch
