// Goal: what was backed up comes back as it was, whatever its files are called; a drill finds what is not; a restore
// writes what was asked for and nothing else.
// Method: the real restic on folders of the test's own, in this process.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "agent/linux/backup_rig.h"
#include "agent/linux/backup_work.h"
#include "agent/linux/sqlite_copy.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

class BackupTest : public testing::Test, protected BackupRig {
 protected:
  void SetUp() override {
    if (!has_restic()) GTEST_SKIP() << "restic is not installed";
  }
  static std::string text_of(const std::filesystem::path& path) {
    const auto text = read_file(path, 64 << 20);
    return text ? *text : "?";
  }
};

TEST_F(BackupTest, WhatHasHostileNamesComesBackByteForByte) {
  put("a\nb", "one");
  put("bad\xff", "two");
  put("sub/[x]*?\\", "three");
  put("sub/ dài ", std::string(3 << 20, 'z'));
  const BackupEnd made = run(job());
  ASSERT_EQ(made.because, "") << made.detail;
  EXPECT_EQ(made.files, 5) << "four and the manifest";
  EXPECT_FALSE(made.snapshot.empty());
  const BackupEnd drilled = run(job(BackupAct::drill));
  EXPECT_EQ(drilled.because, "") << drilled.detail;
  EXPECT_EQ(drilled.files, 4);
  EXPECT_EQ(drilled.bytes, (3 << 20) + 11);
  EXPECT_EQ(drilled.missing + drilled.differing, 0);
  EXPECT_EQ(drilled.report_sha256.size(), 64U);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "own/drill")) << "the scratch place is gone";
}

TEST_F(BackupTest, ASecondRunAddsLittleAndOldSnapshotsGo) {
  put("a", std::string(4 << 20, 'a'));
  section_.sets[0].keep.last = 1;
  ASSERT_EQ(run(job()).because, "");
  put("b", "new");
  const BackupEnd second = run(job());
  ASSERT_EQ(second.because, "") << second.detail;
  EXPECT_LT(second.bytes_added, 1 << 20);
  Restic restic(job().place, {});
  const auto all = restic.snapshots(BackupWork(job(), {clock_, {}, {}}).tag());
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_EQ(all->size(), 1U);
}

TEST_F(BackupTest, FilesThatCannotBeReadAreNamedAndKeepNothingElseOut) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  put("a", "one");
  put("locked", "two");
  ::chmod((files() / "locked").c_str(), 0);
  const BackupEnd end = run(job());
  EXPECT_EQ(end.because, because::source_unread);
  EXPECT_FALSE(end.snapshot.empty());
}

TEST_F(BackupTest, APathThatIsGoneIsNamedAndTheOthersAreBackedUp) {
  put("a", "one");
  section_.sets[0].paths.push_back(folder_.at("gone"));
  const BackupEnd end = run(job());
  EXPECT_EQ(end.because, because::source_missing);
  EXPECT_FALSE(end.snapshot.empty());
  section_.sets[0].paths = {folder_.at("gone")};
  EXPECT_EQ(run(job()).because, because::source_missing);
}

TEST_F(BackupTest, ExcludesHoldForBothTheManifestAndRestic) {
  put("keep", "one");
  put("cache/[a]/x", "two");
  section_.sets[0].excludes = {(files() / "cache/[a]").string()};
  ASSERT_EQ(run(job()).because, "");
  const BackupEnd drilled = run(job(BackupAct::drill));
  EXPECT_EQ(drilled.because, "") << drilled.detail;
  EXPECT_EQ(drilled.files, 1);
}

TEST_F(BackupTest, ASqliteDatabaseUnderAWriterIsCopiedWholeAndOpened) {
  const std::string path = folder_.at("live.db");
  sqlite3* db = nullptr;
  ASSERT_EQ(::sqlite3_open(path.c_str(), &db), SQLITE_OK);
  ::sqlite3_exec(db, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); BEGIN;", nullptr, nullptr, nullptr);
  for (int i = 0; i < 20'000; ++i) {
    ::sqlite3_exec(db, "INSERT INTO t VALUES(hex(randomblob(50)))", nullptr, nullptr, nullptr);
  }
  ::sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  section_.sets[0].kind = device_policy::BackupKind::sqlite;
  section_.sets[0].paths = {path};
  // Not committed while it is copied: it must not be in the copy.
  ::sqlite3_exec(db, "BEGIN; DELETE FROM t", nullptr, nullptr, nullptr);
  const BackupEnd made = run(job());
  ::sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
  ::sqlite3_close(db);
  ASSERT_EQ(made.because, "") << made.detail;
  const BackupEnd drilled = run(job(BackupAct::drill));
  EXPECT_EQ(drilled.because, "") << drilled.detail;
  EXPECT_EQ(drilled.databases, 1);
  BackupJob wanted = job(BackupAct::restore);
  wanted.destination = folder_.at("out");
  std::filesystem::create_directories(wanted.destination);
  const BackupEnd restored = run(wanted);
  ASSERT_EQ(restored.because, "") << restored.detail;
  std::string copy;
  for (const auto& one : std::filesystem::recursive_directory_iterator(restored.detail)) {
    if (one.path().extension() == ".db") copy = one.path().string();
  }
  const auto checked = check_sqlite(copy);
  EXPECT_EQ(checked ? *checked : "?", "");
  ASSERT_EQ(::sqlite3_open(copy.c_str(), &db), SQLITE_OK);
  std::string count;
  ::sqlite3_exec(
      db, "SELECT count(*) FROM t",
      [](void* into, int, char** values, char**) {
        *static_cast<std::string*>(into) = values[0];
        return 0;
      },
      &count, nullptr);
  ::sqlite3_close(db);
  EXPECT_EQ(count, "20000");
}

TEST_F(BackupTest, ADamagedDatabaseIsNoCopy) {
  folder_.write("bad.db", "SQLite format 3" + std::string(1, '\0') + std::string(5000, 'x'));
  section_.sets[0].kind = device_policy::BackupKind::sqlite;
  section_.sets[0].paths = {folder_.at("bad.db")};
  const BackupEnd end = run(job());
  EXPECT_EQ(end.because, because::dump_failed) << end.detail;
}

TEST_F(BackupTest, ARestoreInPlaceIsPreviewedAndWritesWhatWasAskedForAlone) {
  put("a", "old a");
  put("sub/b", "old b");
  put("sub/c", "old c");
  ::chmod((files() / "sub/b").c_str(), 0640);
  ASSERT_EQ(run(job()).because, "");
  put("a", "new a");
  put("sub/b", "new b");
  std::filesystem::remove(files() / "sub/c");
  put("later", "stays");
  BackupJob wanted = job(BackupAct::preview);
  wanted.paths = {(files() / "sub").string()};
  const BackupEnd seen = run(wanted);
  EXPECT_EQ(seen.because, "") << seen.detail;
  EXPECT_EQ(seen.files, 2);
  EXPECT_EQ(seen.differing, 1) << "b would be written over, c is new";
  const std::string listed = text_of(backup_report(wanted.folder, wanted.id));
  EXPECT_NE(listed.find("\"fate\":\"overwrite\""), std::string::npos) << listed;
  EXPECT_NE(listed.find("\"fate\":\"new\""), std::string::npos);
  EXPECT_EQ(text_of(files() / "sub/b"), "new b") << "a preview writes nothing";
  wanted.act = BackupAct::restore;
  const BackupEnd done = run(wanted);
  EXPECT_EQ(done.because, "") << done.detail;
  EXPECT_EQ(done.files, 2);
  EXPECT_EQ(done.differing, 1);
  EXPECT_EQ(text_of(files() / "sub/b"), "old b");
  EXPECT_EQ(text_of(files() / "sub/c"), "old c");
  EXPECT_EQ(text_of(files() / "a"), "new a") << "not asked for";
  EXPECT_EQ(text_of(files() / "later"), "stays");
  struct stat about {};
  ASSERT_EQ(::stat((files() / "sub/b").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0640U);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "own/restore"));
}

TEST_F(BackupTest, ARestoreFollowsNoLinkOutOfItsPlace) {
  put("sub/a", "old");
  ASSERT_EQ(run(job()).because, "");
  std::filesystem::remove_all(files() / "sub");
  std::filesystem::create_directory(folder_.path() / "elsewhere");
  std::filesystem::create_symlink(folder_.path() / "elsewhere", files() / "sub");
  BackupJob wanted = job(BackupAct::restore);
  const BackupEnd done = run(wanted);
  EXPECT_EQ(done.because, because::failed) << done.detail;
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "elsewhere"));
}

TEST_F(BackupTest, ARestoreComesFromThePointInTimeThatWasNamed) {
  put("a", "first");
  ASSERT_EQ(run(job()).because, "");
  const Time between = clock_.now();
  put("a", "second");
  ASSERT_EQ(run(job()).because, "");
  BackupJob wanted = job(BackupAct::restore);
  wanted.at = between;
  ASSERT_EQ(run(wanted).because, "");
  EXPECT_EQ(text_of(files() / "a"), "first");
  wanted.at = between - std::chrono::hours(1);
  EXPECT_EQ(run(wanted).because, because::snapshot_missing);
}

TEST_F(BackupTest, AWaitingMachineStopsResticAndItGoesOnAfterwards) {
  for (int i = 0; i < 20; ++i) put("f" + std::to_string(i), std::string(1 << 20, static_cast<char>('a' + i)));
  section_.pause_load_percent = 10;
  folder_.write("root/proc/loadavg", "99.0 99.0 99.0 1/100 4242\n");
  int pauses = 0;
  on_pause = [&] {
    if (++pauses == 3) folder_.write("root/proc/loadavg", "0.0 0.0 0.0 1/100 4242\n");
  };
  const BackupEnd end = run(job());
  EXPECT_EQ(end.because, "") << end.detail;
  EXPECT_EQ(pauses, 3);
  const auto of = [&](BackupTold::What what) {
    return std::count_if(told.begin(), told.end(), [&](const BackupTold& one) { return one.what == what; });
  };
  EXPECT_EQ(of(BackupTold::What::waiting), 1);
  EXPECT_EQ(of(BackupTold::What::going_on), 1);
}

TEST_F(BackupTest, AJobAndWhatIsToldReadBack) {
  BackupJob one = job(BackupAct::restore);
  one.paths = {"/a b", "/\xff"};
  one.at = clock_.now();
  one.destination = "/srv/phục hồi";
  one.number = "8:17";
  const auto read = read_backup_job(to_text(one));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(to_text(*read), to_text(one));
  EXPECT_FALSE(read_backup_job("luy-backup 1\nact run\n"));
  EXPECT_FALSE(read_backup_job("x"));
  BackupTold told_one;
  told_one.what = BackupTold::What::ended;
  told_one.end = {"damaged", "a\nb", "abcd1234", 1, 2, 3, 4, 5, 6, std::string(64, 'e'), 7};
  std::string line = to_line(told_one);
  line.pop_back();
  ASSERT_TRUE(read_backup_line(line));
  EXPECT_EQ(read_backup_line(line)->end, told_one.end);
  EXPECT_FALSE(read_backup_line("p 1 2"));
  EXPECT_FALSE(read_backup_line("p 1 2 x"));
}

TEST_F(BackupTest, APostgresqlIsDumpedAsItsUserAndReadBack) {
  if (::geteuid() != 0 || ::access("/usr/lib/postgresql/15/bin/initdb", X_OK) != 0) {
    GTEST_SKIP() << "takes root and PostgreSQL";
  }
  const std::string data = folder_.at("pg");
  const std::string socket = folder_.at("sock");
  std::filesystem::create_directory(socket);
  ::chmod(folder_.path().c_str(), 0755);
  ::chmod(socket.c_str(), 0777);
  const auto as_postgres = [&](std::vector<std::string> arguments) {
    Child child;
    child.arguments = std::move(arguments);
    child.folder = "/";
    child.user = "postgres";
    return run_child(child, {});
  };
  std::filesystem::create_directory(data);
  ASSERT_TRUE(run_child({{"/bin/chown", "postgres", data}, {}, {}, {}}, {}));
  const std::string bin = "/usr/lib/postgresql/15/bin/";
  const auto made = as_postgres({bin + "initdb", "-D", data, "-A", "trust", "--no-sync"});
  ASSERT_TRUE(made && made->status == 0) << (made ? made->errors : made.error().text());
  const auto started = as_postgres({bin + "pg_ctl", "-D", data, "-w", "-l", data + "/log", "-o",
                                    "-k " + socket + " -c listen_addresses= -c fsync=off", "start"});
  ASSERT_TRUE(started && started->status == 0) << (started ? started->errors : started.error().text());
  ASSERT_TRUE(as_postgres({"/usr/bin/psql", "-h", socket, "-d", "postgres", "-c", "CREATE DATABASE \"mot cua\"; "}));
  ASSERT_TRUE(as_postgres({"/usr/bin/psql", "-h", socket, "-d", "mot cua", "-c",
                           "CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 1000) g"}));
  section_.sets[0].kind = device_policy::BackupKind::postgresql;
  section_.sets[0].paths.clear();
  section_.sets[0].user = "postgres";
  section_.sets[0].socket = socket;
  const BackupEnd end = run(job());
  EXPECT_EQ(end.because, "") << end.detail;
  const BackupEnd drilled = run(job(BackupAct::drill));
  EXPECT_EQ(drilled.because, "") << drilled.detail;
  EXPECT_EQ(drilled.databases, 2) << "postgres and the one with a blank in its name";
  EXPECT_TRUE(as_postgres({bin + "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"}));
  section_.sets[0].socket = folder_.at("nothing");
  EXPECT_EQ(run(job()).because, because::dump_failed);
}

}  // namespace
}  // namespace luy::agent
