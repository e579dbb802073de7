// What is mounted at a folder, and what the medium below it is known by.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "custody/medium.h"

namespace luy::cli {

inline constexpr ErrorKind not_mounted{
    "custody.not_mounted", ErrorClass::not_found,
    "{} không phải là điểm gắn của một thiết bị lưu trữ. Hãy cắm và gắn (mount) ổ đĩa trước.",
    "{} is not where a storage device is mounted. Plug it in and mount it first."};
inline constexpr ErrorKind same_disk{
    "custody.same_disk", ErrorClass::conflict,
    "{} nằm trên chính đĩa đang chứa nhật ký, nên không phải là bản sao trên thiết bị ngoài.",
    "{} is on the very disk that the logs are on: that is no copy on external media."};
inline constexpr ErrorKind medium_gone{"custody.medium_gone", ErrorClass::io,
                                       "Thiết bị lưu trữ không còn đọc hoặc ghi được: {}. Hãy kiểm tra dây, ổ đĩa rồi "
                                       "chép lại. Không có gì được ghi nhận.",
                                       "The medium cannot be read or written any more: {}. Check cable and disk, then "
                                       "copy again. Nothing was taken down."};

struct Mounted {
  std::filesystem::path point;
  std::string source;       // "/dev/sdb1"
  std::string file_system;  // "ext4"
  std::string number;       // "8:17"
  bool read_only = false;
  custody::Identity identity;
  bool operator==(const Mounted& other) const {
    return number == other.number && source == other.source && identity.serial == other.identity.serial &&
           identity.uuid == other.identity.uuid && identity.label == other.identity.label;
  }
};

// Where the kernel tells about itself; another folder in tests.
struct MachineRoot {
  std::filesystem::path root = "/";
};

// Serial from sysfs or udev, UUID and label from udev, else from blkid(8), which must be allowed to read the device.
// Errors: not_mounted, file errors.
Result<Mounted> look_at_mount(const std::filesystem::path& folder, const MachineRoot& machine = {});

// medium_gone for what a pulled-out or dying disk answers, else file_error().
Error medium_error(const std::filesystem::path& path, int error);

}  // namespace luy::cli
