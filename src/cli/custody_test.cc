// Goal: a copy is what the medium gives back; whatever goes wrong leaves the old copy and claims nothing; a medium is
// told from where it is mounted and by what the system knows of it.
// Method: folders stand for media, a made-up /proc, /run and /sys for the system.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "cli/command.h"
#include "cli/custody_copy.h"
#include "cli/medium_mount.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

const Day first_day = *day_from_iso("2026-10-01");

struct CustodyCopyTest : testing::Test {
  CustodyCopyTest() {
    std::string name = (fs::temp_directory_path() / "luy-copy-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
    for (int i = 0; i < 3; ++i) wanted.push_back(day(i, std::string(static_cast<std::size_t>(i) * 5'000'001, 'x')));
  }
  ~CustodyCopyTest() override {
    std::error_code ignored;
    fs::permissions(root / "medium", fs::perms::owner_all, ignored);
    fs::remove_all(root, ignored);
  }
  WantedCopy day(int number, const std::string& content) {
    const Day one = first_day + days(number);
    write(root / "evidence" / (to_iso(one) + ".sqlite"), content);
    return {one, to_hex(sha256(content)), content.size()};
  }
  static void write(const fs::path& file, const std::string& content) {
    fs::create_directories(file.parent_path());
    EXPECT_TRUE(write_file_durably(file, content, 0644));
  }
  Result<std::vector<MadeCopy>> copy() {
    told = 0;
    return copy_days(root / "evidence", medium(), wanted, witnesses, [this](const MadeCopy&) { ++told; });
  }
  fs::path medium() const { return copy_folder(root / "medium", "luy/0123456789abcdef/2"); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(medium())) out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }
  fs::path root;
  std::vector<WantedCopy> wanted;
  std::vector<evidence::WitnessKey> witnesses;
  int told = 0;
};

TEST_F(CustodyCopyTest, DaysAreCopiedAndReadBack) {
  EXPECT_EQ(medium().filename(), "luy_0123456789abcdef_2");
  const auto made = copy();
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->size(), 3U);
  EXPECT_EQ(told, 3);
  EXPECT_FALSE(made->front().was_there);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*made)[i].sha256, wanted[i].sha256);
  EXPECT_EQ(names().size(), 6U);
  EXPECT_EQ(*read_file(medium() / "2026-10-02.sqlite.sha256", 1000), wanted[1].sha256 + "  2026-10-02.sqlite\n")
      << "as sha256sum -c wants it";
  const auto found = read_copies(root / "medium");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3U);
  for (const FoundCopy& one : *found) EXPECT_TRUE(one.sound()) << one.file;
  const auto again = copy();
  ASSERT_TRUE(again);
  for (const MadeCopy& one : *again) EXPECT_TRUE(one.was_there);
}

TEST_F(CustodyCopyTest, WhatIsNotWhatItShouldBeIsWrittenAnew) {
  ASSERT_TRUE(copy());
  fs::permissions(medium() / "2026-10-02.sqlite", fs::perms::owner_all);
  write(medium() / "2026-10-02.sqlite", "rotten");
  auto found = read_copies(root / "medium");
  EXPECT_FALSE((*found)[1].sound());
  wanted[2] = day(2, "the day was written anew");
  const auto made = copy();
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE((*made)[0].was_there);
  EXPECT_FALSE((*made)[1].was_there);
  EXPECT_FALSE((*made)[2].was_there);
  found = read_copies(root / "medium");
  for (const FoundCopy& one : *found) EXPECT_TRUE(one.sound()) << one.file;
}

TEST_F(CustodyCopyTest, ASourceThatIsNotWhatWasSealedIsNotCopied) {
  ASSERT_TRUE(copy());
  const WantedCopy before = wanted[1];
  wanted[1].sha256 = std::string(64, 'c');
  EXPECT_TRUE(copy().error().is(copy_differs));
  EXPECT_EQ(names().size(), 6U) << "nothing half written stays";
  EXPECT_EQ(read_past_cache(medium() / "2026-10-02.sqlite")->sha256, before.sha256) << "the old copy stays";
  fs::remove(root / "evidence" / "2026-10-03.sqlite");
  wanted[1] = before;
  fs::remove(medium() / "2026-10-03.sqlite");
  EXPECT_TRUE(copy().error().is(file_not_found));
}

TEST_F(CustodyCopyTest, AMediumWithoutRoomIsToldBeforeAnythingIsWritten) {
  wanted[0].bytes = std::uint64_t{1} << 60;
  EXPECT_TRUE(copy().error().is(no_room));
  EXPECT_TRUE(names().empty());
}

TEST_F(CustodyCopyTest, AMediumThatCannotBeWrittenIsNamed) {
  fs::create_directories(root / "medium");
  if (::geteuid() == 0) {
    // Root may write everywhere but into what is no folder.
    write(root / "medium" / "luy-evidence", "a file");
    EXPECT_FALSE(copy());
  } else {
    fs::permissions(root / "medium", fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_TRUE(copy().error().is(file_denied));
  }
  EXPECT_EQ(told, 0);
}

TEST(MediumError, WhatAPulledDiskAnswersIsNamed) {
  EXPECT_TRUE(medium_error("/mnt", EIO).is(medium_gone));
  EXPECT_TRUE(medium_error("/mnt", ENODEV).is(medium_gone));
  EXPECT_TRUE(medium_error("/mnt", ENOSPC).is(disk_full));
  EXPECT_TRUE(medium_error("/mnt", EROFS).is(disk_read_only));
  EXPECT_TRUE(medium_error("/mnt", EACCES).is(file_denied));
}

struct MountTest : CustodyCopyTest {
  void system(const std::string& mounts) {
    write(root / "proc/self/mountinfo", mounts);
    fs::create_directories(root / "my disk");
  }
  std::string line(const std::string& options, const std::string& source) const {
    std::string point = fs::canonical(root).string() + "/my\\040disk";
    return "36 35 8:17 / " + point + " " + options + " master:1 - ext4 " + source + " rw\n";
  }
  Result<Mounted> look() const { return look_at_mount(root / "my disk", {root}); }
};

TEST_F(MountTest, SerialUuidAndLabelAreToldByUdev) {
  system("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + line("rw,relatime", "sdb1"));
  write(root / "run/udev/data/b8:17",
        "S:disk/by-label/"
        "x\nE:ID_SERIAL=Ho_USB_AA11\nE:ID_SERIAL_SHORT=AA11\nE:ID_FS_UUID=1111-2222\nE:ID_FS_LABEL=LUY-1\n");
  const auto found = look();
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->identity.serial, "AA11");
  EXPECT_EQ(found->identity.uuid, "1111-2222");
  EXPECT_EQ(found->identity.label, "LUY-1");
  EXPECT_EQ(found->file_system, "ext4");
  EXPECT_FALSE(found->read_only);
}

TEST_F(MountTest, TheSerialIsFoundAboveThePartition) {
  system(line("ro,relatime", "sdb1"));
  write(root / "sys/devices/usb1/1-1/serial", "BB22\n");
  fs::create_directories(root / "sys/devices/usb1/1-1/host0/block/sdb/sdb1");
  fs::create_directories(root / "sys/dev/block");
  fs::create_directory_symlink(root / "sys/devices/usb1/1-1/host0/block/sdb/sdb1", root / "sys/dev/block/8:17");
  const auto found = look();
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->identity.serial, "BB22");
  EXPECT_TRUE(found->read_only);
}

TEST_F(MountTest, AFolderWithoutADiskIsNoMedium) {
  system("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
  EXPECT_TRUE(look().error().is(not_mounted)) << "the disk was not plugged in";
  EXPECT_TRUE(look_at_mount(root / "nowhere", {root}).error().is(not_mounted));
}

TEST_F(MountTest, CommandsSayWhatIsMissing) {
  std::ostringstream out, err;
  const SystemClock clock;
  const std::string here = (root / "nowhere").string();
  EXPECT_EQ(run({"custody", "copy", "--data", here, "--to", here}, out, err, clock), ExitCode::not_found);
  EXPECT_EQ(run({"custody", "verify", (root / "evidence").string()}, out, err, clock), ExitCode::not_found);
  EXPECT_EQ(run({"custody"}, out, err, clock), ExitCode::usage);
  ASSERT_TRUE(copy());
  EXPECT_EQ(run({"custody", "verify", (root / "medium").string()}, out, err, clock), ExitCode::ok) << err.str();
  write(medium() / "2026-10-01.sqlite", "rotten");
  EXPECT_EQ(run({"custody", "verify", "--json", (root / "medium").string()}, out, err, clock), ExitCode::corrupt);
}

}  // namespace
}  // namespace luy::cli
