#include "inventory/device.h"

namespace luy::inventory {
namespace {

constexpr std::array<std::string_view, device_class_count> class_names = {"server",  "workstation", "mobile",
                                                                          "network", "storage",     "other"};

// In the order of fact::Kind.
constexpr std::array<KindTitle, fact::kind_count> kind_titles = {{
    {"tên và danh tính của máy", "the machine's name and identity"},
    {"hệ điều hành", "the operating system"},
    {"phần cứng", "the hardware"},
    {"danh sách phần mềm", "the list of software"},
    {"bản vá đang chờ", "pending updates"},
    {"phần mềm chống mã độc", "antivirus software"},
    {"tài khoản trên máy", "the machine's accounts"},
    {"cổng mạng đang mở", "open network ports"},
    {"tường lửa", "the firewall"},
    {"ổ đĩa", "disks"},
    {"kết nối mạng", "network connections"},
    {"mạng không dây", "wireless networks"},
    {"miền quản lý tập trung", "domain membership"},
    {"thư mục chia sẻ", "shared folders"},
    {"đồng bộ thời gian", "time synchronisation"},
    {"hoạt động của luy-agent", "the agent's own work"},
    {"kết quả kiểm tra cấu hình", "the hardening checks"},
    {"kiểm soát cài đặt và chạy phần mềm", "the gates of software"},
    {"thiết bị lưu trữ di động", "removable storage"},
    {"sao lưu", "the backups"},
    {"thiết bị khác trong mạng", "the neighbours on its networks"},
}};

}  // namespace

KindTitle title_of(fact::Kind kind) {
  return kind_titles.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(DeviceClass device_class) {
  return class_names.at(static_cast<std::size_t>(device_class));
}

std::optional<DeviceClass> device_class_from_name(std::string_view name) {
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    if (class_names[i] == name) return static_cast<DeviceClass>(i);
  }
  return std::nullopt;
}

DeviceClass guess_class(const fact::Os& os, const fact::Hardware& hardware) {
  if (hardware.chassis == "server") return DeviceClass::server;
  if (hardware.chassis == "laptop" || hardware.battery) return DeviceClass::mobile;
  if (hardware.chassis == "desktop") return DeviceClass::workstation;
  // A virtual machine or an unreadable SMBIOS: the system has to say. Windows names its server editions.
  if (os.id == "windows" || os.pretty_name.find("Windows") != std::string::npos) {
    return os.pretty_name.find("Server") != std::string::npos ? DeviceClass::server : DeviceClass::workstation;
  }
  return os.id.empty() ? DeviceClass::other : DeviceClass::server;
}

}  // namespace luy::inventory
