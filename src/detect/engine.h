// The compiled engine: one event in, the rules that hold out. An Engine is immutable and shared; each thread has a
// Matcher of its own. Same rule and same event, same answer: no clock, no I/O, and neither memory nor prefilter changes
// what is found.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/pipeline.h"
#include "detect/rule_set.h"

namespace luy::detect {

struct Program;
class SlotTable;

struct MatchOptions {
  bool memo = true;       // Remember what values announced. Off: the speed an attacker can force.
  bool prefilter = true;  // Evaluate only announced rules. Off: all that are for the event.
  // What an event that no pipeline knows and that states nothing of itself is: false, for no rule (in the hub); true,
  // for every rule (an analyst who hands events to rules means it).
  bool unlabelled_meets_all = false;
};

class Engine {
 public:
  // Errors: bad_regex.
  static Result<std::shared_ptr<const Engine>> make(RuleSet rules, Routing routing);
  // From a program already compiled for these rules (compiled.h).
  static std::shared_ptr<const Engine> of(RuleSet rules, Routing routing, std::unique_ptr<Program> program);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const RuleSet& rules() const { return rules_; }
  const Routing& routing() const { return routing_; }
  const Program& program() const { return *program_; }
  const SlotTable& slots() const { return *slots_; }
  // Fields the correlations and the event's time need, as slots: see Matcher::text().
  std::uint32_t slot_of(std::string_view field) const;

 private:
  Engine(RuleSet rules, Routing routing, std::unique_ptr<Program> program);
  RuleSet rules_;
  Routing routing_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<SlotTable> slots_;
};

struct MatchCounts {
  std::uint64_t events = 0;
  std::uint64_t evaluated = 0;    // Rules whose condition was looked at.
  std::uint64_t partly_read = 0;  // Events with a fault in a field that only keywords ask.
  std::uint64_t memo_hits = 0;
  std::uint64_t memo_misses = 0;
};

// One thread's. Keeps about 30 MiB when its memory is full.
class Matcher {
 public:
  Matcher(std::shared_ptr<const Engine> engine, MatchOptions options);
  ~Matcher();
  Matcher(Matcher&&) noexcept;

  // Indexes into rules().rules, ascending, each once; silent ones too. Valid until the next call. `capacity`: see
  // Extractor::walk. Error: bad_event.
  Result<std::span<const std::uint32_t>> match(std::string_view json, std::size_t capacity);
  Result<std::span<const std::uint32_t>> match(std::string_view json) { return match(json, json.size()); }

  // Of the event matched last: the first value of a field, as text; nullopt when absent or null.
  std::optional<std::string_view> text(std::uint32_t slot) const;
  // Whether the event named a log source or a pipeline knew it.
  bool labelled() const;
  // The log sources it named or was known as, whether there are rules for them or not. Valid until the next call.
  std::span<const LogSource> labels() const;
  const MatchCounts& counts() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace luy::detect
