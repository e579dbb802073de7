// External media: what is mounted, which medium of the hub's register it is, and whether it is truly external: on a
// disk that none of the machine's own data lies on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device_policy/backup.h"

namespace luy::agent {

struct FileSystemIdentity {
  std::string uuid;    // Of the file system, as udev and blkid write it.
  std::string serial;  // Of the disk or of the USB device it is in.
  std::string label;
};

struct PresentMedium {
  std::string id;      // In the section; empty: it is none of the register.
  std::string point;   // Where it is mounted.
  std::string number;  // "8:17"
  bool external = false;
  std::string because;  // Why it is not: the disk it shares; for people.
  FileSystemIdentity identity;
};

// UUID and label as they stand in the file system's own first blocks: ext2 to ext4, XFS, Btrfs, FAT, exFAT, NTFS.
FileSystemIdentity read_superblock(std::string_view first_bytes);
inline constexpr std::size_t superblock_bytes = 72 << 10;  // Btrfs has its own at 64 KiB.

// Everything that both know agrees, and the UUID or the serial is among it. A label alone proves nothing.
bool is_medium(const device_policy::BackupMedium& registered, const FileSystemIdentity& present);

// What is mounted from a block device, by the machine below `root` (/proc, /sys, /run/udev; /dev is the real one).
// External: removable, or behind USB, or on other disks than `/` and `own` folders lie on. A loop device lies where its
// file lies.
std::vector<PresentMedium> present_media(const std::filesystem::path& root, const device_policy::Backup& section,
                                         const std::vector<std::string>& own);

}  // namespace luy::agent
