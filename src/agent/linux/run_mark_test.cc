// Goal: an agent that did not end in order is told apart from a machine that went down, a program that is another one
// under its old version is told, and a mark that is damaged or foreign says nothing and does no harm.
#include "agent/linux/run_mark.h"

#include <gtest/gtest.h>

#include <fstream>

#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

const Time t0 = *from_rfc3339("2026-11-22T03:00:00Z");

std::vector<std::string> told(RunMark mark) {
  std::vector<std::string> out;
  const auto notes = mark.begin(t0).value();
  for (const Item& item : notes) out.push_back(item.record.raw);
  return out;
}

class RunMarkTest : public testing::Test {
 protected:
  RunMark mark(std::string sha = "aa", std::string boot = "b1", std::string version = "0.1.0") const {
    return {folder_.path(), {std::move(version), std::move(sha), std::move(boot)}};
  }
  TemporaryFolder folder_;
};

TEST_F(RunMarkTest, TheFirstStartAndAnOrderlyEndSayNothing) {
  EXPECT_TRUE(told(mark()).empty());
  ASSERT_TRUE(mark().end());
  EXPECT_TRUE(told(mark()).empty());
}

TEST_F(RunMarkTest, KilledWhileTheMachineRanIsToldFromAMachineThatWentDown) {
  ASSERT_TRUE(told(mark()).empty());
  const auto killed = told(mark());
  ASSERT_EQ(killed.size(), 1u);
  EXPECT_NE(killed[0].find(R"("note":"agent_died")"), std::string::npos) << killed[0];
  EXPECT_NE(killed[0].find(R"("same_start":1)"), std::string::npos) << killed[0];
  const auto down = told(mark("aa", "b2"));
  ASSERT_EQ(down.size(), 1u);
  EXPECT_NE(down[0].find(R"("same_start":0)"), std::string::npos) << down[0];
}

TEST_F(RunMarkTest, AnotherFileUnderTheSameVersionIsToldAndAnUpdateIsNot) {
  ASSERT_TRUE(told(mark()).empty());
  ASSERT_TRUE(mark().end());
  const auto changed = told(mark("bb"));
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_NE(changed[0].find(R"("was":"aa","is":"bb")"), std::string::npos) << changed[0];
  ASSERT_TRUE(mark("bb").end());
  EXPECT_TRUE(told(mark("cc", "b1", "0.2.0")).empty());
}

TEST_F(RunMarkTest, WhatCannotBeKnownIsNotGuessed) {
  ASSERT_TRUE(told(mark("", "")).empty());
  const auto unknown = told(mark("aa", ""));
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_NE(unknown[0].find(R"("same_start":0)"), std::string::npos) << unknown[0];
  std::ofstream(folder_.path() / "running") << "running";
  EXPECT_TRUE(told(mark()).empty());
  std::ofstream(folder_.path() / "running") << std::string(5000, 'x');
  EXPECT_TRUE(told(mark()).empty());
  ASSERT_EQ(told(mark()).size(), 1u);  // The damaged one was written anew.
}

}  // namespace
}  // namespace luy::agent
