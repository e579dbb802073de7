// Goal: one full scan in each period, on its day and in its hours where that can be, else at the next hours that come.
#include "agent/scan_plan.h"

#include <gtest/gtest.h>

namespace luy::agent {
namespace {

using std::chrono::hours;

// 25/11/2026 is a Wednesday; 11:00 to 14:00 in Vietnam is 04:00 to 07:00 UTC.
device_policy::Antivirus policy() {
  device_policy::Antivirus out;
  out.period_days = 7;
  out.weekday = 3;
  out.from_minute = 11 * 60;
  out.until_minute = 14 * 60;
  return out;
}
Time at(const std::string& text) {
  return *from_rfc3339(text);
}
const Time wednesday_noon = at("2026-11-25T05:00:00Z");

TEST(ScanPlan, AMachineThatWasNeverScannedBeginsAtTheNextHours) {
  ScanMemory memory;
  memory.since = at("2026-11-23T01:00:00Z");
  EXPECT_FALSE(plan_scan(policy(), memory, at("2026-11-23T03:59:59Z")).run);
  EXPECT_TRUE(plan_scan(policy(), memory, at("2026-11-23T04:00:00Z")).run) << "a Monday";
  EXPECT_FALSE(plan_scan(policy(), memory, at("2026-11-23T07:00:00Z")).run);
  EXPECT_EQ(plan_scan(policy(), memory, wednesday_noon).due_at, at("2026-11-30T01:00:00Z"));
}

TEST(ScanPlan, ThenItRunsOnItsDayOnce) {
  ScanMemory memory;
  memory.ended_at = at("2026-11-23T05:00:00Z");
  EXPECT_FALSE(plan_scan(policy(), memory, at("2026-11-24T05:00:00Z")).run) << "a Tuesday";
  EXPECT_TRUE(plan_scan(policy(), memory, wednesday_noon).run);
  memory.ended_at = wednesday_noon;
  EXPECT_FALSE(plan_scan(policy(), memory, wednesday_noon + hours(1)).run);
  EXPECT_FALSE(plan_scan(policy(), memory, wednesday_noon + hours(24)).run);
  EXPECT_FALSE(plan_scan(policy(), memory, at("2026-12-02T03:59:00Z")).run);
  EXPECT_TRUE(plan_scan(policy(), memory, at("2026-12-02T04:00:00Z")).run);
}

TEST(ScanPlan, OneThatIsDuePastItsTimeBeginsOnAnyDay) {
  ScanMemory memory;
  memory.ended_at = wednesday_noon;
  const ScanPlan late = plan_scan(policy(), memory, at("2026-12-03T05:00:00Z"));
  EXPECT_TRUE(late.run);
  EXPECT_TRUE(late.missed);
  EXPECT_EQ(late.due_at, wednesday_noon + days(7));
  const ScanPlan night = plan_scan(policy(), memory, at("2026-12-03T15:00:00Z"));
  EXPECT_FALSE(night.run) << "but in its hours";
  EXPECT_TRUE(night.missed);
}

TEST(ScanPlan, OneUnderWayGoesOnInTheHoursOfLaterDays) {
  ScanMemory memory;
  memory.scan = "01jd0000000000000000000000";
  memory.ended_at = at("2026-11-23T05:00:00Z");
  EXPECT_FALSE(plan_scan(policy(), memory, at("2026-11-25T08:00:00Z")).run);
  EXPECT_TRUE(plan_scan(policy(), memory, at("2026-11-26T04:30:00Z")).run);
}

TEST(ScanPlan, APolicyWithoutScansPlansNone) {
  device_policy::Antivirus none = policy();
  none.scan = false;
  const ScanPlan plan = plan_scan(none, {}, wednesday_noon);
  EXPECT_FALSE(plan.run);
  EXPECT_FALSE(plan.missed);
  EXPECT_FALSE(plan.due_at);
}

TEST(ScanPlan, AClockThatWasMovedBackPutsNothingOff) {
  ScanMemory memory;
  memory.ended_at = at("2030-01-01T00:00:00Z");
  EXPECT_TRUE(plan_scan(policy(), memory, wednesday_noon).run);
}

TEST(ScanMemory, ReadsWhatItWrites) {
  ScanMemory memory;
  EXPECT_EQ(scan_memory(to_text(memory)), memory);
  memory.scan = "01jd0000000000000000000000";
  memory.place = std::string("/nhà/\xff\n x");
  memory.started_at = memory.ended_at = memory.since = memory.missed = wednesday_noon;
  memory.told = "01jd0000000000000000000001";
  memory.counts = {1, 2, 3, 4};
  EXPECT_EQ(scan_memory(to_text(memory)), memory);
  for (const std::string& bad : {std::string(), std::string("scan1"), to_text(memory) + " x",
                                 "scan2" + to_text(memory).substr(5), to_text(memory).substr(0, 40)}) {
    EXPECT_EQ(scan_memory(bad), ScanMemory()) << bad;
  }
}

}  // namespace
}  // namespace luy::agent
