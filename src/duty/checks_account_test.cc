// Goal: the checks of accounts and passwords judge as the obligation's text says, in
// every state they can reach, and turn at the exact moment.
// Method: one table per check; boundaries one microsecond before and at the moment.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "duty/check_fixture.h"

namespace luy::duty {
namespace {

fact::Account account(const std::string& name, const std::string& password, const std::string& method = "yescrypt") {
  fact::Account out;
  out.name = name;
  out.can_log_in = true;
  out.password = password;
  out.hash_method = method;
  out.login_keys = 0;
  return out;
}

// What the pack's checks of password settings say: all right but those named.
fact::Hardening settings(const regulation::Pack& pack, const std::map<std::string, std::string>& but = {}) {
  fact::Hardening out;
  out.catalogue = "0123456789abcdef";
  for (const regulation::Obligation& obligation : pack.obligations) {
    if (obligation.check != regulation::Check::passwords) continue;
    for (const std::string& id : Limits(obligation.parameters, pack).texts("setting_checks")) {
      const auto other = but.find(id);
      fact::CheckResult result{id, other == but.end() ? "right" : other->second};
      result.found = "7";
      if (result.state != "absent") out.results.push_back(result);
    }
  }
  return out;
}

TEST_F(CheckTest, PasswordsRestOnTheMachinesSettingsToo) {
  const auto name = regulation::Check::passwords;
  device_.accounts = learnt(inventory::AccountSummary{true, 30, {}});
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  EXPECT_EQ(judge(name, t0).code, Code::password_settings_unreported);
  const struct {
    std::map<std::string, std::string> but;
    State state;
    Code code;
  } table[] = {
      {{}, State::kept, Code::password_no_login},
      {{{"password-length", "not_applicable"}}, State::kept, Code::password_no_login},
      {{{"password-length", "wrong"}}, State::violated, Code::password_settings_wrong},
      {{{"password-length", "wrong"}, {"password-hash", "unknown"}}, State::violated, Code::password_settings_wrong},
      {{{"password-hash", "unknown"}}, State::unknown, Code::password_settings_unknown},
      {{{"password-hash", "absent"}}, State::unknown, Code::password_settings_unknown},
  };
  for (const auto& [but, state, code] : table) {
    device_.hardening = learnt(settings(pack_, but));
    EXPECT_EQ(judge(name, t0).state, state);
    EXPECT_EQ(judge(name, t0).code, code);
    EXPECT_EQ(judge(name, t0).basis.size(), 2U);
  }
  device_.hardening = learnt(settings(pack_, {{"password-length", "wrong"}, {"password-hash", "wrong"}}));
  const Judgement two = judge(name, t0);
  EXPECT_EQ(to_text({std::string(name_of(two.code)), Arguments::unpack(two.arguments.packed())}).en,
            "Of the machine's password settings 2 checks are not met: “password-length” (found: 7).");
  fact::Hardening none;
  none.unknown_because = "luy-agent-check: not found";
  device_.hardening = learnt(none);
  EXPECT_EQ(judge(name, t0).code, Code::password_settings_unknown);
}

TEST_F(CheckTest, PasswordsAreSound) {
  const auto name = regulation::Check::passwords;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  device_.hardening = learnt(settings(pack_));
  const auto with = [&](std::vector<fact::Account> accounts, bool readable = true) {
    device_.accounts = learnt(inventory::AccountSummary{readable, 30, std::move(accounts)});
    return judge(name, t0);
  };
  fact::Account young = account("lan", "set");
  young.password_changed_at = t0;
  fact::Account old = young;
  old.password_changed_at = t0 - days(91);
  const auto dated = [](const char* method) {
    fact::Account out = account("lan", "set", method);
    out.password_changed_at = t0;
    return out;
  };
  fact::Account waiting = account("lan", "set");
  waiting.must_change_password = true;
  fact::Account no_shell = account("www", "none");
  no_shell.can_log_in = false;
  const struct {
    std::vector<fact::Account> accounts;
    bool readable;
    State state;
    Code code;
  } table[] = {
      {{young}, false, State::unknown, Code::password_unreadable},
      {{}, true, State::kept, Code::password_no_login},
      {{no_shell}, true, State::kept, Code::password_no_login},
      {{young}, true, State::kept, Code::password_kept},
      {{account("lan", "none")}, true, State::violated, Code::password_empty},
      {{account("lan", "set", "md5")}, true, State::violated, Code::password_weak},
      {{dated("")}, true, State::unknown, Code::password_method_unknown},
      {{dated("unknown")}, true, State::unknown, Code::password_method_unknown},
      {{account("lan", "set")}, true, State::unknown, Code::password_undated},
      {{waiting}, true, State::kept, Code::password_kept},
      {{account("lan", "set"), old}, true, State::violated, Code::password_overdue},
      {{young, old}, true, State::violated, Code::password_overdue},
  };
  for (const auto& [accounts, readable, state, code] : table) {
    EXPECT_EQ(with(accounts, readable).state, state) << name_of(code);
    EXPECT_EQ(with(accounts, readable).code, code) << name_of(code);
  }
  // The fact itself is told anew every day; here it is as fresh as the moment of judging.
  const Time late = t0 + days(90);
  const auto at = [&](Time now) {
    device_.accounts = learnt(inventory::AccountSummary{true, 1, {young}}, now);
    device_.hardening = learnt(settings(pack_), now);
    return judge(name, now);
  };
  EXPECT_EQ(at(t0 + days(72) - 1us).state, State::kept);
  EXPECT_EQ(at(t0 + days(72)).code, Code::password_due);
  EXPECT_EQ(at(late - 1us).state, State::due);
  EXPECT_EQ(at(late).state, State::violated);
}

TEST_F(CheckTest, AnIssuedPasswordIsChangedWithinADay) {
  const auto name = regulation::Check::first_password;
  ProductAccount admin;
  admin.username = "quantri";
  admin.issued_at = t0;
  admin.must_change_password = true;
  product_account_ = admin;
  expect_period(name, t0, t0 + 24h - 288min, t0 + 24h);
  product_account_->must_change_password = false;
  product_account_->password_changed_at = t0 + 1h;
  EXPECT_EQ(judge(name, t0 + days(400)).state, State::kept);
  EXPECT_EQ(judge(name, t0 + days(400)).code, Code::issued_changed);
  product_account_->issued_seq = 3;
  product_account_->password_seq = 4;
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 4U);
  product_account_->must_change_password = true;
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 3U);
  product_account_.reset();

  account_ = account("lan", "set");
  account_->must_change_password = true;
  account_->last_login = t0 - days(3);
  device_.accounts = learnt(inventory::AccountSummary{true, 1, {*account_}});
  expect_period(name, t0, t0 + 24h - 288min, t0 + 24h);
  account_->last_login = t0 + 1s;
  EXPECT_EQ(judge(name, t0 + 2s).code, Code::issued_used);
  EXPECT_EQ(judge(name, t0 + 2s).state, State::violated);
  EmptyInput empty{pack_.obligations.front(), pack_};
  EXPECT_EQ(first_password_when_empty(empty).state, State::not_applicable);
  empty.devices = 2;
  empty.accounts_known = 1;
  EXPECT_EQ(first_password_when_empty(empty).state, State::unknown) << "the other may hide one";
  empty.accounts_known = 2;
  EXPECT_EQ(first_password_when_empty(empty).state, State::not_applicable);
}

TEST_F(CheckTest, AccountsHaveAnOwnerAndAreUsed) {
  const auto name = regulation::Check::account_control;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  device_.accounts = learnt(inventory::AccountSummary{false, 30, {}});
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  device_.accounts = learnt(inventory::AccountSummary{true, 30, {}});
  EXPECT_EQ(judge(name, t0).code, Code::account_none);
  EXPECT_EQ(judge(name, t0).state, State::kept);
  device_.accounts = learnt(inventory::AccountSummary{true, 30, {}, 2, "sao-luu"});
  EXPECT_EQ(judge(name, t0).code, Code::account_keys_unknown);
  EXPECT_EQ(judge(name, t0).state, State::unknown);

  account_ = account("postgres", "unknown");
  device_.accounts = learnt(inventory::AccountSummary{false, 30, {*account_}});
  const auto owner = std::exchange(owner_, std::nullopt);
  EXPECT_EQ(judge(name, t0).code, Code::password_unreadable) << "whether it can log in is not known";
  owner_ = owner;

  account_ = account("lan", "set");
  account_->last_login = t0;
  const auto at = [&](Time now) {
    device_.accounts = learnt(inventory::AccountSummary{true, 1, {*account_}}, now);
    return judge(name, now);
  };
  EXPECT_EQ(at(t0 + days(72) - 1us).state, State::kept);
  EXPECT_EQ(at(t0 + days(72)).state, State::due);
  EXPECT_EQ(at(t0 + days(90) - 1us).state, State::due);
  EXPECT_EQ(at(t0 + days(90)).code, Code::account_dormant);
  account_->last_login.reset();
  account_->password_changed_at = t0 - days(400);
  device_.device.enrolled_at = t0 - days(10);
  EXPECT_EQ(at(t0).state, State::kept);  // Nobody watched before it was enrolled.
  const auto by = [&](std::optional<AccountOwner> answers) {
    owner_ = std::move(answers);
    return at(t0);
  };
  EXPECT_EQ(by(std::nullopt).code, Code::account_no_owner);
  EXPECT_EQ(by(std::nullopt).state, State::violated);
  EXPECT_EQ(by(AccountOwner{"Nguyễn Văn A", false, false, t0, 7}).code, Code::account_owner_gone);
  EXPECT_EQ(by(AccountOwner{"Nguyễn Văn A", true, true, t0, 7}).code, Code::account_shared);
  EXPECT_EQ(by(AccountOwner{"", false, true, t0, 7}).code, Code::account_shared) << "nobody is named who could go";
  const Judgement ending = by(AccountOwner{"Nguyễn Văn A", true, false, t0, 7, t0 + 1h});
  EXPECT_EQ(ending.state, State::kept);
  EXPECT_EQ(ending.changes_at, t0 + 1h);
  EXPECT_EQ(ending.basis.at(1).seq, 7U);

  ProductAccount admin;
  admin.username = "quantri";
  admin.issued_at = t0;
  admin.has_owner = true;
  product_account_ = admin;
  expect_period(name, t0, t0 + days(72), t0 + days(90));
  product_account_->issued_seq = 3;
  product_account_->sign_in_seq = 4;
  product_account_->disabled_seq = 5;
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 3U);
  product_account_->last_sign_in = t0;
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 4U);
  product_account_->has_owner = false;
  EXPECT_EQ(judge(name, t0).code, Code::account_no_person);
  product_account_->enabled = false;
  EXPECT_EQ(judge(name, t0 + days(400)).code, Code::account_locked);
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 5U);
}

TEST_F(CheckTest, AnAccountIsUsedInOnePlaceAtATime) {
  const auto name = regulation::Check::account_secrecy;
  ProductAccount lan;
  lan.username = "lan";
  lan.issued_at = t0 - days(100);
  lan.issued_seq = 3;
  product_account_ = lan;
  EXPECT_EQ(judge(name, t0).code, Code::secrecy_unwatched);
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  product_account_->places_watched = true;
  EXPECT_EQ(judge(name, t0).code, Code::secrecy_unused);
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 3U);
  product_account_->last_sign_in = t0;
  product_account_->sign_in_seq = 4;
  EXPECT_EQ(judge(name, t0).code, Code::secrecy_kept);
  EXPECT_EQ(judge(name, t0).state, State::kept);
  EXPECT_EQ(judge(name, t0).basis.at(0).seq, 4U);
  product_account_->two_places = {t0, "192.0.2.7", "192.0.2.9", t0 - 1min, 5};
  const Judgement twice = judge(name, t0 + days(30) - 1us);
  EXPECT_EQ(twice.state, State::violated);
  EXPECT_EQ(twice.code, Code::secrecy_two_places);
  EXPECT_EQ(twice.basis.at(0).seq, 5U);
  EXPECT_EQ(twice.changes_at, t0 + days(30));
  EXPECT_EQ(Arguments::unpack(twice.arguments.packed()).at(3), "192.0.2.9");
  EXPECT_EQ(judge(name, t0 + days(30)).state, State::kept);
  EXPECT_EQ(account_secrecy_when_empty({pack_.obligations.front(), pack_}).state, State::unknown);
}

}  // namespace
}  // namespace luy::duty
