// Goal: what append() acknowledged is there, once, in order, provable, after any restart and over any change of day.
// Method: a store in a temporary folder under a fake clock.
#include "evidence/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/file.h"
#include "base/random.h"
#include "evidence/merkle.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;

struct StoreTest : testing::Test, TestStore {
  void SetUp() override { TestStore::open(); }
};

// Filler that no compressor makes small: digits of a generator.
std::string noise(std::size_t bytes, std::uint64_t seed) {
  SeededRandom random(seed);
  std::string out;
  while (out.size() < bytes) out += std::to_string(random.next()) + " ";
  out.resize(bytes);
  return out;
}

TEST_F(StoreTest, KeepsWhatItAcknowledgedAcrossRestart) {
  const auto first = add({"one", "two"});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->first_seq, 0U);
  EXPECT_EQ(first->count, 2U);
  clock.advance(1s);
  ASSERT_TRUE(add({std::string("three\n\0four", 10), ""}));
  reopen();
  EXPECT_EQ(store->size(), 4U);
  const auto record = store->read(2);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->raw, std::string("three\n\0four", 10));
  EXPECT_EQ(record->source, "agency/device/journal");
  EXPECT_EQ(record->received, test_start() + 1s);
  EXPECT_TRUE(store->read(4).error().is(record_unknown));
}

TEST_F(StoreTest, StoresARepeatedBatchOnce) {
  const BatchKey key{"device", 7, 1};
  EXPECT_FALSE(add({"a"}, key)->duplicate);
  EXPECT_TRUE(add({"a"}, key)->duplicate);
  reopen();
  EXPECT_TRUE(add({"a"}, key)->duplicate);
  EXPECT_FALSE(add({"b"}, BatchKey{"device", 8, 1})->duplicate) << "another spool";
  EXPECT_FALSE(add({"c"}, BatchKey{"other", 7, 1})->duplicate) << "another sender";
  EXPECT_EQ(all_lines(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(StoreTest, RepeatedBatchAfterMidnightIsStillKnown) {
  const BatchKey key{"device", 7, 1};
  ASSERT_TRUE(add({"a"}, key));
  clock.advance(24h);
  EXPECT_TRUE(add({"a"}, key)->duplicate);
  ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  reopen();
  EXPECT_TRUE(add({"a"}, key)->duplicate);
  EXPECT_EQ(all_lines(), std::vector<std::string>{"a"});
}

TEST_F(StoreTest, SkippedBatchesAreCountedAndRecorded) {
  ASSERT_TRUE(add({"a"}, BatchKey{"device", 7, 1}));
  const auto answer = add({"b"}, BatchKey{"device", 7, 5});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->missing, 3U);
  const auto note = store->read(answer->first_seq - 1);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->transport, 6);
  EXPECT_EQ(note->source, "agency/device/hub");
  EXPECT_EQ(note->raw,
            R"({"note":"gap","sender":"device","spool":"0000000000000007","first_missing":2,"last_missing":4})");
  const auto coverage = store->coverage("device", day_of(clock.now()));
  ASSERT_TRUE(coverage && *coverage);
  EXPECT_EQ((*coverage)->records, 2U);
  EXPECT_EQ((*coverage)->missing_batches, 3U);
}

TEST_F(StoreTest, LateBatchFillsTheGapInsteadOfBeingTakenForARepetition) {
  ASSERT_TRUE(add({"a"}, BatchKey{"device", 7, 1}));
  ASSERT_TRUE(add({"d"}, BatchKey{"device", 7, 4}));
  reopen();
  EXPECT_FALSE(add({"c"}, BatchKey{"device", 7, 3})->duplicate);
  EXPECT_TRUE(add({"c"}, BatchKey{"device", 7, 3})->duplicate);
  EXPECT_FALSE(add({"b"}, BatchKey{"device", 7, 2})->duplicate);
  EXPECT_EQ((*store->coverage("device", day_of(clock.now())))->missing_batches, 0U);
  EXPECT_EQ(all_lines(), (std::vector<std::string>{"a", "d", "c", "b"}));
}

TEST_F(StoreTest, ANumberWithOtherContentIsNeitherAcknowledgedNorStored) {
  const auto key = [](std::uint64_t number, std::string_view content) {
    return BatchKey{"device", 7, number, Senders::digest_of(content)};
  };
  for (std::uint64_t number = 1; number <= digests_per_spool_max + 1; ++number) {
    ASSERT_TRUE(add({"old"}, key(number, "old")));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(add({"old"}, key(digests_per_spool_max + 1, "old"))->duplicate);
    const auto other = add({"new"}, key(digests_per_spool_max, "new"));
    EXPECT_TRUE(other->conflict);
    EXPECT_FALSE(other->duplicate);
    EXPECT_TRUE(add({"old"}, key(1, "old"))->conflict) << "so old that its content is not known";
    const std::uint64_t size = store->size();
    EXPECT_TRUE(add({"old"}, key(1, "old"))->conflict);
    EXPECT_EQ(store->size(), size) << "one note for each number";
    const auto note = store->read(size - 1);
    EXPECT_EQ(note->source, "agency/device/hub");
    EXPECT_EQ(note->raw, R"({"note":"conflict","sender":"device","spool":"0000000000000007","number":1})");
    clock.advance(24h);
    reopen();
  }
  EXPECT_FALSE(add({"new"}, key(digests_per_spool_max + 2, "new"))->conflict);
}

TEST_F(StoreTest, ABatchThatComesAfterMidnightFillsTheGapOfItsDay) {
  const Day first = day_of(clock.now());
  ASSERT_TRUE(add({"d"}, BatchKey{"device", 7, 4}));
  EXPECT_EQ((*store->coverage("device", first))->missing_batches, 3U);
  clock.advance(24h);
  const Day second = day_of(clock.now());
  ASSERT_TRUE(add({"f"}, BatchKey{"device", 7, 6}));
  ASSERT_TRUE(store->close_days_before(second));
  ASSERT_TRUE(add({"b"}, BatchKey{"device", 7, 2}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ((*store->coverage("device", first))->missing_batches, 2U);
    EXPECT_EQ((*store->coverage("device", second))->missing_batches, 1U);
    reopen();
  }
  ASSERT_TRUE(add({"e"}, BatchKey{"device", 7, 5}));
  EXPECT_EQ((*store->coverage("device", second))->missing_batches, 0U);
  clock.advance(24h);
  ASSERT_TRUE(add({"c"}, BatchKey{"device", 7, 3}));
  EXPECT_EQ((*store->coverage("device", first))->missing_batches, 1U);
}

TEST_F(StoreTest, DroppedRecordsAreRecorded) {
  Store::Batch batch{BatchKey{"device", 7, 1}, {{"agency/device/x", 2, "line"}}, 12};
  ASSERT_TRUE(store->append({&batch, 1}));
  EXPECT_EQ((*store->coverage("device", day_of(clock.now())))->dropped_records, 12U);
  EXPECT_NE(store->read(0)->raw.find(R"("note":"dropped")"), std::string::npos);
}

TEST_F(StoreTest, ABatchNumberOutOfRangeIsRefusedAndHarmless) {
  EXPECT_TRUE(add({"a"}, BatchKey{"device", 7, 0}).error().is(record_invalid));
  EXPECT_TRUE(add({"a"}, BatchKey{"device", 7, ~std::uint64_t{0}}).error().is(record_invalid));
  EXPECT_TRUE(add({std::string(record_bytes_max + 1, 'x')}).error().is(record_invalid));
  EXPECT_EQ(store->size(), 0U);
  EXPECT_TRUE(add({"a"}, BatchKey{"device", 7, 1}));
}

TEST_F(StoreTest, SealsBlocksAndReadsEveryRecordBack) {
  std::vector<std::string> want;
  for (int i = 0; i < 60; ++i) {
    std::vector<std::string> lines;
    for (int k = 0; k < 20; ++k) lines.push_back(noise(10'000, static_cast<std::uint64_t>(i * 100 + k)));
    want.insert(want.end(), lines.begin(), lines.end());
    ASSERT_TRUE(add(lines, BatchKey{"device", 1, static_cast<std::uint64_t>(i + 1)}));
    clock.advance(1s);
  }
  EXPECT_EQ(all_lines(), want);
  reopen();
  EXPECT_EQ(all_lines(), want);
  ASSERT_TRUE(store->checkpoint());
  for (const std::uint64_t seq : {0, 1, 255, 256, 511, 700, 1198, 1199}) {
    const auto proof = store->prove(seq);
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_EQ(proof->record.raw, want[seq]);
  }
}

TEST_F(StoreTest, OneCallMayHoldMoreThanABlock) {
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < 12; ++i) lines.push_back(noise(record_bytes_max, i));
  ASSERT_TRUE(add(lines));
  ASSERT_TRUE(add({"after"}));
  lines.emplace_back("after");
  EXPECT_EQ(all_lines(), lines);
  reopen();
  EXPECT_EQ(all_lines(), lines);
}

TEST_F(StoreTest, ProofsHoldAcrossDaysAndRestarts) {
  LeafHasher hasher;
  for (int day = 0; day < 4; ++day) {
    for (int i = 0; i < 50; ++i) {
      std::vector<std::string> lines;
      for (int k = 0; k < 7; ++k) lines.push_back("line " + std::to_string(day * 1000 + i * 10 + k));
      ASSERT_TRUE(add(lines));
      clock.advance(1s);
    }
    ASSERT_TRUE(store->checkpoint());
    if (day == 1) reopen();
    clock.advance(24h);
    if (day == 2) continue;
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  }
  const auto last = store->checkpoint();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->size, store->size());
  for (std::uint64_t seq = 0; seq < store->size(); ++seq) {
    const auto proof = store->prove(seq);
    ASSERT_TRUE(proof) << seq << proof.error().text();
    EXPECT_EQ(*root_of_path(hasher, seq, last->size, proof->leaf, proof->path), last->root);
  }
}

TEST_F(StoreTest, CheckpointIsSignedStoredAndOnlyMadeWhenTheTreeGrew) {
  EXPECT_TRUE(store->checkpoint().error().is(store_empty));
  ASSERT_TRUE(add({"a"}));
  EXPECT_TRUE(store->prove(0).error().is(not_covered));
  const auto first = store->checkpoint();
  ASSERT_TRUE(first);
  EXPECT_TRUE(verify_note(first->note, {*VerifierKey::parse(signer->vkey())}));
  EXPECT_EQ(store->checkpoint()->note, first->note);
  ASSERT_TRUE(add({"b"}));
  EXPECT_TRUE(store->prove(1).error().is(not_covered));
  const auto second = store->checkpoint();
  EXPECT_EQ(second->size, 2U);
  reopen();
  EXPECT_EQ(store->last_checkpoint()->note, second->note);
}

TEST_F(StoreTest, ClosedDayIsAPlainReadOnlyFileWithItsDigest) {
  ASSERT_TRUE(add({"a"}));
  const auto file = store_folder() / "2026-11-22.sqlite";
  EXPECT_TRUE(std::filesystem::exists(file.string() + "-wal"));
  clock.advance(24h);
  ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  EXPECT_FALSE(std::filesystem::exists(file.string() + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(file.string() + "-shm"));
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0440));
  const auto days = store->days();
  ASSERT_TRUE(days);
  ASSERT_EQ(days->size(), 1U);
  EXPECT_TRUE(days->front().closed);
  EXPECT_EQ(days->front().count, 2U) << "the record and the hub's note about the day's end";
  EXPECT_EQ(*read_file(file.string() + ".sha256", 1000), days->front().sha256 + "  2026-11-22.sqlite\n");
  EXPECT_EQ(store->last_checkpoint()->size, 2U);
}

TEST_F(StoreTest, ReceiptNeverGoesBackWithTheClock) {
  ASSERT_TRUE(add({"a"}));
  clock.set(test_start() - 1h);
  ASSERT_TRUE(add({"b"}));
  clock.advance(1min);
  ASSERT_TRUE(add({"c"}));
  EXPECT_EQ(store->size(), 4U) << "one note about the clock";
  EXPECT_NE(store->read(1)->raw.find("clock_behind"), std::string::npos);
  EXPECT_EQ(store->read(3)->received, test_start());
  clock.set(test_start() - 48h);
  ASSERT_TRUE(add({"d"}));
  EXPECT_EQ(store->days()->size(), 1U) << "no file for a day that is past";
}

TEST_F(StoreTest, ClockBackOverMidnightDoesNotReopenAClosedDay) {
  ASSERT_TRUE(add({"a"}));
  clock.advance(24h);
  ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  clock.set(test_start() + 1h);
  ASSERT_TRUE(add({"b"}));
  const auto days = store->days();
  ASSERT_EQ(days->size(), 2U);
  EXPECT_EQ(days->back().day, *day_from_iso("2026-11-23"));
}

TEST_F(StoreTest, SecondProcessIsRefused) {
  const auto second = try_open();
  EXPECT_TRUE(second.error().is(store_in_use));
}

TEST_F(StoreTest, AnotherOriginIsRefused) {
  ASSERT_TRUE(add({"a"}));
  store.reset();
  signer = *FileNoteSigner::load(folder.path() / "key.pem", "luy/other");
  EXPECT_TRUE(try_open().error().is(origin_changed));
}

TEST_F(StoreTest, RetentionBelowTheFloorIsRefused) {
  store.reset();
  EXPECT_TRUE(try_open(29).error().is(retention_floor));
  ASSERT_TRUE(try_open(30));
}

std::vector<std::string> found(const Store& store, const SearchQuery& query) {
  std::vector<std::string> out;
  const auto stats = store.search(query, {}, [&](const Record& record) {
    out.push_back(record.raw);
    return Visit::keep;
  });
  EXPECT_TRUE(stats);
  return out;
}

TEST_F(StoreTest, SearchFindsByWordsSourceAndTimeNewestFirst) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        add({"sshd: Failed password for Root from 10.1.2.3", "filler " + noise(3'000'000 / 4, 1)}, {}, "a/d1/auth"));
    clock.advance(1h);
    ASSERT_TRUE(add({"cron: job 10.1.2.30 ran", noise(900'000, 2)}, {}, "a/d2/cron"));
    clock.advance(7h);
  }
  const std::string fail = "sshd: Failed password for Root from 10.1.2.3";
  const std::string cron = "cron: job 10.1.2.30 ran";
  EXPECT_EQ(found(*store, {.words = {"10.1.2.3"}}), (std::vector<std::string>{fail, fail, fail}));
  EXPECT_EQ(found(*store, {.words = {"10.1.2.30"}}).size(), 3U);
  EXPECT_EQ(found(*store, {.substrings = {"10.1.2.3"}}),
            (std::vector<std::string>{cron, fail, cron, fail, cron, fail}));
  EXPECT_EQ(found(*store, {.words = {"failed PASSWORD"}}).size(), 3U) << "with a separator inside";
  EXPECT_EQ(found(*store, {.words = {"fail"}}).size(), 0U) << "a word is whole";
  EXPECT_EQ(found(*store, {.words = {"root", "ran"}}).size(), 0U) << "all words in one record";
  EXPECT_EQ(found(*store, {.source_prefix = "a/d2/", .words = {"cron"}}).size(), 3U);
  EXPECT_EQ(found(*store, {.source_prefixes = {"b/", "a/d1/"}, .substrings = {"10.1.2.3"}}).size(), 3U);
  EXPECT_EQ(found(*store, {.from = test_start() + 8h, .until = test_start() + 9h, .words = {"root"}}).size(), 1U);
  EXPECT_EQ(found(*store, {.words = {"root"}, .limit = 2}).size(), 2U);
}

TEST_F(StoreTest, SearchPagesWithoutGapsOrRepetition) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(add({"needle " + std::to_string(i)}));
  std::vector<std::string> all;
  std::optional<std::uint64_t> before;
  for (int page = 0; page < 20; ++page) {
    std::size_t count = 0;
    ASSERT_TRUE(store->search({.words = {"needle"}, .before_seq = before, .limit = 7}, {}, [&](const Record& record) {
      all.push_back(record.raw);
      before = record.seq;
      ++count;
      return Visit::keep;
    }));
    if (count < 7) break;
  }
  ASSERT_EQ(all.size(), 100U);
  EXPECT_EQ(all.front(), "needle 99");
  EXPECT_EQ(all.back(), "needle 0");
}

TEST_F(StoreTest, SearchStopsWhenAskedTo) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(add({"x"}));
  std::stop_source stop;
  stop.request_stop();
  const auto stats = store->search({}, stop.get_token(), [](const Record&) { return Visit::keep; });
  ASSERT_TRUE(stats);
  EXPECT_FALSE(stats->complete);
  EXPECT_EQ(stats->records_read, 0U);
}

TEST_F(StoreTest, InvalidQueriesAreRefused) {
  const auto visit = [](const Record&) { return Visit::keep; };
  const SearchQuery table[] = {{.words = {""}},
                               {.words = {std::string(query_word_bytes_max + 1, 'x')}},
                               {.words = std::vector<std::string>(query_words_max + 1, "x")},
                               {.from = test_start(), .until = test_start()},
                               {.limit = 0}};
  for (const SearchQuery& query : table) EXPECT_TRUE(store->search(query, {}, visit).error().is(query_invalid));
  EXPECT_TRUE(store->counts({}, Duration(1), {}).error().is(query_invalid));
}

TEST_F(StoreTest, CountsAgreeWithSearchWhetherFromBlocksOrFromRecords) {
  for (int i = 0; i < 48; ++i) {
    ASSERT_TRUE(
        add({"a " + noise(100'000, static_cast<std::uint64_t>(i)), "b", "c"}, {}, i % 3 == 0 ? "a/d1/x" : "a/d2/x"));
    clock.advance(17min);
  }
  for (const auto bucket : {Duration(1min), Duration(90s), Duration(1h), Duration(24h)}) {
    for (const std::string prefix : {"", "a/d1/"}) {
      const auto counts = store->counts({.source_prefix = prefix}, bucket, {});
      ASSERT_TRUE(counts);
      std::uint64_t total = 0;
      for (const CountBucket& b : counts->buckets) {
        const SearchQuery query{.from = b.begin, .until = b.begin + bucket, .source_prefix = prefix, .limit = 100'000};
        EXPECT_EQ(found(*store, query).size(), b.count);
        EXPECT_EQ((b.begin.time_since_epoch() + vietnam_offset) % bucket, Duration::zero());
        total += b.count;
      }
      EXPECT_EQ(total, counts->total);
      EXPECT_EQ(total, found(*store, {.source_prefix = prefix, .limit = 100'000}).size());
    }
  }
}

}  // namespace
}  // namespace luy::evidence
