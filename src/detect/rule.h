// A Sigma rule as read: what it is about, and its condition as one expression over tests of single fields. Shared by
// the plain matcher (plain.h) and the compiled engine (engine.h). Values only; no I/O, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/pattern.h"

namespace luy::detect {

// What a rule is written for. An empty part stands for any.
struct LogSource {
  std::string category;
  std::string product;
  std::string service;
  bool operator==(const LogSource&) const = default;
  bool empty() const { return category.empty() && product.empty() && service.empty(); }
};

// Whether `wide` takes in all of `narrow`: each part it names is the same there.
bool covers(const LogSource& wide, const LogSource& narrow);

// An IPv4 or IPv6 range, bytes in network order.
struct Network {
  std::uint8_t bytes[16] = {};
  std::uint8_t size = 4;  // Bytes of an address: 4 or 16.
  std::uint8_t bits = 0;  // Of the prefix.
  bool operator==(const Network&) const = default;
};

enum class TestKind : std::uint8_t {
  pattern,    // A value matches `pattern`.
  regex,      // `text`, searched in a value.
  network,    // A value is an address within `network`.
  number,     // A value, or a part of the time it holds, compares with `number`.
  null,       // The field is missing or null.
  exists,     // The field is there, null or not.
  field_ref,  // A value stands in `relation` to a value of the field `text`.
};
enum class Comparison : std::uint8_t { equal, less, less_equal, greater, greater_equal };
enum class TimePart : std::uint8_t { none, minute, hour, day, week, month, year };
enum class Relation : std::uint8_t { equal, starts_with, ends_with, contains };

// One question about one event. An empty `field` asks every value of the event (keywords).
struct Test {
  std::string field;
  TestKind kind = TestKind::pattern;
  bool cased = false;
  bool dot_all = false;     // Of a regex: modifier s.
  bool multi_line = false;  // Modifier m.
  Comparison comparison = Comparison::equal;
  TimePart time_part = TimePart::none;
  Relation relation = Relation::equal;
  Pattern pattern;   // Folded unless `cased`.
  std::string text;  // The regex, or the other field's name.
  Network network;
  double number = 0;
};

struct Expression {
  enum class Kind : std::uint8_t { all, any, negation, test };
  Kind kind = Kind::test;
  std::vector<Expression>
      parts;  // Empty for `test`; exactly one for `negation`. `all` of nothing holds, `any` does not.
  Test test;
};

inline constexpr std::size_t expression_nodes_max = 100'000;  // SigmaHQ's largest rule has 2,900.
inline constexpr std::size_t expression_depth_max = 64;

enum class Level : std::uint8_t { none, informational, low, medium, high, critical };
std::string_view name_of(Level level);

// What rules, correlations and filters have in common.
struct Heading {
  std::string file;
  std::size_t line = 1;
  std::string id;    // The name, or else the title, where the document has no id.
  std::string name;  // For references; often empty.
  std::string title;
  std::string description;
  Level level = Level::none;
  std::vector<std::string> tags;  // As written: "attack.t1110".
};

struct Rule {
  Heading heading;
  LogSource logsource;
  Expression condition;
  bool silent = false;  // Only correlations use it: its own matches are not reported.
};

struct Filter {
  Heading heading;
  LogSource logsource;
  bool all_rules = false;          // "rules: any".
  std::vector<std::string> rules;  // Ids or names.
  Expression condition;
};

enum class CorrelationKind : std::uint8_t {
  event_count,
  value_count,
  temporal,
  temporal_ordered,
  value_sum,
  value_avg,
  value_percentile,
  value_median,
};

// One bound of a correlation's condition. Two make a range.
struct Bound {
  enum class Kind : std::uint8_t { gt, gte, lt, lte, eq, neq };
  Kind kind = Kind::gte;
  double value = 0;
};

struct Alias {
  std::string name;
  struct Source {
    std::string rule;  // Id or name.
    std::string field;
  };
  std::vector<Source> sources;
};

inline constexpr std::size_t correlation_rules_max = 64;  // One bit each in a window's mask.

struct Correlation {
  Heading heading;
  CorrelationKind kind = CorrelationKind::event_count;
  std::vector<std::string> rules;  // Ids or names, in order.
  std::vector<std::string> group_by;
  std::vector<Alias> aliases;
  std::int64_t timespan_seconds = 0;
  std::vector<std::string> fields;  // Of value_*; several are counted as one tuple.
  std::vector<Bound> bounds;        // All must hold.
  double percentile = 50;
  bool generate = false;  // Whether the rules it names report their own matches too.
  bool silent = false;    // Another correlation uses it and does not want its alerts.
};

}  // namespace luy::detect
