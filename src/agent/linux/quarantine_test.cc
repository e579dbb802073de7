// Goal: an infected file is either at its place or in the store, comes back as it was, and is gone for good only when
// that was ordered; nobody's other file is touched.
#include "agent/linux/quarantine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/linux/temporary_folder.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

const Time start = *from_rfc3339("2026-11-22T01:02:03Z");

class QuarantineTest : public testing::Test {
 protected:
  void SetUp() override { folder_.write("etc/passwd", "root:x:0:0::/:/bin/sh\nan:x:1007:1007::/home/an:/bin/sh\n"); }
  Result<fact::QuarantinedFile> take(const std::string& name, const std::string& as = "") {
    const std::string path = folder_.at(name);
    const UniqueFd fd(::open(path.c_str(), O_RDONLY));
    const auto slash = path.rfind('/');
    const UniqueFd above(::open(path.substr(0, slash).c_str(), O_RDONLY | O_DIRECTORY));
    if (!as.empty()) ::rename(folder_.at(as).c_str(), path.c_str());
    clock_.advance(std::chrono::seconds(1));
    return store_.take({fd.get(), above.get(), path.substr(slash + 1), path, "Luy.Test"});
  }
  std::string text(const std::string& name) {
    const auto read = read_file(folder_.path() / name, 1 << 20);
    return read ? *read : "missing";
  }
  static std::string digest(const std::string& bytes) { return to_hex(sha256(bytes)); }

  TemporaryFolder folder_;
  FakeClock clock_{start};
  SeededRandom random_{7};
  Quarantine store_{folder_.path() / "store", folder_.path(), clock_, random_};
};

TEST_F(QuarantineTest, AFileGoesAwayAndComesBackAsItWas) {
  const std::string name = "home/tệp \xff lạ";
  folder_.write(name, "EVIL");
  ASSERT_EQ(::chmod(folder_.at(name).c_str(), 0640), 0);
  const timespec times[2] = {{1'700'000'000, 5}, {1'700'000'000, 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, folder_.at(name).c_str(), times, 0), 0);
  if (::getuid() == 0) {
    ASSERT_EQ(::chown(folder_.at(name).c_str(), 1007, 1007), 0);
  }
  const auto taken = take(name);
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(taken->sha256, digest("EVIL"));
  EXPECT_EQ(taken->bytes, 4);
  if (::getuid() == 0) {
    EXPECT_EQ(taken->owner, "an");
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / name));
  const std::string stored = text("store/" + taken->item + ".file");
  EXPECT_EQ(stored.size(), 4U);
  EXPECT_NE(stored, "EVIL") << "nothing runs it by accident";
  struct stat about {};
  ASSERT_EQ(::stat(folder_.at("store").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
  ASSERT_EQ(store_.list().value(), std::vector<fact::QuarantinedFile>{*taken});

  EXPECT_TRUE(store_.restore(taken->item, digest("other")).error().is(quarantine_missing));
  const auto back = store_.restore(taken->item, taken->sha256);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(text(name), "EVIL");
  ASSERT_EQ(::stat(folder_.at(name).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0640U);
  EXPECT_EQ(about.st_mtim.tv_sec, 1'700'000'000);
  if (::getuid() == 0) {
    EXPECT_EQ(about.st_uid, 1007U);
  }
  EXPECT_TRUE(store_.list()->empty());
  EXPECT_EQ(store_.allowed(), std::vector<std::string>{digest("EVIL")}) << "somebody answered for it";
  EXPECT_TRUE(store_.restore(taken->item, taken->sha256).error().is(quarantine_missing));
}

TEST_F(QuarantineTest, WhatStandsAtItsPlaceIsNotOverwritten) {
  folder_.write("home/x", "EVIL");
  const auto taken = take("home/x");
  folder_.write("home/x", "new work");
  EXPECT_TRUE(store_.restore(taken->item, taken->sha256).error().is(quarantine_occupied));
  EXPECT_EQ(text("home/x"), "new work");
  EXPECT_EQ(store_.list()->size(), 1U);
  std::filesystem::remove_all(folder_.path() / "home");
  EXPECT_TRUE(store_.restore(taken->item, taken->sha256).error().is(quarantine_occupied));
  std::filesystem::create_directory(folder_.path() / "elsewhere");
  std::filesystem::create_directory_symlink(folder_.path() / "elsewhere", folder_.path() / "home");
  EXPECT_FALSE(store_.restore(taken->item, taken->sha256)) << "no link is followed";
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "elsewhere"));
  std::filesystem::remove(folder_.path() / "home");
  std::filesystem::create_directory(folder_.path() / "home");
  EXPECT_TRUE(store_.restore(taken->item, taken->sha256));
  EXPECT_EQ(text("home/x"), "EVIL");
}

TEST_F(QuarantineTest, DeletedIsGone) {
  folder_.write("x", "EVIL");
  const auto taken = take("x");
  EXPECT_TRUE(store_.remove(taken->item, digest("other")).error().is(quarantine_missing));
  EXPECT_TRUE(store_.remove("../../etc/passwd", taken->sha256).error().is(quarantine_missing));
  ASSERT_TRUE(store_.remove(taken->item, taken->sha256));
  EXPECT_TRUE(store_.list()->empty());
  EXPECT_TRUE(store_.allowed().empty());
  EXPECT_EQ(text("store/" + taken->item + ".file"), "missing");
}

TEST_F(QuarantineTest, AnotherFileUnderTheNameStaysWhereItIs) {
  folder_.write("x", "EVIL");
  folder_.write("y", "good");
  const auto taken = take("x", "y");
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error().is(quarantine_changed));
  EXPECT_EQ(text("x"), "good");
  EXPECT_TRUE(store_.list()->empty());
  std::size_t left = 0;
  for (const auto& one : std::filesystem::directory_iterator(folder_.path())) {
    left += one.path().filename().string().starts_with(".luy") ? 1 : 0;
  }
  EXPECT_EQ(left, 0U);
}

TEST_F(QuarantineTest, TheListIsNewestFirstAndSkipsWhatIsDamaged) {
  for (const char* name : {"a", "b", "c"}) {
    folder_.write(name, std::string("EVIL ") + name);
    ASSERT_TRUE(take(name));
  }
  const auto all = store_.list().value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].path, folder_.at("c"));
  folder_.write("store/" + all[0].item + ".about", "luy-quarantine 1\npath zz\n");
  std::filesystem::remove(folder_.path() / "store" / (all[1].item + ".file"));
  EXPECT_EQ(store_.list().value(), std::vector<fact::QuarantinedFile>{all[2]});
  EXPECT_FALSE(store_.restore(all[0].item, all[0].sha256));
  EXPECT_FALSE(store_.restore(all[1].item, all[1].sha256));
}

TEST_F(QuarantineTest, AlteredBytesInTheStoreAreNotPutBack) {
  folder_.write("x", "EVIL");
  const auto taken = take("x");
  folder_.write("store/" + taken->item + ".file", "????");
  EXPECT_FALSE(store_.restore(taken->item, taken->sha256));
  EXPECT_EQ(text("x"), "missing");
}

}  // namespace
}  // namespace luy::agent
