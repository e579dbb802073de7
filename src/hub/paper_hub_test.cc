// Goal: papers of no case over REST: who may not gets nothing and leaves an entry in the audit trail; what an answer
// says of limits and of the calendar. Method: the whole hub, a town with an agency below it.
#include <gtest/gtest.h>

#include <algorithm>

#include "hub/town_fixture.h"

namespace luy::hub {
namespace {

using std::chrono::minutes;
using Answer = std::pair<int, std::string>;

struct PaperHubTest : TownTest {
  // Refusals on `object` that the audit trail holds, once there is one more than `before`.
  std::size_t refusals(const std::string& object, std::size_t before) {
    const auto count = [&] {
      const json::value page = admin_->get("/api/v1/audit?outcome=refused&object=" + object);
      return page.at("items").as_array().size();
    };
    for (int i = 0; i < 6000 && count() <= before; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return count();
  }
  json::value warning_to(const std::string& agency) {
    return made("/api/v1/warnings", {{"title", "Lỗ hổng dịch vụ in"},
                                     {"risk", "Chạy mã từ xa"},
                                     {"affected", "Máy in"},
                                     {"actions", "Cập nhật"},
                                     {"due_at", ago(minutes(-600))},
                                     {"agencies", json::array{agency}}});
  }
  json::object summary(const std::string& agency) const {
    const Day today = day_of(clock.now());
    return {{"form", "bao-cao-tong-hop"},
            {"agency", agency},
            {"from", to_iso(today - days(30))},
            {"to", to_iso(today - days(1))}};
  }
  const std::string base = "/api/v1/papers";
};

TEST_F(PaperHubTest, RefusedDraftsAreInTheAuditTrail) {
  Caller officer = person("security_officer", ward_, "Lê Văn Cường");
  const json::value warning = warning_to(secrets.agency);
  const json::object letter{{"form", "cong-van-canh-bao"}, {"warning", warning.at("id")}};
  EXPECT_EQ(refused(officer, "POST", base, letter), Answer(403, "directory.not_allowed"));
  EXPECT_EQ(refusals(base, 0), 1U);
  EXPECT_EQ(refused(officer, "POST", base, summary(secrets.agency)), Answer(403, "directory.not_allowed"));
  EXPECT_EQ(refusals(base, 1), 2U);
  EXPECT_EQ(refused(officer, "POST", base, summary("01jd0000000000000000000000")),
            Answer(404, "directory.agency_unknown"));
  answer(officer, "POST", base, summary(ward_), 201);
}

TEST_F(PaperHubTest, ALetterIsOfAWarningThatItsAuthorMayRead) {
  Caller below = person("system_admin", ward_, "Phạm Văn Em");
  add_factor(below);
  const json::value theirs = warning_to(ward_), others = warning_to(secrets.agency);
  answer(below, "POST", base, {{"form", "cong-van-canh-bao"}, {"warning", theirs.at("id")}}, 201);
  EXPECT_EQ(refused(below, "POST", base, {{"form", "cong-van-canh-bao"}, {"warning", others.at("id")}}),
            Answer(404, "incident.warning_unknown"));
  EXPECT_EQ(refusals("warning:" + text(others.at("id")), 0), 1U) << "told as unknown, noted as refused";
}

TEST_F(PaperHubTest, WhoReadsButDoesNotHandleHandsInNothingAndThatIsNoted) {
  Caller auditor = person("auditor", secrets.agency, "Vũ Thị Lan");
  const json::value draft = answer(*admin_, "POST", base, summary(secrets.agency), 201);
  const std::string path = base + "/" + text(draft.at("id"));
  EXPECT_EQ(auditor.get(path).at("id"), draft.at("id"));
  EXPECT_EQ(refused(auditor, "POST", path + "/signed", {{"content", "JVBERi0="}}),
            Answer(403, "directory.not_allowed"));
  EXPECT_EQ(refusals(path + "/signed", 0), 1U);
}

TEST_F(PaperHubTest, FormsAreChangedAtTheTopOfTheTownAlone) {
  Caller below = person("system_admin", ward_, "Phạm Văn Em");
  add_factor(below);
  const std::string path = "/api/v1/forms/bao-cao-ban-dau";
  const json::value form = admin_->get(path);
  std::string yaml = text(form.at("yaml"));
  const std::size_t at = yaml.find("title: {vi: \"");
  ASSERT_NE(at, std::string::npos);
  yaml.insert(at + 13, "(Mới) ");
  const json::object change{{"yaml", yaml}, {"reason", "Theo công văn"}, {"version", form.at("version")}};
  EXPECT_EQ(refused(below, "PUT", path, change), Answer(403, "directory.not_allowed"));
  EXPECT_EQ(refused(below, "POST", path + "/preview", {{"yaml", yaml}}), Answer(403, "directory.not_allowed"));
  EXPECT_EQ(admin_->call("POST", path + "/preview", json::serialize(json::object{{"yaml", yaml}})).status, 200U);
  EXPECT_EQ(answer(*admin_, "PUT", path, change, 200).at("version").to_number<int>(), 2);
}

TEST_F(PaperHubTest, LimitsOfAConflictAndTheCalendarAreTold) {
  const json::value conflicts = admin_->get("/api/v1/incident-process").at("conflict");
  EXPECT_EQ(text(conflicts.at("stages").at(3).at("limit").at("vi")), "5 ngày làm việc");
  EXPECT_EQ(text(conflicts.at("stages").at(0).at("limit").at("en")), "4 hours");
  EXPECT_TRUE(admin_->get("/api/v1/system").at("holidays_until").is_null()) << "the test's hub has no calendar";
  const std::string path = "/api/v1/incidents/" + text(open_case(*admin_, secrets.agency, "Xung đột").at("id"));
  const json::value one = answer(*admin_, "POST", path + "/conflict", {{"act", "begin"}}, 200);
  const json::value& conflict = one.at("conflict");
  EXPECT_EQ(text(conflict.at("due")),
            to_rfc3339(*from_rfc3339(text(conflict.at("stages").at(0).at("entered"))) + std::chrono::hours(4)));
}

}  // namespace
}  // namespace luy::hub
