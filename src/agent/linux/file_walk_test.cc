// Goal: every ordinary file once, in the same order each time, whatever the names; nothing behind links.
#include "agent/linux/file_walk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

struct Collect final : Walker {
  bool file(const WalkedFile& file) override {
    met.push_back(file.path);
    bytes += file.bytes;
    return met.size() < stop_after;
  }
  void unread(const std::string& path) override { missed.push_back(path); }
  std::vector<std::string> met;
  std::vector<std::string> missed;
  std::int64_t bytes = 0;
  std::size_t stop_after = 1'000'000;
};

class FileWalkTest : public testing::Test {
 protected:
  Collect walk(WalkOrders orders) {
    if (orders.paths.empty()) orders.paths = {folder_.path().string()};
    Collect out;
    walk_files(orders, out);
    return out;
  }
  std::vector<std::string> paths(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const std::string& name : names) out.push_back(folder_.at(name));
    return out;
  }
  TemporaryFolder folder_;
};

TEST_F(FileWalkTest, MeetsEveryOrdinaryFileWhateverItsName) {
  const std::vector<std::string> names = {"a b", "a\n*", "a/x", "a/\xff\xfe", "a-", "sâu/một/hai/ba", "\"$(rm)"};
  for (const std::string& name : names) folder_.write(name, "12345");
  std::filesystem::create_symlink("/etc", folder_.path() / "liên kết");
  std::filesystem::create_symlink(folder_.path() / "a-", folder_.path() / "file-link");
  std::filesystem::create_directory_symlink(folder_.path(), folder_.path() / "a" / "vòng");
  ASSERT_EQ(::mkfifo(folder_.at("pipe").c_str(), 0600), 0);
  const Collect out = walk({});
  std::vector<std::string> wanted = paths(names);
  std::sort(wanted.begin(), wanted.end(), walked_before);
  EXPECT_EQ(out.met, wanted);
  EXPECT_EQ(out.bytes, 35);
  EXPECT_TRUE(out.missed.empty());
}

TEST_F(FileWalkTest, GoesOnBehindAnyFileWithTheRestInTheSameOrder) {
  for (const char* name : {"a", "b/1", "b/2/x", "b/2/y", "b-", "b/3", "c"}) folder_.write(name, "x");
  const std::vector<std::string> all = walk({}).met;
  ASSERT_EQ(all.size(), 7U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    WalkOrders orders;
    orders.after = all[i];
    EXPECT_EQ(walk(orders).met, std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end()));
  }
  WalkOrders gone;
  gone.after = folder_.at("b/2/xx-was-deleted");
  EXPECT_EQ(walk(gone).met, paths({"b/2/y", "b/3", "b-", "c"}));
  gone.after = folder_.at("b/2/x/now/a/file");
  EXPECT_EQ(walk(gone).met.front(), folder_.at("b/2/x")) << "it was a folder, now it is a file of its own";
}

TEST_F(FileWalkTest, LeavesOutWhatIsExcludedAndMeetsOverlappingPathsOnce) {
  for (const char* name : {"a/1", "a/b/2", "ab/3", "c/4"}) folder_.write(name, "x");
  WalkOrders orders;
  orders.paths = paths({"c", "a", "a/b", "ab", "missing"});
  orders.excludes = paths({"a/b"});
  EXPECT_EQ(walk(orders).met, paths({"a/1", "ab/3", "c/4"}));
  orders.excludes = {"/"};
  EXPECT_TRUE(walk(orders).met.empty());
  orders.excludes.clear();
  orders.paths = paths({"a/1"});
  EXPECT_EQ(walk(orders).met, paths({"a/1"})) << "a file is a path, too";
  orders.paths = paths({"a", "c"});
  orders.after = folder_.at("a/b/2");
  EXPECT_EQ(walk(orders).met, paths({"c/4"}));
}

TEST_F(FileWalkTest, AWalkThatIsEndedSaysSo) {
  for (const char* name : {"a", "b/1", "c"}) folder_.write(name, "x");
  Collect out;
  out.stop_after = 2;
  const WalkOrders orders{{folder_.path().string()}, {}, false, {}};
  EXPECT_FALSE(walk_files(orders, out));
  EXPECT_EQ(out.met, paths({"a", "b/1"}));
}

TEST_F(FileWalkTest, FoldersThatLieTooDeepAreToldNotFollowed) {
  std::filesystem::path deep = folder_.path();
  for (std::size_t i = 0; i < walk_depth_max + 5; ++i) deep /= "d";
  std::filesystem::create_directories(deep);
  folder_.write("z", "x");
  const Collect out = walk({});
  EXPECT_EQ(out.missed.size(), 1U);
  EXPECT_EQ(out.met, paths({"z"}));
}

TEST_F(FileWalkTest, TheKernelsOwnFileSystemsAreNotFilesOfPeople) {
  WalkOrders orders{{"/proc"}, {}, true, {}};
  EXPECT_TRUE(walk(orders).met.empty());
}

}  // namespace
}  // namespace luy::agent
