#include "premises/equipment.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace luy::premises {
namespace {

struct KindRow {
  EquipmentKind kind;
  std::string_view name;
  std::string_view vi;
  inventory::DeviceClass device_class;
};
constexpr auto network = inventory::DeviceClass::network;
constexpr auto storage = inventory::DeviceClass::storage;
constexpr std::array<KindRow, equipment_kind_count> kinds = {{
    {EquipmentKind::router, "router", "Bộ định tuyến", network},
    {EquipmentKind::network_switch, "switch", "Bộ chuyển mạch", network},
    {EquipmentKind::access_point, "access_point", "Điểm truy cập không dây", network},
    {EquipmentKind::firewall, "firewall", "Tường lửa", network},
    {EquipmentKind::modem, "modem", "Modem, thiết bị nhà mạng", network},
    {EquipmentKind::controller, "controller", "Bộ điều khiển mạng", network},
    {EquipmentKind::other_network, "other_network", "Thiết bị mạng khác", network},
    {EquipmentKind::nas, "nas", "Ổ lưu trữ mạng (NAS)", storage},
    {EquipmentKind::san, "san", "Tủ đĩa (SAN)", storage},
    {EquipmentKind::tape, "tape", "Thiết bị băng từ", storage},
    {EquipmentKind::other_storage, "other_storage", "Thiết bị lưu trữ khác", storage},
}};

}  // namespace

std::string_view name_of(EquipmentKind kind) {
  return kinds[static_cast<std::size_t>(kind)].name;
}

std::string_view vi_title_of(EquipmentKind kind) {
  return kinds[static_cast<std::size_t>(kind)].vi;
}

std::optional<EquipmentKind> equipment_kind_from_name(std::string_view name) {
  for (const KindRow& row : kinds) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

inventory::DeviceClass class_of(EquipmentKind kind) {
  return kinds[static_cast<std::size_t>(kind)].device_class;
}

std::string rotation_act(const RotationId& id) {
  return "rotation:" + id.text();
}

Day due_on(const Rotation& newest, std::chrono::days age_max) {
  const Day limit = newest.changed_on + age_max;
  return newest.next_due_on ? std::min(*newest.next_due_on, limit) : limit;
}

std::string_view name_of(RotationState state) {
  constexpr std::array<std::string_view, 4> names = {"never", "kept", "due", "overdue"};
  return names[static_cast<std::size_t>(state)];
}

RotationState state_of(const std::optional<Rotation>& newest, std::chrono::days age_max, double due_share, Day today) {
  if (!newest) return RotationState::never;
  const Day due = due_on(*newest, age_max);
  if (today >= due) return RotationState::overdue;
  const auto whole = static_cast<double>((due - newest->changed_on).count());
  const std::chrono::days last_part(static_cast<std::int64_t>(std::llround(whole * due_share)));
  return today >= due - last_part ? RotationState::due : RotationState::kept;
}

}  // namespace luy::premises
