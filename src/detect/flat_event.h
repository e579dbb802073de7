// One event as named values: what the plain matcher reads, and what tests make events of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/extract.h"
#include "detect/shape.h"

namespace luy::detect {

struct FlatValue {
  std::string text;
  ValueKind kind = ValueKind::text;
};

struct FlatField {
  std::string name;
  std::vector<FlatValue> values;  // Several for a list.
};

struct FlatEvent {
  std::vector<FlatField> fields;      // What rules see.
  std::vector<FlatField> enveloped;   // For routing: of a field held at several levels, the outermost one's values.
  std::vector<FlatValue> everything;  // Whatever the field: what keywords ask.
  const FlatField* find(std::string_view name) const;
};

// Error: bad_event.
Result<FlatEvent> flatten(const Shape& shape, std::string_view json);

}  // namespace luy::detect
