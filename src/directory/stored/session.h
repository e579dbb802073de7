// What the files of the sessions share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "directory/session.h"

namespace luy::directory {

inline bool is_administrator(const Account& account) {
  return std::any_of(account.grants.begin(), account.grants.end(),
                     [](const Grant& grant) { return grant.role == Role::system_admin; });
}

inline Duration idle_limit(const SessionLimits& limits, const Account& account, bool public_place) {
  const Duration own = is_administrator(account) ? limits.idle_administrator : limits.idle;
  return public_place ? std::min(own, limits.idle_public) : own;
}

// Of that token, if it is alive; in session.cc.
Result<void> end_session(records::Connection& connection, std::string_view token);

inline Caller caller_known(const Account& account, std::string_view address) {
  return {account.id, account.username, std::string(address), nullptr};
}

inline AuditEntry entry_of(std::string act, const Account& account) {
  return {std::move(act), "account:" + account.id.text(), Outcome::done, "", {}, {}};
}

}  // namespace luy::directory
