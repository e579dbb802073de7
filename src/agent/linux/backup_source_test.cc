// Goal: the agent backs up by itself, one at a time, through deaths of its process and of itself, tells what became of
// it, and does what it is ordered to.
// Method: its own luy-agent-backup as a process with the real restic; time is a fake clock's, waits are for conditions.
#include "agent/linux/backup_source.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "agent/linux/backup_key.h"
#include "agent/linux/backup_rig.h"
#include "base/encoding.h"
#include "base/json.h"

namespace luy::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Time start = *from_rfc3339("2026-11-25T05:00:00Z");
const std::string medium = "01jd0000000000000000000001";

class BackupSourceTest : public testing::Test, protected BackupRig {
 protected:
  void SetUp() override {
    if (!has_restic()) GTEST_SKIP() << "restic is not installed";
    put("a", "one");
    folder_.write("data/backup/key", std::string(64, 'a') + "\n");
    policy_ = std::make_shared<device_policy::Policy>();
    policy_->version = 1;
    policy_->backup = section_;
    open();
  }
  void open() {
    source_.emplace(BackupSource::Setup{[this] { return policy_; },
                                        folder_.path() / "data",
                                        folder_.path() / "root",
                                        {LUY_BACKUP_PROGRAM},
                                        restic_,
                                        "device",
                                        requests_,
                                        time_,
                                        random_,
                                        std::chrono::milliseconds(1)});
  }
  // Asks until `reached`; false after a minute and a half without.
  bool until(const std::function<bool()>& reached) {
    for (int i = 0; i < 9000; ++i) {
      Slice slice;
      source_->collect(slice);
      for (Item& one : slice.take()) records_.push_back(std::move(one.record));
      if (reached()) return true;
      // Time goes on, so that what waits for it comes.
      time_.advance(std::chrono::milliseconds(500));
      pollfd wait{source_->wake_fd(), POLLIN, 0};
      ::poll(&wait, 1, 10);
    }
    return false;
  }
  std::size_t notes(const std::string& name) const {
    return static_cast<std::size_t>(std::count_if(records_.begin(), records_.end(), [&](const event::BatchRecord& one) {
      return one.raw.find("\"note\":\"" + name + "\"") != std::string::npos;
    }));
  }
  std::string result() const {
    for (const event::BatchRecord& one : records_) {
      if (one.stream == backup_stream) return one.raw;
    }
    return {};
  }
  fact::BackupRun first() const { return source_->state().runs.at(0); }

  FakeClock time_{start};
  std::shared_ptr<device_policy::Policy> policy_;
  BackupRequests requests_{folder_.path() / "data/backup/requests"};
  std::string restic_ = restic_program;
  std::optional<BackupSource> source_;
  std::vector<event::BatchRecord> records_;
};

TEST_F(BackupSourceTest, BacksUpThenDrillsByItselfAndSaysSo) {
  ASSERT_TRUE(until([&] { return !source_->state().drills.empty(); }));
  const fact::Backup state = source_->state();
  EXPECT_TRUE(state.tool.starts_with("restic ")) << state.tool;
  ASSERT_EQ(state.runs.size(), 1U);
  EXPECT_EQ(state.runs[0].set, "Văn bản");
  EXPECT_EQ(state.runs[0].state, "idle") << state.runs[0].because;
  EXPECT_TRUE(state.runs[0].succeeded_at);
  EXPECT_EQ(state.runs[0].place.size(), 64U);
  EXPECT_TRUE(state.drills[0].passed) << state.drills[0].because;
  EXPECT_EQ(state.drills[0].report_sha256.size(), 64U);
  EXPECT_EQ(notes("backup_started"), 1U);
  EXPECT_EQ(notes("backup_ended"), 1U);
  EXPECT_EQ(notes("restore_drill_passed"), 1U);
  EXPECT_GT(source_->child_time(), Duration{0});
  // Another agent goes on where this one was: nothing is due.
  const fact::Backup before = source_->state();
  open();
  Slice slice;
  source_->collect(slice);
  EXPECT_EQ(source_->state(), before);
}

TEST_F(BackupSourceTest, AProcessThatDiesIsBegunAgainAndTheRunIsOne) {
  for (int i = 0; i < 8; ++i) put("f" + std::to_string(i), std::string(1 << 20, static_cast<char>('a' + i)));
  policy_->backup->write_kib_per_second = 512;  // So that there is something to kill.
  ASSERT_TRUE(until([&] { return first().state == "running"; }));
  source_.reset();
  policy_->backup->write_kib_per_second = 0;
  open();
  EXPECT_EQ(source_->state().runs.size(), 0U) << "before it has looked";
  ASSERT_TRUE(until([&] { return first().succeeded_at.has_value(); }));
  EXPECT_EQ(notes("backup_resumed"), 1U);
  EXPECT_EQ(notes("backup_started"), 1U);
}

TEST_F(BackupSourceTest, WithoutKeyOrToolItWaitsAndSaysWhy) {
  std::filesystem::remove(BackupSource::key_of(folder_.path() / "data"));
  ASSERT_TRUE(until([&] { return first().because == because::key_missing; }));
  restic_ = folder_.at("none");
  open();
  ASSERT_TRUE(until([&] { return first().because == because::tool_missing; }));
  EXPECT_EQ(source_->state().tool, "");
  restic_ = restic_program;
  int asked = 0;
  const auto file = BackupSource::key_of(folder_.path() / "data");
  keep_backup_key(file, policy_.get(), [&]() -> Result<std::string> {
    ++asked;
    return std::string("{\"key\":\"short\"}");
  });
  EXPECT_FALSE(std::filesystem::exists(file));
  keep_backup_key(file, policy_.get(), [&]() -> Result<std::string> {
    ++asked;
    return "{\"key\":\"" + std::string(64, 'a') + "\"}";
  });
  keep_backup_key(file, policy_.get(), [&]() -> Result<std::string> {
    ++asked;
    return std::string();
  });
  EXPECT_EQ(asked, 2) << "what is there is not asked for";
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  open();
  ASSERT_TRUE(until([&] { return first().succeeded_at.has_value(); }));
}

TEST_F(BackupSourceTest, OutsideItsHoursNothingBeginsUnlessItIsOrdered) {
  policy_->backup->from_minute = 0;
  policy_->backup->until_minute = 1;
  Slice slice;
  for (int i = 0; i < 20; ++i) source_->collect(slice);
  EXPECT_EQ(first().state, "idle");
  BackupRequest wanted;
  wanted.id = make_id_text(start, random_);
  wanted.set = "Văn bản";
  ASSERT_TRUE(requests_.add(wanted));
  ASSERT_TRUE(requests_.add(wanted)) << "twice is once";
  ASSERT_TRUE(until([&] { return !result().empty(); }));
  EXPECT_NE(result().find("\"act\":\"run\""), std::string::npos);
  EXPECT_NE(result().find("\"because\":\"\""), std::string::npos) << result();
  EXPECT_TRUE(first().succeeded_at);
  EXPECT_FALSE(requests_.oldest());
}

TEST_F(BackupSourceTest, APreviewListsAndARestoreWritesThroughAnOrder) {
  ASSERT_TRUE(until([&] { return !source_->state().drills.empty(); }));
  put("a", "changed");
  BackupRequest wanted;
  wanted.id = make_id_text(start, random_);
  wanted.act = BackupAct::preview;
  wanted.set = "Văn bản";
  wanted.paths = {(files() / "a").string()};
  ASSERT_TRUE(requests_.add(wanted));
  ASSERT_TRUE(until([&] { return !result().empty(); }));
  EXPECT_NE(result().find("\"overwritten\":1"), std::string::npos) << result();
  EXPECT_NE(result().find("\"fate\":\"overwrite\""), std::string::npos) << result();
  records_.clear();
  wanted.id = make_id_text(start + hours(1), random_);
  wanted.act = BackupAct::restore;
  ASSERT_TRUE(requests_.add(wanted));
  // A request outlives the agent that took it.
  open();
  ASSERT_TRUE(until([&] { return !result().empty(); }));
  EXPECT_NE(result().find("\"because\":\"\""), std::string::npos) << result();
  EXPECT_EQ(read_file(files() / "a", 100).value(), "one");
  records_.clear();
  wanted.id = make_id_text(start + hours(2), random_);
  wanted.set = "không có";
  ASSERT_TRUE(requests_.add(wanted));
  ASSERT_TRUE(until([&] { return !result().empty(); }));
  EXPECT_NE(result().find(because::snapshot_missing), std::string::npos) << result();
}

TEST_F(BackupSourceTest, AMediumIsUsedWhenItComesAndSeenWhenItGoes) {
  // A stick as /proc and /sys show one, at a folder of the test's own.
  const auto stick = folder_.path() / "stick";
  std::filesystem::create_directory(stick);
  struct stat about {};
  ASSERT_EQ(::stat(stick.c_str(), &about), 0);
  const std::string number = std::to_string(about.st_dev >> 8 & 0xfff) + ":" + std::to_string(about.st_dev & 0xff);
  if (number.starts_with("0:")) GTEST_SKIP() << "the temporary folder is on no block device";
  folder_.write("root/sys/devices/usb1/sdb/dev", number + "\n");
  folder_.write("root/sys/devices/usb1/sdb/removable", "1\n");
  std::filesystem::create_directories(folder_.path() / "root/sys/dev/block");
  std::filesystem::create_symlink("../../devices/usb1/sdb", folder_.path() / "root/sys/dev/block" / number);
  folder_.write("root/run/udev/data/b" + number, "E:ID_FS_UUID=1A2B-3C4D\n");
  folder_.write("root/proc/self/mountinfo", "20 1 0:5 / / rw - rootfs none rw\n");
  policy_->backup->sets[0].targets = {{device_policy::BackupPlace::medium, "", {medium}}};
  policy_->backup->media = {{medium, "1A2B-3C4D", "", ""}};
  ASSERT_TRUE(until([&] { return !source_->state().runs.empty() && first().because == because::medium_absent; }));
  EXPECT_EQ(first().place, medium);
  const std::string line = "21 20 " + number + " / " + stick.string() + " rw - vfat /dev/sdb rw\n";
  folder_.write("root/proc/self/mountinfo", "20 1 0:5 / / rw - rootfs none rw\n" + line);
  ASSERT_TRUE(until([&] { return first().succeeded_at.has_value() && !source_->state().drills.empty(); }));
  EXPECT_TRUE(std::filesystem::exists(stick / "luy-backup/device/config"));
  EXPECT_TRUE(first().plugged_at);
  EXPECT_FALSE(first().unplugged_at);
  EXPECT_EQ(notes("medium_plugged"), 1U);
  EXPECT_TRUE(source_->state().drills[0].passed);
  folder_.write("root/proc/self/mountinfo", "20 1 0:5 / / rw - rootfs none rw\n");
  ASSERT_TRUE(until([&] { return first().unplugged_at.has_value(); }));
  EXPECT_EQ(notes("medium_unplugged"), 1U);
  EXPECT_EQ(first().state, "idle") << "it holds its copy, wherever it lies";
  // Another stick is refused, and told.
  folder_.write("root/run/udev/data/b" + number, "E:ID_FS_UUID=FFFF-0000\n");
  folder_.write("root/proc/self/mountinfo", "20 1 0:5 / / rw - rootfs none rw\n" + line);
  ASSERT_TRUE(until([&] { return notes("medium_unknown") == 1U; }));
}

TEST_F(BackupSourceTest, WhatIsOverdueIsToldOnce) {
  policy_->backup->sets[0].targets = {{device_policy::BackupPlace::disk, folder_.at("nowhere"), {}}};
  ASSERT_TRUE(until([&] { return first().because == because::target_missing; }));
  EXPECT_EQ(first().state, "failed");
  time_.advance(hours(24 * 8));
  ASSERT_TRUE(until([&] { return notes("backup_missed") == 1U; }));
  Slice slice;
  for (int i = 0; i < 10; ++i) source_->collect(slice);
  EXPECT_EQ(notes("backup_missed"), 1U);
}

}  // namespace
}  // namespace luy::agent
