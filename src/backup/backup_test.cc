// Goal: of an agency's sets the worst is named, and what was done in time counts as kept, by the pack's own numbers.
#include "backup/backup.h"

#include <gtest/gtest.h>

namespace luy::backup {
namespace {

const Time now = *from_rfc3339("2026-11-25T05:00:00Z");
const Limits limits{days(30), days(30), days(90)};

fact::BackupRun run(const std::string& set, const std::string& target, std::optional<Time> succeeded) {
  fact::BackupRun out;
  out.set = set;
  out.kind = "files";
  out.target = target;
  out.state = "idle";
  out.succeeded_at = succeeded;
  if (!succeeded) out.due_at = now + days(5);
  return out;
}
fact::RestoreDrill drill(const std::string& set, Time at, bool passed) {
  fact::RestoreDrill out;
  out.set = set;
  out.ended_at = at;
  out.passed = passed;
  if (!passed) out.because = "differing";
  return out;
}
Reported device(const fact::Backup* backup) {
  Reported out;
  out.device_name = "may-chu";
  out.enrolled_at = now - days(40);
  out.backup = std::shared_ptr<const fact::Backup>(std::shared_ptr<void>(), backup);
  out.seq = 7;
  return out;
}

TEST(BackupDuty, OtherRecordsAreNotItsOwn) {
  EXPECT_FALSE(duty_record("information_class", {}, limits, now));
}

TEST(BackupDuty, AnAgencyWithoutMachinesOwesNothing) {
  const auto none = duty_record("backup_run", {}, limits, now);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->waiting + none->kept, 0U);
}

TEST(BackupDuty, AnAgencyWithoutASetHasItsFirstToMake) {
  const fact::Backup nothing;
  const auto found = duty_record("backup_run", {device(&nothing)}, limits, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->waiting, 1U);
  EXPECT_EQ(found->due_at, now - days(10));
  EXPECT_NE(found->urgent.vi, "");
}

TEST(BackupDuty, KeptIsWhatSucceededInTime) {
  fact::Backup backup;
  backup.runs = {run("a", "disk", now - days(40)), run("a", "medium", now - days(10))};
  backup.drills = {drill("a", now - days(20), true)};
  for (const char* record : {"backup_run", "media_copy", "restore_drill"}) {
    const auto found = duty_record(record, {device(&backup)}, limits, now);
    EXPECT_EQ(found->waiting, 0U) << record;
    EXPECT_EQ(found->kept, 1U) << record;
    EXPECT_EQ(found->newest_seq, 7U);
  }
  EXPECT_EQ(duty_record("backup_run", {device(&backup)}, limits, now)->newest, now - days(10));
}

TEST(BackupDuty, TheWorstSetIsNamed) {
  fact::Backup backup;
  backup.runs = {run("gần", "disk", now - days(28)), run("quá", "disk", now - days(31)), run("mới", "disk", now),
                 run("chưa", "disk", std::nullopt)};
  const auto found = duty_record("backup_run", {device(&backup)}, limits, now);
  EXPECT_EQ(found->waiting, 3U);
  EXPECT_EQ(found->kept, 1U);
  EXPECT_NE(found->urgent.vi.find("quá"), std::string::npos) << found->urgent.vi;
  EXPECT_EQ(found->due_at, now - days(1));
  backup.runs.erase(backup.runs.begin() + 1);
  const auto next = duty_record("backup_run", {device(&backup)}, limits, now);
  EXPECT_NE(next->urgent.vi.find("chưa"), std::string::npos) << next->urgent.vi;
  EXPECT_EQ(next->due_at, now + days(5));
}

TEST(BackupDuty, ASetWithoutAMediumHasNoExternalCopy) {
  fact::Backup backup;
  backup.runs = {run("a", "disk", now)};
  const auto found = duty_record("media_copy", {device(&backup)}, limits, now);
  EXPECT_EQ(found->waiting, 1U);
  EXPECT_NE(found->urgent.vi.find("chưa có thiết bị"), std::string::npos);
}

TEST(BackupDuty, ADrillThatFailedIsNoDrill) {
  fact::Backup backup;
  backup.runs = {run("a", "disk", now)};
  backup.drills = {drill("a", now - days(1), false), drill("a", now - days(91), true)};
  const auto found = duty_record("restore_drill", {device(&backup)}, limits, now);
  EXPECT_EQ(found->waiting, 1U);
  EXPECT_EQ(found->due_at, now - days(1));
  const auto all = standings({device(&backup)}, limits, now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].drill.because, "differing");
  EXPECT_EQ(all[0].drill.standing, Standing::overdue);
}

TEST(BackupDuty, AClockThatRunsAheadMakesNoCopyYounger) {
  fact::Backup backup;
  backup.runs = {run("a", "disk", now + days(400))};
  const auto all = standings({device(&backup)}, limits, now);
  EXPECT_EQ(all[0].run.due_at, now + days(30));
}

}  // namespace
}  // namespace luy::backup
