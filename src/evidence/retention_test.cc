// Goal: nothing is deleted that is not old, whatever the clock does, and no record gets the time of a wrong clock.
// Method: a store of forty days under a clock of ours: steps while it runs and while it does not.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/encoding.h"
#include "evidence/clock_watch.h"
#include "evidence/day_file.h"
#include "evidence/sqlite.h"
#include "evidence/store.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;

struct RetentionTest : testing::Test, TestStore {
  void SetUp() override {
    TestStore::open();
    for (int day = 0; day < 40; ++day) {
      ASSERT_TRUE(add({"day " + std::to_string(day)}));
      ASSERT_TRUE(store->checkpoint());
      clock.advance(24h);
      ASSERT_TRUE(store->close_days_before(today()));
    }
  }
  Day today() const { return day_of(clock.now()); }
};

TEST_F(RetentionTest, DeletesOldDaysAndKeepsProofsOfTheOthers) {
  EXPECT_TRUE(store->delete_before(today() - days(29)).error().is(retention_floor));
  EXPECT_EQ(store->days()->size(), 40U);
  const auto deleted = store->delete_before(today() - days(30));
  ASSERT_TRUE(deleted) << deleted.error().text();
  EXPECT_EQ(*deleted, 10U);
  EXPECT_EQ(store->days()->front().day, today() - days(30));
  EXPECT_FALSE(std::filesystem::exists(store_folder() / "2026-11-22.sqlite.sha256"));
  ASSERT_TRUE(store->checkpoint());
  reopen();
  EXPECT_TRUE(store->read(0).error().is(record_unknown));
  const std::uint64_t first = store->days()->front().first_seq;
  for (std::uint64_t seq = first; seq < store->size(); ++seq) ASSERT_TRUE(store->prove(seq)) << seq;
  EXPECT_NE(store->read(store->size() - 1)->raw.find(R"("note":"retention")"), std::string::npos);
}

// What is deleted is named by what its closing checkpoint signed, not only by a file that anybody could write.
TEST_F(RetentionTest, TheRecordOfADeletionNamesTheSignedTree) {
  const auto reader = DayReader::open(day_path(store_folder(), today() - days(31)), true);
  const auto note = (*reader)->newest_note();
  ASSERT_TRUE(note && *note && (*note)->closing);
  const std::string root = to_hex(parse_body((*note)->text)->root);
  ASSERT_TRUE(store->delete_before(today() - days(30)));
  EXPECT_NE(store->read(store->size() - 1)->raw.find(R"("root":")" + root), std::string::npos);
}

TEST_F(RetentionTest, ALostDigestIsWrittenAnewOnlyForADayThatStillVerifies) {
  const auto file = [&](int ago) { return day_path(store_folder(), today() - days(ago)); };
  const auto has_digest = [&](int ago) { return std::filesystem::exists(digest_path(file(ago))); };
  for (const int ago : {10, 8, 6}) std::filesystem::remove(digest_path(file(ago)));
  std::filesystem::permissions(file(8), std::filesystem::perms(0600));
  ASSERT_TRUE(Connection::open(file(8), Connection::Mode::write)
                  ->run("UPDATE coverage SET records = records + 1; "
                        "DELETE FROM note WHERE closing = 1"));
  ASSERT_TRUE(store->close_days_before(today()));
  EXPECT_TRUE(has_digest(10));
  EXPECT_FALSE(has_digest(8)) << "it was altered";
  EXPECT_TRUE(has_digest(6)) << "the days after it are closed all the same";
  reopen();
  ASSERT_TRUE(store->close_days_before(today()));
  EXPECT_FALSE(has_digest(8));
}

TEST_F(RetentionTest, AForwardJumpOfTheClockStopsDeletionForADay) {
  clock.set(clock.now() + 3 * 24h);
  ASSERT_TRUE(add({"after the jump"}));
  EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(retention_floor));
  reopen();
  EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(retention_floor));
  EXPECT_EQ(store->days()->size(), 41U);
  clock.advance(25h);
  EXPECT_TRUE(store->delete_before(today() - days(30)));
}

// However long it stands: nothing is stored under it, and it deletes nothing.
TEST_F(RetentionTest, AClockBeyondAnyHolidayIsNotBelieved) {
  for (const int by : {400, -400}) {
    const std::uint64_t before = store->size();
    clock.set(clock.now() + by * 24h);
    for (int day = 0; day < 35; ++day) {
      clock.advance(24h);
      EXPECT_TRUE(add({"under a wrong clock"}).error().is(clock_not_believed)) << day;
      EXPECT_TRUE(store->close_days_before(today()).error().is(clock_not_believed));
      EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(clock_not_believed));
      if (day == 20) reopen();
    }
    EXPECT_EQ(store->size(), before);
    clock.set(clock.now() - by * 24h);
    ASSERT_TRUE(add({"set right"})) << "goes on at once";
    EXPECT_EQ(store->days()->back().day, today()) << "in the right day";
    ASSERT_TRUE(store->close_days_before(today()));
    clock.advance(24h);
    ASSERT_TRUE(store->close_days_before(today()));
  }
}

TEST_F(RetentionTest, APersonMayAcceptTheClockAndRetentionWaitsAMonth) {
  store.reset();
  clock.advance(60 * 24h);
  TestStore::open();
  EXPECT_TRUE(add({"after two months"}).error().is(clock_not_believed));
  store.reset();
  auto accepted = open_store({.folder = store_folder(), .retention_days = 30, .accept_clock = true}, clock, *signer);
  ASSERT_TRUE(accepted) << accepted.error().text();
  store = *std::move(accepted);
  EXPECT_NE(store->read(store->size() - 1)->raw.find(R"("note":"clock_accepted")"), std::string::npos);
  ASSERT_TRUE(add({"after two months"}));
  reopen();
  ASSERT_TRUE(add({"and after a restart"}));
  for (int day = 0; day < 29; ++day) {
    clock.advance(24h);
    EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(retention_floor)) << day;
  }
  clock.advance(25h);
  EXPECT_TRUE(store->delete_before(today() - days(30)));
}

TEST_F(RetentionTest, WithoutTheClocksFileTheNewestRecordTellsTheTime) {
  store.reset();
  ASSERT_TRUE(std::filesystem::remove(store_folder() / "clock"));
  clock.set(clock.now() + 400 * 24h);
  TestStore::open();
  EXPECT_TRUE(add({"x"}).error().is(clock_not_believed));
}

// Closed for the nine days of the Lunar New Year.
TEST_F(RetentionTest, AfterAHolidayEverythingGoesOnByItselfAndOnlyWhatIsOldGoes) {
  ASSERT_EQ(*store->delete_before(today() - days(30)), 10U);
  store.reset();
  clock.advance(9 * 24h);
  TestStore::open();
  ASSERT_TRUE(add({"the first line of the year"}));
  ASSERT_TRUE(store->checkpoint());
  EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(retention_floor));
  EXPECT_EQ(store->days()->size(), 32U) << "one for the note of what was deleted";
  // Office hours: the wait is made of three days' work.
  for (int day = 0; day < 3; ++day) {
    EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(retention_floor)) << day;
    clock.advance(9h);
    ASSERT_TRUE(store->close_days_before(today()));
    store.reset();
    clock.advance(15h);
    TestStore::open();
  }
  const auto deleted = store->delete_before(today() - days(30));
  ASSERT_TRUE(deleted) << deleted.error().text();
  EXPECT_EQ(*deleted, 12U);
  EXPECT_EQ(store->days()->front().day, today() - days(30));
  EXPECT_EQ(store->read(store->size() - 3)->raw, "the first line of the year");
}

TEST_F(RetentionTest, AnOfficeOpenTwoDaysAWeekDoesNotKeepForEver) {
  std::size_t deleted = 0;
  for (int week = 0; week < 4; ++week) {
    for (const int hours_closed : {62, 86}) {
      store.reset();
      clock.advance(std::chrono::hours(hours_closed));
      TestStore::open();
      ASSERT_TRUE(add({"at work"}));
      clock.advance(10h);
      ASSERT_TRUE(store->close_days_before(today()));
      deleted += store->delete_before(today() - days(30)) ? 1 : 0;
    }
  }
  EXPECT_GE(deleted, 2U) << "once in three days of work";
}

TEST_F(RetentionTest, AJumpWhileTheHubWasStoppedIsSeen) {
  store.reset();
  clock.set(clock.now() + 400 * 24h);
  TestStore::open();
  EXPECT_TRUE(store->delete_before(today() - days(30)).error().is(clock_not_believed));
  EXPECT_EQ(store->days()->size(), 40U);
}

}  // namespace
}  // namespace luy::evidence
