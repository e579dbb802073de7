// Goal: every complete line of every log file arrives once, in order, through rotation, truncation and restarts.
// Method: a temporary folder, a fake clock, file operations step by step; inotify reports each before the call returns,
// so nothing here waits.
#include "agent/linux/log_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "agent/linux/temporary_folder.h"
#include "base/random.h"

namespace luy::agent {
namespace {

class LogFilesTest : public testing::Test {
 protected:
  void SetUp() override { options_.folder = folder_.path().string(); }

  // A start of the agent; what the spool knew is what was collected before.
  void start(bool first = false) { files_.emplace(options_, positions_, first, clock_); }

  void collect() {
    for (bool more = true; more;) {
      Slice slice;
      more = files_->collect(slice);
      for (Item& item : slice.take()) take(std::move(item));
    }
  }

  void take(Item item) {
    if (!item.position_key.empty()) {
      if (item.position.empty()) {
        positions_.erase(item.position_key);
      } else {
        positions_[item.position_key] = item.position;
      }
    }
    if (item.only_position) return;
    if (item.record.transport == event::Transport::agent) {
      notes_.push_back(item.record.raw);
    } else {
      lines_.push_back(item.record.raw);
      streams_.push_back(item.record.stream.substr(options_.folder.size() + 1));
    }
  }

  bool noted(const std::string& name) const {
    return std::any_of(notes_.begin(), notes_.end(),
                       [&](const std::string& note) { return note.find('"' + name + '"') != std::string::npos; });
  }

  void pass_quiet_time() {
    for (int i = 0; i < 3; ++i) {
      clock_.advance(LogFiles::quiet);
      collect();
    }
  }

  using Lines = std::vector<std::string>;
  TemporaryFolder folder_;
  FakeClock clock_{SystemClock().now()};  // Files made by the test have real times.
  LogFilesOptions options_;
  Positions positions_;
  std::optional<LogFiles> files_;
  Lines lines_;
  Lines streams_;
  Lines notes_;
};

TEST_F(LogFilesTest, ReadsCompleteLinesAndHoldsAPartialOneBack) {
  folder_.write("syslog", "one\ntwo\npar");
  start(true);
  collect();
  EXPECT_EQ(lines_, (Lines{"one", "two"}));
  EXPECT_EQ(streams_[0], "syslog");
  folder_.append("syslog", "tial\n\nnext\n");
  collect();
  EXPECT_EQ(lines_, (Lines{"one", "two", "partial", "", "next"}));
}

TEST_F(LogFilesTest, KeepsBytesThatAreNotText) {
  folder_.write("a.log", std::string("caf\xe9\r\n\x01\x7f\n", 9));
  start();
  collect();
  EXPECT_EQ(lines_, (Lines{"caf\xe9\r", "\x01\x7f"}));
}

TEST_F(LogFilesTest, ANameThatCannotTravelIsMadeToFit) {
  folder_.write("bad\nname\xff.log", "one\n");
  start();
  collect();
  ASSERT_EQ(streams_.size(), 1U);
  EXPECT_EQ(streams_[0], "bad?name\xef\xbf\xbd.log");
}

TEST_F(LogFilesTest, FindsFilesAndFoldersThatAppearLater) {
  start();
  collect();
  folder_.write("late.log", "1\n");
  collect();
  folder_.write("nginx/access.log", "2\n");
  collect();
  folder_.write("a/b/c/deep.log", "3\n");
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3"}));
  folder_.append("a/b/c/deep.log", "4\n");
  collect();
  EXPECT_EQ(lines_.back(), "4");
}

TEST_F(LogFilesTest, LeavesOutWhatIsRotatedCompressedBinaryOrExcluded) {
  for (const char* name : {"syslog.1", "syslog.2.gz", "a.log.1", "journal/x.log", "private/y.log", "installer/z.log"}) {
    folder_.write(name, "no\n");
  }
  folder_.write("wtmp", std::string("\x07\0\0\0", 4) + "\n");
  folder_.write("binary.log", std::string("a\0b\n", 4));
  ASSERT_EQ(::symlink("/etc/passwd", folder_.at("link.log").c_str()), 0);
  ::mkfifo(folder_.at("pipe.log").c_str(), 0600);
  folder_.write("good.log", "yes\n");
  start();
  collect();
  EXPECT_EQ(lines_, Lines{"yes"});
  EXPECT_TRUE(noted("log_file_binary"));
}

TEST_F(LogFilesTest, RotationByRenamingLosesNothingWrittenToTheOldFile) {
  folder_.write("a.log", "1\n");
  start();
  collect();
  folder_.append("a.log", "2\n");
  folder_.rename("a.log", "a.log.1");
  folder_.write("a.log", "4\n");
  folder_.append("a.log.1", "3\n");  // The writer has not reopened yet.
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3", "4"}));
  folder_.append("a.log.1", "late without a newline");
  collect();
  pass_quiet_time();
  EXPECT_EQ(lines_.back(), "late without a newline");
  EXPECT_EQ(streams_.back(), "a.log");
  EXPECT_EQ(positions_.size(), 1U) << "the old file is forgotten";
}

TEST_F(LogFilesTest, ARotatedFileIsFollowedUntilItsWriterHasMovedOn) {
  folder_.write("a.log", "1\n");
  start();
  collect();
  folder_.rename("a.log", "a.log.1");
  folder_.write("a.log", "");
  collect();
  clock_.advance(std::chrono::minutes(30));
  collect();
  folder_.append("a.log.1", "2\n");
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2"})) << "half an hour later the writer still has the old file";
  clock_.advance(LogFiles::rotated_max);
  collect();
  collect();
  EXPECT_EQ(positions_.size(), 1U) << "there is an end to it";
}

TEST_F(LogFilesTest, AnEmptyFileIsKnownAgainAfterARestartAndARotation) {
  folder_.write("a.log", "");
  start(true);
  collect();
  files_.reset();
  folder_.rename("a.log", "a.log.1");
  folder_.write("a.log", "");
  folder_.append("a.log.1", "late\n");
  start();
  collect();
  EXPECT_EQ(lines_, Lines{"late"});
}

TEST_F(LogFilesTest, CopyTruncateStartsOver) {
  folder_.write("a.log", "one\ntwo\n");
  start();
  collect();
  std::filesystem::resize_file(folder_.at("a.log"), 0);
  collect();
  folder_.append("a.log", "three\n");
  collect();
  EXPECT_EQ(lines_, (Lines{"one", "two", "three"}));
  EXPECT_TRUE(noted("log_file_started_over"));
}

TEST_F(LogFilesTest, AFileWrittenAnewAndLongerIsSeenByItsBeginning) {
  folder_.write("a.log", "one\n");
  start();
  collect();
  folder_.write("a.log", "quite another beginning\nand more\n");  // Truncated and rewritten between two looks.
  collect();
  EXPECT_EQ(lines_, (Lines{"one", "quite another beginning", "and more"}));
}

TEST_F(LogFilesTest, ARemovedFileIsReadToItsEndAndANewOneOfItsNameFromItsStart) {
  folder_.write("a.log", "1\n");
  start();
  collect();
  folder_.append("a.log", "2\n");
  folder_.remove("a.log");
  collect();
  pass_quiet_time();
  folder_.write("a.log", "3\n");
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3"}));
}

TEST_F(LogFilesTest, ALineBeyondTheLimitIsCutAndTold) {
  const std::string line = std::string(2 * line_bytes_max + 10, 'x');
  folder_.write("a.log", "before\n" + line + "\nafter\n");
  start();
  collect();
  ASSERT_EQ(lines_.size(), 5U);
  EXPECT_EQ(lines_[1] + lines_[2] + lines_[3], line);
  EXPECT_EQ(lines_[4], "after");
  collect();
  EXPECT_TRUE(noted("log_line_cut"));
  lines_.clear();
  folder_.append("a.log", std::string(line_bytes_max, 'y') + "\nend\n");
  collect();
  EXPECT_EQ(lines_, (Lines{std::string(line_bytes_max, 'y'), "end"})) << "exactly the limit is not cut";
}

TEST_F(LogFilesTest, AnEndlessLineGoesOnArrivingInPieces) {
  folder_.write("a.log", "");
  start();
  collect();
  std::string all;
  for (int i = 0; i < 10; ++i) {
    const std::string piece(line_bytes_max / 3, static_cast<char>('a' + i));
    all += piece;
    folder_.append("a.log", piece);
    collect();
  }
  folder_.append("a.log", "\n");
  collect();
  std::string got;
  for (const std::string& piece : lines_) got += piece;
  EXPECT_EQ(got, all);
}

TEST_F(LogFilesTest, AnUnreadableFileIsToldOnceAndReadWhenItBecomesReadable) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  folder_.write("secret.log", "hidden\n");
  ::chmod(folder_.at("secret.log").c_str(), 0);
  start();
  collect();
  clock_.advance(LogFiles::full_scan);
  collect();
  EXPECT_EQ(notes_.size(), 1U);
  EXPECT_TRUE(noted("log_file_unreadable"));
  ::chmod(folder_.at("secret.log").c_str(), 0600);
  collect();
  EXPECT_EQ(lines_, Lines{"hidden"});
}

TEST_F(LogFilesTest, ARestartGoesOnExactlyWhereTheSpoolWas) {
  folder_.write("a.log", "1\n2\n");
  start(true);
  collect();
  folder_.append("a.log", "3\n");
  start();
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3"}));
}

TEST_F(LogFilesTest, ARestartFindsTheRestOfAFileThatWasRotatedMeanwhile) {
  folder_.write("a.log", "1\n");
  start(true);
  collect();
  files_.reset();
  folder_.append("a.log", "2\n");
  folder_.rename("a.log", "a.log.1");
  folder_.write("a.log", "3\n");
  start();
  collect();
  pass_quiet_time();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3"}));
  EXPECT_EQ(streams_, (Lines{"a.log", "a.log", "a.log"}));
  start();
  collect();
  EXPECT_EQ(lines_.size(), 3U);
}

TEST_F(LogFilesTest, ARestartReadsWhatWasRotatedTwiceMeanwhile) {
  folder_.write("a.log.1", "long ago\n");
  folder_.write("a.log", "1\n");
  start(true);
  collect();
  files_.reset();
  const auto later = [&](const char* name, int seconds) {  // Files of one test would have been written in one instant.
    const timespec at{::time(nullptr) + seconds, 0};
    const timespec both[2] = {at, at};
    ::utimensat(AT_FDCWD, folder_.at(name).c_str(), both, 0);
  };
  folder_.append("a.log", "2\n");
  later("a.log", 10);
  folder_.rename("a.log", "a.log.4");
  folder_.write("a.log.3", "3\n");
  later("a.log.3", 20);
  folder_.write("a.log-20261122", "4\n");
  later("a.log-20261122", 30);
  folder_.write("a.log.5.gz", "packed\n");
  later("a.log.5.gz", 40);
  folder_.write("a.log", "5\n");
  start();
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(streams_.back(), "a.log");
  pass_quiet_time();
  EXPECT_EQ(positions_.size(), 1U) << "the old files are forgotten";
}

TEST_F(LogFilesTest, ARestartTellsOfAFileThatIsGone) {
  folder_.write("a.log", "1\n");
  start(true);
  collect();
  files_.reset();
  folder_.remove("a.log");
  start();
  collect();
  clock_.advance(LogFiles::full_scan);
  collect();
  EXPECT_TRUE(noted("log_file_gone"));
  EXPECT_TRUE(positions_.empty());
}

TEST_F(LogFilesTest, ARestartSeesThatAFileIsNotTheOneItWas) {
  folder_.write("a.log", "the first file\n");
  start(true);
  collect();
  files_.reset();
  // The same inode with other content, as when it was removed and its number given out again.
  folder_.write("a.log", "another file that is longer than the first\n");
  start();
  collect();
  EXPECT_EQ(lines_.size(), 2U);
  EXPECT_EQ(lines_[1], "another file that is longer than the first");
}

TEST_F(LogFilesTest, TheFirstStartLeavesOldFilesAndAllButTheEndOfLargeOnesUnread) {
  folder_.write("old.log", "old\n");
  std::filesystem::last_write_time(folder_.at("old.log"),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 31));
  options_.history_bytes = 20;
  folder_.write("large.log", "0123456789\n0123456789\n0123456789\n");
  start(true);
  collect();
  EXPECT_EQ(lines_, Lines{"0123456789"}) << "only whole lines within the last 20 bytes";
  collect();
  clock_.advance(LogFiles::full_scan);
  collect();
  EXPECT_TRUE(noted("log_history_skipped"));
  folder_.append("old.log", "new\n");
  collect();
  EXPECT_EQ(lines_.back(), "new");
}

TEST_F(LogFilesTest, AFileThatAppearedWhileTheAgentWasAwayIsReadFromItsStart) {
  folder_.write("a.log", "1\n");
  start(true);
  collect();
  files_.reset();
  options_.history_bytes = 1;
  folder_.write("b.log", "2\n3\n");
  start();
  collect();
  EXPECT_EQ(lines_, (Lines{"1", "2", "3"}));
}

TEST_F(LogFilesTest, ALargeBacklogComesInBoundedSlices) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line number " + std::to_string(i) + " of a long file\n";
  folder_.write("a.log", text);
  start();
  std::size_t slices = 0;
  for (bool more = true; more; ++slices) {
    Slice slice;
    more = files_->collect(slice);
    auto items = slice.take();
    EXPECT_LE(items.size(), Slice::items_max + 2);
    for (Item& item : items) take(std::move(item));
  }
  EXPECT_GE(slices, 10U);
  EXPECT_EQ(lines_.size(), 20'000U);
  EXPECT_EQ(lines_.back(), "line number 19999 of a long file");
}

// A writer, logrotate and a crashing agent in random order; the writer reopens its file only now and then.
TEST_F(LogFilesTest, RandomRotationsAndCrashesLoseAndDoubleNothing) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const TemporaryFolder folder;
    options_.folder = folder.path().string();
    positions_.clear();
    lines_.clear();
    SeededRandom random(seed);
    folder.write("a.log", "");
    auto writer = std::make_unique<std::ofstream>(folder.at("a.log"), std::ios::app);
    start(true);
    collect();  // What comes and goes before the first look was never seen.
    int written = 0;
    int rotations = 0;
    for (int step = 0; step < 400; ++step) {
      switch (random.next() % 8) {
        case 0:
          if (rotations < 10) {
            for (int i = rotations; i > 0; --i) {
              folder.rename("a.log." + std::to_string(i), "a.log." + std::to_string(i + 1));
            }
            folder.rename("a.log", "a.log.1");
            folder.write("a.log", "");
            ++rotations;
            collect();  // Rotations come minutes apart, not faster than one look.
          }
          break;
        case 1:
          writer = std::make_unique<std::ofstream>(folder.at("a.log"), std::ios::app);
          break;
        case 2:
          clock_.advance(std::chrono::milliseconds(300));
          collect();
          break;
        case 3:
          files_.reset();
          start();
          break;
        default:
          for (std::uint64_t i = random.next() % 5; i > 0; --i) *writer << written++ << std::endl;
      }
    }
    writer.reset();
    pass_quiet_time();
    Lines want;
    for (int i = 0; i < written; ++i) want.push_back(std::to_string(i));
    Lines got = lines_;
    const auto by_number = [](const std::string& a, const std::string& b) { return std::stoi(a) < std::stoi(b); };
    std::sort(got.begin(), got.end(), by_number);
    EXPECT_EQ(got, want) << "seed " << seed << " with " << rotations << " rotations";
  }
}

}  // namespace
}  // namespace luy::agent
