// Goal: who signs in through a source is the account that two people tied to the key there, and nobody else; every
// lock, pause and second factor of ours counts for them; what was let in through a source ends with it.
// Method: a directory whose passwords a table knows; each reason to be refused in turn.
#include "directory/federation.h"

#include <algorithm>

#include "directory/fixture.h"
#include "directory/totp.h"

namespace luy::directory {
namespace {

constexpr std::string_view key_of_lan = "597ae2f6-16a6-1027-98f4-d28b5365dc14";

class FederationTest : public DirectoryTest {
 protected:
  FederationTest() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    school_ = add_agency("TH", town_).id;
    const IssuedAccount issued = add_account("lan", Role::staff, office_);
    change_issued("lan", issued.one_time_password, own_password);
    lan_ = issued.account.id;
    source_ = directory_->propose_source(server_operator(), ldap("Thư mục"))->source;
    know_passwords();
  }
  void know_passwords() {
    directory_->federation().ask_passwords_by(
        [this](const SignSource&, std::string_view username, std::string_view password) -> Result<std::string> {
          ++asked_;
          if (silent_) return Error(source_silent, "ldaps://ldap.example");
          if (username != "nguyen.lan" || password != "mật khẩu ở thư mục") return Error(sign_in_failed);
          return std::string(key_of_lan);
        });
  }
  SourceSettings ldap(const std::string& name) const {
    SourceSettings out;
    out.name = name;
    out.agency = office_;
    out.ldap = LdapSource{{"ldaps://ldap.example"}, false,    "dc=example", "(objectClass=person)", "entryUUID",
                          "cn=luy,dc=example",      "secret", "ca.crt",     {"uid", "cn"}};
    return out;
  }
  Result<Proposed> tie(const AccountId& account, std::string_view subject = key_of_lan) {
    return directory_->propose_identity(server_operator(), account, source_, subject);
  }
  Result<SignedIn> enter(std::string_view username = "nguyen.lan", std::string_view password = "mật khẩu ở thư mục",
                         std::string_view code = "") {
    SignIn attempt{username, password, "192.0.2.1", ""};
    attempt.code = code;
    return directory_->federation().sign_in(source_, attempt);
  }
  void sql(std::string_view statement) {
    ASSERT_TRUE(
        database_->write([&](records::Connection& c) { return c.run(statement, {std::string_view(lan_.text())}); }));
  }

  AgencyId office_;
  AgencyId school_;
  AccountId lan_;
  SourceId source_;
  int asked_ = 0;
  bool silent_ = false;
};

}  // namespace

TEST_F(FederationTest, SignsInAsTheAccountThatWasTied) {
  ASSERT_TRUE(tie(lan_));
  const auto signed_in = enter();
  ASSERT_TRUE(signed_in) << signed_in.error().text();
  EXPECT_EQ(signed_in->session.actor.account, lan_);
  EXPECT_TRUE(alive(signed_in->token));
  EXPECT_EQ(sink_.last().at("event.action").as_string(), "sign_in_federated");
  EXPECT_TRUE(directory_->federation().identities(lan_)->front().last_used);
  // Sync finds the person by the same key.
  const auto person = directory_->people().find(directory_->accounts().find(lan_)->person);
  EXPECT_EQ(person->external, (ExternalKey{source_.text(), std::string(key_of_lan)}));
}

TEST_F(FederationTest, TellsWhomItDoesNotKnowTheirKey) {
  const auto refused = enter();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(identity_unlinked));
  EXPECT_EQ(refused.error().detail(), key_of_lan);
}

TEST_F(FederationTest, AsksNoSourceWithoutAPasswordOrForAnotherSpelling) {
  for (const auto& [username, password] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"nguyen.lan", ""}, {"nguyen.lan", std::string_view("\0x", 2)}, {"nguyen.lan ", "x"}, {"*", "x"}}) {
    const auto refused = enter(username, password);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().is(sign_in_failed)) << username;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(FederationTest, PausesAfterWrongPasswordsHoweverTheNameIsWritten) {
  ASSERT_TRUE(tie(lan_));
  const char* spellings[] = {"nguyen.lan", "Nguyen.Lan", "NGUYEN.LAN"};
  for (int i = 0; i < static_cast<int>(pause_per_account.free) + 1; ++i) EXPECT_FALSE(enter(spellings[i % 3], "sai"));
  const int before = asked_;
  const auto paused = enter();
  ASSERT_FALSE(paused);
  EXPECT_TRUE(paused.error().is(sign_in_paused)) << paused.error().text();
  EXPECT_EQ(asked_, before);
  // The name here is another one: it is not paused by what happens there.
  EXPECT_TRUE(sign_in("lan", own_password));
  clock_.advance(pause_per_account.longest);
  EXPECT_TRUE(enter());
  // A right one ends the count.
  EXPECT_FALSE(enter("nguyen.lan", "sai"));
  EXPECT_TRUE(enter());
}

TEST_F(FederationTest, CountsNoFailureWhenTheSourceIsSilent) {
  silent_ = true;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(enter().error().is(source_silent));
  silent_ = false;
  ASSERT_TRUE(tie(lan_));
  EXPECT_TRUE(enter());
}

TEST_F(FederationTest, AsksForOurSecondFactor) {
  ASSERT_TRUE(tie(lan_));
  sql("INSERT INTO totp (account, secret, confirmed, last_step, created_at)"
      " VALUES ($1, x'3132333435363738393031323334353637383930', 1, 0, 0)");
  const auto code = [&] { return totp_code("12345678901234567890", totp_step_of(clock_.now())); };
  EXPECT_TRUE(enter().error().is(factor_required));
  EXPECT_TRUE(enter("nguyen.lan", "mật khẩu ở thư mục", "000000").error().is(factor_wrong));
  EXPECT_TRUE(enter("nguyen.lan", "mật khẩu ở thư mục", code()));
  // A source that is believed in two factors spares ours.
  EXPECT_TRUE(directory_->sessions().sign_in_federated({source_.text(), key_of_lan, true}));
  EXPECT_TRUE(
      directory_->sessions().sign_in_federated({source_.text(), key_of_lan, false}).error().is(factor_required));
}

TEST_F(FederationTest, RefusesWhatIsLockedSealedOrSwitchedOff) {
  ASSERT_TRUE(tie(lan_));
  const struct {
    const char* statement;
    const ErrorKind& error;
  } table[] = {
      {"UPDATE account SET enabled = 0 WHERE id = $1", account_disabled},
      {"UPDATE account SET enabled = 1, sealed = 1 WHERE id = $1", identity_sealed},
      {"UPDATE account SET sealed = 2 WHERE id = $1", identity_sealed},
  };
  for (const auto& [statement, error] : table) {
    sql(statement);
    const auto refused = enter();
    ASSERT_FALSE(refused) << statement;
    EXPECT_TRUE(refused.error().is(error)) << refused.error().text();
  }
  sql("UPDATE account SET sealed = 0 WHERE id = $1");
  const auto before = enter();
  ASSERT_TRUE(before);
  SourceSettings off = ldap("Thư mục");
  off.enabled = false;
  // Nobody gains by it: one person is enough, and it is done at once.
  const auto switched = directory_->propose_source_change(administrator(), source_, off);
  ASSERT_TRUE(switched) << switched.error().text();
  EXPECT_TRUE(switched->proposed.done);
  EXPECT_FALSE(alive(before->token));
  EXPECT_TRUE(enter().error().is(source_unknown));
}

TEST_F(FederationTest, EndsWhatBeganThroughItWithTheSource) {
  ASSERT_TRUE(tie(lan_));
  const std::string own = sign_in("lan", own_password)->token;
  const std::string through = enter()->token;
  ASSERT_TRUE(directory_->federation().unlink(administrator(), lan_, source_));
  EXPECT_TRUE(alive(own));
  EXPECT_FALSE(alive(through));
  EXPECT_TRUE(enter().error().is(identity_unlinked));
  EXPECT_TRUE(directory_->federation().unlink(administrator(), lan_, source_).error().is(identity_unknown));
  ASSERT_TRUE(tie(lan_));
  const std::string again = enter()->token;
  ASSERT_TRUE(directory_->propose_source_removal(server_operator(), source_));
  EXPECT_FALSE(alive(again));
  EXPECT_TRUE(directory_->federation().list()->empty());
  EXPECT_FALSE(directory_->people().find(directory_->accounts().find(lan_)->person)->external);
}

TEST_F(FederationTest, TiesOneIdentityToOneAccount) {
  const AccountId teacher = add_account("giaovien", Role::staff, school_).account.id;
  const AccountId clerk = add_account("vanthu", Role::staff, office_).account.id;
  ASSERT_TRUE(tie(lan_));
  EXPECT_TRUE(tie(clerk).error().is(identity_taken));
  EXPECT_TRUE(tie(lan_, "another").error().is(identity_taken));
  EXPECT_TRUE(tie(teacher, "another").error().is(account_elsewhere));
  EXPECT_TRUE(tie(clerk, "with blank").error().is(bad_value));
  EXPECT_TRUE(tie(clerk, "").error().is(bad_value));
  sql("UPDATE account SET sealed = 1 WHERE id = $1");
  EXPECT_TRUE(tie(lan_, "x").error().is(identity_sealed));
  // Whoever ties an identity could sign in by it.
  const auto own = directory_->propose_identity(administrator(), administrator_, source_, "mine");
  ASSERT_FALSE(own);
  EXPECT_TRUE(own.error().is(own_account)) << own.error().text();
}

TEST_F(FederationTest, KeepsWhatIdentitiesHangOn) {
  SourceSettings other = ldap("Thư mục");
  other.ldap->key = "objectGUID";
  EXPECT_TRUE(directory_->propose_source_change(server_operator(), source_, other).error().is(source_invalid));
  SourceSettings provider = ldap("Thư mục");
  provider.ldap.reset();
  provider.oidc = OidcSource{"https://id.example", "luy", {"openid"}};
  EXPECT_TRUE(directory_->propose_source_change(server_operator(), source_, provider).error().is(source_invalid));
  SourceSettings moved = ldap("Thư mục mới");
  moved.ldap->urls = {"ldaps://ldap2.example"};
  EXPECT_TRUE(directory_->propose_source_change(server_operator(), source_, moved));
  EXPECT_EQ(directory_->federation().find(source_)->settings, moved);
}

TEST_F(FederationTest, AsksNobodyForAPasswordThatIsNotTheirs) {
  const IssuedAccount issued = add_account("moi", Role::staff, office_);
  ASSERT_TRUE(tie(issued.account.id));
  const auto signed_in = enter();
  ASSERT_TRUE(signed_in);
  EXPECT_FALSE(signed_in->session.actor.must_change_password);
  EXPECT_FALSE(directory_->sessions().authenticate(signed_in->token, Touch::no)->actor.must_change_password);
}

TEST_F(FederationTest, WritesDownWhatAskingCameTo) {
  ASSERT_TRUE(directory_->federation().note_result(source_, Error(source_silent, "x")));
  EXPECT_NE(directory_->federation().find(source_)->problem_vi, "");
  ASSERT_TRUE(directory_->federation().note_result(source_, std::nullopt));
  EXPECT_EQ(directory_->federation().find(source_)->problem_en, "");
}

}  // namespace luy::directory
