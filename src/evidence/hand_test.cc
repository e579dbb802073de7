// Goal: a closed day can be verified without our programs.
// Method: docs/format/verify-day.sh, which uses sqlite3, zstd, sha256sum, openssl, od and awk only, on days the store
// wrote and on altered ones.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "base/source_dir.h"
#include "evidence/file_digest.h"
#include "evidence/rewrite.h"
#include "evidence/sqlite.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct HandTest : testing::Test, TestStore {
  void SetUp() override {
    for (const std::string tool : {"sqlite3", "zstd", "sha256sum", "openssl", "od", "awk", "base64"}) {
      if (std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) != 0) {
        GTEST_SKIP() << "the tool " << tool << " is not installed";
      }
    }
    open();
    for (int day = 0; day < 2; ++day) {
      for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(add({"sshd: Failed password from 10.1.2.3", "", std::string("any\0\n\xff bytes", 13)},
                        BatchKey{"device", 1, static_cast<std::uint64_t>(day * 4 + i + 1)}));
        ASSERT_TRUE(add({std::string(300, 'x')}, {}, "agency/other//var/log/nginx/access.log"));
        clock.advance(1s);
      }
      ASSERT_TRUE(add(lines_of_one_form(), {}, "agency/device/audit"));
      clock.advance(24h);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    }
    store.reset();
    std::ofstream(folder.path() / "vkey") << signer->vkey() << "\n";
  }
  // Columns of every kind: numbers rising, falling, large, with a pattern; words of a few; texts of one and many
  // widths.
  static std::vector<std::string> lines_of_one_form() {
    std::vector<std::string> out;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const std::string noise = std::to_string(1'000'000'000'000'000'000 + i * 7'777'777'777'777'777);
      out.push_back("at 2026-11-22T" + std::to_string(10 + i % 13) + " pc" + std::to_string(i % 3) + " n=" +
                    std::to_string(i * i * 1'234'567) + " up " + std::to_string(1'790'000'000'000 + i * 3) + " down " +
                    std::to_string(9'000 - i * 17) + " id " + noise + " t" + noise.substr(0, 3 + i % 9) + " end");
    }
    return out;
  }
  int verify(const fs::path& file, const fs::path& vkey) const {
    const std::string command = source_dir() + "/docs/format/verify-day.sh " + file.string() + " " + vkey.string() +
                                " >" + (folder.path() / "out").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string output() const { return *read_file(folder.path() / "out", 64 << 10); }
};

TEST_F(HandTest, PublicToolsConfirmADay) {
  for (const char* day : {"2026-11-22.sqlite", "2026-11-23.sqlite"}) {
    EXPECT_EQ(verify(store_folder() / day, folder.path() / "vkey"), 0) << output();
    EXPECT_NE(output().find("INTACT: luy/bim-son"), std::string::npos);
  }
}

// Single records, a run of them, and one at the end of a block; the tree is the same.
TEST_F(HandTest, PublicToolsConfirmADayWithWithheldRecords) {
  open();
  ASSERT_TRUE(store->rewrite_day({*day_from_iso("2026-11-22"), {{1, 1}, {4, 11}, {40, 9}}, "vì", "1", {"an"}}));
  store.reset();
  EXPECT_EQ(verify(store_folder() / "2026-11-22.sqlite", folder.path() / "vkey"), 0) << output();
  EXPECT_NE(output().find("INTACT: luy/bim-son"), std::string::npos);
  EXPECT_NE(output().find("21 "), std::string::npos) << "how many are withheld";
}

TEST_F(HandTest, PublicToolsFindAnAlteration) {
  const fs::path file = store_folder() / "2026-11-23.sqlite";
  const fs::path vkey = folder.path() / "vkey";
  TestStore other;
  std::ofstream(folder.path() / "other") << other.signer->vkey() << "\n";
  EXPECT_NE(verify(file, folder.path() / "other"), 0) << "another key";

  fs::permissions(file, fs::perms(0600));
  for (const char* sql :
       {"UPDATE block SET sources = CAST(replace(CAST(sources AS TEXT), 'other', 'othex') AS BLOB)",
        "UPDATE meta SET value = zeroblob(length(value)) WHERE name = 'frontier_before'",
        "UPDATE note SET text = replace(text, 'bim-son', 'bim-sox')", "DELETE FROM note", "DELETE FROM block",
        "UPDATE head SET state = 0", "ALTER TABLE block RENAME TO hidden; CREATE VIEW block AS SELECT * FROM hidden",
        "UPDATE block SET received_first = received_first + 1"}) {
    fs::copy_file(file, folder.path() / file.filename(), fs::copy_options::overwrite_existing);
    const fs::path copy = folder.path() / file.filename();
    {
      auto connection = Connection::open(copy, Connection::Mode::write);
      ASSERT_TRUE(connection);
      ASSERT_TRUE(connection->run(sql));
    }
    EXPECT_NE(verify(copy, vkey), 0) << "without a digest";
    std::ofstream(copy.string() + ".sha256") << digest_line(*file_sha256(copy), copy);
    EXPECT_NE(verify(copy, vkey), 0) << sql;
    fs::remove(copy.string() + ".sha256");
  }
}

}  // namespace
}  // namespace luy::evidence
