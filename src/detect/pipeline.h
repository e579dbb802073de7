// Field mapping pipelines: how the events of a source become Sigma's fields and which rules they are for. Written as
// YAML (docs/detection.md); several together make one Routing. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/item.h"
#include "detect/rule.h"
#include "detect/shape.h"

namespace luy::detect {

inline constexpr std::size_t routes_max = 1000;

struct FieldMap {
  // Rule's field → event's field, sorted by the first.
  std::vector<std::pair<std::string, std::string>> names;
  const std::string& event_field(const std::string& rule_field) const;
  bool operator==(const FieldMap&) const = default;
};

// Events that `when` accepts are fed to the rules for `logsource`.
struct Route {
  std::string pipeline;
  struct Condition {
    std::string field;
    std::vector<std::string> values;  // Folded; any of them. Empty: the field is there.
  };
  std::vector<Condition> when;  // All of them.
  LogSource logsource;
  FieldMap fields;  // See uses_fields().
};

// What several pipelines together say.
struct Routing {
  Shape shape;
  std::vector<Route> routes;
  // The event's own fields that say its log source; empty when no pipeline lets events do so.
  LogSource declared;
  std::vector<std::string> time_fields;  // Where correlations look for the event's time, first found wins.
  Placeholders placeholders;
};

// Adds one pipeline file to `routing`. Errors: bad_pipeline, bad_yaml, yaml_not_allowed, over_limit; `routing` may hold
// a part of it by then.
Result<void> add_pipeline(std::string_view file, std::string_view bytes, Routing& routing);

// Whether a rule for `rule` is asked about events labelled `label`: every part the rule names is the label's.
bool is_for(const LogSource& rule, const LogSource& label);
// Whether a rule under this label reads the label's field map: a label with a category maps only for rules that name
// one.
bool uses_fields(const LogSource& rule, const LogSource& label);
// Whether any route can ever feed it.
bool is_fed(const Routing& routing, const LogSource& rule);

}  // namespace luy::detect
