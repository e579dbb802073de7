// first_password (7.1): an issued password is changed before its limit and before the account is used. The product's
// own accounts can do nothing else first; on a device shadow(5) says that the password must be changed at the next
// login, and the time counts from when the hub first heard of it.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

void judge_waiting(Finding& finding, const std::string& name, Time issued, const Input& in) {
  const Phase phase = phase_of(issued, in.limits.duration("change_hours"), in.limits.due_share(), in.now);
  const Code code = phase.state == State::kept  ? Code::issued_waiting
                    : phase.state == State::due ? Code::issued_due
                                                : Code::issued_overdue;
  finding.add(phase.state, code, Arguments().text(name).time(issued).time(phase.ends), phase.changes_at);
}

}  // namespace

Judgement judge_first_password(const Input& in) {
  Finding finding;
  if (in.product_account != nullptr) {
    const ProductAccount& account = *in.product_account;
    const Time learnt_at = account.password_changed_at.value_or(account.issued_at);
    const auto& seq = account.must_change_password ? account.issued_seq : account.password_seq;
    finding.rests_on({record_kind, seq, learnt_at, "luy-hub"});
    if (account.must_change_password) {
      judge_waiting(finding, account.username, account.issued_at, in);
    } else {
      finding.add(State::kept, Code::issued_changed, Arguments().text(account.username).time(learnt_at));
    }
    return std::move(finding).done();
  }
  finding.rests_on(basis_of("accounts", *in.device->accounts));
  if (in.account->last_login && *in.account->last_login > in.known_since) {
    finding.add(State::violated, Code::issued_used, Arguments().text(in.account->name).time(*in.account->last_login));
  } else {
    judge_waiting(finding, in.account->name, in.known_since, in);
  }
  return std::move(finding).done();
}

Judgement first_password_when_empty(const EmptyInput& in) {
  if (in.accounts_known < in.devices) {
    return only(State::unknown, Code::issued_unknown,
                Arguments()
                    .number(static_cast<std::int64_t>(in.devices - in.accounts_known))
                    .number(static_cast<std::int64_t>(in.devices)));
  }
  return only(State::not_applicable, Code::issued_none);
}

}  // namespace luy::duty
