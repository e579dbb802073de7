// Goal: every event of the evidence counts in the findings exactly once, whatever stops the hub.
// Method: a real evidence store, database and engine; the process that detects is killed at random moments until it
// has got through, then its findings are counted.
#include "hub/detector.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "detect/builtin.h"
#include "event/batch.h"
#include "evidence/test_store.h"
#include "finding/fixture.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;

constexpr const char* rule_text = R"(title: Failed login
id: failed
level: medium
logsource: {product: linux}
detection:
  a: {message|contains: Failed password}
  condition: a
---
title: Many failed logins
id: many
level: high
correlation:
  type: event_count
  rules: [failed]
  group-by: [source.ip]
  timespan: 60m
  condition: {gte: 50}
  generate: true
)";

struct DetectorTest : ::testing::Test {
  DetectorTest() : random(11) {
    agency = AgencyId::make(evidence.clock.now(), random);
    device = DeviceId::make(evidence.clock.now(), random);
    evidence.open();
  }
  // Odd ones are hits.
  void fill(int lines) {
    const std::string source = agency.text() + "/" + device.text() + "/journal";
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
  struct Parts {
    std::unique_ptr<finding::Book> book;
    std::unique_ptr<finding::RuleBook> rules;
    std::unique_ptr<Detector> detector;
  };
  Parts start() {
    Parts out;
    out.book = std::move(
        *finding::Book::open({*records.database, evidence.clock, random, Duration(4h), finding::Severity::high, {}}));
    out.rules = std::move(*finding::RuleBook::open({*records.database,
                                                    evidence.clock,
                                                    random,
                                                    {{"rule.yml", rule_text}},
                                                    records.folder / "rules",
                                                    detect::builtin_routing(),
                                                    {}}));
    out.detector =
        std::make_unique<Detector>(Detector::Dependencies{*evidence.store,
                                                          evidence.clock,
                                                          *out.book,
                                                          *out.rules,
                                                          [](const AgencyId& one) { return std::vector{one}; },
                                                          [](const DeviceId&) { return std::string("maychu"); },
                                                          {}});
    EXPECT_TRUE(out.detector->start());
    return out;
  }
  void await(const Parts& parts) const {
    while (parts.detector->counters().next_seq < evidence.store->size()) std::this_thread::sleep_for(1ms);
  }
  void expect_all(const finding::Book& book, std::uint64_t hits) const {
    const auto all = book.all();
    ASSERT_EQ(all.size(), 2U);
    for (const auto& one : all) {
      EXPECT_EQ(one->count, hits) << one->rule->id;
      EXPECT_EQ(one->device, device);
    }
  }

  evidence::TestStore evidence;
  SeededRandom random;
  finding::TestRecords records;
  AgencyId agency;
  DeviceId device;
};

TEST_F(DetectorTest, EveryEventCountsOnceOverRestarts) {
  fill(100);
  {
    const Parts parts = start();
    await(parts);
    const auto all = parts.book->all();
    EXPECT_EQ(all.size(), 2U);
  }
  fill(40);
  const Parts parts = start();
  await(parts);
  parts.detector->stop();
  for (const auto& one : parts.book->all()) {
    if (one->rule->id == "failed") {
      EXPECT_EQ(one->count, 70U);
    }
    // The window was filled again, so the threshold is not crossed a second time.
    if (one->rule->id == "many") {
      EXPECT_EQ(one->count, 50U);
    }
  }
}

TEST_F(DetectorTest, NothingIsLostOrDoubledWhenTheProcessIsKilled) {
  constexpr int lines = 20'000;
  fill(lines);
  std::mt19937 moments(3);
  records.database.reset();
  evidence.store.reset();
  int kills = 0;
  for (bool done = false; !done;) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      evidence.open();
      records.open();
      const Parts parts = start();
      await(parts);
      parts.detector->stop();
      ::_exit(0);
    }
    const auto until = std::chrono::milliseconds(100 + moments() % 400);
    std::this_thread::sleep_for(kills < 12 ? until : until * 20);
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) {
      done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
      ASSERT_TRUE(done);
      break;
    }
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ++kills;
    ASSERT_LT(kills, 40);
  }
  RecordProperty("kills", kills);
  evidence.open();
  records.open();
  const auto book = std::move(
      *finding::Book::open({*records.database, evidence.clock, random, Duration(4h), finding::Severity::high, {}}));
  for (const auto& one : book->all()) {
    if (one->rule->id == "failed") {
      EXPECT_EQ(one->count, static_cast<std::uint64_t>(lines / 2));
    }
  }
  EXPECT_EQ(book->all().size(), 2U);
}

TEST(EngineEvent, AMessageOfJsonIsReadAndCannotSpeakForTheHub) {
  FakeClock clock(evidence::test_start());
  SeededRandom random(5);
  const auto agency = AgencyId::make(clock.now(), random);
  evidence::Record record;
  record.received = clock.now();
  record.transport = static_cast<std::uint8_t>(event::Transport::file);
  record.source = agency.text() + "/x//var/log/win.json";
  record.raw = R"({"Event":{"System":{"EventID":4625},"EventData":{"TargetUserName":"tuan","IpAddress":"10.0.0.7"}}})";
  const EngineEvent good = engine_event(record, {agency}, std::nullopt);
  EXPECT_NE(good.json.find("\"EventData\":{"), std::string::npos);
  EXPECT_NE(
      std::find(good.entities.begin(), good.entities.end(), finding::Entity{finding::EntityType::address, "10.0.0.7"}),
      good.entities.end());
  for (const char* raw : {
           R"({"luy.agency":"x"})",
           R"({"Event":{"System":{"l uy.agency":"x"}}})",
           R"({"Event":{"EventData":{"Data":[{"@Name":"luy.agency","#text":"x"}]}}})",
           R"({"\u006cuy":{"agency":"x"}})",
           R"({"a":1},"luy.agency":["x"],{"b":2})",
           R"({"a":)",
           R"({})",
       }) {
    record.raw = raw;
    const EngineEvent bad = engine_event(record, {agency}, std::nullopt);
    EXPECT_TRUE(bad.plain.empty()) << raw;
    EXPECT_TRUE(bad.json.ends_with("\"luy.agency\":[\"" + agency.text() + "\"]}")) << bad.json;
  }
}

}  // namespace
}  // namespace luy::hub
