// Goal: a closed day can be written anew without the content of some records: what is removed is gone for every reader,
// what is kept is the same, provable and verified, and nobody removes anything unnoticed. A crash at any moment leaves
// the old file or the new one.
// Method: a closed day with checkpoints between its records; plans from a table; folders put together from before and
// after; a child killed while it rewrites.
#include "evidence/rewrite.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "evidence/call_fault.h"
#include "evidence/test_store.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const Day first_day = *day_from_iso("2026-11-22");

struct RewriteTest : testing::Test, TestStore {
  // 1,000 records and the day's last one; trees were signed at uneven places.
  void SetUp() override {
    TestStore::open();
    for (int batch = 0; batch < 20; ++batch) {
      std::vector<std::string> lines;
      for (int i = 0; i < 50; ++i) {
        const std::string number = std::to_string(batch * 50 + i);
        lines.push_back("Nov 22 10:00:00 host sshd[" + number + "]: secret-" + number + " Lũy");
      }
      ASSERT_TRUE(add(lines));
      if (batch % 3 == 0) {
        ASSERT_TRUE(add({"one more, so that trees end at odd sizes"}));
        ASSERT_TRUE(store->checkpoint());
      }
      clock.advance(10s);
    }
    clock.advance(24h);
    ASSERT_TRUE(add({"the day after"}));
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    ASSERT_TRUE(store->checkpoint());
    end = store->days()->front().count;
    for (std::uint64_t seq = 0; seq < store->size(); ++seq) before.push_back(*store->read(seq));
  }
  RewritePlan plan(std::vector<SeqRange> ranges) const {
    return {first_day, std::move(ranges), "yêu cầu xóa số 7", "act-1", {"an", "binh"}};
  }
  struct Found {
    std::vector<std::string> faults;
    std::vector<std::string> remarks;
  };
  Found verify(const fs::path& path) const {
    Found out;
    VerifyOptions options{.keys = {*VerifierKey::parse(signer->vkey())}};
    options.report = [&](const Finding& finding) {
      (finding.is_fault ? out.faults : out.remarks).emplace_back(finding.error.kind().name);
    };
    EXPECT_TRUE(verify_path(path, options));
    return out;
  }
  void expect_without(const std::set<std::uint64_t>& gone) {
    std::uint64_t replayed = 0;
    EXPECT_TRUE(store->replay(0, [&](const Record& record) {
      EXPECT_FALSE(gone.contains(record.seq));
      if (record.seq < before.size()) {
        EXPECT_EQ(record, before[record.seq]);
      }
      return ++replayed, true;
    }));
    EXPECT_EQ(replayed, store->size() - gone.size());
    LeafHasher hasher;
    for (std::uint64_t seq = 0; seq < before.size(); ++seq) {
      const auto read = store->read(seq);
      const auto proof = store->prove(seq);
      ASSERT_EQ(read.has_value(), !gone.contains(seq)) << seq;
      if (!read) {
        EXPECT_TRUE(read.error().is(record_withheld));
        EXPECT_TRUE(proof.error().is(record_withheld));
        continue;
      }
      EXPECT_EQ(*read, before[seq]);
      ASSERT_TRUE(proof) << seq << ": " << proof.error().text();
      const auto& checkpoint = proof->checkpoint;
      EXPECT_EQ(*root_of_path(hasher, seq, checkpoint.size, proof->leaf, proof->path), checkpoint.root);
    }
    std::set<std::uint64_t> found;
    const SearchQuery all{.limit = 100'000};
    const auto stats = store->search(all, {}, [&](const Record& record) {
      found.insert(record.seq);
      return Visit::keep;
    });
    ASSERT_TRUE(stats);
    EXPECT_EQ(stats->damaged.records, 0U);
    EXPECT_EQ(found.size(), store->size() - gone.size());
    EXPECT_EQ(store->counts({}, 24h, {})->total, store->size() - gone.size());
    EXPECT_EQ(store->days()->front().withheld, gone.size());
    EXPECT_EQ(store->days()->front().count, end);
    // Trees that were signed in the day still continue each other.
    const auto checkpoints = store->checkpoints(store->size() + 1, 100);
    ASSERT_TRUE(checkpoints);
    for (std::size_t i = 1; i < checkpoints->size(); ++i) {
      const auto& later = (*checkpoints)[i - 1].checkpoint;
      const auto& earlier = (*checkpoints)[i].checkpoint;
      const auto path = store->prove_consistency(earlier.size, later.size);
      ASSERT_TRUE(path) << earlier.size << ": " << path.error().text();
      EXPECT_TRUE(verify_consistency(hasher, earlier.size, later.size, earlier.root, later.root, *path));
    }
  }
  std::uint64_t end = 0;
  std::vector<Record> before;
};

std::set<std::uint64_t> seqs_of(const std::vector<SeqRange>& ranges) {
  std::set<std::uint64_t> out;
  for (const SeqRange& range : ranges) {
    for (std::uint64_t seq = range.first; seq < range.end(); ++seq) out.insert(seq);
  }
  return out;
}

TEST_F(RewriteTest, WhatIsWithheldIsGoneAndTheRestStaysProvable) {
  const std::vector<std::vector<SeqRange>> plans = {
      {{5, 1}},
      {{0, 1}, {255, 2}, {1000, 3}},
      {{100, 700}, {801, 1}},
      {{512, 256}, {900, 100}},
  };
  std::set<std::uint64_t> gone;
  for (const auto& ranges : plans) {  // Each on what the one before left.
    std::uint64_t now = 0;
    for (const std::uint64_t seq : seqs_of(ranges)) now += gone.contains(seq) ? 0 : 1;
    const auto done = store->rewrite_day(plan(ranges));
    ASSERT_TRUE(done) << done.error().text();
    gone.merge(seqs_of(ranges));
    EXPECT_EQ(done->withheld, now);
    ASSERT_TRUE(done->note_seq.has_value());
    EXPECT_EQ(parse_withheld_note(store->read(*done->note_seq)->raw), ranges);
    EXPECT_EQ(done->sha256, store->days()->front().sha256);
    expect_without(gone);
    reopen();
    expect_without(gone);
    const Found found = verify(store_folder());
    EXPECT_TRUE(found.faults.empty()) << found.faults.front();
    EXPECT_EQ(std::ranges::count(found.remarks, remark_withheld.name), 1);
    EXPECT_TRUE(verify(day_path(store_folder(), first_day)).faults.empty());
  }
  SearchStats stats;
  const auto searched = store->search({.words = {"secret-5"}}, {}, [](const Record&) { return Visit::keep; });
  EXPECT_EQ(searched->records_read, 0U);
}

TEST_F(RewriteTest, ADayIsPackedWithoutANoteWhenNothingIsWithheld) {
  const std::uint64_t size = store->size();
  const auto done = store->rewrite_day({first_day});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_FALSE(done->note_seq.has_value());
  EXPECT_EQ(store->size(), size);
  EXPECT_LE(done->bytes_after, done->bytes_before);
  expect_without({});
  EXPECT_TRUE(verify(store_folder()).faults.empty());
}

TEST_F(RewriteTest, ContentRemovedWithoutASignedRecordIsAFault) {
  const fs::path old = folder.path() / "old";
  store.reset();
  fs::copy(store_folder(), old, fs::copy_options::recursive);
  open();
  ASSERT_TRUE(store->rewrite_day(plan({{5, 3}})));
  store.reset();
  for (const char* suffix : {"", ".sha256"}) {
    const std::string name = day_path(store_folder(), first_day).filename().string() + suffix;
    fs::remove(old / name);
    fs::copy(store_folder() / name, old / name);
  }
  const Found found = verify(old);
  ASSERT_EQ(found.faults.size(), 1U);
  EXPECT_EQ(found.faults.front(), finding_withheld.name);
}

TEST_F(RewriteTest, WhatMayNotBeDoneIsRefusedAndLeavesNothing) {
  const std::vector<std::vector<SeqRange>> wrong = {
      {{end - 1, 1}}, {{end, 1}}, {{5, 0}}, {{5, 2}, {6, 1}}, {{8, 1}, {5, 1}}, {{5, end}}, {{~std::uint64_t{0}, 2}},
  };
  for (const auto& ranges : wrong) {
    const auto done = store->rewrite_day(plan(ranges));
    ASSERT_FALSE(done) << ranges.front().first;
    EXPECT_TRUE(done.error().is(rewrite_refused));
  }
  RewritePlan open_day = plan({{end, 1}});
  open_day.day = day_of(clock.now());
  EXPECT_TRUE(store->rewrite_day(open_day).error().is(rewrite_refused));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(store->prepare_rewrite(plan({{5, 1}}), stop.get_token()).error().is(rewrite_refused));
  {
    auto prepared = store->prepare_rewrite(plan({{5, 1}}), {});
    ASSERT_TRUE(prepared);
    EXPECT_TRUE(store->prepare_rewrite(plan({{5, 1}}), {}).error().is(rewrite_refused)) << "it is being done";
  }
  auto prepared = store->prepare_rewrite(plan({{5, 1}}), {});
  ASSERT_TRUE(prepared) << prepared.error().text();
  fs::last_write_time(day_path(store_folder(), first_day), fs::file_time_type::clock::now() + 1h);
  EXPECT_TRUE(store->finish_rewrite(*std::move(prepared)).error().is(rewrite_refused)) << "changed meanwhile";
  for (const auto& entry : fs::directory_iterator(store_folder())) {
    EXPECT_EQ(entry.path().string().find(".new"), std::string::npos) << entry.path();
  }
  expect_without({});
}

// What fails once is told, leaves one of the two files, and can be done again.
TEST_F(RewriteTest, TheNthFailingCallLeavesOneFileOrTheOther) {
  std::set<std::uint64_t> gone;
  std::uint64_t next = 0;
  for (const Call call : {Call::open, Call::write, Call::rename, Call::unlink, Call::mode}) {
    bool struck = true;
    for (std::uint64_t nth = 1; struck; nth += nth < 6 ? 1 : 7) {
      const RewritePlan one = plan({{next, 1}});
      fail_calls(store_folder(), call, nth, true);
      const auto done = store->rewrite_day(one);
      struck = calls_failed();
      let_calls_be();
      if (!done) {
        const auto again = store->rewrite_day(one);
        ASSERT_TRUE(again) << static_cast<int>(call) << ' ' << nth << ": " << again.error().text();
      }
      gone.insert(next++);
      ASSERT_FALSE(store->read(next - 1));
      ASSERT_EQ(*store->read(next), before[next]);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
      ASSERT_TRUE(verify(store_folder()).faults.empty()) << static_cast<int>(call) << ' ' << nth;
    }
    EXPECT_GT(next, 2U);
  }
  expect_without(gone);
}

TEST_F(RewriteTest, KilledAtAnyMomentItLeavesOneFileOrTheOther) {
  store.reset();
  const fs::path kept = folder.path() / "kept";
  fs::copy(store_folder(), kept, fs::copy_options::recursive);
  SeededRandom random(6);
  const std::set<std::uint64_t> gone = seqs_of({{100, 300}});
  for (int i = 0; i < 12; ++i) {
    fs::remove_all(store_folder());
    fs::copy(kept, store_folder(), fs::copy_options::recursive);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      open();
      static_cast<void>(store->rewrite_day(plan({{100, 300}})));
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(random.next() % 60'000));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    open();
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    ASSERT_TRUE(store->checkpoint());
    const bool rewritten = store->days()->front().withheld > 0;
    expect_without(rewritten ? gone : std::set<std::uint64_t>());
    EXPECT_TRUE(verify(store_folder()).faults.empty()) << i;
    store.reset();
  }
}

}  // namespace
}  // namespace luy::evidence
