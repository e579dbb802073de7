// Goal: bodies are renamed, moved, merged and split on a day without losing what they were; rights follow; nothing is
// done by whom may not; and the abolition of the district level on 01/07/2025 goes through as it happened.
// Method: the tree of Bỉm Sơn town before that day, the decision as one plan, then questions about both sides of it.
#include <algorithm>
#include <map>

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class ReorganiseTest : public DirectoryTest {
 protected:
  ReorganiseTest() { set_up_town(); }

  Day today() const { return day_of(clock_.now()); }
  Day day(const char* text) const { return *day_from_iso(text); }
  Result<Reorganised> reorganise(const Reorganisation& plan, Preview preview = Preview::no) {
    return directory_->agencies().reorganise(administrator(), plan, preview);
  }
  Object in(const AgencyId& agency) const { return {directory_->agencies().lineage(agency), std::nullopt, false}; }
  // As the directory would have them after signing in today.
  Actor actor_for(const AccountId& account) {
    Actor actor;
    actor.account = account;
    const Account found = *directory_->accounts().find(account);
    for (const Grant& grant : found.grants) {
      if (grant.valid_on(today())) actor.grants.push_back(grant);
    }
    return actor;
  }
  std::vector<std::string> codes(std::optional<Day> on) {
    std::vector<std::string> out;
    const auto list = directory_->agencies().list(on);
    for (const Agency& agency : *list) out.push_back(agency.code);
    return out;
  }
};

}  // namespace

TEST_F(ReorganiseTest, RenamesAndMovesWithoutForgetting) {
  const Agency culture = add_agency("VHTT", town_);
  const Agency office = add_agency("VP", town_);
  const Agency team = add_agency("TO", culture.id);
  clock_.advance(days(30));
  const Day before = today() - days(1);
  Reorganisation plan;
  plan.day = today();
  plan.basis = "Quyết định 12/QĐ-UBND";
  plan.changes = {{culture.id, "Phòng Văn hóa - Xã hội", std::nullopt, std::nullopt},
                  {team.id, std::nullopt, std::nullopt, office.id.text()}};
  ASSERT_TRUE(reorganise(plan));
  EXPECT_EQ(directory_->agencies().find(culture.id)->name, "Phòng Văn hóa - Xã hội");
  EXPECT_EQ(directory_->agencies().lineage(team.id), (std::vector<AgencyId>{team.id, office.id, town_}));
  const auto was = directory_->agencies().list(before);
  const auto find = [&](const AgencyId& id) {
    return *std::find_if(was->begin(), was->end(), [&](const Agency& one) { return one.id == id; });
  };
  EXPECT_EQ(find(culture.id).name, "Cơ quan VHTT");
  EXPECT_EQ(find(team.id).superior, culture.id);
  reopen();
  EXPECT_EQ(directory_->agencies().lineage(team.id), (std::vector<AgencyId>{team.id, office.id, town_}));
}

TEST_F(ReorganiseTest, WaitsForItsDay) {
  const Agency office = add_agency("VP", town_);
  Reorganisation plan;
  plan.day = today() + days(3);
  plan.changes = {{office.id, "Văn phòng mới", std::nullopt, std::nullopt}};
  const auto noted = reorganise(plan);
  ASSERT_TRUE(noted);
  EXPECT_TRUE(noted->waits);
  EXPECT_EQ(*directory_->agencies().begin_due(), 0U);
  EXPECT_EQ(directory_->agencies().find(office.id)->name, "Cơ quan VP");
  clock_.advance(days(3));
  EXPECT_EQ(*directory_->agencies().begin_due(), 1U);
  EXPECT_EQ(directory_->agencies().find(office.id)->name, "Văn phòng mới");
  EXPECT_EQ(*directory_->agencies().begin_due(), 0U);
}

TEST_F(ReorganiseTest, ShowsFirstWhatItWouldDo) {
  const Agency office = add_agency("VP", town_);
  clock_.advance(days(1));
  Reorganisation plan;
  plan.day = today();
  plan.changes = {{office.id, "Tên khác", std::nullopt, std::nullopt}};
  const std::size_t entries = sink_.records.size();
  const auto seen = reorganise(plan, Preview::yes);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->changed.at(0).name, "Tên khác");
  EXPECT_EQ(directory_->agencies().find(office.id)->name, "Cơ quan VP");
  EXPECT_EQ(sink_.records.size(), entries);
}

TEST_F(ReorganiseTest, MergesTwoBodiesWithTheirPeopleRolesAndRecords) {
  const Agency one = add_agency("A", town_);
  const Agency two = add_agency("B", town_);
  const AccountId head = add_account("truong-a", Role::agency_head, one.id).account.id;
  const AccountId clerk = add_account("nv-b", Role::staff, two.id).account.id;
  clock_.advance(days(10));
  Reorganisation plan;
  plan.day = today();
  plan.creates = {{"moi", "AB", "Phòng hợp nhất", "", AgencyKind::department, town_.text()}};
  plan.closes = {{one.id, {{"moi", true, true, true}}}, {two.id, {{"moi", true, true, true}}}};
  const auto done = reorganise(plan);
  ASSERT_TRUE(done) << done.error().text();
  const AgencyId merged = done->created.at(0).id;
  EXPECT_EQ(done->people_moved, 2U);
  EXPECT_EQ(done->roles_moved, 2U);
  EXPECT_EQ(directory_->accounts().find(clerk)->agency, merged);
  const Actor as_head = actor_for(head);
  EXPECT_TRUE(may(as_head, Action::verdict_read, in(merged)).allowed);
  EXPECT_TRUE(may(as_head, Action::verdict_read, in(one.id)).allowed) << "the records of the old body are lost";
  EXPECT_TRUE(may(as_head, Action::verdict_read, in(two.id)).allowed);
  EXPECT_EQ(as_head.grants.size(), 1U) << "the role in the old body goes on";
  EXPECT_EQ(codes(today()), (std::vector<std::string>{"AB", "UBND"}));
  EXPECT_EQ(codes(today() - days(1)), (std::vector<std::string>{"A", "B", "UBND"}));
}

TEST_F(ReorganiseTest, IsRefusedWholeWhenItCannotBe) {
  const Agency office = add_agency("VP", town_);
  const Agency team = add_agency("TO", office.id);
  clock_.advance(days(5));
  const Day now = today();
  const auto plan = [&](auto fill) {
    Reorganisation out;
    out.day = now;
    fill(out);
    return out;
  };
  using R = Reorganisation;
  const struct {
    const char* what;
    Reorganisation given;
    const ErrorKind* error;
  } table[] = {
      {"under itself", plan([&](R& r) {
         r.changes = {{office.id, {}, {}, team.id.text()}};
       }),
       &agency_change_invalid},
      {"a part left over", plan([&](R& r) {
         r.closes = {{office.id, {}}};
       }),
       &agency_has_parts},
      {"the last top", plan([&](R& r) {
         r.closes = {{town_, {}}};
       }),
       &agency_has_parts},
      {"a second top", plan([&](R& r) {
         r.creates = {{"x", "X", "X", "", AgencyKind::town, ""}};
       }),
       &agency_change_invalid},
      {"under nothing", plan([&](R& r) {
         r.creates = {{"x", "X", "X", "", AgencyKind::unit, "y"}};
       }),
       &agency_change_invalid},
      {"a code twice", plan([&](R& r) {
         r.creates = {{"x", "vp", "X", "", AgencyKind::unit, town_.text()}};
       }),
       &agency_code_taken},
      {"under what ends", plan([&](R& r) {
         r.creates = {{"x", "X", "X", "", AgencyKind::unit, team.id.text()}};
         r.closes = {{team.id, {}}};
       }),
       &agency_not_valid},
      {"people to two", plan([&](R& r) {
         r.creates = {{"x", "X", "X", "", AgencyKind::unit, town_.text()},
                      {"y", "Y", "Y", "", AgencyKind::unit, town_.text()}};
         r.closes = {{team.id, {{"x", true, true, false}, {"y", true, true, false}}}};
       }),
       &agency_change_invalid},
      {"a top without an administrator", plan([&](R& r) {
         r.creates = {{"x", "X", "X", "", AgencyKind::commune, ""}};
         r.changes = {{office.id, {}, {}, "x"}};
         r.closes = {{town_, {{"x", true, true, false}}}};
       }),
       &last_administrator},
      {"before it was", plan([&](R& r) {
         r.day = now - days(30);
         r.changes = {{office.id, "Tên", {}, {}}};
       }),
       &agency_change_invalid},
  };
  for (const auto& [what, given, error] : table) {
    const auto result = reorganise(given);
    ASSERT_FALSE(result) << what;
    EXPECT_TRUE(result.error().is(*error)) << what << ": " << result.error().text();
    EXPECT_EQ(codes(std::nullopt), (std::vector<std::string>{"TO", "UBND", "VP"})) << what;
  }
  Actor below;
  below.account = administrator_;
  below.grants = {{Role::system_admin, office.id, town_}};
  const auto foreign = plan([&](R& r) { r.changes = {{team.id, {}, {}, town_.text()}}; });
  const auto refused = directory_->agencies().reorganise(caller_of(below, ""), foreign);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(not_allowed));
  EXPECT_EQ(sink_.acts().back(), "agency_reorganise directory.not_allowed");
}

// A reorganisation must not be the way round the rule that rights take two people.
class ReorganiseRightsTest : public ReorganiseTest {
 protected:
  ReorganiseRightsTest() {
    unit_ = add_agency("TRUONG", town_).id;
    office_ = add_agency("VP", town_).id;
    friend_ = add_account("ban", Role::agency_head, unit_).account.id;
    clerk_ = add_account("lan", Role::staff, office_).account.id;
    const IssuedAccount head = add_account("chutich", Role::agency_head, town_);
    change_issued("chutich", head.one_time_password, own_password);
    head_ = head.account.id;
    clock_.advance(days(30));
  }
  Reorganisation plan(auto fill) const {
    Reorganisation out;
    out.day = today();
    fill(out);
    return out;
  }
  Reorganisation into_the_town() const {
    return plan([&](Reorganisation& r) { r.closes = {{unit_, {{town_.text(), true, true, true}}}}; });
  }
  Reorganisation under_the_unit() const {
    return plan([&](Reorganisation& r) { r.changes = {{office_, {}, {}, unit_.text()}}; });
  }

  AgencyId unit_, office_;
  AccountId friend_, clerk_, head_;
};

TEST_F(ReorganiseRightsTest, TakesTwoWhereSomebodyGainsRightsOrANewSuperior) {
  for (const Reorganisation& one : {into_the_town(), under_the_unit()}) {
    EXPECT_TRUE(reorganise(one).error().is(takes_two_people));
    const auto seen = reorganise(one, Preview::yes);
    ASSERT_TRUE(seen) << seen.error().text();
    EXPECT_TRUE(seen->takes_two);
    ASSERT_FALSE(seen->gains.empty());
    EXPECT_EQ(seen->gains.front().account, friend_);
    EXPECT_EQ(seen->gains.front().role, Role::agency_head);
  }
  // Who gains nothing at all still comes to stand under others.
  const AgencyId empty = add_agency("TRONG", town_).id;
  clock_.advance(days(1));
  const auto moved = plan([&](Reorganisation& r) { r.changes = {{office_, {}, {}, empty.text()}}; });
  EXPECT_TRUE(reorganise(moved).error().is(takes_two_people));
  // What gives nobody anything one person may still do.
  EXPECT_TRUE(reorganise(plan([&](Reorganisation& r) { r.changes = {{office_, "Văn phòng mới", {}, {}}}; })));
}

TEST_F(ReorganiseRightsTest, IsDoneWhenTheTopAgrees) {
  const auto asked = directory_->propose_reorganisation(administrator(), into_the_town());
  ASSERT_TRUE(asked && asked->proposed.waiting) << asked.error().text();
  const PendingAct act = directory_->acts().list()->at(0);
  EXPECT_EQ(act.agency, town_);
  ASSERT_EQ(act.after.at("gains").as_array().size(), 1U) << boost::json::serialize(act.after);
  EXPECT_EQ(act.after.at("gains").at(0).at("agency").at("id").as_string(), town_.text());
  const Actor as_friend = actor_for(friend_);
  EXPECT_TRUE(directory_->acts().agree(caller_of(as_friend, ""), act.id).error().is(not_allowed));
  EXPECT_EQ(directory_->accounts().find(friend_)->grants.size(), 1U);
  const Actor as_head = actor_for(head_);
  const auto done = directory_->acts().agree(caller_of(as_head, ""), act.id);
  ASSERT_TRUE(done) << done.error().text();
  const Actor now = actor_for(friend_);
  ASSERT_EQ(now.grants.size(), 1U);
  EXPECT_EQ(now.grants.front().agency, town_);
}

TEST_F(ReorganiseRightsTest, IsSeenAtOnceInTheTreeInMemory) {
  const auto asked = directory_->propose_reorganisation(administrator(), under_the_unit());
  ASSERT_TRUE(asked && asked->proposed.waiting);
  const Actor as_head = actor_for(head_);
  ASSERT_TRUE(directory_->acts().agree(caller_of(as_head, ""), *asked->proposed.waiting));
  EXPECT_EQ(directory_->agencies().lineage(office_), (std::vector<AgencyId>{office_, unit_, town_}));
}

TEST_F(ReorganiseRightsTest, GivesNobodyWhatWhoAsksLacks) {
  // An administrator of the town who is no security officer makes none of the whole town, not even with a second one.
  add_account("atruong", Role::security_officer, unit_);
  Actor only;
  only.account = administrator_;
  only.grants = {{Role::system_admin, town_, town_}, {Role::security_officer, unit_, town_}};
  for (const Reorganisation& one : {into_the_town(), under_the_unit()}) {
    const auto refused = directory_->propose_reorganisation(caller_of(only, ""), one);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().is(cannot_grant)) << refused.error().text();
  }
}

TEST_F(ReorganiseRightsTest, BeginsOnItsDayOnlyByRightsHeldOnThatDay) {
  const auto wait = [&](int ahead) {
    Reorganisation one = under_the_unit();
    one.day = today() + days(ahead);
    const auto asked = directory_->propose_reorganisation(administrator(), one);
    const Actor as_head = actor_for(head_);
    EXPECT_TRUE(directory_->acts().agree(caller_of(as_head, ""), *asked->proposed.waiting));
  };
  wait(3);
  wait(4);
  wait(6);
  ASSERT_EQ(directory_->agencies().plans()->size(), 3U);
  const PlannedReorganisation last = directory_->agencies().plans()->back();
  EXPECT_EQ(last.proposed_by, administrator_);
  EXPECT_EQ(last.agreed_by, "chutich");
  const Actor as_friend = actor_for(friend_);
  EXPECT_TRUE(directory_->agencies().take_back(caller_of(as_friend, ""), last.id).error().is(not_allowed));
  ASSERT_TRUE(directory_->agencies().take_back(administrator(), last.id));
  EXPECT_TRUE(directory_->agencies().take_back(administrator(), last.id).error().is(plan_unknown));
  // Whoever agreed was locked meanwhile.
  ASSERT_TRUE(directory_->accounts().disable(server_operator(), head_));
  clock_.advance(days(3));
  EXPECT_EQ(*directory_->agencies().begin_due(), 1U);
  EXPECT_EQ(directory_->agencies().find(office_)->superior, town_);
  EXPECT_FALSE(directory_->agencies().plans()->front().problem_vi.empty());
  ASSERT_TRUE(directory_->accounts().enable(server_operator(), head_));
  clock_.advance(days(1));
  EXPECT_EQ(*directory_->agencies().begin_due(), 1U);
  EXPECT_EQ(directory_->agencies().find(office_)->superior, unit_);
  EXPECT_EQ(directory_->agencies().plans()->size(), 1U) << "what failed stays in the list";
}

// Nghị quyết 1686/NQ-UBTVQH15: the district level ends; Bỉm Sơn town becomes the wards Bỉm Sơn (14812) and Quang Trung
// (14818). Decision 4448 has no single successor body.
TEST_F(ReorganiseTest, ReplaysTheEndOfTheDistrictLevelIn2025) {
  // Years before: the town with its offices, wards and a commune, each with people.
  clock_.set(*from_rfc3339("2018-01-02T01:00:00Z"));
  reopen();
  const auto setup = [&] {
    FirstSetup wanted = first_setup();
    wanted.agency_name = "Ủy ban nhân dân thị xã Bỉm Sơn";
    return wanted;
  };
  // A database of its own: the fixture's town was founded later.
  std::filesystem::remove_all(folder_ / "records.db");
  directory_.reset();
  database_.reset();
  for (const char* end : {"", "-wal", "-shm", ".lock"}) {
    std::error_code ignored;
    std::filesystem::remove(folder_ / ("records.db" + std::string(end)), ignored);
  }
  reopen();
  const auto first = *directory_->set_up(setup());
  town_ = first.agency;
  administrator_ = first.account;
  token_ = change_issued("Quantri1", *first.one_time_password, own_password);
  actor_ = directory_->sessions().authenticate(token_, Touch::no)->actor;

  std::map<std::string, AgencyId> old;
  for (const char* code : {"VP-HDND-UBND", "VHTT", "BA-DINH", "LAM-SON", "DONG-SON", "BAC-SON", "NGOC-TRAO", "PHU-SON",
                           "XA-QUANG-TRUNG"}) {
    old[code] = add_agency(code, town_).id;
  }
  const AgencyId school = add_agency("TH-BA-DINH", old["BA-DINH"]).id;
  const AccountId officer = add_account("antoan", Role::security_officer, town_).account.id;
  const AccountId ward_head = add_account("ct-badinh", Role::agency_head, old["BA-DINH"]).account.id;
  const AccountId culture = add_account("vhtt", Role::culture_info, old["VHTT"]).account.id;

  clock_.set(*from_rfc3339("2025-06-20T02:00:00Z"));
  Reorganisation plan;
  plan.day = day("2025-07-01");
  plan.basis = "Nghị quyết 1686/NQ-UBTVQH15";
  plan.creates = {
      {"bs", "P-BIM-SON", "Ủy ban nhân dân phường Bỉm Sơn", "ỦY BAN NHÂN DÂN PHƯỜNG BỈM SƠN", AgencyKind::commune, ""},
      {"qt", "P-QUANG-TRUNG", "Ủy ban nhân dân phường Quang Trung", "", AgencyKind::commune, ""},
      {"bs-vp", "BS-VP", "Văn phòng HĐND và UBND phường Bỉm Sơn", "", AgencyKind::department, "bs"},
      {"qt-vp", "QT-VP", "Văn phòng HĐND và UBND phường Quang Trung", "", AgencyKind::department, "qt"},
      {"bs-vhxh", "BS-VHXH", "Phòng Văn hóa - Xã hội phường Bỉm Sơn", "", AgencyKind::department, "bs"}};
  plan.changes = {{school, std::nullopt, std::nullopt, "bs"}};
  plan.closes = {{old["VP-HDND-UBND"], {{"bs-vp", true, true, true}}},
                 {old["VHTT"], {{"bs-vhxh", true, true, true}}},
                 {old["BA-DINH"], {{"bs", true, true, false}}},
                 {old["LAM-SON"], {{"bs", true, true, false}}},
                 {old["DONG-SON"], {{"bs", true, true, false}}},
                 {old["BAC-SON"], {{"qt", true, true, false}}},
                 {old["NGOC-TRAO"], {{"qt", true, true, false}}},
                 {old["PHU-SON"], {{"qt", true, true, false}}},
                 {old["XA-QUANG-TRUNG"], {{"qt", true, true, false}}},
                 // The town's own records go to the ward at its old seat; its roles go on in both until new people
                 // are appointed.
                 {town_, {{"bs", true, true, true}, {"qt", false, false, true}}}};
  const auto noted = reorganise(plan);
  ASSERT_TRUE(noted) << noted.error().text();
  EXPECT_TRUE(noted->waits);
  EXPECT_EQ(codes(today()).size(), 11U) << "the town is as it was until the day comes";

  clock_.set(*from_rfc3339("2025-06-30T17:00:00Z"));  // 01/07/2025 00:00 in Vietnam.
  EXPECT_EQ(*directory_->agencies().begin_due(), 1U);
  reopen();
  EXPECT_EQ(codes(today()),
            (std::vector<std::string>{"BS-VHXH", "BS-VP", "P-BIM-SON", "P-QUANG-TRUNG", "QT-VP", "TH-BA-DINH"}));
  EXPECT_EQ(codes(day("2025-06-30")).size(), 11U);
  EXPECT_EQ(directory_->agencies().successions()->size(), 11U);

  std::map<std::string, AgencyId> now;
  const auto living = directory_->agencies().list(today());
  for (const Agency& agency : *living) now[agency.code] = agency.id;
  EXPECT_EQ(directory_->agencies().find(now["P-BIM-SON"])->header_name, "ỦY BAN NHÂN DÂN PHƯỜNG BỈM SƠN");
  EXPECT_EQ(directory_->agencies().find(town_)->valid_to, day("2025-06-30"));
  EXPECT_EQ(directory_->agencies().lineage(school), (std::vector<AgencyId>{school, now["P-BIM-SON"]}));

  // Who was signed in signs in again; the administrator serves both wards, and each side keeps what is its own.
  EXPECT_FALSE(alive(token_));
  const Actor admin = actor_for(administrator_);
  EXPECT_TRUE(may(admin, Action::agency_manage, in(now["P-BIM-SON"])).allowed);
  EXPECT_TRUE(may(admin, Action::agency_manage, in(now["QT-VP"])).allowed);
  const Actor as_officer = actor_for(officer);
  EXPECT_TRUE(may(as_officer, Action::evidence_search, in(now["P-QUANG-TRUNG"])).allowed);
  EXPECT_TRUE(may(as_officer, Action::evidence_search, in(old["NGOC-TRAO"])).allowed);
  EXPECT_TRUE(may(as_officer, Action::evidence_search, in(town_)).allowed) << "logs of the town before 2025 are lost";
  EXPECT_TRUE(actor_for(ward_head).grants.empty()) << "heads of abolished wards are appointed anew";
  const Actor inspector = actor_for(culture);
  EXPECT_TRUE(may(inspector, Action::verdict_read, in(now["BS-VP"])).allowed);
  EXPECT_FALSE(may(inspector, Action::verdict_read, in(now["QT-VP"])).allowed) << "the other ward is another town now";

  // A year later the wards are two worlds: an officer of one sees nothing of the other, but all it took over.
  clock_.set(*from_rfc3339("2026-07-01T02:00:00Z"));
  Actor of_quang_trung;
  of_quang_trung.account = ward_head;
  of_quang_trung.grants = {{Role::security_officer, now["P-QUANG-TRUNG"], now["P-QUANG-TRUNG"]}};
  EXPECT_TRUE(may(of_quang_trung, Action::evidence_search, in(old["BAC-SON"])).allowed);
  EXPECT_FALSE(may(of_quang_trung, Action::evidence_search, in(old["BA-DINH"])).allowed);
  EXPECT_FALSE(may(of_quang_trung, Action::evidence_search, in(now["BS-VP"])).allowed);
  EXPECT_FALSE(may(of_quang_trung, Action::evidence_search, in(town_)).allowed);
}

}  // namespace luy::directory
