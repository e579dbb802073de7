// Goal: what the town office takes note of is told apart from an agency's own receipt, once each, and old books keep
// what they hold. Method: books over a real database; for the migration a database as the version before wrote it.
#include "incident/town_office.h"

#include <gtest/gtest.h>

#include "incident/book_fixture.h"
#include "incident/measure.h"
#include "incident/report_book.h"

namespace luy::incident {
namespace {

struct TownOfficeTest : BookTest {
  TownOfficeTest() : reports({*database, audit, clock, random, *book, vault}) {
    office = actor("Trần Thị Dung", {"town_office"});
    both = actor("Phạm Văn Em", {"town_office", "security_officer"});
  }
  StaffReport reported() {
    NewReport out;
    out.agency = agency;
    out.sign = "slow";
    out.what = "Máy chạy rất chậm";
    out.seen = clock.now() - 30min;
    return reports.take(out, "192.0.2.7")->report;
  }
  ReportBook reports;
  Actor office, both;
};

TEST(Receiving, GoesByTheRolesOfThePack) {
  const auto of = [](std::vector<std::string> roles) {
    const Receiving out = receiving(test_process(), roles);
    return std::pair(out.for_agency, out.for_town);
  };
  EXPECT_EQ(of({}), std::pair(false, false));
  EXPECT_EQ(of({"security_officer"}), std::pair(true, false));
  EXPECT_EQ(of({"town_office"}), std::pair(false, true));
  EXPECT_EQ(of({"town_office", "system_admin"}), std::pair(true, true));
  Process other = test_process();
  other.receipt.roles = {"police"};
  EXPECT_FALSE(receiving(other, {"town_office"}).for_town) << "not code: the pack names them";
}

TEST_F(TownOfficeTest, TheAgencyAndTheOfficeReceiveAReportEachOnce) {
  const StaffReport report = reported();
  clock.advance(10min);
  const auto first = reports.receive(officer, report.id);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->received_by, officer.name);
  EXPECT_FALSE(first->town.receipt);
  EXPECT_TRUE(reports.receive(head, report.id).error().is(report_taken));
  clock.advance(10min);
  const auto second = reports.receive(office, report.id);
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(second->received_at, clock.now() - 10min) << "the agency's own stays";
  EXPECT_EQ(second->town.receipt->at, clock.now());
  EXPECT_EQ(second->town.receipt->by, "Trần Thị Dung");
  EXPECT_NE(second->town.receipt->act, second->received_act);
  EXPECT_TRUE(reports.receive(office, report.id).error().is(report_taken));
  EXPECT_EQ(reports.find(report.id)->town.receipt->at, clock.now()) << "as it is kept";
  const StaffReport next = reported();
  const auto at_once = reports.receive(both, next.id);
  ASSERT_TRUE(at_once);
  EXPECT_TRUE(at_once->received_at && at_once->town.receipt) << "who holds both roles receives for both";
}

TEST_F(TownOfficeTest, ACaseTakesAlongWhatTheOfficeDidForTheReport) {
  const StaffReport report = reported();
  clock.advance(5min);
  ASSERT_TRUE(reports.receive(office, report.id));
  const Assignee cuong{AccountId::make(clock.now(), random), "Lê Văn Cường"};
  ASSERT_TRUE(reports.assign(office, report.id, cuong, ""));
  clock.advance(5min);
  const auto one = reports.open_case(officer, report.id, "Máy chậm");
  ASSERT_TRUE(one) << one.error().text();
  EXPECT_EQ(one->town.receipt->at, clock.now() - 5min);
  EXPECT_EQ(one->town.assignee, cuong);
  EXPECT_EQ(one->moments.at(Moment::received), clock.now() - 5min) << "the first receipt of the two";
  EXPECT_TRUE(book->receive(office, one->id).error().is(case_received));
  const Measures figures = measures_of(std::vector<MeasuredCase>{{*book->find(one->id), {}}});
  EXPECT_EQ(figures.report_to_receipt, (Spread{1, Duration(5min), Duration(5min)}));
  EXPECT_EQ(figures.report_to_town_receipt, (Spread{1, Duration(5min), Duration(5min)}));
  EXPECT_TRUE(reports.assign(office, report.id, std::nullopt, "").error().is(report_taken)) << "it is the case's now";
}

TEST_F(TownOfficeTest, ACaseTakesFromAReportThatJoinsItWhatItLacks) {
  const StaffReport report = reported();
  clock.advance(5min);
  ASSERT_TRUE(reports.receive(office, report.id));
  const Assignee cuong{AccountId::make(clock.now(), random), "Lê Văn Cường"};
  ASSERT_TRUE(reports.assign(office, report.id, cuong, ""));
  clock.advance(5min);
  const Case bare = *book->open(officer, wanted());
  const auto joined = reports.join_case(officer, report.id, bare.id);
  ASSERT_TRUE(joined) << joined.error().text();
  const Case kept = *book->find(bare.id);
  ASSERT_TRUE(kept.town.receipt);
  EXPECT_EQ(kept.town.receipt->at, clock.now() - 5min);
  EXPECT_EQ(kept.town.receipt->by, "Trần Thị Dung");
  EXPECT_EQ(kept.town.assignee, cuong);
  const CaseFile file = *book->file(bare.id);
  EXPECT_EQ(measures_of(std::vector<MeasuredCase>{{file.one, file.timeline}}).report_to_town_receipt,
            (Spread{1, Duration{}, Duration{}}))
      << "the office knew before the case was opened";

  const StaffReport next = reported();
  ASSERT_TRUE(reports.receive(office, next.id));
  const Assignee dung{AccountId::make(clock.now(), random), "Trần Thị Dung"};
  ASSERT_TRUE(reports.assign(office, next.id, dung, ""));
  ASSERT_TRUE(reports.join_case(officer, next.id, bare.id));
  EXPECT_EQ(book->find(bare.id)->town.assignee, cuong) << "it has its own";
  EXPECT_EQ(book->find(bare.id)->town.receipt->at, clock.now() - 5min);
}

TEST_F(TownOfficeTest, WhoWasGivenTheWorkIsAuditedBeforeAndAfter) {
  const auto part = [&](const char* which) {
    return json::parse(sink.records.back().json).at(std::string("luy.") + which);
  };
  const Assignee dung{AccountId::make(clock.now(), random), "Trần Thị Dung"};
  const StaffReport report = reported();
  const Case one = *book->open(officer, wanted());
  const std::function<bool(const std::optional<Assignee>&)> ways[] = {
      [&](const auto& to) { return reports.assign(officer, report.id, to, "Trực tuần này").has_value(); },
      [&](const auto& to) { return book->assign(officer, one.id, to, "Trực tuần này").has_value(); }};
  for (const auto& give : ways) {
    ASSERT_TRUE(give(dung));
    EXPECT_TRUE(part("before").at("assignee").is_null());
    EXPECT_EQ(part("after").at("assignee").as_string(), dung.account.text());
    EXPECT_EQ(part("after").at("note").as_string(), "Trực tuần này");
    ASSERT_TRUE(give(std::nullopt));
    EXPECT_EQ(part("before").at("assignee").as_string(), dung.account.text());
    EXPECT_TRUE(part("after").at("assignee").is_null());
  }
}

TEST_F(TownOfficeTest, ToGiveTheSameAgainChangesNothing) {
  const Case one = *book->open(officer, wanted());
  const auto entries = [&] { return book->file(one.id)->timeline.size(); };
  const std::size_t before = entries();
  ASSERT_TRUE(book->assign(officer, one.id, std::nullopt, "không ai"));
  EXPECT_EQ(entries(), before) << "nobody to take it back from";
  const Assignee dung{AccountId::make(clock.now(), random), "Trần Thị Dung"};
  ASSERT_TRUE(book->assign(officer, one.id, dung, ""));
  ASSERT_TRUE(book->assign(officer, one.id, Assignee{dung.account, "Tên mới"}, ""));
  EXPECT_EQ(entries(), before + 1);
  EXPECT_EQ(book->find(one.id)->town.assignee, dung);
}

TEST_F(TownOfficeTest, OnlyTheOfficeTakesNoteOfACaseAndTheTimelineSaysSo) {
  const Case one = *book->open(officer, wanted());
  EXPECT_FALSE(one.town.receipt);
  EXPECT_TRUE(book->receive(officer, one.id).error().is(wrong_role));
  clock.advance(40min);
  ASSERT_TRUE(book->receive(office, one.id));
  EXPECT_TRUE(book->receive(office, one.id).error().is(case_received));
  const CaseFile file = *book->file(one.id);
  EXPECT_EQ(file.timeline.back().kind, "received");
  EXPECT_EQ(file.timeline.back().act, file.one.town.receipt->act);
  EXPECT_NE(file.timeline.back().text.vi.find("Văn phòng"), std::string::npos);
  const Measures figures = measures_of(std::vector<MeasuredCase>{{file.one, file.timeline}});
  EXPECT_EQ(figures.report_to_town_receipt, (Spread{1, Duration(40min), Duration(40min)}));
  EXPECT_EQ(figures.report_to_receipt.count, 0U) << "nobody of the staff reported";
  const Case own = *book->open(office, wanted());
  const CaseFile own_file = *book->file(own.id);
  EXPECT_TRUE(own_file.one.town.receipt) << "it knows what it opens itself";
  EXPECT_EQ(measures_of(std::vector<MeasuredCase>{{own_file.one, own_file.timeline}}).report_to_town_receipt.count, 0U);
}

TEST_F(TownOfficeTest, ACaseIsGivenToSomebodyAndTakenBackOnItsTimeline) {
  const Case one = *book->open(officer, wanted());
  const Assignee dung{AccountId::make(clock.now(), random), "Trần Thị Dung"};
  ASSERT_TRUE(book->assign(officer, one.id, dung, "Trực tuần này"));
  EXPECT_EQ(book->find(one.id)->town.assignee, dung);
  EXPECT_EQ(book->file(one.id)->timeline.back().kind, "assigned");
  EXPECT_NE(book->file(one.id)->timeline.back().text.vi.find("Trực tuần này"), std::string::npos);
  ASSERT_TRUE(book->assign(officer, one.id, std::nullopt, ""));
  EXPECT_FALSE(book->find(one.id)->town.assignee);
  EXPECT_NE(book->file(one.id)->timeline.back().text.vi.find("Trần Thị Dung"), std::string::npos) << "from whom";
  ASSERT_TRUE(book->move(head, one.id, "dismiss", "Nhầm", {}));
  EXPECT_TRUE(book->assign(officer, one.id, dung, "").error().is(case_over));
}

TEST_F(TownOfficeTest, SupportIsAskedForAndGiven) {
  const Case one = *book->open(officer, wanted());
  const json::object asked{
      {"asked_at", to_rfc3339(clock.now())}, {"asked_of", "Văn phòng HĐND&UBND"}, {"what", "Khôi phục máy chủ tệp"}};
  const auto part = book->add_part(officer, one.id, PartKind::support, asked);
  ASSERT_TRUE(part) << part.error().text();
  EXPECT_EQ(book->supports()->at(one.id).open, 1U);
  json::object given{{"given_by", "Trần Thị Dung"}, {"given_at", to_rfc3339(clock.now() - 1h)}};
  EXPECT_TRUE(book->change_part(officer, one.id, part->id, given).error().is(ends_before_start));
  clock.advance(2h);
  given["given_at"] = to_rfc3339(clock.now() + 1h);
  EXPECT_TRUE(book->change_part(officer, one.id, part->id, given).error().is(time_in_future));
  given["given_at"] = to_rfc3339(clock.now());
  ASSERT_TRUE(book->change_part(officer, one.id, part->id, given));
  EXPECT_EQ(book->supports()->at(one.id).open, 0U);
  EXPECT_EQ(book->supports()->at(one.id).given, 1U);
  EXPECT_TRUE(book->change_part(officer, one.id, part->id, {{"what", "khác"}}).error().is(part_fixed));
  const auto nothing = book->add_part(officer, one.id, PartKind::support, {});
  EXPECT_TRUE(nothing.error().is(text_missing));
  for (const char* named : {"thời điểm đề nghị", "đề nghị ai hỗ trợ", "cần hỗ trợ gì"}) {
    EXPECT_NE(nothing.error().vi().find(named), std::string::npos) << named;
  }
}

TEST_F(TownOfficeTest, BooksOfTheVersionBeforeKeepWhatTheyHold) {
  const auto file = folder.path / "old.db";
  std::vector<records::Migration> before;
  for (const records::Migration& one : all_migrations()) {
    if (one.module != std::string_view("incident") || one.number == 1) before.push_back(one);
  }
  const CaseId id = CaseId::make(clock.now(), random);
  const ReportId report = ReportId::make(clock.now(), random);
  const PaperId paper = PaperId::make(clock.now(), random);
  const std::string printed = "%PDF-1.7\nđã phát hành";
  const std::string pdf = vault.put(printed)->sha256;
  json::object fields = meeting();
  fields["secretary"] = json::object{{"name", "Lê Văn Cường"}, {"position", "Chuyên viên"}};
  const json::object data{{"fields", fields}};
  {
    const auto old = *records::open_sqlite(file, before);
    const std::string now = std::to_string(to_micros(clock.now()));
    const std::string moments =
        json::serialize(to_json(Moments{{Moment::discovered, clock.now()}, {Moment::opened, clock.now()}}));
    ASSERT_TRUE(old->write([&](records::Connection& c) -> Result<void> {
      LUY_TRY_VOID(c.run("INSERT INTO incident_case VALUES ('" + id.text() + "', 'SC-2026-001', '" + agency.text() +
                         "', 'Cũ', '', '', '2026', 'step_2', " + now + ", 1, '{}', '" + moments + "', NULL, 'A', " +
                         now + ", '')"));
      LUY_TRY_VOID(c.run("INSERT INTO incident_report VALUES ('" + report.text() + "', 'TB-2026-0001', 'x', '" +
                         agency.text() + "', '{\"what\":\"Chậm\"}', " + now + ", " + now +
                         ", 'Lê Văn Cường', 'received', NULL, '', 'act')"));
      LUY_TRY_VOID(c.run("INSERT INTO incident_paper VALUES ('" + paper.text() + "', '" + id.text() +
                         "', 'bien-ban-tu-xu-ly', 1, 'issued', 7, '07/BB-VP', '" + json::serialize(data) + "', " + now +
                         ", " + now + ", '" + pdf + "', '', '[]', '[]')"));
      return {};
    }));
  }
  const auto migrated = records::open_sqlite(file, all_migrations());
  ASSERT_TRUE(migrated) << migrated.error().text();
  directory::AuditTrail trail(**migrated, sink, clock);
  CaseBook cases({**migrated, trail, clock, random, test_process(), playbooks, calendar, *forms, vault, *life, {}, {}});
  ReportBook old_reports({**migrated, trail, clock, random, cases, vault});
  EXPECT_EQ(cases.find(id)->title, "Cũ");
  EXPECT_FALSE(cases.find(id)->town.receipt);
  EXPECT_EQ(old_reports.find(report)->received_by, "Lê Văn Cường");
  EXPECT_FALSE(old_reports.find(report)->town.receipt) << "in which role it was received nobody wrote down";
  const auto old_paper = cases.find_paper(paper);
  ASSERT_TRUE(old_paper) << old_paper.error().text();
  EXPECT_EQ(old_paper->form_version, 1U);
  EXPECT_FALSE(old_paper->office) << "it is of a case";
  EXPECT_FALSE(old_paper->ties) << "nobody was asked whose account it is";
  const auto half = cases.take_signed(head, paper, printed + "\n%signed:security_officer@Lê Văn Cường");
  ASSERT_TRUE(half) << half.error().text();
  EXPECT_EQ(half->state, CasePaper::State::issued) << "the one in the chair has not signed";
  const auto done =
      cases.take_signed(head, paper, printed + "\n%signed:security_officer@Lê Văn Cường;agency_head@Nguyễn Văn An");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->state, CasePaper::State::signed_) << "by their names";
}

}  // namespace
}  // namespace luy::incident
