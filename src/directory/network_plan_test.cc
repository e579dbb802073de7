// Goal: plans of networks are kept with who and when, older ones stay, and only what is a PDF or PNG comes in. Method:
// small files put on file on different days by different people.
#include "directory/network_plan.h"

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/fixture.h"

namespace luy::directory {
namespace {

const std::string pdf = "%PDF-1.7\nsơ đồ\n%%EOF\n";
const std::string png("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1", 20);

class NetworkPlanTest : public DirectoryTest {
 protected:
  NetworkPlanTest() { set_up_town(); }
  Result<NetworkPlan> add(std::string_view bytes, const std::string& name = "so-do.pdf") {
    return directory_->network_plans().add(administrator(), town_, {name, bytes, "", std::nullopt});
  }
};

}  // namespace

TEST(NetworkPlan, TellsATypeByTheBytes) {
  EXPECT_EQ(network_plan_type_of(pdf), "application/pdf");
  EXPECT_EQ(network_plan_type_of(png), "image/png");
  EXPECT_EQ(network_plan_type_of(pdf + std::string(900, ' ')), "application/pdf") << "some write behind the end";
  for (const std::string& bad : {std::string(), std::string("%PDF-1.7"), pdf.substr(0, pdf.size() - 3),
                                 png.substr(0, 12), pdf + std::string(2000, ' '), " " + pdf, std::string("<svg/>"),
                                 std::string("\xff\xd8\xff\xe0"), std::string("PK\x03\x04")}) {
    EXPECT_EQ(network_plan_type_of(bad), "") << to_hex(as_bytes(bad)).substr(0, 40);
  }
}

TEST_F(NetworkPlanTest, KeepsEveryVersionWithWhoAndWhen) {
  const Time first_time = clock_.now();
  const auto first = add(pdf, "C:\\Tài liệu\\sơ đồ.pdf");
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->name, "sơ đồ.pdf");
  const auto line = sink_.last();
  EXPECT_EQ(line.at("event.action").as_string(), "network_plan_add");
  EXPECT_NE(boost::json::serialize(line).find(to_hex(sha256(pdf))), std::string::npos) << "the evidence holds its hash";
  clock_.advance(days(10));
  const auto second = directory_->network_plans().add(
      administrator(), town_, {"so-do.png", png, " Thêm tường lửa ", day_of(clock_.now()) - days(2)});
  ASSERT_TRUE(second);
  const auto all = *directory_->network_plans().list(town_);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].version, 2);
  EXPECT_EQ(all[0].type, "image/png");
  EXPECT_EQ(all[0].note, "Thêm tường lửa");
  EXPECT_EQ(all[0].drawn_on, day_of(clock_.now()) - days(2));
  EXPECT_EQ(all[1].version, 1);
  EXPECT_EQ(all[1].at, first_time);
  EXPECT_EQ(all[1].by, administrator_);
  EXPECT_EQ(directory_->network_plans().file(town_, 1)->bytes, pdf);
  EXPECT_EQ(directory_->network_plans().file(town_, 2)->bytes, png);
  const Day day = day_of(first_time);
  EXPECT_EQ(directory_->network_plans().list(town_, day - days(1))->size(), 0U);
  EXPECT_EQ(directory_->network_plans().list(town_, day + days(9))->at(0).version, 1);
  EXPECT_EQ(directory_->network_plans().list(town_, day + days(10))->at(0).version, 2);
  EXPECT_TRUE(directory_->network_plans().file(town_, 3).error().is(network_plan_unknown));
}

TEST_F(NetworkPlanTest, RefusesWhatItDoesNotTake) {
  ASSERT_TRUE(add(pdf));
  EXPECT_TRUE(add(pdf).error().is(network_plan_same));
  EXPECT_TRUE(add("PK\x03\x04").error().is(network_plan_type));
  EXPECT_TRUE(add("%PDF-" + std::string(network_plan_bytes_max, ' ')).error().is(network_plan_too_large));
  EXPECT_TRUE(add(png, "thư mục/").error().is(bad_value));
  const Day tomorrow = day_of(clock_.now()) + days(1);
  EXPECT_TRUE(directory_->network_plans().add(administrator(), town_, {"a", png, "", tomorrow}).error().is(bad_value));
  const AgencyId nobody = AgencyId::make(clock_.now(), random_);
  EXPECT_TRUE(directory_->network_plans().add(administrator(), nobody, {"a", png, "", {}}).error().is(agency_unknown));
  EXPECT_TRUE(directory_->network_plans().list(nobody).error().is(agency_unknown));
  EXPECT_EQ(directory_->network_plans().list(town_)->size(), 1U) << "nothing of it was kept";

  Actor head = actor_;
  head.grants = {{Role::agency_head, town_}};
  EXPECT_TRUE(directory_->network_plans().add(caller_of(head, ""), town_, {"a", png, "", {}}).error().is(not_allowed));
  EXPECT_EQ(sink_.acts().back(), "network_plan_add directory.not_allowed");
}

TEST_F(NetworkPlanTest, TakesNoneOfABodyThatEnded) {
  const Agency office = add_agency("VP", town_);
  ASSERT_TRUE(directory_->network_plans().add(administrator(), office.id, {"a", png, "", {}}));
  ASSERT_TRUE(directory_->agencies().close(administrator(), office.id, day_of(clock_.now())));
  clock_.advance(days(1));
  EXPECT_TRUE(directory_->network_plans()
                  .add(administrator(), office.id, {"b", pdf, "", {}})
                  .error()
                  .is(network_plan_agency_over));
  EXPECT_EQ(directory_->network_plans().list(office.id)->size(), 1U) << "what it had stays";
}

TEST_F(NetworkPlanTest, ShowsNoFileThatWasChanged) {
  ASSERT_TRUE(add(pdf));
  ASSERT_TRUE(database_->write([](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE network_plan_file SET bytes = $1", {as_bytes(png)}));
    return {};
  }));
  EXPECT_TRUE(directory_->network_plans().file(town_, 1).error().is(network_plan_damaged));
}

}  // namespace luy::directory
