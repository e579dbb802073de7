// Goal: of a damaged day everything that a signed checkpoint still vouches for is proved, what can only be read is said
// to be no more than that, what is lost is named, nothing is ever made up, and the original stays as it is. Method: a
// real day of several blocks, harmed as disks and people do it: bits turned over, cut, pages gone, a torn log.
#include "evidence/salvage.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/file.h"
#include "base/random.h"
#include "evidence/error.h"
#include "evidence/leaf_stream.h"
#include "evidence/sqlite.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t file_bytes_max = std::size_t{256} << 20;

// Three days, made once; the second has three blocks and is the one harmed.
struct Original : TestStore {
  Original() {
    TestStore::open();
    SeededRandom random(23);
    for (const int lines : {90, 1600, 30}) {
      for (int i = 0; i < lines; ++i) {
        std::string line = "host sshd[" + std::to_string(i) + "]: ";
        // They do not compress, so that there are blocks.
        while (lines == 1600 && line.size() < 12'500) line += std::to_string(random.next());
        EXPECT_TRUE(add({line}));
        if (i % 100 == 0) {
          EXPECT_TRUE(store->checkpoint());
          clock.advance(1min);
        }
      }
      EXPECT_TRUE(store->checkpoint());
      clock.advance(lines == 30 ? Duration(0) : Duration(24h));
      EXPECT_TRUE(store->close_days_before(day_of(clock.now())));
    }
    EXPECT_TRUE(store->checkpoint());
    first = store->days()->at(1).first_seq;
    end = store->days()->at(2).first_seq;
    EXPECT_TRUE(store->replay(0, [&](const Record& record) { return leaves.push_back(leaf_data(record)), true; }));
    closing = (*store->archive()->checkpoints(end + 1, 1)).front().checkpoint;
    file = store_folder() / (to_iso(store->days()->at(1).day) + ".sqlite");
    const auto reader = *DayReader::open(file, true);
    for (std::uint64_t at = first; at < end;) {
      const SegmentRow row = **reader->segment_at(at);
      blocks.push_back({row.head.first_seq, row.head.count});
      Statement body = *reader->connection().prepare("SELECT body FROM block WHERE first_seq = ?");
      body.bind(1, row.head.first_seq);
      EXPECT_TRUE(*body.step());
      const std::string_view whole = body.blob(0);
      middles.emplace_back(whole.substr(whole.size() / 2, 48));
      at = blocks.back().end();
    }
    store.reset();
    bytes = *read_file(file, file_bytes_max);
    EXPECT_GE(blocks.size(), 3U);
  }
  // Where the middle of a block's body stands in the file; the piece may be cut by the end of a page.
  std::size_t middle_of(std::size_t block) const {
    const std::size_t found = bytes.find(middles[block].substr(0, 16));
    EXPECT_NE(found, std::string::npos);
    return found;
  }
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::vector<std::string> leaves;
  Checkpoint closing;
  fs::path file;
  std::vector<SeqRange> blocks;
  std::vector<std::string> middles;
  std::string bytes;
};

struct SalvageTest : testing::Test {
  static Original& original() {
    static Original made;
    return made;
  }
  // The second day with these bytes, in a folder without its neighbours.
  fs::path harmed(const std::string& bytes) {
    const fs::path out = folder.path() / original().file.filename();
    std::ofstream(out, std::ios::binary | std::ios::trunc) << bytes;
    return out;
  }
  Salvage salvaged(const fs::path& file, SalvageOptions options = {}) {
    if (options.keys.empty()) options.keys = {*VerifierKey::parse(original().signer->vkey())};
    std::error_code ignored;
    fs::remove_all(to(), ignored);
    const std::string before = *read_file(file, file_bytes_max);
    const auto found = salvage(file, to(), options);
    EXPECT_TRUE(found) << found.error().text();
    EXPECT_EQ(*read_file(file, file_bytes_max), before) << "the original is untouched";
    if (!found) return {};
    check(*found);
    return *found;
  }
  fs::path to() const { return folder.path() / "salvaged"; }

  std::map<std::uint64_t, std::string> records(std::string_view name) const {
    std::map<std::uint64_t, std::string> out;
    const auto read = read_leaves(to() / name, [&](std::string_view leaf) -> Result<bool> {
      out.emplace(parse_leaf_data(leaf)->seq, leaf);
      return true;
    });
    EXPECT_TRUE(read) << read.error().text();
    return out;
  }
  VerifySummary verified(VerifyOptions options = {}) {
    if (options.keys.empty()) options.keys = {*VerifierKey::parse(original().signer->vkey())};
    faults.clear();
    options.report = [&](const Finding& finding) {
      if (finding.is_fault) faults.emplace_back(finding.error.name());
    };
    const auto found = verify_salvage(to(), options);
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : VerifySummary();
  }

  // What is true of every salvage: each record of the day is proved, readable or lost, and what is given as proved is
  // what was stored.
  void check(const Salvage& found) {
    const auto proved = records(salvage_proved);
    const auto readable = records(salvage_readable);
    EXPECT_EQ(proved.size(), found.proved);
    EXPECT_EQ(readable.size(), found.readable);
    for (const auto& [seq, leaf] : proved) {
      ASSERT_LT(seq, original().leaves.size());
      ASSERT_EQ(leaf, original().leaves[seq]) << seq;
    }
    std::uint64_t gone = 0;
    for (const LostRange& one : found.lost_ranges) gone += one.records.count;
    EXPECT_EQ(found.lost, gone) << "nothing was withheld here";
    EXPECT_EQ(proved.size() + readable.size() + gone, found.end - found.first);
    if (found.proved == 0) return;
    const VerifySummary summary = verified();
    EXPECT_EQ(summary.faults, 0U) << (faults.empty() ? "" : faults.front());
    EXPECT_EQ(summary.records, found.proved);
    const auto proof = prove_salvaged(to(), proved.rbegin()->first);
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_EQ(leaf_data(proof->record), proved.rbegin()->second);
  }
  std::uint64_t count() const { return original().end - original().first; }

  TemporaryFolder folder;
  std::vector<std::string> faults;
};

TEST_F(SalvageTest, AWholeDayIsProvedWhole) {
  const Salvage found = salvaged(original().file, {.with_list = true});
  EXPECT_EQ(found.proved, count());
  EXPECT_EQ(found.readable + found.lost, 0U);
  EXPECT_FALSE(found.is_cut);
  EXPECT_EQ(found.proofs.front().size, original().end);
  EXPECT_EQ(found.proofs.front().root, original().closing.root);
  const std::string list = *read_file(to() / salvage_proved_list, file_bytes_max);
  EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), static_cast<std::ptrdiff_t>(count()));
  EXPECT_EQ(verified({.notes = {original().closing.note}}).faults, 0U);
  const auto refused = salvage(original().file, to(), {});
  ASSERT_FALSE(refused) << "something lies there";
  EXPECT_TRUE(refused.error().is(file_failed));
}

TEST_F(SalvageTest, OneBadBlockCostsItselfAndTheEdgesOfItsNeighbours) {
  for (const std::size_t block : {std::size_t{0}, std::size_t{1}, original().blocks.size() - 1}) {
    std::string bytes = original().bytes;
    bytes[original().middle_of(block)] ^= 0x20;
    const Salvage found = salvaged(harmed(bytes));
    const SeqRange bad = original().blocks[block];
    ASSERT_EQ(found.lost_ranges.size(), 1U) << block;
    EXPECT_EQ(found.lost_ranges[0].records, bad);
    EXPECT_EQ(found.lost_ranges[0].cause, LossCause::damaged);
    EXPECT_EQ(found.lost_ranges[0].from, parse_leaf_data(original().leaves[bad.first])->received);
    EXPECT_EQ(found.lost_ranges[0].until, parse_leaf_data(original().leaves[bad.end() - 1])->received);
    EXPECT_LT(found.readable, 512U) << "those whose path needs a lost leaf: fewer than a group at each end";
    EXPECT_EQ(found.proofs.front().size, original().end) << "also of the last block: the head knows how the tree ends";
    const std::string report = *read_file(to() / salvage_report, 1 << 20);
    EXPECT_NE(report.find(std::to_string(bad.first) + "–" + std::to_string(bad.end() - 1)), std::string::npos);
    EXPECT_NE(report.find("khối dữ liệu hỏng"), std::string::npos);
    EXPECT_NE(report.find("their block is damaged"), std::string::npos);
  }
}

TEST_F(SalvageTest, WhatWasCutOffIsNamedAndTheRestProvedByAnOlderCheckpoint) {
  for (const int percent : {95, 75, 55}) {
    const Salvage found = salvaged(harmed(original().bytes.substr(0, original().bytes.size() * percent / 100 + 77)));
    EXPECT_TRUE(found.is_cut);
    EXPECT_GT(found.proved, 0U) << percent;
    EXPECT_GT(found.lost, 0U);
    EXPECT_LE(found.readable, 100U) << "checkpoints come often";
    EXPECT_EQ(found.end, original().end) << "the signed checkpoint says how many there were";
    EXPECT_EQ(found.lost_ranges.back().records.end(), original().end);
  }
}

TEST_F(SalvageTest, WithoutTheFilesHeadTheRecordsAreFound) {
  std::string bytes = original().bytes;
  std::fill_n(bytes.begin(), 4096, '\0');
  const fs::path file = harmed(bytes);
  EXPECT_FALSE(DayReader::open(file, true)) << "SQLite refuses the file";
  EXPECT_EQ(salvaged(file).proved, count());
}

TEST_F(SalvageTest, WithoutItsTablesADayIsProvedByTheDaysBesideItAndACheckpointKeptElsewhere) {
  std::string bytes = original().bytes;
  std::fill_n(bytes.begin(), std::size_t{4096} * 12, '\0');
  const fs::path file = harmed(bytes);
  const Salvage alone = salvaged(file);
  EXPECT_EQ(alone.proved, 0U) << "nobody says where in the tree it stands";
  EXPECT_GT(alone.readable, count() / 2);
  EXPECT_TRUE(alone.proofs.empty());
  EXPECT_NE(read_file(to() / salvage_report, 1 << 20)->find("không bản ghi nào chứng minh được"), std::string::npos);
  for (const auto& entry : fs::directory_iterator(original().store_folder())) {
    const fs::path there = folder.path() / entry.path().filename();
    if (entry.path().extension() == ".sqlite" && !fs::exists(there)) fs::copy_file(entry.path(), there);
  }
  const Salvage found = salvaged(file, {.notes = {original().closing.note}});
  EXPECT_EQ(found.proved + found.readable + found.lost, count());
  EXPECT_GT(found.proved, count() / 3);
  EXPECT_EQ(found.origin, test_origin);
}

TEST_F(SalvageTest, RandomDamageNeverMakesUpARecord) {
  SeededRandom random(77);
  for (int i = 0; i < 10; ++i) {
    std::string bytes = original().bytes;
    for (std::uint64_t flips = 1 + random.next() % 4; flips > 0; --flips) {
      bytes[random.next() % bytes.size()] ^= static_cast<char>(1U << random.next() % 8);
    }
    if (i % 3 == 2) {
      const std::size_t at = random.next() % bytes.size() & ~std::size_t{511};
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(65'536, bytes.size() - at),
                  static_cast<char>(random.next()));
    }
    salvaged(harmed(bytes));
    if (HasFatalFailure()) return;
  }
}

TEST_F(SalvageTest, ARecordThatWasChangedIsReadableAndNotProved) {
  const fs::path file = harmed(original().bytes);
  {
    auto connection = Connection::open(file, Connection::Mode::write);
    ASSERT_TRUE(connection);
    // Another source for every record of the second block: it still decodes.
    ASSERT_TRUE(
        connection->run("UPDATE block SET sources = replace(CAST(sources AS TEXT), 'agency', 'Agency') WHERE "
                        "first_seq = (SELECT first_seq FROM block LIMIT 1 OFFSET 1)"));
    ASSERT_TRUE(connection->run("UPDATE block SET sources = CAST(sources AS BLOB)"));
  }
  const Salvage found = salvaged(file);
  EXPECT_EQ(found.lost, 0U);
  EXPECT_GE(found.readable, original().blocks[1].count);
  EXPECT_GT(found.proved, 0U);
}

TEST_F(SalvageTest, OfATornLogWhatWasCommittedIsProved) {
  TestStore open_day;
  open_day.TestStore::open();
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(open_day.add({"line " + std::to_string(i) + std::string(300, 'x')}));
    if (i % 50 == 49) {
      ASSERT_TRUE(open_day.store->checkpoint());
    }
  }
  fs::path file;
  for (const auto& entry : fs::directory_iterator(open_day.store_folder())) {
    if (entry.path().extension() == ".sqlite") file = entry.path();
  }
  const fs::path copy = folder.path() / file.filename();
  fs::copy_file(file, copy);
  const std::string log = *read_file(file.string() + "-wal", file_bytes_max);
  std::vector<std::string> leaves;
  ASSERT_TRUE(open_day.store->replay(0, [&](const Record& r) { return leaves.push_back(leaf_data(r)), true; }));
  std::uint64_t before = 0;
  for (const int percent : {30, 55, 80, 100}) {
    std::ofstream(copy.string() + "-wal", std::ios::binary | std::ios::trunc)
        << log.substr(0, log.size() * static_cast<std::size_t>(percent) / 100);
    std::error_code ignored;
    fs::remove_all(to(), ignored);
    const auto found = salvage(copy, to(), {.keys = {*VerifierKey::parse(open_day.signer->vkey())}});
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_GE(found->proved + found->readable, before);
    before = found->proved + found->readable;
    for (const std::string_view name : {salvage_proved, salvage_readable}) {
      for (const auto& [seq, leaf] : records(name)) ASSERT_EQ(leaf, leaves.at(seq));
    }
  }
  EXPECT_EQ(before, leaves.size());
}

TEST_F(SalvageTest, TheFolderIsRefusedWhenAnythingInItWasChanged) {
  salvaged(original().file);
  const std::string proof = *read_file(to() / salvage_proof, 64 << 20);
  const auto rewrite = [&](const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  };
  const SeqRange range{original().first, count()};
  const auto write_leaves = [&](const std::function<std::string(std::uint64_t, std::string)>& change) {
    fs::remove(to() / salvage_proved);
    auto writer = LeafWriter::create(to() / salvage_proved);
    ASSERT_TRUE(writer);
    for (std::uint64_t seq = range.first; seq < range.end(); ++seq) {
      const std::string leaf = change(seq, original().leaves[seq]);
      if (!leaf.empty()) {
        ASSERT_TRUE(writer->add(leaf));
      }
    }
    ASSERT_TRUE(writer->finish());
  };
  write_leaves([](std::uint64_t, std::string leaf) { return leaf; });
  EXPECT_EQ(verified().faults, 0U);
  write_leaves([&](std::uint64_t seq, std::string leaf) {
    if (seq == range.first + 700) leaf.back() = static_cast<char>(leaf.back() ^ 1);
    return leaf;
  });
  EXPECT_GT(verified().faults, 0U) << "another byte";
  write_leaves([&](std::uint64_t seq, std::string leaf) { return seq == range.first + 700 ? "" : leaf; });
  EXPECT_GT(verified().faults, 0U) << "one is missing";
  write_leaves([](std::uint64_t, std::string leaf) { return leaf; });
  std::string other = proof;
  other[other.find('\n') + 8] ^= 1;
  rewrite(to() / salvage_proof, other);
  const auto bad_node = verify_salvage(to(), {.keys = {*VerifierKey::parse(original().signer->vkey())}});
  EXPECT_TRUE(!bad_node || bad_node->faults > 0);
  rewrite(to() / salvage_proof, proof.substr(0, proof.size() / 2));
  EXPECT_FALSE(verify_salvage(to(), {}));
  rewrite(to() / salvage_proof, proof);
  TestStore stranger;
  EXPECT_GT(verified({.keys = {*VerifierKey::parse(stranger.signer->vkey())}}).faults, 0U) << "another key";
  EXPECT_EQ(verified().faults, 0U);
  EXPECT_FALSE(prove_salvaged(to(), original().end));
}

TEST_F(SalvageTest, WhatIsNoDayIsRefused) {
  for (const std::string& bytes : {std::string(), std::string("hello"), std::string(100'000, 'x')}) {
    const auto refused = salvage(harmed(bytes), to(), {});
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().is(store_corrupt));
    EXPECT_FALSE(fs::exists(to()));
  }
  EXPECT_TRUE(salvage(folder.path() / "absent.sqlite", to(), {}).error().is(file_not_found));
}

TEST(PartialTree, GivesTheRootAsLongAsWhatIsMissingIsKnownAsNodes) {
  LeafHasher hasher;
  const auto leaf = [&](std::uint64_t seq) {
    const std::string raw = std::to_string(seq);
    return hasher.hash({seq, Time(), "s", 1, raw});
  };
  std::string stored;
  Frontier all;
  std::vector<Frontier> trees(1);
  for (std::uint64_t seq = 0; seq < 1500; ++seq) {
    all.add(hasher, leaf(seq), stored);
    trees.push_back(all);
  }
  const auto build = [&](std::uint64_t first, SeqRange gap, bool with_nodes) {
    PartialTree out;
    for (std::uint64_t seq = first; seq < 1500; ++seq) {
      if (seq < gap.first || seq >= gap.end()) out.add_leaf(seq, leaf(seq));
    }
    out.add_frontier(trees[first]);
    if (with_nodes) out.add_stored(0, 1500, stored);
    return out;
  };
  for (const std::uint64_t first : {0U, 1U, 255U, 256U, 700U}) {
    PartialTree whole = build(first, {}, false);
    for (std::uint64_t size = first; size <= 1500; size += 37) {
      ASSERT_EQ(whole.root(size), trees[size].root(hasher)) << first << ' ' << size;
      if (size > 0) {
        ASSERT_EQ(count_of(whole.covered(size).leaves), size - first);
      }
    }
  }
  PartialTree bridged = build(100, {300, 400}, true);
  EXPECT_EQ(bridged.root(1500), trees[1500].root(hasher));
  EXPECT_EQ(bridged.root(300), trees[300].root(hasher));
  EXPECT_FALSE(bridged.root(350));
  const PartialTree::Covered covered = bridged.covered(1500);
  // The first group begins before the day and is whole; of the two that the gap cuts into nothing is proved.
  EXPECT_EQ(covered.leaves, (std::vector<SeqRange>{{100, 156}, {768, 732}}));
  PartialTree open = build(100, {300, 400}, false);
  EXPECT_FALSE(open.root(1500));
  EXPECT_EQ(open.root(300), trees[300].root(hasher));
}

}  // namespace
}  // namespace luy::evidence
