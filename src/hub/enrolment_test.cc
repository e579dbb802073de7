// Goal: a token makes one device once; certificates live exactly as long as they should, also across restarts.
#include "hub/enrolment.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "hub/migrations.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

struct EnrolmentTest : ::testing::Test {
  EnrolmentTest() { open(); }
  void open() {
    enrolment.reset();
    database.reset();
    database = std::move(records::open_sqlite(folder.path() / "records.db", migrations()).value());
    enrolment = std::move(Enrolment::open(*database, *ca, clock, random,
                                          [this](const AgencyId&, const fact::Identity& identity, const fact::Os&,
                                                 const fact::Hardware&) -> Result<Enrolment::Registered> {
                                            const std::lock_guard lock(mutex);
                                            if (refuse_all) return Error(token_refused);
                                            const auto known = devices.find(identity.key);
                                            if (known != devices.end())
                                              return Enrolment::Registered{known->second, true};
                                            const DeviceId id = DeviceId::make(clock.now(), random);
                                            devices.emplace(identity.key, id);
                                            return Enrolment::Registered{id, false};
                                          })
                              .value());
  }
  EnrolmentRequest request(const std::string& token, const std::string& machine = "a") {
    EnrolmentRequest out;
    out.token = token;
    out.csr = make_test_key().csr_pem;
    out.identity.key = machine;
    out.address = "192.0.2.1";
    return out;
  }
  std::string token() { return enrolment->issue_token(agency, "test")->token; }

  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-22T00:00:00Z")};
  SystemRandom random;
  AgencyId agency = AgencyId::make(clock.now(), random);
  std::unique_ptr<Ca> ca = std::move(Ca::open_or_create(folder.path() / "keys", clock, random).value());
  std::mutex mutex;
  std::map<std::string, DeviceId> devices;
  bool refuse_all = false;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Enrolment> enrolment;
};

TEST_F(EnrolmentTest, ATokenMakesOneDeviceOnce) {
  const std::string once = token();
  const auto enrolled = enrolment->enrol(request(once));
  ASSERT_TRUE(enrolled) << enrolled.error().text();
  EXPECT_EQ(enrolled->agency, agency);
  EXPECT_TRUE(enrolment->accepts(enrolled->certificate.serial, enrolled->device.text()));
  EXPECT_TRUE(enrolment->enrol(request(once, "b")).error().is(token_refused));
}

TEST_F(EnrolmentTest, WrongAndExpiredTokensAreRefused) {
  EXPECT_TRUE(enrolment->enrol(request("")).error().is(token_refused));
  EXPECT_TRUE(enrolment->enrol(request(std::string(52, '0'))).error().is(token_refused));
  const std::string old = token();
  clock.advance(token_lifetime + std::chrono::seconds(1));
  EXPECT_TRUE(enrolment->enrol(request(old)).error().is(token_refused));
}

TEST_F(EnrolmentTest, AFailureLeavesTheTokenUsable) {
  const std::string good = token();
  EnrolmentRequest broken = request(good);
  broken.csr = "nonsense";
  EXPECT_TRUE(enrolment->enrol(broken).error().is(csr_invalid));
  refuse_all = true;
  EXPECT_FALSE(enrolment->enrol(request(good)));
  refuse_all = false;
  EXPECT_TRUE(enrolment->enrol(request(good)));
}

TEST_F(EnrolmentTest, ABadRequestRegistersNothing) {
  const std::string good = token();
  for (const std::string csr : {"", "not-a-csr"}) {
    EnrolmentRequest broken = request(good);
    broken.csr = csr;
    EXPECT_TRUE(enrolment->enrol(broken).error().is(csr_invalid));
  }
  EXPECT_TRUE(devices.empty());
  EXPECT_TRUE(enrolment->enrol(request(good)));
}

TEST_F(EnrolmentTest, OfManyWhoShowATokenAtOnceOneBecomesADevice) {
  const std::string once = token();
  std::vector<EnrolmentRequest> requests;
  for (int i = 0; i < 4; ++i) requests.push_back(request(once, std::to_string(i)));
  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (const EnrolmentRequest& one : requests) {
    threads.emplace_back([&] { made += enrolment->enrol(one) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(devices.size(), 1U);
}

TEST_F(EnrolmentTest, WithoutItsNoteNothingIsValid) {
  const std::string good = token();
  EXPECT_FALSE(enrolment->enrol(request(good), [](records::Connection&, const EnrolmentResult&) -> Result<void> {
    return Error(token_refused);
  }));
  EXPECT_EQ(enrolment->living(), 0U);
  EXPECT_TRUE(enrolment->enrol(request(good)));
}

TEST_F(EnrolmentTest, GuessingIsStoppedPerAddressAndForgivenLater) {
  const std::string good = token();
  for (std::size_t i = 0; i < enrol_failures_max; ++i) {
    EXPECT_TRUE(enrolment->enrol(request("wrong")).error().is(token_refused));
  }
  EXPECT_TRUE(enrolment->enrol(request(good)).error().is(enrol_too_often));
  EnrolmentRequest elsewhere = request(good);
  elsewhere.address = "192.0.2.2";
  EXPECT_TRUE(enrolment->enrol(elsewhere));
  clock.advance(enrol_failures_period + std::chrono::seconds(1));
  EXPECT_TRUE(enrolment->enrol(request(token())));
}

TEST_F(EnrolmentTest, TheSameMachineKeepsItsIdAndLosesItsOldCertificate) {
  const auto first = enrolment->enrol(request(token())).value();
  const auto second = enrolment->enrol(request(token())).value();
  EXPECT_EQ(first.device, second.device);
  EXPECT_TRUE(second.existed);
  EXPECT_EQ(second.revoked, std::vector<std::string>{first.certificate.serial});
  EXPECT_FALSE(enrolment->accepts(first.certificate.serial, first.device.text()));
  EXPECT_TRUE(enrolment->accepts(second.certificate.serial, first.device.text()));
}

TEST_F(EnrolmentTest, ACertificateSpeaksOnlyForItsDevice) {
  const auto one = enrolment->enrol(request(token(), "a")).value();
  const auto other = enrolment->enrol(request(token(), "b")).value();
  EXPECT_FALSE(enrolment->accepts(one.certificate.serial, other.device.text()));
  EXPECT_FALSE(enrolment->accepts("00", one.device.text()));
  EXPECT_TRUE(
      enrolment->renew(other.device, one.certificate.serial, make_test_key().csr_pem).error().is(certificate_revoked));
}

TEST_F(EnrolmentTest, RenewingKeepsTheOneShownUntilTheNextRenewal) {
  const auto first = enrolment->enrol(request(token())).value();
  const std::string device = first.device.text();
  const auto second = enrolment->renew(first.device, first.certificate.serial, make_test_key().csr_pem).value();
  EXPECT_TRUE(enrolment->accepts(first.certificate.serial, device));
  EXPECT_TRUE(enrolment->accepts(second.serial, device));
  const auto third = enrolment->renew(first.device, second.serial, make_test_key().csr_pem).value();
  EXPECT_FALSE(enrolment->accepts(first.certificate.serial, device));
  EXPECT_TRUE(enrolment->accepts(second.serial, device));
  EXPECT_TRUE(enrolment->accepts(third.serial, device));
}

TEST_F(EnrolmentTest, WhatLivesAndWhatIsRevokedSurvivesARestart) {
  const auto kept = enrolment->enrol(request(token(), "a")).value();
  const auto gone = enrolment->enrol(request(token(), "b")).value();
  EXPECT_EQ(enrolment->revoke(gone.device, "retired")->size(), 1U);
  open();
  EXPECT_TRUE(enrolment->accepts(kept.certificate.serial, kept.device.text()));
  EXPECT_FALSE(enrolment->accepts(gone.certificate.serial, gone.device.text()));
  EXPECT_EQ(enrolment->living(), 1U);
  clock.advance(days(device_days + 1));
  open();
  EXPECT_EQ(enrolment->living(), 0U);
}

}  // namespace
}  // namespace luy::hub
