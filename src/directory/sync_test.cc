// Goal: a sync does exactly what its preview said, or nothing: people are known by their key, nobody comes back, nobody
// gains a role, and what ends much, ties accounts, or concerns who decides for two takes two people.
// Method: a directory as a list of entries; each kind of deed, alone and with others; the records changed in between.
#include "directory/sync.h"

#include <algorithm>

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class SyncTest : public DirectoryTest {
 protected:
  SyncTest() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    school_ = add_agency("TH", town_).id;
    SourceSettings settings;
    settings.name = "Thư mục";
    settings.agency = town_;
    settings.ldap = LdapSource{{"ldaps://ldap.example"}, false,    "dc=example", "(objectClass=person)", "entryUUID",
                               "cn=luy,dc=example",      "secret", "ca.crt",     {"uid", "cn"}};
    source_ = directory_->propose_source(server_operator(), settings)->source;
    syncs_ = std::make_unique<Syncs>(
        Syncs::Dependencies{*database_, *directory_, clock_, random_, password_cost_of_tests, [this] { ++applied_; }});
    for (int i = 0; i < 10; ++i) {
      const std::string number = std::to_string(i);
      entries_.push_back({"u-" + number, "nguoi" + number, "Người " + number, "n" + number + "@bimson.gov.vn"});
    }
  }
  SyncPreview preview() {
    auto made = syncs_->preview(administrator(), source_, entries_);
    LUY_CHECK_MSG(made.has_value(), made ? "" : made.error().text());
    return *std::move(made);
  }
  Result<Proposed> apply(const std::string& id, const std::set<std::string>& skip = {}) {
    return syncs_->apply(administrator(), source_, id, skip);
  }
  void sync_all() { ASSERT_TRUE(apply(preview().id)); }
  // From now on two people could keep the rule.
  void add_head() {
    const IssuedAccount issued = add_account("chutich", Role::agency_head, town_);
    change_issued("chutich", issued.one_time_password, own_password);
    head_ = *directory_->sessions().authenticate(sign_in("chutich", own_password)->token, Touch::no);
  }
  Result<boost::json::object> agree(const ActId& act) {
    return directory_->acts().agree(caller_of(head_.actor, "192.0.2.2"), act);
  }
  const SyncItem& item(const SyncPreview& made, const std::string& subject) {
    return *std::find_if(made.plan.items.begin(), made.plan.items.end(),
                         [&](const SyncItem& one) { return one.subject == subject; });
  }
  Account account(std::string_view username) { return *directory_->accounts().find_by_username(username); }
  Person person(std::string_view username) { return *directory_->people().find(account(username).person); }

  AgencyId office_;
  AgencyId school_;
  SourceId source_;
  std::vector<SyncEntry> entries_;
  std::unique_ptr<Syncs> syncs_;
  Session head_;
  int applied_ = 0;
};

}  // namespace

TEST_F(SyncTest, CreatesPeopleWithoutAnyRightAndWithoutAPasswordAnybodyKnows) {
  entries_[1].department = "vp";
  entries_[2].department = "Nơi không có";
  const SyncPreview made = preview();
  EXPECT_EQ(made.plan.count(SyncDoes::create), 10U);
  EXPECT_FALSE(made.plan.takes_two({}));
  const auto done = apply(made.id, {"u-9"});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(done->done);
  EXPECT_EQ(applied_, 1);
  EXPECT_TRUE(account("nguoi1").grants.empty());
  EXPECT_EQ(account("nguoi1").agency, office_);
  EXPECT_EQ(account("nguoi2").agency, town_);
  EXPECT_FALSE(account("nguoi1").must_change_password);
  EXPECT_FALSE(account("nguoi1").one_time_until);
  EXPECT_FALSE(directory_->accounts().find_by_username("nguoi9")) << "left out";
  EXPECT_TRUE(directory_->sessions().sign_in_federated({source_.text(), "u-1", false}));
  EXPECT_TRUE(directory_->federation().find(source_)->last_sync);
  EXPECT_EQ(preview().plan.count(SyncDoes::nothing), 9U);
}

TEST_F(SyncTest, KnowsWhoWasRenamed) {
  sync_all();
  const PersonId before = account("nguoi3").person;
  entries_[3] = {"u-3", "tenmoi", "Tên Mới", "moi@bimson.gov.vn", "Phó phòng"};
  const SyncPreview made = preview();
  EXPECT_EQ(item(made, "u-3").does, SyncDoes::change);
  ASSERT_TRUE(apply(made.id));
  EXPECT_EQ(directory_->people().find(before)->name, "Tên Mới");
  EXPECT_EQ(directory_->people().find(before)->position, "Phó phòng");
  EXPECT_EQ(directory_->sessions().sign_in_federated({source_.text(), "u-3", false})->session.actor.username, "nguoi3");
}

TEST_F(SyncTest, EndsWhoIsGoneThereAndNeverBringsThemBack) {
  sync_all();
  const std::string token = directory_->sessions().sign_in_federated({source_.text(), "u-4", false})->token;
  const SyncEntry gone = entries_[4];
  entries_.erase(entries_.begin() + 4);
  const SyncPreview made = preview();
  EXPECT_EQ(item(made, "u-4").does, SyncDoes::leave);
  EXPECT_FALSE(made.plan.takes_two({}));
  ASSERT_TRUE(apply(made.id));
  EXPECT_FALSE(alive(token));
  EXPECT_FALSE(account("nguoi4").enabled);
  EXPECT_EQ(person("nguoi4").state, PersonState::leaving);
  entries_.push_back(gone);
  const SyncPreview again = preview();
  EXPECT_EQ(item(again, "u-4").does, SyncDoes::refuse);
  ASSERT_TRUE(apply(again.id));
  EXPECT_FALSE(account("nguoi4").enabled);
}

TEST_F(SyncTest, TakesTwoWhereMoreThanAFifthWouldLeave) {
  sync_all();
  add_head();
  entries_.resize(8);
  EXPECT_FALSE(preview().plan.takes_two({})) << "two of ten";
  entries_.resize(7);
  const SyncPreview made = preview();
  EXPECT_TRUE(made.plan.takes_two({}));
  EXPECT_FALSE(made.plan.takes_two({"u-9"}));
  const auto asked = apply(made.id);
  ASSERT_TRUE(asked) << asked.error().text();
  ASSERT_TRUE(asked->waiting);
  EXPECT_TRUE(account("nguoi9").enabled);
  EXPECT_EQ(applied_, 1) << "the first sync alone";
  const auto done = agree(*asked->waiting);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_FALSE(account("nguoi9").enabled);
  EXPECT_EQ(applied_, 2);
}

TEST_F(SyncTest, TakesTwoToTieAnAccountThatIsThere) {
  const IssuedAccount issued = add_account("nguoi5", Role::staff, school_);
  add_head();
  const SyncPreview made = preview();
  EXPECT_EQ(item(made, "u-5").does, SyncDoes::link);
  EXPECT_TRUE(made.plan.takes_two({}));
  EXPECT_FALSE(made.plan.takes_two({"u-5"}));
  const auto asked = apply(made.id);
  ASSERT_TRUE(asked && asked->waiting);
  EXPECT_TRUE(directory_->federation().identities(issued.account.id)->empty());
  ASSERT_TRUE(agree(*asked->waiting));
  EXPECT_EQ(directory_->federation().identities(issued.account.id)->front().subject, "u-5");
}

TEST_F(SyncTest, TakesTwoWhereSomebodyDecidesForTwo) {
  sync_all();
  ASSERT_TRUE(directory_->roles().grant(server_operator(), account("nguoi6").id, {Role::system_admin, town_}));
  entries_.erase(entries_.begin() + 6);
  const SyncPreview made = preview();
  EXPECT_EQ(made.plan.deciders(), 1U);
  EXPECT_TRUE(made.plan.takes_two({}));
}

TEST_F(SyncTest, RefusesWhatHasChangedSinceThePreview) {
  sync_all();
  entries_.erase(entries_.begin() + 4);
  const SyncPreview made = preview();
  entries_[0].position = "Chuyên viên";
  const SyncPreview other = preview();
  ASSERT_TRUE(directory_->people().change(administrator(), account("nguoi0").person, {{}, "Chuyên viên", {}, {}}));
  EXPECT_TRUE(apply(other.id).error().is(sync_outdated)) << "it would change what is right by now";
  EXPECT_TRUE(apply("no such").error().is(sync_outdated));
  clock_.advance(preview_lifetime + std::chrono::seconds(1));
  EXPECT_TRUE(apply(made.id).error().is(sync_outdated));
  EXPECT_TRUE(account("nguoi4").enabled);
}

TEST_F(SyncTest, RefusesWhatCannotBeTold) {
  entries_[1].subject = entries_[0].subject;
  entries_[3].username = "NGUOI2";
  entries_[4].username = "Người 4";
  entries_[5].name = "";
  entries_[6].mail = "no address";
  entries_[7].subject = "";
  entries_[8].username = "quantri1";
  add_account("nguoi9", Role::staff, office_);
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE account SET sealed = 1 WHERE username = $1", {std::string_view("nguoi9")});
  }));
  const SyncPreview made = preview();
  EXPECT_EQ(made.plan.count(SyncDoes::refuse), 9U);
  EXPECT_EQ(item(made, "u-8").does, SyncDoes::link) << "an administrator's: two people decide";
  EXPECT_TRUE(item(made, "u-8").decides);
  EXPECT_TRUE(syncs_->preview(administrator(), source_, {}).error().is(sync_empty));
}

TEST_F(SyncTest, IsForWhomManagesTheSource) {
  const IssuedAccount issued = add_account("antoan", Role::security_officer, town_);
  const std::string token = change_issued("antoan", issued.one_time_password, own_password);
  const Session officer = *directory_->sessions().authenticate(token, Touch::no);
  const Caller caller = caller_of(officer.actor, "192.0.2.3");
  EXPECT_EQ(syncs_->preview(caller, source_, entries_).error().error_class(), ErrorClass::denied);
  const SyncPreview made = preview();
  EXPECT_EQ(syncs_->apply(caller, source_, made.id, {}).error().error_class(), ErrorClass::denied);
}

}  // namespace luy::directory
