// Goal: exceptions hold until their day and are audited; what a device newly fails is told once.
#include "posture/posture.h"

#include <gtest/gtest.h>

#include "posture/fixture.h"

namespace luy::posture {
namespace {

using namespace std::chrono_literals;

TEST_F(PostureTest, LinesFollowTheCatalogueTheClassAndTheExceptions) {
  report(device,
         {{"first", "wrong", "7", "/etc/x", 3}, {"second", "right"}, {"of-servers", "wrong"}, {"newer", "wrong"}});
  std::vector<Line> lines = lines_of(*state(device), catalogue, {}, day_of(w.clock.now()));
  ASSERT_EQ(lines.size(), 3U) << "what this hub does not know is left out";
  EXPECT_EQ(lines[0].check->id, "first");
  EXPECT_EQ(lines[0].state, hardening::State::wrong);
  EXPECT_EQ(lines[2].state, hardening::State::not_applicable) << "a workstation";
  EXPECT_EQ(lines[2].result.reason, "other_class");
  const Exception exception{device, "first", "Vì thế", day_of(w.clock.now()), "An", w.clock.now()};
  Counts counts;
  for (const Line& line : lines_of(*state(device), catalogue, {{"first", exception}}, day_of(w.clock.now()))) {
    counts.add(line);
  }
  EXPECT_EQ(counts.excepted, 1U);
  EXPECT_EQ(counts.wrong, 0U);
  EXPECT_EQ(counts.right, 1U);
  EXPECT_EQ(counts.not_applicable, 1U);
  lines = lines_of(*state(device), catalogue, {{"first", exception}}, day_of(w.clock.now()) + days(1));
  EXPECT_FALSE(lines[0].exception) << "its last day is over";
}

TEST_F(PostureTest, AnExceptionNeedsAReasonAndAnEndWithinAYear) {
  const Day today = day_of(w.clock.now());
  const struct {
    const char* reason;
    Day until;
    bool good;
  } table[] = {{"Vì phần mềm cũ", today, true},
               {"Vì phần mềm cũ", today + exception_days_max, true},
               {"Vì phần mềm cũ", today + exception_days_max + days(1), false},
               {"Vì phần mềm cũ", today - days(1), false},
               {"  \n ", today, false}};
  for (const auto& [reason, until, good] : table) {
    const auto granted = book->grant(caller, w.ward, {device, "first", reason, until, "An", {}});
    EXPECT_EQ(granted.has_value(), good) << reason << to_iso(until);
    EXPECT_TRUE(good || granted.error().is(exception_invalid));
  }
  EXPECT_EQ(book->of(device).at("first").expires_on, today + exception_days_max) << "the last good one";
}

TEST_F(PostureTest, ExceptionsSurviveARestartAndAreAudited) {
  const Day today = day_of(w.clock.now());
  ASSERT_TRUE(book->grant(caller, w.ward, {device, "first", "Vì phần mềm cũ", today, "An", {}}));
  ASSERT_TRUE(book->grant(caller, w.ward, {device, "first", "Vì phần mềm khác", today + days(3), "An", {}}));
  ASSERT_TRUE(book->set_told(device, {"second"}));
  reopen();
  EXPECT_EQ(book->of(device).at("first").reason, "Vì phần mềm khác");
  EXPECT_EQ(book->told(device), std::set<std::string>{"second"});
  ASSERT_TRUE(book->end(caller, w.ward, device, "first"));
  const auto again = book->end(caller, w.ward, device, "first");
  ASSERT_FALSE(again.has_value());
  EXPECT_TRUE(again.error().is(exception_unknown));
  reopen();
  EXPECT_TRUE(book->of(device).empty());
  std::vector<std::string> acts;
  for (const auto& record : sink.records) {
    const auto entry = boost::json::parse(record.json).as_object();
    acts.emplace_back(entry.at("event.action").as_string());
  }
  EXPECT_EQ(acts, (std::vector<std::string>{"check_except", "check_except", "check_exception_ended",
                                            "check_exception_ended"}));
  EXPECT_NE(sink.records[1].json.find("Vì phần mềm cũ"), std::string::npos) << "what it was before";
}

TEST_F(PostureTest, WhatADeviceNewlyFailsIsToldOnce) {
  report(device, {{"first", "wrong", "7", "/etc/x", 3}, {"second", "wrong"}});
  look();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].kind, finding::Kind::hardening);
  EXPECT_EQ(reports[0].severity, finding::Severity::medium) << "nothing has happened yet";
  EXPECT_EQ(reports[0].agency, w.ward);
  EXPECT_EQ(reports[0].seqs, std::vector<std::uint64_t>{state(device)->hardening->seq});
  EXPECT_NE(reports[0].story.vi.find("Một (/etc/x:3)"), std::string::npos) << reports[0].story.vi;
  EXPECT_EQ(reports[0].story.vi.find("Hai"), std::string::npos) << "of medium severity";
  look();
  report(device, {{"first", "wrong", "8"}});
  look();
  report(device, {{"first", "unknown"}});
  look();
  report(device, {{"first", "wrong"}});
  look();
  EXPECT_EQ(reports.size(), 1U) << "told already";
  reopen();
  look();
  EXPECT_EQ(reports.size(), 1U) << "also after a restart";
  report(device, {{"first", "right"}});
  look();
  report(device, {{"first", "wrong"}});
  look();
  EXPECT_EQ(reports.size(), 2U) << "it was right in between";
}

TEST_F(PostureTest, WhatIsExceptedIsToldOnceTheExceptionIsOver) {
  const Day today = day_of(w.clock.now());
  ASSERT_TRUE(book->grant(caller, w.ward, {device, "first", "Vì phần mềm cũ", today, "An", {}}));
  report(device, {{"first", "wrong"}});
  look();
  EXPECT_TRUE(reports.empty());
  w.clock.advance(24h);
  look();
  EXPECT_EQ(reports.size(), 1U);
}

TEST_F(PostureTest, WhatCouldNotBeStoredIsToldAtTheNextLook) {
  refuse = true;
  report(device, {{"first", "wrong"}});
  EXPECT_FALSE(watch->look().has_value());
  refuse = false;
  look();
  EXPECT_EQ(reports.size(), 1U);
}

TEST_F(PostureTest, AReportWithoutResultsChangesNothing) {
  report(device, {{"first", "wrong"}});
  look();
  fact::Hardening none;
  none.unknown_because = "luy-agent-check: not found";
  w.clock.advance(1min);
  w.report(device, none);
  look();
  report(device, {{"first", "wrong"}});
  look();
  EXPECT_EQ(reports.size(), 1U);
}

}  // namespace
}  // namespace luy::posture
