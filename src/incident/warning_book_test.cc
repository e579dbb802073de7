// Goal: a warning is written once and each agency reads, acts and reports, in this order and once each.
// Method: a book over a real database; a caller whom everything, or nothing, is allowed.
#include "incident/warning_book.h"

#include <gtest/gtest.h>

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

using namespace std::chrono_literals;

struct WarningBookTest : BookTest {
  WarningBookTest()
      : warnings({*database, audit, clock, random,
                  [this](const std::vector<AgencyId>& some) { told.insert(told.end(), some.begin(), some.end()); }}) {}
  NewWarning wanted() {
    NewWarning out;
    out.title = "Lỗ hổng nghiêm trọng trên máy chủ web";
    out.risk = "Kẻ tấn công chiếm quyền điều khiển từ xa";
    out.affected = "Nginx trước 1.26.3";
    out.actions = "Cập nhật bản vá";
    out.due = clock.now() + 48h;
    out.agencies = {agency, other, agency};
    return out;
  }
  Result<Warning> answer(const WarningId& id, WarningStep step, const char* text = "") {
    return warnings.answer(who, "Lê Văn Cường", id, agency, step, text, place);
  }
  WarningBook::Place place = [](const AgencyId& where) {
    directory::Object out;
    out.agencies = {where};
    return out;
  };
  directory::Caller who = directory::server_operator();
  std::vector<AgencyId> told;
  WarningBook warnings;
};

TEST_F(WarningBookTest, EachAgencyReadsActsAndReportsInThisOrder) {
  const auto issued = warnings.issue(who, "Văn phòng", wanted(), place);
  ASSERT_TRUE(issued) << issued.error().text();
  EXPECT_EQ(issued->number, "CB-2026-001");
  EXPECT_EQ(issued->receivers.size(), 2U) << "each once";
  EXPECT_TRUE(answer(issued->id, WarningStep::acted).error().is(warning_order));
  EXPECT_TRUE(answer(issued->id, WarningStep::reported, "Xong").error().is(warning_order));
  ASSERT_TRUE(answer(issued->id, WarningStep::read));
  EXPECT_TRUE(answer(issued->id, WarningStep::read).error().is(warning_order)) << "once";
  ASSERT_TRUE(answer(issued->id, WarningStep::acted));
  EXPECT_TRUE(answer(issued->id, WarningStep::reported, " ").error().is(text_missing));
  told.clear();
  ASSERT_TRUE(answer(issued->id, WarningStep::reported, "Đã cập nhật 3 máy chủ"));
  EXPECT_EQ(told, std::vector<AgencyId>{agency});
  const auto kept = warnings.find(issued->id);
  ASSERT_TRUE(kept);
  for (const Warning::Receiver& one : kept->receivers) {
    EXPECT_EQ(one.is_done(), one.agency == agency);
    EXPECT_EQ(one.report, one.agency == agency ? "Đã cập nhật 3 máy chủ" : "");
  }
  EXPECT_EQ(warnings.list()->size(), 1U);
}

TEST_F(WarningBookTest, WhatIsMissingIsNamed) {
  NewWarning nothing;
  nothing.due = clock.now() + 1h;
  const auto refused = warnings.issue(who, "x", nothing, place);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(text_missing));
  for (const char* word : {"tên cảnh báo", "nguy cơ", "việc phải làm", "cơ quan nhận"}) {
    EXPECT_NE(refused.error().vi().find(word), std::string::npos) << word;
  }
  NewWarning late = wanted();
  late.due = clock.now();
  EXPECT_TRUE(warnings.issue(who, "x", late, place).error().is(warning_due_over));
}

TEST_F(WarningBookTest, WhoMayNotIssuesAndAnswersNothing) {
  directory::Caller nobody;
  nobody.username = "nhanvien";
  nobody.require = [](directory::Action, const directory::Object&) -> Result<void> {
    return Error(directory::not_allowed, "x");
  };
  EXPECT_TRUE(warnings.issue(nobody, "x", wanted(), place).error().is(directory::not_allowed));
  EXPECT_TRUE(warnings.list()->empty());
  const auto issued = warnings.issue(who, "x", wanted(), place);
  EXPECT_TRUE(warnings.answer(nobody, "x", issued->id, agency, WarningStep::read, "", place)
                  .error()
                  .is(directory::not_allowed));
  const AgencyId stranger = AgencyId::make(clock.now(), random);
  EXPECT_TRUE(
      warnings.answer(who, "x", issued->id, stranger, WarningStep::read, "", place).error().is(warning_unknown));
}

}  // namespace
}  // namespace luy::incident
