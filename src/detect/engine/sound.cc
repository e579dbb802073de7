#include "detect/engine/sound.h"

#include <algorithm>

namespace luy::detect {
namespace {

constexpr std::size_t steps_depth_max = 512;  // Filters upon filters; rules alone have expression_depth_max.

bool all_below(const std::vector<std::uint32_t>& numbers, std::size_t limit) {
  return std::all_of(numbers.begin(), numbers.end(), [limit](std::uint32_t one) { return one < limit; });
}

bool fits(const Program& program, const Predicate& predicate) {
  using enum Predicate::Kind;
  if (predicate.slot != any_slot && predicate.slot >= program.slots.size()) return false;
  const bool everywhere = predicate.slot == any_slot;
  TestKind wanted{};
  switch (predicate.kind) {
    case exact:
    case prefix:
    case suffix:
    case contains:
    case present:
    case null:
    case exists:
      return !everywhere;
    case pattern:
      wanted = TestKind::pattern;
      break;
    case regex:
      wanted = TestKind::regex;
      if (predicate.regex >= program.regexes.size()) return false;
      break;
    case network:
      wanted = TestKind::network;
      break;
    case number_kind:
      wanted = TestKind::number;
      break;
    case field_ref:
      wanted = TestKind::field_ref;
      if (everywhere || predicate.other_slot >= program.slots.size()) return false;
      break;
  }
  if (predicate.test >= program.tests.size()) return false;
  const Test& test = program.tests[predicate.test];
  const bool address = test.network.size == 4 || test.network.size == 16;
  return test.kind == wanted &&
         (wanted != TestKind::network || (address && test.network.bits <= test.network.size * 8));
}

// One instance's code: a tree in prefix form whose parts lie within their node. Where it ends; 0 when it is none.
std::size_t end_of_code(const Program& program, std::size_t begin) {
  std::vector<std::size_t> ends;
  std::size_t at = begin;
  do {
    if (at >= program.steps.size()) return 0;
    const Step& step = program.steps[at++];
    if (step.kind == Step::Kind::predicate) {
      if (step.operand >= program.predicates.size()) return 0;
    } else {
      const bool within =
          step.operand >= at && step.operand <= program.steps.size() && (ends.empty() || step.operand <= ends.back());
      // A negation has a part.
      if (!within || (step.kind == Step::Kind::negation && step.operand == at)) return 0;
      ends.push_back(step.operand);
      if (ends.size() > steps_depth_max) return 0;
    }
    while (!ends.empty() && at == ends.back()) ends.pop_back();
  } while (!ends.empty());
  return at;
}

bool has_sound_code(const Program& program) {
  std::size_t at = 0;
  for (const Instance& one : program.instances) {
    if (one.begin != at) return false;
    at = end_of_code(program, at);
    if (at == 0) return false;
  }
  return at == program.steps.size();
}

bool has_sound_announcements(const Program& program) {
  const std::vector<std::uint32_t>& begins = program.announcement_begin;
  if (begins.size() != program.predicates.size() + 1 || begins.back() > program.announcements.size()) return false;
  if (!std::is_sorted(begins.begin(), begins.end())) return false;
  return std::all_of(program.announcements.begin(), program.announcements.end(), [&](const Announcement& one) {
    return one.group < program.groups.size() && one.begin <= one.end && one.end <= program.announced.size();
  });
}

}  // namespace

bool is_sound(const Program& program, std::size_t rules) {
  const auto predicates = static_cast<std::uint32_t>(program.predicates.size());
  const auto all = [](const auto& list, const auto& holds) { return std::all_of(list.begin(), list.end(), holds); };
  return all(program.predicates, [&](const Predicate& one) { return fits(program, one); }) &&
         all(program.instances,
             [&](const Instance& one) { return one.rule < rules && one.group < program.groups.size(); }) &&
         has_sound_code(program) &&
         all(program.groups,
             [&](const Group& one) {
               return one.field_map < program.field_maps.size() &&
                      (one.keywords == no_slot || one.keywords < program.keywords.size()) &&
                      all_below(one.open, program.instances.size()) &&
                      all_below(one.members, program.instances.size()) && all_below(one.slots, program.slots.size());
             }) &&
         has_sound_announcements(program) && all_below(program.announced, program.instances.size()) &&
         program.indexes.size() == program.slots.size() &&
         all(program.indexes, [&](const FieldIndex& one) { return one.is_sound(predicates); }) &&
         all(program.keywords, [](const Database& one) { return static_cast<bool>(one); });
}

}  // namespace luy::detect
