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
