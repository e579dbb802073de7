// Goal: what was seen of a service reaches evidence and findings, also when these cannot take it at once.
// Method: a writer and a book that refuse until they are told otherwise.
#include "hub/sign_outbox.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "records/database.h"

namespace luy::hub {
namespace {

struct SignOutboxTest : ::testing::Test {
  static OwnedRecord record(const std::string& raw) { return {"a/hub/watch", 0, raw}; }
  static finding::Report report(const std::string& key) {
    finding::Report out;
    out.group_key = key;
    return out;
  }
  std::vector<std::string> stored;
  std::vector<std::string> told;
  std::vector<Submission> handed;  // Taken, and not answered yet.
  int noted = 0;
  bool full = false;
  bool busy = false;
  bool broken = false;
  bool disk_is_full = false;
  SignOutbox box{{[this](OwnedRecord one) -> Result<std::uint64_t> {
                    if (full) return Error(evidence_busy);
                    stored.push_back(one.raw);
                    return stored.size() - 1;
                  },
                  [this](Submission one) {
                    if (busy) return false;
                    if (disk_is_full) {
                      handed.push_back(std::move(one));
                      return true;
                    }
                    stored.push_back(one.records.front().raw);
                    if (one.done) one.done(evidence::Appended{});
                    return true;
                  },
                  [this](const finding::Report& one) -> Result<void> {
                    if (broken) return Error(records::database_failed, "x");
                    told.push_back(one.group_key + " " + std::to_string(one.seqs.at(0)));
                    return {};
                  }}};
};

TEST_F(SignOutboxTest, WhatCannotBeStoredIsTriedAgainInOrder) {
  broken = true;
  box.tell(record("a"), report("first"));
  full = true;
  box.tell(record("b"), report("second"));
  EXPECT_EQ(box.waiting(), 2U);
  box.retry();
  EXPECT_EQ(box.waiting(), 2U);
  broken = full = false;
  box.retry();
  EXPECT_EQ(told, (std::vector<std::string>{"first 0", "second 1"}));
  EXPECT_EQ(stored, (std::vector<std::string>{"a", "b"})) << "no proof is stored twice";
  EXPECT_EQ(box.waiting(), 0U);
}

TEST_F(SignOutboxTest, AStateThatABusyHubDidNotTakeIsNotedLaterAndInOrder) {
  busy = true;
  const auto done = [this] { ++noted; };
  box.note(record("down"), done);
  busy = false;
  box.note(record("up"), done);
  EXPECT_EQ(stored, std::vector<std::string>()) << "not before the one that waits";
  box.retry();
  EXPECT_EQ(stored, (std::vector<std::string>{"down", "up"}));
  EXPECT_EQ(noted, 2);
}

TEST_F(SignOutboxTest, AStateThatCouldNotBeWrittenWaitsAgainAndIsNotTold) {
  const auto fail_all = [this] {
    for (const Submission& one : std::exchange(handed, {})) one.done(Error(disk_full, "evidence"));
  };
  const auto done = [this] { ++noted; };
  disk_is_full = true;
  box.note(record("down"), done);
  box.note(record("up"), done);
  EXPECT_EQ(handed.size(), 2U);
  fail_all();
  EXPECT_EQ(noted, 0);
  EXPECT_EQ(box.waiting(), 2U);
  box.note(record("down again"), done);
  EXPECT_TRUE(handed.empty()) << "behind those that wait";
  box.retry();
  EXPECT_EQ(handed.size(), 3U);
  fail_all();
  EXPECT_EQ(box.waiting(), 3U);
  disk_is_full = false;
  box.retry();
  EXPECT_EQ(stored, (std::vector<std::string>{"down", "up", "down again"}));
  EXPECT_EQ(noted, 3);
  EXPECT_EQ(box.waiting(), 0U);
}

TEST_F(SignOutboxTest, NoMoreStatesWaitThanTheirLimit) {
  disk_is_full = true;
  for (std::size_t i = 0; i < SignOutbox::waiting_max + 5; ++i) box.note(record(std::to_string(i)), {});
  for (const Submission& one : std::exchange(handed, {})) one.done(Error(disk_full, "evidence"));
  EXPECT_EQ(box.waiting(), SignOutbox::waiting_max);
  disk_is_full = false;
  box.retry();
  EXPECT_EQ(stored.front(), "5") << "the oldest were given up";
}

TEST_F(SignOutboxTest, NoMoreWaitsThanItsLimit) {
  full = true;
  for (std::size_t i = 0; i < SignOutbox::waiting_max + 5; ++i) box.tell(record("x"), report(std::to_string(i)));
  EXPECT_EQ(box.waiting(), SignOutbox::waiting_max);
  full = false;
  box.retry();
  EXPECT_EQ(told.front(), "5 0") << "the oldest were given up";
}

}  // namespace
}  // namespace luy::hub
