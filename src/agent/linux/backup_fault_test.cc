// Goal: a repository that is gone, another, locked, full, read-only, damaged, or opened with another key is named, and
// nothing that was backed up is lost by it.
// Method: the real restic; loop file systems where the test may mount them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "agent/linux/backup_medium.h"
#include "agent/linux/backup_rig.h"
#include "base/file.h"

namespace luy::agent {
namespace {

class BackupFaultTest : public testing::Test, protected BackupRig {
 protected:
  void SetUp() override {
    if (!has_restic()) GTEST_SKIP() << "restic is not installed";
    std::string noise(1 << 20, '\0');  // Stored as long as it is.
    random_.fill(std::span(reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()));
    put("a", noise);
  }
  // Still whole: everything can be read, and restored.
  void expect_whole() {
    const BackupEnd drilled = run(job(BackupAct::drill));
    EXPECT_EQ(drilled.because, "") << drilled.detail;
  }
};

// A file system in a file of the test's own, mounted at its target.
class Loop {
 public:
  Loop(const TemporaryFolder& folder, const std::filesystem::path& point, std::int64_t bytes)
      : image_(folder.at("image")), point_(point.string()) {
    folder.write("image", "");
    std::filesystem::resize_file(image_, static_cast<std::uintmax_t>(bytes));
    works_ =
        runs({"/sbin/mkfs.ext4", "-q", "-F", "-m", "0", image_}) && runs({"/bin/mount", "-o", "loop", image_, point_});
  }
  ~Loop() { unmount(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  bool works() const { return works_; }
  void unmount() {
    if (std::exchange(works_, false)) runs({"/bin/umount", "-l", point_});
  }
  bool remount(const char* how) { return runs({"/bin/mount", "-o", std::string("remount,") + how, point_}); }

 private:
  static bool runs(const std::vector<std::string>& arguments) {
    const auto ended = run_child({arguments, {}, {}, {}}, {});
    return ended && ended->status == 0;
  }
  const std::string image_;
  const std::string point_;
  bool works_ = false;
};

TEST_F(BackupFaultTest, ARepositoryThatIsGoneIsNotMadeAnew) {
  ASSERT_EQ(run(job()).because, "");
  std::filesystem::rename(repository(), folder_.path() / "away");
  EXPECT_EQ(run(job()).because, because::repository_gone);
  EXPECT_FALSE(std::filesystem::exists(repository()));
  std::filesystem::rename(folder_.path() / "away", repository());
  EXPECT_EQ(run(job()).because, "");
  std::filesystem::remove_all(target());
  EXPECT_EQ(run(job()).because, because::target_missing);
}

TEST_F(BackupFaultTest, AnotherRepositoryInItsPlaceIsRefused) {
  ASSERT_EQ(run(job()).because, "");
  const std::string mine = remembered_;
  std::filesystem::rename(repository(), folder_.path() / "away");
  remembered_.clear();
  ASSERT_EQ(run(job()).because, "");
  remembered_ = mine;
  EXPECT_EQ(run(job()).because, because::repository_changed);
}

TEST_F(BackupFaultTest, AnotherKeyOpensNothing) {
  ASSERT_EQ(run(job()).because, "");
  folder_.write("key", std::string(64, 'b') + "\n");
  EXPECT_EQ(run(job()).because, because::wrong_key);
  folder_.write("key", std::string(64, 'a') + "\n");
  expect_whole();
}

TEST_F(BackupFaultTest, WithoutResticItSaysSo) {
  BackupJob one = job();
  one.place.program = folder_.at("no-restic");
  EXPECT_EQ(run(one).because, because::tool_missing);
}

TEST_F(BackupFaultTest, WhatRotsIsFoundWhenItIsReadBack) {
  ASSERT_EQ(run(job()).because, "");
  std::filesystem::path largest;
  std::uintmax_t size = 0;
  for (const auto& one : std::filesystem::recursive_directory_iterator(repository() / "data")) {
    if (!one.is_regular_file() || one.file_size() < size) continue;
    largest = one.path();
    size = one.file_size();
  }
  std::string bytes = read_file(largest, 64 << 20).value();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ::chmod(largest.c_str(), 0600);
  ASSERT_TRUE(write_file_durably(largest, bytes));
  EXPECT_EQ(run(job()).because, because::damaged);
  EXPECT_NE(run(job(BackupAct::drill)).because, "");
}

TEST_F(BackupFaultTest, ALockOfAProcessThatIsGoneIsTakenAway) {
  ASSERT_EQ(run(job()).because, "");
  for (int i = 0; i < 30; ++i) {
    put("f" + std::to_string(i), std::string(1 << 20, static_cast<char>('a' + i)) + std::to_string(i));
  }
  // Killed in the middle, by the one who starts it: its lock stays. The orphan is buried here, as init does at its own
  // pace and restic takes an unburied one for alive.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t child = ::fork();
  if (child == 0) {
    // As slow as it gets, so that it holds the lock long enough to be seen.
    BackupJob slow = job();
    slow.place.write_kib_per_second = 64;
    run(slow);
    ::_exit(0);
  }
  const auto locks = [&] {
    std::error_code error;
    std::filesystem::directory_iterator one(repository() / "locks", error);
    return !error && one != std::filesystem::directory_iterator();
  };
  for (int i = 0; i < 60'000 && !locks(); ++i) ::usleep(1000);
  ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(-1, &status, 0) > 0 || errno == EINTR) {
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  const BackupEnd end = run(job());
  EXPECT_EQ(end.because, "") << end.detail;
  expect_whole();
}

TEST_F(BackupFaultTest, AFullDiskIsNamedAndWhatWasThereIsWhole) {
  Loop loop(folder_, target(), 40 << 20);
  if (!loop.works()) GTEST_SKIP() << "takes the right to mount";
  ASSERT_EQ(run(job()).because, "");
  std::string noise(60 << 20, '\0');
  random_.fill(std::span(reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()));
  put("big", noise);
  const BackupEnd full = run(job());
  EXPECT_EQ(full.because, because::disk_full) << full.detail;
  std::filesystem::remove(files() / "big");
  expect_whole();
}

TEST_F(BackupFaultTest, AReadOnlyDiskIsNamedAndCanStillBeRestoredFrom) {
  Loop loop(folder_, target(), 40 << 20);
  if (!loop.works()) GTEST_SKIP() << "takes the right to mount";
  ASSERT_EQ(run(job()).because, "");
  ASSERT_TRUE(loop.remount("ro"));
  EXPECT_EQ(run(job()).because, because::read_only);
  expect_whole();
}

TEST_F(BackupFaultTest, AMediumThatWasPulledOutIsNotTakenForTheFolderItLeaves) {
  Loop loop(folder_, target(), 40 << 20);
  if (!loop.works()) GTEST_SKIP() << "takes the right to mount";
  device_policy::Backup none;
  BackupJob one = job();
  for (const PresentMedium& there : present_media("/", none, {})) {
    if (there.point == target().string()) one.number = there.number;
  }
  ASSERT_FALSE(one.number.empty());
  ASSERT_EQ(run(one).because, "");
  loop.unmount();
  one.remembered.clear();
  EXPECT_EQ(run(one).because, because::medium_absent);
  EXPECT_TRUE(std::filesystem::is_empty(target())) << "nothing was written to the machine's own disk";
}

}  // namespace
}  // namespace luy::agent
