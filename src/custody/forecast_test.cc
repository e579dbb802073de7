// Goal: the levels begin where they are said to, and a disk that grows steadily is full on the day that arithmetic
// says.
#include "custody/forecast.h"

#include <gtest/gtest.h>

namespace luy::custody {
namespace {

const Day today = *day_from_iso("2026-11-23");

TEST(Forecast, LevelsBeginAtTheirShares) {
  const struct {
    std::uint64_t free;
    DiskLevel level;
  } table[] = {{1000, DiskLevel::good},   {301, DiskLevel::good},    {300, DiskLevel::watch},
               {151, DiskLevel::watch},   {150, DiskLevel::warning}, {51, DiskLevel::warning},
               {50, DiskLevel::critical}, {0, DiskLevel::critical}};
  for (const auto& row : table) EXPECT_EQ(level_of({1000, row.free}), row.level) << row.free;
  EXPECT_EQ(level_of({0, 0}), DiskLevel::good) << "nothing is known";
}

std::map<Day, std::uint64_t> grown(int count, std::int64_t first, std::int64_t by) {
  std::map<Day, std::uint64_t> out;
  for (int i = 0; i < count; ++i) out[today - days(count - 1 - i)] = static_cast<std::uint64_t>(first + by * i);
  return out;
}

TEST(Forecast, TheSlopeOfTheLastDaysTellsWhenItIsFull) {
  const Forecast steady = forecast({10'000, 3'000}, grown(10, 6'100, 100), today);
  EXPECT_EQ(steady.growth, 100);
  EXPECT_EQ(steady.days, 10);
  EXPECT_EQ(steady.days_left, 30);
  EXPECT_EQ(forecast({10'000, 2'999}, grown(10, 6'100, 100), today).days_left, 29);
  EXPECT_EQ(forecast({10'000, 0}, grown(10, 6'100, 100), today).days_left, 0);
}

TEST(Forecast, WhatDoesNotGrowIsNeverFull) {
  EXPECT_EQ(forecast({10'000, 3'000}, grown(10, 7'000, 0), today).days_left, std::nullopt);
  EXPECT_EQ(forecast({10'000, 3'000}, grown(10, 9'000, -100), today).days_left, std::nullopt);
  EXPECT_EQ(forecast({10'000'000, 9'999'000}, grown(10, 100, 1), today).days_left, std::nullopt) << "beyond sight";
  EXPECT_EQ(forecast({10'000, 3'000}, grown(2, 1'000, 3'000), today).days_left, std::nullopt) << "two days say nothing";
  EXPECT_EQ(forecast({10'000, 3'000}, {}, today).days, 0);
}

TEST(Forecast, OldAndFutureDaysDoNotCount) {
  auto used = grown(5, 7'000, 10);
  used[today - days(40)] = 1;
  used[today + days(400)] = 1'000'000;
  const Forecast found = forecast({10'000, 1'000}, used, today);
  EXPECT_EQ(found.days, 5);
  EXPECT_EQ(found.growth, 10);
}

}  // namespace
}  // namespace luy::custody
