// Goal: names, texts and the rule "only stricter" hold for every value.
// Method: round trips over whole enumerations; a table of overrides.
#include "regulation/pack.h"

#include <gtest/gtest.h>

namespace luy::regulation {
namespace {

template <class Value>
void expect_round_trip(std::size_t count, std::optional<Value> (*from_name)(std::string_view)) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<Value>(i);
    EXPECT_FALSE(name_of(value).empty()) << i;
    EXPECT_EQ(from_name(name_of(value)), value) << name_of(value);
  }
  EXPECT_EQ(from_name("nonsense"), std::nullopt);
  EXPECT_EQ(from_name(""), std::nullopt);
}

TEST(Pack, NamesRoundTrip) {
  expect_round_trip<Holder>(holder_count, holder_from_name);
  expect_round_trip<Subject>(subject_count, subject_from_name);
  expect_round_trip<Cadence>(cadence_count, cadence_from_name);
  expect_round_trip<EvidenceKind>(evidence_kind_count, evidence_kind_from_name);
  expect_round_trip<Basis>(basis_count, basis_from_name);
  expect_round_trip<Unit>(unit_count, unit_from_name);
  expect_round_trip<Stricter>(stricter_count, stricter_from_name);
  expect_round_trip<Check>(check_count, check_from_name);
}

Parameter parameter_of(Unit unit, ParameterValue value, Stricter stricter = Stricter::fixed) {
  Parameter out;
  out.id = "p";
  out.unit = unit;
  out.value = std::move(value);
  out.stricter = stricter;
  return out;
}

TEST(Pack, ValuesAreWrittenForPeople) {
  const struct {
    Unit unit;
    ParameterValue value;
    Text want;
  } table[] = {
      {Unit::days, Duration(days(7)), {"7 ngày", "7 days"}},
      {Unit::days, Duration(days(1)), {"1 ngày", "1 day"}},
      {Unit::hours, Duration(std::chrono::hours(24)), {"24 giờ", "24 hours"}},
      {Unit::minutes, Duration(std::chrono::minutes(15)), {"15 phút", "15 minutes"}},
      {Unit::working_days, WorkingDays{3}, {"3 ngày làm việc", "3 working days"}},
      {Unit::count, std::int64_t{5}, {"5", "5"}},
      {Unit::mebibytes, std::int64_t{25}, {"25 MiB", "25 MiB"}},
      {Unit::percent, 20.0, {"20 %", "20 %"}},
      {Unit::percent, 0.5, {"0,5 %", "0.5 %"}},
      {Unit::texts, std::vector<std::string>{"wpa2", "wpa3"}, {"wpa2, wpa3", "wpa2, wpa3"}},
      {Unit::texts, std::vector<std::string>{}, {"", ""}},
  };
  for (const auto& row : table) EXPECT_EQ(to_text(parameter_of(row.unit, row.value)), row.want) << row.want.en;
}

TEST(Pack, AnOverrideMayOnlyBeStricter) {
  using Texts = std::vector<std::string>;
  const Duration week = days(7);
  const struct {
    const char* what;
    Stricter stricter;
    ParameterValue own;
    ParameterValue proposed;
    bool allowed;
  } table[] = {
      {"shorter limit", Stricter::lower, week, Duration(days(3)), true},
      {"equal limit", Stricter::lower, week, week, true},
      {"longer limit", Stricter::lower, week, Duration(days(8)), false},
      {"kept longer", Stricter::higher, Duration(days(30)), Duration(days(90)), true},
      {"kept shorter", Stricter::higher, Duration(days(30)), Duration(days(29)), false},
      {"fixed, equal", Stricter::fixed, std::int64_t{5}, std::int64_t{5}, true},
      {"fixed, other", Stricter::fixed, std::int64_t{5}, std::int64_t{4}, false},
      {"fewer working days", Stricter::lower, WorkingDays{3}, WorkingDays{2}, true},
      {"more working days", Stricter::lower, WorkingDays{3}, WorkingDays{4}, false},
      {"percent", Stricter::lower, 1.0, 0.5, true},
      {"subset", Stricter::fewer, Texts{"a", "b"}, Texts{"b"}, true},
      {"not a subset", Stricter::fewer, Texts{"a", "b"}, Texts{"b", "c"}, false},
      {"superset", Stricter::more, Texts{"a"}, Texts{"a", "b"}, true},
      {"not a superset", Stricter::more, Texts{"a"}, Texts{"b"}, false},
      {"another type", Stricter::lower, week, std::int64_t{3}, false},
      {"working days for days", Stricter::lower, week, WorkingDays{3}, false},
  };
  for (const auto& row : table) {
    const Result<void> result = check_override(parameter_of(Unit::days, row.own, row.stricter), row.proposed);
    EXPECT_EQ(result.has_value(), row.allowed) << row.what;
    if (!result) {
      EXPECT_TRUE(result.error().is(not_stricter)) << row.what;
    }
  }
}

}  // namespace
}  // namespace luy::regulation
