// Goal: whatever fails – the process, a write, an fsync, the disk's space, the file itself – nothing acknowledged is
// lost or doubled, nothing is acknowledged after an error, and the store goes on when the cause is gone.
// Method: kill -9 of a child at random moments; a file system layer that fails the n-th operation for every n; a real
// small file system where mounting is allowed; damaged files.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "evidence/call_fault.h"
#include "evidence/crash_rig.h"
#include "evidence/fault_vfs.h"
#include "evidence/test_store.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

void expect_sound(const CrashRig::Finding& found) {
  EXPECT_EQ(found.lost, 0U);
  EXPECT_EQ(found.duplicated, 0U);
  EXPECT_EQ(found.damaged, 0U) << found.what;
}

TEST(Crash, KilledAtRandomMomentsLosesAndDoublesNothing) {
  const TemporaryFolder folder;
  CrashRig rig(folder.path(), 11);
  // On a busy machine a child may not get far in its time: more of them then.
  for (int i = 1; i <= 20 || (rig.acknowledged() <= 20 && i <= 400); ++i) {
    rig.cycle(120ms);
    if (i % 4 == 0) expect_sound(rig.check());
  }
  EXPECT_GT(rig.acknowledged(), 20U);
}

// PostgreSQL's fsyncgate: after a failed fsync nobody knows what is on the disk.
TEST(Crash, AFailedFsyncEndsTheProcessWithoutAnAcknowledgement) {
  const TemporaryFolder folder;
  CrashRig rig(folder.path(), 12);
  for (const std::uint64_t nth : {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233}) {
    const int status = rig.run_to_end(
        [&] {
          static FaultVfs vfs;
          vfs.arm(Fault::sync_error, nth);
          // The abort is expected: no core file and no message for each.
          const rlimit none{0, 0};
          ::setrlimit(RLIMIT_CORE, &none);
          EXPECT_NE(std::freopen("/dev/null", "w", stderr), nullptr);
        },
        300);
    EXPECT_NE(status, 0) << nth << ": the child went on after a failed fsync";
    expect_sound(rig.check());
  }
}

// The same for names: a day file whose name is lost takes its records with it.
TEST(Crash, AFailedFsyncOfAFolderEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        TestStore t;
        t.open();
        fail_syncs_of_folders(true);
        static_cast<void>(t.add({"the first record of a day"}));
      },
      "fsync");
  EXPECT_DEATH(
      {
        TestStore t;
        t.open();
        static_cast<void>(t.add({"a"}));
        t.clock.advance(24h);
        static_cast<void>(t.add({"b"}));
        fail_syncs_of_folders(true);
        static_cast<void>(t.store->close_days_before(day_of(t.clock.now())));
      },
      "fsync");
}

// Any call on any file of the evidence, SQLite's or our own, from the n-th on: the child ends at its first error.
TEST(Crash, FromTheNthFailingCallOnNothingIsAcknowledgedAndAllThatWasIsThere) {
  const TemporaryFolder folder;
  CrashRig rig(folder.path(), 13);
  for (const Call call : {Call::open, Call::write, Call::sync, Call::rename, Call::unlink, Call::mode}) {
    for (const std::uint64_t nth : {1, 4, 20}) {
      rig.run_to_end(
          [&] {
            fail_calls(folder.path() / "evidence", call, nth, false);
            const rlimit none{0, 0};
            ::setrlimit(RLIMIT_CORE, &none);
            EXPECT_NE(std::freopen("/dev/null", "w", stderr), nullptr);
          },
          45);
      expect_sound(rig.check());
    }
  }
  EXPECT_GT(rig.acknowledged(), 40U);  // Each child ends at its first error.
}

struct DiskFault : testing::TestWithParam<Fault> {};

// Runs the same work with the n-th write failing, for every n, retrying what failed as an agent does.
TEST_P(DiskFault, TheNthFailingWriteAcknowledgesNothingAndIsRecoveredFrom) {
  std::uint64_t nth = 1;
  for (bool struck = true; struck; nth += nth < 20 ? 1 : 37) {
    TestStore t;
    FaultVfs vfs;
    t.open();
    std::vector<std::string> want;
    vfs.arm(GetParam(), nth);
    const auto until_it_works = [&](const auto& operation) {
      for (int i = 0; i < 2; ++i) {
        if (operation()) return;
        vfs.disarm();
      }
      FAIL() << "still failing without a fault, write " << nth;
    };
    for (std::uint64_t number = 1; number <= 24; ++number) {
      // One of them is more than a block.
      const std::size_t count = number == 8 ? 9 : 3;
      const std::size_t bytes = number == 8 ? 1'000'000 : number * 1'000;
      const std::vector<std::string> lines(count, "batch " + std::to_string(number) + std::string(bytes, 'x'));
      until_it_works([&] { return t.add(lines, BatchKey{"device", 1, number}).has_value(); });
      want.insert(want.end(), lines.begin(), lines.end());
      if (number % 4 == 0) until_it_works([&] { return t.store->checkpoint().has_value(); });
      t.clock.advance(2h);
      until_it_works([&] { return t.store->close_days_before(day_of(t.clock.now())).has_value(); });
    }
    struck = vfs.struck();
    vfs.disarm();
    ASSERT_EQ(t.all_lines(), want) << nth;
    t.reopen();
    ASSERT_EQ(t.all_lines(), want) << nth;
    ASSERT_TRUE(t.store->checkpoint());
    VerifyOptions options{.keys = {*VerifierKey::parse(t.signer->vkey())}};
    options.report = [&](const Finding& finding) {
      EXPECT_FALSE(finding.is_fault) << nth << " " << finding.error.text();
    };
    ASSERT_TRUE(verify_path(t.store_folder(), options));
  }
  EXPECT_GT(nth, 20U);
}
INSTANTIATE_TEST_SUITE_P(Writes, DiskFault, testing::Values(Fault::write_full, Fault::write_error));

TEST(DiskFault, AWriteRefusedByTheSystemIsAnErrorOfTheFile) {
  TestStore t;
  t.open();
  ASSERT_TRUE(t.add({"before"}));
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1 << 20, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  SeededRandom random(1);
  std::string noise;
  while (noise.size() < 900'000) noise += std::to_string(random.next());
  std::size_t stored = 0;
  Result<Appended> answer = t.add({noise});
  for (; answer && stored < 20; answer = t.add({noise})) ++stored;
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, handler);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(file_failed)) << answer.error().text();
  ASSERT_TRUE(t.add({"after"}));
  const auto lines = t.all_lines();
  EXPECT_EQ(lines.size(), stored + 2);
  EXPECT_EQ(lines.back(), "after");
}

// A real file system of 6 MiB in memory, if this process may mount one.
struct SmallDisk : testing::Test, TestStore {
  void SetUp() override {
    fs::create_directory(store_folder());
    if (::mount("tmpfs", store_folder().c_str(), "tmpfs", 0, "size=6m") != 0) {
      GTEST_SKIP() << "mounting a small file system is not permitted to this process";
    }
    mounted = true;
  }
  void TearDown() override {
    store.reset();
    if (mounted) ::umount2(store_folder().c_str(), MNT_DETACH);
  }
  bool mounted = false;
};

TEST_F(SmallDisk, FullDiskIsToldAndTheStoreGoesOnWhenThereIsSpace) {
  std::ofstream(store_folder() / "filler") << std::string(2 << 20, 'f');
  TestStore::open();
  SeededRandom random(1);
  std::vector<std::string> want;
  std::uint64_t number = 0;
  Result<Appended> answer = Appended{};
  while (answer) {
    std::string noise;
    while (noise.size() < 100'000) noise += std::to_string(random.next());
    answer = add({noise}, BatchKey{"device", 1, ++number});
    if (answer) want.push_back(noise);
    ASSERT_LT(number, 1000U);
  }
  EXPECT_TRUE(answer.error().is(disk_full)) << answer.error().text();
  const auto again = add({std::string(1 << 19, 'x') + all_lines().back()}, BatchKey{"device", 1, number});
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().is(disk_full));
  EXPECT_EQ(store->size(), want.size());
  EXPECT_EQ(all_lines(), want) << "reading goes on";
  fs::remove(store_folder() / "filler");
  answer = add({"after"}, BatchKey{"device", 1, number});
  ASSERT_TRUE(answer) << answer.error().text();
  if (!answer->duplicate) want.emplace_back("after");
  EXPECT_TRUE(add({"after"}, BatchKey{"device", 1, number})->duplicate);
  ASSERT_TRUE(store->checkpoint());
  EXPECT_EQ(all_lines(), want);
  reopen();
  EXPECT_EQ(all_lines(), want);
}

TEST_F(SmallDisk, ReadOnlyFileSystemIsTold) {
  TestStore::open();
  ASSERT_TRUE(add({"a"}));
  store.reset();
  ASSERT_EQ(::mount("tmpfs", store_folder().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=6m"), 0);
  EXPECT_TRUE(try_open().error().is(disk_read_only)) << try_open().error().text();
}

struct DamageTest : testing::Test, TestStore {
  void SetUp() override {
    TestStore::open();
    SeededRandom random(2);
    for (int i = 0; i < 12; ++i) {
      std::vector<std::string> lines;
      for (int k = 0; k < 40; ++k) {
        std::string line = std::to_string(i) + "/" + std::to_string(k);
        while (line.size() < 12'000) line += ' ' + std::to_string(random.next());
        lines.push_back(std::move(line));
      }
      ASSERT_TRUE(add(lines));
    }
    want = all_lines();
    ASSERT_TRUE(store->checkpoint());
    store.reset();
    file = store_folder() / "2026-11-22.sqlite";
    ASSERT_FALSE(fs::exists(file.string() + "-wal")) << "folded in when the store was closed";
    original = *read_file(file, 64 << 20);
  }
  void put(std::string_view bytes) { std::ofstream(file, std::ios::binary) << bytes; }

  std::vector<std::string> want;
  fs::path file;
  std::string original;
};

TEST_F(DamageTest, TruncatedOrForeignFileIsRefusedByName) {
  for (const std::size_t keep : {original.size() / 2, original.size() - 4096, std::size_t{5000}, std::size_t{100}}) {
    put(std::string_view(original).substr(0, keep));
    const auto opened = try_open();
    ASSERT_FALSE(opened) << keep;
    EXPECT_TRUE(opened.error().is(store_corrupt)) << opened.error().text();
    EXPECT_NE(opened.error().detail().find("2026-11-22.sqlite"), std::string::npos);
  }
  put("this is no database, but long enough to be looked at as if it were one, and then some more bytes");
  EXPECT_TRUE(try_open().error().is(store_corrupt));
  put("");
  EXPECT_TRUE(try_open().error().is(store_corrupt));
  put(original);
  EXPECT_TRUE(try_open()) << "refusing changed nothing";
}

TEST_F(DamageTest, ADamagedOpenDayGivesAnErrorOrTheRecordNeverOtherBytes) {
  SeededRandom random(3);
  int refused = 0;
  for (int i = 0; i < 60; ++i) {
    std::string bad = original;
    const std::size_t at = random.next() % bad.size();
    bad[at] = static_cast<char>(bad[at] ^ (1 << random.next() % 8));
    put(bad);
    const auto opened = try_open();
    if (!opened) {
      ++refused;
      continue;
    }
    for (std::uint64_t seq = 0; seq < want.size(); seq += 7) {
      const auto record = (*opened)->read(seq);
      ASSERT_TRUE(!record || record->raw == want[seq]) << "bit at " << at;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST_F(DamageTest, ARemovedDayIsRefused) {
  TestStore::open();
  for (int i = 0; i < 3; ++i) {
    clock.advance(24h);
    ASSERT_TRUE(add({"x"}));
  }
  ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  store.reset();
  fs::remove(store_folder() / "2026-11-23.sqlite");
  EXPECT_TRUE(try_open().error().is(store_corrupt));
}

TEST_F(DamageTest, ACrashWhileADayFileWasMadeLeavesNoTrace) {
  std::ofstream(store_folder() / "2026-11-23.sqlite.new") << "half";
  std::ofstream(store_folder() / "2026-11-23.sqlite.new-wal") << "half";
  ASSERT_TRUE(try_open());
  EXPECT_FALSE(fs::exists(store_folder() / "2026-11-23.sqlite.new"));
  EXPECT_FALSE(fs::exists(store_folder() / "2026-11-23.sqlite.new-wal"));
}

}  // namespace
}  // namespace luy::evidence
