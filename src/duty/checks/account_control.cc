// account_control (10.2): an account that can log in has somebody in service who answers for it, is not shared, and is
// used. For accounts on a device that is whom the account is linked to; for the product's own the person behind them.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

void judge_use(Finding& finding, const std::string& name, Time last_use, const Input& in) {
  const Phase phase = phase_of(last_use, in.limits.duration("dormant_days"), in.limits.due_share(), in.now);
  const Code code = phase.state == State::kept  ? Code::account_kept
                    : phase.state == State::due ? Code::account_due
                                                : Code::account_dormant;
  finding.add(phase.state, code, Arguments().text(name).time(last_use).time(phase.ends), phase.changes_at);
}

void judge_owner(Finding& finding, const std::string& name, const std::optional<AccountOwner>& owner) {
  if (!owner) return finding.add(State::violated, Code::account_no_owner, Arguments().text(name));
  finding.rests_on({record_kind, owner->seq, owner->since, "luy-hub"});
  const bool is_gone = !owner->name.empty() && !owner->in_service;
  if (is_gone) finding.add(State::violated, Code::account_owner_gone, Arguments().text(name).text(owner->name));
  if (owner->shared) finding.add(State::violated, Code::account_shared, Arguments().text(name));
}

Judgement judge_product_account(const ProductAccount& account, const Input& in) {
  Finding finding;
  const Time last_use = account.last_sign_in.value_or(account.issued_at);
  if (!account.enabled) {
    finding.rests_on({record_kind, account.disabled_seq, last_use, "luy-hub"});
    finding.add(State::kept, Code::account_locked, Arguments().text(account.username));
    return std::move(finding).done();
  }
  finding.rests_on({record_kind, account.last_sign_in ? account.sign_in_seq : account.issued_seq, last_use, "luy-hub"});
  if (!account.has_owner) finding.add(State::violated, Code::account_no_person, Arguments().text(account.username));
  judge_use(finding, account.username, last_use, in);
  return std::move(finding).done();
}

}  // namespace

Judgement judge_account_control(const Input& in) {
  if (in.product_account != nullptr) return judge_product_account(*in.product_account, in);
  const auto& part = in.device->accounts;
  if (!part) return not_reported(fact::Kind::accounts);
  Finding finding;
  finding.rests_on(basis_of("accounts", *part));
  // Without shadow(5) nobody can say which accounts are locked.
  if (!part->value.shadow_readable) {
    finding.add(State::unknown, Code::password_unreadable);
    return std::move(finding).done();
  }
  if (in.account == nullptr) {
    const inventory::AccountSummary& accounts = part->value;
    if (accounts.keys_unknown > 0) {
      finding.add(State::unknown, Code::account_keys_unknown,
                  Arguments().number(static_cast<std::int64_t>(accounts.keys_unknown)).text(accounts.keys_unknown_of));
    } else {
      finding.add(State::kept, Code::account_none, Arguments().number(static_cast<std::int64_t>(accounts.total)));
    }
    return std::move(finding).done();
  }
  const fact::Account& account = *in.account;
  judge_owner(finding, account.name, in.owner);
  // Never seen to log in: then the time counts from when somebody last set its password or we first looked.
  Time last_use = in.device->device.enrolled_at;
  if (account.password_changed_at) last_use = std::max(last_use, *account.password_changed_at);
  if (account.last_login) last_use = *account.last_login;
  judge_use(finding, account.name, std::min(last_use, in.now), in);
  Judgement out = std::move(finding).done();
  // Then nobody answers for it any more.
  const bool ends = in.owner && in.owner->until && *in.owner->until > in.now;
  if (ends && (!out.changes_at || *in.owner->until < *out.changes_at)) out.changes_at = in.owner->until;
  return out;
}

}  // namespace luy::duty
