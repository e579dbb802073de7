// Goal: replacing a file never leaves half of it, reads are bounded, and errors name the path and the cause.
#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace luy {

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/luy_file_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(File, IsReplacedWholeAndWithItsMode) {
  const auto path = folder_ / "state";
  write_file_durably(path, "one").value();
  write_file_durably(path, "two", 0640).value();
  EXPECT_EQ(*read_file(path, 100), "two");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state.new"));
}

TEST_F(File, KeepsTheOldContentWhenReplacingFails) {
  const auto path = folder_ / "state";
  write_file_durably(path, "one").value();
  std::filesystem::create_directory(folder_ / "state.new");  // The temporary's name is taken by a folder.
  EXPECT_TRUE(write_file_durably(path, "two").error().is(file_failed));
  EXPECT_EQ(*read_file(path, 100), "one");
}

TEST_F(File, ReadsAreBounded) {
  const auto path = folder_ / "big";
  std::ofstream(path) << std::string(101, 'x');
  EXPECT_TRUE(read_file(path, 100).error().is(file_too_large));
  EXPECT_EQ(read_file(path, 101)->size(), 101U);
  EXPECT_TRUE(read_file("/proc/self/status", 1 << 20)->starts_with("Name:"));
}

TEST_F(File, ErrorsNameTheCause) {
  EXPECT_TRUE(read_file(folder_ / "none", 100).error().is(file_not_found));
  EXPECT_TRUE(file_error("x", ENOSPC).is(disk_full));
  EXPECT_TRUE(file_error("x", EROFS).is(disk_read_only));
  EXPECT_TRUE(file_error("x", EACCES).is(file_denied));
  EXPECT_NE(file_error("/a/b", EIO).en().find("/a/b"), std::string::npos);
}

TEST_F(File, FoldersAreMadeWithTheirParentsAndOnlyOnce) {
  make_folder(folder_ / "a" / "b" / "c").value();
  make_folder(folder_ / "a" / "b" / "c").value();
  std::ofstream(folder_ / "plain") << "x";
  EXPECT_FALSE(make_folder(folder_ / "plain").has_value());
  sync_folder(folder_ / "a").value();
}

TEST(UniqueFd, ClosesOnceAndMoves) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
  UniqueFd reader(pipe_ends[0]);
  UniqueFd writer(pipe_ends[1]);
  UniqueFd moved(std::move(writer));
  EXPECT_FALSE(writer);  // NOLINT: looking at what moving left behind is the point.
  moved.reset();
  char byte = 0;
  EXPECT_EQ(::read(reader.get(), &byte, 1), 0) << "the writing end is closed";
}

}  // namespace luy
