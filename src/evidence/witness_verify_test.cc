// Goal: what witnesses cosigned is verified wherever it goes, and its absence is as loud as its falsification.
// Method: a store whose checkpoints a witness cosigned, verified as a folder, as packages with both verifiers, and
// after each thing that a thief could do to the notes beside the days.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/file.h"
#include "base/source_dir.h"
#include "evidence/cosignature.h"
#include "evidence/package.h"
#include "evidence/package_days.h"
#include "evidence/signature.h"
#include "evidence/test_store.h"
#include "evidence/verify.h"
#include "evidence/witness_file.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct WitnessVerifyTest : testing::Test, TestStore {
  void SetUp() override {
    open();
    for (int day = 0; day < 2; ++day) {
      ASSERT_TRUE(add({"one", "two"}));
      clock.advance(24h);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
      cosign();
    }
    ASSERT_TRUE(add({"today"}));
    ASSERT_TRUE(store->checkpoint());
    cosign();
    ASSERT_TRUE(add({"later"}));
    ASSERT_TRUE(store->checkpoint());
    std::ofstream(folder.path() / "vkey") << signer->vkey() << "\n";
    std::ofstream(folder.path() / "witness") << "# the province\n" << key.vkey() << "\n";
    std::ofstream(folder.path() / "stranger") << stranger.vkey() << "\n";
  }
  std::string cosigned(const Checkpoint& newest, std::uint64_t seconds) {
    const std::string text = format_body(*parse_body(newest.note));
    return newest.note + format_cosignature(key, seconds, secret.sign(cosigned_message(text, seconds)).value());
  }
  void cosign() {
    const Checkpoint newest = *store->last_checkpoint();
    const auto seconds =
        static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(clock.now().time_since_epoch()).count());
    ASSERT_TRUE(keep_cosigned(*store->archive(), newest.size, cosigned(newest, seconds)));
    cosigned_size = newest.size;
  }
  std::set<std::string> faults(const std::vector<WitnessKey>& witnesses, const fs::path& path, bool package = false) {
    std::set<std::string> out;
    VerifyOptions options{.keys = {*VerifierKey::parse(signer->vkey())}, .witnesses = witnesses};
    options.report = [&](const Finding& finding) {
      if (finding.is_fault) out.emplace(finding.error.name());
    };
    const auto done = package ? verify_package(path, options) : verify_path(path, options);
    EXPECT_TRUE(done) << done.error().text();
    if (done) summary = *done;
    return out;
  }
  int by_script(const std::string& program, const fs::path& where, const std::string& arguments) const {
    const std::string command = "cd " + folder.path().string() + " && timeout 120 " + program + " " +
                                (where / "verify.sh").string() + " vkey " + arguments + " >out 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  fs::path beside(int day) const {
    return cosigned_path(store_folder() / (to_iso(*day_from_iso("2026-11-22") + days(day)) + ".sqlite"));
  }
  std::string said() const { return *read_file(folder.path() / "out", 10'000); }

  Ed25519Key secret = Ed25519Key::from_seed(std::string(32, 'w'));
  WitnessKey key = WitnessKey::make("luy/tinh/witness", secret.public_key()).value();
  WitnessKey stranger =
      WitnessKey::make("luy/khac/witness", Ed25519Key::from_seed(std::string(32, 's')).public_key()).value();
  std::uint64_t cosigned_size = 0;
  VerifySummary summary;
};

TEST_F(WitnessVerifyTest, AFolderSaysHowFarWitnessesVouch) {
  EXPECT_EQ(faults({key}, store_folder()), std::set<std::string>());
  EXPECT_EQ(summary.cosigned, cosigned_size);
  EXPECT_GT(summary.size, cosigned_size);
  EXPECT_EQ(faults({}, store_folder()), std::set<std::string>());
  EXPECT_EQ(summary.cosigned, 0U);
  EXPECT_EQ(faults({key, stranger}, store_folder()), std::set<std::string>{"verify.cosignature_absent"});
}

TEST_F(WitnessVerifyTest, NotesBesideTheDaysThatWereTouchedAreFaults) {
  const std::string good = read_file(beside(2), 1 << 20).value();
  const auto with = [&](const std::string& bytes) {
    std::ofstream(beside(2), std::ios::binary) << bytes;
    return faults({key}, store_folder());
  };
  std::string bad = good;
  bad[good.size() - 10] = bad[good.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_TRUE(with(bad).contains("verify.note_invalid")) << "a cosignature";
  EXPECT_TRUE(with("x").contains("verify.note_invalid")) << "no notes at all";
  // Of a tree that there never was, rightly signed and cosigned: a fork.
  const CheckpointBody other{test_origin, cosigned_size, sha256("another tree")};
  const std::string note = signer->sign(format_body(other)).value();
  EXPECT_TRUE(with(format_cosigned({cosigned({other.size, other.root, note}, 1)})).contains("verify.root_differs"));
  // Of a larger tree: what is here was put back to an earlier state.
  const CheckpointBody larger{test_origin, summary.size + 1000, sha256("larger")};
  const std::string ahead = signer->sign(format_body(larger)).value();
  EXPECT_TRUE(with(format_cosigned({cosigned({larger.size, larger.root, ahead}, 1)})).contains("verify.rolled_back"));
  // By somebody who is no log of ours.
  const Ed25519Key thief = Ed25519Key::from_seed(std::string(32, 't'));
  const std::string text = good.substr(good.find('\n') + 1);
  const std::string body = text.substr(0, text.find("\n\n") + 1);
  const std::string forged =
      format_note(body, *VerifierKey::make(test_origin, thief.public_key()), thief.sign(body).value());
  EXPECT_TRUE(with(format_cosigned({forged})).contains("verify.note_invalid"));
  EXPECT_EQ(with(good), std::set<std::string>());
}

TEST_F(WitnessVerifyTest, PublicToolsConfirmWhatWasCosignedOfADay) {
  for (const std::string tool : {"sqlite3", "zstd", "sha256sum", "openssl", "od", "awk", "base64"}) {
    if (std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) != 0) {
      GTEST_SKIP() << "the tool " << tool << " is not installed";
    }
  }
  const auto by_hand = [&](const std::string& arguments) {
    const std::string command = "cd " + folder.path().string() + " && " + source_dir() +
                                "/docs/format/verify-day.sh evidence/2026-11-23.sqlite vkey " + arguments +
                                " >out 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  EXPECT_EQ(by_hand(""), 0) << said();
  EXPECT_EQ(by_hand("witness"), 0) << said();
  EXPECT_NE(said().find("WITNESS: luy/tinh/witness"), std::string::npos) << said();
  EXPECT_NE(by_hand("stranger"), 0) << said();
  const std::string good = read_file(beside(1), 1 << 20).value();
  // Rightly signed and cosigned, of a tree that there never was.
  const std::uint64_t size = parse_body(parse_cosigned(good)->front())->size;
  const CheckpointBody other{test_origin, size, sha256("another tree")};
  const std::string note = signer->sign(format_body(other)).value();
  std::ofstream(beside(1), std::ios::binary) << format_cosigned({cosigned({other.size, other.root, note}, 1)});
  EXPECT_NE(by_hand("witness"), 0) << said();
  fs::remove(beside(1));
  EXPECT_NE(by_hand("witness"), 0) << "absent: " << said();
  EXPECT_EQ(by_hand(""), 0) << said();
}

TEST_F(WitnessVerifyTest, PackagesCarryTheCosignedCheckpoint) {
  const fs::path package = folder.path() / "package";
  const PackageSeal seal{*signer, clock.now(), "one"};
  ASSERT_TRUE(write_package(*store->archive(), *Question::parse("one"), {.limit = 100}, package, &seal));
  EXPECT_EQ(faults({key}, package, true), std::set<std::string>());
  EXPECT_EQ(summary.size, cosigned_size) << "not the newest, which nobody cosigned";
  EXPECT_EQ(faults({stranger}, package, true), std::set<std::string>{"verify.cosignature_absent"});
  EXPECT_EQ(by_script("sh", package, "\"\" witness"), 0) << said();
  EXPECT_NE(said().find("WITNESS: luy/tinh/witness, 2026-11-"), std::string::npos) << said();
  EXPECT_EQ(by_script("sh", package, "\"\" stranger"), 1) << said();
  EXPECT_EQ(by_script("sh", package, ""), 0) << said();
  // What is newer than the newest cosignature goes with a checkpoint that nobody cosigned, and that is found.
  const fs::path newest = folder.path() / "newest";
  ASSERT_TRUE(write_package(*store->archive(), *Question::parse("later"), {.limit = 100}, newest, &seal));
  EXPECT_EQ(faults({key}, newest, true), std::set<std::string>{"verify.cosignature_absent"});
  EXPECT_EQ(faults({}, newest, true), std::set<std::string>());
}

TEST_F(WitnessVerifyTest, PackagesOfDaysCarryWhatLiesBesideThem) {
  const fs::path package = folder.path() / "days";
  const Day first = *day_from_iso("2026-11-22");
  ASSERT_TRUE(write_day_package(*store->archive(), {first, first + days(1), *signer, clock.now()}, package));
  EXPECT_TRUE(fs::exists(package / "days" / "2026-11-22.sqlite.cosigned"));
  EXPECT_EQ(faults({key}, package, true), std::set<std::string>());
  EXPECT_EQ(faults({stranger}, package, true), std::set<std::string>{"verify.cosignature_absent"});
  EXPECT_EQ(by_script("bash", package, "witness"), 0) << said();
  EXPECT_EQ(by_script("bash", package, "stranger"), 1) << said();
}

TEST_F(WitnessVerifyTest, GoesWithItsDayWhenThatIsDeleted) {
  for (int day = 0; day < 35; ++day) {
    ASSERT_TRUE(add({"later"}));
    ASSERT_TRUE(store->checkpoint());
    clock.advance(24h);
    ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
  }
  std::ofstream(stamp_path(store_folder() / "2026-11-22.sqlite")) << "token";
  ASSERT_TRUE(fs::exists(beside(0)));
  const auto deleted = store->delete_before(*day_from_iso("2026-11-23"));
  ASSERT_TRUE(deleted) << deleted.error().text();
  EXPECT_EQ(*deleted, 1U);
  EXPECT_FALSE(fs::exists(stamp_path(store_folder() / "2026-11-22.sqlite")));
  EXPECT_FALSE(fs::exists(beside(0)));
  EXPECT_TRUE(fs::exists(beside(1)));
}

}  // namespace
}  // namespace luy::evidence
