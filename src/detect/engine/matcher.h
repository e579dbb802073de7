// The state behind Matcher: the event held, what is known of each predicate, and the rules found. One thread's.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine.h"
#include "detect/engine/held_event.h"
#include "detect/engine/memo.h"
#include "detect/engine/program.h"
#include "detect/engine/router.h"
#include "detect/extract.h"

namespace luy::detect {

class Matcher::State {
 public:
  State(std::shared_ptr<const Engine> engine, MatchOptions options);

  Result<std::span<const std::uint32_t>> match(std::string_view json, std::size_t capacity);
  const HeldEvent& event() const { return event_; }
  const Partition& partition() const { return *partition_; }
  const MatchCounts& counts() const { return counts_; }

 private:
  void next_epoch();
  // What the indexes say of the event: marks predicates, gathers candidates.
  void announce();
  void scan_value(std::uint32_t slot, std::uint32_t value);
  void scan_slowly(std::uint32_t slot, std::uint32_t value);
  // Announces keywords by a pass over the line as it stands; decodes the values only where something may be there.
  void scan_line();
  std::uint32_t next_scan();
  void note(std::uint32_t predicate);  // Found by the scan under way.
  bool announces_here(std::uint32_t predicate) const;
  const AllValues& all_values();
  void mark(std::uint32_t predicate);
  void add_candidate(std::uint32_t instance);
  void every_candidate();

  bool holds(std::uint32_t predicate);
  bool evaluate(std::uint32_t& at);
  bool compute(std::uint32_t number, const Predicate& predicate);
  // The same of a value whose memory may know the answer.
  bool remembered_holds(std::uint32_t number, const Predicate& predicate, std::uint32_t value);
  bool value_holds(const Predicate& predicate, std::string_view raw, const std::string& folded);
  bool reference_holds(const Predicate& predicate, std::uint32_t value);
  // Of an announced pattern: the literal was there, now the whole.
  bool confirms(const Predicate& predicate, std::string_view raw, const std::string& folded);

  std::shared_ptr<const Engine> engine_;
  const Program& program_;
  MatchOptions options_;
  Router router_;
  HeldEvent event_;
  AllValues all_;
  Extractor extractor_;
  Extractor all_extractor_;
  Scratch scratch_;
  Memo memo_;
  std::vector<Memo::Place> places_;  // By value of the event.
  const Partition* partition_ = nullptr;
  std::string_view line_;  // The event under way.
  std::size_t capacity_ = 0;
  std::string folded_line_;
  bool all_gathered_ = false;

  struct Known {
    std::uint32_t stamp = 0;  // The epoch for which `holds` is right.
    bool holds = false;
  };
  std::vector<Known> known_;                 // By predicate.
  std::vector<std::uint32_t> seen_;          // By predicate: the scan that found it last.
  std::vector<std::uint32_t> candidate_of_;  // By instance: the epoch in which it became a candidate.
  std::vector<std::uint32_t> matched_in_;    // By rule.
  std::vector<std::uint32_t> candidates_;
  std::vector<std::uint32_t> found_;  // Of the scan under way.
  std::vector<std::uint32_t> matched_;
  std::uint32_t epoch_ = 0;
  std::uint32_t scan_ = 0;
  std::uint32_t line_scan_ = 0;  // The scan that looked for keywords.
  MatchCounts counts_;
};

}  // namespace luy::detect
