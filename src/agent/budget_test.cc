// Goal: bursts are free, steady use beyond the share is slowed, and the past is forgotten after the window.
// Method: made-up readings.
#include "agent/budget.h"

#include <gtest/gtest.h>

namespace luy::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Budget, ABurstWithinTheWindowsShareIsNotSlowed) {
  Budget budget;
  budget.read(seconds(0), seconds(0));
  budget.read(seconds(10), seconds(5));
  EXPECT_FALSE(budget.throttled());
  EXPECT_EQ(budget.pause(milliseconds(100)), Duration{0});
  budget.read(seconds(11), seconds(7));
  EXPECT_TRUE(budget.throttled()) << "7 s of 6 s in ten minutes";
}

TEST(Budget, WhileThrottledWorkIsSpreadToTheShare) {
  Budget budget;
  budget.read(seconds(0), seconds(0));
  budget.read(seconds(1), seconds(7));
  EXPECT_EQ(budget.pause(milliseconds(10)), seconds(1));
  EXPECT_EQ(budget.pause(seconds(5)), seconds(10)) << "a bound on the pause, so that answers are still taken";
}

TEST(Budget, UseIsForgottenAfterTheWindow) {
  Budget budget;
  budget.read(seconds(0), seconds(0));
  budget.read(seconds(1), seconds(7));
  budget.read(minutes(9), seconds(7));
  EXPECT_TRUE(budget.throttled());
  budget.read(minutes(11), seconds(7));
  EXPECT_FALSE(budget.throttled());
  EXPECT_EQ(budget.used(), Duration{0});
}

TEST(Budget, WhatAnEarlierProcessUsedStillCounts) {
  Budget before;
  before.read(seconds(1000), seconds(0));
  before.read(seconds(1010), seconds(3));
  Budget after({}, before.saved());
  after.read(seconds(1020), seconds(1));
  EXPECT_EQ(after.used(), seconds(4));
  EXPECT_NEAR(after.percent(), 4.0 / 6.0, 1e-9);
  after.read(seconds(1610), seconds(1));
  EXPECT_EQ(after.used(), seconds(1)) << "the three seconds have left the window";
}

TEST(Budget, WhatWasSavedBeforeAReBootOrIsNoBudgetIsPassedOver) {
  Budget before;
  before.read(seconds(1000), seconds(3));
  Budget rebooted({}, before.saved());
  rebooted.read(seconds(20), seconds(1));
  EXPECT_EQ(rebooted.used(), seconds(1));
  for (const char* text : {"", "x", "5", "5 1 2 3", "-5 1", "99999999999999999999"}) {
    Budget other({}, text);
    other.read(seconds(20), seconds(1));
    EXPECT_EQ(other.used(), seconds(1)) << text;
  }
}

TEST(Budget, ALongSleepAndAClockThatStandsStillAreHarmless) {
  Budget budget;
  budget.read(minutes(5), seconds(100));
  EXPECT_EQ(budget.used(), seconds(100)) << "what was used before counts once";
  budget.read(minutes(5000), seconds(100));
  EXPECT_EQ(budget.used(), Duration{0});
  budget.read(minutes(5000), seconds(101));
  budget.read(minutes(5000), seconds(100));
  EXPECT_EQ(budget.used(), seconds(1));
}

}  // namespace
}  // namespace luy::agent
