#include "hardening/check.h"

#include <array>

#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

struct Named {
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};

constexpr std::array<Named, group_count> groups = {{
    {"accounts", "Tài khoản", "Accounts"},
    {"passwords", "Mật khẩu", "Passwords"},
    {"ssh", "Truy cập SSH", "SSH access"},
    {"kernel", "Nhân hệ điều hành", "Kernel"},
    {"network", "Mạng", "Network"},
    {"files", "Quyền trên tệp", "File permissions"},
    {"mounts", "Phân vùng, điểm gắn", "Mount points"},
    {"services", "Dịch vụ", "Services"},
    {"updates", "Cập nhật", "Updates"},
    {"logging", "Nhật ký", "Logging"},
    {"web", "Máy chủ web", "Web server"},
    {"database", "Cơ sở dữ liệu", "Database"},
    {"sharing", "Chia sẻ tệp", "File sharing"},
    {"mail", "Thư điện tử", "Mail"},
}};

constexpr std::array<Named, severity_count> severities = {{
    {"low", "Thấp", "Low"},
    {"medium", "Trung bình", "Medium"},
    {"high", "Cao", "High"},
}};

constexpr std::array<Named, state_count> states = {{
    {"right", "Đạt", "Right"},
    {"wrong", "Chưa đạt", "Wrong"},
    {"unknown", "Không xác định", "Unknown"},
    {"not_applicable", "Không áp dụng", "Not applicable"},
}};

constexpr std::array<std::string_view, reader_count> readers = {
    "sshd",     "sysctl",  "login_defs",   "pam",          "pwquality", "faillock", "mount",  "file",
    "unit",     "package", "systemd_conf", "apt",          "sudoers",   "accounts", "module", "nginx",
    "postgres", "pg_hba",  "samba",        "samba_shares", "ini",       "words"};

template <class Value, class Table>
std::optional<Value> value_of(const Table& table, std::string_view name) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].name == name) return static_cast<Value>(i);
  }
  return std::nullopt;
}

std::string octal(std::uint32_t bits) {
  std::string out;
  for (int shift = 9; shift >= 0; shift -= 3) out += static_cast<char>('0' + (bits >> shift & 7U));
  return out;
}

}  // namespace

std::string_view name_of(Group group) {
  return groups[static_cast<std::size_t>(group)].name;
}
std::string_view name_of(Severity severity) {
  return severities[static_cast<std::size_t>(severity)].name;
}
std::string_view name_of(State state) {
  return states[static_cast<std::size_t>(state)].name;
}
std::string_view name_of(Reader reader) {
  return readers[static_cast<std::size_t>(reader)];
}

std::optional<Group> group_from_name(std::string_view name) {
  return value_of<Group>(groups, name);
}
std::optional<Severity> severity_from_name(std::string_view name) {
  return value_of<Severity>(severities, name);
}
std::optional<State> state_from_name(std::string_view name) {
  return value_of<State>(states, name);
}
std::optional<Reader> reader_from_name(std::string_view name) {
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (readers[i] == name) return static_cast<Reader>(i);
  }
  return std::nullopt;
}

namespace {

Text title_in(const Named& named) {
  return {std::string(named.vi), std::string(named.en)};
}

}  // namespace

Text title_of(Group group) {
  return title_in(groups[static_cast<std::size_t>(group)]);
}
Text title_of(Severity severity) {
  return title_in(severities[static_cast<std::size_t>(severity)]);
}
Text title_of(State state) {
  return title_in(states[static_cast<std::size_t>(state)]);
}

std::string Check::reads() const {
  std::vector<std::string> subject = {std::string(name_of(reading.reader))};
  for (const std::string* part : {&reading.service, &reading.type, &reading.module, &reading.file, &reading.key}) {
    if (!part->empty()) subject.push_back(*part);
  }
  if (reading.limit) subject.push_back(std::to_string(*reading.limit));
  std::vector<std::string> wanted;
  const auto list = [&](const char* sign, const std::vector<std::string>& words) {
    if (!words.empty()) wanted.push_back(sign + joined(words, " | "));
  };
  list("= ", rule.is);
  list("≠ ", rule.is_not);
  if (rule.at_least) wanted.push_back("≥ " + std::to_string(*rule.at_least));
  if (rule.at_most) wanted.push_back("≤ " + std::to_string(*rule.at_most));
  list("⊆ ", rule.words_within);
  list("∋ ", rule.words_with);
  list("∌ ", rule.words_without);
  if (rule.mask_covers) wanted.push_back("umask ⊇ " + octal(*rule.mask_covers));
  if (rule.mode_within) wanted.push_back("mode ⊆ " + octal(*rule.mode_within));
  list("owner ", rule.owners);
  list("group ", rule.groups);
  if (rule.present) wanted.push_back(*rule.present ? "∃" : "∄");
  return joined(subject, " ") + " : " + joined(wanted, ", ");
}

const Check* Catalogue::find(std::string_view id) const {
  for (const Check& check : checks) {
    if (check.id == id) return &check;
  }
  return nullptr;
}

}  // namespace luy::hardening
