// What of rules and programs the cached compile holds (archive.h), part by part.
#pragma once

#include "detect/engine/archive.h"
#include "detect/engine/program.h"
#include "detect/rule_set.h"

namespace luy::detect {

inline constexpr std::size_t describe_depth_max = 1024;  // Of a condition: brackets, detections, filters upon filters.

template <class Archive>
void describe(Archive& archive, Pattern& pattern) {
  archive.list(pattern.pieces, [&](Pattern::Piece& piece) {
    archive.choice(piece.kind, Pattern::Kind::dash);
    if (piece.kind == Pattern::Kind::text) archive.text(piece.text);
  });
}

template <class Archive>
void describe(Archive& archive, Test& test) {
  archive.text(test.field);
  archive.choice(test.kind, TestKind::field_ref);
  archive.flag(test.cased);
  switch (test.kind) {
    case TestKind::pattern:
      return describe(archive, test.pattern);
    case TestKind::regex:
      archive.flag(test.dot_all);
      archive.flag(test.multi_line);
      return archive.text(test.text);
    case TestKind::network:
      for (std::uint8_t& byte : test.network.bytes) archive.number(byte);
      archive.number(test.network.size);
      return archive.number(test.network.bits);
    case TestKind::number:
      archive.choice(test.comparison, Comparison::greater_equal);
      archive.choice(test.time_part, TimePart::year);
      return archive.number(test.number);
    case TestKind::field_ref:
      archive.choice(test.relation, Relation::contains);
      return archive.text(test.text);
    case TestKind::null:
    case TestKind::exists:
      return;
  }
}

// `depth`: levels that may still follow.
template <class Archive>
void describe(Archive& archive, Expression& expression, std::size_t depth) {
  archive.choice(expression.kind, Expression::Kind::test);
  if (expression.kind == Expression::Kind::test) return describe(archive, expression.test);
  if constexpr (Archive::reading) {
    if (depth == 0) return archive.fail();
  }
  archive.list(expression.parts, [&](Expression& part) { describe(archive, part, depth - 1); });
  if constexpr (Archive::reading) {
    if (expression.kind == Expression::Kind::negation && expression.parts.size() != 1) archive.fail();
  }
}

template <class Archive>
void describe(Archive& archive, std::vector<std::string>& texts) {
  archive.list(texts, [&](std::string& one) { archive.text(one); });
}

template <class Archive>
void describe(Archive& archive, Heading& heading) {
  archive.text(heading.file);
  archive.number(heading.line);
  archive.text(heading.id);
  archive.text(heading.name);
  archive.text(heading.title);
  archive.text(heading.description);
  archive.choice(heading.level, Level::critical);
  describe(archive, heading.tags);
}

template <class Archive>
void describe(Archive& archive, LogSource& source) {
  archive.text(source.category);
  archive.text(source.product);
  archive.text(source.service);
}

template <class Archive>
void describe(Archive& archive, Rule& rule) {
  describe(archive, rule.heading);
  describe(archive, rule.logsource);
  describe(archive, rule.condition, describe_depth_max);
  archive.flag(rule.silent);
}

template <class Archive>
void describe(Archive& archive, ResolvedCorrelation& resolved) {
  Correlation& one = resolved.correlation;
  describe(archive, one.heading);
  archive.choice(one.kind, CorrelationKind::value_median);
  describe(archive, one.rules);
  describe(archive, one.group_by);
  archive.list(one.aliases, [&](Alias& alias) {
    archive.text(alias.name);
    archive.list(alias.sources, [&](Alias::Source& source) {
      archive.text(source.rule);
      archive.text(source.field);
    });
  });
  archive.number(one.timespan_seconds);
  describe(archive, one.fields);
  archive.list(one.bounds, [&](Bound& bound) {
    archive.choice(bound.kind, Bound::Kind::neq);
    archive.number(bound.value);
  });
  archive.number(one.percentile);
  archive.flag(one.generate);
  archive.flag(one.silent);
  archive.numbers(resolved.sources);
}

template <class Archive>
void describe(Archive& archive, FieldMap& map) {
  archive.list(map.names, [&](std::pair<std::string, std::string>& pair) {
    archive.text(pair.first);
    archive.text(pair.second);
  });
}

template <class Archive>
void describe(Archive& archive, Step& step) {
  archive.choice(step.kind, Step::Kind::predicate);
  archive.number(step.operand);
}

template <class Archive>
void describe(Archive& archive, Predicate& predicate) {
  archive.choice(predicate.kind, Predicate::Kind::exists);
  archive.flag(predicate.eager);
  archive.number(predicate.slot);
  archive.number(predicate.other_slot);
  archive.number(predicate.regex);
  archive.number(predicate.test);
  archive.text(predicate.text);
}

template <class Archive>
void describe(Archive& archive, Group& group) {
  describe(archive, group.source);
  archive.number(group.field_map);
  archive.number(group.keywords);
  archive.numbers(group.open);
  archive.numbers(group.members);
  archive.numbers(group.slots);
}

// All but the databases of Vectorscan, whose bytes differ between machines.
template <class Archive>
void describe(Archive& archive, Program& program) {
  describe(archive, program.slots);
  archive.list(program.predicates, [&](Predicate& one) { describe(archive, one); });
  archive.list(program.tests, [&](Test& one) { describe(archive, one); });
  archive.list(program.steps, [&](Step& one) { describe(archive, one); });
  archive.list(program.instances, [&](Instance& one) {
    archive.number(one.rule);
    archive.number(one.group);
    archive.number(one.begin);
  });
  archive.list(program.groups, [&](Group& one) { describe(archive, one); });
  archive.list(program.field_maps, [&](FieldMap& one) { describe(archive, one); });
  archive.numbers(program.announcement_begin);
  archive.list(program.announcements, [&](Announcement& one) {
    archive.number(one.group);
    archive.number(one.begin);
    archive.number(one.end);
  });
  archive.numbers(program.announced);
}

template <class Archive>
void describe_databases(Archive& archive, Program& program) {
  archive.list(program.indexes, [&](FieldIndex& one) { one.describe(archive); });
  archive.list(program.regexes, [&](Regex& one) { one.describe(archive); });
  archive.list(program.keywords, [&](Database& one) { archive.database(one); });
}

}  // namespace luy::detect
