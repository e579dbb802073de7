// Goal: the minutes of a review say who reviewed, every decision and what stands open; closed, that nothing does.
// Method: reviews as values. The printed page is tested in the hub.
#include "people/review_page.h"

#include <gtest/gtest.h>

namespace luy::people {
namespace {

namespace json = boost::json;

struct ReviewPageTest : testing::Test {
  ReviewPageTest() {
    review.number = "RS-2026-002";
    review.opened_at = *from_rfc3339("2026-11-02T01:00:00Z");
    review.due = day_begin(*day_from_iso("2026-12-01"));
    add(SubjectKind::account, "dung", "Phạm Thị Dung", Answer::keep, "");
    add(SubjectKind::account, "cuong", "Lê Văn Cường", Answer::change, "Không kiêm quản trị");
    add(SubjectKind::device_account, "hoa@MAY-VP-03", "", Answer::remove, "Người đã nghỉ việc");
    add(SubjectKind::api_token, "Đồng bộ", "Lê Văn Cường", std::nullopt, "");
    review.lines[1].done_at = *from_rfc3339("2026-11-19T03:00:00Z");
  }
  void add(SubjectKind kind, const std::string& title, const std::string& holder, std::optional<Answer> answer,
           const std::string& reason) {
    ReviewLine line;
    line.subject.kind = kind;
    line.subject.title = title;
    line.subject.holder_name = holder;
    line.subject.rights = {{"staff", {"Cán bộ – UBND phường", "Staff"}}};
    line.answer = answer;
    line.reason = reason;
    if (answer) {
      line.by.name = title == "dung" ? "Lê Văn Cường" : "Phạm Thị Dung";
      line.at = *from_rfc3339("2026-11-17T23:30:00Z");  // Of the 18th in Viet Nam.
      if (*answer == Answer::keep) line.done_at = line.at;
    }
    review.lines.push_back(std::move(line));
  }
  json::object page() const { return review_page(review, "UBND phường Bỉm Sơn"); }

  Review review;
};

TEST_F(ReviewPageTest, SaysEachDecisionAndWhatStandsOpen) {
  const json::object said = page();
  EXPECT_EQ(said.at("review"), "RS-2026-002");
  EXPECT_EQ(said.at("due"), "2026-11-30") << "the last day, not the midnight after it";
  EXPECT_TRUE(said.at("closed").is_null());
  for (const auto& [count, wanted] :
       {std::pair{"lines", 4}, {"kept", 1}, {"changed", 1}, {"removed", 1}, {"unanswered", 1}}) {
    EXPECT_EQ(said.at(count).as_int64(), wanted) << count;
  }
  EXPECT_EQ(said.at("reviewers"), (json::array{"Phạm Thị Dung: 2 quyền", "Lê Văn Cường: 1 quyền"}));
  const json::array& decisions = said.at("decisions").as_array();
  ASSERT_EQ(decisions.size(), 4U);
  EXPECT_EQ(decisions[0].at("decision"), "Giữ nguyên");
  EXPECT_EQ(decisions[0].at("by"), "Lê Văn Cường, 18/11/2026");
  EXPECT_EQ(decisions[1].at("decision"), "Điều chỉnh");
  EXPECT_EQ(decisions[1].at("carried_out"), "Không kiêm quản trị; đã thực hiện ngày 19/11/2026");
  EXPECT_EQ(decisions[2].at("holder"), "chưa rõ người giữ");
  EXPECT_EQ(decisions[2].at("carried_out"), "Người đã nghỉ việc; chưa thực hiện");
  EXPECT_EQ(decisions[3].at("decision"), "Chưa rà soát");
  EXPECT_FALSE(decisions[3].as_object().contains("by"));
  const json::array& open = said.at("open").as_array();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].at("state"), "thu hồi quyền: Người đã nghỉ việc");
  EXPECT_EQ(open[1].at("what"), "Đồng bộ (mã truy cập API)");
}

TEST_F(ReviewPageTest, ClosedNothingStandsOpen) {
  review.lines.pop_back();
  review.lines[2].done_at = *from_rfc3339("2026-11-20T03:00:00Z");
  review.closed_at = *from_rfc3339("2026-11-20T18:05:00Z");
  review.below = true;
  const json::object said = page();
  EXPECT_EQ(said.at("closed"), "2026-11-21T01:05") << "as clocks in Viet Nam show it";
  EXPECT_TRUE(said.at("open").is_null());
  EXPECT_EQ(said.at("unanswered").as_int64(), 0);
  EXPECT_EQ(said.at("scope"), "UBND phường Bỉm Sơn và các cơ quan, đơn vị trực thuộc");
}

}  // namespace
}  // namespace luy::people
