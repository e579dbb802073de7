// Goal: agencies form a dated tree that only who may manage it can change, and each change is in the audit trail.
// Method: a small town; tables of refusals.
#include "directory/agency.h"

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class AgencyTest : public DirectoryTest {
 protected:
  AgencyTest() { set_up_town(); }
  Result<Agency> create(const Caller& caller, NewAgency wanted) {
    return directory_->agencies().create(caller, wanted);
  }
  Day day(std::string_view iso) { return *day_from_iso(iso); }
};

}  // namespace

TEST_F(AgencyTest, StandUnderOneAnother) {
  const Agency office = add_agency("VP", town_);
  const Agency team = add_agency("VP-1", office.id);
  EXPECT_EQ(office.valid_from, day("2026-11-22"));
  EXPECT_EQ(office.header_name, "Cơ quan VP");
  const std::vector<AgencyId> chain{team.id, office.id, town_};
  EXPECT_EQ(directory_->agencies().lineage(team.id), chain);
  EXPECT_TRUE(directory_->agencies().lineage(AgencyId::make(clock_.now(), random_)).empty());
  EXPECT_EQ(directory_->agencies().find(team.id)->superior, office.id);
  reopen();
  EXPECT_EQ(directory_->agencies().lineage(team.id), chain);
  // Also where the database itself must not be asked.
  ASSERT_TRUE(database_->write([&](records::Connection&) -> Result<void> {
    EXPECT_EQ(directory_->agencies().lineage(office.id).size(), 2U);
    return {};
  }));
}

TEST_F(AgencyTest, ExistFromDayToDay) {
  const Agency office =
      *create(administrator(), {"VP", "Văn phòng", "VĂN PHÒNG", AgencyKind::department, town_, day("2027-01-01")});
  ASSERT_TRUE(directory_->agencies().close(administrator(), office.id, day("2027-06-30")));
  const struct {
    const char* on;
    std::size_t count;
  } table[] = {{"2026-11-21", 0}, {"2026-11-22", 1}, {"2027-01-01", 2}, {"2027-06-30", 2}, {"2027-07-01", 1}};
  for (const auto& [on, count] : table) {
    EXPECT_EQ(directory_->agencies().list(day(on))->size(), count) << on;
  }
  EXPECT_EQ(directory_->agencies().list()->size(), 2U);
  const auto entry = sink_.last();
  EXPECT_EQ(entry.at("event.action").as_string(), "agency_close");
  EXPECT_TRUE(entry.at("luy.before").at("valid_to").is_null());
  EXPECT_EQ(entry.at("luy.after").at("valid_to").as_string(), "2027-06-30");
}

TEST_F(AgencyTest, AreRefusedForAReason) {
  const Agency office = add_agency("VP", town_);
  const Agency closed = add_agency("CU", town_);
  ASSERT_TRUE(directory_->agencies().close(administrator(), closed.id, day("2026-12-31")));
  const NewAgency good{"X", "Tên", "", AgencyKind::unit, town_, std::nullopt};
  const struct {
    const char* what;
    std::function<void(NewAgency&)> change;
    const ErrorKind* error;
  } table[] = {
      {"code in use", [](NewAgency& a) { a.code = "vp"; }, &agency_code_taken},
      {"empty code", [](NewAgency& a) { a.code = "  "; }, &bad_value},
      {"long code", [](NewAgency& a) { a.code = std::string(agency_code_bytes_max + 1, 'x'); }, &bad_value},
      {"control character", [](NewAgency& a) { a.name = "a\nb"; }, &bad_value},
      {"no UTF-8", [](NewAgency& a) { a.name = "a\xff"; }, &bad_value},
      {"unknown superior", [&](NewAgency& a) { a.superior = AgencyId::make(clock_.now(), random_); }, &agency_unknown},
      {"superior that ends", [&](NewAgency& a) { a.superior = closed.id; }, &agency_not_valid},
      {"before its superior", [&](NewAgency& a) { a.valid_from = day("2020-01-01"); }, &agency_not_valid},
  };
  for (const auto& [what, change, error] : table) {
    NewAgency wanted = good;
    change(wanted);
    const auto result = create(administrator(), wanted);
    ASSERT_FALSE(result) << what;
    EXPECT_TRUE(result.error().is(*error)) << what << ": " << result.error().text();
  }
  EXPECT_TRUE(directory_->agencies().close(administrator(), town_, day("2027-01-01")).error().is(agency_has_parts));
  EXPECT_TRUE(directory_->agencies().close(administrator(), office.id, day("2026-11-21")).error().is(bad_value));
  EXPECT_TRUE(create(administrator(), good));
}

TEST_F(AgencyTest, AreNotDeeperThanTheLimit) {
  AgencyId last = town_;
  for (std::size_t depth = 2; depth <= agency_depth_max; ++depth)
    last = add_agency("D" + std::to_string(depth), last).id;
  EXPECT_EQ(directory_->agencies().lineage(last).size(), agency_depth_max);
  EXPECT_TRUE(
      create(administrator(), {"DX", "Quá sâu", "", AgencyKind::unit, last, std::nullopt}).error().is(agency_too_deep));
}

TEST_F(AgencyTest, AreManagedOnlyByWhomThePolicyLets) {
  const Agency office = add_agency("VP", town_);
  Actor elsewhere = actor_;
  elsewhere.grants = {{Role::system_admin, office.id}};
  Actor auditor = actor_;
  auditor.grants = {{Role::auditor, town_}};
  for (const Actor& actor : {elsewhere, auditor}) {
    const auto result = create(caller_of(actor, "192.0.2.7"), {"X", "Tên", "", AgencyKind::unit, town_, std::nullopt});
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().is(not_allowed));
    const auto entry = sink_.last();
    EXPECT_EQ(entry.at("event.outcome").as_string(), "failure");
    EXPECT_EQ(entry.at("luy.refused").as_bool(), true);
    EXPECT_EQ(entry.at("source.ip").as_string(), "192.0.2.7");
    EXPECT_EQ(entry.if_contains("luy.after"), nullptr);
  }
  EXPECT_TRUE(create(caller_of(elsewhere, ""), {"X", "Tên", "", AgencyKind::unit, office.id, std::nullopt}));
}

}  // namespace luy::directory
