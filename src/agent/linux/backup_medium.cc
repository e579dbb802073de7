#include "agent/linux/backup_medium.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "agent/linux/mount_table.h"
#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;

constexpr int layers_max = 8;
constexpr int parents_max = 12;  // Partition, disk, LUN, host, USB interface, USB device, hubs.
constexpr std::size_t file_bytes_max = 1 << 20;

std::string word_in(const fs::path& path) {
  const auto text = read_file(path, 64 << 10);
  return text ? std::string(trim(*text)) : std::string();
}

std::string hex_of(std::string_view bytes) {
  return to_hex(as_bytes(bytes));
}

// "01020304-0506-0708-090a-0b0c0d0e0f10"
std::string uuid_of(std::string_view bytes) {
  std::string out = hex_of(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) out.insert(at, "-");
  return out;
}

std::string reversed(std::string_view bytes) {
  return {bytes.rbegin(), bytes.rend()};
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// "1A2B-3C4D" of four little-endian bytes.
std::string short_serial(std::string_view bytes) {
  return upper(hex_of(reversed(bytes))).insert(4, "-");
}

std::string label_in(std::string_view bytes) {
  return std::string(trim(bytes.substr(0, bytes.find('\0'))));
}

// The block devices below which a file system lies, down to whole disks: "8:0". Through partitions, device mapper,
// RAID, and the files of loop devices.
class Disks {
 public:
  explicit Disks(fs::path root) : root_(std::move(root)) {
    const auto mounts = read_file(root_ / "proc/self/mountinfo", 4 * file_bytes_max);
    if (mounts) mounts_ = parse_mounts(*mounts);
  }

  const std::vector<Mount>& mounts() const { return mounts_; }

  std::set<std::string> below(const std::string& number) const {
    std::set<std::string> out;
    collect(number, 0, out);
    return out;
  }
  std::set<std::string> of_path(const std::string& path) const {
    const Mount* best = nullptr;
    for (const Mount& one : mounts_) {
      const bool within = one.point == "/" || path == one.point || path.starts_with(one.point + "/");
      if (within && (best == nullptr || one.point.size() >= best->point.size())) best = &one;
    }
    return best == nullptr ? std::set<std::string>() : below(number_of(*best));
  }
  // Btrfs and overlays have numbers of their own: then the name in /dev says which device it is.
  std::string number_of(const Mount& mount) const {
    if (!mount.device_number.starts_with("0:") || !mount.source.starts_with("/dev/")) return mount.device_number;
    const std::string own = word_in(root_ / "sys/class/block" / fs::path(mount.source).filename() / "dev");
    return own.empty() ? mount.device_number : own;
  }
  fs::path folder(const std::string& number) const {
    std::error_code error;
    fs::path out = fs::canonical(root_ / "sys/dev/block" / number, error);
    return error ? fs::path() : out;
  }

 private:
  void collect(const std::string& number, int depth, std::set<std::string>& out) const {
    const fs::path folder = this->folder(number);
    std::error_code error;
    if (folder.empty() || depth > layers_max) {
      out.insert(number);
      return;
    }
    const std::string backing = word_in(folder / "loop/backing_file");
    if (!backing.empty()) {
      for (const std::string& one : of_path(backing)) out.insert(one);
      return;
    }
    bool has_slaves = false;
    fs::directory_iterator one(folder / "slaves", error);
    for (; !error && one != fs::directory_iterator(); one.increment(error)) {
      has_slaves = true;
      collect(word_in(one->path() / "dev"), depth + 1, out);
    }
    if (has_slaves) return;
    const bool partition = fs::exists(folder / "partition", error);
    const std::string whole = partition ? word_in(folder.parent_path() / "dev") : number;
    out.insert(whole.empty() ? number : whole);
  }

  const fs::path root_;
  std::vector<Mount> mounts_;
};

bool is_removable(const fs::path& folder) {
  if (folder.empty()) return false;
  if (word_in(folder / "removable") == "1" || word_in(folder.parent_path() / "removable") == "1") return true;
  return folder.string().find("/usb") != std::string::npos;
}

std::string serial_in(fs::path folder) {
  for (int up = 0; up < parents_max && folder.has_relative_path(); ++up) {
    for (const char* name : {"serial", "device/serial"}) {
      std::string text = word_in(folder / name);
      if (!text.empty()) return text;
    }
    folder = folder.parent_path();
  }
  return {};
}

// Lines "E:NAME=value" of udev.
void take_udev(std::string_view text, FileSystemIdentity& out) {
  for (const std::string_view line : lines(text)) {
    const auto rest = after(line, "E:");
    if (!rest) continue;
    const std::size_t equals = rest->find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = rest->substr(0, equals);
    const std::string value(trim(rest->substr(equals + 1)));
    if (name == "ID_SERIAL_SHORT") out.serial = value;
    if (name == "ID_FS_UUID") out.uuid = value;
    if (name == "ID_FS_LABEL") out.label = value;
  }
}

std::string first_bytes(const std::string& device) {
  const UniqueFd fd(::open(device.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0 || !S_ISBLK(about.st_mode)) return {};
  std::string out(superblock_bytes, '\0');
  const ssize_t n = ::pread(fd.get(), out.data(), out.size(), 0);
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

FileSystemIdentity identity_of(const fs::path& root, const Disks& disks, const std::string& number,
                               const std::string& source) {
  FileSystemIdentity out;
  const auto udev = read_file(root / "run/udev/data" / ("b" + number), file_bytes_max);
  if (udev) take_udev(*udev, out);
  if (out.serial.empty()) out.serial = serial_in(disks.folder(number));
  if (out.uuid.empty()) {
    const FileSystemIdentity own = read_superblock(first_bytes(source));
    out.uuid = own.uuid;
    if (out.label.empty()) out.label = own.label;
  }
  return out;
}

}  // namespace

FileSystemIdentity read_superblock(std::string_view b) {
  const auto at = [&](std::size_t offset, std::size_t bytes) {
    return offset + bytes <= b.size() ? b.substr(offset, bytes) : std::string_view();
  };
  FileSystemIdentity out;
  if (at(1024 + 56, 2) == "\x53\xef" && b.size() >= 1024 + 136) {  // ext2 to ext4.
    return {uuid_of(at(1024 + 104, 16)), {}, label_in(at(1024 + 120, 16))};
  }
  if (at(0, 4) == "XFSB" && b.size() >= 120) return {uuid_of(at(32, 16)), {}, label_in(at(108, 12))};
  if (at(0x10040, 8) == "_BHRfS_M" && b.size() >= 0x10040 + 400) {
    return {uuid_of(at(0x10020, 16)), {}, label_in(at(0x1012b, 256))};
  }
  if (at(3, 8) == "EXFAT   " && b.size() >= 104) return {short_serial(at(100, 4)), {}, {}};
  if (at(3, 8) == "NTFS    " && b.size() >= 80) return {upper(hex_of(reversed(at(72, 8)))), {}, {}};
  if (at(82, 8) == "FAT32   ") return {short_serial(at(67, 4)), {}, label_in(at(71, 11))};
  if (at(54, 3) == "FAT" && b.size() >= 62) return {short_serial(at(39, 4)), {}, label_in(at(43, 11))};
  return out;
}

bool is_medium(const device_policy::BackupMedium& registered, const FileSystemIdentity& present) {
  const auto disagrees = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; };
  if (disagrees(registered.uuid, present.uuid) || disagrees(registered.serial, present.serial) ||
      disagrees(registered.label, present.label)) {
    return false;
  }
  const auto agrees = [](const std::string& a, const std::string& b) { return !a.empty() && a == b; };
  return agrees(registered.uuid, present.uuid) || agrees(registered.serial, present.serial);
}

std::vector<PresentMedium> present_media(const fs::path& root, const device_policy::Backup& section,
                                         const std::vector<std::string>& own) {
  const Disks disks(root);
  std::set<std::string> own_disks = disks.of_path("/");
  for (const std::string& path : own) own_disks.merge(disks.of_path(path));
  std::vector<PresentMedium> out;
  std::set<std::string> seen;
  for (const Mount& mount : disks.mounts()) {
    if (!mount.source.starts_with("/dev/") || mount.root != "/") continue;
    const std::string number = disks.number_of(mount);
    if (number.starts_with("0:") || !seen.insert(number).second) continue;
    PresentMedium one;
    one.point = mount.point;
    one.number = number;
    one.identity = identity_of(root, disks, number, mount.source);
    for (const device_policy::BackupMedium& known : section.media) {
      if (is_medium(known, one.identity)) one.id = known.id;
    }
    const std::set<std::string> below = disks.below(number);
    one.external = is_removable(disks.folder(number));
    if (!one.external) {
      one.external = !below.empty();
      for (const std::string& disk : below) {
        if (!own_disks.contains(disk)) continue;
        one.external = false;
        one.because = disk;
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace luy::agent
