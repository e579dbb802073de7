// Goal: the keeper signs one growing tree, names why it refuses anything else, and remembers across any end.
// Method: requests with right and wrong proofs on one folder, which is opened again as after a kill.
#include "signer/keeper.h"

#include <fstream>

#include "evidence/certificate.h"
#include "evidence/error.h"
#include "signer/test_signer.h"

namespace luy::signer {
namespace {

namespace fs = std::filesystem;

struct KeeperTest : SignerTest {
  void SetUp() override { keeper = std::move(open().value()); }
  std::unique_ptr<Keeper> keeper;
};

TEST_F(KeeperTest, SignsWhatGrows) {
  std::uint64_t before = 0;
  for (const std::uint64_t size : {1U, 2U, 3U, 7U, 8U, 100U, 100U, 257U}) {
    const auto note = keeper->sign(tree.request(size, before));
    ASSERT_TRUE(note) << note.error().text();
    EXPECT_TRUE(note->note.starts_with(evidence::format_body(tree.at(size)) + "\n"));
    EXPECT_EQ(keeper->standing().size, size);
    EXPECT_EQ(keeper->standing().root, tree.at(size).root);
    before = size;
  }
}

TEST_F(KeeperTest, RefusesEverythingElseByName) {
  ASSERT_TRUE(keeper->sign(tree.request(20, 0)));
  TestTree fork(10);
  const auto with = [](SignRequest request, const auto& change) {
    change(request);
    return request;
  };
  const struct {
    const char* what;
    SignRequest request;
    const ErrorKind& want;
  } table[] = {
      {"another root of the same size", fork.request(20, 0), forked},
      {"a fork that grew, with its own proof", fork.request(30, 20), forked},
      {"growth without proof", with(tree.request(30, 20), [](auto& r) { r.path.clear(); }), forked},
      {"growth with one hash more", with(tree.request(30, 20), [](auto& r) { r.path.push_back(r.path[0]); }), forked},
      {"a smaller tree without proof", with(tree.request(10, 20), [](auto& r) { r.path.clear(); }), rolled_back},
      {"a smaller tree of the fork", fork.request(15, 20), rolled_back},
      {"an empty tree", {{test_origin, 0, sha256("")}, first_day, 20, {}}, rolled_back},
      {"a proof from another size", tree.request(30, 19), other_size},
      {"no old size", tree.request(30, 0), other_size},
      {"another origin", with(tree.request(30, 20), [](auto& r) { r.tree.origin = "luy/other"; }), other_origin},
      {"a manifest's origin", with(tree.request(30, 20), [](auto& r) { r.tree.origin += "/package"; }), other_origin},
      {"a day that is over", tree.request(30, 20, first_day - days(1)), day_over},
      {"a day far ahead", tree.request(30, 20, first_day + days(days_ahead_max + 1)), day_ahead},
  };
  for (const auto& row : table) {
    const auto answer = keeper->sign(row.request);
    ASSERT_FALSE(answer) << row.what;
    EXPECT_TRUE(answer.error().is(row.want)) << row.what << ": " << answer.error().text();
    EXPECT_EQ(keeper->standing().size, 20U) << row.what;
  }
  EXPECT_TRUE(keeper->sign(tree.request(30, 20))) << "it goes on";
}

// The end of a day is signed when the next may have grown already; it is a beginning of what was signed.
TEST_F(KeeperTest, ASmallerTreeIsSignedAsTheBeginningOfTheLargest) {
  ASSERT_TRUE(keeper->sign(tree.request(20, 0)));
  const auto note = keeper->sign(tree.request(13, 20));
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_EQ(keeper->standing().size, 20U);
}

TEST_F(KeeperTest, ADayMayBeAheadOfAClockThatWasSetBack) {
  ASSERT_TRUE(keeper->sign(tree.request(1, 0, first_day + days(30))));
  clock.advance(-std::chrono::hours(24 * 40));
  EXPECT_TRUE(keeper->sign(tree.request(2, 1, first_day + days(30))));
  EXPECT_TRUE(keeper->sign(tree.request(3, 2, first_day + days(31))));
}

// Killed after the state was written and before the answer was sent: asked again, it answers the same.
TEST_F(KeeperTest, AnAnswerThatWasLostIsGivenAgain) {
  ASSERT_TRUE(keeper->sign(tree.request(5, 0)));
  const auto lost = keeper->sign(tree.request(9, 5));
  ASSERT_TRUE(lost);
  keeper.reset();
  keeper = std::move(open().value());
  EXPECT_EQ(keeper->standing().size, 9U);
  EXPECT_TRUE(keeper->sign(tree.request(12, 5)).error().is(other_size)) << "the hub knows of 5";
  EXPECT_EQ(keeper->sign(tree.request(9, 9))->note, lost->note);
  TestTree fork(7);
  EXPECT_TRUE(keeper->sign(fork.request(9, 9)).error().is(forked)) << "never two trees of one size";
}

TEST_F(KeeperTest, NothingIsSignedThatCannotBeRemembered) {
  ASSERT_TRUE(keeper->sign(tree.request(5, 0)));
  fs::create_directory(options().folder / "state.new");  // In the way of the temporary file.
  EXPECT_FALSE(keeper->sign(tree.request(6, 5)));
  EXPECT_EQ(keeper->standing().size, 5U);
  fs::remove(options().folder / "state.new");
  fs::create_directory(options().folder / "keys.new");
  EXPECT_FALSE(keeper->sign(tree.request(6, 5, first_day + days(1))));
  EXPECT_TRUE(keeper->sign(tree.request(6, 5))) << "the day's key is still there";
  fs::remove(options().folder / "keys.new");
  EXPECT_TRUE(keeper->sign(tree.request(7, 6, first_day + days(1))));
}

TEST_F(KeeperTest, OneFolderHasOneKeeper) {
  EXPECT_TRUE(open().error().is(in_use));
  keeper.reset();
  EXPECT_TRUE(open());
}

TEST_F(KeeperTest, AFolderThatLostItsKeysIsNotGivenNewOnes) {
  ASSERT_TRUE(keeper->sign(tree.request(5, 0)));
  keeper.reset();
  fs::remove(options().folder / "keys");
  EXPECT_TRUE(open().error().is(state_damaged));
}

TEST_F(KeeperTest, AStateOfAnotherFormIsDamage) {
  ASSERT_TRUE(keeper->sign(tree.request(5, 0)));
  keeper.reset();
  std::ofstream(options().folder / "state") << "luy/other\n5\n";
  EXPECT_TRUE(open().error().is(state_damaged));
}

TEST_F(KeeperTest, ManifestsAreSignedAndNothingElse) {
  ASSERT_TRUE(keeper->sign(tree.request(5, 0)));
  const auto manifest = keeper->sign_statement(evidence::format_body(tree.at(5, test_origin + "/package")) + "more\n");
  ASSERT_TRUE(manifest);
  evidence::KeyRing ring({*evidence::VerifierKey::parse(keeper->standing().vkey)});
  EXPECT_EQ(ring.add(manifest->certificates), 0U);
  EXPECT_TRUE(ring.verify(manifest->note));
  EXPECT_TRUE(keeper->sign_statement(evidence::format_body(tree.at(5))).error().is(other_origin)) << "a checkpoint";
  EXPECT_TRUE(keeper->sign_statement(evidence::format_certificate_body({})).error().is(evidence::note_malformed))
      << "a certificate";
}

struct FormerKey : SignerTest {
  void SetUp() override {
    former = folder.path() / "checkpoint.key";
    ASSERT_TRUE(evidence::FileNoteSigner::generate(former));
    vkey = (*evidence::FileNoteSigner::load(former, test_origin))->vkey();
  }
  std::string vkey;
};

TEST_F(FormerKey, TheOnlyKeySoFarBecomesTheRootAndIsDestroyed) {
  fs::create_hard_link(former, folder.path() / "link");
  auto keeper = std::move(open().value());
  EXPECT_EQ(keeper->standing().vkey, vkey);
  EXPECT_FALSE(fs::exists(former));
  EXPECT_EQ(*read_file(folder.path() / "link", 4096), std::string(fs::file_size(folder.path() / "link"), '\0'));
  const auto note = keeper->sign(tree.request(5, 0));
  ASSERT_TRUE(note);
  EXPECT_NE(note->vkey, vkey);
  keeper.reset();
  EXPECT_EQ(open().value()->standing().vkey, vkey);
}

TEST_F(FormerKey, ACrashBeforeItWasDestroyedIsMadeGood) {
  fs::copy_file(former, folder.path() / "copy");
  ASSERT_TRUE(open());
  fs::copy_file(folder.path() / "copy", former);
  fs::permissions(former, fs::perms(0600));
  EXPECT_EQ(open().value()->standing().vkey, vkey);
  EXPECT_FALSE(fs::exists(former));
  ASSERT_TRUE(evidence::FileNoteSigner::generate(former));
  EXPECT_TRUE(open().error().is(state_damaged)) << "another key";
  EXPECT_TRUE(fs::exists(former));
}

}  // namespace
}  // namespace luy::signer
