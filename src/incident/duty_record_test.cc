// Goal: what cases, reports and warnings say of the duties is what was done, with the act that proves it.
// Method: books over a real database; each act, then what is on record.
#include "incident/duty_record.h"

#include <gtest/gtest.h>

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

using namespace std::chrono_literals;

struct DutyRecordTest : BookTest {
  DutyRecordTest()
      : reports({*database, audit, clock, random, *book, vault}), warnings({*database, audit, clock, random}) {}
  DutyRecord of(const char* record) {
    const auto all = duty_records(*book, reports, warnings, agency, is_below, clock.now());
    EXPECT_TRUE(all);
    return all->at(record);
  }
  IsBelow is_below = [](const AgencyId& one, const AgencyId& where) { return one == where; };
  ReportBook reports;
  WarningBook warnings;
};

TEST_F(DutyRecordTest, EachStepWaitsAndIsKeptByTheActThatEndedIt) {
  EXPECT_EQ(of("incident_triage").waiting, 0U);
  const Case one = *book->open(officer, wanted());
  const DutyRecord triage = of("incident_triage");
  EXPECT_EQ(triage.waiting, 1U);
  EXPECT_TRUE(triage.due_at) << "a working day";
  EXPECT_EQ(triage.act, book->file(one.id)->timeline.front().act);
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  EXPECT_EQ(of("incident_triage").waiting, 0U);
  EXPECT_EQ(of("incident_triage").kept, 1U);
  EXPECT_EQ(of("incident_triage").newest_act, book->file(one.id)->timeline.back().act);
  EXPECT_EQ(of("incident_minutes").waiting, 1U);
  EXPECT_FALSE(of("incident_minutes").due_at);
  signed_paper(one.id, "bien-ban-tu-xu-ly", outcome("beyond"));
  ASSERT_TRUE(move(one.id, "beyond_ability", "x"));
  EXPECT_EQ(of("incident_minutes").kept, 1U);
  const DutyRecord up = of("incident_report");
  EXPECT_EQ(up.waiting, 1U);
  EXPECT_TRUE(up.due_at) << "at once, as the pack measures it";
  EXPECT_EQ(of("incident_closing").waiting, 0U);
}

TEST_F(DutyRecordTest, AMergeIsNotWhatAStepAsksFor) {
  const Case a = *book->open(officer, wanted());
  const Case b = *book->open(officer, wanted());
  ASSERT_TRUE(move(a.id, "merge", "x", {{"into", b.id.text()}}));
  EXPECT_EQ(of("incident_triage").kept, 0U);
  EXPECT_EQ(of("incident_triage").waiting, 1U) << "the case that took it";
}

TEST_F(DutyRecordTest, ReportsWaitToBeReceivedByTheirTime) {
  NewReport slow;
  slow.agency = agency;
  slow.sign = "slow";
  slow.what = "Máy chậm";
  slow.seen = clock.now() - 30min;
  const auto receipt = reports.take(slow, "192.0.2.7");
  ASSERT_TRUE(receipt);
  const DutyRecord waiting = of("incident_receipt");
  EXPECT_EQ(waiting.waiting, 1U);
  EXPECT_EQ(waiting.due_at, clock.now() + 4h) << "receive_hours of the pack";
  EXPECT_EQ(of("staff_report").kept, 1U);
  clock.advance(1h);
  ASSERT_TRUE(reports.receive(officer, receipt->report.id));
  const DutyRecord done = of("incident_receipt");
  EXPECT_EQ(done.waiting, 0U);
  EXPECT_EQ(done.kept, 1U);
  EXPECT_FALSE(done.newest_act.empty());
}

TEST_F(DutyRecordTest, WarningsWaitForTheirReportByTheDay) {
  NewWarning wanted_warning;
  wanted_warning.title = wanted_warning.risk = wanted_warning.actions = "x";
  wanted_warning.due = clock.now() + 48h;
  wanted_warning.agencies = {agency, other};
  const auto place = [](const AgencyId&) { return directory::Object(); };
  const directory::Caller who = directory::server_operator();
  const auto issued = warnings.issue(who, "Văn phòng", wanted_warning, place);
  ASSERT_TRUE(issued);
  EXPECT_EQ(of("warning").waiting, 1U);
  EXPECT_EQ(of("warning").due_at, wanted_warning.due);
  for (const WarningStep step : {WarningStep::read, WarningStep::acted, WarningStep::reported}) {
    ASSERT_TRUE(warnings.answer(who, "x", issued->id, agency, step, "Xong", place));
  }
  EXPECT_EQ(of("warning").waiting, 0U);
  EXPECT_EQ(of("warning").kept, 1U);
  is_below = [](const AgencyId&, const AgencyId&) { return true; };
  EXPECT_EQ(of("warning").waiting, 1U) << "the other one, where both are below";
}

}  // namespace
}  // namespace luy::incident
