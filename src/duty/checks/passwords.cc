// passwords (6.7): no account logs in without a password, every password is stored with an accepted hash and is younger
// than its limit. Without reading shadow(5) nothing of this can be known. And the machine's settings ask for such
// passwords: the hardening checks that the pack names are met. Of a network or storage device that runs no agent, the
// recorded changes are judged by the same age.
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

const fact::CheckResult* result_of(const fact::Hardening& checks, const std::string& id) {
  const auto found = std::find_if(checks.results.begin(), checks.results.end(),
                                  [&](const fact::CheckResult& result) { return result.check == id; });
  return found == checks.results.end() ? nullptr : &*found;
}

void judge_settings(Finding& finding, const Input& in) {
  const auto& part = in.device->hardening;
  if (!part) return finding.add(State::unknown, Code::password_settings_unreported);
  finding.rests_on(basis_of("hardening", *part));
  std::int64_t wrong = 0;
  const fact::CheckResult* first_wrong = nullptr;
  std::optional<std::string> first_unknown;
  for (const std::string& id : in.limits.texts("setting_checks")) {
    const fact::CheckResult* const result = result_of(part->value, id);
    if (result != nullptr && result->state == "wrong") {
      if (wrong++ == 0) first_wrong = result;
    } else if (result == nullptr || (result->state != "right" && result->state != "not_applicable")) {
      // An older agent does not know the check.
      if (!first_unknown) first_unknown = id;
    }
  }
  if (first_unknown) finding.add(State::unknown, Code::password_settings_unknown, Arguments().text(*first_unknown));
  if (first_wrong == nullptr) return;
  finding.add(State::violated, Code::password_settings_wrong,
              Arguments().number(wrong).text(first_wrong->check).text(first_wrong->found.value_or("–")));
}

Judgement judge_record(const CredentialState& record, const Input& in) {
  constexpr std::string_view method = "luy-hub";
  Finding finding;
  if (!record.changed_at) {
    finding.rests_on({record_kind, record.registered_seq, record.registered_at, method});
    finding.add(State::violated, Code::password_unrecorded, Arguments().time(record.registered_at));
    return std::move(finding).done();
  }
  finding.rests_on({record_kind, record.seq, *record.changed_at, method});
  const Time limit = *record.changed_at + in.limits.duration("password_age_days");
  const Phase phase = phase_until(*record.changed_at, record.due_at ? std::min(*record.due_at, limit) : limit,
                                  in.limits.due_share(), in.now);
  const Code code = phase.state == State::kept  ? Code::password_recorded
                    : phase.state == State::due ? Code::password_record_due
                                                : Code::password_record_overdue;
  Arguments arguments;
  arguments.time(*record.changed_at);
  if (phase.state != State::kept) arguments.time(phase.ends);
  finding.add(phase.state, code, std::move(arguments), phase.changes_at);
  return std::move(finding).done();
}

bool runs_no_agent(const inventory::DeviceState& state) {
  using inventory::DeviceClass;
  const DeviceClass device_class = state.device.device_class;
  return (device_class == DeviceClass::network || device_class == DeviceClass::storage) && state.agent_version.empty();
}

}  // namespace

Judgement judge_passwords(const Input& in) {
  const auto& part = in.device->accounts;
  if (!part && in.credentials) return judge_record(*in.credentials, in);
  if (!part && in.credentials_kept && runs_no_agent(*in.device)) {
    return only(State::violated, Code::password_unregistered);
  }
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
  judge_settings(finding, in);
  return std::move(finding).done();
}

}  // namespace luy::duty
