// Goal: an API token never does more than its owner may at that moment, nor more than it was made for, nor elsewhere;
// it ends on its day, by hand and with its owner's account; it is never stored.
// Method: tokens of an administrator and of an officer over a town, an office with a team, and a school; every act
// against the same question asked of the owner; each way to an end from a table.
#include "directory/token.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class TokenTest : public DirectoryTest {
 protected:
  TokenTest() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    team_ = add_agency("TO", office_).id;
    school_ = add_agency("TH", town_).id;
    const IssuedAccount issued = add_account("antoan", Role::security_officer, town_);
    change_issued("antoan", issued.one_time_password, own_password);
    officer_ = issued.account.id;
  }
  Actor actor_for(const AccountId& id) {
    const Account one = *directory_->accounts().find(id);
    Actor actor;
    actor.account = id;
    actor.person = one.person;
    actor.username = one.username;
    actor.must_change_password = one.must_change_password;
    for (const Grant& grant : one.grants) {
      if (grant.valid_on(day_of(clock_.now()))) actor.grants.push_back(grant);
    }
    return actor;
  }
  Result<MadeToken> make(const AccountId& owner, std::vector<Action> actions,
                         std::optional<AgencyId> agency = std::nullopt, Duration lifetime = days(30)) {
    const Actor actor = actor_for(owner);
    return directory_->tokens().create(caller_of(actor, "192.0.2.1"),
                                       {"Máy chủ giám sát", std::move(actions), agency, clock_.now() + lifetime});
  }
  Result<Actor> use(const std::string& token) { return directory_->authenticate(token, Touch::yes, "192.0.2.7"); }
  Object at(const AgencyId& agency) { return {directory_->agencies().lineage(agency), std::nullopt, false}; }

  AgencyId office_;
  AgencyId team_;
  AgencyId school_;
  AccountId officer_;
};

std::vector<Action> all_carriable(const Actor& owner) {
  std::vector<Action> out;
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (token_may_carry(action) && may(owner, action, Object::anywhere()).allowed) out.push_back(action);
  }
  return out;
}

}  // namespace

TEST_F(TokenTest, DoesWhatItWasMadeForAndNothingElse) {
  const auto made = make(officer_, {Action::device_read, Action::finding_read, Action::device_read});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->item.actions.size(), 2U);
  EXPECT_TRUE(made->token.starts_with("luy_"));
  EXPECT_EQ(made->token.size(), 47U);
  const auto actor = use(made->token);
  ASSERT_TRUE(actor) << actor.error().text();
  EXPECT_EQ(actor->account, officer_);
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    const bool carried = action == Action::device_read || action == Action::finding_read;
    EXPECT_EQ(may(*actor, action, at(school_)).allowed, carried) << name_of(action);
    EXPECT_EQ(may(*actor, action, Object::anywhere()).allowed, carried) << name_of(action);
    EXPECT_EQ(agencies_of(*actor, action).empty(), !carried) << name_of(action);
    if (carried) continue;
    EXPECT_TRUE(require(*actor, action, at(school_)).error().is(not_allowed)) << name_of(action);
  }
}

TEST_F(TokenTest, CarriesNoActOfAPersonAlone) {
  const struct {
    Action action;
    bool may;
  } table[] = {
      {Action::session_use, false},      {Action::act_decide, false},      {Action::role_grant, false},
      {Action::role_delegate, false},    {Action::account_manage, false},  {Action::second_factor_reset, false},
      {Action::person_manage, false},    {Action::leave_manage, false},    {Action::account_link, false},
      {Action::access_review, false},    {Action::commitment_sign, false}, {Action::commitment_manage, false},
      {Action::token_own, false},        {Action::token_manage, false},    {Action::source_manage, false},
      {Action::notice_manage, false},    {Action::agency_manage, false},   {Action::hold_release, false},
      {Action::retention_manage, false}, {Action::evidence_erase, false},  {Action::provider_answer, false},
      {Action::device_read, true},       {Action::evidence_search, true},  {Action::device_order, true},
      {Action::account_read, true},      {Action::person_read, true},      {Action::audit_read, true}};
  for (const auto& [action, may_carry] : table) {
    EXPECT_EQ(token_may_carry(action), may_carry) << name_of(action);
    const auto made = make(administrator_, {action});
    EXPECT_EQ(made.has_value(), may_carry) << name_of(action);
    if (made) continue;
    EXPECT_TRUE(made.error().is(token_action)) << name_of(action);
  }
}

TEST_F(TokenTest, NeverReachesFartherThanItsOwnerOrItsAgency) {
  const Actor owner = actor_for(officer_);
  const auto actions = all_carriable(owner);
  const auto made = make(officer_, actions, office_);
  ASSERT_TRUE(made) << made.error().text();
  const Actor actor = *use(made->token);
  std::size_t asked = 0;
  for (const Action action : actions) {
    for (const auto& [agency, inside] :
         std::vector<std::pair<AgencyId, bool>>{{town_, false}, {office_, true}, {team_, true}, {school_, false}}) {
      const bool owners = may(owner, action, at(agency)).allowed;
      EXPECT_EQ(may(actor, action, at(agency)).allowed, owners && inside) << name_of(action);
      ++asked;
    }
    EXPECT_FALSE(may(actor, action, {{}, officer_, false}).allowed) << "what stands nowhere is not in the office";
    const auto roots = agencies_of(owner, action);
    EXPECT_EQ(agencies_of(actor, action), roots.empty() ? roots : std::vector<AgencyId>{office_}) << name_of(action);
  }
  EXPECT_GT(asked, 80U);
}

TEST_F(TokenTest, KeepsOnlyThoseRootsThatLieInItsAgency) {
  // Rights in the team and in the school, a token for the office: the team is left.
  const IssuedAccount issued = add_account("hai.noi", Role::security_officer, team_);
  change_issued("hai.noi", issued.one_time_password, own_password);
  ASSERT_TRUE(directory_->roles().grant(server_operator(), issued.account.id, {Role::security_officer, school_}));
  const auto made = make(issued.account.id, {Action::device_read}, office_);
  ASSERT_TRUE(made) << made.error().text();
  const Actor actor = *use(made->token);
  EXPECT_EQ(agencies_of(actor, Action::device_read), std::vector<AgencyId>{team_});
  EXPECT_TRUE(may(actor, Action::device_read, at(team_)).allowed);
  EXPECT_FALSE(may(actor, Action::device_read, at(office_)).allowed) << "the owner does not hold it there";
  EXPECT_FALSE(may(actor, Action::device_read, at(school_)).allowed);
}

TEST_F(TokenTest, LosesWhatItsOwnerLoses) {
  const auto made = make(officer_, {Action::device_read});
  ASSERT_TRUE(may(*use(made->token), Action::device_read, at(school_)).allowed);
  ASSERT_TRUE(directory_->roles().revoke(server_operator(), officer_, Role::security_officer, town_));
  EXPECT_FALSE(may(*use(made->token), Action::device_read, at(school_)).allowed);
  // What is handed over to the owner for some days is used in person.
  const IssuedAccount head = add_account("chutich", Role::agency_head, town_);
  ASSERT_TRUE(directory_->roles().delegate(server_operator(), {head.account.id, officer_, Role::agency_head, town_,
                                                               std::nullopt, day_of(clock_.now()), ""}));
  EXPECT_TRUE(may(actor_for(officer_), Action::device_read, at(school_)).allowed);
  EXPECT_FALSE(may(*use(made->token), Action::device_read, at(school_)).allowed);
}

TEST_F(TokenTest, EndsInEveryWayItShould) {
  const Caller server = server_operator();
  const struct {
    const char* what;
    std::function<bool(const ApiToken&)> end;
  } table[] = {
      {"by its owner",
       [&](const ApiToken& token) {
         const Actor own = actor_for(officer_);
         return directory_->tokens().revoke(caller_of(own, ""), token.id).has_value();
       }},
      {"by an administrator",
       [&](const ApiToken& token) { return directory_->tokens().revoke(administrator(), token.id).has_value(); }},
      {"when its owner is disabled and enabled again",
       [&](const ApiToken&) {
         return directory_->accounts().disable(server, officer_) && directory_->accounts().enable(server, officer_);
       }},
      {"when its owner is issued a password",
       [&](const ApiToken&) {
         const auto issued = directory_->accounts().issue_password(server, officer_);
         change_issued("antoan", *issued, "một câu khác hẳn, dài");
         return true;
       }},
      {"when its owner moves",
       [&](const ApiToken&) {
         const PersonId person = directory_->accounts().find(officer_)->person;
         const auto ended = directory_->audit().perform(
             server, {"move", "", Outcome::done, "", {}, {}}, [&](records::Connection& c, AuditEntry&) {
               return directory_->people().move(c, server, person, {school_, day_of(clock_.now()), ""});
             });
         return ended && ended->tokens == 1 &&
                directory_->roles().grant(server, officer_, {Role::security_officer, town_}).has_value();
       }},
      {"on its day",
       [&](const ApiToken& token) {
         clock_.advance(token.expires_at - clock_.now());
         return true;
       }},
  };
  for (const auto& [what, end] : table) {
    const auto made = make(officer_, {Action::device_read});
    ASSERT_TRUE(made) << what << made.error().text();
    ASSERT_TRUE(use(made->token)) << what;
    ASSERT_TRUE(end(made->item)) << what;
    const auto after = use(made->token);
    ASSERT_FALSE(after) << what;
    EXPECT_TRUE(after.error().is(token_over)) << what << after.error().text();
  }
}

TEST_F(TokenTest, WaitsWhileItsOwnerMustChangeTheirPassword) {
  const auto made = make(officer_, {Action::device_read});
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE account SET must_change_password = 1 WHERE id = $1", {std::string_view(officer_.text())});
  }));
  EXPECT_FALSE(may(*use(made->token), Action::device_read, at(school_)).allowed);
}

TEST_F(TokenTest, IsOfNoUseWhileItsOwnerIsLockedOut) {
  const auto made = make(officer_, {Action::device_read});
  // Disabling ends tokens; here a row says so that no act of ours wrote, as after a restore.
  const auto set = [&](std::int64_t enabled) {
    return database_->write([&](records::Connection& c) {
      return c.run("UPDATE account SET enabled = $1 WHERE id = $2", {enabled, std::string_view(officer_.text())});
    });
  };
  ASSERT_TRUE(set(0));
  EXPECT_TRUE(use(made->token).error().is(token_over));
  ASSERT_TRUE(set(1));
  EXPECT_TRUE(use(made->token));
}

TEST_F(TokenTest, RefusesWhatIsNoToken) {
  const auto made = make(officer_, {Action::device_read});
  std::string other = made->token;
  other.back() = other.back() == 'A' ? 'B' : 'A';
  const std::string session = sign_in("antoan", own_password)->token;
  for (const std::string& token :
       {std::string(), std::string("luy_"), other, made->token + "A", "luy_" + session, made->token.substr(4)}) {
    const auto used = use(token);
    ASSERT_FALSE(used) << token.size();
    EXPECT_EQ(used.error().error_class(), ErrorClass::unauthenticated);
  }
}

TEST_F(TokenTest, IsMadeOnlyWithinItsLimits) {
  const Actor owner = actor_for(officer_);
  const Time now = clock_.now();
  const struct {
    const char* what;
    NewToken wanted;
    const ErrorKind* error;
  } table[] = {
      {"no name", {" ", {Action::device_read}, {}, now + days(1)}, &bad_value},
      {"nothing to do", {"x", {}, {}, now + days(1)}, &bad_value},
      {"over already", {"x", {Action::device_read}, {}, now}, &bad_value},
      {"too long", {"x", {Action::device_read}, {}, now + token_lifetime_max + Duration(1)}, &bad_value},
      {"what the owner may not", {"x", {Action::warning_issue}, {}, now + days(1)}, &not_allowed},
      {"no such agency", {"x", {Action::device_read}, AgencyId::make(now, random_), now + days(1)}, &agency_unknown},
  };
  for (const auto& [what, wanted, error] : table) {
    const auto made = directory_->tokens().create(caller_of(owner, ""), wanted);
    ASSERT_FALSE(made) << what;
    EXPECT_TRUE(made.error().is(*error)) << what << ": " << made.error().text();
  }
  EXPECT_TRUE(make(officer_, {Action::device_read}, std::nullopt, token_lifetime_max));
  for (std::size_t i = 1; i < tokens_per_account_max; ++i) ASSERT_TRUE(make(officer_, {Action::device_read}));
  EXPECT_TRUE(make(officer_, {Action::device_read}).error().is(tokens_too_many));
  EXPECT_TRUE(make(administrator_, {Action::device_read})) << "of another person's there is room";
  const IssuedAccount police = add_account("congan", Role::police, town_);
  change_issued("congan", police.one_time_password, own_password);
  EXPECT_TRUE(make(police.account.id, {Action::evidence_prove}).error().is(not_allowed)) << "no token_own";
}

TEST_F(TokenTest, IsNoWayPastAnEnvelope) {
  const auto before = make(officer_, {Action::device_read});
  const auto sealed = directory_->propose_password(server_operator(), officer_, Directory::Envelope::sealed);
  ASSERT_TRUE(sealed) << sealed.error().text();
  EXPECT_TRUE(use(before->token).error().is(token_over));
  EXPECT_TRUE(make(officer_, {Action::device_read}).error().is(token_sealed));
  ASSERT_TRUE(sign_in("antoan", sealed->password));
  EXPECT_TRUE(make(officer_, {Action::device_read}).error().is(token_sealed)) << "nor while it is open";
}

TEST_F(TokenTest, IsEndedByNobodyElse) {
  const auto made = make(officer_, {Action::device_read});
  const IssuedAccount other = add_account("antoan2", Role::security_officer, town_);
  const IssuedAccount below = add_account("quantri.vp", Role::system_admin, office_);
  for (const AccountId& id : {other.account.id, below.account.id}) {
    Actor actor = actor_for(id);
    actor.must_change_password = false;
    EXPECT_TRUE(directory_->tokens().revoke(caller_of(actor, ""), made->item.id).error().is(not_allowed));
  }
  EXPECT_TRUE(use(made->token));
  EXPECT_TRUE(
      directory_->tokens().revoke(administrator(), TokenId::make(clock_.now(), random_)).error().is(token_unknown));
}

TEST_F(TokenTest, IsNeverStored) {
  const auto made = make(officer_, {Action::device_read});
  ASSERT_TRUE(use(made->token));
  std::size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_EQ(bytes.find(made->token.substr(4)), std::string::npos) << file.path();
    read += bytes.size();
  }
  EXPECT_GT(read, 4096U);
  for (const AuditRecord& record : sink_.records) {
    EXPECT_EQ(record.json.find(made->token.substr(4)), std::string::npos);
  }
}

TEST_F(TokenTest, IsNamedBesideItsOwnerInTheAuditTrail) {
  const auto made = make(administrator_, {Action::agency_read, Action::wifi_manage});
  const Actor actor = *use(made->token);
  EXPECT_TRUE(directory_->agencies()
                  .create(caller_of(actor, "192.0.2.7"),
                          {"MOI", "Cơ quan mới", "", AgencyKind::department, town_, std::nullopt})
                  .error()
                  .is(not_allowed));
  const auto last = sink_.last();
  EXPECT_EQ(last.at("user.name").as_string(), "Quantri1");
  EXPECT_EQ(last.at("luy.token").as_string(), "Máy chủ giám sát");
  EXPECT_EQ(last.at("luy.token_id").as_string(), made->item.id.text());
  const auto listed = *directory_->tokens().list(administrator_);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].last_address, "192.0.2.7");
  EXPECT_EQ(listed[0].last_used, clock_.now());
}

}  // namespace luy::directory
