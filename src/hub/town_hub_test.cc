// Goal: through the console's API the town office takes note, gives work to people and sees all of the town; who may
// not is refused by name. Method: the whole hub, people in their roles.
#include <gtest/gtest.h>

#include "hub/town_fixture.h"

namespace luy::hub {
namespace {

using std::chrono::minutes;

struct TownHubTest : TownTest {
  void SetUp() override {
    TownTest::SetUp();
    office.emplace(person("town_office", secrets.agency, "Trần Thị Dung"));
    officer.emplace(person("security_officer", ward_, "Lê Văn Cường"));
    staff.emplace(person("staff", ward_, "Hoàng Thị Gấm"));
  }
  std::string duty(const std::string& wanted) {
    std::string state;
    for (int i = 0; i < 6000 && state != wanted; ++i) {
      const json::value found = office->get("/api/v1/verdicts?obligation=12.1-coordinate&agency=" + ward_);
      state = found.at("verdicts").as_array().empty() ? "none" : text(found.at("verdicts").at(0).at("state"));
      if (state != wanted) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return state;
  }
  std::optional<Caller> office, officer, staff;
};

TEST_F(TownHubTest, Duty121CountsTheOfficesReceiptAlone) {
  report(ward_);
  const std::string id = text(officer->get("/api/v1/staff-reports").at("items").at(0).at("id"));
  EXPECT_EQ(duty("due"), "due");
  const std::string receipt = "/api/v1/staff-reports/" + id + "/receipt";
  const json::value own = answer(*officer, "POST", receipt, {}, 200);
  EXPECT_EQ(text(own.at("received_by")), "Lê Văn Cường");
  EXPECT_TRUE(own.at("town_received_at").is_null());
  EXPECT_EQ(refused(*officer, "POST", receipt), std::pair(409, std::string("incident.report_taken")));
  EXPECT_EQ(refused(*staff, "POST", receipt).first, 403);
  EXPECT_EQ(duty("due"), "due");
  EXPECT_EQ(office->get("/api/v1/town-office").at("counts").at("unreceived").to_number<int>(), 1);
  const json::value towns = answer(*office, "POST", receipt, {}, 200);
  EXPECT_EQ(text(towns.at("town_received_by")), "Trần Thị Dung");
  EXPECT_EQ(towns.at("received_at"), own.at("received_at")) << "the agency's own stays";
  EXPECT_EQ(duty("kept"), "kept");
}

TEST_F(TownHubTest, WhoReportedIsToldOfTheFirstReceipt) {
  const json::value sent = report(ward_);
  const std::string id = text(office->get("/api/v1/staff-reports").at("items").at(0).at("id"));
  answer(*office, "POST", "/api/v1/staff-reports/" + id + "/receipt", {}, 200);
  Caller anybody = anonymous();
  const json::value seen =
      anybody.get("/api/v1/reports/" + text(sent.at("number")) + "?secret=" + text(sent.at("secret")));
  EXPECT_EQ(text(seen.at("state")), "received");
  EXPECT_FALSE(seen.at("received_at").is_null());
  EXPECT_TRUE(officer->get("/api/v1/staff-reports").at("items").at(0).at("received_at").is_null())
      << "not the agency's";
}

TEST_F(TownHubTest, TheOfficeTakesNoteOfACaseOnceAndOnlyTheOffice) {
  const std::string path = "/api/v1/incidents/" + text(open_case(*officer, ward_, "Máy chủ mã hóa").at("id"));
  EXPECT_EQ(refused(*officer, "POST", path + "/receipt"), std::pair(403, std::string("incident.wrong_role")));
  EXPECT_EQ(refused(*staff, "POST", path + "/receipt").first, 403);
  const json::value taken = answer(*office, "POST", path + "/receipt", {}, 200);
  EXPECT_EQ(text(taken.at("town_received_by")), "Trần Thị Dung");
  EXPECT_EQ(text(taken.at("timeline").as_array().back().at("kind")), "received");
  EXPECT_EQ(refused(*office, "POST", path + "/receipt"), std::pair(409, std::string("incident.case_received")));
  for (int i = 0; i < 6000 && officer->get(path).at("timeline").as_array().back().at("seq").is_null(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(officer->get(path).at("timeline").as_array().back().at("seq").is_null()) << "it is in the evidence";
}

TEST_F(TownHubTest, WorkIsGivenToWhoMayDoItAlone) {
  const std::string path = "/api/v1/incidents/" + text(open_case(*officer, ward_, "Máy chủ mã hóa").at("id"));
  const json::value may = officer->get(path + "/assignees").at("items");
  std::string names;
  for (const json::value& one : may.as_array()) names += text(one.at("name")) + ";";
  EXPECT_NE(names.find("Trần Thị Dung"), std::string::npos) << names;
  EXPECT_NE(names.find("Lê Văn Cường"), std::string::npos) << names;
  EXPECT_EQ(names.find("Hoàng Thị Gấm"), std::string::npos) << "staff handles nothing";
  const json::object dung{{"account", accounts["Trần Thị Dung"]}, {"note", "Trực tuần này"}};
  const json::value given = answer(*officer, "PUT", path + "/assignee", dung, 200);
  EXPECT_EQ(text(given.at("assignee").at("name")), "Trần Thị Dung");
  for (const std::string& unfit : {accounts["Hoàng Thị Gấm"], std::string("nobody"), ward_}) {
    EXPECT_EQ(refused(*officer, "PUT", path + "/assignee", {{"account", unfit}}),
              std::pair(400, std::string("incident.assignee_unfit")));
  }
  EXPECT_EQ(refused(*staff, "PUT", path + "/assignee", dung).first, 403);
  EXPECT_TRUE(answer(*office, "PUT", path + "/assignee", {{"account", nullptr}}, 200).at("assignee").is_null());
  report(ward_);
  const std::string of =
      "/api/v1/staff-reports/" + text(officer->get("/api/v1/staff-reports").at("items").at(0).at("id"));
  EXPECT_FALSE(officer->get(of + "/assignees").at("items").as_array().empty());
  const json::value reports = answer(*office, "PUT", of + "/assignee", {{"account", accounts["Trần Thị Dung"]}}, 200);
  EXPECT_EQ(text(reports.at("assignee").at("account")), accounts["Trần Thị Dung"]);
  const json::value mine = office->get("/api/v1/town-office?assignee=me");
  EXPECT_EQ(mine.at("items").as_array().size(), 1U);
  EXPECT_EQ(text(mine.at("items").at(0).at("kind")), "report");
  EXPECT_EQ(office->get("/api/v1/town-office?assignee=none").at("items").as_array().size(), 1U);
}

TEST_F(TownHubTest, TheBoardShowsWhatIsOpenUnreceivedFirstAndCountsIt) {
  const json::value first = open_case(*officer, ward_, "Vụ thứ nhất");
  open_case(*admin_, secrets.agency, "Vụ của thị xã");
  const std::string path = "/api/v1/incidents/" + text(first.at("id"));
  answer(*office, "POST", path + "/receipt", {}, 200);
  const json::object support{{"asked_at", ago(minutes(5))}, {"asked_of", "Văn phòng"}, {"what", "Khôi phục dữ liệu"}};
  const json::value part = answer(*officer, "POST", path + "/parts", {{"kind", "support"}, {"body", support}}, 201);
  report(ward_);
  json::value board = office->get("/api/v1/town-office?open=true");
  ASSERT_EQ(board.at("items").as_array().size(), 3U);
  EXPECT_EQ(text(board.at("items").at(2).at("title")), "Vụ thứ nhất") << "what was received comes last";
  EXPECT_EQ(board.at("items").at(2).at("support_open").to_number<int>(), 1);
  const auto counts = [&](const char* key) { return board.at("counts").at(key).to_number<int>(); };
  EXPECT_EQ(counts("open"), 3);
  EXPECT_EQ(counts("unreceived"), 2);
  EXPECT_EQ(counts("unassigned"), 3);
  EXPECT_EQ(counts("support_open"), 1);
  EXPECT_EQ(counts("overdue"), 0);
  EXPECT_EQ(board.at("agencies").as_array().size(), 2U);
  EXPECT_EQ(office->get("/api/v1/town-office?unreceived=true").at("items").as_array().size(), 2U);
  EXPECT_EQ(office->get("/api/v1/town-office?agency=" + ward_).at("items").as_array().size(), 2U);
  EXPECT_EQ(officer->get("/api/v1/town-office").at("items").as_array().size(), 2U)
      << "an officer sees their own agency";
  EXPECT_EQ(refused(*officer, "GET", "/api/v1/town-office?agency=" + secrets.agency).first, 403);
  EXPECT_EQ(refused(*staff, "GET", "/api/v1/town-office").first, 403);
  EXPECT_EQ(refused(*office, "GET", "/api/v1/town-office?open=perhaps").first, 400);
  const json::object given{{"given_by", "Trần Thị Dung"}, {"given_at", ago(minutes(1))}, {"outcome", "Đã khôi phục"}};
  answer(*office, "PATCH", path + "/parts/" + text(part.at("id")), {{"changes", given}}, 200);
  EXPECT_EQ(officer->get(path).at("support").at("given").to_number<int>(), 1);
  clock.move(std::chrono::hours(5));
  sign_in_again(*officer, "Lê Văn Cường");
  board = officer->get("/api/v1/town-office");
  EXPECT_EQ(counts("overdue"), 1) << "the report that nobody of the office took note of in four hours";
}

TEST_F(TownHubTest, WhatIsOverWaitsForNobody) {
  const json::value wrong = open_case(*officer, ward_, "Báo nhầm");
  Caller head = person("agency_head", ward_, "Nguyễn Văn An");
  const std::string path = "/api/v1/incidents/" + text(wrong.at("id"));
  answer(head, "POST", path + "/moves", {{"event", "dismiss"}, {"reason", "Báo nhầm"}}, 200);
  clock.move(minutes(1));
  const json::value known = open_case(*office, ward_, "Văn phòng tự mở");
  const json::value board = office->get("/api/v1/town-office");
  ASSERT_EQ(board.at("items").as_array().size(), 2U);
  EXPECT_TRUE(board.at("items").at(1).at("received_at").is_null());
  EXPECT_EQ(board.at("items").at(0).at("id"), known.at("id")) << "the newest first: neither waits";
  EXPECT_EQ(board.at("counts").at("unreceived").to_number<int>(), 0);
  EXPECT_TRUE(office->get("/api/v1/town-office?unreceived=true").at("items").as_array().empty());
}

TEST_F(TownHubTest, InWhichRolesSomebodyReceivesIsTold) {
  EXPECT_EQ(officer->get("/api/v1/incident-process").at("receipt_roles"), json::array{"town_office"});
}

TEST_F(TownHubTest, FiguresOfEachAgencyAreItsOwnToTheSecond) {
  report(ward_);
  const std::string id = text(office->get("/api/v1/staff-reports").at("items").at(0).at("id"));
  clock.move(minutes(10));
  answer(*officer, "POST", "/api/v1/staff-reports/" + id + "/receipt", {}, 200);
  clock.move(minutes(15));
  sign_in_again(*officer, "Lê Văn Cường");
  sign_in_again(*office, "Trần Thị Dung");
  answer(*office, "POST", "/api/v1/staff-reports/" + id + "/receipt", {}, 200);
  const json::value of_ward =
      answer(*officer, "POST", "/api/v1/staff-reports/" + id + "/case", {{"title", "Máy chậm"}}, 201);
  *admin_ = signed_in();
  const json::value of_town = open_case(*admin_, secrets.agency, "Vụ của thị xã");
  Caller towns = person("security_officer", secrets.agency, "Phạm Văn Em");
  clock.move(std::chrono::hours(2));
  sign_in_again(*officer, "Lê Văn Cường");
  answer(*officer, "POST", "/api/v1/incidents/" + text(of_ward.at("id")) + "/moves",
         {{"event", "own_system"}, {"reason", "Máy của phường"}}, 200);
  clock.move(std::chrono::hours(1));
  sign_in_again(towns, "Phạm Văn Em");
  sign_in_again(*office, "Trần Thị Dung");
  answer(towns, "POST", "/api/v1/incidents/" + text(of_town.at("id")) + "/moves",
         {{"event", "own_system"}, {"reason", "Máy của thị xã"}}, 200);
  const std::string today = to_iso(day_of(clock.now())), before = to_iso(day_of(clock.now() - std::chrono::hours(24)));
  const json::value figures = office->get("/api/v1/incident-measures?from=" + before + "&to=" + today);
  const auto seconds = [](const json::value& of, const char* key) {
    return of.at(key).at("median_seconds").to_number<std::int64_t>();
  };
  for (const json::value& one : figures.at("agencies").as_array()) {
    const bool is_ward = text(one.at("agency").at("id")) == ward_;
    const json::value& spread = one.at("in_state").at("step_1");
    EXPECT_EQ(spread.at("count").to_number<int>(), 1);
    // The test itself takes some seconds.
    EXPECT_NEAR(static_cast<double>(spread.at("longest_seconds").to_number<std::int64_t>()), is_ward ? 7200 : 10800,
                30);
    EXPECT_EQ(one.at("in_state").as_object().size(), 1U) << "a stay that goes on is not counted";
    EXPECT_EQ(one.at("report_to_town_receipt").at("count").to_number<int>(), is_ward ? 1 : 0);
    if (!is_ward) continue;
    EXPECT_NEAR(static_cast<double>(seconds(one, "report_to_receipt")), 600, 30);
    EXPECT_NEAR(static_cast<double>(seconds(one, "report_to_town_receipt")), 1500, 30);
  }
  EXPECT_EQ(figures.at("agencies").as_array().size(), 2U);
  EXPECT_EQ(figures.at("in_state").at("step_1").at("count").to_number<int>(), 2);
}

TEST_F(TownHubTest, ContactsAreTheOfficesAndDeliveriesSayWhetherTheyWereVerified) {
  const json::object police{{"body", "Công an tỉnh Thanh Hóa (PA05)"},
                            {"kind", "police"},
                            {"phone", "0237 385 0000"},
                            {"channel", "Trục liên thông văn bản quốc gia"}};
  EXPECT_EQ(refused(*officer, "POST", "/api/v1/contacts", police).first, 403);
  const json::value added = answer(*office, "POST", "/api/v1/contacts", police, 201);
  const std::string path = "/api/v1/contacts/" + text(added.at("id"));
  EXPECT_TRUE(added.at("stale").as_bool());
  EXPECT_EQ(text(added.at("kind_title").at("vi")), "Công an");
  EXPECT_EQ(refused(*office, "POST", "/api/v1/contacts", {{"body", ""}, {"kind", "police"}}),
            std::pair(400, std::string("incident.text_missing")));
  EXPECT_EQ(
      refused(*office, "POST", path + "/verification", {{"how", "Gọi lại"}, {"at", "2026-02-30T00:00:00Z"}}).first,
      400);
  EXPECT_EQ(refused(*office, "POST", path + "/verification", {{"how", "Gọi lại"}, {"at", ago(minutes(-60))}}),
            std::pair(400, std::string("incident.time_in_future")));
  const json::object called{{"how", "Gọi lại số trên trang chính thức"}, {"at", ago(minutes(0))}};
  EXPECT_EQ(refused(*officer, "POST", path + "/verification", called).first, 403);
  const json::value verified = answer(*office, "POST", path + "/verification", called, 200);
  EXPECT_FALSE(verified.at("stale").as_bool());
  EXPECT_EQ(text(verified.at("verified").at("by")), "Trần Thị Dung");
  const json::value all = officer->get("/api/v1/contacts");
  EXPECT_EQ(all.at("items").as_array().size(), 1U) << "who handles incidents sees whom to reach";
  EXPECT_EQ(all.at("verify_days").to_number<int>(), 365);
  EXPECT_EQ(all.at("kinds").as_array().size(), 6U);
  EXPECT_EQ(refused(*staff, "GET", "/api/v1/contacts").first, 403);
  json::object moved = police;
  moved["phone"] = "0237 385 1111";
  EXPECT_TRUE(answer(*office, "PUT", path, moved, 200).at("verified").is_null());
  EXPECT_EQ(refused(*officer, "DELETE", path).first, 403);
  EXPECT_EQ(office->call("DELETE", path).status, 204);
  EXPECT_EQ(refused(*office, "PUT", path, moved), std::pair(404, std::string("incident.contact_unknown")));
}

}  // namespace
}  // namespace luy::hub
