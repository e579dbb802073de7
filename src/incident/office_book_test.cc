// Goal: form 05 says exactly what the cases say, also when they change under a draft; a warning's letter says what the
// warning says; both live as every paper does.
// Method: the books over a real database; agencies are two, one above the other.
#include "incident/office_book.h"

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

struct OfficeBookTest : BookTest {
  OfficeBookTest() : warnings({*database, audit, clock, random, {}}) {
    office = std::make_unique<OfficeBook>(OfficeBook::Dependencies{
        *database, audit, clock, random, test_process(), *forms, *life, *book, warnings,
        [this](const AgencyId& id) { return id == agency ? "Văn phòng" : "Phòng Nội vụ"; },
        [this](const AgencyId& id) {
          return id == agency ? std::vector<AgencyId>{agency} : std::vector<AgencyId>{id, agency};
        }});
  }

  Day today() { return day_of(clock.now()); }
  Result<CasePaper> summary() {
    return office->draft_period(head, "bao-cao-tong-hop", agency, today() - days(30), today());
  }
  // The period of summary() is over.
  void on_the_next_day() { clock.advance(days(1)); }
  static std::int64_t cell(const CasePaper& paper, const char* row, const char* column) {
    return paper.data.at("fields").at("counts").at(row).at(column).to_number<std::int64_t>();
  }

  WarningBook warnings;
  std::unique_ptr<OfficeBook> office;
};

TEST_F(OfficeBookTest, FormFiveIsExactAndRecountedWhenIssued) {
  ASSERT_TRUE(book->open(officer, wanted("malware")));
  const auto draft = summary();
  ASSERT_TRUE(draft) << draft.error().text();
  EXPECT_EQ(cell(*draft, "malware", "count"), 1);
  EXPECT_EQ(cell(*draft, "denial", "count"), 0);
  EXPECT_EQ(draft->data.at("fields").at("period").as_string(), "half");
  EXPECT_TRUE(office->differences(*draft)->empty());

  // A case more, and a figure that somebody "corrected"; what only people know stays theirs.
  ASSERT_TRUE(book->open(officer, wanted("denial")));
  json::object data = draft->data;
  json::object& rows = data["fields"].as_object()["counts"].as_object();
  rows["malware"].as_object()["own"] = 5;
  rows["malware"].as_object()["damage"] = 12'000'000;
  const auto edited = office->edit(head, draft->id, data);
  ASSERT_TRUE(edited) << edited.error().text();
  const auto differences = *office->differences(*edited);
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].row, "denial");
  EXPECT_EQ(differences[0].exact.as_int64(), 1);
  EXPECT_EQ(differences[1].column, "own");
  EXPECT_EQ(differences[1].written.as_int64(), 5);

  on_the_next_day();
  const auto issued = office->issue(head, draft->id, {});
  ASSERT_TRUE(issued) << issued.error().text();
  EXPECT_EQ(cell(*issued, "denial", "count"), 1);
  EXPECT_EQ(cell(*issued, "malware", "own"), 0);
  EXPECT_EQ(cell(*issued, "malware", "damage"), 12'000'000);
  EXPECT_EQ(issued->notation, "01/BC-VP");
  EXPECT_TRUE(office->differences(*issued)->empty()) << "an issued page is not told to differ";
}

TEST_F(OfficeBookTest, ASummaryGoesToWhomTheLawAtItsEndNames) {
  const auto recipients = [&](const char* from, const char* to) {
    const auto draft = office->draft_period(head, "bao-cao-tong-hop", agency, *day_from_iso(from), *day_from_iso(to));
    EXPECT_TRUE(draft) << draft.error().text();
    return json::serialize(draft->data.at("recipients"));
  };
  const std::string now = recipients("2026-07-01", "2026-11-22");
  EXPECT_NE(now.find("Công an tỉnh Thanh Hóa (PA05)"), std::string::npos) << now;
  EXPECT_EQ(now.find("VNCERT"), std::string::npos) << now;
  const std::string before = recipients("2026-01-01", "2026-06-30");
  EXPECT_NE(before.find("VNCERT"), std::string::npos) << before;
  EXPECT_EQ(before.find("PA05"), std::string::npos) << before;
}

TEST_F(OfficeBookTest, ASummarySaysOfItselfWhatItsOwnerSays) {
  const auto draft = summary();
  ASSERT_TRUE(draft);
  json::object data = draft->data;
  json::object& fields = data["fields"].as_object();
  const std::string from = to_iso(draft->office->from);
  fields["from"] = "2020-01-01";
  fields["period"] = "year";
  fields["organisation"] = "Cơ quan khác";
  fields.erase("to");
  const auto edited = office->edit(head, draft->id, data);
  ASSERT_TRUE(edited) << edited.error().text();
  std::map<std::string, std::string> told;
  const auto differences = *office->differences(*edited);
  for (const auto& one : differences) {
    EXPECT_TRUE(one.row.empty());
    told[one.column] = json::value_to<std::string>(one.exact);
  }
  EXPECT_EQ(told.size(), 4U);
  EXPECT_EQ(told["from"], from);
  EXPECT_EQ(told["period"], "half");
  on_the_next_day();
  const auto issued = office->issue(head, draft->id, {});
  ASSERT_TRUE(issued) << issued.error().text();
  const json::object& page = issued->data.at("fields").as_object();
  EXPECT_EQ(page.at("from").as_string(), from);
  EXPECT_EQ(page.at("to").as_string(), to_iso(issued->office->to));
  EXPECT_EQ(page.at("period").as_string(), "half");
  EXPECT_EQ(page.at("organisation").as_string(), "Văn phòng HĐND và UBND phường Bỉm Sơn");
}

TEST_F(OfficeBookTest, APeriodThatIsNotOverIsNotIssuedAndOneThatHasNotBegunNotDrafted) {
  const Day day = today();
  EXPECT_TRUE(
      office->draft_period(head, "bao-cao-tong-hop", agency, day + days(1), day + days(9)).error().is(bad_period));
  const auto draft = office->draft_period(head, "bao-cao-tong-hop", agency, day, day + days(1));
  ASSERT_TRUE(draft) << draft.error().text();
  EXPECT_TRUE(office->issue(head, draft->id, {}).error().is(bad_period)) << "it ends tomorrow";
  on_the_next_day();
  EXPECT_TRUE(office->issue(head, draft->id, {}).error().is(bad_period)) << "its last day";
  EXPECT_EQ(office->find(draft->id)->state, CasePaper::State::draft);
  on_the_next_day();
  EXPECT_TRUE(office->issue(head, draft->id, {}));
}

TEST_F(OfficeBookTest, APaperOfNoCaseIsIssuedSignedAndSentAsEveryPaper) {
  const auto draft = summary();
  ASSERT_TRUE(draft);
  const Delivery sent{"Công an tỉnh (PA05)", "Trục liên thông", clock.now()};
  EXPECT_TRUE(office->deliver(head, draft->id, sent).error().is(paper_state));
  on_the_next_day();
  const auto issued = *office->issue(head, draft->id, {});
  EXPECT_TRUE(office->edit(head, draft->id, issued.data).error().is(paper_state));
  EXPECT_TRUE(office->deliver(head, draft->id, sent).error().is(signatures_missing));
  const std::string file = *vault.get(issued.pdf);
  EXPECT_TRUE(office->take_signed(head, draft->id, "khác").error().is(not_signed));
  const auto done = office->take_signed(head, draft->id, file + "\n%signed:agency_head");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->state, CasePaper::State::signed_);
  const auto delivered = office->deliver(head, draft->id, {sent.to, sent.channel, clock.now()});
  ASSERT_TRUE(delivered) << delivered.error().text();
  EXPECT_EQ(office->find(draft->id)->deliveries.size(), 1U);
  EXPECT_EQ(office->list()->size(), 1U);
  // Numbers are the agency's, whoever owns the paper.
  const Case one = *book->open(officer, wanted());
  const CasePaper of_case = *book->draft(officer, one.id, "bao-cao-ban-dau", {});
  EXPECT_TRUE(office->find(of_case.id).error().is(paper_unknown)) << "a case's paper is not the office's";
  EXPECT_TRUE(book->edit(officer, draft->id, {}).error().is(case_unknown)) << "nor the other way round";
}

TEST_F(OfficeBookTest, TheLetterSaysWhatTheWarningSays) {
  const auto warning = warnings.issue(directory::server_operator(), "Dung",
                                      {"lỗ hổng máy in",
                                       "Lỗ hổng cho phép chạy mã từ xa.",
                                       "Máy in A\nMáy in B",
                                       "Cập nhật\nTắt dịch vụ",
                                       clock.now() + 48h,
                                       {agency, other}},
                                      [](const AgencyId&) { return directory::Object(); });
  ASSERT_TRUE(warning) << warning.error().text();
  const auto draft = office->draft_warning(head, "cong-van-canh-bao", agency, warning->id);
  ASSERT_TRUE(draft) << draft.error().text();
  const json::object& fields = draft->data.at("fields").as_object();
  EXPECT_EQ(fields.at("risk").as_string(), "lỗ hổng máy in");
  EXPECT_EQ(fields.at("affected").as_array().size(), 2U);
  EXPECT_EQ(fields.at("actions").as_array().size(), 2U);
  EXPECT_EQ(draft->data.at("recipients"), json::array{"Phòng Nội vụ"}) << "nobody writes to themselves";
  EXPECT_EQ(draft->office->warning_number, warning->number);
  json::object data = draft->data;
  data["fields"].as_object()["contact"].as_object()["position"] = "Chánh Văn phòng";
  ASSERT_TRUE(office->edit(head, draft->id, data));
  const auto issued = office->issue(head, draft->id, {});
  ASSERT_TRUE(issued) << issued.error().vi();
  EXPECT_EQ(issued->notation, "01/VP") << "a letter has no kind";
}

TEST_F(OfficeBookTest, WhatCannotBeIsRefused) {
  const Day day = today();
  EXPECT_TRUE(office->draft_period(head, "bao-cao-tong-hop", agency, day, day - days(1)).error().is(bad_period));
  EXPECT_TRUE(office->draft_period(head, "bao-cao-tong-hop", agency, day - days(366), day).error().is(bad_period));
  EXPECT_TRUE(office->draft_period(head, "bao-cao-ban-dau", agency, day, day).error().is(paper_form_unknown));
  EXPECT_TRUE(office->draft_period(head, "bao-cao-tong-hop", other, day, day).error().is(directory::not_allowed));
  EXPECT_TRUE(office->draft_warning(head, "cong-van-canh-bao", agency, WarningId::make(clock.now(), random))
                  .error()
                  .is(warning_unknown));
  const Case one = *book->open(officer, wanted());
  EXPECT_TRUE(book->draft(officer, one.id, "bao-cao-tong-hop", {}).error().is(paper_form_unknown));
}

TEST_F(OfficeBookTest, ANamesakeFillsNobodysPlace) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "Máy chủ của Văn phòng"));
  const CasePaper draft = *book->draft(officer, one.id, "bien-ban-tu-xu-ly", outcome("resolved"));
  accounts = {{"account of Nguyễn Văn An", "Nguyễn Văn An", "an"},
              {"other", "Nguyễn  Văn An", "an2"},
              {"third", "Lê Văn Cường", "c"}};
  EXPECT_TRUE(book->issue(officer, draft.id).error().is(signer_ambiguous));
  EXPECT_TRUE(book->issue(officer, draft.id, {{"chair", "third"}}).error().is(signer_unknown)) << "another name";
  EXPECT_TRUE(book->issue(officer, draft.id, {{"venue", "other"}}).error().is(signer_unknown)) << "no such place";
  const auto issued = book->issue(officer, draft.id, {{"chair", "other"}});
  ASSERT_TRUE(issued) << issued.error().text();
  EXPECT_EQ(issued->ties->at("chair").account, "other");
  EXPECT_EQ(issued->ties->at("secretary").account, "third");
  EXPECT_TRUE(book->issue(officer, draft.id, {{"chair", "other"}}).error().is(paper_state)) << "issued already";
  // Believer's "Nguyễn Văn An" signs with an account of his own: the right name, and not who was chosen.
  const auto taken = book->take_signed(head, draft.id, *vault.get(issued->pdf) + "\n%signed:agency_head");
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(taken->state, CasePaper::State::issued);
  EXPECT_EQ(book->order_of(*taken).filled, 0U);
  accounts.clear();
  const CasePaper second = *book->draft(officer, one.id, "bien-ban-tu-xu-ly", outcome("resolved"));
  EXPECT_TRUE(book->issue(officer, second.id).error().is(signer_unknown)) << "nobody has an account of that name";
}

TEST_F(OfficeBookTest, WhoWasNamedAfterThePlacesWereTiedIsNotIssued) {
  const Case one = *book->open(officer, wanted());
  ASSERT_TRUE(move(one.id, "own_system", "Máy chủ của Văn phòng"));
  json::object fields = outcome("resolved");
  fields["chair"] = json::object{{"name", ""}};
  fields["secretary"] = json::object{{"name", ""}};
  CasePaper draft = *book->draft(officer, one.id, "bien-ban-tu-xu-ly", fields);
  json::object data = draft.data;
  for (const char* field : {"chair", "secretary"}) data["fields"].as_object().erase(field);
  draft = *book->edit(officer, draft.id, data);
  const Ties ties = *life->tie(agency, draft, {});
  EXPECT_TRUE(ties.empty());
  data["fields"].as_object()["chair"] = json::object{{"name", "Nguyễn Văn An"}, {"position", "Chánh Văn phòng"}};
  data["fields"].as_object()["secretary"] = json::object{{"name", "Lê Văn Cường"}, {"position", "Chuyên viên"}};
  CasePaper named = *book->edit(officer, draft.id, data);
  const auto issued = database->write([&](records::Connection& c) { return life->issue(c, agency, named, ties); });
  ASSERT_FALSE(issued);
  EXPECT_TRUE(issued.error().is(signer_unknown)) << issued.error().text();
}

TEST_F(OfficeBookTest, ASealedFileIsNotReplacedByOneWithoutTheSeal) {
  const auto draft = summary();
  on_the_next_day();
  const auto issued = *office->issue(head, draft->id, {});
  const std::string file = *vault.get(issued.pdf);
  // A signature without a role is a stranger's, as the seal is.
  const auto sealed = office->take_signed(head, draft->id, file + "\n%signed:agency_head;@UBND thị xã");
  ASSERT_TRUE(sealed) << sealed.error().text();
  EXPECT_EQ(sealed->state, CasePaper::State::signed_);
  EXPECT_TRUE(office->take_signed(head, draft->id, file + "\n%signed:agency_head").error().is(not_signed));
  EXPECT_TRUE(office->take_signed(head, draft->id, file + "\n%signed:agency_head;@Người lạ").error().is(not_signed));
  const CasePaper kept = *office->find(draft->id);
  EXPECT_EQ(kept.signed_pdf, sealed->signed_pdf);
  EXPECT_EQ(kept.state, CasePaper::State::signed_);
  EXPECT_EQ(kept.signers.size(), 2U);
}

}  // namespace
}  // namespace luy::incident
