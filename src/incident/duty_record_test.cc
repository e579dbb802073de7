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
  // Something in every field that the form demands.
  json::object filled(const char* id) {
    using paper::FieldType;
    const json::object person{{"name", "Nguyễn Văn An"}, {"position", "Chánh Văn phòng"}};
    json::object out;
    for (const paper::FormField& field : forms->current(id)->fields) {
      if (!field.is_mandatory || field.when) continue;
      json::object row;
      for (const paper::TableField& column : field.columns) {
        row[column.id] = column.is_number ? json::value(1) : json::value("Một");
      }
      out[field.id] = field.type == FieldType::person     ? json::value(person)
                      : field.type == FieldType::persons  ? json::value(json::array{person})
                      : field.type == FieldType::datetime ? json::value(iso_local(clock.now()))
                      : field.type == FieldType::date     ? json::value(iso_local(clock.now()).substr(0, 10))
                      : field.type == FieldType::number   ? json::value(1)
                      : field.type == FieldType::list     ? json::value(json::array{"Một"})
                      : field.type == FieldType::choice   ? json::value(field.options.front().id)
                      : field.type == FieldType::table    ? json::value(json::array{row})
                                                          : json::value("Một");
    }
    return out;
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
  EXPECT_EQ(of("incident_receipt").waiting, 1U) << "the agency's own receipt is not the office's";
  EXPECT_EQ(of("incident_receipt").kept, 0U);
  ASSERT_TRUE(reports.receive(actor("Trần Thị Dung", {"town_office"}), receipt->report.id));
  const DutyRecord done = of("incident_receipt");
  EXPECT_EQ(done.waiting, 0U);
  EXPECT_EQ(done.kept, 1U);
  EXPECT_FALSE(done.newest_act.empty());
}

TEST_F(DutyRecordTest, ACaseThatAnAgencyOpenedWaitsForTheOfficeAndTakesItsReportsAlong) {
  const Actor office = actor("Trần Thị Dung", {"town_office"});
  const Case one = *book->open(officer, wanted());
  const DutyRecord waiting = of("incident_receipt");
  EXPECT_EQ(waiting.waiting, 1U);
  EXPECT_EQ(waiting.due_at, clock.now() + 4h);
  EXPECT_EQ(waiting.act, book->file(one.id)->timeline.front().act);
  NewReport slow;
  slow.agency = agency;
  slow.sign = "slow";
  slow.what = "Máy chậm";
  slow.seen = clock.now() - 30min;
  const auto joined = *reports.take(slow, "192.0.2.7");
  ASSERT_TRUE(reports.join_case(officer, joined.report.id, one.id));
  EXPECT_EQ(of("incident_receipt").waiting, 2U);
  ASSERT_TRUE(book->receive(office, one.id));
  EXPECT_EQ(of("incident_receipt").waiting, 0U);
  EXPECT_EQ(of("incident_receipt").kept, 2U);
  const Case none = *book->open(officer, wanted());
  const auto settled = *reports.take(slow, "192.0.2.8");
  EXPECT_EQ(of("incident_receipt").waiting, 2U);
  ASSERT_TRUE(book->move(head, none.id, "dismiss", "Nhầm", {}));
  ASSERT_TRUE(reports.decline(officer, settled.report.id, "Đứt cáp"));
  EXPECT_EQ(of("incident_receipt").waiting, 0U) << "what was nothing waits for nobody";
  EXPECT_EQ(of("incident_receipt").kept, 2U);
}

TEST_F(DutyRecordTest, ACaseThatIsOverBeforeTheOfficeTookNoteOfItStillWaits) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  signed_paper(one.id, "bien-ban-tu-xu-ly", outcome("resolved"));
  const auto closed = move(one.id, "resolved", "", {{"resolved_at", to_rfc3339(clock.now())}});
  ASSERT_TRUE(closed) << closed.error().vi();
  EXPECT_EQ(of("incident_receipt").waiting, 1U) << "being quick hides nothing";
  ASSERT_TRUE(book->receive(actor("Trần Thị Dung", {"town_office"}), one.id));
  EXPECT_EQ(of("incident_receipt").waiting, 0U);
  EXPECT_EQ(of("incident_receipt").kept, 1U);
}

TEST_F(DutyRecordTest, AConflictWaitsInEachStageAndIsKeptWhenItsRecordIsClosed) {
  using Kind = CaseBook::ConflictAct::Kind;
  const Case one = *book->open(officer, wanted());
  EXPECT_EQ(of("conflict_case").waiting, 0U);
  ASSERT_TRUE(book->work_conflict(officer, one.id, {}));
  const std::string began = book->file(one.id)->timeline.back().act;
  EXPECT_EQ(of("conflict_case").waiting, 1U);
  EXPECT_EQ(of("conflict_case").due_at, clock.now() + 4h) << "the pack's limit of the first stage";
  std::map<std::string, std::string> trace;
  for (const Choice& field : test_process().conflict.trace) trace[field.id] = "Chưa rõ";
  ASSERT_TRUE(book->work_conflict(officer, one.id, {Kind::trace, trace}));
  clock.advance(1h);
  for (const char* stage : {"detection", "warning", "tracing", "filtering", "remedy"}) {
    CaseBook::ConflictAct next{Kind::advance};
    next.stage = stage;
    next.reason = "Đã xong";
    ASSERT_TRUE(book->work_conflict(officer, one.id, next)) << stage;
    if (std::string_view(stage) == "warning") {
      EXPECT_EQ(of("conflict_case").due_at, clock.now() + 24h) << "counted from the stage";
    }
  }
  EXPECT_EQ(of("conflict_case").act, began);
  signed_paper(one.id, "phuong-an-khac-phuc", filled("phuong-an-khac-phuc"));
  const CasePaper result = signed_paper(one.id, "bao-cao-ket-thuc", filled("bao-cao-ket-thuc"));
  ASSERT_TRUE(book->deliver(officer, result.id, {"UBND tỉnh", "trực tiếp", clock.now()}));
  EXPECT_EQ(of("conflict_case").kept, 0U);
  const auto closed = book->work_conflict(officer, one.id, {Kind::close});
  ASSERT_TRUE(closed) << closed.error().vi();
  const DutyRecord done = of("conflict_case");
  EXPECT_EQ(done.waiting, 0U);
  EXPECT_EQ(done.kept, 1U);
  EXPECT_EQ(done.newest_act, book->file(one.id)->timeline.back().act);
}

TEST_F(DutyRecordTest, WhatIsUnlawfulGoesToThePolice) {
  constexpr const char* form = "bien-ban-ban-giao-chung-cu";
  const Case plain = *book->open(officer, wanted());
  ASSERT_TRUE(move(plain.id, "own_system", "x"));
  NewCase grave = wanted();
  grave.found.harms = {"national_security"};
  const Case one = *book->open(officer, grave);
  EXPECT_EQ(of("evidence_handover").waiting, 0U) << "step 1 is not decided";
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  const DutyRecord waiting = of("evidence_handover");
  EXPECT_EQ(waiting.waiting, 1U) << "the other case does no such harm";
  EXPECT_EQ(waiting.due_at, at("2026-11-26T03:00:00Z")) << "three working days after Monday";
  EXPECT_EQ(waiting.act, book->file(one.id)->timeline.back().act);
  signed_paper(one.id, "bien-ban-tu-xu-ly", outcome("resolved"));
  ASSERT_TRUE(move(one.id, "resolved", "", {{"resolved_at", to_rfc3339(clock.now())}}));
  clock.advance(500 * 24h);
  EXPECT_EQ(of("evidence_handover").due_at, waiting.due_at) << "what is owed does not grow old";
  const CasePaper minutes = signed_paper(one.id, form, filled(form));
  EXPECT_EQ(of("evidence_handover").kept, 0U) << "signed, and still here";
  ASSERT_TRUE(book->deliver(officer, minutes.id, {"Công an tỉnh", "trực tiếp", clock.now()}));
  const std::string handed = book->file(one.id)->timeline.back().act;
  ASSERT_TRUE(book->deliver(officer, minutes.id, {"Công an thị xã", "trực tiếp", clock.now()}));
  const DutyRecord done = of("evidence_handover");
  EXPECT_EQ(done.waiting, 0U);
  EXPECT_EQ(done.kept, 1U);
  EXPECT_EQ(done.newest_act, handed);
}

TEST_F(DutyRecordTest, HarmThatIsFoundLaterGoesToThePoliceFromThenOn) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  clock.advance(7 * 24h);
  Classification found = wanted().found;
  found.properties = {test_process().properties.front().id};
  found.harms = {"control_loss"};
  ASSERT_TRUE(book->classify(officer, one.id, found));
  const DutyRecord waiting = of("evidence_handover");
  EXPECT_EQ(waiting.waiting, 1U);
  EXPECT_EQ(waiting.due_at, at("2026-12-03T03:00:00Z"));
  found.harms.clear();
  ASSERT_TRUE(book->classify(officer, one.id, found));
  EXPECT_EQ(of("evidence_handover").waiting, 0U) << "it was not so";
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
