// Goal: what is reported becomes one row per group with its evidence, survives restarts without loss or doubling, and
// is looked at with names and times. Method: a book over a real database, restarted in the middle.
#include "finding/book.h"

#include <gtest/gtest.h>

#include "finding/fixture.h"

namespace luy::finding {
namespace {

using namespace std::chrono_literals;

struct BookTest : ::testing::Test {
  BookTest() : clock(test_start()), random(7) {
    agency = AgencyId::make(clock.now(), random);
    device = DeviceId::make(clock.now(), random);
    open();
  }
  void open() {
    book.reset();
    records.open();
    book = std::move(
        *Book::open({*records.database, clock, random, Duration(4h), Severity::high,
                     [this](std::span<const Change> all) { told.insert(told.end(), all.begin(), all.end()); }}));
    told.clear();
  }
  Report guess(std::vector<std::uint64_t> seqs, Severity severity = Severity::high) const {
    Report out;
    out.rule = RuleName{"guessing", "Password guessing", Origin::own};
    out.group_key = device.text();
    out.severity = severity;
    out.title = {"Dò mật khẩu", "Password guessing"};
    out.agency = agency;
    out.device = device;
    out.entities = {{EntityType::address, "203.0.113.7"}};
    out.seqs = std::move(seqs);
    out.first = out.last = clock.now() - 1min;
    return out;
  }
  FindingPointer only() const {
    const auto all = book->all();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? nullptr : all.front();
  }

  FakeClock clock;
  SeededRandom random;
  AgencyId agency;
  DeviceId device;
  TestRecords records;
  std::unique_ptr<Book> book;
  std::vector<Change> told;
};

TEST_F(BookTest, ReportsOfOneGroupAreOneRowWithItsEvidence) {
  ASSERT_TRUE(book->report(guess({5, 6})));
  clock.advance(1min);
  ASSERT_TRUE(book->report(guess({6, 9})));
  const auto finding = only();
  EXPECT_EQ(finding->count, 3U) << "6 is not counted twice";
  EXPECT_EQ(finding->members, 3U);
  EXPECT_EQ(finding->first_seq, 5U);
  EXPECT_EQ(finding->last_seq, 9U);
  EXPECT_EQ(finding->first_seen, test_start() - 1min);
  EXPECT_EQ(finding->last_seen, test_start());
  EXPECT_EQ(finding->entities, (std::vector<Entity>{{EntityType::address, "203.0.113.7"}}));
  EXPECT_EQ(book->members(finding->id, std::nullopt, 10).value(), (std::vector<std::uint64_t>{9, 6, 5}));
  EXPECT_EQ(book->members(finding->id, 6, 10).value(), (std::vector<std::uint64_t>{5}));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].kind, Change::Kind::opened);
  EXPECT_EQ(told[1].kind, Change::Kind::grown);
}

TEST_F(BookTest, EvidenceReadAgainAddsOnlyWhatNoFindingOfTheRuleHas) {
  ASSERT_TRUE(book->report(guess({50, 60})));
  clock.advance(25h);
  ASSERT_TRUE(book->report(guess({70})));
  ASSERT_EQ(book->all().size(), 2U) << "silent for a day: a new one";
  const Report old = guess({10, 50, 60, 70});
  EXPECT_EQ(book->report_again({&old, 1}).value().size(), 1U);
  const auto total = [&] {
    std::uint64_t out = 0;
    for (const auto& one : book->all()) out += one->count;
    return out;
  };
  EXPECT_EQ(total(), 4U);
  EXPECT_EQ(book->report_again({&old, 1}).value().size(), 0U);
  EXPECT_EQ(book->all().size(), 2U) << "nothing is opened for what is known";
}

TEST_F(BookTest, OlderEventsOfACrowdedGroupAreCountedInAFindingOfTheirOwn) {
  std::vector<std::uint64_t> live(members_max - 10);
  for (std::size_t i = 0; i < live.size(); ++i) live[i] = 100'000 + i;
  ASSERT_TRUE(book->report(guess(live)));
  for (std::uint64_t begin = 0; begin < 3000; begin += 500) {
    std::vector<std::uint64_t> seqs(500);
    for (std::size_t i = 0; i < seqs.size(); ++i) seqs[i] = begin + i;
    const Report old = guess(seqs);
    for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(book->report_again({&old, 1}));
  }
  ASSERT_EQ(book->all().size(), 2U);
  std::uint64_t total = 0;
  for (const auto& one : book->all()) total += one->count;
  EXPECT_EQ(total, live.size() + 3000);
}

TEST_F(BookTest, EverythingSurvivesARestart) {
  ASSERT_TRUE(book->report({{guess({5, 6})}}, Progress{"detector", 7}));
  ASSERT_TRUE(book->set_state({{only()->id}, State::acknowledged, "Lê Thị Mai", "", "act-1"}));
  open();
  const auto finding = only();
  EXPECT_EQ(finding->count, 2U);
  EXPECT_EQ(finding->state, State::acknowledged);
  EXPECT_EQ(finding->state_by, "Lê Thị Mai");
  EXPECT_EQ(finding->rule->title, "Password guessing");
  EXPECT_EQ(finding->device, device);
  EXPECT_EQ(finding->act, "act-1");
  EXPECT_EQ(book->next_seq("detector").value(), 7U);
  EXPECT_EQ(book->next_seq("nobody").value(), std::nullopt);
  EXPECT_EQ(book->hits("guessing").days_30, 2U);
  ASSERT_TRUE(book->report(guess({7})));
  EXPECT_EQ(only()->count, 3U) << "the group goes on after a restart";
}

TEST_F(BookTest, TheTriageClockRunsOnlyForHighOnesAndStopsWithTheFirstLook) {
  ASSERT_TRUE(book->report(guess({1}, Severity::medium)));
  EXPECT_FALSE(only()->due_at);
  EXPECT_EQ(book->triage(agency).waiting, 0U);
  clock.advance(25h);
  ASSERT_TRUE(book->report(guess({2})));
  const Triage waiting = book->triage(agency);
  ASSERT_EQ(waiting.waiting, 1U);
  EXPECT_EQ(waiting.most_urgent->due_at, clock.now() + 4h);
  const FindingId id = waiting.most_urgent->id;
  EXPECT_FALSE(book->find(id)->overdue(clock.now()));
  clock.advance(4h);
  EXPECT_TRUE(book->find(id)->overdue(clock.now()));
  ASSERT_TRUE(book->set_state({{id}, State::acknowledged, "Mai", "", ""}));
  const Triage late = book->triage(agency);
  EXPECT_EQ(late.waiting, 0U);
  EXPECT_EQ(late.looked_at, 1U);
  EXPECT_EQ(late.late, 0U) << "at the very end of the time is in time";
  EXPECT_EQ(late.newest->id, id);
}

TEST_F(BookTest, AGroupThatWasSilentForADayBeginsAnew) {
  ASSERT_TRUE(book->report(guess({1})));
  ASSERT_TRUE(book->set_state({{only()->id}, State::false_positive, "Mai", "Máy quét của đơn vị", ""}));
  clock.advance(23h);
  ASSERT_TRUE(book->report(guess({2})));
  EXPECT_EQ(only()->count, 2U);
  EXPECT_EQ(only()->state, State::false_positive);
  clock.advance(24h);
  ASSERT_TRUE(book->report(guess({3})));
  EXPECT_EQ(book->all().size(), 2U);
}

TEST_F(BookTest, WhatGoesOnForAWeekIsLookedAtAgain) {
  for (int hour = 0; hour < 7 * 24 + 1; hour += 12) {
    ASSERT_TRUE(book->report(guess({static_cast<std::uint64_t>(hour)})));
    clock.advance(12h);
  }
  EXPECT_EQ(book->all().size(), 2U);
}

TEST_F(BookTest, WhatBecomesWorseIsNewAgain) {
  ASSERT_TRUE(book->report(guess({1}, Severity::medium)));
  ASSERT_TRUE(book->set_state({{only()->id}, State::acknowledged, "Mai", "", ""}));
  ASSERT_TRUE(book->report(guess({2}, Severity::critical)));
  EXPECT_EQ(only()->state, State::fresh);
  EXPECT_EQ(only()->due_at, clock.now() + 4h);
  EXPECT_EQ(book->history(only()->id).value().size(), 3U);
}

TEST_F(BookTest, AFalsePositiveNeedsAReasonAndUnknownOnesChangeNothing) {
  ASSERT_TRUE(book->report(guess({1})));
  const FindingId id = only()->id;
  EXPECT_TRUE(book->set_state({{id}, State::false_positive, "Mai", " ", ""}).error().is(reason_needed));
  const FindingId unknown = FindingId::make(clock.now(), random);
  EXPECT_TRUE(book->set_state({{id, unknown}, State::acknowledged, "Mai", "", ""}).error().is(finding_unknown));
  EXPECT_EQ(only()->state, State::fresh) << "all or none";
  const Error failed(reason_needed);
  EXPECT_FALSE(book->set_state({{id}, State::acknowledged, "Mai", "", ""},
                               [&](records::Connection&) -> Result<void> { return failed; }));
  EXPECT_EQ(only()->state, State::fresh) << "no act without its entry in the audit trail";
  EXPECT_EQ(book->history(id).value().size(), 1U);
}

TEST_F(BookTest, AStormIsOneRowWithBoundedMembersAndTheWholeCount) {
  for (std::uint64_t at = 0; at < 3000; at += 500) {
    std::vector<std::uint64_t> seqs;
    for (std::uint64_t seq = at; seq < at + 500; ++seq) seqs.push_back(seq);
    ASSERT_TRUE(book->report(guess(seqs)));
    ASSERT_TRUE(book->report(guess(seqs))) << "told again";
  }
  EXPECT_EQ(only()->count, 3000U);
  EXPECT_EQ(only()->members, members_max);
}

TEST_F(BookTest, InventedGroupsDoNotFillTheList) {
  std::vector<Report> reports;
  for (std::uint64_t i = 0; i < 300; ++i) {
    reports.push_back(guess({i}));
    reports.back().group_key = "10.0.0." + std::to_string(i);
  }
  ASSERT_TRUE(book->report(std::span(reports).first(50)));
  ASSERT_TRUE(book->report(std::span(reports).subspan(50)));
  EXPECT_EQ(book->all().size(), groups_max + 1);
  std::uint64_t events = 0;
  for (const auto& finding : book->all()) events += finding->count;
  EXPECT_EQ(events, 300U);
}

TEST_F(BookTest, TextOfStrangersIsCutAndCleaned) {
  Report report = guess({1});
  report.title.vi = std::string("a\0b\n\x1b[31m\xff", 10) + std::string(5000, 'x');
  report.group_key = std::string("k\0\xc3\xb1", 4);
  report.entities.clear();
  for (int i = 0; i < 100; ++i)
    report.entities.push_back({EntityType::account, std::string(1, '\0') + std::to_string(i)});
  ASSERT_TRUE(book->report(report));
  EXPECT_EQ(only()->entities.size(), entities_max);
  EXPECT_EQ(only()->title.vi.find_first_of(std::string("\0\n\x1b", 3)), std::string::npos);
  EXPECT_LE(only()->title.vi.size(), title_bytes_max + 3);
  open();
  EXPECT_EQ(book->all().size(), 1U);
}

TEST_F(BookTest, OldOnesThatWereLookedAtGoAndOthersStay) {
  ASSERT_TRUE(book->report(guess({1})));
  const FindingId old = only()->id;
  clock.advance(25h);
  ASSERT_TRUE(book->report(guess({2})));
  ASSERT_TRUE(book->set_state({{old}, State::acknowledged, "Mai", "", ""}));
  clock.advance(findings_kept + 1h);
  ASSERT_TRUE(book->expire());
  EXPECT_EQ(only()->state, State::fresh);
  EXPECT_FALSE(book->find(old));
  open();
  EXPECT_FALSE(book->find(old));
}

}  // namespace
}  // namespace luy::finding
