// passwd(5), shadow(5), group(5) and the login records. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace luy::agent {

struct PasswdEntry {
  std::string name;
  std::string password;  // "x": it is in shadow(5).
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::string home;
  std::string shell;
};
// Lines that are not seven fields with two numbers are passed over.
std::vector<PasswdEntry> parse_passwd(std::string_view text);

struct ShadowEntry {
  std::string password;
  std::optional<std::int64_t> changed_day;  // Days since 1970-01-01; 0 = must be changed at the next login.
  std::optional<std::int64_t> days_max;
  std::optional<std::int64_t> inactive_days;
  std::optional<std::int64_t> expires_day;
};
std::map<std::string, ShadowEntry> parse_shadow(std::string_view text);

// Members of the groups that may become root: sudo, wheel, admin. Primary groups are matched by number: `gids`.
struct AdminGroups {
  std::set<std::string> members;
  std::set<std::int64_t> gids;
};
AdminGroups parse_admin_groups(std::string_view group);

// "set", "none", "locked": what a password field of shadow(5) means.
std::string_view password_state(std::string_view field);
// The method a crypt(5) hash names: "yescrypt", "sha512", …; "" when it is no hash, "unknown" for prefixes not known.
std::string_view hash_method(std::string_view field);

// lastlog(5): time of the last login by user number; nullopt when the user never logged in.
std::optional<Time> last_login(std::string_view lastlog, std::int64_t uid);
// wtmp(5): user name -> the latest login in it.
std::map<std::string, Time> wtmp_logins(std::string_view wtmp);

}  // namespace luy::agent
