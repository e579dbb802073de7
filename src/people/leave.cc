#include "people/leave.h"

#include <algorithm>
#include <array>

namespace luy::people {
namespace {

constexpr std::array<std::string_view, 2> kind_names = {"leave", "move"};
constexpr std::array<std::string_view, 3> state_names = {"planned", "open", "closed"};
constexpr std::array<std::string_view, item_kind_count> item_kind_names = {
    "product_account", "device_account", "device",     "other_account", "signature",
    "delegation",      "api_token",      "commitment", "appointment"};
constexpr std::array<std::string_view, 3> item_state_names = {"open", "done", "waived"};

template <class Enum, class Names>
std::optional<Enum> from_name(const Names& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name_of(LeaveKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}
std::string_view name_of(LeaveState state) {
  return state_names.at(static_cast<std::size_t>(state));
}
std::string_view name_of(ItemKind kind) {
  return item_kind_names.at(static_cast<std::size_t>(kind));
}
std::string_view name_of(ItemState state) {
  return item_state_names.at(static_cast<std::size_t>(state));
}
std::optional<LeaveKind> leave_kind_from_name(std::string_view name) {
  return from_name<LeaveKind>(kind_names, name);
}
std::optional<LeaveState> leave_state_from_name(std::string_view name) {
  return from_name<LeaveState>(state_names, name);
}
std::optional<ItemKind> item_kind_from_name(std::string_view name) {
  return from_name<ItemKind>(item_kind_names, name);
}
std::optional<ItemState> item_state_from_name(std::string_view name) {
  return from_name<ItemState>(item_state_names, name);
}

Text title_of(const LeaveItem& item) {
  const auto with = [&](const char* vi, const char* en) { return Text{vi + item.name, en + item.name}; };
  switch (item.kind) {
    case ItemKind::product_account:
      return with("Tài khoản Lũy ", "Account of Lũy ");
    case ItemKind::device_account:
      return with("Tài khoản trên máy ", "Account on a device ");
    case ItemKind::device:
      return with("Thiết bị ", "Device ");
    case ItemKind::signature:
      return with("Chứng thư chữ ký số ", "Signing certificate ");
    case ItemKind::delegation:
      return with("Ủy quyền ", "Delegation ");
    case ItemKind::api_token:
      return with("Mã truy cập API ", "API token ");
    case ItemKind::commitment:
      return with("Cam kết bảo đảm an toàn thông tin chưa ký: ", "Commitment that is not signed: ");
    case ItemKind::appointment:
      return with("Phân công cán bộ an toàn thông tin theo ", "Appointment as an officer by ");
    case ItemKind::other_account:
      break;
  }
  const std::string system = item.system.empty() ? "" : " (" + item.system + ")";
  return {"Tài khoản " + item.name + system, "Account " + item.name + system};
}

std::size_t Leave::open_items() const {
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [](const LeaveItem& one) { return one.state == ItemState::open; }));
}

}  // namespace luy::people
