// Goal: the second person decides only what is theirs to decide everywhere it lies: where whom it is about works, where
// it was asked for, in every place the kind names; and about themselves only where their consent is what is asked.
// Method: acts of the directory, and kinds of the test's own that change nothing, so that only who may agree is seen.
#include <utility>

#include "directory/fixture.h"
#include "directory/pending.h"

namespace luy::directory {
namespace {

class SecondPerson : public DirectoryTest {
 protected:
  SecondPerson() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    staff_ = person("lan", Role::staff, office_);
    head_ = person("chutich", Role::agency_head, town_);  // From here on two people may give roles in the town.
  }
  // Who has not changed the issued password decides nothing.
  AccountId person(const std::string& username, Role role, const AgencyId& agency) {
    const IssuedAccount issued = add_account(username, role, agency);
    change_issued(username, issued.one_time_password, own_password);
    return issued.account.id;
  }
  Actor actor_for(const AccountId& id) {
    const Account account = *directory_->accounts().find(id);
    Actor actor;
    actor.account = id;
    actor.person = account.person;
    actor.username = account.username;
    for (const Grant& grant : account.grants) {
      if (grant.valid_on(day_of(clock_.now()))) actor.grants.push_back(grant);
    }
    return actor;
  }
  Result<boost::json::object> agree(const AccountId& by, const ActId& act) {
    const Actor actor = actor_for(by);
    return directory_->acts().agree(caller_of(actor, "192.0.2.2"), act);
  }
  static ActKind question(Action action, std::vector<AgencyId> places) {
    ActKind kind;
    kind.action = action;
    kind.run = [action](records::Connection&, const Caller& caller, const boost::json::object& body,
                        AuditEntry& entry) -> Result<boost::json::object> {
      LUY_TRY_VOID(caller.require(action, Object::anywhere()));
      entry.object = "account:" + std::string(body.at("account").as_string());
      return boost::json::object();
    };
    kind.places = [places = std::move(places)](records::Connection&, const boost::json::object&) {
      return Result<std::vector<AgencyId>>(places);
    };
    return kind;
  }
  static boost::json::object about(const AccountId& account) { return {{"account", account.text()}}; }

  AgencyId office_;
  AccountId staff_;
  AccountId head_;
};

}  // namespace

// Whoever issues a password could sign in with it: nobody else is even asked.
TEST_F(SecondPerson, IsAskedOnlyForWhatTheFirstMay) {
  const AccountId officer = person("antoan", Role::security_officer, town_);
  const struct {
    const char* what;
    AccountId by;
    AccountId whose;
    const ErrorKind* error;
  } table[] = {{"one's own", administrator_, administrator_, &own_account},
               {"of whom works elsewhere", person("vpqt", Role::system_admin, office_), officer, &not_allowed},
               {"of whom holds more", person("quantri2", Role::system_admin, town_), officer, &cannot_grant}};
  for (const auto& [what, by, whose, error] : table) {
    const Actor actor = actor_for(by);
    const auto asked = directory_->propose_password(caller_of(actor, ""), whose, Directory::Envelope::sealed);
    ASSERT_FALSE(asked) << what;
    EXPECT_TRUE(asked.error().is(*error)) << what << ": " << asked.error().text();
  }
  EXPECT_TRUE(directory_->acts().list()->empty());
}

// Who works for the town and helps in an office is no matter for the office alone.
TEST_F(SecondPerson, DecidesWhereWhomItIsAboutWorks) {
  const AccountId helper = person("vpqt", Role::system_admin, office_);
  const auto made =
      directory_->accounts().create(server_operator(), {town_, "Người giúp", "giup", {{Role::staff, office_}}});
  const ActId act = *directory_->propose_factor_reset(administrator(), made->account.id)->waiting;
  EXPECT_EQ(directory_->acts().list()->at(0).agency, town_) << "the highest place comes first";
  EXPECT_TRUE(agree(helper, act).error().is(not_allowed));
  EXPECT_TRUE(agree(person("quantri3", Role::system_admin, town_), act));
}

TEST_F(SecondPerson, DecidesWhereItWasAskedFor) {
  // Administers the town when it is asked, the office alone when it is decided.
  const AccountId whom = person("vpqt", Role::system_admin, office_);
  ASSERT_TRUE(directory_->roles().grant(server_operator(), whom, {Role::system_admin, town_}));
  // Decides acts in the town, manages accounts in the office alone.
  const AccountId officer = person("antoan", Role::security_officer, town_);
  ASSERT_TRUE(directory_->roles().grant(server_operator(), officer, {Role::system_admin, office_}));
  const ActId act = *directory_->propose_password(administrator(), whom, Directory::Envelope::open)->proposed.waiting;
  ASSERT_TRUE(directory_->roles().revoke(server_operator(), whom, Role::system_admin, town_));
  EXPECT_TRUE(directory_->acts().check_decider(officer, act).error().is(not_allowed));
  EXPECT_TRUE(agree(officer, act).error().is(not_allowed));
  EXPECT_TRUE(agree(person("quantri3", Role::system_admin, town_), act));
}

TEST_F(SecondPerson, DecidesInEveryPlaceOfTheKind) {
  const AgencyId school = add_agency("TH", town_).id;
  // An auditor may do this, but decides nothing: no act of the table is so, the next may be.
  directory_->acts().add_kind("look", question(Action::device_read, {office_, school}));
  const AccountId half = person("antoan", Role::security_officer, office_);
  ASSERT_TRUE(directory_->roles().grant(server_operator(), half, {Role::auditor, school}));
  const ActId act = *directory_->acts().propose(administrator(), "look", about(staff_), office_)->waiting;
  EXPECT_TRUE(directory_->acts().check_decider(half, act).error().is(not_allowed));
  EXPECT_TRUE(agree(half, act).error().is(not_allowed)) << "in the school they only read";
  ASSERT_TRUE(directory_->roles().grant(server_operator(), half, {Role::security_officer, school}));
  EXPECT_TRUE(agree(half, act));
}

TEST_F(SecondPerson, IsWhomItIsAboutOnlyWhereTheirConsentIsAsked) {
  ActKind judged = question(Action::role_grant, {town_});
  ActKind asked = judged;
  asked.owner_may_agree = true;
  directory_->acts().add_kind("judged", judged);
  directory_->acts().add_kind("asked", asked);
  for (const auto& [kind, may_agree] : {std::pair("judged", false), std::pair("asked", true)}) {
    const ActId act = *directory_->acts().propose(administrator(), kind, about(head_), town_)->waiting;
    EXPECT_EQ(directory_->acts().check_decider(head_, act).has_value(), may_agree) << kind;
    const auto result = agree(head_, act);
    EXPECT_EQ(result.has_value(), may_agree) << kind;
    EXPECT_TRUE(result || result.error().is(same_person)) << kind;
  }
  const ActId own = *directory_->acts().propose(administrator(), "asked", about(administrator_), town_)->waiting;
  EXPECT_TRUE(agree(administrator_, own).error().is(same_person)) << "nobody consents to what they asked";
}

}  // namespace luy::directory
