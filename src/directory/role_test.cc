// Goal: roles are given, taken back and handed over for some days, never by whom they are not held, what was taken
// comes back by another person's word for a week at most, and the last administrator of a town stays. Method: a town
// with a few people; acts by callers with narrowed rights; the clock moved over the days.
#include "directory/role.h"

#include <functional>

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class RoleTest : public DirectoryTest {
 protected:
  RoleTest() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
  }
  AccountId person(const std::string& username, Role role, const AgencyId& agency) {
    return add_account(username, role, agency).account.id;
  }
  std::vector<Grant> grants(const AccountId& account) { return directory_->accounts().find(account)->grants; }
  Actor actor_of(const AccountId& account) {
    Actor actor;
    actor.account = account;
    for (const Grant& grant : grants(account)) {
      if (grant.valid_on(day_of(clock_.now()))) actor.grants.push_back(grant);
    }
    return actor;
  }
  bool holds(const AccountId& account, Action action, const AgencyId& agency) {
    return may(actor_of(account), action, {directory_->agencies().lineage(agency), std::nullopt, false}).allowed;
  }
  Day today() const { return day_of(clock_.now()); }

  AgencyId office_;
};

}  // namespace

TEST_F(RoleTest, AreGivenAndTakenBackWithTheirSessions) {
  const IssuedAccount lan = add_account("lan", Role::staff, office_);
  const std::string token = change_issued("lan", lan.one_time_password, own_password);
  const auto given = directory_->roles().grant(administrator(), lan.account.id, {Role::agency_head, office_});
  ASSERT_TRUE(given);
  EXPECT_FALSE(alive(token)) << "a session outlived a change of rights";
  EXPECT_TRUE(holds(lan.account.id, Action::verdict_read, office_));
  EXPECT_EQ(sink_.last().at("event.action").as_string(), "role_grant");
  EXPECT_NE(sink_.records.back().json.find("luy.before"), std::string::npos);
  ASSERT_TRUE(directory_->roles().revoke(administrator(), lan.account.id, Role::agency_head, office_));
  EXPECT_FALSE(holds(lan.account.id, Action::verdict_read, office_));
  EXPECT_TRUE(directory_->roles()
                  .revoke(administrator(), lan.account.id, Role::agency_head, office_)
                  .error()
                  .is(role_not_held));
}

TEST_F(RoleTest, CountFromTheirFirstDayToTheirLast) {
  const AccountId lan = person("lan", Role::staff, office_);
  Grant grant{Role::auditor, office_};
  grant.valid_from = today() + days(2);
  grant.valid_to = today() + days(3);
  ASSERT_TRUE(directory_->roles().grant(administrator(), lan, grant));
  const bool expected[] = {false, false, true, true, false};
  for (const bool wanted : expected) {
    EXPECT_EQ(holds(lan, Action::verdict_read, office_), wanted) << to_iso(today());
    clock_.advance(days(1));
  }
  grant.valid_to = today() - days(1);
  EXPECT_TRUE(directory_->roles().grant(administrator(), lan, grant).error().is(bad_days));
}

TEST_F(RoleTest, AreNotGivenByWhomLacksThem) {
  const AccountId lan = person("lan", Role::staff, office_);
  Actor admin = actor_;
  admin.grants = {{Role::system_admin, office_, town_}};
  const auto give = [&](Role role, const AgencyId& agency) {
    return directory_->roles().grant(caller_of(admin, ""), lan, {role, agency});
  };
  EXPECT_TRUE(give(Role::system_admin, office_));
  EXPECT_TRUE(give(Role::auditor, office_).error().is(cannot_grant)) << "it sees the devices for state secrets";
  EXPECT_TRUE(give(Role::security_officer, office_).error().is(cannot_grant));
  EXPECT_TRUE(give(Role::culture_info, office_).error().is(cannot_grant)) << "it reads the whole town";
  EXPECT_TRUE(give(Role::staff, town_).error().is(not_allowed));
  admin.grants = {{Role::agency_head, office_, town_}};
  EXPECT_TRUE(give(Role::staff, office_));
  EXPECT_TRUE(give(Role::auditor, office_));
  EXPECT_TRUE(give(Role::system_admin, office_).error().is(cannot_grant));
  const AccountId far = person("xa", Role::staff, town_);
  EXPECT_TRUE(directory_->roles().grant(caller_of(admin, ""), far, {Role::staff, office_}).error().is(not_allowed));
}

TEST_F(RoleTest, AreNotTakenOverByAPasswordIssued) {
  const AccountId officer = person("antoan", Role::security_officer, office_);
  Actor admin = actor_;
  admin.grants = {{Role::system_admin, town_}};
  EXPECT_TRUE(directory_->accounts().issue_password(caller_of(admin, ""), officer).error().is(cannot_grant));
  EXPECT_TRUE(directory_->accounts().issue_password(administrator(), officer));
}

TEST_F(RoleTest, LeaveATownItsLastAdministrator) {
  const AccountId second = person("quantri2", Role::system_admin, town_);
  const Actor as_second = actor_of(second);
  const Caller caller = caller_of(as_second, "");
  ASSERT_TRUE(directory_->roles().revoke(caller, administrator_, Role::system_admin, town_));
  EXPECT_TRUE(directory_->roles().revoke(caller, second, Role::system_admin, town_).error().is(last_administrator));
  EXPECT_TRUE(directory_->accounts().disable(administrator(), second).error().is(last_administrator));
  person("quantri3", Role::system_admin, office_);
  EXPECT_TRUE(directory_->roles().revoke(caller, second, Role::system_admin, town_).error().is(last_administrator));
}

TEST_F(RoleTest, LeaveATownOnlyToWhomAdministersItNow) {
  const AccountId other = person("binh", Role::staff, town_);
  const Caller server = server_operator();
  const struct {
    const char* what;
    std::function<bool()> prepare;
  } table[] = {
      {"somebody with another role", [] { return true; }},
      {"somebody whose role ended yesterday",
       [&] {
         Grant grant{Role::system_admin, town_};
         grant.valid_to = today();
         const bool given = directory_->roles().grant(server, other, grant).has_value();
         clock_.advance(days(1));
         return given;
       }},
      {"somebody whose role begins tomorrow",
       [&] {
         Grant grant{Role::system_admin, town_};
         grant.valid_from = today() + days(1);
         return directory_->roles().grant(server, other, grant).has_value();
       }},
      {"somebody locked out",
       [&] {
         const AccountId locked = person("quantri2", Role::system_admin, town_);
         return directory_->accounts().disable(server, locked).has_value();
       }},
      {"somebody to whom the role is handed over",
       [&] {
         const AccountId acting = person("pho", Role::staff, town_);
         return directory_->roles()
             .delegate(server, {administrator_, acting, Role::system_admin, town_, std::nullopt, today(), ""})
             .has_value();
       }},
  };
  for (const auto& [what, prepare] : table) {
    ASSERT_TRUE(prepare()) << what;
    const auto left = directory_->roles().revoke(server, administrator_, Role::system_admin, town_);
    ASSERT_FALSE(left) << what;
    EXPECT_TRUE(left.error().is(last_administrator)) << what << ": " << left.error().text();
  }
  clock_.advance(days(1));
  EXPECT_TRUE(directory_->roles().revoke(server, administrator_, Role::system_admin, town_)) << "it has begun";
}

TEST_F(RoleTest, OfAnOfficeEndWithoutTheTownsLeave) {
  // A town whose only administrator was one for a time.
  const AccountId helper = person("vpqt", Role::system_admin, office_);
  const AccountId second = person("quantri2", Role::staff, town_);
  Grant grant{Role::system_admin, town_};
  grant.valid_to = today();
  ASSERT_TRUE(directory_->roles().grant(server_operator(), second, grant));
  ASSERT_TRUE(directory_->roles().revoke(server_operator(), administrator_, Role::system_admin, town_));
  clock_.advance(days(1));
  EXPECT_TRUE(directory_->accounts().disable(server_operator(), helper)) << "the office's never administered the town";
}

TEST_F(RoleTest, TakenFromWhoDecidesAreGivenBackByAnotherAloneForAWeek) {
  const AccountId head = person("chutich", Role::agency_head, town_);
  const AccountId third = person("quantri3", Role::system_admin, town_);
  for (const AccountId& id : {head, third}) {
    for (const Role role : {Role::system_admin, Role::security_officer}) {
      ASSERT_TRUE(directory_->roles().grant(server_operator(), id, {role, town_}));
    }
  }
  Grant role{Role::agency_head, town_};
  role.valid_to = today() + days(20);
  ASSERT_TRUE(directory_->roles().grant(server_operator(), head, role));
  const auto take = [&] { return directory_->roles().revoke(administrator(), head, role.role, role.agency); };
  const auto give = [&](const AccountId& by, const Grant& grant) {
    const Actor actor = actor_of(by);
    return directory_->roles().grant(caller_of(actor, ""), head, grant);
  };
  ASSERT_TRUE(take());
  EXPECT_TRUE(give(administrator_, role).error().is(takes_two_people)) << "who took it";
  EXPECT_TRUE(give(head, role).error().is(takes_two_people)) << "whose it was";
  Grant longer = role;
  longer.valid_to = *role.valid_to + days(1);
  EXPECT_TRUE(give(third, longer).error().is(takes_two_people)) << "for longer than it was held";
  longer.valid_to.reset();
  EXPECT_TRUE(give(third, longer).error().is(takes_two_people)) << "for good";
  ASSERT_TRUE(give(third, role));
  ASSERT_TRUE(take());
  clock_.advance(undo_lifetime);
  ASSERT_TRUE(give(third, role)) << "to the last moment";
  ASSERT_TRUE(take());
  clock_.advance(undo_lifetime + std::chrono::milliseconds(1));
  EXPECT_TRUE(give(third, role).error().is(takes_two_people)) << "after a week it is a new decision";
}

TEST_F(RoleTest, AreHandedOverForSomeDays) {
  const AccountId head = person("truong", Role::agency_head, office_);
  const AccountId deputy = person("pho", Role::staff, office_);
  const Actor as_head = actor_of(head);
  NewDelegation wanted{head, deputy, Role::agency_head, office_, today() + days(1), today() + days(2), "Nghỉ phép"};
  ASSERT_TRUE(directory_->roles().delegate(caller_of(as_head, ""), wanted));
  const bool expected[] = {false, true, true, false};
  for (const bool wanted_now : expected) {
    EXPECT_EQ(holds(deputy, Action::verdict_read, office_), wanted_now) << to_iso(today());
    EXPECT_TRUE(holds(head, Action::verdict_read, office_));
    clock_.advance(days(1));
  }
  EXPECT_EQ(directory_->roles().delegations()->size(), 1U);
}

TEST_F(RoleTest, HandedOverEndWithTheirHoldersOwn) {
  const AccountId head = person("truong", Role::agency_head, office_);
  const AccountId deputy = person("pho", Role::staff, office_);
  const Actor as_head = actor_of(head);
  const Caller caller = caller_of(as_head, "");
  const NewDelegation wanted{head, deputy, Role::agency_head, office_, std::nullopt, today() + days(9), ""};
  const auto first = directory_->roles().delegate(caller, wanted);
  ASSERT_TRUE(first);
  EXPECT_TRUE(holds(deputy, Action::verdict_read, office_));
  // Who acts for somebody hands nothing on.
  const Actor as_deputy = actor_of(deputy);
  const NewDelegation onwards{deputy, administrator_, Role::agency_head, office_, std::nullopt, today(), ""};
  EXPECT_TRUE(directory_->roles().delegate(caller_of(as_deputy, ""), onwards).error().is(role_not_held));
  ASSERT_TRUE(directory_->accounts().disable(administrator(), head));
  EXPECT_FALSE(holds(deputy, Action::verdict_read, office_));
  ASSERT_TRUE(directory_->accounts().enable(administrator(), head));
  EXPECT_TRUE(holds(deputy, Action::verdict_read, office_));
  const Actor as_other = actor_of(person("antoan", Role::security_officer, office_));
  EXPECT_TRUE(directory_->roles().end_delegation(caller_of(as_other, ""), first->id).error().is(not_allowed));
  EXPECT_TRUE(directory_->roles()
                  .end_delegation(caller, DelegationId::make(clock_.now(), random_))
                  .error()
                  .is(delegation_unknown));
  EXPECT_TRUE(holds(deputy, Action::verdict_read, office_));
  ASSERT_TRUE(directory_->roles().end_delegation(caller, first->id));
  EXPECT_FALSE(holds(deputy, Action::verdict_read, office_));
  ASSERT_TRUE(directory_->roles().delegate(caller, wanted));
  ASSERT_TRUE(directory_->roles().revoke(administrator(), head, Role::agency_head, office_));
  EXPECT_FALSE(holds(deputy, Action::verdict_read, office_));
}

TEST_F(RoleTest, AreHandedOverOnlyByTheirHolderAndWithinLimits) {
  const AccountId head = person("truong", Role::agency_head, office_);
  const AccountId deputy = person("pho", Role::staff, office_);
  const AccountId locked = person("khoa", Role::staff, office_);
  ASSERT_TRUE(directory_->accounts().disable(administrator(), locked));
  const Day day = today();
  Grant later{Role::security_officer, office_};
  later.valid_from = day + days(1);
  ASSERT_TRUE(directory_->roles().grant(administrator(), head, later));
  Agency beside;
  beside.id = AgencyId::make(clock_.now(), random_);
  beside.code = "KHAC";
  beside.name = beside.header_name = "Ủy ban nhân dân phường khác";
  beside.kind = AgencyKind::town;
  beside.valid_from = day;
  ASSERT_TRUE(database_->write([&](records::Connection& c) { return insert_agency(c, beside); }));
  ASSERT_TRUE(directory_->agencies().load_lineages());
  const AccountId stranger = person("khac", Role::staff, beside.id);
  const Actor as_head = actor_of(head);
  const Actor as_deputy = actor_of(deputy);
  const struct {
    const char* what;
    const Actor* actor;
    NewDelegation wanted;
    const ErrorKind* error;
  } table[] = {
      {"another's role", &as_deputy, {head, deputy, Role::agency_head, office_, {}, day, ""}, &not_allowed},
      {"a role not held", &as_head, {head, deputy, Role::system_admin, office_, {}, day, ""}, &role_not_held},
      {"a place not held", &as_head, {head, deputy, Role::agency_head, town_, {}, day, ""}, &role_not_held},
      {"a role not begun", &as_head, {head, deputy, Role::security_officer, office_, {}, day, ""}, &role_not_held},
      {"to whom is locked out", &as_head, {head, locked, Role::agency_head, office_, {}, day, ""}, &account_disabled},
      {"to another town", &as_head, {head, stranger, Role::agency_head, office_, {}, day, ""}, &receiver_outside},
      {"to oneself", &as_head, {head, head, Role::agency_head, office_, {}, day, ""}, &same_person},
      {"yesterday", &as_head, {head, deputy, Role::agency_head, office_, day - days(1), day, ""}, &bad_days},
      {"backwards", &as_head, {head, deputy, Role::agency_head, office_, {}, day - days(1), ""}, &bad_days},
      {"for ever", &as_head, {head, deputy, Role::agency_head, office_, {}, day + days(90), ""}, &bad_days},
  };
  for (const auto& [what, actor, wanted, error] : table) {
    const auto result = directory_->roles().delegate(caller_of(*actor, ""), wanted);
    ASSERT_FALSE(result) << what;
    EXPECT_TRUE(result.error().is(*error)) << what << ": " << result.error().name();
  }
  EXPECT_EQ(sink_.acts().back(), "role_delegate directory.bad_days");
}

}  // namespace luy::directory
