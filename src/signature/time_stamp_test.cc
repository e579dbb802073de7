// Goal: a time-stamp is asked for, kept as a token, and vouches for exactly the bytes it is over.
// Method: `openssl ts` as the authority and, by hand, as the verifier.
#include "signature/time_stamp.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "signature/fixture.h"

namespace luy::signature {
namespace {

struct TimeStampTest : testing::Test {
  std::string note = "luy/bim-son\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\xe2\x80\x94 luy/bim-son AAAA\n";
  SeededRandom random{3};
  std::string token = time_stamp(note, {openssl_ts, &random}).value();
  std::vector<Certificate> anchors = read_certificates(read_bytes(pki() / "anchors.pem")).value();
};

TEST_F(TimeStampTest, IsCheckedAgainstTheBytesAndTheAuthorities) {
  const auto report = check_time_stamp(token, note, anchors);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->is_trusted) << report->detail;
  EXPECT_FALSE(report->authority.empty());
  const auto unknown = check_time_stamp(token, note, {});
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->is_trusted);
  EXPECT_EQ(unknown->time, report->time);
}

TEST_F(TimeStampTest, OverOtherBytesOrAlteredItVouchesForNothing) {
  EXPECT_TRUE(check_time_stamp(token, note + "x", anchors).error().is(timestamp_failed));
  EXPECT_TRUE(check_time_stamp("", note, anchors).error().is(timestamp_failed));
  EXPECT_TRUE(check_time_stamp(token.substr(0, token.size() / 2), note, anchors).error().is(timestamp_failed));
  std::string altered = token;
  altered[altered.size() - 5] ^= 1;
  EXPECT_TRUE(check_time_stamp(altered, note, anchors).error().is(timestamp_failed));
}

TEST_F(TimeStampTest, OpensslVerifiesItByHand) {
  if (!has_tool("openssl")) GTEST_SKIP() << "openssl is not installed";
  const auto note_file = scratch("note");
  const auto token_file = scratch("note.tst");
  write_bytes(note_file, note);
  write_bytes(token_file, token);
  int code = 0;
  const std::string said = output_of("openssl ts -verify -token_in -in " + token_file.string() + " -data " +
                                         note_file.string() + " -CAfile " + (pki() / "anchors.pem").string(),
                                     &code);
  EXPECT_EQ(code, 0) << said;
  EXPECT_NE(said.find("Verification: OK"), std::string::npos) << said;
}

}  // namespace
}  // namespace luy::signature
