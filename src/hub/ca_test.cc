// Goal: the authority is made once, survives restarts and crashes between its files, notices damage, and issues
// certificates whose content the requester does not choose.
#include "hub/ca.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

struct CaTest : ::testing::Test {
  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-22T00:00:00Z")};
  SystemRandom random;
  std::filesystem::path keys = folder.path() / "keys";

  std::unique_ptr<Ca> open() { return std::move(Ca::open_or_create(keys, clock, random).value()); }
  DeviceId device() { return DeviceId::make(clock.now(), random); }
};

X509Ptr parse(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

TEST_F(CaTest, IsTheSameAfterARestartAndKeepsItsKeyPrivate) {
  const std::string first = open()->fingerprint();
  EXPECT_EQ(first.size(), 95U);
  EXPECT_EQ(open()->fingerprint(), first);
  EXPECT_EQ(std::filesystem::status(keys / "ca.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(CaTest, ACrashBetweenKeyAndCertificateIsMended) {
  open();
  std::filesystem::remove(keys / "ca.crt");
  EXPECT_TRUE(Ca::open_or_create(keys, clock, random).has_value());
}

TEST_F(CaTest, DamageIsNamed) {
  open();
  const std::string key = read_file(keys / "ca.key", 10'000).value();
  const std::string certificate = read_file(keys / "ca.crt", 10'000).value();
  const struct {
    const char* name;
    const char* file;
    std::string bytes;
  } table[] = {
      {"garbage key", "ca.key", "garbage"},
      {"empty key", "ca.key", ""},
      {"garbage certificate", "ca.crt", "garbage"},
      {"cut certificate", "ca.crt", certificate.substr(0, certificate.size() / 2)},
  };
  for (const auto& row : table) {
    ASSERT_TRUE(write_file_durably(keys / "ca.key", key));
    ASSERT_TRUE(write_file_durably(keys / "ca.crt", certificate));
    ASSERT_TRUE(write_file_durably(keys / row.file, row.bytes));
    const auto opened = Ca::open_or_create(keys, clock, random);
    ASSERT_FALSE(opened) << row.name;
    EXPECT_TRUE(opened.error().is(ca_damaged)) << row.name;
  }
  ASSERT_TRUE(write_file_durably(keys / "ca.crt", certificate));
  std::filesystem::remove(keys / "ca.key");
  EXPECT_TRUE(Ca::open_or_create(keys, clock, random).error().is(ca_damaged));
}

TEST_F(CaTest, DeviceCertificateSaysWhatTheHubDecided) {
  const auto ca = open();
  const TestKey key = make_test_key();
  const DeviceId id = device();
  const auto issued = ca->issue_device(key.csr_pem, id);
  ASSERT_TRUE(issued);
  const X509Ptr certificate = parse(issued->pem);
  const CertificateIdentity identity = identity_of(certificate.get());
  EXPECT_EQ(identity.device, id.text());
  EXPECT_EQ(identity.serial, issued->serial);
  EXPECT_EQ(issued->not_after, clock.now() + days(device_days));
  char name[128];
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
  EXPECT_EQ(std::string(name), id.text()) << "the subject of the request must not be taken over";
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_CLIENT, 0), 1);
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 0), 0);
  EXPECT_NE(ca->issue_device(key.csr_pem, id)->serial, issued->serial);
}

TEST_F(CaTest, BadRequestsAreRefused) {
  const auto ca = open();
  std::string wrong_signature = make_test_key().csr_pem;
  const std::size_t at = wrong_signature.size() - 60;
  wrong_signature[at] = wrong_signature[at] == 'A' ? 'B' : 'A';
  const KeyPtr weak(EVP_RSA_gen(1024));
  const RequestPtr request(X509_REQ_new());
  X509_REQ_set_pubkey(request.get(), weak.get());
  X509_REQ_sign(request.get(), weak.get(), EVP_sha256());
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(bio.get(), request.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  const std::string weak_pem(data, static_cast<std::size_t>(size));
  for (const std::string& pem :
       {std::string(), std::string("text"), wrong_signature, weak_pem, std::string(20'000, 'A')}) {
    const auto issued = ca->issue_device(pem, device());
    ASSERT_FALSE(issued) << pem.substr(0, 40);
    EXPECT_TRUE(issued.error().is(csr_invalid));
  }
}

TEST_F(CaTest, ServerCertificateIsRenewedWhenItMust) {
  const auto ca = open();
  const std::vector<std::string> names = {"localhost", "hub.bimson.gov.vn", "127.0.0.1", "::1"};
  EXPECT_TRUE(ca->refresh_server(names).value());
  EXPECT_FALSE(ca->refresh_server(names).value());
  EXPECT_TRUE(ca->refresh_server({"localhost"}).value()) << "other names";
  EXPECT_FALSE(ca->refresh_server({"localhost"}).value());
  clock.advance(days(server_days - server_renew_days - 1));
  EXPECT_FALSE(ca->refresh_server({"localhost"}).value());
  clock.advance(days(2));
  EXPECT_TRUE(ca->refresh_server({"localhost"}).value()) << "about to expire";
  std::filesystem::remove(keys / "server.key");
  EXPECT_TRUE(ca->refresh_server({"localhost"}).value()) << "key gone";
  EXPECT_FALSE(ca->refresh_server({"evil,DNS:other"}));
}

}  // namespace
}  // namespace luy::hub
