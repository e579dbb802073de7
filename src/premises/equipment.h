// Network and storage devices that run no agent: what stands in the register, and when their passwords were changed.
// The passwords themselves stand nowhere. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "inventory/device.h"

namespace luy::premises {

using EquipmentId = Id<struct EquipmentTag>;
using RotationId = Id<struct RotationTag>;

inline constexpr ErrorKind equipment_unknown{"premises.equipment_unknown", ErrorClass::not_found,
                                             "Không có thiết bị này trong sổ thiết bị mạng, lưu trữ.",
                                             "There is no such device in the register of network and storage devices."};
inline constexpr ErrorKind equipment_invalid{"premises.equipment_invalid", ErrorClass::invalid,
                                             "Thông tin thiết bị không hợp lệ: {}. Hãy sửa rồi ghi lại.",
                                             "The record of the device is not valid: {}. Correct it and try again."};
inline constexpr ErrorKind equipment_taken{"premises.equipment_taken", ErrorClass::conflict,
                                           "Đã có thiết bị khác trong sổ với cùng {}.",
                                           "Another device in the register has the same {} already."};
inline constexpr ErrorKind equipment_changed{
    "premises.equipment_changed", ErrorClass::conflict, "Người khác vừa sửa thiết bị này. Hãy mở lại rồi sửa tiếp.",
    "Somebody else has changed this device meanwhile. Open it again and go on from there."};
inline constexpr ErrorKind equipment_retired{"premises.equipment_retired", ErrorClass::conflict,
                                             "Thiết bị này đã thôi sử dụng.", "The device is retired."};
inline constexpr ErrorKind rotation_invalid{
    "premises.rotation_invalid", ErrorClass::invalid,
    "Lần đổi mật khẩu không hợp lệ: {}. Ngày đổi không được ở tương lai, hạn đổi tiếp phải sau ngày đổi và không quá "
    "thời hạn của quy chế.",
    "The change of passwords is not valid: {}. Its day is not in the future, and the next one is due after it and "
    "within the regulation's limit."};
inline constexpr ErrorKind equipment_too_many{"premises.equipment_too_many", ErrorClass::conflict,
                                              "Sổ đã có {} thiết bị, là số tối đa.",
                                              "The register holds {} devices, as many as there may be."};

inline constexpr std::size_t equipment_name_bytes_max = 200;  // As names of devices in the inventory.
inline constexpr std::size_t equipment_max = 20'000;  // A town has forty agencies; the sheet of one holds 5,000.

// Names are stored and travel: never renamed.
enum class EquipmentKind : std::uint8_t {
  router,
  network_switch,
  access_point,
  firewall,
  modem,
  controller,
  other_network,
  nas,
  san,
  tape,
  other_storage,
};
inline constexpr std::size_t equipment_kind_count = 11;
std::string_view name_of(EquipmentKind kind);
std::string_view vi_title_of(EquipmentKind kind);
std::optional<EquipmentKind> equipment_kind_from_name(std::string_view name);
inventory::DeviceClass class_of(EquipmentKind kind);

struct Equipment {
  EquipmentId id;
  AgencyId agency;
  DeviceId device;  // Of the inventory, where its verdicts are.
  EquipmentKind kind = EquipmentKind::other_network;
  std::string name;
  std::string model;
  std::string serial;
  std::string place;
  std::string custodian;
  std::string address;
  std::string mac;
  std::string firmware;
  std::optional<Day> support_ends_on;  // The last day on which its maker mends it.
  std::string note;
  std::string registered_by;
  Time registered_at;
  std::optional<Time> retired_at;
  std::string retire_reason;
  std::int64_t version = 1;
};

// That passwords of a device were changed.
struct Rotation {
  RotationId id;
  EquipmentId equipment;
  Day changed_on{};
  std::optional<Day> next_due_on;  // Sooner than the regulation asks.
  std::string accounts;            // Which: "admin, SNMP".
  std::string changed_by;
  std::string note;
  std::string recorded_by;
  Time recorded_at;
};

// Names the act in which it was recorded, for finding its record in the audit trail.
std::string rotation_act(const RotationId& id);

// The last day before which the passwords must be changed again.
Day due_on(const Rotation& newest, std::chrono::days age_max);

enum class RotationState : std::uint8_t { never, kept, due, overdue };
std::string_view name_of(RotationState state);
// As of `today`: due in the last `due_share` of its time, overdue from the day on which it is due.
RotationState state_of(const std::optional<Rotation>& newest, std::chrono::days age_max, double due_share, Day today);

}  // namespace luy::premises
