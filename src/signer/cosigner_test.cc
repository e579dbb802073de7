// Goal: the witness cosigns only what continues what it cosigned, answers as c2sp.org/tlog-witness says, and remembers
// across any end. Method: another log's signer and a witness in folders of their own, requests right and wrong.
#include "signer/cosigner.h"

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/error.h"
#include "signer/test_signer.h"

namespace luy::signer {
namespace {

namespace fs = std::filesystem;
using Outcome = Cosigned::Outcome;

struct CosignerTest : SignerTest {
  void SetUp() override {
    log = std::move(open().value());
    reopen();
  }
  void reopen() {
    witness.reset();
    witness = std::move(Keeper::open({folder.path() / "witness", "luy/province", {}, false}, clock, random).value());
  }
  CosignRequest request(std::uint64_t size, std::uint64_t old_size, Day day = first_day) {
    const SignRequest wanted = tree.request(size, log->standing().size, day);
    const auto note = log->sign(wanted);
    EXPECT_TRUE(note) << note.error().text();
    CosignRequest out{log->standing().vkey, note->certificates, {old_size, {}, note->note}};
    if (old_size > 0 && old_size < size) out.submission.path = tree.path(old_size, size);
    return out;
  }
  // A note of the same log over another tree: what whoever has its keys can make.
  CosignRequest forged(TestTree& other, std::uint64_t size, std::uint64_t old_size) {
    fs::copy(folder.path() / "signer", folder.path() / "stolen", fs::copy_options::recursive);
    fs::remove(folder.path() / "stolen" / "state");
    auto thief =
        std::move(Keeper::open({folder.path() / "stolen", evidence::test_origin, {}, false}, clock, random).value());
    const auto note = thief->sign({other.at(size), first_day, 0, {}});
    EXPECT_TRUE(note) << note.error().text();
    fs::remove_all(folder.path() / "stolen");
    CosignRequest out{log->standing().vkey, note->certificates, {old_size, {}, note->note}};
    if (old_size > 0 && old_size < size) out.submission.path = other.path(old_size, size);
    return out;
  }
  Cosigned ask(const CosignRequest& wanted) {
    auto answer = witness->cosign(wanted);
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? *answer : Cosigned{};
  }

  std::unique_ptr<Keeper> log, witness;
};

TEST_F(CosignerTest, CosignsWhatGrowsWithItsOwnTime) {
  std::uint64_t before = 0;
  for (const std::uint64_t size : {1U, 2U, 7U, 7U, 100U, 257U}) {
    clock.advance(std::chrono::seconds(60));
    const CosignRequest wanted = request(size, before);
    const Cosigned answer = ask(wanted);
    ASSERT_EQ(answer.outcome, Outcome::signed_);
    EXPECT_EQ(answer.size, size);
    const auto note = evidence::add_cosignature(wanted.submission.note, answer.line, witness->witness());
    ASSERT_TRUE(note) << note.error().text();
    const auto found = evidence::verify_cosignatures(*note, {witness->witness()});
    ASSERT_TRUE(found && found->size() == 1);
    EXPECT_EQ(Time(std::chrono::seconds(found->front().seconds)),
              std::chrono::floor<std::chrono::seconds>(clock.now()));
    before = size;
  }
  EXPECT_EQ(witness->witness().name, "luy/province/witness");
}

TEST_F(CosignerTest, AnswersEverythingElseByItsOutcomeAndStaysAsItWas) {
  ASSERT_EQ(ask(request(20, 0)).outcome, Outcome::signed_);
  TestTree fork(10);
  CosignRequest other_key = request(30, 20);
  other_key.vkey = evidence::VerifierKey::make(evidence::test_origin, std::string(32, 'k'))->vkey();
  CosignRequest no_certificates = request(30, 20);
  no_certificates.certificates.clear();
  CosignRequest no_path = request(30, 20);
  no_path.submission.path.clear();
  CosignRequest long_path = request(30, 20);
  long_path.submission.path.push_back(long_path.submission.path[0]);
  CosignRequest path_for_nothing = request(30, 0);
  path_for_nothing.submission.path = tree.path(20, 30);
  const struct {
    const char* what;
    CosignRequest wanted;
    Outcome outcome;
  } table[] = {
      {"another key of the same name", other_key, Outcome::unverified},
      {"a day's key that nobody certified", no_certificates, Outcome::unverified},
      {"another old size", request(30, 19), Outcome::conflict},
      {"no old size", request(30, 0), Outcome::conflict},
      {"no old size and a path", path_for_nothing, Outcome::conflict},
      {"a smaller tree: rolled back", forged(tree, 12, 0), Outcome::conflict},
      {"a smaller tree from a state before", forged(tree, 12, 10), Outcome::conflict},
      {"a fork of the same size", forged(fork, 20, 20), Outcome::conflict},
      {"a fork that grew, with its own proof", forged(fork, 30, 20), Outcome::inconsistent},
      {"growth without proof", no_path, Outcome::inconsistent},
      {"growth with one hash more", long_path, Outcome::inconsistent},
  };
  for (const auto& row : table) {
    const Cosigned answer = ask(row.wanted);
    EXPECT_EQ(name_of(answer.outcome), name_of(row.outcome)) << row.what;
    EXPECT_TRUE(answer.line.empty()) << row.what;
    if (row.outcome == Outcome::unverified) continue;
    EXPECT_EQ(answer.size, 20U) << row.what;
    const auto proof = evidence::verify_cosignatures(answer.newest, {witness->witness()});
    ASSERT_TRUE(proof && proof->size() == 1) << row.what;
    EXPECT_EQ(evidence::parse_body(answer.newest)->root, tree.at(20).root) << row.what;
  }
  EXPECT_EQ(ask(request(30, 20)).outcome, Outcome::signed_) << "it goes on";
}

TEST_F(CosignerTest, RemembersWhatItCosignedWhenItIsStartedAgain) {
  ASSERT_EQ(ask(request(20, 0)).outcome, Outcome::signed_);
  const std::string key = witness->witness().vkey();
  reopen();
  EXPECT_EQ(witness->witness().vkey(), key);
  EXPECT_EQ(ask(request(30, 0)).outcome, Outcome::conflict);
  EXPECT_EQ(ask(request(30, 20)).outcome, Outcome::signed_);
}

// The state is on the disk before the answer: where it cannot be written, nothing is cosigned.
TEST_F(CosignerTest, WithoutItsStateNothingIsCosigned) {
  const CosignRequest first = request(20, 0);
  const fs::path state =
      folder.path() / "witness" / witness_folder / (to_hex(sha256(evidence::test_origin)) + ".state");
  fs::create_directories(state);
  EXPECT_FALSE(witness->cosign(first));
  fs::remove(state);
  ASSERT_EQ(ask(first).outcome, Outcome::signed_);
  ASSERT_TRUE(write_file_durably(state, "luy-witnessed 1\nx\n", 0600));
  EXPECT_TRUE(witness->cosign(request(30, 20)).error().is(state_damaged)) << "a damaged state is no beginning";
}

TEST_F(CosignerTest, KeysOfDaysThatAreOverSignNothingNew) {
  const CosignRequest yesterday = request(20, 0);
  ASSERT_EQ(ask(request(10, 0, first_day)).outcome, Outcome::signed_);
  CosignRequest stolen = forged(tree, 40, 30);
  CosignRequest today = request(30, 10, first_day + days(1));
  ASSERT_EQ(ask(today).outcome, Outcome::signed_);
  EXPECT_EQ(ask(today).outcome, Outcome::conflict);
  CosignRequest again = today;
  again.submission.old_size = 30;
  again.submission.path.clear();
  EXPECT_EQ(ask(again).outcome, Outcome::signed_) << "the newest may be cosigned again";
  EXPECT_EQ(ask(yesterday).outcome, Outcome::conflict);
  EXPECT_EQ(ask(stolen).outcome, Outcome::unverified) << "a key of yesterday, with a true proof";
}

TEST_F(CosignerTest, AFolderWithStatesAndWithoutItsKeyIsDamaged) {
  ASSERT_EQ(ask(request(20, 0)).outcome, Outcome::signed_);
  witness.reset();
  fs::remove(folder.path() / "witness" / witness_folder / "key");
  const auto opened = Keeper::open({folder.path() / "witness", "luy/province", {}, false}, clock, random);
  EXPECT_TRUE(opened.error().is(state_damaged)) << opened.error().text();
}

}  // namespace
}  // namespace luy::signer
