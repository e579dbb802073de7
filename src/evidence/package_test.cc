// Goal: a package verifies with its own script and standard tools, and nothing of it can be changed, removed or added.
// Method: a package from a store of two days; one thing done to a copy; both verifiers must refuse.
#include "evidence/package.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct PackageTest : testing::Test, TestStore {
  void SetUp() override {
    TestStore::open();
    for (int day = 0; day < 2; ++day) {
      for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(
            add({"sshd[1]: Failed password for root " + std::to_string(i), std::string("cron\0\n\xff ran", 11)}));
        clock.advance(1min);
      }
      clock.advance(24h);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    }
    store.reset();
    std::ofstream(folder.path() / "vkey") << signer->vkey() << "\n";
    const auto archive = Archive::open(store_folder());
    ASSERT_TRUE(archive);
    const auto written = write_package(**archive, *Question::parse("failed"), {.limit = 1000}, package());
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(written->records, 10U);
    EXPECT_EQ(written->size, 22U);
  }
  fs::path package() const { return folder.path() / "package"; }

  int by_script(const fs::path& where, const std::string& key) const {
    const std::string command =
        "sh " + (where / "verify.sh").string() + " " + key + " >" + (folder.path() / "out").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::size_t faults(const fs::path& where) const {
    VerifyOptions options{.keys = {*VerifierKey::parse(signer->vkey())}};
    const auto found = verify_package(where, options);
    return found ? found->faults : 1000;
  }
  std::string key() const { return (folder.path() / "vkey").string(); }
};

TEST_F(PackageTest, VerifiesWithStandardToolsAndWithOurs) {
  EXPECT_EQ(by_script(package(), key()), 0) << *read_file(folder.path() / "out", 10'000);
  EXPECT_EQ(by_script(package(), ""), 0);
  EXPECT_EQ(faults(package()), 0U);
  EXPECT_TRUE(is_package(package()));
  EXPECT_FALSE(is_package(store_folder()));
  TestStore other;
  std::ofstream(folder.path() / "other") << other.signer->vkey() << "\n";
  EXPECT_NE(by_script(package(), (folder.path() / "other").string()), 0) << "another key";
}

TEST_F(PackageTest, AnyChangeIsRefusedByBoth) {
  const auto edit = [](const fs::path& file, std::size_t at) {
    std::string bytes = *read_file(file, 1 << 20);
    bytes[std::min(at, bytes.size() - 1)] ^= 1;
    std::ofstream(file, std::ios::binary) << bytes;
  };
  const auto resum = [](const fs::path& where) {
    const std::string command = "cd " + where.string() +
                                " && find . -type f ! -name SHA256SUMS | sed 's|^./||' | sort | xargs sha256sum > "
                                "../sums && mv ../sums SHA256SUMS";
    EXPECT_EQ(std::system(command.c_str()), 0);
  };
  const struct {
    const char* what;
    std::function<void(const fs::path&)> change;
    bool refit;  // The sums are made to fit again, as somebody would who wants to deceive.
  } table[] = {
      {"a byte of a record", [&](const fs::path& p) { edit(p / "records/0.leaf", 60); }, true},
      {"a record's time", [&](const fs::path& p) { edit(p / "records/0.leaf", 16); }, true},
      {"a record's number", [&](const fs::path& p) { edit(p / "records/0.leaf", 8); }, true},
      {"a proof", [&](const fs::path& p) { edit(p / "records/2.tlog-proof", 40); }, true},
      {"the root", [&](const fs::path& p) { edit(p / "checkpoint", 20); }, true},
      {"the signature", [&](const fs::path& p) { edit(p / "checkpoint", 110); }, true},
      {"a record removed with its line only", [&](const fs::path& p) { fs::remove(p / "records/4.leaf"); }, false},
      {"a file added", [&](const fs::path& p) { std::ofstream(p / "records/9.txt") << "x"; }, false},
      {"the list", [&](const fs::path& p) { edit(p / "records.tsv", 3); }, false},
      {"no sums", [&](const fs::path& p) { fs::remove(p / "SHA256SUMS"); }, false},
  };
  for (const auto& row : table) {
    const fs::path copy = folder.path() / "copy";
    fs::remove_all(copy);
    fs::copy(package(), copy, fs::copy_options::recursive);
    row.change(copy);
    if (row.refit) resum(copy);
    EXPECT_NE(by_script(copy, key()), 0) << row.what;
    EXPECT_GT(faults(copy), 0U) << row.what;
  }
}

TEST_F(PackageTest, RefusesAFolderThatHoldsSomethingAndAQuestionWithoutAnswer) {
  const auto archive = Archive::open(store_folder());
  const Question all = *Question::parse("");
  EXPECT_TRUE(write_package(**archive, all, {.limit = 10}, package()).error().is(file_failed));
  EXPECT_TRUE(write_package(**archive, *Question::parse("absent"), {.limit = 10}, folder.path() / "new")
                  .error()
                  .is(record_unknown));
  EXPECT_TRUE(write_package(**archive, all, {.limit = package_records_max + 1}, folder.path() / "new")
                  .error()
                  .is(query_invalid));
  const auto some = write_package(**archive, all, {.limit = 3}, folder.path() / "new");
  ASSERT_TRUE(some);
  EXPECT_FALSE(some->complete);
  EXPECT_EQ(some->records, 3U);
}

}  // namespace
}  // namespace luy::evidence
