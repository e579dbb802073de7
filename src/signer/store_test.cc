// Goal: a store signed with a key for each day verifies from the key people wrote down, and refuses what a thief of
// data folders or keys can do. Method: the real store on a keeper in this process, over days; copies of folders put
// back, notes exchanged.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/source_dir.h"
#include "evidence/day_file.h"
#include "evidence/file_digest.h"
#include "evidence/package.h"
#include "evidence/sqlite.h"
#include "evidence/store.h"
#include "evidence/verify.h"
#include "signer/test_signer.h"

namespace luy::signer {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct SignedStore : SignerTest {
  void begin() {
    auto opened = open_signer(options(), clock, random);
    ASSERT_TRUE(opened) << opened.error().text();
    signer = *std::move(opened);
    auto store_now = try_open();
    ASSERT_TRUE(store_now) << store_now.error().text();
    store = *std::move(store_now);
    root = signer->vkey();
  }
  void end() {
    store.reset();
    signer.reset();
  }
  Result<std::unique_ptr<evidence::Store>> try_open() {
    return evidence::open_store({.folder = evidence_folder(), .retention_days = 30}, clock, *signer);
  }
  fs::path evidence_folder() const { return folder.path() / "evidence"; }
  fs::path day(int n) const { return evidence::day_path(evidence_folder(), first_day + days(n)); }
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string raw = "sshd: line " + std::to_string(++lines);
      const evidence::Store::Batch batch{std::nullopt, {{"agency/device/journal", 1, raw}}};
      ASSERT_TRUE(store->append({&batch, 1}));
    }
  }
  void pass_day() {
    clock.advance(24h);
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  }
  // Faults of what is verified with the root.
  std::set<std::string> faults(const fs::path& path, bool package = false, std::vector<std::string> notes = {}) const {
    std::set<std::string> out;
    evidence::VerifyOptions how;
    how.keys = {*evidence::VerifierKey::parse(root)};
    how.notes = std::move(notes);
    how.report = [&](const evidence::Finding& finding) {
      if (finding.is_fault) out.emplace(finding.error.name());
    };
    const auto done = package ? evidence::verify_package(path, how) : evidence::verify_path(path, how);
    EXPECT_TRUE(done) << done.error().text();
    return out;
  }
  int shell(const std::string& command) const {
    const int status = std::system((command + " >" + (folder.path() / "out").string() + " 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string output() const { return *read_file(folder.path() / "out", 64 << 10); }

  std::unique_ptr<evidence::NoteSigner> signer;
  std::unique_ptr<evidence::Store> store;
  std::string root;
  int lines = 0;
};

TEST_F(SignedStore, EachDayIsSignedWithItsOwnKeyAndVerifiesFromTheRoot) {
  begin();
  std::set<std::string> keys;
  for (int n = 0; n < 3; ++n) {
    add(4);
    const auto checkpoint = store->checkpoint();
    ASSERT_TRUE(checkpoint) << checkpoint.error().text();
    ASSERT_EQ(checkpoint->certificates.size(), 1U);
    EXPECT_EQ(evidence::parse_certificate(checkpoint->certificates[0])->day, first_day + days(n));
    pass_day();
    keys.insert((*evidence::DayReader::open(day(n), true))->vkeys()->front());
  }
  EXPECT_EQ(keys.size(), 3U);
  add(1);
  const std::string newest = store->checkpoint()->note;
  EXPECT_EQ(faults(evidence_folder(), false, {newest}), std::set<std::string>());
  end();
  for (int n = 0; n < 3; ++n) EXPECT_EQ(faults(day(n)), std::set<std::string>());
  begin();
  add(1);
  EXPECT_TRUE(store->checkpoint());
  EXPECT_EQ(faults(evidence_folder()), std::set<std::string>());
}

// The next day may have begun, and even ended, before anything could be signed.
TEST_F(SignedStore, DaysThatWaitedForTheSignerAreSignedInOrder) {
  begin();
  for (int n = 0; n < 3; ++n) {
    add(2);
    clock.advance(24h);
  }
  add(2);
  ASSERT_TRUE(store->checkpoint());
  ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  EXPECT_EQ(faults(evidence_folder()), std::set<std::string>());
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(fs::exists(evidence::digest_path(day(n)))) << n;
}

TEST_F(SignedStore, AStoreWithOneKeyForEverGoesOnWithDayKeys) {
  former = folder.path() / "checkpoint.key";
  ASSERT_TRUE(evidence::FileNoteSigner::generate(former));
  const auto raise = [&](int n) {  // Days as they were written before: without certificates.
    auto connection = evidence::Connection::open(day(n), evidence::Connection::Mode::write);
    ASSERT_TRUE(connection->run("DROP TABLE certificate; DELETE FROM meta WHERE name = 'root'; PRAGMA user_version=1"));
  };
  signer = *evidence::FileNoteSigner::load(former, test_origin);
  const std::string old_vkey = signer->vkey();
  store = std::move(try_open().value());
  add(3);
  pass_day();
  add(3);
  const std::string old_note = store->checkpoint()->note;
  end();
  fs::permissions(day(0), fs::perms(0600));
  raise(0);
  std::ofstream(evidence::digest_path(day(0))) << evidence::digest_line(*evidence::file_sha256(day(0)), day(0));
  raise(1);

  begin();
  EXPECT_EQ(root, old_vkey) << "what people wrote down stays";
  add(3);
  ASSERT_TRUE(store->checkpoint());
  EXPECT_EQ(faults(evidence_folder(), false, {old_note}), std::set<std::string>());
  pass_day();
  add(1);
  ASSERT_TRUE(store->checkpoint());
  end();
  EXPECT_EQ(faults(evidence_folder(), false, {old_note}), std::set<std::string>());
  EXPECT_EQ((*evidence::DayReader::open(day(0), true))->format(), 1);
  EXPECT_EQ((*evidence::DayReader::open(day(1), true))->format(), 2);
  EXPECT_EQ((*evidence::DayReader::open(day(1), true))->vkeys()->size(), 2U);
}

TEST_F(SignedStore, DataPutBackToAnEarlierStateIsNotOpened) {
  begin();
  add(5);
  ASSERT_TRUE(store->checkpoint());
  store.reset();
  const fs::path backup = folder.path() / "backup";
  fs::copy(evidence_folder(), backup, fs::copy_options::recursive);
  store = std::move(try_open().value());
  add(5);
  ASSERT_TRUE(store->checkpoint());
  store.reset();
  fs::remove_all(evidence_folder());
  fs::copy(backup, evidence_folder(), fs::copy_options::recursive);
  EXPECT_TRUE(try_open().error().is(evidence::rolled_back)) << "shorter than what was signed";
  // Other records until it is as long: what was signed is not continued.
  signer.reset();
  auto stranger_options = options();
  stranger_options.folder = folder.path() / "stranger";
  signer = std::move(open_signer(stranger_options, clock, random).value());
  store = std::move(try_open().value());
  lines = 1000;
  add(20);
  end();
  signer = std::move(open_signer(options(), clock, random).value());
  EXPECT_TRUE(try_open().error().is(evidence::rolled_back));
}

// A store that does not ask beforehand, as a program of a thief would not.
TEST_F(SignedStore, TheSignerItselfRefusesAShorterStore) {
  begin();
  add(5);
  ASSERT_TRUE(store->checkpoint());
  const evidence::CheckpointBody shorter{test_origin, 3, sha256("x")};
  const auto none = [](std::uint64_t, std::uint64_t) -> Result<std::vector<Hash>> {
    return Error(evidence::record_unknown, "");
  };
  EXPECT_TRUE(signer->sign_checkpoint(shorter, first_day, none).error().is(rolled_back));
}

TEST_F(SignedStore, AStolenKeyOfAnOldDaySignsNoNewDay) {
  begin();
  add(3);
  ASSERT_TRUE(store->checkpoint());
  // What a thief finds on the first day; he keeps only that day's key, which is all an old backup of memory would hold.
  const fs::path stolen = folder.path() / "stolen";
  fs::copy_file(options().folder / "keys", stolen);
  pass_day();
  add(3);
  ASSERT_TRUE(store->checkpoint());
  pass_day();
  end();
  ASSERT_EQ(faults(day(1)), std::set<std::string>());
  const auto thief = KeyChain::open(stolen, test_origin);
  const std::string old_vkey = thief->sign("x\n")->vkey;
  fs::permissions(day(1), fs::perms(0600));
  {
    auto connection = evidence::Connection::open(day(1), evidence::Connection::Mode::write);
    auto rows = connection->prepare("SELECT text FROM note WHERE closing = 1");
    ASSERT_TRUE(*rows->step());
    const auto body = evidence::parse_body(rows->text(0));
    const auto forged = *thief->sign(evidence::format_body(*body));
    rows->reset();
    auto put = connection->prepare("UPDATE note SET text = ? WHERE closing = 1");
    ASSERT_TRUE(put->bind_text(1, forged.note).run());
    auto certificate = connection->prepare("INSERT INTO certificate(text, since) VALUES(?, 0)");
    ASSERT_TRUE(certificate->bind_text(1, forged.certificates[0]).run());
  }
  std::ofstream(evidence::digest_path(day(1))) << evidence::digest_line(*evidence::file_sha256(day(1)), day(1));
  EXPECT_TRUE(faults(day(1)).contains("verify.key_day"));
  EXPECT_TRUE(faults(evidence_folder()).contains("verify.key_day"));
  std::ofstream(folder.path() / "vkey") << root << "\n";
  const std::string script = source_dir() + "/docs/format/verify-day.sh ";
  EXPECT_NE(shell(script + day(1).string() + " " + (folder.path() / "vkey").string()), 0);
  EXPECT_NE(output().find("key of another day"), std::string::npos) << output();
}

TEST_F(SignedStore, CertificatesThatNobodySignedAreNamed) {
  begin();
  add(3);
  ASSERT_TRUE(store->checkpoint());
  pass_day();
  end();
  fs::permissions(day(0), fs::perms(0600));
  const std::string good = *read_file(day(0), 16 << 20);
  for (const char* sql : {"UPDATE certificate SET text = replace(text, '2026-11-22', '2026-11-23')",
                          "DELETE FROM certificate", "INSERT INTO certificate(text, since) VALUES('x', 0)"}) {
    std::ofstream(day(0), std::ios::binary) << good;
    ASSERT_TRUE(evidence::Connection::open(day(0), evidence::Connection::Mode::write)->run(sql));
    std::ofstream(evidence::digest_path(day(0))) << evidence::digest_line(*evidence::file_sha256(day(0)), day(0));
    EXPECT_NE(faults(day(0)), std::set<std::string>()) << sql;
  }
}

// The kept sample of format 2, with blocks of kind 2. With LUY_UPDATE=1 it is written anew, as a new sample beside it
// would be when the format changes: one that was handed out must be readable for ever.
TEST_F(SignedStore, ADayOfTheSecondFormatIsReadAndVerified) {
  const fs::path kept = fs::path(source_dir()) / "src/evidence/testdata/format2";
  const fs::path file = kept / "2026-11-22.sqlite";
  if (std::getenv("LUY_UPDATE") != nullptr && !fs::exists(file)) {
    begin();
    add(1500);
    ASSERT_TRUE(store->checkpoint());
    pass_day();
    end();
    fs::create_directories(kept);
    fs::copy_file(day(0), file);
    fs::copy_file(evidence::digest_path(day(0)), evidence::digest_path(file));
    std::ofstream(kept / "vkey") << root << "\n";
  }
  root = *read_file(kept / "vkey", 4096);
  root.pop_back();
  EXPECT_EQ(faults(file), std::set<std::string>());
  const auto reader = evidence::DayReader::open(file, true);
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->format(), 2);
  EXPECT_EQ((*reader)->certificates()->size(), 1U);
  EXPECT_EQ(*(*reader)->connection().integer("SELECT max(kind) FROM block"), 2);
  const auto archive = evidence::Archive::open(file);
  ASSERT_TRUE(archive);
  EXPECT_EQ((*archive)->read(1499)->raw, "sshd: line 1500");
  EXPECT_EQ((*archive)->size(), 1501U) << "the day's end is the last";
}

TEST_F(SignedStore, PublicToolsFollowTheChain) {
  for (const char* tool : {"sqlite3", "zstd", "sha256sum", "openssl", "od", "awk", "base64"}) {
    if (shell(std::string("command -v ") + tool) != 0) GTEST_SKIP() << "the tool " << tool << " is not installed";
  }
  begin();
  // A period's end lies between the two days: the second one's key is certified by a successor.
  add(3);
  ASSERT_TRUE(store->checkpoint());
  pass_day();
  for (int n = 0; n < days_per_period / 20; ++n) {
    clock.advance(24h * 20);
    add(1);
    ASSERT_TRUE(store->checkpoint());
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  }
  pass_day();
  const auto kept = *store->days();
  std::ofstream(folder.path() / "vkey") << root << "\n";
  const std::string vkey = (folder.path() / "vkey").string();
  const std::string script = source_dir() + "/docs/format/verify-day.sh ";
  const fs::path last = evidence::day_path(evidence_folder(), kept.back().day);
  for (const fs::path& file : {day(0), last}) {
    EXPECT_EQ(shell(script + file.string() + " " + vkey), 0) << output();
    EXPECT_EQ(shell(script + file.string()), 0) << output();
  }
  EXPECT_EQ((*evidence::DayReader::open(last, true))->certificates()->size(), 2U);

  const evidence::PackageSeal seal{*signer, clock.now()};
  evidence::SearchQuery query;
  query.limit = 100;
  const fs::path package = folder.path() / "package";
  ASSERT_TRUE(evidence::write_package(*store->archive(), *evidence::Question::parse(""), query, package, &seal));
  EXPECT_EQ(faults(package, true), std::set<std::string>());
  const std::string verify = "sh " + (package / "verify.sh").string() + " ";
  EXPECT_EQ(shell(verify + vkey), 0) << output();
  EXPECT_EQ(shell(verify), 0) << output();

  // Without the chain, and with a certificate that says another day, nothing is believed.
  const std::string chain = *read_file(package / "certificates", 1 << 20);
  for (const std::string& bad : {std::string(), chain.substr(0, chain.size() / 2), [&] {
                                   std::string other = chain;
                                   const std::size_t at = other.rfind("/key\n") + 5;
                                   other[at + 9] = other[at + 9] == '9' ? '8' : '9';
                                   return other;
                                 }()}) {
    std::ofstream(package / "certificates", std::ios::binary) << bad;
    EXPECT_NE(faults(package, true), std::set<std::string>());
    EXPECT_NE(shell(verify + vkey), 0) << output();
  }
}

}  // namespace
}  // namespace luy::signer
