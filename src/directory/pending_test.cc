// Goal: what takes two people never happens by one, whatever that one tries first: proposing and agreeing alone, a
// second account, a role handed over, a password issued, the others locked out, the rule itself.
// Method: a town with two who may give roles; a table of single-person attempts; then the proper ways.
#include "directory/pending.h"

#include <algorithm>

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class PendingTest : public DirectoryTest {
 protected:
  PendingTest() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    staff_ = add_account("lan", Role::staff, office_).account.id;
  }
  // From here on two people may give roles in the town.
  void arm() { head_ = person("chutich", Role::agency_head, town_); }
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
  Result<Proposed> propose(const AccountId& account, Role role) {
    return directory_->propose_grant(administrator(), account, {role, office_});
  }
  Result<boost::json::object> agree(const AccountId& by, const ActId& act) {
    const Actor actor = actor_for(by);
    return directory_->acts().agree(caller_of(actor, "192.0.2.2"), act);
  }
  std::size_t roles_of(const AccountId& account) { return directory_->accounts().find(account)->grants.size(); }

  AgencyId office_;
  AccountId staff_;
  AccountId head_;
};

}  // namespace

TEST_F(PendingTest, OnePersonIsEnoughUntilThereAreTwo) {
  EXPECT_FALSE(*directory_->acts().holds());
  const auto done = propose(staff_, Role::auditor);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(done->done);
  EXPECT_EQ(roles_of(staff_), 2U);
  // The head is the second who may give roles: the very next act waits.
  ASSERT_TRUE(directory_->propose_grant(administrator(), staff_, {Role::agency_head, town_})->done);
  EXPECT_TRUE(*directory_->acts().holds());
  EXPECT_FALSE(propose(staff_, Role::security_officer)->done);
  EXPECT_EQ(roles_of(staff_), 3U);
}

TEST_F(PendingTest, HoldsFromTheMomentOneTownHasTwoAndForGood) {
  // Two who give roles in an office decide nothing for the town, nor does one in each of two towns.
  add_account("vp1", Role::agency_head, office_);
  add_account("vp2", Role::agency_head, office_);
  EXPECT_FALSE(*directory_->acts().holds());
  Agency other;
  other.id = AgencyId::make(clock_.now(), random_);
  other.code = "KHAC";
  other.name = other.header_name = "Ủy ban nhân dân phường khác";
  other.kind = AgencyKind::town;
  other.valid_from = day_of(clock_.now());
  ASSERT_TRUE(database_->write([&](records::Connection& c) { return insert_agency(c, other); }));
  ASSERT_TRUE(directory_->agencies().load_lineages());
  add_account("khac", Role::agency_head, other.id);
  EXPECT_FALSE(*directory_->acts().holds());
  EXPECT_TRUE(propose(staff_, Role::auditor)->done);
  arm();
  EXPECT_TRUE(*directory_->acts().holds());
  ASSERT_TRUE(directory_->roles().revoke(server_operator(), head_, Role::agency_head, town_));
  EXPECT_FALSE(propose(staff_, Role::security_officer)->done) << "for good, though there is one again";
}

TEST_F(PendingTest, WaitsForTheSecondPersonWithExactlyWhatChanges) {
  arm();
  const auto asked = propose(staff_, Role::auditor);
  ASSERT_TRUE(asked && asked->waiting) << asked.error().text();
  EXPECT_EQ(roles_of(staff_), 1U);
  EXPECT_EQ(sink_.acts().back(), "act_propose");
  const PendingAct act = directory_->acts().list()->at(0);
  EXPECT_EQ(act.kind, "role_grant");
  EXPECT_EQ(act.before.at("grants").as_array().size(), 1U);
  EXPECT_EQ(act.after.at("grants").as_array().size(), 2U);
  ASSERT_TRUE(agree(head_, act.id));
  EXPECT_EQ(roles_of(staff_), 2U);
  EXPECT_EQ(sink_.acts().back(), "act_agree");
  EXPECT_EQ(directory_->acts().list()->at(0).state, PendingAct::State::agreed);
  EXPECT_TRUE(agree(head_, act.id).error().is(act_over));
  const Actor as_head = actor_for(head_);
  EXPECT_TRUE(directory_->acts().refuse(caller_of(as_head, ""), act.id, "Thôi").error().is(act_over));
  EXPECT_EQ(directory_->acts().list()->at(0).state, PendingAct::State::agreed);
  // What was asked for may hold the hash of a password: it goes with the decision.
  std::string body = "not read";
  ASSERT_TRUE(database_->read([&](records::Connection& c) {
    return c.query("SELECT body FROM pending_act WHERE id = $1", {std::string_view(act.id.text())},
                   [&](const records::Row& row) { body = row.text(0); });
  }));
  EXPECT_EQ(body, "{}");
}

TEST_F(PendingTest, IsNotDecidedByWhomItMustNot) {
  arm();
  const AccountId officer = person("antoan", Role::security_officer, town_);
  const AccountId below = person("vp", Role::agency_head, office_);
  const ActId act = *directory_->propose_grant(administrator(), staff_, {Role::auditor, town_})->waiting;
  const ActId own = *directory_->propose_grant(administrator(), head_, {Role::auditor, town_})->waiting;
  const struct {
    const char* what;
    AccountId by;
    ActId act;
    const ErrorKind* error;
  } table[] = {{"who asked", administrator_, act, &same_person},
               {"who decides acts but gives no roles", officer, act, &not_allowed},
               {"who gives roles only below", below, act, &not_allowed},
               {"who decides nothing", staff_, act, &not_allowed},
               {"whom it is about", head_, own, &same_person},
               {"an act that is none", head_, ActId::make(clock_.now(), random_), &act_unknown}};
  for (const auto& [what, by, which, error] : table) {
    const auto result = agree(by, which);
    ASSERT_FALSE(result) << what;
    EXPECT_TRUE(result.error().is(*error)) << what << ": " << result.error().text();
  }
  EXPECT_EQ(roles_of(staff_), 1U);
  EXPECT_EQ(roles_of(head_), 1U);
}

// Security.md row 23: what one person may try to get past the rule.
TEST_F(PendingTest, LetsNoSinglePersonThrough) {
  arm();
  const Grant wanted{Role::auditor, office_};
  EXPECT_TRUE(directory_->roles().grant(administrator(), staff_, wanted).error().is(takes_two_people));
  EXPECT_TRUE(
      directory_->accounts().create(administrator(), {office_, "Bạn", "ban", {wanted}}).error().is(takes_two_people));
  EXPECT_TRUE(directory_->factors().reset(administrator(), head_).error().is(takes_two_people));
  EXPECT_TRUE(directory_->accounts().issue_password(administrator(), head_).error().is(takes_two_people))
      << "one could sign in as the second person";
  EXPECT_TRUE(directory_->accounts().issue_password(administrator(), staff_)) << "staff decide nothing";

  // A second account of the same person is the same person.
  const auto second = person("lan2", Role::agency_head, town_);
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE account SET person = (SELECT person FROM account WHERE id = $1) WHERE id = $2",
                 {std::string_view(administrator_.text()), std::string_view(second.text())});
  }));
  const ActId act = *propose(staff_, Role::auditor)->waiting;
  EXPECT_TRUE(agree(second, act).error().is(same_person));

  // A role handed over to a helper waits itself.
  const auto helper = directory_->accounts().create(administrator(), {office_, "Người giúp", "giup", {}});
  ASSERT_TRUE(helper);
  NewDelegation handed{
      administrator_, helper->account.id, Role::system_admin, town_, std::nullopt, day_of(clock_.now()), ""};
  EXPECT_TRUE(directory_->roles().delegate(administrator(), handed).error().is(takes_two_people));
  const auto delegated = directory_->propose_delegation(administrator(), handed);
  ASSERT_TRUE(delegated && delegated->waiting) << delegated.error().text();
  // Even agreed to by the head, it makes no second pair of eyes for the one who handed it over.
  ASSERT_TRUE(agree(head_, *delegated->waiting));
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE account SET must_change_password = 0, one_time_until = NULL WHERE id = $1",
                 {std::string_view(helper->account.id.text())});
  }));
  EXPECT_TRUE(agree(helper->account.id, act).error().is(not_allowed));

  // Alone again, nothing is easier: the rule stays, over a restart too.
  ASSERT_TRUE(directory_->accounts().disable(administrator(), head_));
  ASSERT_TRUE(directory_->accounts().disable(administrator(), second));
  EXPECT_FALSE(propose(staff_, Role::town_office)->done);
  reopen();
  EXPECT_FALSE(directory_->propose_grant(administrator(), staff_, {Role::town_office, office_})->done);
  EXPECT_TRUE(agree(head_, act).error().is(must_change_password)) << "a disabled account decides";
  EXPECT_EQ(roles_of(staff_), 1U);
}

// What reaches the whole town is no matter for the agency where its holder works, or where the role is held.
TEST_F(PendingTest, IsDecidedWhereTheRightsReach) {
  arm();
  const AccountId below = person("vp", Role::agency_head, office_);
  const AccountId helper = person("vpqt", Role::system_admin, office_);
  const AccountId works_below = add_account("quantri2", Role::system_admin, town_).account.id;
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE person SET agency = $1 WHERE id = (SELECT person FROM account WHERE id = $2)",
                 {std::string_view(office_.text()), std::string_view(works_below.text())});
  }));
  const AccountId inspector = staff_;
  const auto role = directory_->propose_grant(administrator(), inspector, {Role::auditor, office_});
  const ActId small = *role->waiting;
  EXPECT_TRUE(agree(below, small)) << "what stays below is the business of those below";
  const ActId password =
      *directory_->propose_password(administrator(), works_below, Directory::Envelope::open)->proposed.waiting;
  const ActId factors = *directory_->propose_factor_reset(administrator(), works_below)->waiting;
  EXPECT_TRUE(agree(helper, password).error().is(not_allowed));
  EXPECT_TRUE(agree(helper, factors).error().is(not_allowed));
  const AccountId third = person("quantri3", Role::system_admin, town_);
  EXPECT_TRUE(agree(third, factors));
  EXPECT_TRUE(agree(third, password));
}

TEST_F(PendingTest, GivesATownWideRoleOnlyByTheTown) {
  arm();
  const AccountId below = person("vp", Role::agency_head, office_);
  const AccountId other = add_account("duphong", Role::staff, office_).account.id;
  const ActId act = *propose(other, Role::culture_info)->waiting;
  EXPECT_EQ(directory_->acts().list()->at(0).agency, town_);
  EXPECT_TRUE(agree(below, act).error().is(not_allowed));
  EXPECT_TRUE(agree(head_, act));
}

TEST_F(PendingTest, ComesToNothingWhenTheWorldChangedMeanwhile) {
  arm();
  const ActId outdated = *propose(staff_, Role::auditor)->waiting;
  const ActId other = *propose(staff_, Role::security_officer)->waiting;
  ASSERT_TRUE(agree(head_, other));
  EXPECT_TRUE(agree(head_, outdated).error().is(act_outdated));
  clock_.advance(std::chrono::seconds(1));
  const ActId late = *propose(staff_, Role::auditor)->waiting;
  clock_.advance(act_lifetime);
  EXPECT_TRUE(agree(head_, late).error().is(act_over));
  EXPECT_EQ(directory_->acts().list()->at(0).state, PendingAct::State::expired);
  const ActId unwanted = *propose(staff_, Role::auditor)->waiting;
  const Actor as_head = actor_for(head_);
  ASSERT_TRUE(directory_->acts().refuse(caller_of(as_head, ""), unwanted, "Chưa có quyết định phân công"));
  EXPECT_EQ(sink_.acts().back(), "act_refuse");
  EXPECT_TRUE(agree(head_, unwanted).error().is(act_over));
  // Who asked lost the right: so does what they asked.
  const ActId orphan = *propose(staff_, Role::auditor)->waiting;
  const AccountId third = person("quantri3", Role::system_admin, town_);
  const Actor as_third = actor_for(third);
  ASSERT_TRUE(directory_->roles().revoke(caller_of(as_third, ""), administrator_, Role::system_admin, town_));
  const auto result = agree(head_, orphan);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(not_allowed)) << result.error().text();
}

TEST_F(PendingTest, MayBeWithdrawnByTheOneWhoAsked) {
  arm();
  const ActId act = *propose(staff_, Role::auditor)->waiting;
  EXPECT_TRUE(directory_->acts().refuse(administrator(), act, ""));
  const ActId next = *propose(staff_, Role::auditor)->waiting;
  const Actor as_staff = actor_for(staff_);
  EXPECT_TRUE(directory_->acts().refuse(caller_of(as_staff, ""), next, "").error().is(not_allowed));
}

TEST_F(PendingTest, IssuesAPasswordThatWorksOnceAgreedTo) {
  arm();
  const auto asked = directory_->propose_password(administrator(), head_, Directory::Envelope::open);
  ASSERT_TRUE(asked && asked->proposed.waiting) << asked.error().text();
  EXPECT_TRUE(sign_in("chutich", asked->password).error().is(sign_in_failed));
  const AccountId third = person("chutich2", Role::system_admin, town_);
  ASSERT_TRUE(agree(third, *asked->proposed.waiting));
  EXPECT_TRUE(sign_in("chutich", asked->password)->session.actor.must_change_password);
  for (const AuditRecord& record : sink_.records) {
    EXPECT_EQ(record.json.find(asked->password), std::string::npos);
    EXPECT_EQ(record.json.find("argon2id"), std::string::npos) << "a hash in the audit trail";
  }
}

TEST_F(PendingTest, ASealedAccountRingsWhenItIsUsed) {
  const AccountId spare = add_account("khancap", Role::system_admin, town_).account.id;
  const auto sealed = directory_->propose_password(administrator(), spare, Directory::Envelope::sealed);
  ASSERT_TRUE(sealed) << sealed.error().text();
  ASSERT_TRUE(sealed->proposed.waiting);
  ASSERT_TRUE(agree(person("quantri3", Role::system_admin, town_), *sealed->proposed.waiting));
  EXPECT_TRUE(directory_->accounts().find(spare)->sealed);
  clock_.advance(days(300));
  const auto in = sign_in("khancap", sealed->password);
  ASSERT_TRUE(in) << in.error().text();
  EXPECT_TRUE(require(in->session.actor, Action::agency_manage, Object::anywhere()))
      << "an emergency waits for nothing";
  ASSERT_TRUE(directory_->audit().deliver());
  const auto acts = sink_.acts();
  const auto found = std::find(acts.begin(), acts.end(), "break_glass_use");
  ASSERT_NE(found, acts.end());
  const auto& record = sink_.records.at(static_cast<std::size_t>(found - acts.begin()));
  EXPECT_NE(record.json.find("\"log.level\":\"critical\""), std::string::npos) << record.json;
  EXPECT_FALSE(directory_->accounts().find(spare)->sealed);
}

TEST_F(PendingTest, AnOpenedEnvelopeRingsEachTimeAndEndsAfterEightHours) {
  const AccountId spare = add_account("khancap", Role::system_admin, town_).account.id;
  const AccountId third = person("quantri3", Role::system_admin, town_);
  const auto seal = [&] {
    const auto sealed = directory_->propose_password(administrator(), spare, Directory::Envelope::sealed);
    EXPECT_TRUE(agree(third, *sealed->proposed.waiting));
    return sealed->password;
  };
  const auto rings = [&] {
    const auto acts = sink_.acts();
    return std::count(acts.begin(), acts.end(), "break_glass_use");
  };
  const std::string first = seal();
  const auto in = sign_in("khancap", first);
  ASSERT_TRUE(in) << in.error().text();
  EXPECT_TRUE(
      directory_->sessions().change_password({in->token, first, own_password, "192.0.2.1"}).error().is(sealed_password))
      << "the envelope would stay open for good";
  clock_.advance(std::chrono::hours(7));
  const auto again = sign_in("khancap", first);
  ASSERT_TRUE(again);
  EXPECT_EQ(rings(), 2);
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(alive(again->token));
  EXPECT_TRUE(sign_in("khancap", first).error().is(seal_over));
  const std::string second = seal();
  EXPECT_TRUE(sign_in("khancap", second));
  EXPECT_EQ(rings(), 3);
}

TEST_F(PendingTest, NobodyFillsTheListForTheOthers) {
  arm();
  const AccountId third = person("quantri3", Role::system_admin, town_);
  std::optional<ActId> own;
  for (std::int64_t i = 0; i < acts_open_per_person_max; ++i) {
    const auto asked = propose(staff_, Role::staff);
    ASSERT_TRUE(asked && asked->waiting) << i;
    own = asked->waiting;
  }
  EXPECT_TRUE(propose(staff_, Role::staff).error().is(acts_too_many));
  const Actor as_third = actor_for(third);
  EXPECT_TRUE(directory_->propose_grant(caller_of(as_third, ""), staff_, {Role::staff, office_}));
  ASSERT_TRUE(directory_->acts().refuse(administrator(), *own, ""));
  EXPECT_TRUE(propose(staff_, Role::staff)) << "what is withdrawn makes room";
}

TEST_F(PendingTest, IssuesStaffAPasswordAtOnce) {
  arm();
  const auto issued = directory_->propose_password(administrator(), staff_, Directory::Envelope::open);
  ASSERT_TRUE(issued && issued->proposed.done) << issued.error().text();
  EXPECT_TRUE(sign_in("lan", issued->password));
  const auto both =
      directory_->propose_password(administrator(), staff_, Directory::Envelope::open, Directory::FactorsToo::yes);
  ASSERT_TRUE(both && both->proposed.waiting) << "one could take a factor away and then sign in";
  ASSERT_TRUE(agree(person("quantri3", Role::system_admin, town_), *both->proposed.waiting));
  EXPECT_TRUE(sign_in("lan", both->password));
}

TEST_F(PendingTest, AnIssuedPasswordEndsThePauseOfGuesses) {
  arm();
  for (int i = 0; i < 8; ++i) static_cast<void>(sign_in("chutich", "đoán mò", "198.51.100.4"));
  ASSERT_TRUE(sign_in("chutich", own_password).error().is(sign_in_paused));
  const auto asked = directory_->propose_password(administrator(), head_, Directory::Envelope::open);
  ASSERT_TRUE(agree(person("quantri3", Role::system_admin, town_), *asked->proposed.waiting));
  EXPECT_TRUE(sign_in("chutich", asked->password));
}

// What takes from others who decide is done at once, but rings, and another person alone may undo it.
TEST_F(PendingTest, LockingOutThoseWhoDecideRingsAndIsUndoneByAnother) {
  arm();
  const AccountId third = person("quantri3", Role::system_admin, town_);
  // Who gives a role back must hold its rights.
  ASSERT_TRUE(directory_->roles().grant(server_operator(), third, {Role::security_officer, town_}));
  const Actor as_third = actor_for(third);
  ASSERT_TRUE(directory_->accounts().disable(administrator(), head_));
  EXPECT_EQ(sink_.last().at("event.kind").as_string(), "alert");
  EXPECT_FALSE(directory_->propose_enable(administrator(), head_)->done) << "nobody undoes what they did themselves";
  EXPECT_TRUE(directory_->propose_enable(caller_of(as_third, ""), head_)->done);
  ASSERT_TRUE(directory_->accounts().disable(administrator(), head_));
  clock_.advance(undo_lifetime + std::chrono::hours(1));
  EXPECT_FALSE(directory_->propose_enable(caller_of(as_third, ""), head_)->done) << "who left comes back by two";
  EXPECT_FALSE(directory_->accounts().find(head_)->enabled);

  ASSERT_TRUE(directory_->accounts().enable(server_operator(), head_));
  const Grant role{Role::agency_head, town_};
  ASSERT_TRUE(directory_->roles().revoke(administrator(), head_, role.role, role.agency));
  EXPECT_EQ(sink_.last().at("event.kind").as_string(), "alert");
  EXPECT_FALSE(directory_->propose_grant(administrator(), head_, role)->done);
  EXPECT_FALSE(directory_->propose_grant(caller_of(as_third, ""), head_, {Role::system_admin, town_})->done);
  EXPECT_TRUE(directory_->propose_grant(caller_of(as_third, ""), head_, role)->done);
  EXPECT_EQ(roles_of(head_), 1U);
}

TEST_F(PendingTest, SmallBodiesDoNotLockOutWhoDecidesForTheTown) {
  arm();
  const AccountId helper = person("vpqt", Role::system_admin, office_);
  const AccountId works_below = add_account("quantri2", Role::system_admin, town_).account.id;
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE person SET agency = $1 WHERE id = (SELECT person FROM account WHERE id = $2)",
                 {std::string_view(office_.text()), std::string_view(works_below.text())});
  }));
  const Actor as_helper = actor_for(helper);
  EXPECT_TRUE(directory_->accounts().disable(caller_of(as_helper, ""), works_below).error().is(not_allowed));
  EXPECT_TRUE(directory_->accounts().disable(administrator(), works_below));
}

TEST_F(PendingTest, TakesTwoForAddressesThatCountAsInside) {
  arm();
  const auto put = [&](std::vector<std::string> networks) {
    AgencyProfile profile;
    profile.networks = std::move(networks);
    return directory_->propose_profile(administrator(), town_, profile);
  };
  EXPECT_TRUE(put({"0.0.0.0/0"}).error().is(profile_invalid));
  EXPECT_TRUE(put({"2000::/3"}).error().is(profile_invalid));
  const auto first = put({"10.56.0.0/16"});
  ASSERT_TRUE(first && first->waiting) << "the first ones";
  ASSERT_TRUE(agree(head_, *first->waiting));
  EXPECT_TRUE(put({"10.56.4.0/24"})->done) << "fewer";
  EXPECT_FALSE(put({"10.56.4.0/24", "10.57.0.0/16"})->done) << "more";
  EXPECT_FALSE(put({})->done) << "none named: the private ranges count again";
  const auto sheet = directory_->sheets().write(SheetFormat::csv, [](const Agency&) { return true; });
  std::string wider = *sheet;
  wider.replace(wider.find("10.56.4.0/24"), 12, "10.0.0.0/8");
  const auto read = directory_->sheets().read(administrator(), {SheetFormat::csv, wider}, Preview::yes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->refused, 1U) << "a sheet is no way round";
}

TEST_F(PendingTest, HandsARoleOverOnlyWithinTheTownAndToNoCompany) {
  const AccountId company = add_account("nhamang", Role::provider, town_).account.id;
  const NewDelegation wanted{administrator_,       company, Role::system_admin, town_, std::nullopt,
                             day_of(clock_.now()), ""};
  EXPECT_TRUE(directory_->propose_delegation(administrator(), wanted).error().is(receiver_outside));
}

}  // namespace luy::directory
