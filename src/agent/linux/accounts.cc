// The local accounts, without a single hash leaving the machine.
#include <utmp.h>

#include <algorithm>
#include <limits>

#include "agent/linux/account_files.h"
#include "agent/linux/collectors.h"
#include "agent/linux/ssh_keys.h"
#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {
namespace {

bool is_login_shell(std::string_view shell) {
  for (const std::string_view no : {"nologin", "false", "sync", "shutdown", "halt"}) {
    if (shell.ends_with(no)) return false;
  }
  return true;  // An empty field means /bin/sh (passwd(5)).
}

// shadow(5): the account has expired, or the password has and the days of grace are over.
bool is_expired(const ShadowEntry& shadow, std::int64_t today) {
  if (shadow.expires_day && *shadow.expires_day >= 0 && *shadow.expires_day <= today) return true;
  if (!shadow.changed_day || !shadow.days_max || !shadow.inactive_days) return false;
  if (*shadow.changed_day <= 0 || *shadow.days_max < 0 || *shadow.inactive_days < 0) return false;
  return *shadow.changed_day + *shadow.days_max + *shadow.inactive_days < today;
}

// Also by a key, if the account has one: a locked password keeps nobody out who does not need it.
void fill_from_shadow(const ShadowEntry& shadow, std::int64_t today, const SshServer& ssh, fact::Account& account) {
  account.password = password_state(shadow.password);
  account.hash_method = hash_method(shadow.password);
  account.must_change_password = shadow.changed_day == 0;
  if (shadow.changed_day && *shadow.changed_day > 0) {
    account.password_changed_at = Time{days(*shadow.changed_day)};
  }
  // 99999 days is what useradd writes for "never" (login.defs, PASS_MAX_DAYS).
  if (shadow.days_max && *shadow.days_max >= 0 && *shadow.days_max < 99999) account.password_days_max = shadow.days_max;
  const bool usable = is_login_shell(account.shell) && !is_expired(shadow, today);
  if (!usable || (!ssh.uses_pam && shadow.password.starts_with('!'))) account.login_keys = 0;
  account.can_log_in = usable && (account.password != "locked" || account.login_keys.value_or(0) > 0);
}

// lastlog(5) has a hole for every number that was never given; only the account's own record is read.
Result<std::optional<Time>> last_login_of(const Machine& machine, std::int64_t uid) {
  if (uid < 0 || uid > std::numeric_limits<std::uint32_t>::max()) return std::optional<Time>();
  LUY_TRY(const auto record, machine.record("var/log/lastlog", sizeof(lastlog), uid));
  return last_login(record.value_or(""), 0);
}

}  // namespace

Result<Finding> collect_accounts(const Machine& machine) {
  LUY_TRY(const std::string passwd, machine.read("etc/passwd"));
  const auto shadow_text = machine.read("etc/shadow");
  const auto shadow = shadow_text ? parse_shadow(*shadow_text) : std::map<std::string, ShadowEntry>();
  const AdminGroups admins = parse_admin_groups(machine.text("etc/group"));
  // Unreadable is not "never logged in": then the fact is not told at all.
  LUY_TRY(const auto wtmp, machine.newest_records("var/log/wtmp", sizeof(utmp)));
  const auto logins = wtmp_logins(wtmp.value_or(""));
  const SshServer ssh = read_ssh_server(machine);
  const std::int64_t today = std::chrono::floor<days>(machine.clock.now()).time_since_epoch().count();

  fact::Accounts accounts;
  accounts.shadow_readable = shadow_text.has_value();
  for (const PasswdEntry& entry : parse_passwd(passwd)) {
    if (accounts.accounts.size() >= fact::items_max) break;
    fact::Account account;
    account.name = entry.name;
    account.uid = entry.uid;
    account.shell = entry.shell;
    account.password = "unknown";
    account.can_log_in = is_login_shell(entry.shell);
    account.login_keys = account.can_log_in ? login_keys(machine, ssh, entry) : 0;
    account.administrator = entry.uid == 0 || admins.members.count(entry.name) > 0 || admins.gids.count(entry.gid) > 0;
    if (const auto found = shadow.find(entry.name); found != shadow.end()) {
      fill_from_shadow(found->second, today, ssh, account);
    } else if (entry.password != "x") {
      fill_from_shadow({entry.password, {}, {}, {}, {}}, today, ssh, account);
    }
    LUY_TRY(account.last_login, last_login_of(machine, entry.uid));
    if (const auto login = logins.find(entry.name); login != logins.end()) {
      account.last_login = std::max(account.last_login.value_or(login->second), login->second);
    }
    accounts.accounts.push_back(std::move(account));
  }
  const char* method = accounts.shadow_readable ? "/etc/passwd, /etc/shadow, authorized_keys, lastlog, wtmp"
                                                : "/etc/passwd, authorized_keys, lastlog, wtmp";
  return Finding{method, std::move(accounts), {}};
}

}  // namespace luy::agent
