// Goal: a clock that is set is noticed in both directions, once each; correcting by little steps and sleep are not.
#include "agent/clock_watch.h"

#include <gtest/gtest.h>

namespace luy::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Time t0 = *from_rfc3339("2026-11-22T03:00:00Z");

TEST(ClockWatch, AClockThatRunsIsNotMoved) {
  ClockWatch watch(t0, hours(1));
  EXPECT_EQ(watch.look(t0 + seconds(30), hours(1) + seconds(30)), std::nullopt);
  // Asleep for a night: the time since the start goes on.
  EXPECT_EQ(watch.look(t0 + hours(9), hours(10)), std::nullopt);
}

TEST(ClockWatch, CorrectionsUpToTheSlackAreNone) {
  ClockWatch watch(t0, hours(1));
  EXPECT_EQ(watch.look(t0 + ClockWatch::slack, hours(1)), std::nullopt);
  EXPECT_EQ(watch.look(t0, hours(1)), std::nullopt);
  EXPECT_NE(watch.look(t0 + ClockWatch::slack + Duration(1), hours(1)), std::nullopt);
}

TEST(ClockWatch, AMoveIsToldOnceWithBothTimes) {
  ClockWatch watch(t0, hours(1));
  const auto back = watch.look(t0 - hours(24), hours(1) + minutes(1));
  EXPECT_EQ(back, (ClockWatch::Moved{t0 + minutes(1), t0 - hours(24)}));
  EXPECT_EQ(watch.look(t0 - hours(24) + seconds(5), hours(1) + minutes(1) + seconds(5)), std::nullopt);
  const auto forward = watch.look(t0 + hours(24) * 400, hours(1) + minutes(2));
  ASSERT_TRUE(forward);
  EXPECT_EQ(forward->found, t0 + hours(24) * 400);
}

}  // namespace
}  // namespace luy::agent
