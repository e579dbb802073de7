// Goal: a run begins in time to end in time, one at a time, never outside the hours, and nothing is tried over and
// over. Method: a made section and book; the clock is a number.
#include "agent/backup_plan.h"

#include <gtest/gtest.h>

namespace luy::agent {
namespace {

using device_policy::BackupPlace;
using std::chrono::hours;
using std::chrono::minutes;

const Time noon = *from_rfc3339("2026-11-25T05:00:00Z");  // In Vietnam.
const std::string medium = "01jd0000000000000000000001";

device_policy::Backup section() {
  device_policy::Backup out;
  out.period_days = 30;
  out.drill_days = 90;
  out.from_minute = 11 * 60;
  out.until_minute = 13 * 60;
  device_policy::BackupSet set;
  set.name = "van-ban";
  set.every_days = 7;
  set.paths = {"/home"};
  set.targets = {{BackupPlace::disk, "/srv/backup", {}}, {BackupPlace::medium, "", {medium}}};
  out.sets = {set};
  return out;
}

BackupMemory memory_of(const std::string& target, const std::string& at, std::optional<Time> succeeded) {
  BackupMemory out;
  out.set = "van-ban";
  out.target = target;
  out.at = at;
  out.succeeded_at = succeeded;
  out.since = noon - days(100);
  if (succeeded) out.snapshot = "abcd";
  return out;
}

fact::RestoreDrill drill_at(Time at, bool passed) {
  fact::RestoreDrill out;
  out.set = "van-ban";
  out.ended_at = at;
  out.passed = passed;
  return out;
}

TEST(BackupPlan, WhatWasNeverBackedUpBeginsInItsHours) {
  const auto wanted = section();
  const auto step = plan_backup({wanted, {}, {}, noon});
  ASSERT_TRUE(step);
  EXPECT_EQ(step->slot.at, "/srv/backup");
  EXPECT_FALSE(step->drill);
  EXPECT_FALSE(plan_backup({wanted, {}, {}, noon + hours(2)})) << "after its hours";
  auto off = wanted;
  off.run = false;
  EXPECT_FALSE(plan_backup({off, {}, {}, noon}));
}

TEST(BackupPlan, ARunBeginsBeforeItsTimeIsOver) {
  const auto wanted = section();
  BackupBook book;
  book.runs = {memory_of("disk", "/srv/backup", noon - days(5))};
  book.drills = {drill_at(noon - days(1), true)};
  EXPECT_FALSE(plan_backup({wanted, book, {}, noon}));
  book.runs[0].succeeded_at = noon - days(6);
  EXPECT_TRUE(plan_backup({wanted, book, {}, noon}));
  EXPECT_EQ(backup_due(wanted, wanted.sets[0], &book.runs[0]), noon + days(1));
  auto rarely = wanted;
  rarely.period_days = 3;
  EXPECT_EQ(backup_due(rarely, rarely.sets[0], &book.runs[0]), noon - days(3)) << "the regulation goes before";
}

TEST(BackupPlan, AMediumCountsWhileItIsThere) {
  const auto wanted = section();
  BackupBook book;
  book.runs = {memory_of("disk", "/srv/backup", noon - days(1))};
  book.drills = {drill_at(noon - days(1), true)};
  EXPECT_FALSE(plan_backup({wanted, book, {}, noon}));
  const auto step = plan_backup({wanted, book, {medium}, noon});
  ASSERT_TRUE(step);
  EXPECT_EQ(step->slot.at, medium);
}

TEST(BackupPlan, WhatWasUnderWayGoesOnBeforeAnythingElse) {
  const auto wanted = section();
  BackupBook book;
  book.runs = {memory_of("disk", "/srv/backup", std::nullopt), memory_of("medium", medium, noon - days(1))};
  book.runs[1].under_way = true;
  EXPECT_EQ(plan_backup({wanted, book, {medium}, noon})->slot.at, medium);
  EXPECT_EQ(plan_backup({wanted, book, {}, noon})->slot.at, "/srv/backup") << "it was pulled out";
}

TEST(BackupPlan, WhatFailedRestsBeforeItIsTriedAgain) {
  const auto wanted = section();
  BackupBook book;
  book.runs = {memory_of("disk", "/srv/backup", std::nullopt)};
  book.runs[0].because = because::disk_full;
  book.runs[0].ended_at = noon - minutes(59);
  EXPECT_FALSE(plan_backup({wanted, book, {}, noon}));
  book.runs[0].ended_at = noon - minutes(60);
  EXPECT_TRUE(plan_backup({wanted, book, {}, noon}));
  book.runs[0].ended_at = noon + days(400);
  EXPECT_TRUE(plan_backup({wanted, book, {}, noon})) << "a clock that was moved back puts nothing off";
}

TEST(BackupPlan, ADrillFollowsTheFirstRunAndThenEachQuarter) {
  const auto wanted = section();
  BackupBook book;
  book.runs = {memory_of("disk", "/srv/backup", noon - hours(1))};
  ASSERT_TRUE(plan_backup({wanted, book, {}, noon}));
  EXPECT_TRUE(plan_backup({wanted, book, {}, noon})->drill);
  book.drills = {drill_at(noon - hours(1), false)};
  EXPECT_FALSE(plan_backup({wanted, book, {}, noon})) << "it failed an hour ago";
  book.drills = {drill_at(noon - hours(25), false)};
  EXPECT_TRUE(plan_backup({wanted, book, {}, noon}));
  book.drills = {drill_at(noon - days(82), true)};
  EXPECT_FALSE(plan_backup({wanted, book, {}, noon}));
  book.drills = {drill_at(noon - days(83), true)};
  EXPECT_TRUE(plan_backup({wanted, book, {}, noon}));
}

TEST(BackupPlan, RemembersThroughItsText) {
  BackupBook book;
  book.runs = {memory_of("disk", "/srv/sao lưu", noon)};
  book.runs[0].because = "failed";
  book.runs[0].detail = "Fatal: \n\xff";
  book.runs[0].under_way = true;
  book.runs[0].bytes = 1'000'000'000'000;
  book.drills = {drill_at(noon, true)};
  book.drills[0].started_at = noon - hours(1);
  const std::string text = to_text(book);
  EXPECT_EQ(backup_book(text), book);
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    const BackupBook part = backup_book(text.substr(0, cut));
    for (const BackupMemory& one : part.runs) EXPECT_EQ(one, book.runs[0]) << "never half of one";
  }
  EXPECT_EQ(backup_book("backup1\nrun x\n"), BackupBook{});
}

}  // namespace
}  // namespace luy::agent
