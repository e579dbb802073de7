// Goal: the whole hub as its users meet it: set up, sign in, enrol, ingest, search, prove, listen, revoke, restart.
// Method: the real parts in one process on free ports, over TLS, with the pack and the contract we ship; every answer
// is checked against the contract.
#include "hub/hub.h"

#include <gtest/gtest.h>

#include "hub/hub_fixture.h"

namespace luy::hub {
namespace {

TEST_F(HubTest, NothingWorksBeforeSigningInAndChangingTheIssuedPassword) {
  Caller caller = anonymous();
  EXPECT_EQ(caller.call("GET", "/api/v1/devices").status, 401);
  EXPECT_EQ(caller.call("POST", "/api/v1/session", R"({"username":"quantri","password":"wrong"})").status, 401);
  EXPECT_EQ(caller
                .call("POST", "/api/v1/session",
                      json::serialize(json::object{{"username", "quantri"}, {"password", *secrets.password}}))
                .status,
            200);
  const ClientResponse refused = caller.call("GET", "/api/v1/devices");
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("must_change_password"), std::string::npos);
  for (const char* path : {"/api/v1/system", "/api/v1/stream", "/api/v1/stream?topics=verdict,device"}) {
    EXPECT_EQ(caller.call("GET", path).status, 403) << path;
  }
  EXPECT_EQ(caller.call("GET", "/api/v1/session").status, 200);
  settle(caller);
  EXPECT_EQ(caller.get("/api/v1/devices").at("devices").as_array().size(), 0U);
  EXPECT_EQ(caller.get("/api/v1/agencies").at("agencies").as_array().size(), 1U);
  caller.get("/api/v1/overview");
  caller.get("/api/v1/regulation");
  caller.get("/api/v1/system");
  caller.get("/api/v1/evidence/days");
}

TEST_F(HubTest, AnAdministratorWithoutASecondFactorCanOnlyAddOne) {
  Caller caller = anonymous();
  const auto sign_in = json::object{{"username", "quantri"}, {"password", *secrets.password}};
  ASSERT_EQ(caller.call("POST", "/api/v1/session", json::serialize(sign_in)).status, 200);
  const auto change = json::object{{"current", *secrets.password}, {"new", password}};
  ASSERT_EQ(caller.call("POST", "/api/v1/session/password", json::serialize(change)).status, 200);
  EXPECT_TRUE(caller.get("/api/v1/session").at("must_enrol_factor").as_bool());
  for (const char* path : {"/api/v1/system", "/api/v1/stream", "/api/v1/devices", "/api/v1/overview"}) {
    const ClientResponse refused = caller.call("GET", path);
    EXPECT_EQ(refused.status, 403) << path;
    EXPECT_NE(refused.body.find("must_enrol_factor"), std::string::npos) << path;
  }
  add_factor(caller);
  EXPECT_FALSE(caller.get("/api/v1/session").at("must_enrol_factor").as_bool());
  caller.get("/api/v1/system");
  changed = true;
  Caller lost = signed_in();
  hub->stop();
  hub.reset();
  ResetPassword reset{folder.path(), "quantri", false, true};
  const auto issued = reset_password(reset, clock, random);
  ASSERT_TRUE(issued) << issued.error().text();
  start();
  Caller again = anonymous();
  const auto anew = json::object{{"username", "quantri"}, {"password", issued->password}};
  EXPECT_EQ(again.call("POST", "/api/v1/session", json::serialize(anew)).status, 200) << "no code is asked for";
}

TEST_F(HubTest, RequestsOutsideTheContractAreRefusedByPlace) {
  Caller caller = signed_in();
  const struct {
    const char* method;
    const char* path;
    const char* body;
    int status;
    const char* code;
  } table[] = {
      {"GET", "/api/v1/events?limit=0", "", 400, "api.bad_request"},
      {"GET", "/api/v1/events?limit=x", "", 400, "api.bad_request"},
      {"GET", "/api/v1/events?nosuch=1", "", 400, "api.bad_request"},
      {"GET", "/api/v1/events?q=%22open", "", 400, "evidence.query_invalid"},
      {"GET", "/api/v1/events/99999999", "", 404, "evidence.record_unknown"},
      {"GET", "/api/v1/events/minus", "", 400, "api.bad_request"},
      {"GET", "/api/v1/nosuch", "", 404, "http.not_found"},
      {"PUT", "/api/v1/devices", "{}", 405, "http.method_not_allowed"},
      {"POST", "/api/v1/agents/tokens", "{}", 400, "api.bad_request"},
      {"POST", "/api/v1/agents/tokens", "{", 400, "api.bad_request"},
      {"POST", "/api/v1/agents/tokens", R"({"agency":"01aryz6s410000000000000000"})", 404, "directory.agency_unknown"},
      {"DELETE", "/", "", 405, "http.method_not_allowed"},
  };
  for (const auto& row : table) {
    const ClientResponse response = caller.call(row.method, row.path, row.body);
    EXPECT_EQ(response.status, row.status) << row.method << " " << row.path << " " << response.body;
    EXPECT_NE(response.body.find(row.code), std::string::npos) << row.path << " " << response.body;
  }
  EXPECT_EQ(caller.call("PUT", "/api/v1/devices", "{}").header("allow"), "GET, HEAD");
  EXPECT_EQ(caller.call("POST", "/api/v1/agents/tokens", "{}", "text/plain").status, 415);
}

TEST_F(HubTest, EveryAnswerCarriesTheSecurityHeaders) {
  Caller caller = anonymous();
  for (const char* path : {"/", "/api/v1/devices", "/nosuch.js", "/api/v1/nosuch"}) {
    const ClientResponse response = caller.call("GET", path);
    EXPECT_NE(response.header("content-security-policy").find("default-src 'none'"), std::string::npos) << path;
    for (const char* part : {"; frame-src blob:;", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}) {
      EXPECT_NE(response.header("content-security-policy").find(part), std::string::npos) << path << " " << part;
    }
    EXPECT_EQ(response.header("content-security-policy").find("unsafe-eval"), std::string::npos) << path;
    EXPECT_EQ(response.header("referrer-policy"), "no-referrer") << path;
    EXPECT_EQ(response.header("cross-origin-resource-policy"), "same-origin") << path;
    EXPECT_EQ(response.header("access-control-allow-origin"), "") << path << ": nobody else's page reads it";
    EXPECT_EQ(response.header("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(response.header("strict-transport-security"), "max-age=31536000; includeSubDomains") << path;
    EXPECT_EQ(response.header("cross-origin-opener-policy"), "same-origin") << path;
    EXPECT_EQ(response.header("cache-control"), std::string(path) == "/" ? "no-cache" : "no-store") << path;
  }
}

TEST_F(HubTest, AForeignPageCannotActThroughASession) {
  Caller caller = signed_in();
  TestClient client(port("port"), {});
  const std::string body = json::serialize(json::object{{"agency", secrets.agency}});
  const std::string head = "POST /api/v1/agents/tokens HTTP/1.1\r\nHost: localhost\r\nCookie: " + caller.cookie +
                           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                           "\r\n";
  EXPECT_EQ(client.request(head + "\r\n" + body).status, 403);
  EXPECT_EQ(client.request(head + "X-Luy-Request: 1\r\nOrigin: https://evil.example\r\n\r\n" + body).status, 403);
  EXPECT_EQ(client.request(head + "X-Luy-Request: 1\r\nSec-Fetch-Site: cross-site\r\n\r\n" + body).status, 403);
  EXPECT_EQ(client.request(head + "X-Luy-Request: 1\r\nOrigin: https://localhost\r\n\r\n" + body).status, 201);
}

TEST_F(HubTest, AMachineEnrolsSendsIsFoundAndIsProved) {
  const Device device = enrol(secrets.token);
  const std::vector<event::BatchRecord> records = {
      line("Nov 22 10:00:01 maychu sshd[4242]: Failed password for tuấn from 203.0.113.9 port 51515 ssh2"),
      domain_fact("none")};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(send(device, 1, records).body, R"({"acked":1})") << "stored once";
  EXPECT_EQ(send(device, 1, {line("another text, same number")}).status, 409) << "what is not stored is not acked";
  Caller caller = signed_in();
  const json::value found = caller.get("/api/v1/events?q=source.ip:203.0.113.9%20tuan");
  ASSERT_EQ(found.at("events").as_array().size(), 1U);
  const json::value& event = found.at("events").as_array().front();
  EXPECT_EQ(text(event.at("device")), device.id);
  EXPECT_EQ(text(event.at("device_name")), "a-machine");
  EXPECT_EQ(text(event.at("stream")), "/var/log/auth.log");
  EXPECT_EQ(caller.get("/api/v1/events?q=another").at("events").as_array().size(), 0U);
  EXPECT_EQ(caller.get("/api/v1/events?device=" + device.id + "&q=tuan&agency=" + secrets.agency)
                .at("events")
                .as_array()
                .size(),
            1U);
  const std::string seq = json::serialize(event.at("seq"));
  caller.get("/api/v1/events/" + seq);
  const json::value histogram =
      caller.get("/api/v1/events/histogram?q=tuan&buckets=10&from=" + to_rfc3339(clock.now() - std::chrono::hours(1)) +
                 "&until=" + to_rfc3339(clock.now() + std::chrono::minutes(1)));
  std::int64_t counted = 0;
  for (const json::value& count : histogram.at("counts").as_array()) counted += count.to_number<std::int64_t>();
  EXPECT_EQ(counted, 1);
  // A checkpoint is signed every ten seconds, and when the hub stops.
  hub->stop();
  hub.reset();
  start();
  const ClientResponse proof = signed_in().call("GET", "/api/v1/events/" + seq + "/proof");
  ASSERT_EQ(proof.status, 200) << proof.body;
  EXPECT_TRUE(json::parse(proof.body).at("verified").as_bool());
  EXPECT_EQ(admin().call("GET", "/admin/v1/proof?seq=" + seq).status, 200);
  // What people did stands in the same evidence, seen by whoever may search their agency's.
  Caller again = signed_in();
  const json::value acts = again.get("/api/v1/events?q=event.action:sign_in%20quantri").at("events");
  ASSERT_FALSE(acts.as_array().empty());
  EXPECT_EQ(text(acts.as_array().front().at("agency")), secrets.agency);
  EXPECT_EQ(text(acts.as_array().front().at("stream")), "audit");
  const json::value check = json::parse(admin().call("GET", "/admin/v1/check").body);
  EXPECT_GT(check.at("events_stored").as_int64(), 1);
  EXPECT_GT(check.at("verdicts").as_array().size(), 50U);
}

TEST_F(HubTest, TheLiveStreamShowsEventsAndVerdictsAndDiesWithItsSession) {
  const Device device = enrol(secrets.token);
  Caller caller = signed_in();
  const auto stream = caller.open_stream("?topics=event,verdict,device&q=needle");
  EXPECT_EQ(send(device, 1, {line("a needle in the hay"), line("only hay"), domain_fact("none")}).status, 200);
  const std::string events = stream->receive_until("in the hay");
  EXPECT_NE(events.find("event: event\n"), std::string::npos);
  EXPECT_EQ(events.find("only hay"), std::string::npos);
  EXPECT_NE(stream->receive_until("event: verdict").find("event: verdict\n"), std::string::npos);
  const Duration before = clock.monotonic();
  EXPECT_EQ(caller.call("DELETE", "/api/v1/session").status, 204);
  EXPECT_TRUE(stream->closed_by_peer());
  EXPECT_LT(clock.monotonic() - before, std::chrono::seconds(10));
}

TEST_F(HubTest, EnrollingAgainCutsTheOldCertificateAndKeepsTheDevice) {
  const Device first = enrol(secrets.token);
  ASSERT_EQ(send(first, 1, {line("one")}).status, 200);
  Caller caller = signed_in();
  const ClientResponse issued =
      caller.call("POST", "/api/v1/agents/tokens", json::serialize(json::object{{"agency", secrets.agency}}));
  ASSERT_EQ(issued.status, 201) << issued.body;
  const Device second = enrol(text(json::parse(issued.body).at("token")));
  EXPECT_EQ(second.id, first.id);
  const ClientResponse refused = refusal_of(first);
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("hub.certificate_revoked"), std::string::npos);
  EXPECT_EQ(send(second, 2, {line("two")}).status, 200);
  EXPECT_EQ(caller.get("/api/v1/devices").at("devices").as_array().size(), 1U);
}

TEST_F(HubTest, BadEnrolmentsAreNamed) {
  Caller caller = anonymous();
  const TestKey key = make_test_key();
  const auto post = [&](const json::object& body) {
    return caller.call("POST", "/api/v1/agents/enrol", json::serialize(body));
  };
  const ClientResponse wrong = post(enrolment("wrong", key, "d"));
  EXPECT_EQ(wrong.status, 403);
  EXPECT_NE(wrong.body.find("hub.token_refused"), std::string::npos);
  json::object odd = enrolment(secrets.token, key, "d");
  odd["os"].as_object()["surprise"] = 1;
  EXPECT_NE(post(odd).body.find("fact.malformed"), std::string::npos);
  json::object broken = enrolment(secrets.token, key, "d");
  broken["csr"] = "x";
  EXPECT_NE(post(broken).body.find("hub.csr_invalid"), std::string::npos);
  EXPECT_EQ(post(enrolment(secrets.token, key, "d")).status, 201) << "the failures did not use the token up";
}

TEST_F(HubTest, AfterARestartTheVerdictsGoOnWhereTheyWere) {
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1, {domain_fact("none")}).status, 200);
  Caller before = signed_in();
  const auto facts = [&](Caller& caller) {
    return caller.get("/api/v1/devices/" + device.id).at("facts").as_array().size();
  };
  while (facts(before) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  hub->stop();
  hub.reset();
  start();
  Caller after = signed_in();
  EXPECT_EQ(facts(after), 1U);
  EXPECT_EQ(send(device, 2, {line("still known")}).status, 200) << "its certificate still lives";
}

TEST_F(HubTest, AProofIsTheActItselfNotWhatAStrangerTried) {
  const Device device = enrol(secrets.token);
  Caller caller = signed_in();
  EXPECT_EQ(anonymous().call("POST", "/api/v1/session", R"({"username":"quantri","password":"wrong"})").status, 401);
  fact::Fact packages{clock.now(), "test", fact::Packages{"dpkg", {{"bash", "5.2", "amd64", {}}}}};
  ASSERT_EQ(send(device, 1, {{event::Transport::fact, "fact/packages", fact::to_json(packages)}}).status, 200);
  // The acts behind a verdict's proofs that are records of the hub; waits for what is still on its way.
  const auto acts_of = [&](const std::string& obligation, const std::string& state) {
    for (int tries = 0; tries < 6000; ++tries, std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
      std::vector<std::string> acts;
      const json::value found = caller.get("/api/v1/verdicts?obligation=" + obligation);
      for (const json::value& verdict : found.at("verdicts").as_array()) {
        if (text(verdict.at("state")) != state) continue;
        for (const json::value& proof : verdict.at("proof").as_array()) {
          if (text(proof.at("kind")) != "record" || proof.at("seq").is_null()) continue;
          const json::value event = caller.get("/api/v1/events/" + json::serialize(proof.at("seq")));
          acts.push_back(text(json::parse(text(event.at("raw"))).at("event.action")));
        }
      }
      if (!acts.empty()) return acts.front();
    }
    return std::string("none");
  };
  EXPECT_EQ(acts_of("7.1-first-password", "kept"), "password_change");
  EXPECT_EQ(acts_of("10.2-account-control", "kept"), "sign_in");
  const auto known = [&] { return caller.call("GET", "/api/v1/devices/" + device.id + "/software").body; };
  while (known().find("bash") == std::string::npos) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::string baseline = R"({"note":"Đã rà soát","device":")" + device.id + "\"}";
  ASSERT_EQ(caller.call("POST", "/api/v1/approvals/baseline", baseline).status, 201);
  EXPECT_EQ(acts_of("5.1-software-approval", "kept"), "software.baseline_approved");
  const std::string wifi = R"({"ssid":"UBND","security":"wpa2","key_changed_on":")" + to_iso(day_of(clock.now())) +
                           R"(","agency":")" + secrets.agency + "\"}";
  ASSERT_EQ(caller.call("POST", "/api/v1/wifi", wifi).status, 201);
  EXPECT_EQ(acts_of("6.8-wifi-rotation", "kept"), "wifi.recorded");
}

TEST_F(HubTest, AnAccountInTwoPlacesAtOnceBreaksItsSecrecy) {
  Caller here = signed_in();
  const auto verdict = [&](const char* member) {
    return here.get("/api/v1/verdicts?obligation=7.2-account-secrecy").at("verdicts").as_array().at(0).at(member);
  };
  while (text(verdict("state")) != "kept") std::this_thread::sleep_for(std::chrono::milliseconds(10));
  signed_in(2);
  while (text(verdict("state")) != "violated") std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::string reason = text(verdict("reason").at("en"));
  EXPECT_LT(reason.find("127.0.0.2"), reason.find("127.0.0.1")) << reason;
}

TEST_F(HubTest, ARetiredDeviceIsRefusedItsVerdictsEndAndTheReasonIsKept) {
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1, {domain_fact("none")}).status, 200);
  Caller caller = signed_in();
  const auto verdicts = [&] {
    return caller.get("/api/v1/verdicts?subject=" + device.id).at("verdicts").as_array().size();
  };
  while (verdicts() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::string path = "/api/v1/devices/" + device.id + "/retirement";
  EXPECT_EQ(caller.call("POST", path, "{}").status, 400) << "not without a reason";
  EXPECT_EQ(caller.call("POST", path, R"({"reason":"Thanh lý theo biên bản 12"})").status, 204);
  EXPECT_EQ(refusal_of(device).status, 403);
  while (verdicts() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(caller.call("GET", "/api/v1/devices/" + device.id).status, 404);
  const json::value found = caller.get("/api/v1/events?q=event.action:device.retired").at("events");
  ASSERT_EQ(found.as_array().size(), 1U);
  EXPECT_NE(text(found.as_array().front().at("raw")).find("biên bản 12"), std::string::npos);
  EXPECT_EQ(text(found.as_array().front().at("agency")), secrets.agency);
}

TEST_F(HubTest, EverySearchStandsInTheTrailAndDoesNotFindItself) {
  Caller caller = signed_in();
  const auto hits = [&](const std::string& q) {
    return caller.get("/api/v1/events?q=" + q).at("events").as_array().size();
  };
  EXPECT_EQ(hits("needle"), 0U);
  EXPECT_EQ(hits("needle%20-hay"), 0U) << "the entry of the first search is no hit";
  const json::value searches = caller.get("/api/v1/events?q=event.action:evidence_search").at("events");
  ASSERT_EQ(searches.as_array().size(), 2U);
  EXPECT_NE(json::serialize(searches.as_array().back().at("fields")).find("needle"), std::string::npos)
      << "readable: " << json::serialize(searches.as_array().back());
  caller.open_stream("?topics=event&q=other");
  EXPECT_EQ(hits("event.action:evidence_follow"), 1U);
}

TEST_F(HubTest, AdministrationNeedsItsToken) {
  Caller caller = admin();
  EXPECT_EQ(caller.call("GET", "/admin/v1/check").status, 200);
  EXPECT_EQ(caller.call("GET", "/admin/v1/proof").status, 400);
  EXPECT_EQ(caller.call("GET", "/readyz").body, "ready\n");
  caller.bearer = std::string(64, '0');
  EXPECT_EQ(caller.call("GET", "/admin/v1/check").status, 401);
  EXPECT_EQ(caller.call("GET", "/admin/v1/nosuch").status, 401);
  caller.bearer.clear();
  EXPECT_EQ(caller.call("GET", "/admin/v1/check").status, 401);
  EXPECT_EQ(caller.call("GET", "/healthz").status, 200);
  EXPECT_EQ(caller.call("GET", "/metrics").status, 200);
  EXPECT_EQ(caller.call("POST", "/healthz", "{}").status, 405);
}

TEST_F(HubTest, ASecondHubOnTheSameDataIsRefused) {
  HubOptions options;
  options.data = folder.path();
  options.pack = root / "regulation" / "4448-2017";
  options.openapi = root / "api" / "openapi.yaml";
  const auto second = Hub::start(options, clock, random);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().name(), "hub.data_in_use");
}

}  // namespace
}  // namespace luy::hub
