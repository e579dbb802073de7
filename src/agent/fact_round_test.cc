// Goal: facts are collected when due and sent when they say something new, across restarts.
// Method: two made-up collectors, a fake clock, positions kept by hand as the spool would.
#include "agent/fact_round.h"

#include <gtest/gtest.h>

#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

class FactRoundTest : public testing::Test {
 protected:
  void start() {
    std::vector<Collector> collectors;
    collectors.push_back({fact::Kind::domain, std::chrono::minutes(10), {}, {}, {}});
    collectors.push_back(
        {fact::Kind::disks, std::chrono::hours(1), {folder_.at("status")}, std::chrono::minutes(2), {}});
    round_.emplace(std::move(collectors), clock_);
  }

  // Kinds of the records that go into the spool.
  std::vector<std::string> settle(fact::Kind kind, const Result<Finding>& finding) {
    std::vector<std::string> streams;
    for (const Item& item : round_->settle(kind, finding, positions_)) {
      if (!item.position_key.empty()) positions_[item.position_key] = item.position;
      if (!item.only_position) streams.push_back(item.record.stream);
    }
    return streams;
  }
  static Finding domain(const std::string& name, const std::string& memory = {}) {
    return {"test", fact::Domain{"ldap", name}, memory};
  }

  using Kinds = std::vector<fact::Kind>;
  using Streams = std::vector<std::string>;
  TemporaryFolder folder_;
  FakeClock clock_{*from_rfc3339("2026-11-22T03:00:00Z")};
  Positions positions_;
  std::optional<FactRound> round_;
};

TEST_F(FactRoundTest, EverythingIsDueAtOnceAndThenAtItsPeriod) {
  start();
  EXPECT_EQ(round_->take_due(false).size(), 2U);
  EXPECT_TRUE(round_->take_due(false).empty()) << "under way";
  settle(fact::Kind::domain, domain("a"));
  settle(fact::Kind::disks, Finding{"test", fact::Disks{}, {}});
  clock_.advance(std::chrono::minutes(10));
  EXPECT_EQ(round_->take_due(false), Kinds{fact::Kind::domain});
  clock_.advance(std::chrono::minutes(60));
  EXPECT_EQ(round_->take_due(false), Kinds{fact::Kind::disks}) << "the other one has not come back";
}

TEST_F(FactRoundTest, WhileSlowPeriodsAreLonger) {
  start();
  round_->take_due(true);
  settle(fact::Kind::domain, domain("a"));
  clock_.advance(std::chrono::minutes(10));
  EXPECT_TRUE(round_->take_due(true).empty());
  clock_.advance(std::chrono::minutes(30));
  EXPECT_EQ(round_->take_due(true), Kinds{fact::Kind::domain});
}

TEST_F(FactRoundTest, AChangedFileMakesItsFactDue) {
  start();
  round_->take_due(false);
  settle(fact::Kind::disks, Finding{"test", fact::Disks{}, {}});
  folder_.write("status", "changed");
  clock_.advance(std::chrono::minutes(2));
  EXPECT_EQ(round_->take_due(false), Kinds{fact::Kind::disks});
  settle(fact::Kind::disks, Finding{"test", fact::Disks{}, {}});
  for (int i = 0; i < 4; ++i) {
    folder_.write("status", std::string(static_cast<std::size_t>(i), 'x'));
    clock_.advance(FactRound::look_at_triggers);
    EXPECT_TRUE(round_->take_due(false).empty()) << "not all the time while it goes on changing";
  }
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(round_->take_due(false), Kinds{fact::Kind::disks});
}

TEST_F(FactRoundTest, OnlyNewContentIsSentAndOnceADayAnyway) {
  start();
  EXPECT_EQ(settle(fact::Kind::domain, domain("a")), Streams{"fact/domain"});
  EXPECT_EQ(settle(fact::Kind::domain, domain("a")), Streams{});
  EXPECT_EQ(settle(fact::Kind::domain, domain("b")), Streams{"fact/domain"});
  start();
  EXPECT_EQ(settle(fact::Kind::domain, domain("b")), Streams{}) << "known across a restart";
  clock_.advance(FactRound::repeat);
  EXPECT_EQ(settle(fact::Kind::domain, domain("b")), Streams{"fact/domain"});
  clock_.set(clock_.now() - std::chrono::hours(72));
  EXPECT_EQ(settle(fact::Kind::domain, domain("b")), Streams{"fact/domain"}) << "a clock set back hides nothing";
}

TEST_F(FactRoundTest, SmallChangesOfFreeSpaceAreNotNews) {
  start();
  const auto disks = [](std::int64_t free) {
    fact::Disks out;
    out.volumes.push_back({"/", "/dev/sda1", "ext4", 1'000'000, free, false, false});
    return Finding{"test", out, {}};
  };
  EXPECT_EQ(settle(fact::Kind::disks, disks(510'000)), Streams{"fact/disks"});
  EXPECT_EQ(settle(fact::Kind::disks, disks(500'001)), Streams{});
  EXPECT_EQ(settle(fact::Kind::disks, disks(400'000)), Streams{"fact/disks"});
}

TEST_F(FactRoundTest, MemoryIsKeptAndGivenBack) {
  start();
  settle(fact::Kind::domain, domain("a", "since then"));
  EXPECT_EQ(round_->memory(fact::Kind::domain, positions_), "since then");
  EXPECT_EQ(round_->memory(fact::Kind::disks, positions_), "");
}

TEST_F(FactRoundTest, AFailureIsNotedOnceAndSoIsItsEnd) {
  start();
  const Result<Finding> failure = Error(collector_failed, "no dpkg");
  EXPECT_EQ(settle(fact::Kind::domain, failure), Streams{"agent"});
  EXPECT_EQ(settle(fact::Kind::domain, failure), Streams{});
  EXPECT_EQ(settle(fact::Kind::domain, domain("a")), (Streams{"agent", "fact/domain"}));
}

TEST_F(FactRoundTest, WhatFailedIsTriedAgainSoonThenLessAndLessOftenUpToItsPeriod) {
  start();
  const Result<Finding> failure = Error(collector_failed, "no answer in time");
  round_->take_due(false);
  settle(fact::Kind::disks, Finding{"test", fact::Disks{}, {}});
  settle(fact::Kind::domain, failure);
  for (const int seconds : {30, 60, 120, 240, 480, 600, 600}) {
    clock_.advance(std::chrono::seconds(seconds) - std::chrono::microseconds(1));
    EXPECT_TRUE(round_->take_due(false).empty()) << seconds;
    clock_.advance(std::chrono::microseconds(1));
    EXPECT_EQ(round_->take_due(false), Kinds{fact::Kind::domain}) << seconds;
    settle(fact::Kind::domain, failure);
  }
  clock_.advance(std::chrono::minutes(10));
  round_->take_due(false);
  settle(fact::Kind::domain, domain("a"));
  clock_.advance(std::chrono::minutes(9));
  EXPECT_TRUE(round_->take_due(false).empty()) << "it works again: its own period";
}

TEST_F(FactRoundTest, AFindingWithAGapIsSentAndTriedAgainSoon) {
  start();
  round_->take_due(false);
  settle(fact::Kind::disks, Finding{"test", fact::Disks{}, {}});
  Finding partial = domain("a");
  partial.trouble = "the helper does not answer";
  EXPECT_EQ(settle(fact::Kind::domain, partial), (Streams{"agent", "fact/domain"}));
  clock_.advance(FactRound::retry_first);
  EXPECT_EQ(round_->take_due(false), Kinds{fact::Kind::domain});
  EXPECT_EQ(settle(fact::Kind::domain, partial), Streams{}) << "nothing new";
}

TEST_F(FactRoundTest, AFactBeyondTheLimitIsNotedInsteadOfSent) {
  start();
  fact::Shares shares;
  for (int i = 0; i < 20'000; ++i) {
    shares.shares.push_back({"samba", std::string(100, 'x') + std::to_string(i), "/srv", false, false});
  }
  EXPECT_EQ(settle(fact::Kind::domain, Finding{"test", shares, {}}), Streams{"agent"});
}

}  // namespace
}  // namespace luy::agent
