// Goal: a signature holds for the months its text names and proves what was signed; who can sign in without one is
// found; a new version of a text takes nothing from those who signed.
// Method: a real database; the clock moved over the last day.
#include "people/commitment.h"

#include "people/fixture.h"
#include "people/text.h"

namespace luy::people {
namespace {

struct CommitmentTest : PeopleTest {
  using Member = CommitmentBook::Dependencies::Member;
  CommitmentTest()
      : book({*database, audit, clock, random,
              [this](const AgencyId& of) { return of == agency ? members : std::vector<Member>(); },
              [this](const AgencyId& of) { told.push_back(of); }}) {
    members = {{lan, "Nguyễn Thị Lan", clock.now() - days(3)}, {an, "Trần Văn An", clock.now() - days(9)}};
  }
  CommitmentText text(unsigned months = 12) {
    CommitmentText out;
    out.id = "ca-nhan";
    out.title = "Cam kết bảo đảm an toàn thông tin";
    out.body = "Tôi cam kết không tiết lộ mật khẩu.";
    out.months = months;
    return out;
  }
  Result<CommitmentText> set(CommitmentText wanted) { return book.set_text(caller, who, permit, std::move(wanted)); }
  Result<Commitment> sign(const PersonId& person) { return book.sign(caller, persons.at(person), "ca-nhan"); }
  static Error refusal() { return Error(directory::not_allowed, "không"); }

  CommitmentBook::Permit permit = []() -> Result<void> { return {}; };
  CommitmentBook::Permit nobody = []() -> Result<void> { return refusal(); };
  std::vector<Member> members;
  std::vector<AgencyId> told;
  CommitmentBook book;
};

TEST_F(CommitmentTest, HoldsForTheMonthsOfItsText) {
  EXPECT_TRUE(sign(lan).error().is(commitment_text_unknown));
  ASSERT_TRUE(set(text()));
  const Commitment made = *sign(lan);
  EXPECT_EQ(made.version, 1);
  EXPECT_EQ(to_iso(*made.until), "2027-11-22");
  EXPECT_EQ(told, std::vector<AgencyId>{agency});
  const json::object after = sink.last().at("luy.after").as_object();
  EXPECT_EQ(after.at("body").as_string(), text().body) << "what was signed stands in the evidence";
  EXPECT_EQ(after.at("proof_of").as_string(), made.act);
  EXPECT_EQ(book.find(made.id)->holder, "Nguyễn Thị Lan");

  ASSERT_EQ(book.missing(agency)->size(), 1U);
  EXPECT_EQ(book.missing(agency)->front().person, an);
  DutyRecord record = *book.duty_record(agency);
  EXPECT_EQ(record.waiting, 1U);
  EXPECT_EQ(record.due_at, members[1].since) << "access without a commitment is late from its first day";
  EXPECT_EQ(record.kept, 1U);
  ASSERT_TRUE(sign(an));
  record = *book.duty_record(agency);
  EXPECT_EQ(record.waiting, 0U);
  EXPECT_EQ(record.kept, 2U);
  EXPECT_EQ(book.duty_record(other)->waiting, 0U);

  // A new version asks nobody who signed.
  CommitmentText next = text(24);
  next.body = "Nội dung mới.";
  EXPECT_EQ(set(next)->version, 2);
  ASSERT_EQ(book.texts()->size(), 1U);
  EXPECT_EQ(book.texts()->front().version, 2);
  EXPECT_TRUE(book.missing(agency)->empty());
  clock.advance(day_begin(*made.until + days(1)) - clock.now() - 1us);
  EXPECT_TRUE(book.missing(agency)->empty());
  clock.advance(1us);
  EXPECT_EQ(book.missing(agency)->size(), 2U);
  EXPECT_EQ(sign(lan)->version, 2);
}

TEST_F(CommitmentTest, TheLastDayOfAMonthHasNoSame) {
  clock.set(*from_rfc3339("2027-08-31T03:00:00Z"));
  ASSERT_TRUE(set(text(6)));
  EXPECT_EQ(to_iso(*sign(lan)->until), "2028-02-28")
      << "29 February is the same day, and the day before it is the last";
}

TEST_F(CommitmentTest, EndsBeforeItsDayForAReason) {
  ASSERT_TRUE(set(text()));
  const Commitment made = *sign(lan);
  EXPECT_TRUE(book.end(caller, nobody, made.id, "x").error().is(directory::not_allowed));
  EXPECT_TRUE(book.end(caller, permit, made.id, " ").error().is(text_invalid));
  EXPECT_EQ(book.missing(agency)->size(), 1U);
  ASSERT_TRUE(book.end(caller, permit, made.id, "Vi phạm"));
  EXPECT_EQ(book.missing(agency)->size(), 2U);
  EXPECT_TRUE(book.end(caller, permit, made.id, "x").error().is(commitment_over));
  EXPECT_TRUE(book.end(caller, permit, CommitmentId::make(clock.now(), random), "x").error().is(commitment_unknown));
}

TEST_F(CommitmentTest, RefusesWhatCannotBe) {
  const struct {
    const char* what;
    std::function<void(CommitmentText&)> change;
    ErrorKind kind;
  } texts[] = {
      {"no id", [](CommitmentText& t) { t.id = ""; }, commitment_invalid},
      {"an id with a slash", [](CommitmentText& t) { t.id = "a/b"; }, commitment_invalid},
      {"for no time", [](CommitmentText& t) { t.months = 0; }, commitment_invalid},
      {"for ever", [](CommitmentText& t) { t.months = 121; }, commitment_invalid},
      {"no title", [](CommitmentText& t) { t.title = " "; }, text_invalid},
      {"no body", [](CommitmentText& t) { t.body = ""; }, text_invalid},
  };
  for (const auto& row : texts) {
    CommitmentText bad = text();
    row.change(bad);
    EXPECT_TRUE(set(bad).error().is(row.kind)) << row.what;
  }
  EXPECT_TRUE(book.set_text(caller, who, nobody, text()).error().is(directory::not_allowed));
  EXPECT_TRUE(book.texts()->empty());

  const Day today = day_of(clock.now());
  const NewCompanyCommitment good{agency, "Công ty A", "Cổng dịch vụ", "12/CK", std::string(64, 'a'), today, {}};
  const struct {
    const char* what;
    std::function<void(NewCompanyCommitment&)> change;
    ErrorKind kind;
  } papers[] = {
      {"no name", [](NewCompanyCommitment& c) { c.name = ""; }, text_invalid},
      {"no system", [](NewCompanyCommitment& c) { c.system = " "; }, text_invalid},
      {"no paper", [](NewCompanyCommitment& c) { c.paper = ""; }, text_invalid},
      {"no hash", [](NewCompanyCommitment& c) { c.paper_sha256 = std::string(64, 'g'); }, commitment_invalid},
      {"tomorrow", [&](NewCompanyCommitment& c) { c.signed_on = today + days(1); }, commitment_invalid},
      {"over before it began", [&](NewCompanyCommitment& c) { c.until = today - days(1); }, commitment_invalid},
  };
  for (const auto& row : papers) {
    NewCompanyCommitment bad = good;
    row.change(bad);
    EXPECT_TRUE(book.file(caller, permit, bad).error().is(row.kind)) << row.what;
  }
  EXPECT_TRUE(book.list()->empty());
  const Commitment made = *book.file(caller, permit, good);
  EXPECT_FALSE(book.find(made.id)->person);
  EXPECT_EQ(book.find(made.id)->paper_sha256, std::string(64, 'a'));
  EXPECT_EQ(book.missing(agency)->size(), 2U) << "a company signs for no person";
}

}  // namespace
}  // namespace luy::people
