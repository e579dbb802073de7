// Mounted volumes on block devices: how full, whether encrypted, whether they can be carried away.
#include <set>

#include "agent/linux/collectors.h"
#include "agent/linux/mount_table.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

constexpr int layers_max = 8;  // Partition, RAID, dm-crypt, LVM, …: deeper than any sane stack.

// Images that are read-only by nature and hold no data of their own.
bool is_image(std::string_view file_system) {
  return file_system == "squashfs" || file_system == "iso9660" || file_system == "erofs";
}

// The sysfs folder of a block device, from its number ("254:0") or, for file systems with numbers of their own
// (btrfs), from its name in /dev.
std::string block_folder(const Machine& machine, const Mount& mount) {
  const std::string by_number = "sys/dev/block/" + mount.device_number;
  if (!mount.device_number.starts_with("0:")) return machine.exists(by_number) ? by_number : "";
  if (!mount.source.starts_with("/dev/")) return "";
  std::string name = mount.source.substr(5);
  if (name.starts_with("mapper/")) {
    const std::string wanted = name.substr(7);
    for (const std::string& device : machine.list("sys/class/block")) {
      if (machine.word("sys/class/block/" + device + "/dm/name") == wanted) name = device;
    }
  }
  const std::string by_name = "sys/class/block/" + name;
  return machine.exists(by_name) ? by_name : "";
}

// Whether dm-crypt lies at this device or anywhere below it. cryptsetup names its mappings "CRYPT-LUKS2-…".
bool has_crypt_below(const Machine& machine, const std::string& folder, int depth) {
  if (depth > layers_max) return false;
  if (machine.word(folder + "/dm/uuid").starts_with("CRYPT-")) return true;
  for (const std::string& slave : machine.list(folder + "/slaves")) {
    if (has_crypt_below(machine, "sys/class/block/" + slave, depth + 1)) return true;
  }
  return false;
}

// A partition's disk is the folder above it; USB disks often do not call themselves removable.
bool is_removable(const Machine& machine, const std::string& folder) {
  if (machine.word(folder + "/removable") == "1") return true;
  if (machine.exists(folder + "/partition") && machine.word(folder + "/../removable") == "1") return true;
  return machine.link(folder).find("/usb") != std::string::npos;
}

}  // namespace

Result<Finding> collect_disks(const Machine& machine) {
  LUY_TRY(const std::string mountinfo, machine.read("proc/self/mountinfo"));
  fact::Disks disks;
  std::set<std::string> seen;
  for (const Mount& mount : parse_mounts(mountinfo)) {
    if (is_image(mount.file_system)) continue;
    const std::string folder = block_folder(machine, mount);
    if (folder.empty()) continue;
    // The same file system mounted again elsewhere (bind) is one volume.
    if (!seen.insert(mount.source + ' ' + mount.device_number).second) continue;
    fact::Volume volume;
    volume.mount = mount.point;
    volume.device = mount.source;
    volume.file_system = mount.file_system;
    const auto space = machine.kernel.space(machine.path(mount.point.substr(1)));
    if (space) {
      volume.size_bytes = space->size_bytes;
      volume.free_bytes = space->free_bytes;
    }
    volume.encrypted = has_crypt_below(machine, folder, 0);
    volume.removable = is_removable(machine, folder);
    disks.volumes.push_back(std::move(volume));
    if (disks.volumes.size() >= fact::items_max) break;
  }
  return Finding{"/proc/self/mountinfo, /sys/dev/block, statvfs", std::move(disks), {}};
}

}  // namespace luy::agent
