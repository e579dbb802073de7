// Goal: an Error says its whole sentence in both languages, and LUY_TRY passes values and errors on.
#include "base/result.h"

#include <gtest/gtest.h>

namespace luy {

constexpr ErrorKind full{"test.full", ErrorClass::unavailable, "Đĩa {} đã đầy.", "Disk {} is full."};
constexpr ErrorKind plain{"test.plain", ErrorClass::invalid, "Sai.", "Wrong."};

TEST(Error, PutsTheDetailInItsPlaceOrInBrackets) {
  EXPECT_EQ(Error(full, "/var").vi(), "Đĩa /var đã đầy.");
  EXPECT_EQ(Error(full, "/var").en(), "Disk /var is full.");
  EXPECT_EQ(Error(plain, "x=1").en(), "Wrong. (x=1)");
  EXPECT_EQ(Error(plain).en(), "Wrong.");
  EXPECT_EQ(Error(full, "/var").text(), "test.full: Disk /var is full.");
  EXPECT_EQ(Error(full, "dữ liệu", "of data").vi(), "Đĩa dữ liệu đã đầy.");
  EXPECT_EQ(Error(full, "dữ liệu", "of data").en(), "Disk of data is full.");
}

Result<int> half(int n) {
  if (n % 2 != 0) return Error(plain, std::to_string(n));
  return n / 2;
}

Result<int> quarter(int n) {
  LUY_TRY(const int h, half(n));
  LUY_TRY(const int q, half(h));
  return q;
}

Result<void> demand_even(int n) {
  LUY_TRY_VOID(half(n).has_value() ? Result<void>() : Result<void>(half(n).error()));
  return {};
}

TEST(Result, TryPassesValuesAndErrorsOn) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(6).error().detail(), "3");
  EXPECT_TRUE(quarter(7).error().is(plain));
  EXPECT_TRUE(demand_even(2).has_value());
  EXPECT_FALSE(demand_even(3).has_value());
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorAborts) {
  EXPECT_DEATH(half(1).value(), "test.plain");
}

}  // namespace luy
