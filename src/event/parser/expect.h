// For the tests: what an event must say.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "event/event.h"
#include "event/parse.h"

namespace luy::event {

// A name of field.h or "labels.<name>", and its text; "" = must not be set.
struct Want {
  std::string_view name;
  std::string_view text;
};

struct Case {
  std::string_view record;
  std::vector<Want> wants;
};

inline void expect_event(const Event& event, const std::vector<Want>& wants, std::string_view record) {
  for (const auto& [name, text] : wants) {
    EXPECT_EQ(event.get(name).value_or(""), text) << name << " of: " << record << "\n  " << to_json(event);
  }
}

// Noon of 22 November 2026 in Vietnam.
inline ParseContext test_context() {
  return {.received = from_rfc3339("2026-11-22T05:00:00Z").value()};
}

inline void expect_all(Transport transport, std::string_view stream, const std::vector<Case>& cases) {
  for (const auto& [record, wants] : cases) {
    expect_event(parse(transport, stream, record, test_context()), wants, record);
  }
}

}  // namespace luy::event
