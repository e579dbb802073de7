// Goal: damage to an older day costs what is damaged and nothing else: the store opens, the rest is found, counted,
// replayed and proved, and it is said what cannot be read.
// Method: three days, one of them harmed through SQLite or overwritten; the store opened on them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/random.h"
#include "evidence/error.h"
#include "evidence/sqlite.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct OlderDamageTest : testing::Test, TestStore {
  // The second day has more than one block, and the tree's great subtrees end in it.
  void SetUp() override {
    TestStore::open();
    SeededRandom random(11);
    for (const int lines : {300, 900, 50}) {
      begins.push_back(store->size());
      for (int i = 0; i < lines; i += 50) {
        std::vector<std::string> batch(50);
        for (std::string& line : batch) {
          line = "line of day-" + std::to_string(begins.size()) + ' ';
          while (lines == 900 && line.size() < 12'000) line += std::to_string(random.next()) + ' ';
        }
        ASSERT_TRUE(add(batch));
      }
      ASSERT_TRUE(store->checkpoint());
      if (lines == 50) break;
      clock.advance(24h);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    }
    store.reset();
  }
  fs::path day(int n) const { return store_folder() / ("2026-11-2" + std::to_string(1 + n) + ".sqlite"); }
  void edit(const char* sql) {
    fs::permissions(day(2), fs::perms(0600));
    auto connection = Connection::open(day(2), Connection::Mode::write);
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->run(sql));
  }
  std::set<std::uint64_t> found(const SearchQuery& query, SearchStats& stats) {
    std::set<std::uint64_t> out;
    const auto done = store->search(query, {}, [&](const Record& record) {
      out.insert(record.seq);
      return Visit::keep;
    });
    EXPECT_TRUE(done) << done.error().text();
    if (done) stats = *done;
    return out;
  }
  // What is not damaged is found, and all else is said to be damaged.
  void expect_the_rest() {
    const SearchQuery all{.limit = 100'000};
    SearchStats stats;
    const auto seqs = found(all, stats);
    EXPECT_TRUE(stats.complete);
    EXPECT_EQ(stats.reached, 0U);
    EXPECT_GT(stats.damaged.records, 0U);
    EXPECT_EQ(seqs.size() + stats.damaged.records, store->size());
    std::uint64_t ranges = 0;
    for (const DamagedRange& range : stats.damaged.ranges) {
      EXPECT_EQ(range.day, *day_from_iso("2026-11-23"));
      const std::uint64_t end = range.first_seq + range.count;
      for (std::uint64_t seq = range.first_seq; seq < end; ++seq) EXPECT_FALSE(seqs.contains(seq));
      EXPECT_FALSE(store->read(range.first_seq));
      EXPECT_FALSE(store->read(end - 1));
      ranges += range.count;
    }
    EXPECT_EQ(ranges, stats.damaged.records);
    EXPECT_EQ(found({.words = {"day-1"}, .limit = 100'000}, stats).size(), 300U);
    EXPECT_EQ(found({.words = {"day-3"}, .limit = 100'000}, stats).size(), 50U);
    // Who asks for another day is not troubled.
    found({.from = day_begin(*day_from_iso("2026-11-24")), .limit = 100'000}, stats);
    EXPECT_EQ(stats.damaged.records, 0U);

    for (const Duration bucket : {Duration(1s), Duration(24h)}) {
      const auto counts = store->counts(all, bucket, {});
      ASSERT_TRUE(counts) << counts.error().text();
      EXPECT_EQ(counts->total + counts->damaged.records, store->size());
    }
    std::size_t replayed = 0;
    ASSERT_TRUE(store->replay(0, [&](const Record&) { return ++replayed, true; }));
    EXPECT_EQ(replayed, seqs.size());
  }
  std::vector<std::uint64_t> begins;
};

TEST_F(OlderDamageTest, ADamagedBlockIsPassedOverAndTold) {
  const struct {
    const char* what;
    const char* sql;
  } table[] = {
      {"a body overwritten", "UPDATE block SET body = zeroblob(length(body)) WHERE first_seq = %"},
      {"a head that cannot be", "UPDATE block SET received_last = received_first - 1 WHERE first_seq = %"},
      {"nodes cut off", "UPDATE block SET nodes = x'00' WHERE first_seq = %"},
      {"a block of a newer version", "UPDATE block SET kind = 9 WHERE first_seq = %"},
      {"a block lost", "DELETE FROM block WHERE first_seq = %"},
  };
  fs::copy_file(day(2), folder.path() / "good");
  for (const char* which : {"(SELECT min(first_seq) FROM block)", "(SELECT max(first_seq) FROM block)"}) {
    for (const auto& [what, sql] : table) {
      SCOPED_TRACE(std::string(what) + which);
      fs::permissions(day(2), fs::perms(0600));
      fs::copy_file(folder.path() / "good", day(2), fs::copy_options::overwrite_existing);
      std::string text = sql;
      text.replace(text.find('%'), 1, which);
      edit(text.c_str());
      TestStore::open();
      expect_the_rest();
      store.reset();
    }
  }
}

TEST_F(OlderDamageTest, ADamagedIndexOfABlockHidesNothing) {
  edit("UPDATE block SET histogram = x'3c', filter = x''");
  TestStore::open();
  const auto counts = store->counts({}, 24h, {});
  ASSERT_TRUE(counts) << counts.error().text();
  EXPECT_EQ(counts->total, store->size());
  SearchStats stats;
  EXPECT_EQ(found({.words = {"day-2"}, .limit = 100'000}, stats).size(), 900U);
}

TEST_F(OlderDamageTest, ADayThatCannotBeOpenedIsShownAndTheStoreGoesOn) {
  for (const std::string_view bytes :
       {std::string_view("no database at all, but long enough to be looked at as one"), std::string_view()}) {
    fs::permissions(day(2), fs::perms(0600));
    std::ofstream(day(2), std::ios::binary) << bytes;
    TestStore::open();
    const auto days = store->days();
    ASSERT_TRUE(days) << days.error().text();
    ASSERT_EQ(days->size(), 3U);
    for (const DayInfo& one : *days) EXPECT_EQ(one.damaged, one.day == *day_from_iso("2026-11-23"));
    EXPECT_EQ((*days)[1].first_seq, begins[1]);
    EXPECT_EQ((*days)[1].count, begins[2] - begins[1]);
    expect_the_rest();
    EXPECT_FALSE(store->coverage("device", *day_from_iso("2026-11-23"))) << "damaged, not empty";
    ASSERT_TRUE(add({"goes on"}));
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    ASSERT_TRUE(store->checkpoint());
    for (std::uint64_t seq = begins[2]; seq < store->size(); ++seq) {
      const auto proof = store->prove(seq);
      ASSERT_TRUE(proof) << seq << ": " << proof.error().text();
    }
    store.reset();
  }
}

TEST_F(OlderDamageTest, TheOldestDayMayBeTheDamagedOne) {
  fs::permissions(day(1), fs::perms(0600));
  std::ofstream(day(1), std::ios::binary) << "no database";
  TestStore::open();
  EXPECT_EQ(store->days()->front().damaged, true);
  ASSERT_TRUE(add({"goes on"}));
  std::size_t replayed = 0;
  ASSERT_TRUE(store->replay(0, [&](const Record&) { return ++replayed, true; }));
  EXPECT_EQ(replayed, store->size() - store->days()->at(1).first_seq);
}

// As a power cut leaves it in the middle of a change from or to the write-ahead log.
TEST_F(OlderDamageTest, AChangeThatAPowerCutLeftHalfDoneIsRolledBack) {
  const fs::path journal = day(3).string() + "-journal";
  {
    auto connection = Connection::open(day(3), Connection::Mode::write);
    ASSERT_TRUE(connection);
    ASSERT_TRUE(
        connection->run("PRAGMA journal_mode=DELETE; PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN IMMEDIATE"));
    ASSERT_TRUE(
        connection->run("UPDATE tail SET body = zeroblob(200000); UPDATE block SET body = zeroblob(200000); "
                        "CREATE TABLE more(x); INSERT INTO more VALUES(zeroblob(500000))"));
    fs::copy(day(3), folder.path() / "kept");
    ASSERT_TRUE(fs::exists(journal));
    fs::copy(journal, folder.path() / "kept-journal");
    ASSERT_TRUE(connection->run("ROLLBACK"));
  }
  fs::copy(folder.path() / "kept", day(3), fs::copy_options::overwrite_existing);
  fs::copy(folder.path() / "kept-journal", journal);
  TestStore::open();
  EXPECT_FALSE(fs::exists(journal));
  EXPECT_EQ(store->size() - begins[2], 50U);
  std::size_t read = 0;
  ASSERT_TRUE(store->replay(begins[2], [&](const Record&) { return ++read, true; }));
  EXPECT_EQ(read, store->size() - begins[2]);
}

TEST_F(OlderDamageTest, WithoutTheNewestDayNobodyKnowsWhereToGoOn) {
  std::ofstream(day(3), std::ios::binary) << "no database";
  EXPECT_TRUE(try_open().error().is(store_corrupt));
}

}  // namespace
}  // namespace luy::evidence
