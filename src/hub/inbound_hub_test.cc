// Goal: the register of warnings from outside through the console's API: from the PDF to the warning the town gets,
// with indicators in force at once; who may not and what cannot be is refused. Method: the whole hub.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "hub/town_fixture.h"

namespace luy::hub {
namespace {

using std::chrono::minutes;

struct InboundHubTest : TownTest {
  void SetUp() override {
    TownTest::SetUp();
    office.emplace(person("town_office", secrets.agency, "Trần Thị Dung"));
    officer.emplace(person("security_officer", ward_, "Lê Văn Cường"));
  }
  json::object letter() const {
    return {{"source", "Công an tỉnh Thanh Hóa (PA05)"},
            {"reference", "1234/PA05-Đ2"},
            {"dated", to_iso(day_of(clock.now()))},
            {"title", "Cảnh báo mã độc tống tiền"},
            {"summary", "Chiến dịch gửi thư lừa đảo tới cơ quan nhà nước."},
            {"received_at", ago(minutes(10))}};
  }
  static json::object file(const std::string& bytes) {
    return {{"name", "cong-van.pdf"}, {"content", to_base64(bytes)}};
  }
  const std::string base = "/api/v1/inbound-warnings";
  std::optional<Caller> office, officer;
};

TEST_F(InboundHubTest, GoesFromThePaperToTheWarningAndItsAnswer) {
  json::object wanted = letter();
  wanted["file"] = file("%PDF-1.7\nxin chào");
  const json::value taken = answer(*office, "POST", base, wanted, 201);
  EXPECT_TRUE(text(taken.at("number")).starts_with("CBD-"));
  const std::string path = base + "/" + text(taken.at("id"));
  const ClientResponse bytes = office->call("GET", path + "/file");
  EXPECT_EQ(bytes.body, "%PDF-1.7\nxin chào");
  EXPECT_NE(bytes.header("content-disposition").find("attachment"), std::string::npos);

  const json::object found_in{{"text", "Máy chủ hxxps://evil[.]example/x, 198.51.100(.)7; tệp svchost32.exe"}};
  const json::value preview = answer(*office, "POST", path + "/indicators/preview", found_in, 200);
  ASSERT_EQ(preview.at("items").as_array().size(), 2U);
  EXPECT_EQ(text(preview.at("items").at(0).at("value")), "https://evil.example/x");
  EXPECT_EQ(text(preview.at("refused").at(0).at("text")), "svchost32.exe");
  EXPECT_TRUE(admin_->get("/api/v1/indicator_lists").at("items").as_array().empty()) << "a preview keeps nothing";
  const json::value with = answer(*office, "POST", path + "/indicators", found_in, 200);
  EXPECT_EQ(with.at("indicator_list").at("count").to_number<int>(), 2);
  EXPECT_EQ(admin_->get("/api/v1/indicators").at("items").as_array().size(), 2U) << "in force at once";
  EXPECT_EQ(refused(*office, "POST", path + "/indicators", {{"text", "không có gì"}}),
            std::pair(400, std::string("incident.no_indicators")));

  json::object warning{{"title", "Mã độc tống tiền"},
                       {"risk", "Mất dữ liệu"},
                       {"affected", "Windows"},
                       {"actions", "Cập nhật bản vá"},
                       {"due_at", ago(minutes(-600))},
                       {"agencies", json::array{secrets.agency}},
                       {"below", true}};
  const json::value linked = answer(*office, "POST", path + "/warning", warning, 200);
  const std::string issued = "/api/v1/warnings/" + text(linked.at("warning").at("id"));
  EXPECT_EQ(officer->get(issued).at("number"), linked.at("warning").at("number")) << "the agency below received it";
  EXPECT_EQ(refused(*office, "POST", path + "/warning", warning),
            std::pair(409, std::string("incident.inbound_passed_on")));
  const json::object said{{"state", "handled"}, {"answer", "Đã cảnh báo toàn thị xã"}};
  const json::value done = answer(*office, "POST", path + "/answer", said, 200);
  EXPECT_EQ(text(done.at("handled_by")), "Trần Thị Dung");
  EXPECT_EQ(refused(*office, "POST", path + "/answer", said), std::pair(409, std::string("incident.inbound_settled")));
  for (int i = 0; i < 6000 && office->get(path).at("seq").is_null(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(office->get(path).at("seq").is_null()) << "it is in the evidence";
}

TEST_F(InboundHubTest, IsForTheTownsOwnOfficesAlone) {
  const std::string path = base + "/" + text(answer(*office, "POST", base, letter(), 201).at("id"));
  EXPECT_EQ(refused(*officer, "POST", base, letter()).first, 403);
  EXPECT_EQ(refused(*officer, "GET", base).first, 403) << "an agency sees what the office passes on";
  EXPECT_EQ(refused(*officer, "GET", path).first, 403);
  for (const char* act : {"/indicators/preview", "/indicators"}) {
    EXPECT_EQ(refused(*officer, "POST", path + act, {{"text", "evil[.]example"}}).first, 403) << act;
  }
  EXPECT_EQ(refused(*officer, "POST", path + "/answer", {{"state", "handled"}, {"answer", "x"}}).first, 403);
  Caller culture = person("culture_info", secrets.agency, "Vũ Thị Lan");
  EXPECT_EQ(culture.get(base).at("counts").at("fresh").to_number<int>(), 1) << "who reads warnings of the town";
  EXPECT_EQ(refused(culture, "POST", path + "/answer", {{"state", "handled"}, {"answer", "x"}}).first, 403);
  EXPECT_EQ(culture.get(base + "?q=tong%20tien").at("items").as_array().size(), 1U);
  EXPECT_EQ(culture.get(base + "?state=handled").at("items").as_array().size(), 0U);
}

TEST_F(InboundHubTest, BadInputIsRefusedByNameAndNothingIsKept) {
  const auto wrong = [&](const char* key, json::value value) {
    json::object wanted = letter();
    wanted[key] = std::move(value);
    return refused(*office, "POST", base, wanted);
  };
  using Answer = std::pair<int, std::string>;
  EXPECT_EQ(wrong("dated", "2026-02-30"), Answer(400, "api.bad_request"));
  EXPECT_EQ(wrong("dated", "2099-01-01"), Answer(400, "incident.ends_before_start"));
  EXPECT_EQ(wrong("received_at", json::value_from(ago(minutes(-600)))), Answer(400, "incident.time_in_future"));
  EXPECT_EQ(wrong("received_at", "hôm qua"), Answer(400, "api.bad_request"));
  EXPECT_EQ(wrong("title", " "), Answer(400, "incident.text_missing"));
  EXPECT_EQ(wrong("contact", json::value_from(ward_)), Answer(404, "incident.contact_unknown"));
  EXPECT_EQ(wrong("file", file("MZ\x90 program")), Answer(400, "incident.file_type_refused"));
  EXPECT_EQ(wrong("file", json::object{{"name", "a.pdf"}, {"content", "không phải base64"}}),
            Answer(400, "api.bad_request"));
  const std::string large = "%PDF-1.7\n" + std::string((17U << 20) - 9, 'a');
  EXPECT_EQ(wrong("file", file(large)), Answer(413, "incident.attachment_too_large"));
  EXPECT_TRUE(office->get(base).at("items").as_array().empty());
  EXPECT_EQ(refused(*office, "GET", base + "/01jd0000000000000000000000"), Answer(404, "incident.inbound_unknown"));
  const std::string path = base + "/" + text(answer(*office, "POST", base, letter(), 201).at("id"));
  EXPECT_EQ(refused(*office, "GET", path + "/file"), Answer(404, "incident.attachment_unknown"));
  EXPECT_EQ(refused(*office, "POST", path + "/answer", {{"state", "fresh"}, {"answer", "x"}}).first, 400);
}

}  // namespace
}  // namespace luy::hub
