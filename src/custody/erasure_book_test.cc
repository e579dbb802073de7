// Goal: what is erased is exactly what two people saw; the second sees which records, not what is in them; an erasure
// is done with its last day and not before. Method: the act's function on a real database, as PendingActs runs it; the
// evidence is a map.
#include "custody/erasure_book.h"

#include "custody/fixture.h"

namespace luy::custody {
namespace {

const Day first_day = *day_from_iso("2026-10-01");

struct ErasureBookTest : CustodyTest {
  ErasureBookTest()
      : agency(AgencyId::make(clock.now(), random)),
        book({*database, clock, random,
              [this](const AgencyId& of, const std::vector<std::uint64_t>& seqs) -> Result<std::vector<RecordSummary>> {
                std::vector<RecordSummary> out;
                for (const std::uint64_t seq : seqs) {
                  if (of != agency || seq >= 100) return Error(erasure_refused, std::to_string(seq));
                  out.push_back({seq, clock.now(), first_day + days(seq >= 50 ? 1 : 0), of.text() + "/x/journal", 12,
                                 std::string(64, 'a')});
                }
                return out;
              }}) {
    caller.require = [this](directory::Action action, const directory::Object&) -> Result<void> {
      EXPECT_EQ(action, directory::Action::evidence_erase);
      if (!allowed) return Error(directory::not_allowed, "thử");
      return {};
    };
  }
  json::object body(std::vector<std::uint64_t> seqs) const {
    return {{"agency", agency.text()},
            {"seqs", json::array(seqs.begin(), seqs.end())},
            {"reason", "Yêu cầu của chủ thể dữ liệu số 7"},
            {"legal_basis", "Điều 14 Luật 91/2025/QH15"},
            {"above", json::array{agency.text()}},
            {"by", "Lan"}};
  }
  Result<json::object> act(const json::object& wanted) {
    entry = {};
    const directory::ActKind kind = book.act();
    return database->write(
        [&](records::Connection& c) -> Result<json::object> { return kind.run(c, caller, wanted, entry); });
  }
  bool allowed = true;
  AgencyId agency;
  directory::AuditEntry entry;
  ErasureBook book;
};

TEST_F(ErasureBookTest, TheSecondPersonSeesWhichRecordsAndNotTheirContent) {
  agreed_by("an", "Lê Văn An");
  ASSERT_TRUE(act(body({60, 3, 3, 4})));
  const json::array& records = entry.after.at("records").as_array();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].at("seq").as_uint64(), 3U);
  EXPECT_EQ(records[0].at("leaf").as_string().size(), 64U);
  EXPECT_FALSE(records[0].as_object().contains("raw"));
  const json::object first = entry.after;
  const Erasure one = book.waiting()->front();
  EXPECT_EQ(one.seqs, (std::vector<std::uint64_t>{3, 4, 60}));
  EXPECT_EQ(one.days, (std::vector<Day>{first_day, first_day + days(1)}));
  EXPECT_EQ(one.decided_by, (std::vector<std::string>{"Lan", "Lê Văn An"}));
  ASSERT_TRUE(act(body({3, 4, 60})));
  EXPECT_EQ(entry.after, first) << "run again it says the same, or nobody could agree";
}

TEST_F(ErasureBookTest, WhatCannotGoIsRefusedWhole) {
  EXPECT_TRUE(act(body({3, 100})).error().is(erasure_refused));
  EXPECT_TRUE(act(body({})).error().is(erasure_invalid));
  std::vector<std::uint64_t> many(erasure_records_max + 1);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = i;
  EXPECT_TRUE(act(body(many)).error().is(erasure_invalid));
  json::object wrong = body({3});
  wrong["seqs"] = json::array{"3"};
  EXPECT_TRUE(act(wrong).error().is(erasure_invalid));
  wrong = body({3});
  wrong["legal_basis"] = "";
  EXPECT_TRUE(act(wrong).error().is(erasure_invalid));
  allowed = false;
  EXPECT_TRUE(act(body({3})).error().is(directory::not_allowed));
  EXPECT_TRUE(book.list()->empty());
}

TEST_F(ErasureBookTest, AnErasureIsDoneWithItsLastDay) {
  ASSERT_TRUE(act(body({3, 60})));
  const ErasureId id = book.waiting()->front().id;
  ASSERT_TRUE(book.note_problem(id, "ngày bị lưu giữ"));
  EXPECT_EQ(book.waiting()->front().problem, "ngày bị lưu giữ");
  ASSERT_TRUE(book.note_done(id, first_day, {101}));
  ASSERT_TRUE(book.note_done(id, first_day, {}));
  ASSERT_EQ(book.waiting()->size(), 1U);
  EXPECT_EQ(book.waiting()->front().problem, "");
  clock.advance(1h);
  ASSERT_TRUE(book.note_done(id, first_day + days(1), {102}));
  EXPECT_TRUE(book.waiting()->empty());
  const Erasure done = book.list()->front();
  EXPECT_EQ(done.done_at, clock.now());
  EXPECT_EQ(done.note_seqs, (std::vector<std::uint64_t>{101, 102}));
}

}  // namespace
}  // namespace luy::custody
