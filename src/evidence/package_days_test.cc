// Goal: a package of whole days verifies with our program and with standard tools alone, and both refuse one that was
// touched in any part.
// Method: packages of a store of four days, altered as somebody who holds the package could, with SHA256SUMS made to
// fit again.
#include "evidence/package_days.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/source_dir.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/merkle.h"
#include "evidence/sqlite.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct DayPackageTest : testing::Test, TestStore {
  void SetUp() override {
    open();
    for (int day = 0; day < 4; ++day) {
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(add({"sshd: day " + std::to_string(day) + " line " + std::to_string(i)}));
      // Nothing came on the third day.
      clock.advance(day == 1 ? 48h : 24h);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    }
    ASSERT_TRUE(add({"today"}));
    ASSERT_TRUE(store->checkpoint());
    std::ofstream(folder.path() / "vkey") << "# the hub's key\n" << signer->vkey() << "\n";
  }
  static Day day(int n) { return *day_from_iso("2026-11-22") + days(n); }
  Result<PackageSummary> write(int first, int last) {
    return write_day_package(*store->archive(), {day(first), day(last), *signer, clock.now()}, package());
  }
  fs::path package() const { return folder.path() / "package"; }
  std::set<std::string> faults(std::vector<std::string> notes = {}) {
    std::set<std::string> out;
    VerifyOptions options{.keys = {*VerifierKey::parse(signer->vkey())}, .notes = std::move(notes)};
    options.report = [&](const Finding& finding) {
      if (finding.is_fault) out.emplace(finding.error.name());
    };
    const auto done = verify_package(package(), options);
    EXPECT_TRUE(done) << done.error().text();
    if (done) summary = *done;
    return out;
  }
  bool tools_agree(bool with_key = true) const {
    const std::string command = "bash " + (package() / "verify.sh").string() + " " +
                                (with_key ? (folder.path() / "vkey").string() : std::string()) + " >" +
                                (folder.path() / "out").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  std::string output() const { return *read_file(folder.path() / "out", 64 << 10); }
  static bool has_tools() {
    for (const std::string tool : {"bash", "sqlite3", "zstd", "sha256sum", "openssl", "od", "awk"}) {
      if (std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) != 0) return false;
    }
    return true;
  }
  // As somebody without the key would.
  void make_sums() {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(package())) {
      const std::string name = entry.path().lexically_relative(package()).string();
      if (entry.is_regular_file() && name != "SHA256SUMS" && name != "manifest") names.insert(name);
    }
    std::ofstream sums(package() / "SHA256SUMS");
    for (const std::string& name : names) sums << *file_sha256(package() / name) << "  " << name << "\n";
  }
  VerifySummary summary;
};

TEST_F(DayPackageTest, VerifiesWithOurProgramAndWithStandardTools) {
  const auto done = write(0, 3);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(faults(), std::set<std::string>());
  EXPECT_EQ(summary.records, done->records);
  EXPECT_EQ(summary.size, store->last_checkpoint()->size);
  EXPECT_EQ(faults({store->last_checkpoint()->note}), std::set<std::string>());
  EXPECT_EQ(fs::status(package() / "days/2026-11-22.sqlite").permissions(), fs::perms(0600));
  if (!has_tools()) GTEST_SKIP() << "the standard tools are not installed";
  EXPECT_TRUE(tools_agree()) << output();
  EXPECT_TRUE(tools_agree(false)) << output();
  EXPECT_NE(output().find("INTACT: 3 days, luy/bim-son"), std::string::npos);
}

TEST_F(DayPackageTest, OneDayInTheMiddleIsEnough) {
  ASSERT_TRUE(write(1, 1));
  EXPECT_EQ(faults(), std::set<std::string>());
  if (!has_tools()) GTEST_SKIP() << "the standard tools are not installed";
  EXPECT_TRUE(tools_agree()) << output();
}

TEST_F(DayPackageTest, WhatIsAlteredIsRefusedByBoth) {
  const bool tools = has_tools();
  ASSERT_TRUE(write(0, 3));
  const fs::path good = folder.path() / "good";
  fs::copy(package(), good, fs::copy_options::recursive);
  TestStore other;
  const auto replace = [&](const char* name, const std::string& text) {
    std::ofstream(package() / name, std::ios::binary) << text;
  };
  const fs::path first = package() / "days/2026-11-22.sqlite";
  const struct {
    const char* what;
    std::function<void()> change;
    bool sums;
  } table[] = {
      {"a bit of a day", [&] { std::ofstream(first, std::ios::in | std::ios::out).seekp(5000).put('x'); }, false},
      {"a bit of a day, with sums", [&] { std::ofstream(first, std::ios::in | std::ios::out).seekp(5000).put('x'); },
       true},
      {"a day taken out",
       [&] {
         fs::remove(package() / "days/2026-11-23.sqlite");
         fs::remove(package() / "days/2026-11-23.sqlite.sha256");
       },
       true},
      {"no manifest", [&] { fs::remove(package() / "manifest"); }, false},
      {"no consistency", [&] { fs::remove(package() / "consistency"); }, true},
      {"another consistency",
       [&] {
         replace("consistency", format_consistency({1, sha256("a"), 2, sha256("b"), {}}));
       },
       true},
      {"a manifest of another key",
       [&] {
         replace("manifest", *other.signer->sign(format_body({test_origin + "/package", 14, sha256("x")})));
       },
       false},
      {"something besides", [&] { replace("days/notes.txt", "x"); }, false},
      {"a record's file besides", [&] { replace("records.tsv", "x"); }, true},
  };
  for (const auto& row : table) {
    fs::remove_all(package());
    fs::copy(good, package(), fs::copy_options::recursive);
    row.change();
    if (row.sums) make_sums();
    EXPECT_NE(faults(), std::set<std::string>()) << row.what;
    if (tools) {
      EXPECT_FALSE(tools_agree()) << row.what;
    }
  }
}

// The owner of the key signs a package whose days are no part of the signed tree.
TEST_F(DayPackageTest, DaysOfAnotherHistoryAreRefusedEvenWithTheRightKey) {
  ASSERT_TRUE(write(0, 1));
  auto proof = parse_consistency(*read_file(package() / "consistency", 64 << 10));
  ASSERT_TRUE(proof);
  ASSERT_FALSE(proof->path.empty());
  proof->path.back()[0] ^= 1;
  std::ofstream(package() / "consistency") << format_consistency(*proof);
  make_sums();
  const auto sums = sha256(*read_file(package() / "SHA256SUMS", 64 << 10));
  std::ofstream(package() / "manifest") << *signer->sign(
      format_body({test_origin + "/package", store->last_checkpoint()->size, sums}) + "days\n");
  EXPECT_EQ(faults(), std::set<std::string>{"verify.root_differs"});
  if (has_tools()) {
    EXPECT_FALSE(tools_agree()) << output();
  }
}

TEST_F(DayPackageTest, OnlyClosedDaysGoIntoIt) {
  EXPECT_TRUE(write(0, 2).error().is(day_not_closed)) << "no day without records can be the last";
  EXPECT_TRUE(write(0, 5).error().is(day_not_closed)) << "today";
  EXPECT_TRUE(write(1, 0).error().is(query_invalid));
  TestStore other;
  EXPECT_TRUE(write_day_package(*store->archive(), {day(0), day(1), *other.signer, clock.now()}, package())
                  .error()
                  .is(key_invalid));
  ASSERT_TRUE(write(0, 0));
  EXPECT_TRUE(write(0, 0).error().is(file_failed)) << "the folder holds a package";
}

TEST(Consistency, IsReadAsItWasWrittenAndNothingElse) {
  const ConsistencyProof proof{7, sha256("a"), 900, sha256("b"), {sha256("c"), sha256("d")}};
  const std::string text = format_consistency(proof);
  const auto read = parse_consistency(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->old_size, 7U);
  EXPECT_EQ(read->new_size, 900U);
  EXPECT_EQ(read->old_root, proof.old_root);
  EXPECT_EQ(read->new_root, proof.new_root);
  EXPECT_EQ(read->path, proof.path);
  for (const std::string& bad :
       {std::string(), text.substr(0, text.size() - 1), text + "x\n", "new" + text.substr(3)}) {
    EXPECT_TRUE(parse_consistency(bad).error().is(note_malformed)) << bad;
  }
}

TEST(DayScript, IsTheOneInTheDocuments) {
  EXPECT_EQ(day_script(), *read_file(fs::path(source_dir()) / "docs/format/verify-day.sh", 64 << 10));
}

}  // namespace
}  // namespace luy::evidence
