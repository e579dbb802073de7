// Goal: the register of devices for state secrets is closed to who keeps the town's machines; nobody approves a
// move of their own; the minutes name what the move says and nothing else.
#include "premises/fixture.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using directory::Role;

class SecretApiTest : public PremisesApiTest {
 protected:
  SecretApiTest() { grant(Role::agency_head, w.ward); }
  std::string add() {
    const json::object made = done(Method::post, "/api/v1/secret-devices",
                                   {{"agency", w.ward.text()},
                                    {"label", "BM-01"},
                                    {"serial", "PF3ABCDE"},
                                    {"purpose", "drafting"},
                                    {"room", "Phòng 105"},
                                    {"holder", "Nguyễn Văn An"}});
    return "/api/v1/secret-devices/" + std::string(made.at("device").at("id").as_string());
  }
  void become(const char* name, Role role) {
    actor.account = AccountId::make(w.clock.now(), w.random);
    actor.display_name = name;
    grant(role, w.ward);
  }
};

TEST_F(SecretApiTest, IsClosedToWhoKeepsTheMachines) {
  const std::string path = add();
  for (const Role role : {Role::system_admin, Role::staff}) {
    grant(role, w.ward);
    EXPECT_EQ(refused(Method::get, "/api/v1/secret-devices"), "directory.not_allowed");
    EXPECT_EQ(refused(Method::get, path), "directory.not_allowed");
  }
  grant(Role::agency_head, w.other_ward);
  EXPECT_TRUE(done(Method::get, "/api/v1/secret-devices").at("items").as_array().empty());
  EXPECT_EQ(refused(Method::get, path), "directory.not_allowed");
}

TEST_F(SecretApiTest, WalksAMoveFromTheRequestToTheSignedMinutes) {
  become("Trần Thị B", Role::security_officer);
  const std::string path = add();
  const json::object asked = done(Method::post, path + "/moves",
                                  {{"to_room", "Phòng 201"},
                                   {"to_holder", "Trần Thị Bình"},
                                   {"planned_on", to_iso(today())},
                                   {"reason", "Sửa phòng"}});
  const std::string move = "/api/v1/secret-moves/" + std::string(asked.at("moves").at(0).at("id").as_string());
  EXPECT_EQ(refused(Method::post, move + "/approval", json::object()), "premises.move_own");
  EXPECT_EQ(refused(Method::get, move + "/paper"), "premises.move_state");
  become("Phạm Văn Dũng", Role::agency_head);
  done(Method::post, move + "/approval", {{"note", "Đồng ý"}});
  w.clock.advance(std::chrono::hours(2));
  const json::object moved =
      done(Method::post, move + "/handover",
           {{"seal", "NP-1"}, {"witness", "Lê Văn Cường"}, {"moved_at", to_rfc3339(w.clock.now())}});
  EXPECT_EQ(moved.at("device").at("room").as_string(), "Phòng 201");
  const api::Response paper = call(Method::get, move + "/paper");
  EXPECT_EQ(paper.status, 200);
  EXPECT_EQ(paper.content_type, "application/pdf");
  ASSERT_EQ(papers.size(), 1U);
  EXPECT_EQ(papers[0].form, "bien-ban-ban-giao-thiet-bi-mat");
  EXPECT_EQ(papers[0].fields.at("moved").as_string(), "2026-11-23T12:00");
  EXPECT_EQ(papers[0].fields.at("from_room").as_string(), "Phòng 105");
  EXPECT_EQ(papers[0].fields.at("approved_by").as_string(), "Phạm Văn Dũng");
  EXPECT_EQ(papers[0].signers, (std::vector<std::string>{"Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường"}));
  const json::object signed_off = done(Method::post, move + "/signing", {{"signed_on", to_iso(today())}});
  EXPECT_EQ(signed_off.at("moves").at(0).at("state").as_string(), "signed");
}

TEST_F(SecretApiTest, TakesAReportForTheCodeThatItIssued) {
  const std::string path = add();
  const json::object issued = done(Method::post, path + "/codes");
  const auto code = fact::parse_code(std::string_view(issued.at("code").as_string()));
  ASSERT_TRUE(code);
  fact::OfflineSummary seen;
  seen.day = today();
  seen.volumes = 1;
  seen.open_volumes = 1;
  seen.logins = 1;
  seen.antivirus_running = true;
  const json::object report{{"report", fact::report_text(seen, *code)}, {"room", "Phòng 105"}};
  EXPECT_EQ(refused(Method::post, path + "/reports", {{"report", "AAAAAAA"}, {"room", "Phòng 105"}}),
            "fact.offline_line_wrong");
  const json::object done_now = done(Method::post, path + "/reports", report);
  EXPECT_EQ(done_now.at("checks").at(0).at("problems").as_array().size(), 1U);
  EXPECT_FALSE(done_now.at("device").at("check_sound").as_bool());
  EXPECT_EQ(refused(Method::post, path + "/reports", report), "premises.check_code_unknown");
}

}  // namespace
}  // namespace luy::premises
