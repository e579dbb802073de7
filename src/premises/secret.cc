#include "premises/secret.h"

#include <algorithm>
#include <array>

namespace luy::premises {
namespace {

constexpr std::array<std::string_view, purpose_count> purposes = {"drafting", "printing", "storage", "other"};

struct ProblemRow {
  std::string_view name;
  const char* vi;
  const char* en;
};
constexpr std::array<ProblemRow, 9> problems = {{
    {"other_machine", "số sê-ri trong báo cáo không phải của thiết bị này", "the report's serial number is another's"},
    {"elsewhere", "thiết bị không ở đúng phòng trong sổ", "the device is not in the room on record"},
    {"network", "mạng đang bật hoặc đã đặt địa chỉ", "its network is up or has an address"},
    {"disk_open", "có ổ đĩa chưa mã hóa", "a disk is not encrypted"},
    {"disk_unknown", "không xác định được ổ đĩa có mã hóa hay không", "whether its disks are encrypted is not known"},
    {"account_open", "có tài khoản không mật khẩu", "an account has no password"},
    {"account_unknown", "không đọc được tình trạng tài khoản", "the state of its accounts could not be read"},
    {"no_account", "không có tài khoản riêng cho người được giao", "nobody has an account of their own"},
    {"antivirus", "không có phần mềm phòng chống mã độc đang chạy", "no antivirus program runs"},
}};

}  // namespace

std::string_view name_of(Purpose purpose) {
  return purposes[static_cast<std::size_t>(purpose)];
}

std::optional<Purpose> purpose_from_name(std::string_view name) {
  const auto found = std::find(purposes.begin(), purposes.end(), name);
  if (found == purposes.end()) return std::nullopt;
  return static_cast<Purpose>(found - purposes.begin());
}

std::string_view name_of(Move::State state) {
  constexpr std::array<std::string_view, 5> names = {"asked", "approved", "refused", "moved", "signed"};
  return names[static_cast<std::size_t>(state)];
}

std::vector<std::string> problems_of(const fact::OfflineSummary& summary, const std::string& serial, bool in_room) {
  std::vector<std::string> out;
  const bool told = summary.serial != std::array<std::uint8_t, 3>{};
  if (told && summary.serial != fact::serial_mark(serial)) out.emplace_back("other_machine");
  if (!in_room) out.emplace_back("elsewhere");
  if (summary.network_up || summary.address_set) out.emplace_back("network");
  if (summary.disks_unknown || summary.volumes == 0) {
    out.emplace_back("disk_unknown");
  } else if (summary.open_volumes > 0) {
    out.emplace_back("disk_open");
  }
  if (summary.accounts_unknown) {
    out.emplace_back("account_unknown");
  } else if (summary.logins_without_password > 0) {
    out.emplace_back("account_open");
  } else if (summary.logins == 0) {
    out.emplace_back("no_account");
  }
  if (!summary.antivirus_running) out.emplace_back("antivirus");
  return out;
}

regulation::Text title_of_problem(std::string_view name) {
  for (const ProblemRow& row : problems) {
    if (row.name == name) return {row.vi, row.en};
  }
  return {std::string(name), std::string(name)};
}

}  // namespace luy::premises
