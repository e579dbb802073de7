// Goal: a day's key leads back to the root by certificates, and no key reaches a day before the one on which it could
// be stolen.
// Method: chains in a temporary folder over days, a period's end and gaps; files kept by a thief.
#include "signer/key_chain.h"

#include <fstream>

#include "base/encoding.h"
#include "base/file.h"
#include "signer/test_signer.h"

namespace luy::signer {
namespace {

namespace fs = std::filesystem;

struct KeyChainTest : testing::Test {
  fs::path file() const { return folder.path() / "keys"; }
  KeyChain made() { return std::move(KeyChain::create(file(), test_origin, std::nullopt, random).value()); }
  std::string body(int n) const { return evidence::format_body({test_origin, 1, sha256(std::to_string(n))}); }
  // Who signed the note by a ring of this root; nullopt when nobody it knows.
  static std::optional<evidence::KeyRing::Signer> signer(const KeyChain& chain, const evidence::SignedNote& note) {
    evidence::KeyRing ring({chain.root()});
    EXPECT_EQ(ring.add(note.certificates), 0U);
    auto found = ring.verify(note.note);
    return found ? std::optional(*std::move(found)) : std::nullopt;
  }

  TemporaryFolder folder;
  SeededRandom random{3};
};

TEST_F(KeyChainTest, TheRootSignsUntilTheFirstDayAndThenEachDayItsOwnKey) {
  KeyChain chain = made();
  const auto before = signer(chain, *chain.sign(body(0)));
  ASSERT_TRUE(before);
  EXPECT_EQ(before->day, std::nullopt);
  std::set<std::string> keys = {chain.root().vkey()};
  for (int n = 0; n < 5; ++n) {
    ASSERT_TRUE(chain.go_to(first_day + days(n), random));
    const auto note = *chain.sign(body(n));
    const auto by = signer(chain, note);
    ASSERT_TRUE(by);
    EXPECT_EQ(by->day, first_day + days(n));
    EXPECT_EQ(by->root.vkey(), chain.root().vkey());
    EXPECT_EQ(by->key.vkey(), note.vkey);
    EXPECT_TRUE(keys.insert(note.vkey).second) << "each day another key";
  }
}

TEST_F(KeyChainTest, ItIsReadBackAsItWasWritten) {
  KeyChain chain = made();
  ASSERT_TRUE(chain.go_to(first_day, random));
  ASSERT_TRUE(chain.go_to(first_day + days(3), random));
  const auto note = *chain.sign(body(1));
  const auto again = KeyChain::open(file(), test_origin);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->day(), first_day + days(3));
  EXPECT_EQ(again->sign(body(1))->note, note.note);
  EXPECT_EQ(again->sign(body(1))->certificates, note.certificates);
}

TEST_F(KeyChainTest, AfterAPeriodASuccessorCertifiesAlsoBeyondAGap) {
  KeyChain chain = made();
  ASSERT_TRUE(chain.go_to(first_day, random));
  const Day end = first_day + days(days_per_period - 1);
  for (const Day day : {end, end + days(1), end + days(200), end + days(200 + 3 * days_per_period)}) {
    ASSERT_TRUE(chain.go_to(day, random));
    const auto by = signer(chain, *KeyChain::open(file(), test_origin)->sign(body(2)));
    ASSERT_TRUE(by) << to_iso(day);
    EXPECT_EQ(by->day, day);
  }
  EXPECT_EQ(chain.sign(body(2))->certificates.size(), 3U) << "two successors and the day's own";
}

// The file as it was yesterday is what a thief would look for on the disk.
TEST_F(KeyChainTest, TheKeysOfPastDaysAreGoneFromTheDisk) {
  KeyChain chain = made();
  for (int n = 0; n < 2; ++n) {
    ASSERT_TRUE(chain.go_to(first_day + days(n), random));
    const fs::path link = folder.path() / ("link" + std::to_string(n));
    fs::create_hard_link(file(), link);
    const std::string before = *read_file(link, 1 << 20);
    ASSERT_TRUE(chain.go_to(first_day + days(n + 1), random));
    EXPECT_EQ(*read_file(link, 1 << 20), std::string(before.size(), '\0'));
  }
  const std::string now = *read_file(file(), 1 << 20);
  EXPECT_EQ(now.find(to_iso(first_day)), std::string::npos);
}

// Whoever steals the keys of a day can sign that day and later ones, and nothing before.
TEST_F(KeyChainTest, StolenKeysDoNotReachBack) {
  KeyChain chain = made();
  ASSERT_TRUE(chain.go_to(first_day + days(10), random));
  const auto theft = folder.path() / "stolen";
  fs::copy_file(file(), theft);
  auto thief = KeyChain::open(theft, test_origin);
  ASSERT_TRUE(thief);
  // He certifies a key of his own for an earlier day by the successor, the only certifier he can compute.
  const Day end = first_day + days(10 + days_per_period);
  ASSERT_TRUE(thief->go_to(end, random));
  const auto his = *thief->sign(body(3));
  const std::string successor = his.certificates.front();
  const auto day_key = evidence::Ed25519Key::from_seed(std::string(32, 's'));
  const evidence::Certificate forged{evidence::Certificate::Kind::day, first_day,
                                     *evidence::VerifierKey::make(test_origin, day_key.public_key())};
  // With the day's key in the place of a certifier, and with a certifier before its time.
  const auto certifier = evidence::Ed25519Key::from_seed(std::string(32, 'c'));
  const auto verifier = *evidence::VerifierKey::make(test_origin, certifier.public_key());
  const auto sign = [&](const std::string& text) {
    return evidence::format_note(text, verifier, *certifier.sign(text));
  };
  evidence::KeyRing ring({verifier});
  const std::string own = sign(evidence::format_certificate_body(
      {evidence::Certificate::Kind::successor, end, *evidence::VerifierKey::make(test_origin, day_key.public_key())}));
  const std::string body_text = evidence::format_certificate_body(forged);
  const std::string early = evidence::format_note(body_text, forged.key, *day_key.sign(body_text));
  EXPECT_EQ(ring.add({own, early}), 1U) << "the successor certifies nothing before its day";
  evidence::KeyRing of_days({verifier});
  const std::string day = sign(evidence::format_certificate_body(
      {evidence::Certificate::Kind::day, end, *evidence::VerifierKey::make(test_origin, day_key.public_key())}));
  EXPECT_EQ(of_days.add({day, early}), 1U) << "a day's key certifies nothing";
  evidence::KeyRing real({chain.root()});
  EXPECT_EQ(real.add({successor, early}), 1U);
}

TEST_F(KeyChainTest, DamageIsNamed) {
  {
    KeyChain chain = made();
    ASSERT_TRUE(chain.go_to(first_day, random));
  }
  const std::string good = *read_file(file(), 1 << 20);
  EXPECT_TRUE(KeyChain::open(file(), "luy/other").error().is(other_origin));
  const std::size_t seed = good.find('\n', good.find(to_iso(first_day))) + 1;
  std::string other_seed = good;
  other_seed[seed] = other_seed[seed] == '0' ? '1' : '0';
  for (const std::string& bad : {good.substr(0, good.size() / 2), good.substr(0, good.size() - 1), std::string("x"),
                                 std::string(), other_seed, "luy-signer-keys 2" + good.substr(17)}) {
    ASSERT_TRUE(write_file_durably(file(), bad, 0600));
    EXPECT_TRUE(KeyChain::open(file(), test_origin).error().is(state_damaged)) << bad.substr(0, 40);
  }
  ASSERT_TRUE(write_file_durably(file(), good, 0640));
  EXPECT_TRUE(KeyChain::open(file(), test_origin).error().is(file_denied));
}

}  // namespace
}  // namespace luy::signer
