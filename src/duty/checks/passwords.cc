// passwords (6.7): no account logs in without a password, every password is stored with an accepted hash and is younger
// than its limit. Without reading shadow(5) nothing of this can be known.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

void judge_age(Finding& finding, const fact::Account& account, Time learnt_at, const Input& in) {
  if (account.must_change_password) return;  // Its age ends at the next login; duty 7.1 watches over that.
  if (!account.password_changed_at) {
    finding.add(State::unknown, Code::password_undated, Arguments().text(account.name));
    return;
  }
  const Time changed = std::min(*account.password_changed_at, learnt_at);
  const Phase phase = phase_of(changed, in.limits.duration("password_age_days"), in.limits.due_share(), in.now);
  const Code code = phase.state == State::violated ? Code::password_overdue : Code::password_due;
  finding.add(phase.state, code, Arguments().text(account.name).time(changed).time(phase.ends), phase.changes_at);
}

}  // namespace

Judgement judge_passwords(const Input& in) {
  const auto& part = in.device->accounts;
  if (!part) return not_reported(fact::Kind::accounts);
  const inventory::AccountSummary& accounts = part->value;
  Finding finding;
  finding.rests_on(basis_of("accounts", *part));
  if (!accounts.shadow_readable) {
    finding.add(State::unknown, Code::password_unreadable);
    return std::move(finding).done();
  }
  const std::vector<std::string>& methods = in.limits.texts("hash_methods");
  std::int64_t with_password = 0;
  for (const fact::Account& account : accounts.relevant) {
    if (!account.can_log_in) continue;
    if (account.password == "none") finding.add(State::violated, Code::password_empty, Arguments().text(account.name));
    if (account.password != "set") continue;
    ++with_password;
  }
  if (with_password == 0) {
    finding.add(State::kept, Code::password_no_login);
  } else {
    finding.add(State::kept, Code::password_kept, Arguments().number(with_password));
  }
  for (const fact::Account& account : accounts.relevant) {
    if (!account.can_log_in || account.password != "set") continue;
    if (account.hash_method.empty() || account.hash_method == "unknown") {
      finding.add(State::unknown, Code::password_method_unknown, Arguments().text(account.name));
    } else if (std::find(methods.begin(), methods.end(), account.hash_method) == methods.end()) {
      finding.add(State::violated, Code::password_weak, Arguments().text(account.name).text(account.hash_method));
    }
    judge_age(finding, account, part->collected_at, in);
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
