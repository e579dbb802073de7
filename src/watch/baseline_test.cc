// Goal: what is ordinary at an hour is never slow, what is not is, and outliers do not move the measure.
#include "watch/baseline.h"

#include <gtest/gtest.h>

namespace luy::watch {
namespace {

using std::chrono::milliseconds;

const Time midnight = day_begin(*day_from_iso("2026-11-23"));

TEST(Baseline, SaysNothingBeforeItHasSeenEnough) {
  Baseline baseline;
  for (std::size_t i = 0; i + 1 < baseline_warm_up; ++i) baseline.add(midnight, milliseconds(40));
  EXPECT_FALSE(baseline.level(midnight));
  baseline.add(midnight, milliseconds(40));
  ASSERT_TRUE(baseline.level(midnight));
  EXPECT_EQ(baseline.level(midnight)->median, milliseconds(40));
  EXPECT_EQ(baseline.level(midnight)->limit, milliseconds(290)) << "250 ms is the least that anybody notices";
}

TEST(Baseline, OutliersDoNotMoveIt) {
  Baseline baseline;
  for (int i = 0; i < 50; ++i) baseline.add(midnight, milliseconds(i % 10 == 0 ? 20'000 : 100 + i % 5));
  EXPECT_LT(baseline.level(midnight)->limit, milliseconds(400));
  EXPECT_GT(baseline.level(midnight)->median, milliseconds(99));
}

TEST(Baseline, WideSpreadMakesTheLimitWide) {
  Baseline baseline;
  for (int i = 0; i < 60; ++i) baseline.add(midnight, milliseconds(200 + 20 * (i % 30)));
  EXPECT_GT(baseline.level(midnight)->limit, milliseconds(1500));
}

TEST(Baseline, EveryHourHasItsOwn) {
  Baseline baseline;
  const Time nine = midnight + std::chrono::hours(9);
  for (int day = 0; day < 30; ++day) {
    baseline.add(midnight + days(day), milliseconds(30));
    baseline.add(nine + days(day), milliseconds(900));
  }
  EXPECT_EQ(baseline.level(nine)->median, milliseconds(900));
  EXPECT_EQ(baseline.level(midnight + days(40))->median, milliseconds(30))
      << "the backup at nine is no measure at night";
  EXPECT_EQ(baseline.level(nine)->samples, 30U);
  // An hour that was never seen is measured by all hours.
  EXPECT_EQ(baseline.level(midnight + std::chrono::hours(15))->samples, 60U);
}

TEST(Baseline, SurvivesARestartAndRefusesDamage) {
  Baseline baseline;
  for (int i = 0; i < 90; ++i) baseline.add(midnight + std::chrono::hours(i), milliseconds(i));
  const Baseline again = Baseline::restored(baseline.saved());
  EXPECT_EQ(again.saved(), baseline.saved());
  for (const char* bad : {"", "{}", "[]", "[[1]]", "[1,2"}) EXPECT_EQ(Baseline::restored(bad).samples(), 0U) << bad;
}

}  // namespace
}  // namespace luy::watch
