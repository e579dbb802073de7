// Goal: cosignatures are those of c2sp.org/tlog-cosignature, and a request to a witness is read only when it is one.
// Method: keys from seeds; the specification's example note; texts cut and altered.
#include "evidence/cosignature.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "evidence/error.h"
#include "evidence/note_lines.h"
#include "evidence/signature.h"

namespace luy::evidence {
namespace {

const std::string body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
// Of the specification: whose key this is nobody says, so it stands for a witness that is not known.
const std::string stranger =
    "\xe2\x80\x94 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

struct CosignatureTest : testing::Test {
  std::string line(std::uint64_t seconds, const std::string& text) {
    return format_cosignature(key, seconds, secret.sign(cosigned_message(text, seconds)).value());
  }
  Ed25519Key secret = Ed25519Key::from_seed(std::string(32, 'w'));
  Ed25519Key log_secret = Ed25519Key::from_seed(std::string(32, 'l'));
  WitnessKey key = WitnessKey::make("witness.example/w1", secret.public_key()).value();
  VerifierKey log = VerifierKey::make("example.com/behind-the-sofa", log_secret.public_key()).value();
  std::string note = format_note(body, log, log_secret.sign(body).value());
};

TEST_F(CosignatureTest, TheKeyIsOneOfItsOwnKind) {
  const auto read = WitnessKey::parse(key.vkey());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, key);
  // SHA-256(name | LF | 0x04 | key)[:4], computed apart from the code.
  const Hash digest = sha256("witness.example/w1\n\x04" + secret.public_key());
  EXPECT_EQ(to_hex(digest).substr(0, 8), key.vkey().substr(19, 8));
  EXPECT_TRUE(WitnessKey::parse(log.vkey()).error().is(key_invalid)) << "a log's key cosigns nothing";
  EXPECT_TRUE(VerifierKey::parse(key.vkey()).error().is(key_invalid)) << "a witness's key signs no checkpoint";
  std::string wrong = key.vkey();
  wrong[20] = wrong[20] == '0' ? '1' : '0';
  EXPECT_TRUE(WitnessKey::parse(wrong).error().is(key_invalid));
}

TEST_F(CosignatureTest, IsVerifiedWithItsTimeAndStrangersAreIgnored) {
  const auto cosigned = add_cosignature(note, stranger + line(1679315147, body), key);
  ASSERT_TRUE(cosigned) << cosigned.error().text();
  EXPECT_EQ(cosigned->find(stranger), std::string::npos) << "only what was verified is taken over";
  const auto found = verify_cosignatures(*cosigned + stranger, {key});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().seconds, 1679315147U);
  EXPECT_TRUE(verify_note(*cosigned, {log})) << "the log's own signature still stands";
  EXPECT_TRUE(verify_cosignatures(note, {key})->empty());
  EXPECT_EQ(without_strangers(*cosigned + stranger, log).value(), note);
}

TEST_F(CosignatureTest, AWrongOneOfAKnownKeyIsAnError) {
  const std::string good = line(1679315147, body);
  std::string other_text = body;
  other_text[0] = 'E';
  const auto bytes = from_base64(good.substr(good.rfind(' ') + 1, good.size() - good.rfind(' ') - 2)).value();
  std::string other_time = bytes;
  other_time[11] ^= 1;
  const auto with = [&](const std::string& changed) {
    return good.substr(0, good.rfind(' ') + 1) + to_base64(changed) + "\n";
  };
  for (const std::string& bad : {line(1679315147, other_text), with(other_time), with(bytes.substr(0, 68)),
                                 with(bytes + "x"), line(1ULL << 63U, body)}) {
    EXPECT_TRUE(verify_cosignatures(note + bad, {key}).error().is(note_unverified)) << bad;
    EXPECT_TRUE(add_cosignature(note, bad, key).error().is(note_unverified)) << bad;
  }
  EXPECT_TRUE(add_cosignature(note, stranger, key).error().is(note_unverified));
  EXPECT_TRUE(add_cosignature(note, "no line", key).error().is(note_malformed));
}

TEST_F(CosignatureTest, ARequestIsReadAsItWasWrittenAndNothingElseIs) {
  for (const std::size_t count : {0U, 1U, 63U}) {
    const Submission sent{20852014, std::vector<Hash>(count, sha256("x")), note};
    const auto read = parse_submission(format_submission(sent));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->old_size, sent.old_size);
    EXPECT_EQ(read->path, sent.path);
    EXPECT_EQ(read->note, sent.note);
  }
  const std::string good = format_submission({7, {sha256("x")}, note});
  std::vector<std::string> bad = {"",
                                  "\n",
                                  "old 07\n\n" + note,
                                  "old +7\n\n" + note,
                                  "old 7\n" + note,
                                  "Old 7\n\n" + note,
                                  "old 7\nAA==\n\n" + note,
                                  "old 20852164\n\n" + note,
                                  "old 7\n\n" + body,
                                  good + "\xe2\x80\x94 x\n",
                                  format_submission({7, std::vector<Hash>(64, sha256("x")), note}),
                                  good + std::string(submission_bytes_max, 'x')};
  for (std::size_t size = 0; size + 1 < good.size(); ++size) bad.push_back(good.substr(0, size));
  for (const std::string& text : bad) {
    const auto read = parse_submission(text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().is(note_malformed)) << read.error().text();
  }
}

}  // namespace
}  // namespace luy::evidence
