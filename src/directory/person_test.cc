// Goal: people are kept as one record each, found however their name is typed, and whoever leaves or moves keeps no
// access and comes back only by two; nobody lets a person leave whose rights reach farther than their own.
// Method: a town with an office and a school; single-person attempts from a table; then the proper ways.
#include "directory/person.h"

#include "directory/fixture.h"

namespace luy::directory {
namespace {

using records::Connection;

class PersonTest : public DirectoryTest {
 protected:
  PersonTest() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    school_ = add_agency("TH", town_).id;
  }
  Account account(const std::string& username, Role role, const AgencyId& agency) {
    const IssuedAccount issued = add_account(username, role, agency);
    change_issued(username, issued.one_time_password, own_password);
    return *directory_->accounts().find(issued.account.id);
  }
  Actor actor_for(const AccountId& id) {
    const Account one = *directory_->accounts().find(id);
    Actor actor;
    actor.account = id;
    actor.person = one.person;
    actor.username = one.username;
    for (const Grant& grant : one.grants) {
      if (grant.valid_on(day_of(clock_.now()))) actor.grants.push_back(grant);
    }
    return actor;
  }
  Result<Person> create(const std::string& name, const AgencyId& agency) {
    return directory_->people().create(administrator(), {agency, name});
  }
  // As the module of leavers does it: inside an act of its own.
  template <class Work>
  auto act(const Caller& caller, Work&& work) {
    return directory_->audit().perform(caller, {"leave", "", Outcome::done, "", {}, {}},
                                       [&](Connection& c, AuditEntry&) { return work(c, caller); });
  }
  Result<EndedAccess> begin_leave(const Caller& caller, const PersonId& person) {
    return act(caller, [&](Connection& c, const Caller& who) {
      return directory_->people().begin_leave(c, who, person, day_of(clock_.now()));
    });
  }
  Result<Person> announce(const Caller& caller, const PersonId& person, Day last) {
    return act(caller, [&](Connection& c, const Caller& who) {
      return directory_->people().announce_leave(c, who, person, last);
    });
  }
  Result<EndedAccess> move(const Caller& caller, const PersonId& person, const AgencyId& to) {
    return act(caller, [&](Connection& c, const Caller& who) {
      return directory_->people().move(c, who, person, {to, day_of(clock_.now()), "Giáo viên"});
    });
  }
  std::vector<std::string> names(const PersonFilter& filter) {
    std::vector<std::string> out;
    const auto people = *directory_->people().list(filter);
    for (const Person& person : people) out.push_back(person.name);
    return out;
  }
  Result<boost::json::object> agree(const AccountId& by, const ActId& which) {
    const Actor actor = actor_for(by);
    return directory_->acts().agree(caller_of(actor, "192.0.2.2"), which);
  }

  AgencyId office_;
  AgencyId school_;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_F(PersonTest, KeepsARecordAndSaysWhatChanged) {
  const auto made = directory_->people().create(
      administrator(), {office_, " Trần Văn Bình ", "Chuyên viên", "binh@bimson.thanhhoa.gov.vn", "+84 237 3824 115"});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->name, "Trần Văn Bình");
  EXPECT_EQ(made->since, day_of(clock_.now()));
  EXPECT_EQ(sink_.acts().back(), "person_create");
  PersonChange change;
  change.position = "Phó Chánh Văn phòng";
  change.phone = "";
  const auto changed = directory_->people().change(administrator(), made->id, change);
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_EQ(changed->position, "Phó Chánh Văn phòng");
  EXPECT_EQ(changed->phone, "");
  EXPECT_EQ(changed->email, "binh@bimson.thanhhoa.gov.vn");
  EXPECT_EQ(boost::json::serialize(sink_.last().at("luy.after").at("changed")), R"(["position","phone"])");
  // What stands in the evidence cannot be taken out again: no address, no number.
  EXPECT_EQ(sink_.records.back().json.find("binh@"), std::string::npos);
  EXPECT_EQ(sink_.records.back().json.find("3824"), std::string::npos);
  const auto found = directory_->people().find(made->id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->position, "Phó Chánh Văn phòng");
}

TEST_F(PersonTest, RefusesWhatIsNoRecordOfAPerson) {
  const struct {
    const char* what;
    NewPerson wanted;
    const ErrorKind* error;
  } table[] = {
      {"no name", {office_, "  "}, &bad_value},
      {"a line end in the name", {office_, "Lan\nBình"}, &bad_value},
      {"an address without a domain", {office_, "Lan", "", "lan@"}, &bad_value},
      {"two addresses", {office_, "Lan", "", "lan@a.vn,b@a.vn"}, &bad_value},
      {"a header in the address", {office_, "Lan", "", "lan@a.vn\r\nBcc: x@b.vn"}, &bad_value},
      {"letters in the number", {office_, "Lan", "", "", "gọi 113"}, &bad_value},
      {"no agency", {AgencyId::make(clock_.now(), random_), "Lan"}, &agency_unknown},
  };
  for (const auto& [what, wanted, error] : table) {
    const auto made = directory_->people().create(administrator(), wanted);
    ASSERT_FALSE(made) << what;
    EXPECT_TRUE(made.error().is(*error)) << what << ": " << made.error().text();
  }
  const Actor staff = actor_for(account("lan", Role::staff, office_).id);
  EXPECT_TRUE(directory_->people().create(caller_of(staff, ""), {office_, "Lan"}).error().is(not_allowed));
  const Actor head = actor_for(account("hieutruong", Role::agency_head, school_).id);
  EXPECT_TRUE(directory_->people().create(caller_of(head, ""), {office_, "Lan"}).error().is(not_allowed));
  EXPECT_TRUE(directory_->people().create(caller_of(head, ""), {school_, "Lan"}));
}

TEST_F(PersonTest, FindsPeopleHoweverTheirNameIsTyped) {
  ASSERT_TRUE(create("Đỗ Thị Hường", office_));
  ASSERT_TRUE(create("Đỗ Văn Huong", school_));
  ASSERT_TRUE(create("Lê An", school_));
  account("phuong.tt", Role::staff, school_);
  EXPECT_EQ(names({}), (Names{"Đỗ Thị Hường", "Đỗ Văn Huong", "Lê An", "Người phuong.tt", "Nguyễn Thị Lan"}));
  EXPECT_EQ(names({.query = "huong do"}), (Names{"Đỗ Thị Hường", "Đỗ Văn Huong"}));
  EXPECT_EQ(names({.query = "ĐỖ  thị"}), Names{"Đỗ Thị Hường"});
  EXPECT_EQ(names({.query = "PHUONG.TT"}), Names{"Người phuong.tt"}) << "by user name";
  EXPECT_EQ(names({.agency = school_, .query = "do"}), Names{"Đỗ Văn Huong"});
  EXPECT_EQ(names({.query = "không ai"}), Names{});
}

TEST_F(PersonTest, HoldsASecondAccountOfSomebodyKnown) {
  const Account first = account("lan", Role::staff, office_);
  NewAccount wanted;
  wanted.username = "lan-quantri";
  wanted.person = first.person;
  const auto second = directory_->accounts().create(administrator(), wanted);
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(second->account.person, first.person);
  EXPECT_EQ(second->account.agency, office_);
  EXPECT_EQ(second->account.display_name, first.display_name);
  EXPECT_EQ(directory_->people().accounts(first.person)->size(), 2U);
  wanted.username = "khong-ai";
  wanted.person = PersonId::make(clock_.now(), random_);
  EXPECT_TRUE(directory_->accounts().create(administrator(), wanted).error().is(person_unknown));
}

TEST_F(PersonTest, EndsEveryAccessOfALeaverAtOnce) {
  const Account head = account("chutich", Role::agency_head, town_);
  const Account officer = account("antoan", Role::security_officer, town_);
  const Account lan = account("lan", Role::agency_head, office_);
  const Account second = *directory_->accounts().find(
      directory_->accounts()
          .create(server_operator(), {office_, "", "lan2", {{Role::staff, office_}}, lan.person})
          ->account.id);
  const Actor own = actor_for(lan.id);
  const auto delegated = directory_->roles().delegate(
      server_operator(), {lan.id, officer.id, Role::agency_head, office_, std::nullopt, day_of(clock_.now()), ""});
  ASSERT_TRUE(delegated) << delegated.error().text();
  const std::string token = sign_in("lan", own_password)->token;
  const std::string acting = sign_in("antoan", own_password)->token;
  ASSERT_TRUE(alive(token));

  sink_.records.clear();
  const Actor chief = actor_for(head.id);
  const auto ended = begin_leave(caller_of(chief, "192.0.2.9"), lan.person);
  ASSERT_TRUE(ended) << ended.error().text();
  EXPECT_EQ(ended->accounts, (std::vector<AccountId>{lan.id, second.id}));
  EXPECT_EQ(ended->delegations, std::vector<DelegationId>{delegated->id});
  EXPECT_EQ(ended->grants, 2U);
  EXPECT_EQ(ended->sessions, 2U) << "that of the password's change, too";
  EXPECT_FALSE(alive(token));
  EXPECT_FALSE(alive(acting)) << "who acted in their stead signs in again, without the role";
  EXPECT_EQ(directory_->accounts().find(officer.id)->grants.size(), 1U);
  for (const AccountId& id : {lan.id, second.id}) {
    EXPECT_FALSE(directory_->accounts().find(id)->enabled);
    EXPECT_TRUE(directory_->accounts().find(id)->grants.empty());
  }
  EXPECT_TRUE(sign_in("lan", own_password).error().is(account_disabled));
  EXPECT_EQ(sink_.acts().at(0), "account_disable");
  EXPECT_EQ(boost::json::parse(sink_.records[0].json).at("event.kind").as_string(), "alert") << "a head who decides";
  const Person left = *directory_->people().find(lan.person);
  EXPECT_EQ(left.state, PersonState::leaving);
  EXPECT_EQ(left.until, day_of(clock_.now()));

  const auto again = begin_leave(caller_of(chief, ""), lan.person);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(again->accounts.empty()) << "nothing came since";
  const auto closed = act(caller_of(chief, ""), [&](Connection& c, const Caller& who) {
    return directory_->people().close_leave(c, who, lan.person);
  });
  ASSERT_TRUE(closed) << closed.error().text();
  EXPECT_EQ(closed->state, PersonState::gone);
  EXPECT_TRUE(begin_leave(caller_of(chief, ""), lan.person).error().is(person_gone));
}

TEST_F(PersonTest, IsNotLedOutByWhomItMustNot) {
  const Account head = account("chutich", Role::agency_head, town_);
  const Account principal = account("hieutruong", Role::agency_head, school_);
  const Account teacher = account("giaovien", Role::staff, school_);
  const Account farther = account("quantri2", Role::system_admin, town_);
  ASSERT_TRUE(directory_->audit().perform(
      server_operator(), {"leave", "", Outcome::done, "", {}, {}}, [&](Connection& c, AuditEntry&) {
        return directory_->people().move(c, server_operator(), farther.person, {school_, day_of(clock_.now()), ""});
      }));
  ASSERT_TRUE(directory_->roles().grant(server_operator(), farther.id, {Role::system_admin, town_}));
  const Account clerk = account("vanphong", Role::staff, office_);
  const struct {
    const char* what;
    AccountId by;
    PersonId who;
    const ErrorKind* error;
  } table[] = {
      {"staff lets nobody leave", teacher.id, clerk.person, &not_allowed},
      {"nor the head of another agency", principal.id, clerk.person, &not_allowed},
      {"nor somebody whose rights reach beyond the school", principal.id, farther.person, &not_allowed},
      {"nobody themselves", head.id, head.person, &own_person},
      {"nobody unknown", head.id, PersonId::make(clock_.now(), random_), &person_unknown},
  };
  for (const auto& [what, by, who, error] : table) {
    const Actor actor = actor_for(by);
    const auto ended = begin_leave(caller_of(actor, ""), who);
    ASSERT_FALSE(ended) << what;
    EXPECT_TRUE(ended.error().is(*error)) << what << ": " << ended.error().text();
    const auto moved = move(caller_of(actor, ""), who, office_);
    ASSERT_FALSE(moved) << what;
  }
  const Actor proper = actor_for(principal.id);
  EXPECT_TRUE(begin_leave(caller_of(proper, ""), teacher.person));
  for (const AccountId& id : {clerk.id, farther.id, head.id}) EXPECT_TRUE(directory_->accounts().find(id)->enabled);
}

TEST_F(PersonTest, KeepsAnAdministratorInEveryTown) {
  const Account head = account("chutich", Role::agency_head, town_);
  const PersonId last = directory_->accounts().find(administrator_)->person;
  const Actor chief = actor_for(head.id);
  // A second account of the same person is nobody else.
  NewAccount wanted;
  wanted.username = "quantri1b";
  wanted.person = last;
  wanted.grants = {{Role::system_admin, town_}};
  ASSERT_TRUE(directory_->accounts().create(server_operator(), wanted));
  const Day tomorrow = day_of(clock_.now()) + days(1);
  EXPECT_TRUE(announce(caller_of(chief, ""), last, tomorrow).error().is(last_administrator));
  EXPECT_TRUE(begin_leave(caller_of(chief, ""), last).error().is(last_administrator));
  EXPECT_TRUE(directory_->accounts().find(administrator_)->enabled) << "nothing was left half done";
  const Account other = account("quantri2", Role::system_admin, town_);
  ASSERT_TRUE(announce(caller_of(chief, ""), other.person, tomorrow));
  EXPECT_TRUE(begin_leave(caller_of(chief, ""), last).error().is(last_administrator)) << "who is leaving does not stay";
  ASSERT_TRUE(act(caller_of(chief, ""), [&](Connection& c, const Caller& who) {
    return directory_->people().withdraw_leave(c, who, other.person);
  }));
  EXPECT_TRUE(begin_leave(caller_of(chief, ""), last));
}

TEST_F(PersonTest, LetsAccountsGoOnUntilTheAnnouncedDay) {
  const Account lan = account("lan", Role::staff, office_);
  const Day last = day_of(clock_.now()) + days(3);
  const auto announced = announce(administrator(), lan.person, last);
  ASSERT_TRUE(announced) << announced.error().text();
  EXPECT_EQ(announced->state, PersonState::leaving);
  EXPECT_EQ(announced->until, last);
  EXPECT_TRUE(sign_in("lan", own_password));
  const auto early = act(administrator(), [&](Connection& c, const Caller& who) {
    return directory_->people().close_leave(c, who, lan.person);
  });
  EXPECT_TRUE(early.error().is(access_left));
  clock_.advance(days(4));
  // The day has come: nobody's rights of that day are asked.
  const auto ended = act(server_operator(), [&](Connection& c, const Caller& who) {
    return directory_->people().begin_leave(c, who, lan.person, last);
  });
  ASSERT_TRUE(ended) << ended.error().text();
  EXPECT_EQ(ended->accounts, std::vector<AccountId>{lan.id});
  EXPECT_TRUE(
      act(administrator(),
          [&](Connection& c, const Caller& who) { return directory_->people().withdraw_leave(c, who, lan.person); })
          .error()
          .is(person_gone));
  EXPECT_TRUE(announce(administrator(), lan.person, last).error().is(person_gone));
}

TEST_F(PersonTest, MovesWithoutTheRolesOfTheOldPlace) {
  const Account lan = account("lan", Role::agency_head, office_);
  const std::string token = sign_in("lan", own_password)->token;
  const auto moved = move(administrator(), lan.person, school_);
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(moved->grants, 1U);
  EXPECT_TRUE(moved->accounts.empty());
  EXPECT_FALSE(alive(token));
  const Account after = *directory_->accounts().find(lan.id);
  EXPECT_TRUE(after.enabled);
  EXPECT_TRUE(after.grants.empty());
  EXPECT_EQ(after.agency, school_);
  const Person person = *directory_->people().find(lan.person);
  EXPECT_EQ(person.position, "Giáo viên");
  EXPECT_EQ(person.state, PersonState::active);
  EXPECT_TRUE(move(administrator(), lan.person, school_).error().is(bad_value)) << "the same agency";
  EXPECT_TRUE(move(administrator(), lan.person, AgencyId::make(clock_.now(), random_)).error().is(agency_unknown));
}

TEST_F(PersonTest, BringsALeaverBackOnlyByTwo) {
  const Account head = account("chutich", Role::agency_head, town_);
  const Account lan = account("lan", Role::staff, office_);
  ASSERT_TRUE(begin_leave(administrator(), lan.person));
  const Actor chief = actor_for(head.id);
  EXPECT_TRUE(directory_->accounts().enable(administrator(), lan.id).error().is(takes_two_people));
  NewAccount wanted;
  wanted.username = "lan-moi";
  wanted.person = lan.person;
  EXPECT_TRUE(directory_->accounts().create(administrator(), wanted).error().is(person_gone));
  const auto asked = directory_->propose_enable(administrator(), lan.id);
  ASSERT_TRUE(asked && asked->waiting) << asked.error().text();
  EXPECT_FALSE(directory_->accounts().find(lan.id)->enabled);
  EXPECT_TRUE(agree(administrator_, *asked->waiting).error().is(same_person));
  ASSERT_TRUE(agree(head.id, *asked->waiting));
  EXPECT_TRUE(directory_->accounts().find(lan.id)->enabled);
  EXPECT_EQ(directory_->people().find(lan.person)->state, PersonState::active);
  EXPECT_TRUE(directory_->accounts().find(lan.id)->grants.empty()) << "with none of their old roles";
}

TEST_F(PersonTest, MakesTwoRecordsOneByTwoPeople) {
  const Account head = account("chutich", Role::agency_head, town_);
  const Account one = account("lan", Role::staff, office_);
  const Account other = account("lan.moi", Role::system_admin, school_);
  const std::string token = sign_in("lan.moi", own_password)->token;
  PersonChange phone;
  phone.phone = "0237 3824 115";
  ASSERT_TRUE(directory_->people().change(administrator(), other.person, phone));
  const auto asked = directory_->propose_merge(administrator(), one.person, other.person, "Cùng một người");
  ASSERT_TRUE(asked && asked->waiting) << asked.error().text();
  EXPECT_EQ(directory_->people().accounts(one.person)->size(), 1U);
  ASSERT_TRUE(agree(head.id, *asked->waiting));
  EXPECT_EQ(directory_->people().accounts(one.person)->size(), 2U);
  EXPECT_EQ(directory_->people().find(other.person)->id, one.person) << "old ids lead to who they became";
  EXPECT_EQ(directory_->people().find(one.person)->phone, "0237 3824 115");
  EXPECT_FALSE(alive(token));
  const auto people = *directory_->people().list();
  for (const Person& person : people) EXPECT_NE(person.id, other.person);
  EXPECT_TRUE(directory_->propose_merge(administrator(), one.person, other.person, "Lại").error().is(bad_value));
}

TEST_F(PersonTest, IsNotMergedByWhomItMustNot) {
  const Account head = account("chutich", Role::agency_head, town_);
  const Account principal = account("hieutruong", Role::agency_head, school_);
  const Account one = account("lan", Role::staff, office_);
  const Account other = account("lan.moi", Role::staff, school_);
  const PersonId own = directory_->accounts().find(administrator_)->person;
  const Actor below = actor_for(principal.id);
  EXPECT_TRUE(directory_->propose_merge(caller_of(below, ""), one.person, other.person, "x").error().is(not_allowed));
  EXPECT_TRUE(directory_->propose_merge(administrator(), one.person, own, "x").error().is(own_person));
  EXPECT_TRUE(directory_->propose_merge(administrator(), own, one.person, "x").error().is(own_person));
  EXPECT_TRUE(directory_->propose_merge(administrator(), one.person, other.person, " ").error().is(bad_value));
  // Nor agreed to by whom it is about, on either side.
  for (const bool kept : {true, false}) {
    const auto asked = directory_->propose_merge(administrator(), kept ? head.person : one.person,
                                                 kept ? one.person : head.person, "x");
    ASSERT_TRUE(asked && asked->waiting) << asked.error().text();
    EXPECT_TRUE(agree(head.id, *asked->waiting).error().is(same_person));
  }
  ASSERT_TRUE(begin_leave(administrator(), other.person));
  EXPECT_TRUE(directory_->propose_merge(administrator(), one.person, other.person, "x").error().is(person_gone))
      << "nobody comes back by being merged with somebody who left";
}

TEST_F(PersonTest, UndoesNothingOfTheirOwnThroughAMergedRecord) {
  // Who disabled somebody as one record does not undo it as the other.
  const Account head = account("chutich", Role::agency_head, town_);
  const Account second = account("quantri2", Role::system_admin, town_);
  const Account victim = account("quantri3", Role::system_admin, town_);
  const Actor puppet = actor_for(second.id);
  ASSERT_TRUE(directory_->accounts().disable(caller_of(puppet, ""), victim.id));
  EXPECT_TRUE(*directory_->accounts().undoes(administrator(), victim.id)) << "another person may";
  const PersonId own = directory_->accounts().find(administrator_)->person;
  const auto merged = directory_->audit().perform(
      server_operator(), {"person_merge", "", Outcome::done, "", {}, {}}, [&](Connection& c, AuditEntry& entry) {
        return directory_->people().merge_in(c, server_operator(), own, second.person, "Cùng một người", entry);
      });
  ASSERT_TRUE(merged) << merged.error().text();
  EXPECT_FALSE(*directory_->accounts().undoes(administrator(), victim.id));
}

}  // namespace luy::directory
