// Goal: a sender that speaks Elasticsearch's bulk or OTLP is told the truth about each record, and nobody without a
// token is told anything.
// Method: the service behind plain values, the real book and desk, a store in memory that fails on demand; requests as
// the server hands them over.
#include "hub/input_service.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "base/encoding.h"
#include "hub/memory_store.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

struct InputServiceTest : ::testing::Test {
  InputServiceTest() {
    database = std::move(*records::open_sqlite(folder.path() / "records.db", intake::migrations()));
    book = std::move(*intake::SenderBook::open(*database, clock, random));
    service = std::make_unique<InputService>(InputService::Dependencies{
        *book, desk, [this](const DeviceId&) { return known ? std::optional(agency) : std::nullopt; }});
    const auto issue = [&](records::Connection& c) { return book->issue_token_in(c, device, "thử", "quantri"); };
    const auto issued = database->write(issue);
    token = issued->token;
    EXPECT_TRUE(book->refresh(issued->sender));
    writer.start();
  }
  ~InputServiceTest() override { writer.stop(); }

  Head head(const std::string& method, const std::string& path, const std::string& type = "application/x-ndjson") {
    Head out;
    out.method = method;
    out.target = out.path = path;
    out.headers = {{"content-type", type}, {"authorization", "Bearer " + token}};
    return out;
  }
  api::Response send(Head with, std::string body) {
    auto admission = service->admit(with, {});
    if (admission.answer) return *admission.answer;
    std::promise<api::Response> promise;
    service->serve({std::move(with), std::move(body), {}, {}},
                   Reply([&](Reply::Answer answer) { promise.set_value(std::move(answer.response)); }));
    // As the hub's timetable does: what waits after a failure is tried again.
    auto answer = promise.get_future();
    while (answer.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) desk.tick();
    return answer.get();
  }
  json::object bulk(const std::string& body) {
    const api::Response response = send(head("POST", "/logs/_bulk"), body);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }
  static std::vector<std::int64_t> statuses(const json::object& answer) {
    std::vector<std::int64_t> out;
    for (const json::value& item : answer.at("items").as_array()) {
      out.push_back(item.as_object().begin()->value().at("status").as_int64());
    }
    return out;
  }
  std::size_t stored() {
    const std::lock_guard lock(store.mutex);
    return store.sources.size();
  }

  TempFolder folder;
  SystemClock clock;
  SystemRandom random;
  MemoryStore store;
  EvidenceWriter writer{store, clock, 90, [](const auto&, const auto&) {}};
  IntakeDesk desk{writer, random};
  std::unique_ptr<records::Database> database;
  std::unique_ptr<intake::SenderBook> book;
  std::unique_ptr<InputService> service;
  AgencyId agency = AgencyId::make(clock.now(), random);
  DeviceId device = DeviceId::make(clock.now(), random);
  bool known = true;
  std::string token;
};

TEST_F(InputServiceTest, EachItemIsToldWhatBecameOfIt) {
  const json::object answer = bulk(
      "{\"index\":{\"_id\":\"a\"}}\n{\"m\":1}\n{\"delete\":{\"_id\":\"a\"}}\n{\"create\":{}}\nnot "
      "json\n{\"create\":{}}\n{\"m\":2}\n");
  EXPECT_TRUE(answer.at("errors").as_bool());
  EXPECT_EQ(statuses(answer), (std::vector<std::int64_t>{201, 400, 400, 201}));
  EXPECT_EQ(store.sources, std::vector<std::string>(2, agency.text() + "/" + device.text() + "/bulk/logs"));
}

TEST_F(InputServiceTest, WhatIsSentAgainUnderItsIdIsStoredOnce) {
  const std::string body = "{\"index\":{\"_id\":\"a\"}}\n{\"m\":1}\n{\"create\":{\"_id\":\"b\"}}\n{\"m\":1}\n";
  EXPECT_EQ(statuses(bulk(body)), (std::vector<std::int64_t>{201, 201}));
  EXPECT_EQ(statuses(bulk(body)), (std::vector<std::int64_t>{200, 409}));
  EXPECT_EQ(stored(), 2U);
  // Another content under the same id is another fact.
  EXPECT_EQ(statuses(bulk("{\"index\":{\"_id\":\"a\"}}\n{\"m\":2}\n")), (std::vector<std::int64_t>{201}));
  // Without an id nobody can tell.
  EXPECT_EQ(statuses(bulk("{\"index\":{}}\n{\"m\":1}\n")), (std::vector<std::int64_t>{201}));
  EXPECT_EQ(statuses(bulk("{\"index\":{}}\n{\"m\":1}\n")), (std::vector<std::int64_t>{201}));
  EXPECT_EQ(stored(), 5U);
}

TEST_F(InputServiceTest, WhatCouldNotBeStoredIsToBeSentAgainAndIsThenStored) {
  const std::string body = "{\"index\":{\"_id\":\"a\"}}\n{\"m\":1}\n";
  store.full = true;
  EXPECT_EQ(statuses(bulk(body)), (std::vector<std::int64_t>{429}));
  const api::Response otlp =
      send(head("POST", "/v1/logs", "application/json"),
           R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]})");
  EXPECT_EQ(otlp.status, 503);
  store.full = false;
  desk.tick();
  EXPECT_EQ(statuses(bulk(body)), (std::vector<std::int64_t>{201}));
  EXPECT_EQ(stored(), 1U);
}

TEST_F(InputServiceTest, TheTokenIsReadFromEveryFormThatSendersHave) {
  const struct {
    std::string authorization;
    int status;
  } table[] = {
      {"Bearer " + token, 200},
      {"bearer " + token, 200},
      {"ApiKey " + token, 200},
      {"ApiKey " + to_base64("id:" + token), 200},
      {"Basic " + to_base64("luy:" + token), 200},
      {"Basic " + to_base64(token), 401},
      {"Bearer " + token.substr(1), 401},
      {"Bearer ", 401},
      {"Bearer", 401},
      {"", 401},
      {"Digest " + token, 401},
  };
  for (const auto& [authorization, status] : table) {
    Head with = head("GET", "/");
    with.headers = {{"authorization", authorization}};
    EXPECT_EQ(send(with, "").status, status) << authorization;
  }
  known = false;
  EXPECT_EQ(send(head("GET", "/"), "").status, 401) << "the device was retired";
}

TEST_F(InputServiceTest, AKeyThatReadsAsBase64OfAPairIsStillTheKey) {
  const auto reads_as_pair = [](const std::string& key) {
    const auto bytes = from_base64(key);
    return bytes && bytes->find(':') != std::string::npos;
  };
  for (int tries = 0; tries < 200 && !reads_as_pair(token); ++tries) {
    const auto issued =
        database->write([&](records::Connection& c) { return book->issue_token_in(c, device, "thử", "quantri"); });
    ASSERT_TRUE(book->refresh(issued->sender));
    token = issued->token;
  }
  ASSERT_TRUE(reads_as_pair(token)) << "one token in six does";
  Head with = head("GET", "/");
  with.headers = {{"authorization", "ApiKey " + token}};
  EXPECT_EQ(send(with, "").status, 200);
}

TEST_F(InputServiceTest, SendersFindWhatTheyLookAtFirst) {
  const struct {
    const char* method;
    const char* path;
    int status;
  } table[] = {
      {"GET", "/", 200},
      {"HEAD", "/", 200},
      {"GET", "/_license", 200},
      {"GET", "/_xpack", 200},
      {"GET", "/_cluster/health", 200},
      {"GET", "/_cat/health", 200},
      {"HEAD", "/_index_template/filebeat", 200},
      {"PUT", "/_index_template/filebeat", 200},
      {"PUT", "/_ilm/policy/filebeat", 200},
      {"DELETE", "/_data_stream/filebeat", 404},
      {"GET", "/_search", 404},
      {"GET", "/_bulk", 404},
      {"GET", "/v1/logs", 405},
  };
  for (const auto& [method, path, status] : table) {
    EXPECT_EQ(send(head(method, path), "").status, status) << method << " " << path;
  }
  EXPECT_EQ(json::parse(send(head("GET", "/"), "").body).at("version").at("number").as_string(), "8.11.0");
  api::Response response;
  service->decorate(response);
  EXPECT_EQ(response.headers.front(), (std::pair<std::string, std::string>{"X-Elastic-Product", "Elasticsearch"}));
}

TEST_F(InputServiceTest, OtlpIsAnsweredInItsOwnEncoding) {
  const api::Response good = send(head("POST", "/v1/logs", "application/x-protobuf"), "");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.content_type, "application/x-protobuf");
  EXPECT_EQ(good.body, "");
  const api::Response bad = send(head("POST", "/v1/logs", "application/json"), "[]");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(json::parse(bad.body).at("code").as_int64(), 3);
}

TEST_F(InputServiceTest, ABodyThatIsNotWhatItSaysIsRefusedWhole) {
  Head packed = head("POST", "/_bulk");
  packed.headers.emplace_back("content-encoding", "gzip");
  EXPECT_EQ(send(packed, "not gzip").status, 400);
  Head odd = head("POST", "/_bulk");
  odd.headers.emplace_back("content-encoding", "br");
  EXPECT_EQ(send(odd, "{}\n").status, 400);
  EXPECT_EQ(send(head("POST", "/_bulk"), "{\"index\":{}}\n{}").status, 400);
  EXPECT_EQ(stored(), 0U);
}

TEST(SeenIds, ForgetsTheOldestAndWaitsForWhatIsUnderWay) {
  SeenIds seen;
  SystemClock clock;
  SystemRandom random;
  const SenderId sender = SenderId::make(clock.now(), random);
  const std::string first = SeenIds::digest("i", "0", "x");
  EXPECT_NE(first, SeenIds::digest("i0", "", "x"));
  EXPECT_EQ(seen.begin(sender, first), SeenIds::Answer::fresh);
  EXPECT_EQ(seen.begin(sender, first), SeenIds::Answer::under_way);
  seen.settle(sender, first, false);
  EXPECT_EQ(seen.begin(sender, first), SeenIds::Answer::fresh);
  seen.settle(sender, first, true);
  EXPECT_EQ(seen.begin(sender, first), SeenIds::Answer::stored);
  for (std::size_t i = 1; i <= seen_ids_max; ++i) {
    const std::string digest = SeenIds::digest("i", std::to_string(i), "x");
    seen.begin(sender, digest);
    seen.settle(sender, digest, true);
  }
  EXPECT_EQ(seen.begin(sender, first), SeenIds::Answer::fresh);
}

}  // namespace
}  // namespace luy::hub
