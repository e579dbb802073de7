// Goal: a key on a token signs from a process of its own exactly as in this one; what goes wrong is told apart, and a
// driver that hangs, dies or talks holds nobody up. Method: SoftHSM2; the driver that loses its token; programs that
// are no worker.
#include "signature/token_process.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "signature/fixture.h"
#include "signature/sign.h"
#include "signature/worker.h"
#include "signature/worker/token_wire.h"

namespace luy::signature {
namespace {

struct TokenProcess : testing::Test {
  void SetUp() override {
    if (softhsm().empty()) GTEST_SKIP() << "softhsm2 or opensc is not installed";
  }
  static TokenOptions options(const std::string& key) { return {softhsm(), "vanthu", key, "1234", {}}; }
  static Result<std::unique_ptr<Signer>> open(const TokenOptions& with) {
    return open_token_apart(LUY_TEST_TOKEN_WORKER, with);
  }
};

TEST_F(TokenProcess, SignsAsTheTokenItself) {
  for (const std::string name : {"person", "agency"}) {
    const auto key = open(options(name));
    ASSERT_TRUE(key.has_value()) << key.error().text();
    EXPECT_EQ((*key)->certificate(), signer(name)->certificate());
    EXPECT_EQ((*key)->kind(), name == "person" ? KeyKind::rsa : KeyKind::ec_p256);
    // Prepared where foreign PDFs are read, signed where the key is.
    auto prepared = prepare_in_worker(LUY_TEST_WORKER, minutes().bytes, {signing_time()});
    ASSERT_TRUE(prepared.has_value()) << prepared.error().text();
    const auto pdf = complete(*std::move(prepared), **key);
    ASSERT_TRUE(pdf.has_value()) << pdf.error().text();
    VerifyOptions with;
    with.now = signing_time() + days(1);
    with.anchors = read_certificates(read_bytes(pki() / "anchors.pem")).value();
    with.issuers = read_certificates(read_bytes(pki() / "issuing.crt")).value();
    EXPECT_TRUE(verify_in_worker(LUY_TEST_WORKER, *pdf, with).value().all_valid()) << name;
  }
}

TEST_F(TokenProcess, WhatIsWrongIsToldApart) {
  TokenOptions wrong = options("person");
  wrong.pin = "0000";
  const auto refused = open(wrong);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(token_pin)) << refused.error().text();
  EXPECT_EQ(refused.error().text().find("0000"), std::string::npos);
  EXPECT_TRUE(open(options("nobody")).error().is(key_missing));
  wrong = options("person");
  wrong.token_label = "khác";
  EXPECT_TRUE(open(wrong).error().is(token_missing));
  wrong.module = "/nonexistent/driver.so";
  EXPECT_TRUE(open(wrong).error().is(token_missing));
}

TEST_F(TokenProcess, PulledOutInTheMiddle) {
  const auto plugged = scratch("plugged-apart");
  write_bytes(plugged, "");
  ::setenv("LUY_TEST_TOKEN_PLUGGED", plugged.c_str(), 1);
  TokenOptions pulled = options("person");
  pulled.module = LUY_TEST_DRIVER;
  const auto key = open(pulled);
  ASSERT_TRUE(key.has_value()) << key.error().text();
  ASSERT_TRUE(sign_pdf(minutes().bytes, {signing_time()}, **key).has_value());
  std::filesystem::remove(plugged);
  const auto failed = sign_pdf(minutes().bytes, {signing_time()}, **key);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().error_class(), ErrorClass::unavailable) << failed.error().text();
  EXPECT_EQ(failed.error().text().find("1234"), std::string::npos);
}

TEST(TokenProgram, ThatIsNoneIsAnError) {
  const TokenOptions options{"/driver.so", "a", "b", "1234", {}};
  EXPECT_TRUE(open_token_apart("/nonexistent/worker", options).error().is(token_program_missing));
  for (const char* program : {"/bin/false", "/bin/true", "/bin/cat"}) {
    EXPECT_TRUE(open_token_apart(program, options).error().is(token_silent)) << program;
  }
}

TEST(TokenWire, EveryCutIsRefused) {
  const std::string request = encode_token_request({{"/m.so", "token", "key", "pin", {}}, "message"});
  ASSERT_TRUE(decode_token_request(request).has_value());
  EXPECT_EQ(decode_token_request(request)->message, "message");
  for (std::size_t cut = 0; cut < request.size(); ++cut) EXPECT_FALSE(decode_token_request(request.substr(0, cut)));
  for (const Result<TokenAnswer>& answer : {Result<TokenAnswer>(TokenAnswer{"der", KeyKind::ec_p256, "signature"}),
                                            Result<TokenAnswer>(Error(token_missing, "vanthu"))}) {
    const std::string bytes = encode_token_answer(answer);
    ASSERT_TRUE(decode_token_answer(bytes).has_value());
    EXPECT_EQ(encode_token_answer(*decode_token_answer(bytes)), bytes);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(decode_token_answer(bytes.substr(0, cut))) << cut;
  }
}

}  // namespace
}  // namespace luy::signature
