// Goal: what the head has signed is sealed with the agency's key, seen where it belongs and valid for everybody who
// checks; what goes wrong leaves nothing behind. Method: SoftHSM2 in the token's process, pdfsig as a second opinion.
#include "seal/seal_desk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "seal/stamp_server.h"
#include "seal/time_stamp_call.h"
#include "signature/fixture.h"
#include "signature/outside.h"
#include "signature/token_process.h"
#include "signature/worker.h"

namespace luy::seal {
namespace {

namespace fs = std::filesystem;
using signature::minutes;
using signature::pki;
using signature::scratch;
using signature::signed_by;
using signature::softhsm;
using signature::write_bytes;

class SealDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    if (softhsm().empty()) GTEST_SKIP() << "softhsm2 or opensc is not installed";
    fs::create_directories(folder_);
    write_bytes(folder_ / "dau.png", signature::red_seal());
    write_bytes(folder_ / "chu-ky.png", signature::blue_signature());
    write_bytes(folder_ / "pin", "1234\n");
    ::chmod((folder_ / "pin").c_str(), 0600);
    declare();
  }
  void declare(const std::string& module = softhsm().string(), const std::string& more = "",
               const std::string& name = "ỦY BAN NHÂN DÂN PHƯỜNG THỬ") {
    write_bytes(folder_ / "ubnd.json",
                R"({"agency": "UBND-TX", "name": ")" + name + R"(", "token": "vanthu", "key": "agency",
      "pin_file": "pin", "picture": "dau.png", "signature": "chu-ky.png", "issuers": ")" +
                    (pki() / "issuing.crt").string() + R"(", "module": ")" + module + "\"" + more + "}");
  }
  Result<SealDesk::Sealed> seal(const std::string& agency = "UBND-TX") {
    return desk_.seal(agency, head_signed_, signature::minutes_document());
  }
  static signature::VerifyOptions options() {
    signature::VerifyOptions out;
    out.now = signature::signing_time() + days(1);
    out.anchors = signature::read_certificates(signature::read_bytes(pki() / "anchors.pem")).value();
    out.original = signature::handed_out(minutes().bytes);
    return out;
  }
  static Result<signature::Verification> verify(const std::string& pdf) {
    return signature::verify_in_worker(LUY_TEST_WORKER, pdf, options());
  }

  FakeClock clock_{signature::signing_time()};
  SystemRandom random_;
  const fs::path folder_ = scratch("seals");
  const std::string head_signed_ = signed_by("person", minutes().bytes);
  SealDesk desk_{{folder_, LUY_TEST_WORKER, LUY_TEST_TOKEN_WORKER, paper::font_folder_default, clock_, random_}};
};

TEST_F(SealDeskTest, TheSealIsASecondValidSignatureOverTheLastSpace) {
  const auto sealed = seal();
  ASSERT_TRUE(sealed.has_value()) << sealed.error().text();
  const auto found = verify(sealed->pdf);
  ASSERT_TRUE(found.has_value()) << found.error().text();
  EXPECT_TRUE(found->all_valid()) << found->original_fault;
  ASSERT_EQ(found->signatures.size(), 2U);
  EXPECT_EQ(found->signatures[1].signer->common_name, sealed->name);
  EXPECT_TRUE(found->signatures[1].whole_file);
  EXPECT_FALSE(found->signatures[1].time_proved);
  if (!signature::has_tool("pdfsig")) return;
  const fs::path file = scratch("sealed.pdf");
  write_bytes(file, sealed->pdf);
  const std::string said = signature::output_of("pdfsig " + file.string());
  EXPECT_NE(said.find("Signature #2"), std::string::npos) << said;
  EXPECT_EQ(said.find("Signature is Invalid"), std::string::npos) << said;
}

TEST_F(SealDeskTest, ATimeStampProvesWhen) {
  StampServer server([](const StampServer::Request& request) {
    StampServer::Response out(boost::beast::http::status::ok, 11);
    const auto stamp = signature::openssl_ts(request.body());
    out.body() = stamp ? *stamp : "";
    return out;
  });
  declare(softhsm().string(), R"(, "time_stamp": ")" + server.url() + "\"");
  const auto sealed = seal();
  ASSERT_TRUE(sealed.has_value()) << sealed.error().text();
  signature::VerifyOptions with = options();
  with.now = clock_.now() + days(400);  // The service has this machine's time.
  const auto found = signature::verify_in_worker(LUY_TEST_WORKER, sealed->pdf, with);
  ASSERT_EQ(found.value().signatures.size(), 2U);
  EXPECT_TRUE(found->signatures[1].time_proved) << found->signatures[1].detail;
}

TEST_F(SealDeskTest, WithoutItsTimeStampThereIsNoSeal) {
  declare(softhsm().string(), R"(, "time_stamp": "http://127.0.0.1:1/")");
  EXPECT_TRUE(seal().error().is(time_stamp_unreachable));
}

TEST_F(SealDeskTest, WhatIsWrongIsToldApart) {
  EXPECT_TRUE(seal("UBND-KHAC").error().is(no_seal));
  paper::Document bare = signature::minutes_document();
  bare.signatures.clear();
  EXPECT_TRUE(desk_.seal("UBND-TX", head_signed_, bare).error().is(no_space));
  write_bytes(folder_ / "dau.png", signature::blue_signature());
  EXPECT_TRUE(seal().error().is(signature::wrong_ink)) << "seals are red";
  write_bytes(folder_ / "dau.png", signature::red_seal());
  EXPECT_TRUE(desk_.seal("UBND-TX", "rubbish", signature::minutes_document()).error().is(signature::bad_pdf));
  write_bytes(folder_ / "pin", "9999");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(seal().error().is(signature::token_pin));
  write_bytes(folder_ / "pin", "1234");
  EXPECT_TRUE(seal().has_value()) << "the token was asked once with the wrong PIN and is not locked";
  declare(softhsm().string(), "", "Cơ quan khác");
  EXPECT_TRUE(seal().error().is(bad_file)) << "the key of another";
  declare("/nonexistent/driver.so");
  EXPECT_TRUE(seal().error().is(signature::token_missing));
}

TEST_F(SealDeskTest, ATokenPulledOutLeavesNoSeal) {
  const fs::path plugged = scratch("plugged-seal");
  write_bytes(plugged, "");
  ::setenv("LUY_TEST_TOKEN_PLUGGED", plugged.c_str(), 1);
  declare(LUY_TEST_DRIVER);
  ASSERT_TRUE(seal().has_value());
  fs::remove(plugged);
  const auto failed = seal();
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().error_class(), ErrorClass::unavailable) << failed.error().text();
  EXPECT_EQ(failed.error().text().find("1234"), std::string::npos);
}

}  // namespace
}  // namespace luy::seal
