#include "inventory/device.h"

namespace luy::inventory {
namespace {

constexpr std::array<std::string_view, device_class_count> class_names = {"server",  "workstation", "mobile",
                                                                          "network", "storage",     "other"};

}  // namespace

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
