// Goal: a package verifies with its own script and standard tools, and nothing of it can be changed, removed or added.
// Method: a package from a store of two days; one thing done to a copy; both verifiers must refuse.
#include "evidence/package.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <functional>

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
    const PackageSeal seal{*signer, clock.now(), "failed\n\nx"};
    const auto written = write_package(**archive, *Question::parse("failed"), {.limit = 1000}, package(), &seal);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(written->records, 10U);
    EXPECT_EQ(written->size, 22U);
  }
  fs::path package() const { return folder.path() / "package"; }

  int by_script(const fs::path& where, const std::string& key) const {
    const std::string command = "timeout 60 sh " + (where / "verify.sh").string() + " " + key + " >" +
                                (folder.path() / "out").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::size_t faults(const fs::path& where, VerifyOptions options = {}) const {
    options.keys = {*VerifierKey::parse(signer->vkey())};
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
    const std::string command =
        "cd " + where.string() +
        " && find . -type f ! -name SHA256SUMS ! -name manifest | sed 's|^./||' | sort | xargs sha256sum > "
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
      {"a name in the list that people read",
       [&](const fs::path& p) {
         std::string text = *read_file(p / "records.tsv", 1 << 20);
         text.replace(text.find("root"), 4, "an");
         std::ofstream(p / "records.tsv") << text;
       },
       true},
      {"a line put behind the list",
       [&](const fs::path& p) { std::ofstream(p / "records.tsv", std::ios::app) << "99\tx\ty\tz\n"; }, true},
      {"a record removed with everything about it",
       [&](const fs::path& p) {
         fs::remove(p / "records/4.leaf");
         fs::remove(p / "records/4.tlog-proof");
         std::string text = *read_file(p / "records.tsv", 1 << 20);
         const std::size_t at = text.find("\n4\t") + 1;
         text.erase(at, text.find('\n', at) + 1 - at);
         std::ofstream(p / "records.tsv") << text;
       },
       true},
      {"the manifest removed", [&](const fs::path& p) { fs::remove(p / "manifest"); }, false},
      {"the manifest's count", [&](const fs::path& p) { edit(p / "manifest", 80); }, false},
      {"the checkpoint in the manifest's place",
       [&](const fs::path& p) {
         fs::copy_file(p / "checkpoint", p / "manifest", fs::copy_options::overwrite_existing);
       },
       false},
      {"a record under a second name",
       [&](const fs::path& p) {
         fs::copy_file(p / "records/2.leaf", p / "records/02.leaf");
         fs::copy_file(p / "records/2.tlog-proof", p / "records/02.tlog-proof");
       },
       true},
      {"a pipe that never ends",
       [&](const fs::path& p) {
         fs::remove(p / "records.tsv");
         ASSERT_EQ(::mkfifo((p / "records.tsv").c_str(), 0600), 0);
       },
       false},
      {"a link to an endless device",
       [&](const fs::path& p) {
         fs::remove(p / "records/0.leaf");
         fs::create_symlink("/dev/zero", p / "records/0.leaf");
       },
       false},
      {"a folder behind a link",
       [&](const fs::path& p) {
         fs::rename(p / "records", folder.path() / "moved");
         fs::create_symlink(folder.path() / "moved", p / "records");
       },
       false},
      {"no sums", [&](const fs::path& p) { fs::remove(p / "SHA256SUMS"); }, false},
  };
  for (const auto& row : table) {
    const fs::path copy = folder.path() / "copy";
    fs::remove_all(copy);
    fs::remove_all(folder.path() / "moved");
    fs::copy(package(), copy, fs::copy_options::recursive);
    row.change(copy);
    if (row.refit) resum(copy);
    EXPECT_NE(by_script(copy, key()), 0) << row.what;
    EXPECT_GT(faults(copy), 0U) << row.what;
  }
}

// On a laptop with a disc of evidence nobody holds the hub's key.
TEST_F(PackageTest, WithoutAManifestEachRecordStandsForItselfOnlyWhenAsked) {
  const auto archive = Archive::open(store_folder());
  const fs::path plain = folder.path() / "plain";
  ASSERT_TRUE(write_package(**archive, *Question::parse("failed"), {.limit = 1000}, plain));
  EXPECT_EQ(faults(plain), 1U);
  EXPECT_NE(by_script(plain, key()), 0);
  EXPECT_EQ(faults(plain, {.each_record = true}), 0U);
  EXPECT_EQ(by_script(plain, key() + " records"), 0) << *read_file(folder.path() / "out", 10'000);
  std::string text = *read_file(plain / "records.tsv", 1 << 20);
  text.replace(text.find("root"), 4, "an");
  std::ofstream(plain / "records.tsv") << text;
  ASSERT_EQ(std::system(("cd " + plain.string() +
                         " && find . -type f ! -name SHA256SUMS | sed 's|^./||' | sort | "
                         "xargs sha256sum > ../sums && mv ../sums SHA256SUMS")
                            .c_str()),
            0);
  EXPECT_EQ(faults(plain, {.each_record = true}), 1U) << "the list is made anew from the records";
  EXPECT_NE(by_script(plain, key() + " records"), 0);
  TestStore other;
  const PackageSeal seal{*other.signer, clock.now()};
  EXPECT_TRUE(write_package(**archive, *Question::parse("failed"), {.limit = 9}, folder.path() / "foreign", &seal)
                  .error()
                  .is(key_invalid));
}

TEST_F(PackageTest, ACheckpointKeptElsewhereIsCompared) {
  const std::string note = *read_file(package() / "checkpoint", 10'000);
  EXPECT_EQ(faults(package(), {.notes = {note}}), 0U);
  const std::string fork = *signer->sign(format_body({test_origin, 22, sha256("another past")}));
  EXPECT_EQ(faults(package(), {.notes = {fork}}), 1U);
  const std::string later = *signer->sign(format_body({test_origin, 23, sha256("more")}));
  EXPECT_EQ(faults(package(), {.notes = {later}}), 0U) << "a remark";
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
