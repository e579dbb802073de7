// Goal: a review freezes who may do what, nobody answers for themselves, and it ends only when every line is answered
// and what was to go has gone; the hub opens the next one in time.
// Method: a real database; the world that is reviewed is a list the test changes.
#include "people/review_book.h"

#include "people/fixture.h"

namespace luy::people {
namespace {

struct ReviewTest : PeopleTest {
  void SetUp() override {
    world = {subject("lan", lan, {"system_admin@x"}), subject("an", an, {"staff@x", "security_officer@x"})};
    reopen();
  }
  void reopen() {
    ReviewBook::Dependencies d{*database, audit, clock, random, days(180), 0.2, {}, {}, {}, {}};
    d.subjects = [this](const AgencyId& of, bool) { return of == agency ? world : std::vector<ReviewSubject>(); };
    d.agencies = [this] { return std::vector<AgencyId>{agency, other}; };
    d.lineage = [this](const AgencyId& of) {
      return of == other ? std::vector<AgencyId>{other, agency} : std::vector<AgencyId>{of};
    };
    d.changed = [this](const Review&) { ++told; };
    book = *ReviewBook::open(std::move(d));
  }
  static ReviewSubject subject(const std::string& name, const PersonId& holder, std::vector<std::string> rights) {
    ReviewSubject out;
    out.id = "id of " + name;
    out.title = name;
    out.holder = holder;
    out.holder_name = "Người " + name;
    for (const std::string& right : rights) out.rights.push_back({right, {right, right}});
    return out;
  }
  Result<Review> begin(int days_from_now = 30) {
    return book->begin(
        caller, who, [this](const AgencyId& where) { return permitted(where); }, agency, false,
        day_of(clock.now()) + days(days_from_now));
  }
  Result<Review> answer(const Review& review, const std::string& title, Answer wanted, const std::string& reason = "",
                        std::optional<PersonId> by = std::nullopt) {
    Who one{std::nullopt, by ? *by : stranger, "Người rà soát"};
    for (const ReviewLine& line : review.lines) {
      if (line.subject.title == title) return book->answer(caller, one, permit, review.id, {{line.id, wanted, reason}});
    }
    return Error(review_unknown);
  }
  Result<Review> close(const Review& review) { return book->close(caller, permit, review.id); }
  Review now(const Review& review) { return *book->find(review.id); }

  ReviewBook::Permit permit = [](const AgencyId&) -> Result<void> { return {}; };
  PersonId stranger = PersonId::make(clock.now(), random);
  std::vector<ReviewSubject> world;
  std::unique_ptr<ReviewBook> book;
  int told = 0;
};

TEST_F(ReviewTest, EndsWhenEveryLineIsAnsweredAndCarriedOut) {
  const Review made = *begin();
  EXPECT_EQ(made.number, "RS-2026-001");
  ASSERT_EQ(made.lines.size(), 2U);
  EXPECT_TRUE(begin().error().is(review_exists));
  world[1].rights.clear();
  EXPECT_EQ(to_json(now(made).lines[0].subject), to_json(made.lines[0].subject)) << "frozen, and comes back whole";
  world[1] = subject("an", an, {"staff@x", "security_officer@x"});

  EXPECT_TRUE(answer(made, "an", Answer::keep, "", an).error().is(own_line));
  EXPECT_FALSE(now(made).lines[0].answer || now(made).lines[1].answer);
  EXPECT_TRUE(answer(made, "an", Answer::remove).error().is(review_invalid)) << "a reason is wanted";
  EXPECT_TRUE(close(made).error().is(people::review_open));
  ASSERT_TRUE(answer(made, "lan", Answer::keep));
  ASSERT_TRUE(answer(made, "an", Answer::remove, "Đã chuyển việc"));
  EXPECT_EQ(now(made).undone(), 1U);
  EXPECT_TRUE(close(made).error().is(people::review_open));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).undone(), 1U) << "the rights are still there";
  world[1].rights.pop_back();
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).undone(), 1U) << "one of two went";
  world.pop_back();
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).undone(), 0U);
  EXPECT_TRUE(answer(made, "an", Answer::keep).error().is(review_invalid)) << "it is done";
  EXPECT_EQ(sink.last().at("event.action").as_string(), "review_answer");
  const Review closed = *close(made);
  EXPECT_TRUE(closed.closed_at);
  EXPECT_EQ(sink.last().at("luy.after").at("proof_of").as_string(), closed.close_act);
  EXPECT_TRUE(close(made).error().is(review_over));
  EXPECT_TRUE(answer(made, "lan", Answer::keep).error().is(review_over));
  EXPECT_EQ(told, 5) << "opened, two answers, carried out, closed";
}

TEST_F(ReviewTest, AChangeIsSeenByTheRights) {
  const Review made = *begin();
  ASSERT_TRUE(answer(made, "an", Answer::change, "Chỉ cần một vai trò"));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).undone(), 1U);
  world[1].rights.pop_back();
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).undone(), 0U);
}

TEST_F(ReviewTest, RefusesWhatCannotBe) {
  EXPECT_TRUE(begin(-1).error().is(review_invalid));
  EXPECT_TRUE(begin(367).error().is(review_invalid));
  const auto elsewhere = book->begin(
      caller, who, [this](const AgencyId& where) { return permitted(where); }, other, false, day_of(clock.now()));
  EXPECT_TRUE(elsewhere.error().is(directory::not_allowed));
  world.clear();
  EXPECT_TRUE(begin().error().is(review_invalid)) << "nothing to review";
  EXPECT_TRUE(book->list()->empty());
  EXPECT_TRUE(book->find(ReviewId::make(clock.now(), random)).error().is(review_unknown));
}

TEST_F(ReviewTest, TheHubOpensTheNextOneInTime) {
  const Time start = clock.now();
  const Time due = start + days(180);
  clock.advance(days(144) - 1us);
  ASSERT_TRUE(book->settle());
  EXPECT_TRUE(book->list()->empty());
  EXPECT_EQ(book->duty_record(agency)->value().due_at, due) << "owed though not begun";
  EXPECT_EQ(book->duty_record(agency)->value().due_from, start + days(144)) << "asks for nobody before it is opened";
  EXPECT_FALSE(*book->duty_record(other)) << "nobody has rights there";
  reopen();
  clock.advance(1us);
  ASSERT_TRUE(book->settle());
  ASSERT_EQ(book->list()->size(), 1U);
  ASSERT_TRUE(book->settle());
  ASSERT_EQ(book->list()->size(), 1U) << "once";
  const Review opened = book->list()->front();
  EXPECT_EQ(opened.agency, agency);
  EXPECT_TRUE(opened.by.name.empty());
  DutyRecord record = **book->duty_record(agency);
  EXPECT_EQ(record.waiting, 1U);
  EXPECT_EQ(record.due_at, due) << "not a moment later, though the day goes on";
  EXPECT_EQ(record.act, opened.id.text());
  EXPECT_FALSE(record.due_from) << "it waits for people now";
  ASSERT_TRUE(answer(opened, "lan", Answer::keep));
  ASSERT_TRUE(answer(opened, "an", Answer::keep));
  ASSERT_TRUE(close(opened));
  record = **book->duty_record(agency);
  EXPECT_EQ(record.waiting, 0U);
  EXPECT_EQ(record.kept, 1U);
  clock.advance(days(180) - 1us);
  EXPECT_EQ(book->duty_record(agency)->value().kept, 1U);
  clock.advance(1us);
  EXPECT_EQ(book->duty_record(agency)->value().kept, 0U);
  EXPECT_EQ(book->duty_record(agency)->value().waiting, 1U);
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(book->list()->size(), 2U);
}

TEST_F(ReviewTest, WhoHasRightsIsReadFromAccountsMachinesDelegationsAndTokens) {
  directory::Account one;
  one.id = AccountId::make(clock.now(), random);
  one.person = an;
  one.agency = agency;
  one.username = "an";
  const Day today = day_of(clock.now());
  one.grants = {{directory::Role::staff, agency, {}, today - days(9), std::nullopt, std::nullopt},
                {directory::Role::auditor, other, {}, today - days(9), today - days(1), std::nullopt},
                {directory::Role::agency_head, agency, {}, today, today, one.id}};
  directory::Delegation handed;
  handed.id = directory::DelegationId::make(clock.now(), random);
  handed.to = one.id;
  handed.agency = agency;
  handed.valid_from = handed.valid_to = today;
  auto device = std::make_shared<inventory::DeviceState>();
  device->device.id = DeviceId::make(clock.now(), random);
  device->device.agency = agency;
  device->device.name = "may-1";
  DeviceAccount login;
  login.device = device;
  login.account.name = "an";
  login.account.administrator = true;
  login.problems = {Problem::ownerless};
  directory::ApiToken token;
  token.id = directory::TokenId::make(clock.now(), random);
  token.person = an;
  token.works_in = agency;
  token.name = "Máy quét đêm";
  token.actions = {directory::Action::device_read, directory::Action::verdict_read};
  token.last_used = clock.now();
  directory::ApiToken abroad = token;
  abroad.id = directory::TokenId::make(clock.now(), random);
  abroad.works_in = AgencyId::make(clock.now(), random);
  abroad.agency = other;
  const std::vector<directory::ApiToken> tokens{token, abroad};
  const std::vector<directory::Account> accounts{one};
  const std::vector<directory::Delegation> delegations{handed};
  const std::vector<DeviceAccount> logins{login};
  const auto subjects = [&](const AgencyId& scope) {
    return review_subjects({accounts, delegations, tokens, logins, persons,
                            [scope](const AgencyId& where) { return where == scope; },
                            [](const AgencyId&) { return std::string("Phường"); }, today});
  };
  const auto here = subjects(agency);
  ASSERT_EQ(here.size(), 4U);
  ASSERT_EQ(here[0].rights.size(), 1U) << "neither what is over nor what was handed over";
  EXPECT_EQ(here[0].rights[0].key, "staff@" + agency.text());
  EXPECT_EQ(here[0].holder_name, "Trần Văn An");
  EXPECT_EQ(here[0].flags, std::vector<std::string>{"never_used"});
  EXPECT_EQ(here[1].title, "an@may-1");
  EXPECT_EQ(here[1].rights.size(), 2U);
  EXPECT_EQ(here[1].flags, std::vector<std::string>{"ownerless"});
  EXPECT_EQ(here[2].kind, SubjectKind::delegation);
  EXPECT_EQ(here[2].holder, an);
  EXPECT_EQ(here[3].kind, SubjectKind::api_token);
  EXPECT_EQ(here[3].title, "Máy quét đêm");
  EXPECT_EQ(here[3].holder, an);
  ASSERT_EQ(here[3].rights.size(), 2U);
  EXPECT_EQ(here[3].rights[0].key, "device_read");
  EXPECT_EQ(here[3].rights[0].title.vi, "xem thiết bị");
  EXPECT_TRUE(here[3].flags.empty());
  EXPECT_EQ(to_json(subject_from_json(to_json(here[3]))), to_json(here[3])) << "and comes back whole";
  const auto there = subjects(other);
  ASSERT_EQ(there.size(), 1U) << "a token for there, of whoever works elsewhere";
  EXPECT_EQ(there[0].rights[0].key, "device_read@" + other.text());
  EXPECT_EQ(there[0].rights[0].title.vi, "xem thiết bị – Phường");
}

}  // namespace
}  // namespace luy::people
