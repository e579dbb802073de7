// Goal: media are registered by those who may, over the API and on the server; what the server's command read back
// stands in the register and in the evidence; the disk is told.
// Method: the whole hub; days are closed by moving the clock.
#include "hub/town_fixture.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;

struct CustodyHubTest : TownTest {
  json::value ask_admin(const std::string& method, const std::string& path, const json::object& body, int status) {
    Caller caller = admin();
    const ClientResponse response = caller.call(method, path, body.empty() ? "" : json::serialize(body));
    EXPECT_EQ(response.status, status) << path << " " << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  // A closed day; the hub's writer closes days every minute of running time, so the hub starts anew.
  json::object closed_day() {
    hub->stop();
    hub.reset();
    clock.move(24h);
    start();
    for (int i = 0; i < 12'000; ++i) {
      const json::value answer = ask_admin("GET", "/admin/v1/custody", {}, 200);
      if (!answer.at("days").as_array().empty()) return answer.at("days").at(0).as_object();
      std::this_thread::sleep_for(20ms);
    }
    ADD_FAILURE() << "no day was closed";
    return {};
  }
  // Who agrees; with a second factor where one must be.
  Caller head_of_town() {
    Caller out = person("agency_head", secrets.agency, "Chủ tịch");
    if (!out.get("/api/v1/session").at("must_enrol_factor").as_bool()) return out;
    const std::vector<std::string> of_admin = codes;
    add_factor(out);
    head_codes = std::exchange(codes, of_admin);
    return out;
  }
  Caller head_again() {
    Caller out = anonymous(9);
    json::object body{{"username", usernames_["Chủ tịch"]}, {"password", password}};
    if (!head_codes.empty()) body["code"] = head_codes.back();
    answer(out, "POST", "/api/v1/session", body, 200);
    return out;
  }
  std::vector<std::string> head_codes;
  static json::object medium(const std::string& serial) {
    return {{"name", "Ổ số 1"},           {"kind", "disk"},           {"serial", serial}, {"uuid", "U-" + serial},
            {"custodian", "Trần Văn An"}, {"place", "Két sắt tầng 2"}};
  }
};

TEST_F(CustodyHubTest, ACopyIsInTheRegisterAndInTheEvidence) {
  const json::value made = answer(*admin_, "POST", "/api/v1/custody/media", medium("S1"), 201);
  const std::string id = text(made.at("id"));
  const json::object day = closed_day();
  const std::string sha256 = text(day.at("sha256"));
  const json::object copied{{"day", day.at("day")}, {"sha256", sha256}, {"bytes", 10}};
  json::object claim{{"medium", id}, {"by", "lan"}, {"days", {copied}}};
  json::object wrong = claim;
  wrong["days"] = json::array{json::object{{"day", day.at("day")}, {"sha256", std::string(64, 'a')}, {"bytes", 10}}};
  EXPECT_EQ(text(ask_admin("POST", "/admin/v1/custody/copies", wrong, 409).at("error").at("code")),
            "custody.copy_refused");
  const json::value taken = ask_admin("POST", "/admin/v1/custody/copies", claim, 200);
  Caller again = signed_in();
  const json::value days = again.get("/api/v1/custody/days");
  EXPECT_EQ(days.at("copy_within_days").as_int64(), 30);
  const json::object* shown = nullptr;
  for (const json::value& one : days.at("items").as_array()) {
    if (one.at("day") == day.at("day")) shown = &one.as_object();
  }
  ASSERT_NE(shown, nullptr);
  const json::object& copy = shown->at("copies").at(0).as_object();
  EXPECT_EQ(copy.at("seq"), taken.at("seq"));
  EXPECT_TRUE(copy.at("sound").as_bool());
  EXPECT_FALSE(copy.at("outdated").as_bool());
  EXPECT_FALSE(shown->at("copy_missing").as_bool());
  const json::value record = again.get("/api/v1/events/" + json::serialize(taken.at("seq")));
  EXPECT_NE(json::serialize(record).find("Két sắt tầng 2"), std::string::npos);
  const json::object check{{"medium", id}, {"by", "lan"}, {"fault", "đọc lỗi"}, {"days", json::array()}};
  ask_admin("POST", "/admin/v1/custody/checks", check, 200);
  const json::value listed = again.get("/api/v1/custody/media").at("items").at(0);
  EXPECT_EQ(text(listed.at("check_fault")), "đọc lỗi");
  EXPECT_EQ(listed.at("days").as_int64(), 1);
}

TEST_F(CustodyHubTest, MediaBelongToTheTownAndAreWrittenByThoseWhoMay) {
  Caller officer = person("security_officer", ward_, "Cán bộ phường");
  Caller clerk = person("staff", ward_, "Văn thư");
  EXPECT_EQ(refused(officer, "POST", "/api/v1/custody/media", medium("S1")).first, 403);
  EXPECT_EQ(refused(clerk, "GET", "/api/v1/custody/media").first, 403);
  const json::value made = answer(*admin_, "POST", "/api/v1/custody/media", medium("S1"), 201);
  EXPECT_EQ(officer.get("/api/v1/custody/media").at("items").as_array().size(), 1U);
  EXPECT_EQ(refused(*admin_, "POST", "/api/v1/custody/media", medium("S1")).second, "custody.medium_taken");
  const std::string path = "/api/v1/custody/media/" + text(made.at("id"));
  const json::object change{{"name", "Ổ số 1"}, {"custodian", "Lê Lan"}, {"place", "Kho"}, {"version", 1}};
  EXPECT_EQ(refused(officer, "PUT", path, change).first, 403);
  EXPECT_EQ(text(answer(*admin_, "PUT", path, change, 200).at("custodian")), "Lê Lan");
  EXPECT_EQ(refused(*admin_, "PUT", path, change).second, "custody.medium_changed");
  EXPECT_FALSE(answer(*admin_, "POST", path + "/retire", {{"reason", "hỏng"}}, 200).at("retired_at").is_null());
  EXPECT_EQ(
      refused(*admin_, "POST", "/api/v1/custody/media/01aryz6s410000000000000000/retire", {{"reason", "x"}}).second,
      "custody.medium_unknown");
}

TEST_F(CustodyHubTest, TwoPeopleSetHowLongLogsAreKeptAndNeverBelowTheFloor) {
  const json::object of_beside{{"code", "PDS"}, {"name", "UBND phường Đông Sơn"}, {"superior", secrets.agency}};
  Caller own = person("security_officer", ward_, "Cán bộ Ba Đình");
  Caller beside = person("security_officer", text(made("/api/v1/agencies", of_beside).at("id")), "Cán bộ Đông Sơn");
  Caller head = head_of_town();
  const std::string path = "/api/v1/custody/retention";
  const json::object system{{"agency", ward_},
                            {"name", "Cổng dịch vụ công"},
                            {"purpose", ""},
                            {"manager", "agency"},
                            {"operator", ""},
                            {"place", ""},
                            {"level", 3},
                            {"addresses", json::array()},
                            {"domains", json::array()},
                            {"devices", json::array()},
                            {"personal_data", false}};
  answer(*admin_, "POST", "/api/v1/systems", system, 201);
  json::object rule{{"agency", secrets.agency},
                    {"class", "workstation"},
                    {"keep_days", 29},
                    {"erase_after_days", nullptr},
                    {"reason", "dữ liệu cá nhân"}};
  EXPECT_EQ(refused(*admin_, "POST", path, rule).second, "custody.below_floor");
  rule["keep_days"] = 60;
  rule["erase_after_days"] = 59;
  EXPECT_EQ(refused(*admin_, "POST", path + "/preview", rule).second, "custody.rule_invalid");
  rule["erase_after_days"] = 100;
  const json::value preview = answer(*admin_, "POST", path + "/preview", rule, 200);
  EXPECT_EQ(preview.at("floor_days").as_int64(), 30);
  EXPECT_EQ(preview.at("keep_days").as_int64(), 60);
  EXPECT_EQ(preview.at("records_now").as_int64(), 0);
  const json::value asked = answer(*admin_, "POST", path, rule, 202);
  EXPECT_TRUE(admin_->get(path).at("rules").as_array().empty());
  const std::string act = "/api/v1/acts/" + text(asked.at("act")) + "/agree";
  EXPECT_EQ(refused(*admin_, "POST", act).first, 403) << "not by who asked";
  answer(head, "POST", act, {}, 204);
  const json::value kept = admin_->get(path);
  ASSERT_EQ(kept.at("rules").as_array().size(), 1U);
  const json::array& decided_by = kept.at("rules").at(0).at("decided_by").as_array();
  ASSERT_EQ(decided_by.size(), 2U);
  EXPECT_EQ(text(decided_by[1]), "Chủ tịch") << "people read names, not user names";
  // The ward's system asks for more; the desk learns of it in its next round, which the act began.
  for (int i = 0; i < 6'000 && admin_->get(path).at("floors").as_array().empty(); ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(admin_->get(path).at("floors").at(0).at("days").as_int64(), 92);
  EXPECT_EQ(own.get(path).at("floors").as_array().size(), 1U);
  EXPECT_TRUE(beside.get(path).at("floors").as_array().empty()) << "of which levels a ward's systems are is theirs";
  EXPECT_TRUE(own.get(path).at("rules").as_array().empty()) << "the town's rule for itself is the town's";
  rule["agency"] = ward_;
  rule["keep_days"] = 91;
  EXPECT_EQ(refused(*admin_, "POST", path, rule).second, "custody.below_floor");
  const std::string id = text(kept.at("rules").at(0).at("id"));
  const json::value removal = answer(*admin_, "POST", path + "/" + id + "/remove", {{"reason", "thôi"}}, 202);
  answer(head, "POST", "/api/v1/acts/" + text(removal.at("act")) + "/agree", {}, 204);
  EXPECT_TRUE(admin_->get(path).at("rules").as_array().empty());
}

TEST_F(CustodyHubTest, TwoPeopleEraseTheContentOfARecord) {
  const json::object beside{{"code", "PDS"}, {"name", "UBND phường Đông Sơn"}, {"superior", secrets.agency}};
  person("security_officer", ward_, "Cán bộ Ba Đình");
  person("security_officer", text(made("/api/v1/agencies", beside).at("id")), "Cán bộ Đông Sơn");
  head_of_town();
  const json::value issued = answer(*admin_, "POST", "/api/v1/agents/tokens", {{"agency", ward_}}, 201);
  const Device device = enrol(text(issued.at("token")));
  ASSERT_EQ(send(device, 1, {line("số 0912345678 của bà Lan"), line("dòng ở lại")}).status, 200);
  closed_day();
  Caller admin = signed_in();
  Caller head = head_again();
  const json::value coverage = admin.get("/api/v1/custody/coverage?agency=" + ward_);
  ASSERT_EQ(coverage.at("items").as_array().size(), 1U);
  EXPECT_EQ(coverage.at("items").at(0).at("days_covered").as_int64(), 1);
  EXPECT_EQ(coverage.at("items").at(0).at("gaps").as_int64(), 0);
  EXPECT_EQ(text(coverage.at("items").at(0).at("device").at("id")), device.id);
  EXPECT_EQ(admin.get("/api/v1/custody/coverage?agency=" + secrets.agency).at("items").as_array().size(), 0U);
  EXPECT_EQ(refused(admin, "GET", "/api/v1/custody/coverage?from=2020-01-01").first, 400) << "too long";
  const json::value found = admin.get("/api/v1/events?q=0912345678");
  ASSERT_EQ(found.at("events").as_array().size(), 1U);
  const std::int64_t seq = found.at("events").at(0).at("seq").as_int64();
  const std::string erasures = "/api/v1/custody/erasures";
  json::object wanted{{"agency", secrets.agency}, {"seqs", {seq}}};
  EXPECT_EQ(refused(admin, "POST", erasures + "/preview", wanted).second, "custody.erasure_refused")
      << "another agency";
  wanted["agency"] = ward_;
  const json::value shown = answer(admin, "POST", erasures + "/preview", wanted, 200);
  EXPECT_EQ(shown.at("items").at(0).at("seq").as_int64(), seq);
  EXPECT_EQ(json::serialize(shown).find("0912345678"), std::string::npos);
  wanted["reason"] = "Yêu cầu của chủ thể dữ liệu";
  wanted["legal_basis"] = "Luật 91/2025/QH15";
  const json::value asked = answer(admin, "POST", erasures, wanted, 202);
  EXPECT_EQ(json::serialize(head.get("/api/v1/acts")).find("0912345678"), std::string::npos);
  answer(head, "POST", "/api/v1/acts/" + text(asked.at("act")) + "/agree", {}, 204);
  const auto done = [&] { return text(admin.get(erasures).at("items").at(0).at("state")) == "done"; };
  for (int i = 0; i < 6'000 && !done(); ++i) std::this_thread::sleep_for(10ms);
  const json::value one = admin.get(erasures).at("items").at(0);
  EXPECT_EQ(text(one.at("state")), "done");
  EXPECT_EQ(text(one.at("problem")), "");
  ASSERT_EQ(one.at("decided_by").as_array().size(), 2U);
  EXPECT_EQ(text(one.at("decided_by").at(1)), "Chủ tịch");
  const auto seen_by = [&](const std::string& name, std::uint8_t place) {
    Caller reader = anonymous(place);
    sign_in_again(reader, name);
    return reader.get(erasures).at("items").as_array().size();
  };
  EXPECT_EQ(seen_by("Cán bộ Ba Đình", 20), 1U);
  EXPECT_EQ(seen_by("Cán bộ Đông Sơn", 21), 0U) << "what the ward beside erased is theirs";
  EXPECT_EQ(admin.call("GET", "/api/v1/events/" + std::to_string(seq)).status, 404);
  EXPECT_EQ(admin.get("/api/v1/events?q=0912345678").at("events").as_array().size(), 0U);
  EXPECT_EQ(admin.call("GET", "/api/v1/events/" + std::to_string(seq + 1)).status, 200);
  EXPECT_EQ(refused(admin, "POST", erasures, wanted).second, "custody.erasure_refused") << "it is gone";
}

TEST_F(CustodyHubTest, TheDiskIsTold) {
  json::value disk = admin_->get("/api/v1/custody/disk");
  for (int i = 0; i < 3'000 && disk.at("total_bytes").as_int64() == 0; ++i) {
    std::this_thread::sleep_for(10ms);
    disk = admin_->get("/api/v1/custody/disk");
  }
  EXPECT_GT(disk.at("total_bytes").as_int64(), 0);
  EXPECT_TRUE(disk.at("full_on").is_null()) << "one day says nothing";
}

}  // namespace
}  // namespace luy::hub
