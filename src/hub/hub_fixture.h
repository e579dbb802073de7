// For tests of the whole hub: the real parts in one process on free ports, over TLS, with the pack and the contract we
// ship; every answer is checked against the contract.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/source_dir.h"
#include "directory/totp.h"
#include "event/batch.h"
#include "fact/fact.h"
#include "hub/hub.h"
#include "hub/setup.h"
#include "hub/test_client.h"

namespace luy::hub {

namespace json = boost::json;

inline const std::filesystem::path root = source_dir();
inline const std::string password = "Lúa chín vàng đồng 2026";

inline std::string text(const json::value& value) {
  return std::string(value.as_string());
}

// One signed-in browser or one program.
class Caller {
 public:
  Caller(std::uint16_t port, ClientOptions options) : port_(port), options_(std::move(options)) {}
  ClientResponse call(const std::string& method, const std::string& path, const std::string& body = "",
                      const std::string& type = "application/json") {
    TestClient client(port_, options_);
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Luy-Request: 1\r\n";
    if (!cookie.empty()) request += "Cookie: " + cookie + "\r\n";
    if (!body.empty())
      request += "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    if (!bearer.empty()) request += "Authorization: Bearer " + bearer + "\r\n";
    const ClientResponse response = client.request(request + "Connection: close\r\n\r\n" + body);
    const std::string set = response.header("set-cookie");
    if (!set.empty()) cookie = set.substr(0, set.find(';'));
    return response;
  }
  json::value get(const std::string& path) {
    const ClientResponse response = call("GET", path);
    EXPECT_EQ(response.status, 200) << path << " " << response.body;
    return json::parse(response.body);
  }
  std::unique_ptr<TestClient> open_stream(const std::string& query) {
    auto client = std::make_unique<TestClient>(port_, options_);
    client->send("GET /api/v1/stream" + query + " HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + "\r\n\r\n");
    client->receive_until("retry:");
    return client;
  }
  std::string cookie;
  std::string bearer;

 private:
  std::uint16_t port_;
  ClientOptions options_;
};

// As an authenticator app reads the secret; the capitals and digits of RFC 4648 alone.
inline std::string from_base32(std::string_view from) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : from) {
    bits = bits << 5U | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xffU);
  }
  return out;
}

// The system's clock, moved on by hand; what is measured in running time goes on as it does.
class MovedClock final : public Clock {
 public:
  Time now() const override { return system_.now() + Duration(moved_.load()); }
  Duration monotonic() const override { return system_.monotonic(); }
  void move(Duration by) { moved_ += by.count(); }

 private:
  SystemClock system_;
  std::atomic<std::int64_t> moved_{0};
};

struct HubTest : ::testing::Test {
  void SetUp() override {
    SetupOptions setup;
    setup.data = folder.path();
    setup.agency_code = "UBND-BS";
    setup.agency_name = "Ủy ban nhân dân thị xã Bỉm Sơn";
    setup.username = "quantri";
    setup.passwords = directory::password_cost_of_tests;
    secrets = set_up(setup, clock, random).value();
    ASSERT_TRUE(secrets.password);
    start();
  }
  void start() {
    HubOptions options;
    options.data = folder.path();
    options.port = options.agent_port = options.admin_port = 0;
    options.pack = root / "regulation" / "4448-2017";
    options.openapi = root / "api" / "openapi.yaml";
    options.check_responses = true;
    options.passwords = directory::password_cost_of_tests;
    options.rules = rules;
    options.disk_findings = false;
    auto started = Hub::start(options, clock, random);
    ASSERT_TRUE(started) << started.error().text();
    hub = std::move(*started);
    while (!hub->ready()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    info = json::parse(read_file(folder.path() / "run" / "hub.json", 10'000).value());
  }
  void TearDown() override {
    if (!hub) return;
    const std::string metrics = admin().call("GET", "/metrics").body;
    EXPECT_NE(metrics.find("luy_api_contract_breaches_total 0\n"), std::string::npos) << "an answer broke the contract";
    hub->stop();
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "run" / "hub.json"));
  }
  std::uint16_t port(const char* name) { return static_cast<std::uint16_t>(info.at(name).as_int64()); }
  Caller anonymous(std::uint8_t place = 1) {
    ClientOptions options;
    options.place = place;
    options.ca_pem = read_file(folder.path() / "keys" / "ca.crt", 10'000).value();
    return Caller(port("port"), options);
  }
  Caller admin() {
    ClientOptions options;
    options.tls = false;
    Caller out(port("admin_port"), options);
    out.bearer = read_file(folder.path() / "run" / "admin.token", 100).value().substr(0, 64);
    return out;
  }
  Caller signed_in(std::uint8_t place = 1) {
    Caller out = anonymous(place);
    const auto sign_in = [&](const std::string& with, const std::string& code) {
      json::object body{{"username", "quantri"}, {"password", with}};
      if (!code.empty()) body["code"] = code;
      return out.call("POST", "/api/v1/session", json::serialize(body));
    };
    if (changed) {
      EXPECT_FALSE(codes.empty());
      EXPECT_EQ(sign_in(password, codes.back()).status, 200);
      codes.pop_back();
      return out;
    }
    EXPECT_EQ(sign_in(*secrets.password, "").status, 200);
    settle(out);
    return out;
  }
  // What a session of the issued password must do first.
  void settle(Caller& caller) {
    const ClientResponse done =
        caller.call("POST", "/api/v1/session/password",
                    json::serialize(json::object{{"current", *secrets.password}, {"new", password}}));
    EXPECT_EQ(done.status, 200) << done.body;
    changed = true;
    add_factor(caller);
  }
  // An administrator must have a second factor; its recovery codes let the next ones in.
  void add_factor(Caller& caller) {
    const ClientResponse offer =
        caller.call("POST", "/api/v1/factors/totp", json::serialize(json::object{{"password", password}}));
    ASSERT_EQ(offer.status, 200) << offer.body;
    const json::value secret = json::parse(offer.body);
    const std::string code =
        directory::totp_code(from_base32(text(secret.at("secret"))), directory::totp_step_of(clock.now()));
    const ClientResponse made =
        caller.call("POST", "/api/v1/factors/totp/confirm", json::serialize(json::object{{"code", code}}));
    ASSERT_EQ(made.status, 200) << made.body;
    const json::value body = json::parse(made.body);
    for (const json::value& one : body.at("recovery_codes").as_array()) codes.push_back(text(one));
  }
  struct Device {
    std::string id;
    TestKey key;
    ClientOptions options;
  };
  json::object enrolment(const std::string& token, const TestKey& key, const std::string& machine) {
    return {{"token", token},
            {"csr", key.csr_pem},
            {"identity", {{"key", std::string(64, machine.front())}, {"hostname", machine}, {"fqdn", ""}}},
            {"os",
             {{"id", "debian"},
              {"version_id", "12"},
              {"pretty_name", "Debian 12"},
              {"kernel", "6.1"},
              {"architecture", "x86_64"}}},
            {"hardware",
             {{"vendor", ""},
              {"model", ""},
              {"chassis", "virtual"},
              {"cpu_model", ""},
              {"cpus", 2},
              {"memory_bytes", 4096},
              {"battery", false}}}};
  }
  Device enrol(const std::string& token, const std::string& machine = "a-machine") {
    Device device;
    device.key = make_test_key();
    const ClientResponse response =
        anonymous().call("POST", "/api/v1/agents/enrol", json::serialize(enrolment(token, device.key, machine)));
    EXPECT_EQ(response.status, 201) << response.body;
    if (response.status != 201) return device;
    const json::value answer = json::parse(response.body);
    device.id = text(answer.at("device_id"));
    device.options.key = device.key.key.get();
    device.options.certificate_pem = text(answer.at("certificate"));
    device.options.ca_pem = text(answer.at("ca"));
    return device;
  }
  ClientResponse send(const Device& device, std::uint64_t number, std::vector<event::BatchRecord> records) {
    event::Batch batch;
    batch.spool_id = 9;
    batch.number = number;
    batch.records = std::move(records);
    return Caller(port("agent_port"), device.options)
        .call("POST", "/agent/v1/batches", event::encode_batch(batch), "application/x-luy-batch");
  }
  // What a device that was cut off is told. The cut may still meet the connection on which it asks.
  ClientResponse refusal_of(const Device& device) {
    ClientResponse refused = send(device, 2, {line("more")});
    for (int i = 0; i < 50 && refused.status == 0; ++i) refused = send(device, 2, {line("more")});
    return refused;
  }
  static event::BatchRecord line(const std::string& raw) { return {event::Transport::file, "/var/log/auth.log", raw}; }
  event::BatchRecord domain_fact(const std::string& kind) {
    fact::Fact fact;
    fact.collected_at = clock.now();
    fact.method = "test";
    fact.body = fact::Domain{kind, kind == "none" ? "" : "bimson.local"};
    return {event::Transport::fact, "fact/domain", fact::to_json(fact)};
  }

  std::filesystem::path rules;  // Of detection; none.
  TempFolder folder;
  MovedClock clock;
  SystemRandom random;
  SetupResult secrets;
  json::value info;
  bool changed = false;
  std::vector<std::string> codes;  // Recovery codes that are left.
  std::unique_ptr<Hub> hub;
};

}  // namespace luy::hub
