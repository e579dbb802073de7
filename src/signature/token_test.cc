// Goal: a key on a token signs; what goes wrong with tokens is told apart, leaves no half signed file and no PIN
// behind. Method: SoftHSM2 through its driver, and through a driver of the test's that loses the token when told.
#include <gtest/gtest.h>

#include <cstdlib>

#include "signature/fixture.h"
#include "signature/sign.h"
#include "signature/signer.h"

namespace luy::signature {
namespace {

struct Token : testing::Test {
  void SetUp() override {
    if (softhsm().empty()) GTEST_SKIP() << "softhsm2 or opensc is not installed";
  }
  static TokenOptions options(const std::string& key) { return {softhsm(), "vanthu", key, "1234", {}}; }
};

TEST_F(Token, SignsWithRsaAndEcKeys) {
  for (const std::string name : {"person", "agency"}) {
    auto key = open_token(options(name));
    ASSERT_TRUE(key.has_value()) << key.error().text();
    EXPECT_EQ((*key)->kind(), name == "person" ? KeyKind::rsa : KeyKind::ec_p256);
    EXPECT_EQ((*key)->certificate(), signer(name)->certificate());
    const std::string pdf = sign_pdf(minutes().bytes, {signing_time()}, **key).value();
    if (!has_tool("pdfsig")) continue;
    const auto file = scratch("token.pdf");
    write_bytes(file, pdf);
    EXPECT_NE(output_of("pdfsig " + file.string()).find("Signature is Valid."), std::string::npos);
  }
}

TEST_F(Token, WhatIsWrongIsToldApart) {
  TokenOptions wrong = options("person");
  wrong.pin = "0000";
  const auto refused = open_token(wrong);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(token_pin)) << refused.error().text();
  EXPECT_EQ(refused.error().text().find("0000"), std::string::npos);
  EXPECT_TRUE(open_token(options("nobody")).error().is(key_missing));
  wrong = options("person");
  wrong.token_label = "khác";
  EXPECT_TRUE(open_token(wrong).error().is(token_missing));
  wrong.module = "/nonexistent/driver.so";
  EXPECT_TRUE(open_token(wrong).error().is(token_missing));
}

TEST_F(Token, PulledOutInTheMiddle) {
  // The driver of the test passes everything on to SoftHSM2 until the file it is told of is gone.
  const auto plugged = scratch("plugged");
  write_bytes(plugged, "");
  ::setenv("LUY_TEST_TOKEN_PLUGGED", plugged.c_str(), 1);
  TokenOptions pulled = options("person");
  pulled.module = LUY_TEST_DRIVER;
  auto key = open_token(pulled);
  ASSERT_TRUE(key.has_value()) << key.error().text();
  ASSERT_TRUE(sign_pdf(minutes().bytes, {signing_time()}, **key).has_value());
  std::filesystem::remove(plugged);
  const auto failed = sign_pdf(minutes().bytes, {signing_time()}, **key);
  ASSERT_FALSE(failed.has_value());
  EXPECT_TRUE(failed.error().is(token_gone)) << failed.error().text();
  EXPECT_EQ(failed.error().text().find("1234"), std::string::npos);
}

}  // namespace
}  // namespace luy::signature
