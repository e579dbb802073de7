#include "detect/plain.h"

#include <re2/re2.h>

#include <algorithm>

#include "detect/fold.h"
#include "detect/item.h"
#include "detect/value.h"

namespace luy::detect {
namespace {

bool regex_holds(const Test& test, const std::string& text) {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(test.cased);
  options.set_dot_nl(test.dot_all);
  const RE2 regex((test.multi_line ? "(?m)" : "") + test.text, options);
  return regex.ok() && RE2::PartialMatch(text, regex);
}

bool reference_holds(const Test& test, const FlatValue& value, const FlatEvent& event, const FieldMap& fields) {
  const FlatField* other = event.find(fields.event_field(test.text));
  if (other == nullptr) return false;
  return std::any_of(other->values.begin(), other->values.end(), [&](const FlatValue& one) {
    if (one.kind == ValueKind::null) return false;
    return test.cased ? relation_holds(test.relation, value.text, one.text)
                      : relation_holds(test.relation, fold(value.text), fold(one.text));
  });
}

// Of a value that is not null.
bool value_holds(const Test& test, const FlatValue& value, const FlatEvent& event, const FieldMap& fields) {
  switch (test.kind) {
    case TestKind::pattern:
      return matches(test.pattern, test.cased ? value.text : fold(value.text));
    case TestKind::regex:
      return regex_holds(test, value.text);
    case TestKind::network:
      return contains(test.network, value.text);
    case TestKind::number:
      return number_holds(test, value.text);
    case TestKind::field_ref:
      return reference_holds(test, value, event, fields);
    case TestKind::null:
    case TestKind::exists:
      break;
  }
  return false;
}

bool field_holds(const Test& test, const FlatField* field, const FlatEvent& event, const FieldMap& fields) {
  if (test.kind == TestKind::exists) return field != nullptr;
  if (test.kind == TestKind::null) {
    return field == nullptr || std::any_of(field->values.begin(), field->values.end(),
                                           [](const FlatValue& one) { return one.kind == ValueKind::null; });
  }
  if (field == nullptr) return false;
  return std::any_of(field->values.begin(), field->values.end(), [&](const FlatValue& one) {
    return one.kind != ValueKind::null && value_holds(test, one, event, fields);
  });
}

bool test_holds(const Test& test, const FlatEvent& event, const FieldMap& fields) {
  if (!test.field.empty()) return field_holds(test, event.find(fields.event_field(test.field)), event, fields);
  return std::any_of(event.everything.begin(), event.everything.end(),
                     [&](const FlatValue& one) { return value_holds(test, one, event, fields); });
}

bool route_takes(const Route& route, const FlatEvent& event) {
  return std::all_of(route.when.begin(), route.when.end(), [&](const Route::Condition& condition) {
    for (const FlatField& field : event.enveloped) {
      if (field.name != condition.field) continue;
      return std::any_of(field.values.begin(), field.values.end(), [&](const FlatValue& value) {
        if (value.kind == ValueKind::null) return false;
        return condition.values.empty() ||
               std::find(condition.values.begin(), condition.values.end(), fold(value.text)) != condition.values.end();
      });
    }
    return false;
  });
}

std::string stated(const FlatEvent& event, const std::string& field) {
  if (field.empty()) return {};
  for (const FlatField& one : event.enveloped) {
    if (one.name == field && one.values.front().kind != ValueKind::null) return fold(one.values.front().text);
  }
  return {};
}

}  // namespace

bool matches_plainly(const Expression& condition, const FlatEvent& event, const FieldMap& fields) {
  const auto holds = [&](const Expression& part) { return matches_plainly(part, event, fields); };
  switch (condition.kind) {
    case Expression::Kind::all:
      return std::all_of(condition.parts.begin(), condition.parts.end(), holds);
    case Expression::Kind::any:
      return std::any_of(condition.parts.begin(), condition.parts.end(), holds);
    case Expression::Kind::negation:
      return !holds(condition.parts.front());
    case Expression::Kind::test:
      return test_holds(condition.test, event, fields);
  }
  return false;
}

std::vector<Label> labels_of(const Routing& routing, const FlatEvent& event) {
  std::vector<Label> out;
  for (const Route& route : routing.routes) {
    if (route_takes(route, event)) out.push_back({route.logsource, &route.fields});
  }
  const LogSource own{stated(event, routing.declared.category), stated(event, routing.declared.product),
                      stated(event, routing.declared.service)};
  if (!own.empty()) out.push_back({own, nullptr});
  return out;
}

bool matches_plainly(const Rule& rule, const FlatEvent& event, const std::vector<Label>& labels,
                     bool unlabelled_meets_all) {
  static const FieldMap as_they_are;
  if (labels.empty()) return unlabelled_meets_all && matches_plainly(rule.condition, event, as_they_are);
  return std::any_of(labels.begin(), labels.end(), [&](const Label& label) {
    if (!is_for(rule.logsource, label.source)) return false;
    const bool mapped = label.fields != nullptr && uses_fields(rule.logsource, label.source);
    return matches_plainly(rule.condition, event, mapped ? *label.fields : as_they_are);
  });
}

}  // namespace luy::detect
