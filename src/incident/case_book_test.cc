// Goal: a case walks both paths of the second article 10 with real papers to its signed minutes; nothing moves past
// what is demanded; findings, merges, custody and holds keep their history. Method: a book over a real database, real
// forms and PDFs; only the verifier of signatures is a stand-in that believes what the file says.
#include "incident/case_book.h"

#include <gtest/gtest.h>

#include <set>

#include "incident/book_fixture.h"
#include "incident/case_link.h"

namespace luy::incident {
namespace {

using CaseBookTest = BookTest;

TEST_F(CaseBookTest, TheAgencySolvesItsOwnIncidentWithSignedMinutes) {
  const Case one = *book->open(officer, wanted());
  EXPECT_EQ(one.number, "SC-2026-001");
  EXPECT_EQ(one.edition, "2026");
  ASSERT_TRUE(move(one.id, "own_system", "Máy chủ đặt tại cơ quan"));
  EXPECT_TRUE(move(one.id, "resolved", "", {{"resolved_at", to_rfc3339(clock.now())}}).error().is(demands_unmet));
  // An upload without a signature is nothing; nor is a signature of the wrong person, nor another conclusion.
  const auto draft = book->draft(officer, one.id, "bien-ban-tu-xu-ly", outcome("resolved"));
  const auto issued = book->issue(officer, draft->id);
  ASSERT_TRUE(issued) << issued.error().vi();
  EXPECT_EQ(issued->notation, "01/BB-VP");
  const std::string pdf = *vault.get(issued->pdf);
  EXPECT_TRUE(book->take_signed(head, issued->id, pdf).error().is(not_signed));
  EXPECT_TRUE(book->take_signed(head, issued->id, "%PDF-1.7 other").error().is(not_signed));
  EXPECT_TRUE(book->edit(officer, issued->id, {}).error().is(paper_state));
  ASSERT_TRUE(book->take_signed(head, issued->id, pdf + "\n%signed:"));
  const std::map<std::string, std::string> when = {{"resolved_at", to_rfc3339(clock.now() - 10min)}};
  EXPECT_TRUE(move(one.id, "resolved", "", when).error().is(demands_unmet));
  EXPECT_EQ(book->find_paper(issued->id)->state, CasePaper::State::issued) << "a stranger's signature signs nothing";
  const std::string secretary = "\n%signed:security_officer@Lê Văn Cường";
  EXPECT_TRUE(book->take_signed(head, issued->id, pdf + "\n%signed:agency_head").error().is(signed_out_of_turn));
  ASSERT_TRUE(book->take_signed(officer, issued->id, pdf + secretary));
  const auto half = move(one.id, "resolved", "", when);
  ASSERT_TRUE(half.error().is(demands_unmet));
  EXPECT_NE(half.error().vi().find("Chủ trì (chủ tọa) – Nguyễn Văn An"), std::string::npos) << half.error().vi();
  ASSERT_TRUE(book->take_signed(head, issued->id, pdf + secretary + ";agency_head"));
  EXPECT_EQ(book->find_paper(issued->id)->state, CasePaper::State::signed_);
  EXPECT_TRUE(book->take_signed(head, issued->id, pdf + secretary + ";staff@Ai đó").error().is(not_signed))
      << "the head's signature stays";
  EXPECT_TRUE(move(one.id, "beyond_ability", "x").error().is(demands_unmet)) << "the minutes say it is solved";
  const auto closed = move(one.id, "resolved", "", when);
  ASSERT_TRUE(closed) << closed.error().vi();
  EXPECT_EQ(closed->state, "closed");
  EXPECT_EQ(closed->moments.at(Moment::ended), clock.now() - 10min);
  EXPECT_TRUE(book->note(officer, one.id, "Đã theo dõi thêm")) << "notes may follow";
  EXPECT_TRUE(book->add_part(officer, one.id, PartKind::task, {{"title", "x"}}).error().is(case_over));
}

TEST_F(CaseBookTest, AnIncidentBeyondAbilityGoesThroughAllFiveSteps) {
  const Case one = *book->open(officer, wanted("encryption"));
  ASSERT_TRUE(move(one.id, "own_system", "Máy chủ đặt tại cơ quan"));
  signed_paper(one.id, "bien-ban-tu-xu-ly", outcome("beyond"));
  json::object early = meeting();
  for (const char* field : {"cause", "damage", "lessons"}) early[field] = "Đã nêu";
  early["restored"] = iso_local(clock.now());
  const auto draft = book->draft(officer, one.id, "bien-ban-ket-thuc", early);
  ASSERT_TRUE(draft) << draft.error().vi();
  EXPECT_TRUE(book->issue(officer, draft->id).error().is(paper_too_early)) << "minutes of what is still to be done";
  const auto three = move(one.id, "beyond_ability", "Không có bản sao lưu sạch");
  ASSERT_TRUE(three) << three.error().vi();
  EXPECT_TRUE(three->found.is_beyond);
  EXPECT_TRUE(move(one.id, "reported").error().is(demands_unmet));
  const CasePaper report =
      signed_paper(one.id, "bao-cao-ban-dau", {{"detection", json::array{"log"}}, {"notified", json::array{"isp"}}});
  EXPECT_EQ(report.notation, "01/BC-VP") << "a row of numbers of its own";
  EXPECT_EQ(report.data.at("recipients").at(0).as_string(), "Công an tỉnh Thanh Hóa (PA05)") << "Kính gửi";
  EXPECT_EQ(report.data.at("signatures").at(0).at("authority").at(0).as_string(), "CHÁNH VĂN PHÒNG");
  EXPECT_EQ(report.data.at("signatures").at(0).at("name").as_string(), "Nguyễn Văn An");
  EXPECT_EQ(report.data.at("evidence").at("payload").as_string(), "luy:evidence/7/00ff");
  EXPECT_TRUE(move(one.id, "reported").error().is(demands_unmet)) << "not sent";
  clock.advance(1h);
  ASSERT_TRUE(book->deliver(officer, report.id, {"Công an tỉnh Thanh Hóa (PA05)", "Trục liên thông", clock.now()}));
  EXPECT_TRUE(move(one.id, "reported").error().is(demands_unmet)) << "no guidance";
  ASSERT_TRUE(
      book->add_part(officer, one.id, PartKind::guidance,
                     {{"given_by", "PA05"}, {"given_at", to_rfc3339(clock.now())}, {"text", "Giữ nguyên máy"}}));
  ASSERT_TRUE(move(one.id, "reported"));
  EXPECT_TRUE(move(one.id, "finished").error().is(move_forbidden));
  EXPECT_TRUE(move(one.id, "remedied").error().is(demands_unmet));
  const auto action = book->add_part(officer, one.id, PartKind::action, {{"title", "Cài lại máy chủ"}});
  EXPECT_TRUE(move(one.id, "remedied").error().is(demands_unmet)) << "no owner, no outcome";
  ASSERT_TRUE(book->change_part(officer, one.id, action->id, {{"owner", "Trung tâm CNTT tỉnh"}, {"outcome", "Xong"}}));
  ASSERT_TRUE(move(one.id, "remedied"));
  json::object closing = meeting();
  for (const char* field : {"cause", "damage", "lessons"}) closing[field] = "Đã nêu";
  closing["restored"] = iso_local(clock.now());
  const CasePaper minutes = signed_paper(one.id, "bien-ban-ket-thuc", closing);
  EXPECT_EQ(minutes.notation, "02/BB-VP");
  EXPECT_EQ(minutes.data.at("signatures").at(0).at("name").as_string(), "Lê Văn Cường") << "who wrote the minutes";
  EXPECT_EQ(minutes.data.at("signatures").at(1).at("authority").at(0).as_string(), "CHỦ TỌA");
  EXPECT_FALSE(minutes.data.contains("recipients")) << "minutes are addressed to nobody";
  EXPECT_EQ(minutes.data.at("fields").at("initial_report").as_string(), "01/BC-VP") << "filled from the case";
  const auto closed = move(one.id, "finished", "", {{"restored_at", to_rfc3339(clock.now())}});
  ASSERT_TRUE(closed) << closed.error().vi();
  for (const LegalClock& legal : book->clocks(*closed)) {
    if (legal.rule->id == "initial_report") {
      EXPECT_EQ(legal.state, LegalClock::State::kept);
    }
    if (legal.rule->id == "closing_report") {
      EXPECT_EQ(legal.state, LegalClock::State::running);
    }
  }
  // Each move is in the evidence.
  const auto acts = sink.acts();
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "incident_move"), 5);
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "incident_move incident.demands_unmet"), 5);
}

// The clocks of the law stop, and 10b.5 is kept, by what the head has signed and by nothing less.
TEST_F(CaseBookTest, AStrangersSignatureSendsNoReportAndStopsNoClock) {
  const Case one = *book->open(officer, wanted("encryption"));
  ASSERT_TRUE(move(one.id, "provincial_system", "Trung tâm Dữ liệu tỉnh"));
  const auto draft = book->draft(officer, one.id, "bao-cao-ban-dau",
                                 {{"detection", json::array{"log"}}, {"notified", json::array{"isp"}}});
  const auto issued = book->issue(officer, draft->id);
  ASSERT_TRUE(issued) << issued.error().vi();
  const std::string pdf = *vault.get(issued->pdf);
  const Delivery delivery{"PA05", "Trục liên thông", clock.now()};
  for (const char* hands : {"", "@Người lạ", "staff@Trần Thị Dung", "security_officer@Lê Văn Cường"}) {
    const auto taken = book->take_signed(officer, issued->id, pdf + "\n%signed:" + hands);
    ASSERT_TRUE(taken) << hands;
    EXPECT_EQ(taken->state, CasePaper::State::issued) << hands;
    const auto refused = book->deliver(officer, issued->id, delivery);
    ASSERT_FALSE(refused) << hands;
    EXPECT_TRUE(refused.error().is(signatures_missing)) << hands;
    EXPECT_NE(refused.error().en().find("Head of agency"), std::string::npos) << refused.error().en();
    EXPECT_FALSE(book->find(one.id)->moments.contains(Moment::initial_report)) << hands;
    if (std::string_view(hands).starts_with("staff")) break;  // A role that was there stays there.
  }
  ASSERT_TRUE(book->take_signed(officer, issued->id, pdf + "\n%signed:staff@Trần Thị Dung;agency_head"));
  ASSERT_TRUE(book->deliver(officer, issued->id, delivery));
  EXPECT_EQ(book->find(one.id)->moments.at(Moment::initial_report), delivery.at);
}

TEST_F(CaseBookTest, TheProvincialPathGoesFromTheFirstStepToTheThird) {
  const Case one = *book->open(officer, wanted("denial"));
  EXPECT_TRUE(move(one.id, "provincial_system").error().is(demands_unmet)) << "a reason";
  const auto three = move(one.id, "provincial_system", "Hệ thống một cửa tại Trung tâm Dữ liệu tỉnh");
  ASSERT_TRUE(three);
  EXPECT_EQ(three->state, "step_3");
  EXPECT_EQ(three->moments.at(Moment::escalated), clock.now());
  EXPECT_FALSE(three->found.is_beyond);
}

TEST_F(CaseBookTest, ReopeningBeginsANewRoundAndKeepsTheOld) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  signed_paper(one.id, "bien-ban-tu-xu-ly", outcome("resolved"));
  const std::map<std::string, std::string> when = {{"resolved_at", to_rfc3339(clock.now())}};
  ASSERT_TRUE(move(one.id, "resolved", "", when));
  EXPECT_TRUE(move(one.id, "reopen").error().is(demands_unmet));
  const auto again = move(one.id, "reopen", "Tái diễn");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, "step_1");
  EXPECT_EQ(again->round, 2U);
  EXPECT_FALSE(again->moments.contains(Moment::ended));
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  EXPECT_TRUE(move(one.id, "resolved", "", when).error().is(demands_unmet)) << "the minutes of the first round";
  const auto file = book->file(one.id);
  EXPECT_EQ(file->papers.size(), 1U);
  EXPECT_EQ(
      std::count_if(file->timeline.begin(), file->timeline.end(), [](const auto& e) { return e.kind == "moved"; }), 4);
}

TEST_F(CaseBookTest, FindingsGoIntoTheCaseAndMergesKeepHistoryBothWays) {
  const auto report = [&](const char* group) {
    finding::Report out;
    out.rule = finding::RuleName{group, "rule", finding::Origin::own};
    out.group_key = group;
    out.title = {"Dò mật khẩu", "Guessing"};
    out.agency = agency;
    out.first = out.last = clock.now();
    EXPECT_TRUE(findings->report(out));
    for (const auto& one : findings->all()) {
      if (one->rule->id == group) return one->id;
    }
    return finding::FindingId();
  };
  const auto first = report("one"), second = report("two"), third = report("three");
  const auto a = book->open_from(officer, *findings, wanted(), {first});
  ASSERT_TRUE(a) << a.error().text();
  EXPECT_EQ(findings->find(first)->state, finding::State::in_case);
  ASSERT_TRUE(book->join(officer, *findings, a->id, {second}));
  const auto b = book->open_from(officer, *findings, wanted(), {third});
  NewCase foreign = wanted();
  foreign.agency = other;
  EXPECT_FALSE(book->open_from(officer, *findings, foreign, {first}));
  const auto fourth = report("four");
  const auto cases = [&](const std::vector<finding::FindingId>& of) { return *cases_of_findings(*database, of); };
  const auto known = cases({third, first, fourth});
  ASSERT_EQ(known.size(), 2U) << "the second was not asked for, the fourth is in none";
  EXPECT_EQ(known.at(first).id, a->id);
  EXPECT_EQ(known.at(third).number, b->number);
  EXPECT_TRUE(cases({}).empty());
  EXPECT_TRUE(move(a->id, "merge", "Cùng một vụ", {{"into", a->id.text()}}).error().is(bad_merge));
  const auto merged = move(a->id, "merge", "Cùng một vụ", {{"into", b->id.text()}});
  ASSERT_TRUE(merged) << merged.error().text();
  EXPECT_EQ(merged->merged_into, b->id);
  EXPECT_EQ(cases({first}).at(first).id, b->id) << "that which took the other in";
  const auto target = book->file(b->id);
  EXPECT_EQ(target->links.size(), 4U) << "its own finding, the two of the other, the other case";
  EXPECT_EQ(book->file(a->id)->links.size(), 3U);
  EXPECT_TRUE(move(b->id, "merge", "x", {{"into", a->id.text()}}).error().is(bad_merge)) << "it is over";
  EXPECT_TRUE(book->join(officer, *findings, a->id, {first}).error().is(case_over));
}

TEST_F(CaseBookTest, APaperWithoutWhatIsMandatoryStaysADraftAndUsesNoNumber) {
  const Case one = *book->open(officer, wanted());
  // What was done is no answer to a question that names its answers.
  const auto task = book->add_part(officer, one.id, PartKind::task, {{"title", "Cô lập máy chủ"}});
  ASSERT_TRUE(
      book->change_part(officer, one.id, task->id,
                        {{"owner", "Nguyễn Lan"}, {"done_at", to_rfc3339(clock.now())}, {"outcome", "Đã cô lập"}}));
  const auto draft = book->draft(officer, one.id, "bao-cao-ban-dau", {});
  ASSERT_TRUE(draft);
  EXPECT_FALSE(draft->data.at("fields").as_object().contains("measures"));
  const auto refused = book->issue(officer, draft->id);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(paper::missing_fields));
  EXPECT_NE(refused.error().vi().find("Cách thức phát hiện"), std::string::npos) << refused.error().vi();
  const CasePaper good =
      signed_paper(one.id, "bao-cao-ban-dau", {{"detection", json::array{"log"}}, {"notified", json::array{"isp"}}});
  EXPECT_EQ(good.number, 1U);
  EXPECT_TRUE(book->deliver(officer, draft->id, {"PA05", "thư", clock.now()}).error().is(paper_state));
  EXPECT_TRUE(book->deliver(officer, good.id, {"PA05", "thư", clock.now() + 1h}).error().is(time_in_future));
  EXPECT_TRUE(book->draft(officer, one.id, "giay-moi", {}).error().is(paper_form_unknown));
}

TEST_F(CaseBookTest, TheAnswerToOneFormsQuestionIsNoTextInAnother) {
  NewCase leveled = wanted();
  leveled.found.level = 3;
  leveled.found.properties = {"integrity"};
  const Case one = *book->open(officer, leveled);
  const auto report = book->draft(officer, one.id, "bao-cao-ban-dau", {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->data.at("fields").at("state").as_string(), "open");
  EXPECT_EQ(report->data.at("fields").at("level").as_string(), "3");
  const auto handed = book->draft(officer, one.id, "bien-ban-ban-giao-chung-cu", {});
  ASSERT_TRUE(handed) << handed.error().text();
  EXPECT_FALSE(handed->data.at("fields").as_object().contains("state"));
  const auto refused = book->issue(officer, handed->id);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().vi().find("Tình trạng khi bàn giao"), std::string::npos) << refused.error().vi();
  // Of every form: what is prefilled is an option's id where the form has options, and nowhere else.
  for (const PaperUse& use : test_process().papers) {
    if (use.owner != PaperOwner::a_case) continue;
    const auto draft = book->draft(officer, one.id, use.form, {});
    ASSERT_TRUE(draft) << use.form;
    const paper::Form* form = forms->current(use.form);
    for (const auto& [key, value] : draft->data.at("fields").as_object()) {
      const paper::FormField* field = form->field(std::string_view(key));
      ASSERT_NE(field, nullptr) << use.form << ": " << key;
      EXPECT_TRUE(!value.is_object() || field->type == paper::FieldType::person) << use.form << ": " << key;
      const bool is_text = field->type == paper::FieldType::text || field->type == paper::FieldType::long_text;
      EXPECT_FALSE(is_text && (value == "open" || value == "3")) << use.form << ": " << key;
    }
  }
}

TEST_F(CaseBookTest, AProgressReportTellsOfTheHandlingAndNotOfTheFile) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "Máy chủ của Văn phòng"));
  ASSERT_TRUE(book->attach(officer, one.id, "photo.png", std::string("\x89PNG\r\n\x1a\n123")));
  ASSERT_TRUE(book->add_part(officer, one.id, PartKind::task, {{"title", "Việc chưa làm;"}}));
  const auto task = book->add_part(officer, one.id, PartKind::task, {{"title", "Cô lập máy chủ;"}});
  clock.advance(10min);
  ASSERT_TRUE(
      book->change_part(officer, one.id, task->id,
                        {{"owner", "Nguyễn Lan"}, {"done_at", to_rfc3339(clock.now())}, {"outcome", "Đã cô lập"}}));
  ASSERT_TRUE(book->note(officer, one.id, "Đã gọi PA05"));
  const auto draft = book->draft(officer, one.id, "bao-cao-dien-bien", {});
  ASSERT_TRUE(draft) << draft.error().text();
  const json::object& fields = draft->data.at("fields").as_object();
  const std::string events = json::serialize(fields.at("events"));
  for (const char* told : {"Mở vụ", "Máy chủ của Văn phòng", "Cô lập máy chủ: Đã cô lập", "Đã gọi PA05"}) {
    EXPECT_NE(events.find(told), std::string::npos) << told << "\n" << events;
  }
  for (const char* kept : {"photo.png", "Thêm ", "Cập nhật ", "Soạn ", "Việc chưa làm"}) {
    EXPECT_EQ(events.find(kept), std::string::npos) << kept << "\n" << events;
  }
  EXPECT_EQ(fields.at("done"), json::array{"Cô lập máy chủ"}) << "the list sets its marks itself";
}

TEST_F(CaseBookTest, ATitleIsANameAndNoSentence) {
  NewCase told = wanted();
  told.title = "Bấm vào thì ra trang cá độ. ";
  const Case one = *book->open(officer, told);
  EXPECT_EQ(one.title, "Bấm vào thì ra trang cá độ");
}

TEST_F(CaseBookTest, MinutesAreAddressedToNobodyAndNobodyToThemselves) {
  const paper::Form* form = forms->current("bao-cao-ban-dau");
  Issuer issuer;
  issuer.name = "Văn phòng HĐND và UBND";
  const auto frame = frame_of(*form, test_process(), issuer, {"Công an tỉnh", issuer.name}, clock.now());
  EXPECT_EQ(frame.at("recipients"), json::array{"Công an tỉnh"});
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  EXPECT_TRUE(book->draft(officer, one.id, "bao-cao-ban-dau", {})->data.contains("recipients"));
  EXPECT_FALSE(book->draft(officer, one.id, "bien-ban-tu-xu-ly", {})->data.contains("recipients"));
}

TEST_F(CaseBookTest, TasksComeFromThePlaybookOfTheKindStepByStep) {
  const Case one = *book->open(officer, wanted("other"));
  const auto count = [&] {
    const auto file = book->file(one.id);
    return std::count_if(file->parts.begin(), file->parts.end(),
                         [](const Part& p) { return p.kind == PartKind::task; });
  };
  EXPECT_EQ(count(), 3);
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  EXPECT_EQ(count(), 11) << "three common and five of the kind more";
  Classification found;
  found.kind = "malware";
  found.properties = {"integrity"};
  ASSERT_TRUE(book->classify(officer, one.id, found));
  EXPECT_EQ(count(), 17) << "those of the new kind come, what was there stays";
}

TEST_F(CaseBookTest, HoldsKeepTheLogsTheyName) {
  const Case one = *book->open(officer, wanted());
  const auto hold = book->add_part(
      officer, one.id, PartKind::hold,
      {{"reason", "Giữ theo vụ"}, {"from", "2026-10-01T00:00:00+07:00"}, {"devices", json::array{"fs01"}}});
  ASSERT_TRUE(hold) << hold.error().text();
  auto holds = *book->holds();
  ASSERT_EQ(holds.size(), 1U);
  const auto held = [&](const AgencyId& where, const char* device, const char* day) {
    return CaseBook::is_held(holds, where, device, *day_from_iso(day));
  };
  EXPECT_TRUE(held(agency, "fs01", "2026-10-01"));
  EXPECT_TRUE(held(agency, "fs01", "2026-12-01"));
  EXPECT_FALSE(held(agency, "fs01", "2026-09-30"));
  EXPECT_FALSE(held(agency, "pc02", "2026-10-01"));
  EXPECT_FALSE(held(other, "fs01", "2026-10-01"));
  for (const json::object& alone :
       {json::object{{"released_at", to_rfc3339(clock.now())}}, json::object{{"release_reason", "Đã bàn giao"}},
        json::object{{"released_by", "Tôi"}}}) {
    EXPECT_TRUE(book->change_part(officer, one.id, hold->id, alone).error().is(hold_takes_two));
    json::object over = alone;
    over["reason"] = "x";
    over["from"] = "2026-10-01T00:00:00+07:00";
    EXPECT_TRUE(book->add_part(officer, one.id, PartKind::hold, over).error().is(hold_takes_two));
  }
  EXPECT_EQ(book->holds()->size(), 1U);
}

TEST_F(CaseBookTest, AHoldIsEndedByTheActForTwo) {
  const Case one = *book->open(officer, wanted());
  const auto hold = *book->add_part(officer, one.id, PartKind::hold,
                                    {{"reason", "Giữ theo vụ"}, {"from", "2026-10-01T00:00:00+07:00"}});
  const auto task = *book->add_part(officer, one.id, PartKind::guidance,
                                    {{"given_by", "Sở"}, {"given_at", "2026-10-01T00:00:00+07:00"}, {"text", "x"}});
  const auto later =
      *book->add_part(officer, one.id, PartKind::hold, {{"reason", "Vụ khác"}, {"from", "2026-10-05T00:00:00+07:00"}});
  const directory::ActKind act = book->release_act();
  EXPECT_EQ(act.action, directory::Action::hold_release);
  const auto run = [&](const PartId& part, const char* reason, const directory::Caller& caller) {
    directory::AuditEntry entry;
    const json::object body{{"case", one.id.text()},
                            {"part", part.text()},
                            {"above", json::array{agency.text()}},
                            {"by", "Lê Thị Bình"},
                            {"reason", reason}};
    const auto done = database->write([&](records::Connection& c) { return act.run(c, caller, body, entry); });
    return std::pair{done, entry};
  };
  EXPECT_TRUE(run(task.id, "x", directory::server_operator()).first.error().is(part_unknown)) << "no hold";
  EXPECT_TRUE(run(hold.id, " ", directory::server_operator()).first.error().is(text_missing));
  directory::Caller nobody = directory::server_operator();
  nobody.require = [](directory::Action, const directory::Object&) -> Result<void> {
    return Error(directory::not_allowed, "", "");
  };
  EXPECT_TRUE(run(hold.id, "x", nobody).first.error().is(directory::not_allowed));
  ASSERT_EQ(book->holds()->size(), 2U);
  const auto [done, entry] = run(hold.id, "Đã bàn giao", directory::server_operator());
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(entry.before.at("kept_from").as_string(), "2026-10-01");
  EXPECT_EQ(entry.before.at("reason").as_string(), "Giữ theo vụ");
  EXPECT_EQ(entry.after.at("kept_from").as_string(), "2026-10-05") << "what the other hold keeps stays";
  EXPECT_EQ(entry.after.at("release_reason").as_string(), "Đã bàn giao");
  ASSERT_EQ(book->holds()->size(), 1U);
  EXPECT_EQ(*held_from(*database), day_from_iso("2026-10-05"));
  EXPECT_TRUE(run(hold.id, "x", directory::server_operator()).first.error().is(hold_over));
  const auto last = run(later.id, "Hết vụ", directory::server_operator());
  ASSERT_TRUE(last.first);
  EXPECT_TRUE(last.second.after.at("kept_from").is_null());
  EXPECT_FALSE(*held_from(*database));
}

TEST_F(CaseBookTest, WhoMayNotIsRefusedAndItIsWrittenDown) {
  NewCase foreign = wanted();
  foreign.agency = other;
  EXPECT_TRUE(book->open(officer, foreign).error().is(directory::not_allowed));
  EXPECT_EQ(sink.acts().back(), "incident_open directory.not_allowed");
  const Case one = *book->open(officer, wanted());
  const Actor nobody = actor("Nhân viên", {"staff"});
  EXPECT_TRUE(book->move(nobody, one.id, "own_system", "x", {}).error().is(wrong_role));
}

TEST_F(CaseBookTest, RemindsOnceAndNotesIt) {
  NewCase urgent = wanted();
  urgent.found.harms = {"interruption"};
  urgent.discovered = clock.now();
  const Case one = *book->open(officer, urgent);
  EXPECT_TRUE(book->remind()->empty());
  clock.advance(31min);
  const auto told = book->remind();
  ASSERT_TRUE(told);
  ASSERT_EQ(told->size(), 1U);
  EXPECT_EQ(told->front().clock, "urgent_notice");
  EXPECT_TRUE(book->remind()->empty());
  ASSERT_TRUE(book->mark(officer, one.id, Moment::notified, clock.now(), "PA05, điện thoại"));
  clock.advance(1h);
  const auto later = book->remind();
  EXPECT_TRUE(later->empty()) << "it was notified";
  EXPECT_TRUE(book->mark(officer, one.id, Moment::ended, clock.now(), "x").error().is(part_field));
  EXPECT_TRUE(book->mark(officer, one.id, Moment::notified, one.discovered() - 1h, "x").error().is(ends_before_start));
}

TEST_F(CaseBookTest, EachEntryNamesTheActThatTheAuditTrailKnows) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "x"));
  const auto file = book->file(one.id);
  std::set<std::string> acts;
  for (const TimelineEntry& entry : file->timeline) {
    EXPECT_FALSE(entry.act.empty()) << entry.text.en;
    acts.insert(entry.act);
  }
  EXPECT_EQ(acts.size(), 2U);
  const std::string& json = sink.records.back().json;
  EXPECT_NE(json.find("\"proof_of\":\"" + file->timeline.back().act), std::string::npos) << json;
  EXPECT_NE(json.find("\"agency\":\"" + agency.text()), std::string::npos) << json;
}

TEST_F(CaseBookTest, AnInformationConflictIsKeptBesideTheCase) {
  using Kind = CaseBook::ConflictAct::Kind;
  const Case one = *book->open(officer, wanted());
  EXPECT_TRUE(book->work_conflict(officer, one.id, {Kind::trace, {{"packet", "x"}}}).error().is(conflict_none));
  ASSERT_TRUE(book->work_conflict(officer, one.id, {}));
  EXPECT_TRUE(book->work_conflict(officer, one.id, {}).error().is(conflict_there));
  ASSERT_TRUE(book->work_conflict(officer, one.id, {Kind::trace, {{"packet", "SYN 60 byte"}}}));
  EXPECT_TRUE(book->work_conflict(officer, one.id, {Kind::condition, {}, "luck", true}).error().is(unknown_choice));
  CaseBook::ConflictAct next{Kind::advance};
  next.stage = "tracing";
  next.reason = "x";
  EXPECT_TRUE(book->work_conflict(officer, one.id, next).error().is(conflict_order));
  next.stage = "detection";
  ASSERT_TRUE(book->work_conflict(officer, one.id, next));
  EXPECT_TRUE(book->work_conflict(officer, one.id, {Kind::close}).error().is(conflict_order));
  const auto kept = book->find(one.id);
  ASSERT_TRUE(kept->conflict);
  EXPECT_EQ(kept->conflict->stages.size(), 2U);
  EXPECT_EQ(kept->conflict->trace.at("packet"), "SYN 60 byte");
  EXPECT_EQ(book->due_of(*kept->conflict), kept->conflict->stages.back().entered + 4h) << "detection";
}

TEST_F(CaseBookTest, AttachmentsAreKeptByHash) {
  const Case one = *book->open(officer, wanted());
  const auto part = book->attach(officer, one.id, "../ảnh.png", std::string("\x89PNG\r\n\x1a\n123"));
  ASSERT_TRUE(part) << part.error().text();
  EXPECT_EQ(part->body.at("name").as_string(), "ảnh.png");
  EXPECT_TRUE(vault.get(part->body.at("sha256").as_string().c_str()));
  EXPECT_TRUE(book->attach(officer, one.id, "a.exe", "MZ\x90").error().is(file_type_refused));
}

}  // namespace
}  // namespace luy::incident
