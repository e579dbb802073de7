// Goal: numbers run from 01 per agency, kind and year, and stand in the notation of decree 30.
// Method: tables; a book in memory.
#include "paper/number.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "paper/file_name.h"

namespace luy::paper {
namespace {

TEST(Notation, CallsTheFileOfAPaper) {
  EXPECT_EQ(file_name_of("01/BB-UBND-BD"), "01-BB-UBND-BD");
  EXPECT_EQ(file_name_of("112/QĐ-UBND"), "112-QD-UBND");
}

class MemoryBook final : public NumberBook {
 public:
  Result<unsigned> last(const NumberSeries& series) override { return numbers_[key(series)]; }
  Result<void> take(const NumberSeries& series, unsigned number) override {
    if (overtaken) ++numbers_[key(series)];
    unsigned& last = numbers_[key(series)];
    if (number != last + 1) return Error(number_taken, std::to_string(number));
    last = number;
    return {};
  }
  bool overtaken = false;
  void set(const NumberSeries& series, unsigned number) { numbers_[key(series)] = number; }

 private:
  static std::tuple<std::string, std::string, int> key(const NumberSeries& series) {
    return {series.agency, series.kind, series.year};
  }
  std::map<std::tuple<std::string, std::string, int>, unsigned> numbers_;
};

TEST(Notation, FollowsTheDecree) {
  const struct {
    unsigned number;
    Symbol symbol;
    const char* notation;
  } table[] = {
      {5, {"BB", "UBND", ""}, "05/BB-UBND"},
      {10, {"BC", "VP", ""}, "10/BC-VP"},
      {12, {"", "UBND", "VP"}, "12/UBND-VP"},
      {3, {"", "UBND", ""}, "03/UBND"},
      {1, {"CĐ", "UBND", ""}, "01/CĐ-UBND"},
      {7, {"TTr", "PVHXH", ""}, "07/TTr-PVHXH"},
      {0, {"BB", "UBND", ""}, "/BB-UBND"},
      {123, {"KH", "UBND-VP", "X"}, "123/KH-UBND-VP"},
      {9, {"BB", "HĐND&UBND", ""}, "09/BB-HĐND&UBND"},
  };
  for (const auto& [number, symbol, notation] : table) {
    const Result<std::string> result = notation_of(number, symbol);
    ASSERT_TRUE(result) << notation << ": " << result.error().text();
    EXPECT_EQ(*result, notation);
  }
}

TEST(Notation, RefusesWhatIsNoSymbol) {
  const Symbol table[] = {
      {"BB", "", ""},      {"bb", "UBND", ""},  {"BB", "UB ND", ""},
      {"BB", "UBND/", ""}, {"BB", "-UBND", ""}, {"", "UBND", "VP-"},
      {"BB", "\n", ""},    {"BB", "ỦBND", ""},  {"BB", std::string(40, 'A'), ""},
  };
  for (const Symbol& symbol : table) {
    const Result<std::string> result = notation_of(1, symbol);
    ASSERT_FALSE(result) << *result;
    EXPECT_TRUE(result.error().is(bad_notation));
  }
  EXPECT_TRUE(notation_of(number_max + 1, {"BB", "UBND", ""}).error().is(bad_notation));
}

TEST(Numbers, RunFrom1PerAgencyKindAndYear) {
  MemoryBook book;
  const NumberSeries minutes{"a", "BB", 2026};
  EXPECT_EQ(*take_number(book, minutes), 1U);
  EXPECT_EQ(*take_number(book, minutes), 2U);
  EXPECT_EQ(*take_number(book, {"b", "BB", 2026}), 1U);
  EXPECT_EQ(*take_number(book, {"a", "BC", 2026}), 1U);
  EXPECT_EQ(*take_number(book, {"a", "", 2026}), 1U);
  EXPECT_EQ(*take_number(book, {"a", "BB", 2027}), 1U);
  EXPECT_EQ(*take_number(book, minutes), 3U);
}

TEST(Numbers, CountInTheYearOfTheVietnameseDay) {
  const Time last_hour_utc = day_begin(*day_from_iso("2027-01-01"));
  EXPECT_EQ(to_rfc3339(last_hour_utc).substr(0, 4), "2026");
  EXPECT_EQ(number_year(day_of(last_hour_utc)), 2027);
}

TEST(Numbers, AreNotGivenTwice) {
  MemoryBook book;
  book.overtaken = true;
  EXPECT_TRUE(take_number(book, {"a", "BB", 2026}).error().is(number_taken));
  book.overtaken = false;
  book.set({"a", "BC", 2026}, number_max);
  EXPECT_TRUE(take_number(book, {"a", "BC", 2026}).error().is(numbers_used_up));
}

}  // namespace
}  // namespace luy::paper
