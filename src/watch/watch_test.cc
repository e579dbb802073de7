// Goal: the register keeps what people entered and what was learnt, over restarts.
// Method: a real database in a folder, made-up probes.
#include "watch/watch.h"

#include <gtest/gtest.h>

#include "watch/fixture.h"

namespace luy::watch {
namespace {

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() { open(); }
  void open() {
    watch.reset();
    database.reset();
    database = std::move(*records::open_sqlite(w.folder.path() / "records.db", migrations()));
    watch = std::move(
        *Watch::open({*database, w.clock, w.random, [this](const Sighting& sighting) { sighted.push_back(sighting); },
                      [this](const View& view) { states.push_back(view.state); }}));
  }
  Service portal() {
    Service service;
    service.agency = w.ward;
    service.name = "Cổng thông tin";
    service.target = "https://bimson.gov.vn/";
    return service;
  }
  Probe shows(const std::string& text) {
    Probe probe;
    probe.at = w.clock.now();
    probe.latency = std::chrono::milliseconds(20);
    probe.content = "<html><body><p>" + text + "</p></body></html>";
    probe.content_type = "text/html";
    return probe;
  }
  void look(const ServiceId& id, const Probe& probe) {
    const auto due = watch->take_due(10);
    ASSERT_EQ(due.size(), 1U);
    ASSERT_EQ(due.front().id, id);
    watch->put(due.front(), probe);
    w.clock.advance(std::chrono::seconds(interval_seconds_default));
  }
  World w;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Watch> watch;
  std::vector<Sighting> sighted;
  std::vector<State> states;
};

TEST_F(WatchTest, EachServiceIsDueAtItsTimeAndOnlyOnceAtATime) {
  const ServiceId id = watch->add(portal())->service.id;
  Service other = portal();
  other.interval = std::chrono::seconds(600);
  const ServiceId slow = watch->add(other)->service.id;
  EXPECT_EQ(watch->take_due(10).size(), 2U);
  EXPECT_EQ(watch->take_due(10).size(), 0U) << "both are under way";
  watch->put(watch->find(id)->service, shows("a"));
  watch->put(watch->find(slow)->service, shows("a"));
  EXPECT_EQ(watch->take_due(10).size(), 0U);
  w.clock.advance(std::chrono::seconds(61));
  ASSERT_EQ(watch->take_due(10).size(), 1U);
  watch->put(watch->find(id)->service, shows("a"));
  w.clock.set(w.clock.now() - days(400));
  EXPECT_EQ(watch->take_due(10).size(), 2U) << "a clock put back stops no looking";
}

TEST_F(WatchTest, WhatWasLearntSurvivesARestart) {
  const ServiceId id = watch->add(portal())->service.id;
  for (int i = 0; i < 40; ++i) look(id, shows("Nội dung"));
  ASSERT_TRUE(watch->flush());
  look(id, shows("Hacked by X"));
  ASSERT_EQ(sighted.size(), 1U);
  open();
  ASSERT_TRUE(watch->find(id));
  EXPECT_EQ(watch->find(id)->state, State::changed);
  EXPECT_EQ(watch->find(id)->samples, 41U);
  EXPECT_EQ(watch->history(id, Time{}, w.clock.now())->size(), 41U);
  look(id, shows("Hacked by X"));
  EXPECT_EQ(sighted.size(), 1U) << "told before the restart";
  const auto content = watch->content(id);
  ASSERT_TRUE(content && *content);
  EXPECT_EQ((*content)->words, (std::vector<std::string>{"hacked by", "hacked"}));
}

TEST_F(WatchTest, AnotherTargetIsLearntAnewAndADisabledOneIsNotLookedAt) {
  const ServiceId id = watch->add(portal())->service.id;
  for (int i = 0; i < 3; ++i) look(id, shows("a"));
  ServiceEdit edit;
  edit.target = "https://khac.gov.vn/";
  EXPECT_EQ(watch->edit(id, edit)->samples, 0U);
  edit = {};
  edit.enabled = false;
  ASSERT_TRUE(watch->edit(id, edit));
  w.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(watch->take_due(10).size(), 0U);
  edit.target = "nonsense";
  EXPECT_TRUE(watch->edit(id, edit).error().is(target_invalid));
  ASSERT_TRUE(watch->remove(id));
  EXPECT_FALSE(watch->find(id));
  EXPECT_TRUE(watch->remove(id).error().is(service_unknown));
}

TEST_F(WatchTest, HistoryOfMonthsIsThinnedToTheWorst) {
  const ServiceId id = watch->add(portal())->service.id;
  for (int i = 0; i < 5'000; ++i) {
    Probe probe = shows("a");
    if (i == 2'501) probe.latency = std::chrono::seconds(9);
    probe.content.reset();
    static_cast<void>(watch->take_due(1));
    watch->put(watch->find(id)->service, probe);
    w.clock.advance(std::chrono::seconds(60));
  }
  const auto points = *watch->history(id, Time{}, w.clock.now());
  EXPECT_LE(points.size(), points_max);
  EXPECT_TRUE(std::any_of(points.begin(), points.end(),
                          [](const Point& point) { return point.latency == std::chrono::seconds(9); }));
  w.clock.advance(history_kept);
  ASSERT_TRUE(watch->flush());
  w.clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(watch->flush());
  EXPECT_EQ(watch->history(id, Time{}, w.clock.now())->size(), 0U);
}

TEST_F(WatchTest, AcceptingNeedsSomethingShownAndIsAboutWhatWasLookedAt) {
  const ServiceId id = watch->add(portal())->service.id;
  EXPECT_TRUE(watch->accept(id, std::nullopt).error().is(nothing_shown));
  look(id, shows("Hacked by X"));
  EXPECT_EQ(watch->find(id)->state, State::changed);
  const std::string looked = (*watch->content(id))->fingerprint;
  EXPECT_TRUE(watch->accept(id, std::nullopt).error().is(content_differs)) << "nobody looked";
  look(id, shows("Hacked by X, greetz to Y"));
  EXPECT_TRUE(watch->accept(id, looked).error().is(content_differs)) << "it shows more by now";
  look(id, shows("Hacked by X"));
  Acceptance made;
  const auto note = [&](bool good) {
    return [&made, good](records::Connection&, const Acceptance& one) -> Result<void> {
      made = one;
      return good ? Result<void>() : Error(service_invalid);
    };
  };
  EXPECT_FALSE(watch->accept(id, looked, note(false)));
  EXPECT_EQ(watch->find(id)->state, State::changed) << "an act whose entry fails is not done";
  ASSERT_TRUE(watch->accept(id, looked, note(true)));
  EXPECT_EQ(made.after, looked);
  EXPECT_EQ(made.words, (std::vector<std::string>{"hacked by"}));
  EXPECT_EQ(watch->find(id)->state, State::up);
  const std::size_t told = sighted.size();
  look(id, shows("Hacked by X"));
  EXPECT_EQ(sighted.size(), told);
}

TEST_F(WatchTest, APageThatChangesWithEveryVisitCanBeAccepted) {
  const ServiceId id = watch->add(portal())->service.id;
  const auto visit = [&](int number, const std::string& news) {
    look(id, shows("số " + std::to_string(number) + "</p><h2>" + news + "</h2><p>"));
  };
  for (int i = 0; i <= learning_visits; ++i) {
    visit(i, "Tin");
    w.clock.advance(learning_time / learning_visits);
  }
  ASSERT_FALSE(watch->find(id)->learning);
  visit(100, "Tin mới");
  visit(101, "Tin mới");
  EXPECT_EQ(watch->find(id)->state, State::changed);
  const std::string looked = (*watch->content(id))->fingerprint;
  visit(102, "Tin mới");
  EXPECT_EQ((*watch->content(id))->fingerprint, looked) << "a masked place is nothing that anybody looks at";
  visit(103, "Tin khác");
  EXPECT_TRUE(watch->accept(id, looked).error().is(content_differs));
  visit(104, "Tin mới");
  ASSERT_TRUE(watch->accept(id, looked));
  EXPECT_EQ(watch->find(id)->state, State::up);
}

TEST_F(WatchTest, WhatWasFoundAtAnotherTargetIsDropped) {
  const ServiceId id = watch->add(portal())->service.id;
  const auto due = watch->take_due(1);
  ASSERT_EQ(due.size(), 1U);
  ServiceEdit edit;
  edit.target = "https://khac.gov.vn/";
  ASSERT_TRUE(watch->edit(id, edit));
  watch->put(due.front(), shows("Hacked by X"));
  EXPECT_EQ(sighted.size(), 0U);
  EXPECT_FALSE(watch->find(id)->last);
  EXPECT_FALSE(*watch->content(id));
  look(id, shows("Nội dung"));
  EXPECT_EQ(watch->find(id)->state, State::up) << "and the new one is due at once";
}

}  // namespace
}  // namespace luy::watch
