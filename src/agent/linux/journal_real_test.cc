// Goal: what journal_test.cc shows with a made-up libsystemd holds with the real one: entries come once and in order,
// through restarts, growth, rotation and deletion of files.
// Method: systemd-journal-remote turns entries in export form into journal files below a root of our own, without any
// running journald; the agent's source reads them with the system's libsystemd.
#include <gtest/gtest.h>

#include <fstream>

#include "agent/linux/journal.h"
#include "agent/linux/linux_kernel.h"
#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

constexpr const char* writer = "/lib/systemd/systemd-journal-remote";
constexpr const char* folder_name = "var/log/journal/0123456789abcdef0123456789abcdef";

class RealJournalTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(writer)) GTEST_SKIP() << "systemd-journal-remote is not installed";
    if (!JournalLibrary::load()) GTEST_SKIP() << "libsystemd.so.0 is not installed";
    std::filesystem::create_directories(folder_.path() / folder_name);
    start();
  }

  std::string file(const std::string& name) const { return folder_.at(std::string(folder_name) + "/" + name); }

  // Adds entries to a journal file, which is made when there is none; each a second after the one before.
  void write(const std::string& name, int count, const std::string& more = {}) {
    std::string text;
    for (int i = 0; i < count; ++i, ++written_) {
      const std::int64_t at = to_micros(clock_.now()) + 1'000'000 * (written_ - 100);
      text += "__REALTIME_TIMESTAMP=" + std::to_string(at) +
              "\n__MONOTONIC_TIMESTAMP=" + std::to_string(1'000'000 * (written_ + 1)) +
              "\n_BOOT_ID=11111111111111111111111111111111\nSYSLOG_IDENTIFIER=sshd\n";
      append_export_field(text, "MESSAGE=line " + std::to_string(written_) + more);
      text += '\n';
    }
    folder_.write("entries.export", text);
    const auto done = kernel_.run({writer, "-o", file(name), folder_.at("entries.export")}, {});
    ASSERT_TRUE(done) << done.error().text();
  }

  // As after kill -9: a new source that knows what the spool knows.
  void start() { journal_.emplace(JournalOptions{folder_.path(), std::chrono::hours(1)}, cursor_, clock_); }

  // Messages taken now, and notes.
  std::vector<std::string> collect() {
    std::vector<std::string> out;
    for (bool more = true; more;) {
      Slice slice;
      more = journal_->collect(slice);
      for (const Item& item : slice.take()) {
        if (item.position_key == Journal::position_key) cursor_ = item.position;
        if (item.only_position) continue;
        const std::string& raw = item.record.raw;
        if (item.record.transport == event::Transport::agent) {
          out.push_back(raw.find("journal_gap") != std::string::npos ? "gap" : raw);
          continue;
        }
        const auto at = raw.find("\nMESSAGE");
        out.push_back(at == std::string::npos ? raw : raw.substr(at + 9, raw.find('\n', at + 9) - at - 9));
      }
    }
    return out;
  }
  static std::vector<std::string> lines(int first, int last) {
    std::vector<std::string> out;
    for (int i = first; i <= last; ++i) out.push_back("line " + std::to_string(i));
    return out;
  }

  TemporaryFolder folder_;
  LinuxKernel kernel_;
  FakeClock clock_{*from_rfc3339("2026-11-22T03:00:00Z")};
  std::string cursor_;
  std::optional<Journal> journal_;
  int written_ = 0;
};

TEST_F(RealJournalTest, EntriesComeOnceAndOnesAddedLaterToo) {
  write("system.journal", 3);
  EXPECT_EQ(collect(), lines(0, 2));
  EXPECT_GE(journal_->wake_fd(), 0);
  EXPECT_TRUE(collect().empty());
  write("system.journal", 2);
  EXPECT_EQ(collect(), lines(3, 4));
}

TEST_F(RealJournalTest, AfterAKillTheCursorLeadsToTheNextEntry) {
  write("system.journal", 3);
  EXPECT_EQ(collect(), lines(0, 2));
  write("system.journal", 2);
  start();
  EXPECT_EQ(collect(), lines(3, 4)) << "no gap, no entry twice";
  // Killed before the spool held what was read: it is read again.
  const std::string known = cursor_;
  write("system.journal", 2);
  EXPECT_EQ(collect(), lines(5, 6));
  cursor_ = known;
  start();
  EXPECT_EQ(collect(), lines(5, 6));
}

TEST_F(RealJournalTest, ARotatedJournalIsReadToItsEndAndThenTheNewOne) {
  write("system.journal", 3);
  EXPECT_EQ(collect(), lines(0, 2));
  write("system.journal", 2);
  std::filesystem::rename(file("system.journal"), file("system@00000000000000000000000000000001-0001-0001.journal"));
  write("system.journal", 2);
  EXPECT_EQ(collect(), lines(3, 6));
  start();
  EXPECT_TRUE(collect().empty());
}

TEST_F(RealJournalTest, WhatWasDeletedBeforeItWasReadIsAGapThatIsTold) {
  write("system.journal", 3);
  EXPECT_EQ(collect(), lines(0, 2));
  write("system.journal", 2);
  std::filesystem::remove(file("system.journal"));
  write("system.journal", 2);
  start();
  std::vector<std::string> expected = {"gap"};
  for (const std::string& line : lines(5, 6)) expected.push_back(line);
  EXPECT_EQ(collect(), expected);
}

TEST_F(RealJournalTest, ValuesOfSeveralLinesKeepTheirLength) {
  write("system.journal", 1, "\nsecond line");
  Slice slice;
  journal_->collect(slice);
  const auto items = slice.take();
  ASSERT_FALSE(items.empty());
  EXPECT_NE(items[0].record.raw.find(std::string("MESSAGE\n\x12\0\0\0\0\0\0\0line 0\nsecond line\n", 35)),
            std::string::npos)
      << items[0].record.raw;
}

TEST_F(RealJournalTest, ABrokenFileBesideTheOthersHidesNothing) {
  write("system.journal", 2);
  folder_.write(std::string(folder_name) + "/broken.journal", std::string(4096, 'x'));
  EXPECT_EQ(collect(), lines(0, 1));
}

}  // namespace
}  // namespace luy::agent
