#include "agent/linux/account_files.h"

#include <utmp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "agent/linux/text.h"

namespace luy::agent {
namespace {

std::optional<Time> from_seconds(std::int64_t seconds) {
  if (seconds <= 0) return std::nullopt;
  return Time{std::chrono::seconds(seconds)};
}

// Fields of the login records are not ended by '\0' when they are full.
template <std::size_t n>
std::string bounded(const char (&field)[n]) {
  return {field, ::strnlen(field, n)};
}

}  // namespace

std::vector<PasswdEntry> parse_passwd(std::string_view text) {
  std::vector<PasswdEntry> out;
  for (const std::string_view line : lines(text)) {
    const auto fields = split(line, ':');
    if (fields.size() != 7 || fields[0].empty()) continue;
    const auto uid = number(fields[2]);
    const auto gid = number(fields[3]);
    if (!uid || !gid) continue;
    out.push_back({std::string(fields[0]), std::string(fields[1]), *uid, *gid, std::string(fields[5]),
                   std::string(trim(fields[6]))});
  }
  return out;
}

std::map<std::string, ShadowEntry> parse_shadow(std::string_view text) {
  std::map<std::string, ShadowEntry> out;
  for (const std::string_view line : lines(text)) {
    const auto fields = split(line, ':');
    if (fields.size() < 8 || fields[0].empty()) continue;
    out[std::string(fields[0])] = {std::string(fields[1]), number(fields[2]), number(fields[4]), number(fields[6]),
                                   number(fields[7])};
  }
  return out;
}

AdminGroups parse_admin_groups(std::string_view group) {
  AdminGroups out;
  for (const std::string_view line : lines(group)) {
    const auto fields = split(line, ':');
    if (fields.size() != 4) continue;
    if (fields[0] != "sudo" && fields[0] != "wheel" && fields[0] != "admin") continue;
    if (const auto gid = number(fields[2])) out.gids.insert(*gid);
    for (const std::string_view member : split(fields[3], ',')) {
      if (!trim(member).empty()) out.members.insert(std::string(trim(member)));
    }
  }
  return out;
}

std::string_view password_state(std::string_view field) {
  if (field.empty()) return "none";
  if (field.front() == '!' || field.front() == '*') return "locked";
  return "set";
}

// crypt(5) of libxcrypt; 13 characters without '$' are the old DES form.
std::string_view hash_method(std::string_view field) {
  while (!field.empty() && field.front() == '!') field.remove_prefix(1);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> prefixes{{
      {"$y$", "yescrypt"},
      {"$gy$", "gost-yescrypt"},
      {"$7$", "scrypt"},
      {"$2a$", "bcrypt"},
      {"$2b$", "bcrypt"},
      {"$2x$", "bcrypt"},
      {"$2y$", "bcrypt"},
      {"$6$", "sha512"},
      {"$5$", "sha256"},
      {"$sha1", "sha1"},
      {"$3$", "nt"},
      {"$1$", "md5"},
  }};
  for (const auto& [prefix, method] : prefixes) {
    if (field.starts_with(prefix)) return method;
  }
  if (field.starts_with("_")) return "bsdi-des";
  if (field.size() == 13) return "des";
  if (field.empty() || field.front() == '*') return "";
  return field.front() == '$' ? "unknown" : "";
}

std::optional<Time> last_login(std::string_view bytes, std::int64_t uid) {
  if (uid < 0 || uid > 0xffffffffLL) return std::nullopt;
  const std::size_t at = static_cast<std::size_t>(uid) * sizeof(lastlog);
  if (at + sizeof(lastlog) > bytes.size()) return std::nullopt;
  lastlog record{};
  std::memcpy(&record, bytes.data() + at, sizeof record);
  return from_seconds(record.ll_time);
}

std::map<std::string, Time> wtmp_logins(std::string_view bytes) {
  std::map<std::string, Time> out;
  for (; bytes.size() >= sizeof(utmp); bytes.remove_prefix(sizeof(utmp))) {
    utmp record{};
    std::memcpy(&record, bytes.data(), sizeof record);
    if (record.ut_type != USER_PROCESS) continue;
    const auto at = from_seconds(record.ut_tv.tv_sec);
    const std::string user = bounded(record.ut_user);
    if (!at || user.empty()) continue;
    Time& latest = out[user];
    latest = std::max(latest, *at);
  }
  return out;
}

}  // namespace luy::agent
