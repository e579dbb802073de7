// Goal: a run over kept evidence finds what the live detector finds, counts no event twice, ends when it is told to and
// outlives the hub.
// Method: a real evidence store, database and engine; the thread is stopped in the middle and begun again.
#include "hub/rule_runs.h"

#include <gtest/gtest.h>

#include <atomic>

#include "detect/builtin.h"
#include "event/batch.h"
#include "evidence/test_store.h"
#include "finding/fixture.h"
#include "hub/detector.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;
using Wanted = finding::Run;
using finding::RunPointer;
using finding::RunState;

constexpr const char* failed_rule = R"(title: Failed login
id: failed
level: medium
logsource: {product: linux}
detection:
  a: {message|contains: Failed password}
  condition: a
)";
constexpr const char* many_rule = R"(title: Many failed logins
id: many
level: high
correlation:
  type: event_count
  rules: [failed_base]
  group-by: [source.ip]
  timespan: 60m
  condition: {gte: 50}
---
title: Failed login
id: failed_base
level: low
logsource: {product: linux}
detection:
  a: {message|contains: Failed password}
  condition: a
)";

struct RuleRunsTest : ::testing::Test {
  RuleRunsTest() : random(11) {
    agency = AgencyId::make(evidence.clock.now(), random);
    other = AgencyId::make(evidence.clock.now(), random);
    device = DeviceId::make(evidence.clock.now(), random);
    evidence.open();
  }
  void TearDown() override {
    if (runs) runs->stop();
  }
  // Every second one is a hit.
  void fill(int lines, std::optional<AgencyId> whose = std::nullopt) {
    const std::string source = whose.value_or(agency).text() + "/" + device.text() + "/journal";
    for (int i = 0; i < lines; i += 50) {
      std::vector<std::string> batch;
      for (int j = i; j < std::min(lines, i + 50); ++j) {
        batch.push_back(std::string("MESSAGE=") + (j % 2 == 1 ? "Failed" : "Accepted") +
                        " password for root from 203.0.113.9 port 40000 ssh2\nSYSLOG_IDENTIFIER=sshd\n");
      }
      evidence.clock.advance(1s);
      ASSERT_TRUE(evidence.add(batch, std::nullopt, source));
    }
  }
  void start(int cpu_percent = 100) {
    runs.reset();
    if (!book) {
      book = std::move(
          *finding::Book::open({*records.database, evidence.clock, random, Duration(4h), finding::Severity::high, {}}));
      rules = std::move(*finding::RuleBook::open({*records.database,
                                                  evidence.clock,
                                                  random,
                                                  {{"failed.yml", failed_rule}, {"many.yml", many_rule}},
                                                  records.folder / "rules",
                                                  detect::builtin_routing(),
                                                  {}}));
    }
    run_book = std::move(*finding::RunBook::open({*records.database, evidence.clock, random}));
    runs = std::make_unique<RuleRuns>(RuleRuns::Dependencies{*evidence.store, evidence.clock, *book, *rules, *run_book,
                                                             [](const AgencyId& one) { return std::vector{one}; },
                                                             [this] { return armed.load(); }, cpu_percent});
    runs->start();
  }
  Wanted wanted(std::vector<std::string> ids, bool keep) const {
    Wanted out;
    out.rules = std::move(ids);
    out.from = evidence::test_start() - 1h;
    out.to = evidence.clock.now() + 1h;
    out.scope = {agency};
    out.keep = keep;
    out.account = AccountId::trusted(agency.text());
    out.by = "Lê Thị Mai";
    return out;
  }
  RunPointer ask(const Wanted& run) {
    const auto added = run_book->add(run);
    EXPECT_TRUE(added);
    return *added;
  }
  RunPointer await(const finding::RunId& id) const {
    for (int i = 0; i < 20'000 && !run_book->find(id)->over(); ++i) std::this_thread::sleep_for(1ms);
    return run_book->find(id);
  }
  RunPointer finished(const Wanted& run) { return await(ask(run)->id); }

  evidence::TestStore evidence;
  SeededRandom random;
  finding::TestRecords records;
  AgencyId agency;
  AgencyId other;
  DeviceId device;
  std::unique_ptr<finding::Book> book;
  std::unique_ptr<finding::RuleBook> rules;
  std::unique_ptr<finding::RunBook> run_book;
  std::unique_ptr<RuleRuns> runs;
  std::atomic<bool> armed = true;  // Live detection has the newest rules.
};

TEST_F(RuleRunsTest, TheBenchShowsHitsCostAndDaysAndOpensNothing) {
  fill(100);
  evidence.clock.advance(24h);
  fill(60);
  fill(40, other);
  start();
  Wanted run = wanted({}, false);
  run.yaml = failed_rule;
  const RunPointer done = finished(run);
  EXPECT_EQ(done->state, RunState::done);
  EXPECT_EQ(done->events, 160U) << "another agency's records are not read";
  EXPECT_EQ(done->hits, 80U);
  EXPECT_EQ(done->scanned(), done->total());
  EXPECT_GE(done->total(), 200U) << "progress is counted over everybody's records";
  ASSERT_EQ(done->found.size(), 1U);
  EXPECT_EQ(done->found.front().hits, 80U);
  ASSERT_EQ(done->sample.size(), finding::run_sample_max);
  EXPECT_EQ(done->sample.front().seq, 1U);
  EXPECT_EQ(done->sample.front().device, device);
  EXPECT_NE(done->sample.front().message.find("Failed password for root"), std::string::npos);
  ASSERT_EQ(done->days.size(), 2U);
  EXPECT_EQ(done->days.begin()->second.events, 100U);
  EXPECT_EQ(done->days.rbegin()->second.hits, 30U);
  EXPECT_GT(done->cpu_ns, 0U);
  EXPECT_TRUE(book->all().empty());
}

TEST_F(RuleRunsTest, AHuntBackOpensFindingsAndNoEventCountsTwice) {
  fill(100);
  start();
  const RunPointer first = finished(wanted({"failed", "many"}, true));
  EXPECT_EQ(first->state, RunState::done);
  EXPECT_EQ(first->hits, 51U);
  EXPECT_EQ(first->findings.size(), 2U);
  const auto expect = [&](std::uint64_t count) {
    ASSERT_EQ(book->all().size(), 2U);
    for (const auto& one : book->all()) EXPECT_EQ(one->count, count) << one->rule->id;
  };
  expect(50);
  EXPECT_EQ(finished(wanted({"failed", "many"}, true))->findings.size(), 0U);
  expect(50);
  // Live detection begins a day back and meets the same events.
  Detector detector({*evidence.store,
                     evidence.clock,
                     *book,
                     *rules,
                     [](const AgencyId& one) { return std::vector{one}; },
                     [](const DeviceId&) { return std::string("maychu"); },
                     {}});
  ASSERT_TRUE(detector.start());
  while (detector.counters().next_seq < evidence.store->size()) std::this_thread::sleep_for(1ms);
  detector.stop();
  expect(50);
}

TEST_F(RuleRunsTest, ACancelledRunEndsAndStaysCancelled) {
  fill(20'000);
  start(1);
  const RunPointer run = ask(wanted({"failed"}, true));
  while (run_book->find(run->id)->events == 0) std::this_thread::sleep_for(1ms);
  const RunPointer waiting = ask(wanted({"many"}, false));
  EXPECT_EQ(waiting->state, RunState::waiting) << "one at a time";
  ASSERT_TRUE(run_book->cancel(run->id));
  EXPECT_EQ(run_book->cancel(run->id).error().name(), finding::run_over.name);
  for (int i = 0; i < 60'000 && run_book->find(waiting->id)->state == RunState::waiting; ++i) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_NE(run_book->find(waiting->id)->state, RunState::waiting) << "the next one begins";
  EXPECT_EQ(run_book->find(run->id)->state, RunState::cancelled);
  EXPECT_LT(run_book->find(run->id)->events, 20'000U);
}

TEST_F(RuleRunsTest, ARunGoesOnAfterARestartWithoutCountingAnythingTwice) {
  fill(20'000);
  for (const char* rule : {"failed", "many"}) {
    start(20);
    const RunPointer run = ask(wanted({rule}, true));
    int restarts = 0;
    for (; !run_book->find(run->id)->over() && restarts < 4; ++restarts) {
      const std::uint64_t before = run_book->find(run->id)->next_seq;
      for (int i = 0; i < 300 && run_book->find(run->id)->next_seq == before; ++i) std::this_thread::sleep_for(1ms);
      runs->stop();
      start(restarts < 3 ? 20 : 100);
    }
    const RunPointer done = await(run->id);
    EXPECT_EQ(done->state, RunState::done) << rule;
    EXPECT_EQ(done->events, 20'000U);
    EXPECT_EQ(done->hits, std::string(rule) == "failed" ? 10'000U : 1U);
    EXPECT_GT(restarts, 1);
    runs->stop();
  }
  for (const auto& one : book->all()) {
    if (one->rule->id == "failed") {
      EXPECT_EQ(one->count, 10'000U);
    }
  }
}

TEST_F(RuleRunsTest, AHuntReadsWhatArrivedUntilTheNewRulesWereArmed) {
  fill(100);
  armed = false;
  start();
  const RunPointer run = ask(wanted({"failed"}, true));
  while (run_book->find(run->id)->state != RunState::running) std::this_thread::sleep_for(1ms);
  fill(100);
  armed = true;
  EXPECT_EQ(await(run->id)->hits, 100U) << "live detection may have looked at the later half with the older rules";
}

TEST_F(RuleRunsTest, StoppingTheHubInOrderIsNoAttempt) {
  fill(100);
  armed = false;
  start();
  const RunPointer run = ask(wanted({"failed"}, true));
  for (unsigned i = 0; i <= finding::run_attempts_max; ++i) {
    while (run_book->find(run->id)->attempts == 0) std::this_thread::sleep_for(1ms);
    runs->stop();
    EXPECT_EQ(run_book->find(run->id)->attempts, 0U);
    start();
  }
  armed = true;
  EXPECT_EQ(await(run->id)->state, RunState::done);
}

TEST_F(RuleRunsTest, ARunThatCannotBeSaysWhy) {
  fill(10);
  start();
  const RunPointer unknown = finished(wanted({"nosuch"}, false));
  EXPECT_EQ(unknown->state, RunState::failed);
  EXPECT_EQ(unknown->failure->code, finding::rule_unknown.name);
  Wanted crashed = wanted({"failed"}, false);
  crashed.attempts = finding::run_attempts_max;
  const RunPointer given_up = finished(crashed);
  EXPECT_EQ(given_up->failure->code, finding::run_interrupted.name);
  runs->stop();
  for (std::size_t i = 0; i < finding::runs_waiting_max; ++i) ask(wanted({"failed"}, false));
  EXPECT_EQ(run_book->add(wanted({"failed"}, false)).error().name(), finding::too_many_runs.name);
  start();
  EXPECT_EQ(run_book->find(unknown->id)->failure->code, finding::rule_unknown.name) << "it is remembered";
}

}  // namespace
}  // namespace luy::hub
