// Goal: verification passes on what the store wrote and names every alteration, absence and truncation.
// Method: a store of several closed days, copied; then one thing done to the copy: bits flipped at random places with
// and without a recomputed digest, rows edited by SQL, files removed, cut, exchanged.
#include "evidence/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "evidence/archive.h"
#include "evidence/file_digest.h"
#include "evidence/sqlite.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct VerifyTest : testing::Test {
  // Three closed days of some 1,500 records in several blocks each, made once for all tests.
  static void SetUpTestSuite() {
    made = std::make_unique<TestStore>();
    made->open();
    SeededRandom random(1);
    std::uint64_t number = 0;
    for (int day = 0; day < 3; ++day) {
      for (int i = 0; i < 30; ++i) {
        std::vector<std::string> lines;
        for (int k = 0; k < 50; ++k) {
          std::string line = "sshd[" + std::to_string(random.next() % 30'000) + "]: Failed password from 10.1.2." +
                             std::to_string(random.next() % 250) + " id";
          while (line.size() < (i < 2 ? 10'000U : 120U)) line += ' ' + std::to_string(random.next());
          lines.push_back(std::move(line));
        }
        ASSERT_TRUE(made->add(lines, BatchKey{"device", 1, ++number}));
        const auto signed_now = i % 7 == 0 ? made->store->checkpoint() : Checkpoint{};
        ASSERT_TRUE(signed_now);
        made->clock.advance(10s);
      }
      if (day == 1) early_note = made->store->checkpoint()->note;
      made->clock.advance(24h - 5min);
      ASSERT_TRUE(made->store->close_days_before(day_of(made->clock.now())));
    }
    size = made->store->size();
    made->store.reset();
  }
  static void TearDownTestSuite() { made.reset(); }

  void SetUp() override {
    fs::create_directory(copy());
    for (const auto& entry : fs::directory_iterator(made->store_folder())) {
      if (!entry.is_regular_file() || entry.path().filename() == "lock") continue;
      fs::copy_file(entry.path(), copy() / entry.path().filename());
      fs::permissions(copy() / entry.path().filename(), fs::perms(0600));
    }
  }
  fs::path copy() const { return folder.path() / "copy"; }
  fs::path day(int n) const { return copy() / ("2026-11-2" + std::to_string(2 + n) + ".sqlite"); }

  // The names of all faults, and what verify_path() answered.
  std::set<std::string> faults(const fs::path& path, VerifyOptions options = {}) {
    std::set<std::string> out;
    if (options.keys.empty()) options.keys = {*VerifierKey::parse(made->signer->vkey())};
    options.report = [&](const Finding& finding) {
      if (finding.is_fault) out.emplace(finding.error.name());
      EXPECT_FALSE(finding.error.vi().empty());
    };
    const auto answer = verify_path(path, options);
    EXPECT_TRUE(answer) << answer.error().text();
    if (!answer) return out;
    EXPECT_EQ(answer->faults == 0, out.empty());
    summary = *answer;
    return out;
  }

  // As somebody with root would: the digest is made to fit again.
  void refresh_digest(const fs::path& file) {
    std::ofstream(file.string() + ".sha256") << digest_line(*file_sha256(file), file);
  }
  void edit(const fs::path& file, const std::string& sql) {
    {
      auto connection = Connection::open(file, Connection::Mode::write);
      ASSERT_TRUE(connection);
      const auto done = connection->run(sql.c_str());
      ASSERT_TRUE(done) << done.error().text();
    }
    refresh_digest(file);
  }

  static std::unique_ptr<TestStore> made;
  static std::string early_note;
  static std::uint64_t size;
  TemporaryFolder folder;
  VerifySummary summary;
};
std::unique_ptr<TestStore> VerifyTest::made;
std::string VerifyTest::early_note;
std::uint64_t VerifyTest::size = 0;

TEST_F(VerifyTest, PassesOnWhatTheStoreWrote) {
  EXPECT_EQ(faults(copy()), std::set<std::string>());
  EXPECT_EQ(summary.files, 3U);
  EXPECT_EQ(summary.records, size);
  EXPECT_EQ(summary.size, size);
  for (int n = 0; n < 3; ++n) EXPECT_EQ(faults(day(n)), std::set<std::string>()) << n;
  EXPECT_EQ(faults(copy(), {.notes = {early_note}}), std::set<std::string>());
}

TEST_F(VerifyTest, PassesOnReadOnlyMediaAndChangesNothing) {
  for (const auto& entry : fs::directory_iterator(copy())) fs::permissions(entry.path(), fs::perms(0444));
  fs::permissions(copy(), fs::perms(0555));
  EXPECT_EQ(faults(copy()), std::set<std::string>());
  fs::permissions(copy(), fs::perms(0755));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(copy())) ++files;
  EXPECT_EQ(files, 7U) << "three days, three digests, the clock";
}

TEST_F(VerifyTest, EveryFlippedBitIsDetected) {
  SeededRandom random(7);
  const auto bytes = fs::file_size(day(1));
  std::string original = *read_file(day(1), 64 << 20);
  for (int i = 0; i < 200; ++i) {
    const std::size_t at = random.next() % bytes;
    std::string altered = original;
    altered[at] = static_cast<char>(altered[at] ^ (1 << random.next() % 8));
    std::ofstream(day(1), std::ios::binary) << altered;
    ASSERT_NE(faults(day(1)), std::set<std::string>()) << "bit at byte " << at;
  }
}

// Without the digest: what a person with root could rewrite. Only bytes that mean nothing (unused space of a page) may
// pass, and then every record must still be the same.
TEST_F(VerifyTest, FlippedBitsAreDetectedWithoutTheDigestOrChangeNoRecord) {
  SeededRandom random(9);
  const auto bytes = fs::file_size(day(1));
  const std::string original = *read_file(day(1), 64 << 20);
  const auto records = [&] {
    std::vector<Record> out;
    const auto archive = Archive::open(day(1));
    if (!archive) return out;
    EXPECT_TRUE((*archive)->replay(0, [&](const Record& record) { return out.push_back(record), true; }));
    return out;
  };
  const std::vector<Record> want = records();
  ASSERT_GT(want.size(), 1000U);
  int unnoticed = 0;
  for (int i = 0; i < 100; ++i) {
    const std::size_t at = random.next() % bytes;
    std::string altered = original;
    altered[at] = static_cast<char>(altered[at] ^ (1 << random.next() % 8));
    std::ofstream(day(1), std::ios::binary) << altered;
    refresh_digest(day(1));
    if (!faults(day(1)).empty()) continue;
    ++unnoticed;
    EXPECT_EQ(records(), want) << "bit at byte " << at;
  }
  EXPECT_LT(unnoticed, 20);
}

TEST_F(VerifyTest, EditsByAPersonWithRootAreNamed) {
  const struct {
    const char* what;
    const char* sql;
    const char* finding;
  } table[] = {
      {"a block deleted", "DELETE FROM block WHERE first_seq = (SELECT max(first_seq) FROM block)",
       "verify.record_absent"},
      {"blocks deleted and the head adjusted",
       "UPDATE head SET size = (SELECT max(first_seq) FROM block); "
       "DELETE FROM block WHERE first_seq = (SELECT max(first_seq) FROM block)",
       "verify."},
      {"times shifted", "UPDATE block SET received_first = received_first - 1", "verify.block_altered"},
      {"a source renamed", "UPDATE block SET sources = replace(CAST(sources AS TEXT), 'device', 'devicf')",
       "verify.root_differs"},
      {"a day end's checkpoint deleted", "DELETE FROM note WHERE closing = 1", "verify.note_absent"},
      {"a checkpoint altered",
       "UPDATE note SET text = replace(text, '"
       "\n"
       "', ' ') WHERE closing = 0",
       "verify.note_invalid"},
      {"a root replaced", "UPDATE note SET text = (SELECT text FROM note ORDER BY size DESC LIMIT 1) WHERE closing = 0",
       "verify.note_invalid"},
      {"the filter emptied", "UPDATE block SET filter = zeroblob(length(filter))", "verify.index_altered"},
      {"the histogram altered", "UPDATE block SET histogram = x'3c'", "verify.index_altered"},
      {"nodes altered", "UPDATE block SET nodes = zeroblob(length(nodes))", "verify.nodes_altered"},
      {"coverage embellished", "UPDATE coverage SET records = records + 1", "verify.coverage_altered"},
      {"coverage emptied", "DELETE FROM coverage", "verify.coverage_altered"},
      {"reopened", "UPDATE head SET state = 0", "verify.unsealed"},
      {"totals altered", "UPDATE head SET raw_bytes = raw_bytes + 1", "verify.head_altered"},
      {"a view over the blocks", "CREATE VIEW v AS SELECT * FROM block", "verify.schema"},
      {"a view that never ends in the place of a table",
       "DROP TABLE meta; CREATE VIEW meta AS WITH RECURSIVE c(name, value) AS (SELECT 'x', 1 UNION ALL SELECT name, "
       "value FROM c) SELECT * FROM c",
       "verify.schema"},
      {"a trigger", "CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM block; END", "verify.schema"},
      {"rows from nowhere",
       "INSERT INTO tail SELECT first_seq + 1000000000, count, kind, received_first, received_last, raw_bytes, "
       "plain_bytes, sources, zeroblob(0), body FROM block LIMIT 1",
       "verify."},
      {"another day's name", "UPDATE meta SET value = '2026-11-25' WHERE name = 'day'", "verify.not_continued"},
      {"another tree", "UPDATE meta SET value = 'x' WHERE name = 'epoch'", "verify.not_continued"},
  };
  for (const auto& row : table) {
    fs::remove_all(copy());
    SetUp();
    edit(day(1), row.sql);
    const auto found = faults(copy());
    EXPECT_TRUE(std::ranges::any_of(found, [&](const std::string& name) { return name.starts_with(row.finding); }))
        << row.what << ": " << testing::PrintToString(found);
  }
}

TEST_F(VerifyTest, AbsentFilesAreNamed) {
  fs::remove(day(1));
  EXPECT_TRUE(faults(copy()).contains("verify.file_absent"));
  fs::remove(day(1).string() + ".sha256");
  EXPECT_TRUE(faults(copy()).contains("verify.record_absent"));
  fs::remove(day(2).string() + ".sha256");
  EXPECT_TRUE(faults(copy()).contains("verify.digest_absent"));
}

TEST_F(VerifyTest, TruncatedFilesAreNamed) {
  for (const auto keep : {std::uintmax_t{0}, std::uintmax_t{50}, std::uintmax_t{5000}, fs::file_size(day(2)) / 2,
                          fs::file_size(day(2)) - 1}) {
    fs::resize_file(day(2), keep);
    refresh_digest(day(2));
    EXPECT_NE(faults(day(2)), std::set<std::string>()) << keep;
    EXPECT_NE(faults(copy()), std::set<std::string>()) << keep;
    fs::remove(day(2));
    fs::copy_file(made->store_folder() / day(2).filename(), day(2));
    fs::permissions(day(2), fs::perms(0600));
  }
}

TEST_F(VerifyTest, ExchangedDaysAreNamed) {
  fs::rename(day(1), folder.path() / "x");
  fs::rename(day(2), day(1));
  fs::rename(folder.path() / "x", day(2));
  refresh_digest(day(1));
  refresh_digest(day(2));
  EXPECT_TRUE(faults(copy()).contains("verify.not_continued"));
}

TEST_F(VerifyTest, RollbackIsNamedByACheckpointKeptElsewhere) {
  for (int n = 1; n < 3; ++n) {
    fs::remove(day(n));
    fs::remove(day(n).string() + ".sha256");
  }
  EXPECT_EQ(faults(copy()), std::set<std::string>()) << "a shorter store is consistent in itself";
  EXPECT_TRUE(faults(copy(), {.notes = {early_note}}).contains("verify.rolled_back"));
}

TEST_F(VerifyTest, AnotherKeysSignatureIsRefused) {
  TestStore other;
  EXPECT_TRUE(faults(copy(), {.keys = {*VerifierKey::parse(other.signer->vkey())}}).contains("verify.note_invalid"));
}

// Whatever the verifier's own clock says: only the newest day may be open.
TEST_F(VerifyTest, OnlyTheNewestDayMayBeOpen) {
  TestStore live;
  live.open();
  ASSERT_TRUE(live.add({"a", "b"}));
  ASSERT_TRUE(live.store->checkpoint());
  ASSERT_TRUE(live.add({"c"}));
  std::set<std::string> found;
  VerifyOptions options{.keys = {*VerifierKey::parse(live.signer->vkey())}};
  options.report = [&](const Finding& finding) { found.emplace(finding.error.name()); };
  const auto found_now = verify_path(live.store_folder(), options);
  ASSERT_TRUE(found_now) << "beside the running store";
  EXPECT_EQ(found, (std::set<std::string>{"verify.open_day", "verify.unsigned_tail"}));
  EXPECT_EQ(found_now->records, 3U);
  EXPECT_EQ(found_now->unsigned_records, 1U);
  EXPECT_EQ(verify_path(live.store_folder() / "2026-11-22.sqlite", options)->faults, 1U)
      << "a file alone must be closed";
  // The next days begin; the first is never closed.
  live.clock.advance(24h);
  ASSERT_TRUE(live.add({"d"}));
  ASSERT_TRUE(live.store->checkpoint());
  found.clear();
  EXPECT_EQ(verify_path(live.store_folder(), options)->faults, 0U) << "it waits to be closed";
  EXPECT_EQ(found, (std::set<std::string>{"verify.open_day"}));
  live.clock.advance(24h);
  ASSERT_TRUE(live.add({"e"}));
  ASSERT_TRUE(live.store->checkpoint());
  found.clear();
  EXPECT_EQ(verify_path(live.store_folder(), options)->faults, 1U);
  EXPECT_TRUE(found.contains("verify.unsealed"));
}

// What whoever writes the folder could do without the key: take the signatures off and write the last days anew.
TEST_F(VerifyTest, RecordsWithoutASignatureAreAFaultBeyondWhatACrashLeaves) {
  TestStore live;
  live.open();
  ASSERT_TRUE(live.add({"a"}));
  VerifyOptions options{.keys = {*VerifierKey::parse(live.signer->vkey())}};
  std::set<std::string> found;
  options.report = [&](const Finding& finding) { found.emplace(finding.error.name()); };
  EXPECT_EQ(verify_path(live.store_folder(), options)->faults, 1U);
  EXPECT_TRUE(found.contains("verify.unsigned")) << "no checkpoint at all";
  ASSERT_TRUE(live.store->checkpoint());
  live.clock.advance(1h);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(live.add({"b"}));
    live.clock.advance(unsigned_span_max);
  }
  EXPECT_EQ(verify_path(live.store_folder(), options)->faults, 0U) << "a minute after an hour of silence";
  ASSERT_TRUE(live.add({"c"}));
  const auto later = verify_path(live.store_folder(), options);
  EXPECT_EQ(later->faults, 1U);
  EXPECT_EQ(later->unsigned_records, 3U);
  ASSERT_TRUE(live.store->checkpoint());
  EXPECT_EQ(verify_path(live.store_folder(), options)->unsigned_records, 0U);
  live.store.reset();
  const fs::path file = live.store_folder() / "2026-11-22.sqlite";
  ASSERT_TRUE(Connection::open(file, Connection::Mode::write)->run("DELETE FROM note; DELETE FROM key"));
  EXPECT_EQ(verify_path(live.store_folder(), options)->faults, 1U);
}

TEST_F(VerifyTest, OldestDaysAreAbsentOnlyWhereASignedRecordSaysSo) {
  fs::remove(day(0));
  fs::remove(day(0).string() + ".sha256");
  EXPECT_EQ(faults(copy()), std::set<std::string>{"verify.days_absent"}) << "deleted by hand";
  const auto days_of = [&](int first, int last) {
    const Day begin = *day_from_iso("2026-11-22");
    return VerifyOptions{.days = VerifyOptions::Range{begin + days(first), begin + days(last)}};
  };
  EXPECT_EQ(faults(copy(), days_of(1, 2)), std::set<std::string>()) << "a copy that is called one";
  EXPECT_EQ(summary.files, 2U);
  EXPECT_EQ(faults(copy(), days_of(1, 1)), std::set<std::string>());
  EXPECT_EQ(faults(copy(), days_of(0, 2)), std::set<std::string>{"verify.file_absent"});
  EXPECT_EQ(faults(copy(), days_of(1, 3)), std::set<std::string>{"verify.file_absent"});

  TestStore kept;
  kept.open();
  for (int n = 0; n < 35; ++n) {
    ASSERT_TRUE(kept.add({"line"}));
    kept.clock.advance(24h);
    ASSERT_TRUE(kept.store->close_days_before(day_of(kept.clock.now())));
  }
  ASSERT_TRUE(kept.add({"line"}));
  ASSERT_EQ(*kept.store->delete_before(day_of(kept.clock.now()) - days(30)), 5U);
  VerifyOptions options{.keys = {*VerifierKey::parse(kept.signer->vkey())}};
  EXPECT_EQ(verify_path(kept.store_folder(), options)->faults, 0U) << "retention named the days and was signed";
  kept.store.reset();
  const fs::path next = kept.store_folder() / "2026-11-27.sqlite";
  ASSERT_TRUE(fs::remove(next) && fs::remove(next.string() + ".sha256"));
  EXPECT_EQ(verify_path(kept.store_folder(), options)->faults, 1U) << "one day more than it named";
}

// A genuine package laid into a store whose days were destroyed must not speak for it.
TEST_F(VerifyTest, AFolderOfDaysIsNeverAPackage) {
  fs::create_directory(copy() / "records");
  std::ofstream(copy() / "checkpoint") << early_note;
  EXPECT_EQ(faults(copy()), std::set<std::string>{"verify.mixed"});
  std::ofstream(day(2), std::ios::binary) << "no day";
  EXPECT_TRUE(faults(copy()).contains("verify.file_damaged"));
}

TEST_F(VerifyTest, ALogWithoutItsDayIsNamed) {
  std::ofstream(copy() / "2026-11-25.sqlite-wal") << "x";
  EXPECT_EQ(faults(copy()), std::set<std::string>{"verify.file_absent"});
}

TEST_F(VerifyTest, ADayAloneSaysThatALaterCheckpointCannotBeCompared) {
  const auto archive = Archive::open(copy());
  const std::string newest = (*(*archive)->newest_checkpoint())->note;
  EXPECT_EQ(faults(day(0), {.notes = {newest}}), std::set<std::string>());
}

TEST_F(VerifyTest, NothingToVerifyIsAnError) {
  EXPECT_TRUE(verify_path(folder.path() / "absent", {}).error().is(file_not_found));
  EXPECT_TRUE(verify_path(folder.path(), {}).error().is(file_not_found));
}

}  // namespace
}  // namespace luy::evidence
