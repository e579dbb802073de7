// Goal: a medium is what the register says by UUID or serial, never by its label, and external only where none of the
// machine's own data lies on its disk.
// Method: a made /proc and /sys; superblocks from mkfs where it is there.
#include "agent/linux/backup_medium.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "agent/linux/restic.h"
#include "agent/linux/temporary_folder.h"
#include "base/file.h"

namespace luy::agent {
namespace {

const std::string id = "01jd0000000000000000000001";

class MediumTest : public testing::Test {
 protected:
  // A disk "sda" with "/" on its first partition.
  MediumTest() {
    disk("8:0", "pci/ata1/block/sda", "0");
    partition("8:1", "pci/ata1/block/sda", "sda1");
    mount("8:1", "/", "/dev/sda1");
    section_.media = {{id, "1A2B-3C4D", "", ""}};
  }
  void disk(const std::string& number, const std::string& path, const std::string& removable) {
    folder_.write("sys/devices/" + path + "/dev", number + "\n");
    folder_.write("sys/devices/" + path + "/removable", removable + "\n");
    link(number, path);
  }
  void partition(const std::string& number, const std::string& disk, const std::string& name) {
    folder_.write("sys/devices/" + disk + "/" + name + "/dev", number + "\n");
    folder_.write("sys/devices/" + disk + "/" + name + "/partition", "1\n");
    link(number, disk + "/" + name);
  }
  void link(const std::string& number, const std::string& path) {
    std::filesystem::create_directories(folder_.path() / "sys/dev/block");
    std::filesystem::create_symlink("../../devices/" + path, folder_.path() / "sys/dev/block" / number);
  }
  void mount(const std::string& number, const std::string& point, const std::string& source) {
    mounts_ += "20 1 " + number + " / " + point + " rw - ext4 " + source + " rw\n";
    folder_.write("proc/self/mountinfo", mounts_);
  }
  void udev(const std::string& number, const std::string& text) { folder_.write("run/udev/data/b" + number, text); }
  PresentMedium found(const std::string& point) {
    for (const PresentMedium& one : present_media(folder_.path(), section_, {"/var/lib/luy-agent"})) {
      if (one.point == point) return one;
    }
    return {};
  }

  TemporaryFolder folder_;
  std::string mounts_;
  device_policy::Backup section_;
};

TEST_F(MediumTest, AUsbDiskThatIsInTheRegisterIsFound) {
  disk("8:16", "pci/usb2/2-1/host6/block/sdb", "0");
  partition("8:17", "pci/usb2/2-1/host6/block/sdb", "sdb1");
  folder_.write("sys/devices/pci/usb2/2-1/serial", "4C530001\n");
  udev("8:17", "E:ID_FS_UUID=1A2B-3C4D\nE:ID_FS_LABEL=SAO_LUU\n");
  mount("8:17", "/media/usb\\040mot", "/dev/sdb1");
  const PresentMedium one = found("/media/usb mot");
  EXPECT_EQ(one.id, id);
  EXPECT_EQ(one.number, "8:17");
  EXPECT_TRUE(one.external);
  EXPECT_EQ(one.identity.serial, "4C530001");
}

TEST_F(MediumTest, APartitionOfTheMachinesOwnDiskIsNotExternal) {
  partition("8:2", "pci/ata1/block/sda", "sda2");
  udev("8:2", "E:ID_FS_UUID=1A2B-3C4D\n");
  mount("8:2", "/backup", "/dev/sda2");
  const PresentMedium one = found("/backup");
  EXPECT_EQ(one.id, id);
  EXPECT_FALSE(one.external);
  EXPECT_EQ(one.because, "8:0");
}

TEST_F(MediumTest, AnotherPhysicalDiskIsExternalUnlessOwnDataLiesOnIt) {
  disk("8:32", "pci/ata2/block/sdc", "0");
  udev("8:32", "E:ID_FS_UUID=1A2B-3C4D\n");
  mount("8:32", "/mnt/disk", "/dev/sdc");
  EXPECT_TRUE(found("/mnt/disk").external);
  // Data of the machine's on a volume over that disk.
  folder_.write("sys/devices/virtual/block/dm-0/dev", "254:0\n");
  link("254:0", "virtual/block/dm-0");
  std::filesystem::create_directories(folder_.path() / "sys/devices/virtual/block/dm-0/slaves");
  std::filesystem::create_symlink(folder_.path() / "sys/devices/pci/ata2/block/sdc",
                                  folder_.path() / "sys/devices/virtual/block/dm-0/slaves/sdc");
  mount("254:0", "/var/lib/luy-agent", "/dev/mapper/data");
  EXPECT_FALSE(found("/mnt/disk").external);
}

TEST_F(MediumTest, ALoopDeviceLiesWhereItsFileLies) {
  folder_.write("sys/devices/virtual/block/loop0/dev", "7:0\n");
  folder_.write("sys/devices/virtual/block/loop0/loop/backing_file", "/home/an/image\n");
  link("7:0", "virtual/block/loop0");
  udev("7:0", "E:ID_FS_UUID=1A2B-3C4D\n");
  mount("7:0", "/mnt/loop", "/dev/loop0");
  EXPECT_FALSE(found("/mnt/loop").external);
  disk("8:16", "pci/usb2/2-1/host6/block/sdb", "1");
  mount("8:16", "/home/an", "/dev/sdb");
  EXPECT_TRUE(found("/mnt/loop").external);
}

TEST_F(MediumTest, ALabelOrNothingProvesNothing) {
  using device_policy::BackupMedium;
  EXPECT_FALSE(is_medium({id, "", "", "SAO_LUU"}, {"u", "s", "SAO_LUU"}));
  EXPECT_FALSE(is_medium({id, "", "", ""}, {"u", "s", "l"}));
  EXPECT_TRUE(is_medium({id, "u", "", ""}, {"u", "s", "l"}));
  EXPECT_TRUE(is_medium({id, "", "s", "l"}, {"u", "s", "l"}));
  EXPECT_FALSE(is_medium({id, "u", "s", ""}, {"u", "other", ""})) << "a copy of the file system on another stick";
  EXPECT_FALSE(is_medium({id, "u", "", ""}, {"", "s", ""}));
}

TEST_F(MediumTest, ReadsWhatFileSystemsSayOfThemselves) {
  struct Case {
    std::vector<std::string> make;
    std::string uuid;
    std::string label;
  };
  const std::string uuid = "01020304-0506-4708-890a-0b0c0d0e0f10";
  const Case cases[] = {
      {{"/sbin/mkfs.ext4", "-q", "-F", "-U", uuid, "-L", "SAO"}, uuid, "SAO"},
      {{"/sbin/mkfs.xfs", "-q", "-f", "-m", "uuid=" + uuid, "-L", "SAO"}, uuid, "SAO"},
      {{"/sbin/mkfs.vfat", "-F", "32", "-i", "1a2b3c4d", "-n", "SAO"}, "1A2B-3C4D", "SAO"},
  };
  bool any = false;
  for (const Case& one : cases) {
    if (::access(one.make[0].c_str(), X_OK) != 0) continue;
    const std::string image = folder_.at("image");
    folder_.write("image", "");
    std::filesystem::resize_file(image, 320 << 20);
    auto arguments = one.make;
    arguments.push_back(image);
    const auto made = run_child({arguments, {}, {}, {}}, {});
    ASSERT_TRUE(made && made->status == 0) << one.make[0] << (made ? made->errors : made.error().text());
    any = true;
    const std::string bytes = read_file(image, 400 << 20).value().substr(0, superblock_bytes);
    const FileSystemIdentity read = read_superblock(bytes);
    EXPECT_EQ(read.uuid, one.uuid) << one.make[0];
    EXPECT_EQ(read.label, one.label) << one.make[0];
    for (std::size_t cut = 0; cut < bytes.size(); cut += 97) read_superblock(std::string_view(bytes).substr(0, cut));
  }
  EXPECT_EQ(read_superblock("").uuid, "");
  if (!any) GTEST_SKIP() << "no mkfs";
}

}  // namespace
}  // namespace luy::agent
