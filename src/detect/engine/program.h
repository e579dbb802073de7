// What rules are compiled into: interned predicates, short-circuit code per rule and field map, and lists that lead
// from a predicate that holds to the rules worth evaluating. Immutable once made; shared by all threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/field_index.h"
#include "detect/engine/regex.h"
#include "detect/pipeline.h"
#include "detect/rule.h"

namespace luy::detect {

inline constexpr std::uint32_t no_slot = 0xFFFF'FFFF;
inline constexpr std::uint32_t any_slot = 0xFFFF'FFFE;  // Of keywords: every value.

struct Predicate {
  enum class Kind : std::uint8_t {
    exact,
    prefix,
    suffix,
    contains,  // So far `text`, folded.
    pattern,   // A test's pattern, with `text` its longest piece, folded.
    regex,
    network,
    number_kind,
    field_ref,
    present,  // Any value but null.
    null,
    exists,
  };
  Kind kind = Kind::present;
  // The field's index answers it: not hit is false. Otherwise it is computed when a rule asks.
  bool eager = false;
  std::uint32_t slot = no_slot;
  std::uint32_t other_slot = no_slot;  // Of field_ref.
  std::uint32_t regex = no_slot;       // Which of Program::regexes.
  std::uint32_t test = no_slot;        // Which of Program::tests; of pattern, regex, network, number and field_ref.
  std::string text;
};

// Prefix code: a node, then its parts up to `end`.
struct Step {
  enum class Kind : std::uint8_t { all, any, negation, predicate };
  Kind kind = Kind::predicate;
  std::uint32_t operand = 0;  // Predicate: its number. Else: the index after the last part.
};

// One rule under one field map.
struct Instance {
  std::uint32_t rule = 0;
  std::uint32_t group = 0;
  std::uint32_t begin = 0;  // Into Program::steps.
};

// Instances that are asked about the same events.
struct Group {
  LogSource source;
  std::uint32_t field_map = 0;         // Into Program::field_maps; 0 is "as they are".
  std::uint32_t keywords = no_slot;    // Which of Program::keywords; instances that ask every value need it.
  std::vector<std::uint32_t> open;     // Instances that nothing can announce: always evaluated.
  std::vector<std::uint32_t> members;  // All instances.
  std::vector<std::uint32_t> slots;    // Whose index its instances need, sorted.
};

// Instances announced by one predicate within one group.
struct Announcement {
  std::uint32_t group = 0;
  std::uint32_t begin = 0;  // Into Program::announced.
  std::uint32_t end = 0;
};

struct Program {
  std::vector<std::string> slots;  // Field names that rules read.
  std::vector<Predicate> predicates;
  std::vector<Test> tests;
  std::vector<Step> steps;
  std::vector<Instance> instances;
  std::vector<Group> groups;
  std::vector<FieldMap> field_maps;
  // Of predicate p: announcements[announcement_begin[p] .. announcement_begin[p + 1]).
  std::vector<std::uint32_t> announcement_begin;
  std::vector<Announcement> announcements;
  std::vector<std::uint32_t> announced;
  std::vector<FieldIndex> indexes;  // By slot.
  std::vector<Regex> regexes;
  std::vector<Database> keywords;  // Literals of keywords, for a pass over the whole line. Letters' case is ignored.
};

}  // namespace luy::detect
