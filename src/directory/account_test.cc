// Goal: accounts are issued, disabled and given new passwords only by who may, nobody hands out rights they lack, and
// the first administrator comes into being exactly once.
#include "directory/account.h"

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class AccountTest : public DirectoryTest {
 protected:
  AccountTest() { set_up_town(); }
};

using SetUpTest = DirectoryTest;

}  // namespace

TEST_F(SetUpTest, MakesTheFirstAdministratorOnce) {
  const auto first = *directory_->set_up(first_setup());
  ASSERT_TRUE(first.one_time_password);
  const auto again = *directory_->set_up(first_setup());
  EXPECT_EQ(again.account, first.account);
  EXPECT_EQ(again.agency, first.agency);
  EXPECT_EQ(again.username, "Quantri1");
  EXPECT_FALSE(again.one_time_password);
  const Account account = directory_->accounts().list()->at(0);
  EXPECT_EQ(account.display_name, "Nguyễn Thị Lan");
  EXPECT_TRUE(account.must_change_password);
  EXPECT_EQ(account.one_time_until, clock_.now() + one_time_lifetime);
  ASSERT_EQ(account.grants.size(), 2U);
  EXPECT_EQ(directory_->accounts().list()->size(), 1U);
  EXPECT_EQ(sink_.acts(), std::vector<std::string>{"set_up"});
}

TEST_F(SetUpTest, ReissuesOnlyAPasswordThatWasNeverChanged) {
  FirstSetup setup = first_setup();
  const std::string issued = *directory_->set_up(setup)->one_time_password;
  setup.reissue = Reissue::if_unused;
  const std::string reissued = *directory_->set_up(setup)->one_time_password;
  EXPECT_NE(issued, reissued);
  EXPECT_TRUE(sign_in("Quantri1", issued).error().is(sign_in_failed));
  change_issued("quantri1", reissued, own_password);
  EXPECT_FALSE(directory_->set_up(setup)->one_time_password);
}

TEST_F(SetUpTest, RefusesWhatCannotBeAnAgencyOrAName) {
  FirstSetup setup = first_setup();
  setup.username = "quản trị";
  EXPECT_TRUE(directory_->set_up(setup).error().is(bad_username));
  setup = first_setup();
  setup.agency_name = "";
  EXPECT_TRUE(directory_->set_up(setup).error().is(bad_value));
  EXPECT_TRUE(directory_->accounts().list()->empty());
  EXPECT_TRUE(directory_->agencies().list()->empty());
}

TEST_F(AccountTest, IsIssuedWithAOneTimePassword) {
  const Agency office = add_agency("VP", town_);
  const IssuedAccount issued = add_account("lan", Role::agency_head, office.id);
  const auto signed_in = sign_in("LAN", issued.one_time_password);
  ASSERT_TRUE(signed_in);
  EXPECT_TRUE(signed_in->session.actor.must_change_password);
  const Account listed = directory_->accounts().list(office.id)->at(0);
  EXPECT_EQ(listed.id, issued.account.id);
  EXPECT_EQ(listed.agency, office.id);
  EXPECT_EQ(listed.password_set_at, clock_.now());
  EXPECT_EQ(listed.last_sign_in, clock_.now());
  EXPECT_EQ(directory_->accounts().list()->size(), 2U);
  for (const AuditRecord& record : sink_.records) {
    EXPECT_EQ(record.json.find(issued.one_time_password), std::string::npos) << "a secret in the audit trail";
  }
}

TEST_F(AccountTest, HasANameOfItsOwn) {
  add_account("lan", Role::staff, town_);
  const struct {
    const char* username;
    const ErrorKind* error;
  } table[] = {{"LAN", &username_taken},      {"quantri1", &username_taken}, {"l", &bad_username},
               {"lan nguyen", &bad_username}, {"lạn", &bad_username},        {"../etc", &bad_username}};
  for (const auto& [username, error] : table) {
    const auto result = directory_->accounts().create(administrator(), {town_, "Lan", username, {}});
    ASSERT_FALSE(result) << username;
    EXPECT_TRUE(result.error().is(*error)) << username;
  }
  EXPECT_EQ(directory_->accounts().list()->size(), 2U);
}

TEST_F(AccountTest, CarriesNoRightThatItsMakerLacks) {
  const Agency office = add_agency("VP", town_);
  Actor only_admin = actor_;
  only_admin.grants = {{Role::system_admin, office.id, town_}};
  const auto create = [&](std::vector<Grant> grants, const char* username) {
    return directory_->accounts().create(caller_of(only_admin, ""), {office.id, "Lan", username, std::move(grants)});
  };
  EXPECT_TRUE(create({{Role::system_admin, office.id}}, "one"));
  EXPECT_TRUE(create({{Role::staff, office.id}}, "two"));
  EXPECT_TRUE(create({{Role::staff, office.id}, {Role::auditor, office.id}}, "six").error().is(cannot_grant))
      << "an auditor sees the register of devices for state secrets";
  EXPECT_TRUE(create({{Role::security_officer, office.id}}, "three").error().is(cannot_grant));
  EXPECT_TRUE(create({{Role::auditor, town_}}, "four").error().is(cannot_grant));
  EXPECT_TRUE(create({{Role::staff, office.id}, {Role::system_admin, town_}}, "five").error().is(cannot_grant));
}

TEST_F(AccountTest, IsManagedOnlyByWhomThePolicyLets) {
  const Agency office = add_agency("VP", town_);
  const AccountId head = add_account("truong", Role::agency_head, office.id).account.id;
  Actor below;
  below.account = add_account("vpqt", Role::system_admin, office.id).account.id;
  below.grants = {{Role::system_admin, office.id}};
  Actor officer = actor_;
  officer.grants = {{Role::security_officer, town_}};
  EXPECT_TRUE(directory_->accounts().disable(caller_of(officer, ""), head).error().is(not_allowed));
  EXPECT_TRUE(directory_->accounts().disable(caller_of(below, ""), administrator_).error().is(not_allowed));
  EXPECT_TRUE(directory_->accounts().issue_password(caller_of(below, ""), administrator_).error().is(not_allowed));
  EXPECT_TRUE(directory_->accounts().create(caller_of(officer, ""), {town_, "Lan", "lan", {}}).error().is(not_allowed));
  EXPECT_TRUE(directory_->accounts().disable(administrator(), administrator_).error().is(own_account));
  EXPECT_TRUE(directory_->accounts().issue_password(administrator(), administrator_).error().is(own_account));
  EXPECT_TRUE(alive(token_));
  EXPECT_TRUE(directory_->accounts().disable(caller_of(below, ""), head));
  EXPECT_FALSE(directory_->accounts().find(head)->enabled);
  EXPECT_TRUE(directory_->accounts().enable(administrator(), head));
  EXPECT_TRUE(directory_->accounts()
                  .disable(administrator(), AccountId::make(clock_.now(), random_))
                  .error()
                  .is(account_unknown));
}

}  // namespace luy::directory
