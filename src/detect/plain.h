// The specification taken literally, one rule against one event without any index: slow, and the judge of the compiled
// engine (engine.h) in tests. Regular expressions run on RE2 here and on Vectorscan there. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/flat_event.h"
#include "detect/pipeline.h"
#include "detect/rule.h"

namespace luy::detect {

bool matches_plainly(const Expression& condition, const FlatEvent& event, const FieldMap& fields);

// The labels of an event: which log sources its rules are for, with the field map of each. Empty for an event that no
// pipeline knows and that states nothing itself.
struct Label {
  LogSource source;
  const FieldMap* fields;  // Null: as they are. Borrowed from the routing.
};
std::vector<Label> labels_of(const Routing& routing, const FlatEvent& event);

// Whether the rule holds for the event under any of its labels. `unlabelled_meets_all`: what to say of an event without
// labels.
bool matches_plainly(const Rule& rule, const FlatEvent& event, const std::vector<Label>& labels,
                     bool unlabelled_meets_all);

}  // namespace luy::detect
