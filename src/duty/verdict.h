// What the engine finds: one verdict per obligation and subject. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "regulation/pack.h"

namespace luy::duty {

// Names are stored and travel: never renamed. In the order of the contract's Counts.
enum class State : std::uint8_t { kept, due, violated, unknown, not_applicable };
inline constexpr std::size_t state_count = 5;
std::string_view name_of(State state);
std::optional<State> state_from_name(std::string_view name);
// Which of two is worse to see: violated, due, unknown, kept, not_applicable.
bool worse(State a, State b);
// What a machine or a record has settled: kept, due or violated.
constexpr bool is_measured(State state) {
  return state <= State::violated;
}

// Why. The sentence is made from one table (duty/reason.h), so a stored verdict is told in both languages for ever.
struct Reason {
  std::string code;               // "patches.lists_stale"; stored: never renamed.
  std::vector<std::string> args;  // Numbers and times in decimal (times: microseconds since 1970), texts as they are.
  bool operator==(const Reason&) const = default;
};

// What a verdict rests on.
struct Proof {
  std::string kind;                  // A fact's kind, "log" or "record".
  std::optional<std::uint64_t> seq;  // Number of the evidence record, where there is one.
  Time learnt_at;                    // When it was true: a fact's time of collection.
  std::string method;
  bool operator==(const Proof&) const = default;
};

struct Subject {
  std::string id;  // A device's id, an agency's id, "<device id>:account:<name>", "<agency id>:wifi:<16 hex digits>".
  regulation::Subject kind = regulation::Subject::agency;
  std::string name;
  bool operator==(const Subject&) const = default;
};

struct Verdict {
  std::string obligation;
  Subject subject;
  AgencyId agency;
  std::optional<DeviceId> device;  // Of a device and of what belongs to one.
  State state = State::unknown;
  Reason reason;
  Time since;      // Since when the state is what it is; a deadline that passed counts from the deadline.
  Time judged_at;  // When it was last looked at.
  std::optional<Time> changes_at;  // When time alone will change it.
  std::vector<Proof> proof;
};

// A verdict that came to be, changed its state or its reason, or went with its subject.
struct VerdictChange {
  Verdict verdict;
  std::optional<State> before;  // nullopt = new.
  bool gone = false;            // The subject is no more; `verdict` is the last one.
};

// An entry of one verdict's past.
struct PastVerdict {
  std::string obligation;
  std::string subject_id;
  std::string subject_name;
  Time at;
  State state = State::unknown;
  Reason reason;
  std::vector<Proof> proof;
};

struct Counts {
  std::array<std::int64_t, state_count> of{};
  std::int64_t& operator[](State state) { return of[static_cast<std::size_t>(state)]; }
  std::int64_t operator[](State state) const { return of[static_cast<std::size_t>(state)]; }
  std::int64_t total() const;
  State worst() const;  // not_applicable when empty.
  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;
};

}  // namespace luy::duty
