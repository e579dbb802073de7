// Goal: no kind of act that takes two is ever done by one person, whatever that person tries: a second account of
// theirs, a right they handed over, the other person locked out or stripped in between, a restart in between.
// Method: a row for each kind of the directory, with how it is asked for and how one sees that it was done; every
// attempt against every kind; a kind without a row fails. At the end two people do it, so that the row proves itself.
#include <algorithm>
#include <functional>
#include <set>

#include "directory/fixture.h"
#include "directory/pending.h"

namespace luy::directory {
namespace {

class FourEyes : public DirectoryTest {
 protected:
  FourEyes() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    school_ = add_agency("TH", town_).id;
    head_ = person("chutich", Role::agency_head, town_);
    second_ = person("quantri2", Role::system_admin, town_);
    clerk_ = person("lan", Role::staff, office_);
    twin_ = person("lan.moi", Role::staff, office_);
    officer_ = person("antoan", Role::security_officer, town_);
    acting_ = person("pho", Role::staff, town_);
    source_ = directory_->propose_source(server_operator(), provider("Cổng thị xã"))->source;
  }
  SourceSettings provider(const std::string& name) const {
    SourceSettings out;
    out.name = name;
    out.agency = town_;
    out.oidc = OidcSource{"https://id.example", "luy", {"openid"}};
    return out;
  }
  AccountId person(const std::string& username, Role role, const AgencyId& agency) {
    const IssuedAccount issued = add_account(username, role, agency);
    change_issued(username, issued.one_time_password, own_password);
    return issued.account.id;
  }
  Account account(const AccountId& id) { return *directory_->accounts().find(id); }
  Actor actor_for(const AccountId& id) {
    const Account one = account(id);
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
  Result<boost::json::object> agree(const AccountId& by, const ActId& act) {
    const Actor actor = actor_for(by);
    return directory_->acts().agree(caller_of(actor, "192.0.2.2"), act);
  }
  void reopen_as_it_was() {
    reopen();
    actor_ = actor_for(administrator_);
  }

  struct Row {
    std::string kind;
    std::function<Result<Proposed>(const Caller&)> ask;
    std::function<bool()> done;
  };
  std::vector<Row> rows() {
    Directory& d = *directory_;
    return {
        {"role_grant",
         [&](const Caller& by) {
           return d.propose_grant(by, clerk_, {Role::auditor, office_});
         },
         [&] { return account(clerk_).grants.size() == 2; }},
        {"role_delegate",
         [&](const Caller& by) {
           return d.propose_delegation(
               by, {administrator_, clerk_, Role::system_admin, town_, std::nullopt, day_of(clock_.now()), ""});
         },
         [&] { return account(clerk_).grants.size() == 2; }},
        {"second_factor_reset", [&](const Caller& by) { return d.propose_factor_reset(by, officer_); },
         [&] { return is_agreed("second_factor_reset"); }},
        {"password_issue",
         [&](const Caller& by) -> Result<Proposed> {
           LUY_TRY(auto made, d.propose_password(by, officer_, Directory::Envelope::open));
           return std::move(made.proposed);
         },
         [&] { return account(officer_).must_change_password; }},
        {"break_glass_seal",
         [&](const Caller& by) -> Result<Proposed> {
           LUY_TRY(auto made, d.propose_password(by, officer_, Directory::Envelope::sealed));
           return std::move(made.proposed);
         },
         [&] { return account(officer_).sealed; }},
        {"person_merge",
         [&](const Caller& by) {
           return d.propose_merge(by, account(clerk_).person, account(twin_).person, "Một người");
         },
         [&] { return account(clerk_).person == account(twin_).person; }},
        {"account_enable",
         [&](const Caller& by) -> Result<Proposed> {
           LUY_TRY_VOID(d.accounts().disable(by, officer_));
           return d.propose_enable(by, officer_);
         },
         [&] { return account(officer_).enabled; }},
        {"agency_profile",
         [&](const Caller& by) {
           AgencyProfile wide;
           wide.networks = {"203.0.113.0/24"};
           return d.propose_profile(by, town_, wide);
         },
         [&] { return !d.profiles().find(town_)->networks.empty(); }},
        {"agency_reorganise",
         [&](const Caller& by) -> Result<Proposed> {
           Reorganisation plan;
           plan.day = day_of(clock_.now()) + days(1);
           plan.basis = "Nghị quyết 1";
           plan.changes.push_back({school_, std::nullopt, std::nullopt, office_.text()});
           LUY_TRY(auto made, d.propose_reorganisation(by, plan));
           return std::move(made.proposed);
         },
         [&] { return !d.agencies().plans()->empty(); }},
        {"source_create",
         [&](const Caller& by) -> Result<Proposed> {
           LUY_TRY(auto made, d.propose_source(by, provider("Cổng tỉnh")));
           return std::move(made.proposed);
         },
         [&] { return d.federation().list()->size() == 2; }},
        {"source_change",
         [&](const Caller& by) -> Result<Proposed> {
           LUY_TRY(auto made, d.propose_source_change(by, source_, provider("Cổng khác")));
           return std::move(made.proposed);
         },
         [&] { return d.federation().find(source_)->settings.name == "Cổng khác"; }},
        {"source_remove", [&](const Caller& by) { return d.propose_source_removal(by, source_); },
         [&] { return d.federation().list()->empty(); }},
        {"identity_link", [&](const Caller& by) { return d.propose_identity(by, officer_, source_, "248289761001"); },
         [&] { return !d.federation().identities(officer_)->empty(); }},
    };
  }
  bool is_agreed(const std::string& kind) {
    const auto acts = *directory_->acts().list();
    return std::any_of(acts.begin(), acts.end(), [&](const PendingAct& act) {
      return act.kind == kind && act.state == PendingAct::State::agreed;
    });
  }

  // Things one person tries between asking and the act; each answers with which account they then agree.
  struct Attempt {
    const char* what;
    std::function<AccountId()> prepare;
  };
  std::vector<Attempt> attempts() {
    const auto sql = [this](std::string_view statement, const AccountId& id) {
      ASSERT_TRUE(
          database_->write([&](records::Connection& c) { return c.run(statement, {std::string_view(id.text())}); }));
    };
    return {
        {"the same account", [this] { return administrator_; }},
        {"a second account of the same person",
         [this] {
           NewAccount wanted;
           wanted.username = "puppet" + std::to_string(++made_);
           wanted.person = account(administrator_).person;
           wanted.grants = {{Role::agency_head, town_}, {Role::system_admin, town_}};
           const IssuedAccount issued = *directory_->accounts().create(server_operator(), wanted);
           change_issued(wanted.username, issued.one_time_password, own_password);
           return issued.account.id;
         }},
        {"somebody with nothing but the right they handed over",
         [this] {
           EXPECT_TRUE(directory_->roles().delegate(
               server_operator(),
               {administrator_, acting_, Role::system_admin, town_, std::nullopt, day_of(clock_.now()), ""}));
           return acting_;
         }},
        {"another who was disabled in between",
         [this, sql] {
           sql("UPDATE account SET enabled = 0 WHERE id = $1", second_);
           return second_;
         }},
        {"another who must change their password first",
         [this, sql] {
           sql("UPDATE account SET must_change_password = 1 WHERE id = $1", second_);
           return second_;
         }},
        {"another whose role ended in between",
         [this, sql] {
           sql("DELETE FROM role_grant WHERE account = $1", second_);
           return second_;
         }},
        {"another, while the one who asked was disabled",
         [this, sql] {
           sql("UPDATE account SET enabled = 0 WHERE id = $1", administrator_);
           return second_;
         }},
        {"another, while the one who asked lost the role",
         [this, sql] {
           sql("DELETE FROM role_grant WHERE account = $1", administrator_);
           return second_;
         }},
        {"the same account after a restart",
         [this] {
           reopen_as_it_was();
           return administrator_;
         }},
    };
  }

  AgencyId office_;
  AgencyId school_;
  AccountId head_;
  AccountId second_;
  AccountId clerk_;
  AccountId twin_;
  AccountId officer_;
  AccountId acting_;
  SourceId source_;
  int made_ = 0;
};

}  // namespace

TEST_F(FourEyes, HaveARowForEveryKind) {
  std::set<std::string> kinds;
  for (const Row& row : rows()) kinds.insert(row.kind);
  const auto registered = directory_->acts().kinds();
  EXPECT_EQ(kinds, std::set<std::string>(registered.begin(), registered.end()));
}

// One kind at a time, each on a directory of its own: acts change what the next would be asked of.
class FourEyesOfKind : public FourEyes, public testing::WithParamInterface<std::size_t> {};

TEST_P(FourEyesOfKind, AreNeverOnePersons) {
  const std::size_t at = GetParam();
  const std::size_t tries = attempts().size();
  for (std::size_t i = 0; i < tries; ++i) {
    // What is tried leaves its traces: each begins from the same bytes.
    directory_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_ / "kept");
    std::filesystem::create_directory(folder_ / "kept");
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      if (file.is_regular_file()) std::filesystem::copy_file(file, folder_ / "kept" / file.path().filename());
    }
    reopen_as_it_was();
    const auto asked = rows()[at].ask(administrator());
    ASSERT_TRUE(asked) << rows()[at].kind << asked.error().text();
    ASSERT_TRUE(asked->waiting) << rows()[at].kind;
    const auto tried = attempts()[i];
    const AccountId by = tried.prepare();
    const auto result = agree(by, *asked->waiting);
    ASSERT_FALSE(result) << rows()[at].kind << ": " << tried.what;
    EXPECT_EQ(result.error().error_class(), ErrorClass::denied) << tried.what << result.error().text();
    EXPECT_FALSE(rows()[at].done()) << rows()[at].kind << ": " << tried.what;
    directory_.reset();
    database_.reset();
    for (const auto& file : std::filesystem::directory_iterator(folder_ / "kept")) {
      std::filesystem::copy_file(file, folder_ / file.path().filename(),
                                 std::filesystem::copy_options::overwrite_existing);
    }
    std::filesystem::remove(folder_ / "records.db-wal");
    std::filesystem::remove(folder_ / "records.db-shm");
    reopen_as_it_was();
  }
  const auto asked = rows()[at].ask(administrator());
  ASSERT_TRUE(asked && asked->waiting) << rows()[at].kind;
  reopen_as_it_was();
  ASSERT_TRUE(agree(head_, *asked->waiting) || agree(second_, *asked->waiting)) << rows()[at].kind;
  EXPECT_TRUE(rows()[at].done()) << rows()[at].kind;
}

INSTANTIATE_TEST_SUITE_P(Kinds, FourEyesOfKind, testing::Range<std::size_t>(0, 13));

}  // namespace luy::directory
