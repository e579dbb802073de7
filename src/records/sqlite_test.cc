// Goal: what can happen to an SQLite file (in use, damaged, disk full, denied) gets its own error, and only the writer
// checkpoints.
// Method: damage real files; fill a small file system of this process's own.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "base/file.h"
#include "records/conformance.h"

namespace luy::records {
namespace {

constexpr std::array<Migration, 1> schema = {{{"test", 1, "CREATE TABLE item (id BIGINT PRIMARY KEY, body BLOB)"}}};

Result<std::int64_t> add_items(Database& database, std::int64_t from, std::int64_t count) {
  static constexpr std::array<std::uint8_t, 1000> body{};
  return database.write([&](Connection& c) -> Result<std::int64_t> {
    for (std::int64_t i = from; i < from + count; ++i) {
      LUY_TRY_VOID(c.run("INSERT INTO item (id, body) VALUES ($1, $2)", {i, std::span<const std::uint8_t>(body)}));
    }
    return count;
  });
}

std::int64_t count_items(const Database& database) {
  std::int64_t count = 0;
  database
      .read([&](Connection& c) {
        return c.query("SELECT count(*) FROM item", {}, [&](const Row& row) { count = row.integer(0); });
      })
      .value();
  return count;
}

void overwrite(const std::filesystem::path& file, std::streamoff at, std::string_view bytes) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(at);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(stream.good());
}

// The exit code of `work` run in a process of its own.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

class Sqlite : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "records.db";
};

}  // namespace

TEST_F(Sqlite, RefusesADatabaseThatIsOpenAlready) {
  auto first = open_sqlite(file_, schema);
  ASSERT_TRUE(first);
  EXPECT_TRUE(open_sqlite(file_, schema).error().is(database_in_use));
  first->reset();
  EXPECT_TRUE(open_sqlite(file_, schema));
}

TEST_F(Sqlite, KeepsItsFilesToItsOwner) {
  const auto database = *open_sqlite(file_, schema);
  ASSERT_TRUE(add_items(*database, 0, 1));
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat status {};
    ASSERT_EQ(::stat((file_.string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(Sqlite, FindsDamageWhenItOpens) {
  const struct {
    const char* what;
    std::streamoff at;
    std::size_t bytes;
  } table[] = {{"the header", 0, 16}, {"the page of the schema", 100, 64}, {"a page of rows", 4 * 4096, 4096}};
  for (const auto& [what, at, bytes] : table) {
    const auto file = folder_.path() / (std::to_string(at) + ".db");
    ASSERT_TRUE(add_items(**open_sqlite(file, schema), 0, 100)) << what;
    overwrite(file, at, std::string(bytes, '\x5a'));
    const auto opened = open_sqlite(file, schema);
    ASSERT_FALSE(opened) << what;
    EXPECT_TRUE(opened.error().is(database_corrupt)) << what << ": " << opened.error().text();
  }
}

TEST_F(Sqlite, NamesAFolderThatIsMissing) {
  EXPECT_TRUE(open_sqlite(folder_.path() / "no" / "records.db", schema).error().is(file_not_found));
}

TEST_F(Sqlite, NamesAFolderThatIsDenied) {
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0500), 0);
  const int answer = in_child([&] {
    // Root may write everywhere; nobody may not.
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
    return open_sqlite(file_, schema).error().is(file_denied) ? 0 : 2;
  });
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0700), 0);
  EXPECT_EQ(answer, 0);
}

TEST_F(Sqlite, WritesTheWalBackWhenClosed) {
  ASSERT_TRUE(add_items(**open_sqlite(file_, schema), 0, 50));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-wal"));
  EXPECT_GT(std::filesystem::file_size(file_), 50'000U);
}

TEST_F(Sqlite, DoesNotCheckpointFromReaders) {
  const auto database = *open_sqlite(file_, schema);
  ASSERT_TRUE(add_items(*database, 0, 200));
  const auto size = std::filesystem::file_size(file_);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(count_items(*database), 200);
  EXPECT_EQ(std::filesystem::file_size(file_), size);
}

// Runs in a child because a mount name space is for a whole process. Exit codes: 0 as it should be, 77 this machine
// does not let us mount, else the step that failed.
int fill_small_disk(const std::filesystem::path& folder) {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0) return 77;
  // A user without a number in the new name space may not create files in it.
  if (user != 0) {
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 77;
  if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=2m") != 0) return 77;
  const auto file = folder / "records.db";
  const auto ballast = folder / "ballast";
  if (!write_file_durably(ballast, std::string(1 << 20, 'x'))) return 8;
  std::int64_t kept = 0;
  {
    auto opened = open_sqlite(file, schema);
    if (!opened) return 1;
    auto added = add_items(**opened, 0, 10);
    for (; added; added = add_items(**opened, kept, 10)) kept += *added;
    if (!added.error().is(disk_full)) return 2;
    if (count_items(**opened) != kept) return 3;
    // A refusal is not the end: once somebody frees space, writing goes on.
    std::filesystem::remove(ballast);
    if (!add_items(**opened, kept, 10)) return 4;
    kept += 10;
  }
  auto again = open_sqlite(file, schema);
  if (!again) return 5;
  if (count_items(**again) != kept) return 6;
  again->reset();
  if (::mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return 77;
  const auto read_only = open_sqlite(file, schema);
  return !read_only && read_only.error().is(disk_read_only) ? 0 : 7;
}

TEST_F(Sqlite, SaysThatTheDiskIsFullOrReadOnlyAndLosesNothing) {
  const int answer = in_child([&] { return fill_small_disk(folder_.path()); });
  if (answer == 77) GTEST_SKIP() << "this machine does not allow a small file system to be mounted";
  EXPECT_EQ(answer, 0);
}

}  // namespace luy::records
