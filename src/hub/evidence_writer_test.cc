// Goal: what is acknowledged is stored, what fails is told to everybody it concerns, and nobody else pays for it.
// Method: a store in memory that fails on demand; the real store is tested in its own module.
#include "hub/evidence_writer.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>

#include "base/file.h"
#include "event/batch.h"
#include "hub/agent_service.h"
#include "hub/memory_store.h"
#include "hub/migrations.h"
#include "hub/source_parts.h"
#include "hub/test_client.h"
#include "records/database.h"

namespace luy::hub {
namespace {

OwnedRecord record(std::string raw) {
  return {"a/b/c", 2, std::move(raw)};
}

struct EvidenceWriterTest : ::testing::Test {
  EvidenceWriterTest() { writer.start(); }
  std::future<Result<evidence::Appended>> submit(std::string raw) {
    auto promise = std::make_shared<std::promise<Result<evidence::Appended>>>();
    Submission submission;
    submission.records.push_back(record(std::move(raw)));
    submission.done = [promise](Result<evidence::Appended> result) { promise->set_value(std::move(result)); };
    EXPECT_TRUE(writer.submit(std::move(submission)));
    return promise->get_future();
  }
  MemoryStore store;
  SystemClock clock;
  std::atomic<int> grown{0};
  EvidenceWriter writer{store, clock, 90, [this](const auto&, const auto&) { ++grown; }};
};

TEST_F(EvidenceWriterTest, WhatWaitsTogetherIsStoredTogether) {
  store.hold(true);
  auto first = submit("0");
  while (store.calls == 0 && writer.counters().batches == 0) {
    // The first is taken alone; what comes while it is being stored waits.
    std::this_thread::yield();
    if (store.mutex.try_lock()) {
      store.mutex.unlock();
      break;
    }
  }
  std::vector<std::future<Result<evidence::Appended>>> rest;
  for (int i = 1; i < 20; ++i) rest.push_back(submit(std::to_string(i)));
  store.hold(false);
  EXPECT_TRUE(first.get());
  for (auto& one : rest) EXPECT_TRUE(one.get());
  EXPECT_EQ(store.sources.size(), 20U);
  EXPECT_LE(store.calls, 3);
  EXPECT_EQ(grown, 20);
}

TEST_F(EvidenceWriterTest, DaysUnderAHoldAreNotDeleted) {
  const Day today = day_of(clock.now());
  EXPECT_EQ(store.deleted_before(), today - days(90)) << "without a hold";
  for (const int first : {200, 91, 10}) {
    MemoryStore other;
    EvidenceWriter holding(
        other, clock, 90, [](const auto&, const auto&) {}, [&] { return std::optional<Day>(today - days(first)); });
    holding.start();
    EXPECT_EQ(other.deleted_before(), today - days(std::max(first, 90))) << first;
    holding.stop();
  }
  MemoryStore unknown;
  EvidenceWriter blind(
      unknown, clock, 90, [](const auto&, const auto&) {},
      [] { return Result<std::optional<Day>>(Error(records::database_failed, "x")); });
  blind.start();
  EXPECT_TRUE(blind.append(std::nullopt, {record("x")}));
  blind.stop();
  EXPECT_TRUE(unknown.deletions.empty()) << "nothing is deleted while holds cannot be read";
}

TEST_F(EvidenceWriterTest, ABadBatchHarmsOnlyItself) {
  store.hold(true);
  auto before = submit("before");
  auto bad = submit("bad");
  auto after = submit("after");
  store.hold(false);
  EXPECT_TRUE(before.get());
  EXPECT_TRUE(bad.get().error().is(evidence::record_invalid));
  EXPECT_TRUE(after.get());
  EXPECT_EQ(store.sources.size(), 2U);
}

TEST_F(EvidenceWriterTest, AFullDiskIsToldAndLaterForgotten) {
  store.full = true;
  EXPECT_TRUE(submit("x").get().error().is(disk_full));
  EXPECT_EQ(store.sources.size(), 0U);
  store.full = false;
  EXPECT_TRUE(submit("y").get());
  EXPECT_EQ(grown, 1);
}

TEST_F(EvidenceWriterTest, WhatComesFromOutsideIsRefusedWhileTheHubsOwnIsStored) {
  const auto take = [&](const std::optional<evidence::BatchKey>& key) {
    return writer.submit({key, {record("x")}, 0, {}});
  };
  const evidence::BatchKey outside{"01aryz6s410000000000000001", 1, 1};
  writer.refuse_outside(true);
  EXPECT_FALSE(take(outside));
  EXPECT_TRUE(take(std::nullopt)) << "a note of the hub";
  EXPECT_TRUE(take(evidence::BatchKey{std::string(own_sender), 1, 1, {}})) << "the audit trail";
  writer.refuse_outside(false);
  EXPECT_TRUE(take(outside));
}

TEST_F(EvidenceWriterTest, TooMuchWaitingIsRefused) {
  store.hold(true);
  std::size_t taken = 0;
  const std::string big(1 << 20, 'x');
  std::vector<std::future<Result<evidence::Appended>>> waiting;
  for (;;) {
    Submission submission;
    submission.records.push_back(record(big));
    if (!writer.submit(std::move(submission))) break;
    ++taken;
  }
  EXPECT_GE(taken, waiting_bytes_max / big.size() - 2);
  EXPECT_LE(taken, (waiting_bytes_max + group_bytes_max) / big.size() + 2);
  store.hold(false);
  EXPECT_TRUE(writer.append(std::nullopt, {record("x")}).has_value() || true);
}

TEST_F(EvidenceWriterTest, StoppingStoresWhatWaitsAndTakesNoMore) {
  store.hold(true);
  auto last = submit("last");
  auto stopping = std::async(std::launch::async, [&] { writer.stop(); });
  store.hold(false);
  stopping.get();
  EXPECT_TRUE(last.get());
  EXPECT_FALSE(writer.submit({}));
}

TEST(SourceParts, AreSplitAtTheFirstTwoSlashes) {
  const SourceParts parts = split_source("agency/device//var/log/auth.log");
  EXPECT_EQ(parts.agency, "agency");
  EXPECT_EQ(parts.device, "device");
  EXPECT_EQ(parts.stream, "/var/log/auth.log");
  EXPECT_EQ(split_source("hub/audit").device, "audit");
  EXPECT_EQ(split_source("hub/audit").stream, "");
  EXPECT_EQ(split_source("").agency, "");
}

// The agent port over the same store: what an agent may say, and what it is told.
constexpr std::string_view software_section =
    R"({"install":"off","execute":"off","removable":"off","contact":"","programs":[],"media":[]})";
constexpr std::string_view whole_section =
    R"({"scan":true,"period_days":7,"weekday":3,"from_minute":0,"until_minute":1440,"paths":["/"],"excludes":[],)"
    R"("other_file_systems":true,"file_bytes_max":1048576,"busy_percent":50,"pause_on_battery":true,)"
    R"("pause_load_percent":80,"infected":"quarantine","signatures":[]})";

struct AgentServiceTest : EvidenceWriterTest {
  AgentServiceTest() {
    database = std::move(records::open_sqlite(folder.path() / "records.db", migrations()).value());
    enrolment = std::move(Enrolment::open(*database, *ca, clock, random,
                                          [this](const AgencyId&, const fact::Identity&, const fact::Os&,
                                                 const fact::Hardware&) -> Result<Enrolment::Registered> {
                                            return Enrolment::Registered{device, false};
                                          })
                              .value());
    EnrolmentRequest request;
    request.token = enrolment->issue_token(agency, "test")->token;
    request.csr = make_test_key().csr_pem;
    peer.device = device.text();
    peer.serial = enrolment->enrol(request)->certificate.serial;
    EXPECT_TRUE(evidence::Ed25519Key::generate(folder.path() / "orders.key"));
    orders_key.emplace(std::move(evidence::Ed25519Key::load(folder.path() / "orders.key").value()));
    std::vector<records::Migration> order_tables(order_migrations().begin(), order_migrations().end());
    order_tables.insert(order_tables.end(), policy_migrations().begin(), policy_migrations().end());
    order_database = std::move(records::open_sqlite(folder.path() / "orders.db", order_tables).value());
    orders = std::move(OrderBook::open({*order_database, *orders_key, clock, random, [](auto&&...) {}}).value());
    policies = std::move(
        PolicyBook::open(
            {*order_database, *orders_key, clock, [this](const AgencyId&) { return std::vector<AgencyId>{agency}; },
             [](std::string_view section) {
               return boost::json::parse(section == "software" ? software_section : whole_section).as_object();
             },
             [](std::string_view, const AgencyId&, boost::json::object&) {}})
            .value());
    service = std::make_unique<AgentService>(AgentService::Dependencies{
        writer, *enrolment, *ca,
        [this](const DeviceId& id) { return known && id == device ? std::optional(agency) : std::nullopt; }, *orders,
        *policies});
  }
  api::Response post(const std::string& path, const std::string& body, const std::string& type) {
    HttpRequest request;
    request.head = std::get<Head>(parse_head("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type +
                                             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"));
    request.body = body;
    request.peer = peer;
    const Service::Admission admission = service->admit(request.head, peer);
    if (admission.answer) return *admission.answer;
    if (body.size() > admission.body_bytes_max) return refuse(413, Error(http_body_too_large, ""));
    std::promise<api::Response> answered;
    service->serve(std::move(request), Reply([&](Reply::Answer answer) { answered.set_value(answer.response); }));
    return answered.get_future().get();
  }
  api::Response send(const event::Batch& batch) {
    return post("/agent/v1/batches", event::encode_batch(batch), "application/x-luy-batch");
  }
  static event::Batch batch(std::string stream = "/var/log/x", event::Transport transport = event::Transport::file) {
    event::Batch out;
    out.spool_id = 7;
    out.number = 3;
    out.records.push_back({transport, std::move(stream), "line"});
    return out;
  }
  TempFolder folder;
  SystemRandom random;
  AgencyId agency = AgencyId::make(clock.now(), random);
  DeviceId device = DeviceId::make(clock.now(), random);
  std::unique_ptr<Ca> ca = std::move(Ca::open_or_create(folder.path() / "keys", clock, random).value());
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Enrolment> enrolment;
  std::optional<evidence::Ed25519Key> orders_key;
  std::unique_ptr<records::Database> order_database;
  std::unique_ptr<OrderBook> orders;
  std::unique_ptr<PolicyBook> policies;
  std::unique_ptr<AgentService> service;
  Peer peer;
  bool known = true;
};

TEST_F(AgentServiceTest, ABatchIsStoredUnderTheCertificatesDevice) {
  const api::Response response = send(batch());
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, R"({"acked":3})");
  EXPECT_EQ(store.sources, std::vector<std::string>{agency.text() + "/" + device.text() + "//var/log/x"});
}

TEST_F(AgentServiceTest, EveryRefusalIsNamedAndStoresNothing) {
  const std::string good = event::encode_batch(batch());
  const auto is = [&](const api::Response& response, int status, const char* code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_NE(response.body.find(code), std::string::npos) << response.body;
  };
  is(post("/agent/v1/batches", good.substr(0, good.size() - 1), "application/x-luy-batch"), 400,
     "event.batch_malformed");
  is(post("/agent/v1/batches", "", "application/x-luy-batch"), 400, "event.batch_malformed");
  is(post("/agent/v1/batches", good, "text/plain"), 415, "http.media_type");
  is(post("/agent/v1/other", good, "application/x-luy-batch"), 404, "http.not_found");
  is(send(batch("notes", event::Transport::hub)), 400, "hub.stream_invalid");
  known = false;
  is(send(batch()), 403, "hub.device_refused");
  known = true;
  store.full = true;
  is(send(batch()), 503, "file.disk_full");
  store.full = false;
  EXPECT_TRUE(enrolment->revoke(device, "test"));
  is(send(batch()), 403, "hub.certificate_revoked");
  peer.device.clear();
  is(send(batch()), 403, "hub.certificate_revoked");
  EXPECT_EQ(store.sources.size(), 0U);
}

TEST_F(AgentServiceTest, OtherMethodsAreToldWhatIsAllowed) {
  const Service::Admission admission =
      service->admit(std::get<Head>(parse_head("GET /agent/v1/batches HTTP/1.1\r\nHost: a\r\n\r\n")), peer);
  EXPECT_EQ(admission.answer->status, 405);
  EXPECT_EQ(admission.answer->headers.front(), (std::pair<std::string, std::string>("Allow", "POST")));
}

TEST_F(AgentServiceTest, ACertificateIsRenewedForTheSameDevice) {
  const boost::json::object body = {{"csr", make_test_key().csr_pem}};
  const api::Response response = post("/agent/v1/renew", boost::json::serialize(body), "application/json");
  EXPECT_EQ(response.status, 200) << response.body;
  const std::string pem(boost::json::parse(response.body).at("certificate").as_string());
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  const CertificateIdentity identity = identity_of(certificate.get());
  EXPECT_EQ(identity.device, device.text());
  EXPECT_TRUE(enrolment->accepts(identity.serial, device.text()));
  for (const char* wrong : {"", "[]", "{}", R"({"csr":1})", R"({"csr":"x"})", R"({"csr":"x","device":"y"})"}) {
    EXPECT_EQ(post("/agent/v1/renew", wrong, "application/json").status, 400) << wrong;
  }
}

}  // namespace
}  // namespace luy::hub
