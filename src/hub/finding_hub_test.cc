// Goal: an attack in a machine's log becomes a finding that people look at, in time or not, and rules are governed.
// Method: the whole hub with two rules of this test, real lines over the agents' port, the console's API.
#include <gtest/gtest.h>

#include "hub/hub_fixture.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;

constexpr const char* guessing = R"(title: Password guessing
id: guessing
level: high
tags: [attack.credential-access, attack.t1110.001]
correlation:
  type: event_count
  rules: [failed_login]
  group-by: [source.ip]
  timespan: 10m
  condition: {gte: 5}
luy:
  title_vi: Dò mật khẩu qua SSH
  meaning_vi: Có người đang thử nhiều mật khẩu.
  meaning_en: Somebody tries many passwords.
  first_steps_vi: [Chặn địa chỉ này trên tường lửa.]
  first_steps_en: [Block the address on the firewall.]
  false_positives_vi: [Người dùng quên mật khẩu.]
  articles: [15.2.d]
---
title: Failed login
id: failed_login
level: low
logsource: {product: linux, service: sshd}
detection:
  failed: {message|contains: Failed password}
  condition: failed
)";
constexpr const char* remote_tool = R"(title: Remote control tool
id: remote_tool
level: medium
logsource: {product: linux, service: sshd}
detection:
  tool: {message|contains: anydesk}
  condition: tool
)";

struct FindingHubTest : HubTest {
  void SetUp() override {
    rules = own.path();
    std::filesystem::create_directories(own.path() / "linux");
    ASSERT_TRUE(write_file_durably(own.path() / "linux" / "guessing.yml", guessing));
    ASSERT_TRUE(write_file_durably(own.path() / "linux" / "tool.yml", remote_tool));
    HubTest::SetUp();
  }
  std::vector<event::BatchRecord> attack(int lines, const std::string& address) {
    std::vector<event::BatchRecord> out;
    for (int i = 0; i < lines; ++i) {
      out.push_back(line("Nov 22 10:00:0" + std::to_string(i % 10) +
                         " maychu sshd[4242]: Failed password for root from " + address + " port " +
                         std::to_string(40000 + i) + " ssh2"));
    }
    return out;
  }
  // Until `count` findings are there.
  json::array findings(Caller& caller, std::size_t count, const std::string& query = "") {
    for (int i = 0; i < 1000; ++i) {
      const json::value found = caller.get("/api/v1/findings" + query);
      if (found.at("items").as_array().size() >= count) return found.at("items").as_array();
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "no finding";
    return {};
  }
  json::value verdict(Caller& caller) {
    const json::value found = caller.get("/api/v1/verdicts?obligation=10.3-detect-warn-trace");
    return found.at("verdicts").as_array().front();
  }
  std::string state_of_duty(Caller& caller, const std::string& wanted) {
    std::string state;
    for (int i = 0; i < 1000 && state != wanted; ++i) {
      state = text(verdict(caller).at("state"));
      if (state != wanted) std::this_thread::sleep_for(10ms);
    }
    return state;
  }
  ClientResponse set_state(Caller& caller, const std::string& id, const std::string& state, const std::string& reason) {
    return caller.call(
        "POST", "/api/v1/findings/state",
        json::serialize(json::object{{"findings", json::array{id}}, {"state", state}, {"reason", reason}}));
  }
  TempFolder own;
};

TEST_F(FindingHubTest, AnAttackBecomesAFindingIsLookedAtAndDutyTenIsKeptWithProof) {
  Caller caller = signed_in();
  EXPECT_EQ(state_of_duty(caller, "not_applicable"), "not_applicable") << "rules are at work, nothing was found";
  const Device device = enrol(secrets.token);
  const auto stream = caller.open_stream("?topics=finding");
  EXPECT_EQ(send(device, 1, attack(8, "203.0.113.9")).status, 200);
  EXPECT_EQ(send(device, 2, {line("Nov 22 10:00:01 maychu cron[1]: nothing to see")}).status, 200);
  const json::value finding = findings(caller, 1).front();
  EXPECT_NE(stream->receive_until("event: finding").find("event: finding\n"), std::string::npos);
  const std::string id = text(finding.at("id"));
  EXPECT_EQ(text(finding.at("title").at("vi")), "Dò mật khẩu qua SSH");
  EXPECT_EQ(text(finding.at("severity")), "high");
  EXPECT_EQ(text(finding.at("device").at("id")), device.id);
  EXPECT_EQ(text(finding.at("rule").at("id")), "guessing");
  EXPECT_NE(json::serialize(finding.at("entities")).find("203.0.113.9"), std::string::npos);
  EXPECT_EQ(state_of_duty(caller, "due"), "due");
  const json::value detail = caller.get("/api/v1/findings/" + id);
  EXPECT_EQ(detail.at("first_steps").as_array().size(), 1U);
  EXPECT_EQ(text(detail.at("attack").as_array().front().at("tactic")), "credential-access");
  const json::value events = caller.get("/api/v1/findings/" + id + "/events");
  ASSERT_GE(events.at("items").as_array().size(), 5U);
  EXPECT_EQ(text(events.at("items").as_array().front().at("device")), device.id);
  EXPECT_EQ(set_state(caller, id, "false_positive", " ").status, 400) << "why is asked for";
  EXPECT_EQ(set_state(caller, id, "acknowledged", "Đang chặn").status, 200);
  EXPECT_EQ(state_of_duty(caller, "kept"), "kept");
  const json::value after = caller.get("/api/v1/findings/" + id);
  EXPECT_EQ(text(after.at("state")), "acknowledged");
  EXPECT_EQ(after.at("history").as_array().size(), 2U);
  EXPECT_FALSE(after.at("overdue").as_bool());
  for (int i = 0; i < 500 && verdict(caller).at("proof").as_array().front().at("seq").is_null(); ++i) {
    std::this_thread::sleep_for(10ms);
  }
  const json::value proof = verdict(caller).at("proof").as_array().front();
  ASSERT_TRUE(proof.at("seq").is_int64()) << json::serialize(proof);
  const json::value record = caller.get("/api/v1/events/" + json::serialize(proof.at("seq")));
  EXPECT_NE(text(record.at("raw")).find("finding_triage"), std::string::npos) << "the act itself is the proof";
  EXPECT_EQ(caller.get("/api/v1/findings?state=new").at("items").as_array().size(), 0U);
  const json::value entity = caller.get("/api/v1/entities/address/203.0.113.9");
  EXPECT_EQ(entity.at("event_count").as_int64(), 8);
  EXPECT_EQ(text(entity.at("devices").as_array().front().at("value")), device.id);
  EXPECT_EQ(text(entity.at("accounts").as_array().front().at("value")), "root");
  EXPECT_EQ(text(entity.at("findings").as_array().front().at("id")), id);
  EXPECT_EQ(caller.get("/api/v1/entities/device/" + device.id).at("findings").as_array().size(), 1U);
  EXPECT_EQ(caller.get("/api/v1/entities/address/203.0.113.10").at("event_count").as_int64(), 0);
  EXPECT_EQ(caller.get("/api/v1/findings?state=new").at("counts").at("by_state").at("acknowledged").as_int64(), 1);
}

TEST_F(FindingHubTest, AnOriginIsTracedFromTheLogs) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  EXPECT_EQ(send(device, 1, attack(8, "203.0.113.9")).status, 200);
  EXPECT_EQ(send(device, 2, attack(2, "203.0.113.90")).status, 200);
  const json::value all = caller.get("/api/v1/links");
  EXPECT_EQ(all.at("nodes").as_array().size(), 3U) << json::serialize(all);
  EXPECT_EQ(all.at("links").as_int64(), 10);
  EXPECT_TRUE(all.at("complete").as_bool());
  EXPECT_TRUE(all.at("note").is_null());
  const json::value one = caller.get("/api/v1/links?address=203.0.113.9&limit=3");
  ASSERT_EQ(one.at("edges").as_array().size(), 1U) << json::serialize(one);
  const json::value& edge = one.at("edges").at(0);
  EXPECT_EQ(text(edge.at("from")), "address:203.0.113.9");
  EXPECT_EQ(text(edge.at("to")), "device:" + device.id);
  EXPECT_EQ(edge.at("count").as_int64(), 8);
  EXPECT_EQ(one.at("rows").as_array().size(), 3U);
  EXPECT_FALSE(one.at("note").is_null()) << "five rows more are not shown";
  const json::value& row = one.at("rows").at(0);
  EXPECT_EQ(text(row.at("object")), "root");
  EXPECT_EQ(text(row.at("destination")), "a-machine");
  EXPECT_TRUE(row.at("purpose").is_null());
  EXPECT_EQ(caller.get("/api/v1/links?account=ROOT&device=" + device.id).at("links").as_int64(), 10);
  EXPECT_EQ(caller.get("/api/v1/links?account=nobody").at("links").as_int64(), 0);
  EXPECT_EQ(caller.call("GET", "/api/v1/links?agency=" + device.id).status, 404);
}

TEST_F(FindingHubTest, RulesAreSwitchedExceptedAndWrittenByPeople) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  EXPECT_EQ(caller.get("/api/v1/rules").at("items").as_array().size(), 2U) << "parts of correlations are not listed";
  const json::value rule = caller.get("/api/v1/rules/remote_tool");
  EXPECT_TRUE(rule.at("enabled").as_bool());
  EXPECT_TRUE(rule.at("fed").as_bool());
  caller.get("/api/v1/attack");
  const auto until = to_rfc3339(clock.now() + 24h);
  const auto except = [&](const std::string& filter) {
    return caller.call(
        "POST", "/api/v1/rules/remote_tool/exceptions",
        json::serialize(json::object{
            {"agency", secrets.agency}, {"filter", filter}, {"reason", "Máy hỗ trợ"}, {"expires_at", until}}));
  };
  EXPECT_EQ(except("a: [").status, 400);
  EXPECT_EQ(except("field|nosuch: x").status, 400);
  const ClientResponse added = except("message|contains: hotro");
  ASSERT_EQ(added.status, 201) << added.body;
  const auto revision_grew = [&] {
    const std::string text = admin().call("GET", "/metrics").body;
    return text.find("luy_detect_revision 2\n") != std::string::npos;
  };
  while (!revision_grew()) std::this_thread::sleep_for(10ms);
  const auto tool = [&](const std::string& host) {
    return line("Nov 22 10:00:01 m sshd[7]: anydesk started by " + host);
  };
  // A claim in the log itself does not make an exception hold, nor unmake one.
  const std::string liar = R"(Nov 22 10:00:01 m sshd[7]: {"luy.agency":"none","x":"anydesk hotro"})";
  EXPECT_EQ(send(device, 1, {tool("hotro"), line(liar), tool("khach")}).status, 200);
  const json::array found = findings(caller, 1);
  EXPECT_EQ(found.front().at("count").as_int64(), 1) << json::serialize(found);
  const std::string exception = text(json::parse(added.body).at("id"));
  EXPECT_EQ(caller.call("DELETE", "/api/v1/rules/remote_tool/exceptions/" + exception).status, 204);
  EXPECT_EQ(caller.call("PUT", "/api/v1/rules/remote_tool/enabled", R"({"enabled":false,"reason":"thử"})").status, 200);
  EXPECT_FALSE(caller.get("/api/v1/rules/remote_tool").at("enabled").as_bool());
  EXPECT_EQ(caller.call("PUT", "/api/v1/rules/guessing/enabled", R"({"enabled":false,"reason":"thử"})").status, 200)
      << "one administrator alone: the rule of two people does not hold yet";
  EXPECT_EQ(caller.call("PUT", "/api/v1/rules/nosuch/enabled", R"({"enabled":false,"reason":"thử"})").status, 404);
  const auto save = [&](const std::string& yaml) {
    return caller.call("POST", "/api/v1/rules", json::serialize(json::object{{"yaml", yaml}}));
  };
  const ClientResponse bad = save("title: x\nid: x\nlogsource: {product: linux}\ndetection:\n  a|nosuch: 1\n");
  EXPECT_EQ(bad.status, 400);
  EXPECT_NE(bad.body.find(":"), std::string::npos);
  const std::string local =
      "title: Mine\nid: mine\nlevel: low\nlogsource: {product: linux}\ndetection:\n  a: {message|contains: quan "
      "trong}\n  condition: a\n";
  EXPECT_EQ(save(local).status, 201);
  const ClientResponse newer = save(local);
  EXPECT_EQ(json::parse(newer.body).at("version").as_int64(), 2) << newer.body;
  EXPECT_EQ(save(remote_tool).status, 409) << "the id is another rule's";
  EXPECT_EQ(text(caller.get("/api/v1/rules/mine").at("origin")), "local");
}

TEST_F(FindingHubTest, ARuleRunsOverKeptLogsAndItsHitsCanBecomeFindings) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  const auto from = to_rfc3339(clock.now() - 24h);
  EXPECT_EQ(send(device, 1, attack(8, "203.0.113.9")).status, 200);
  EXPECT_EQ(findings(caller, 1).size(), 1U);
  const std::string ssh =
      "title: Root\nid: root_guessed\nlevel: low\nlogsource: {product: linux, service: sshd}\n"
      "detection:\n  a: {message|contains: for root}\n  condition: a\n";
  const auto run = [&](json::object body) {
    body["from"] = from;
    body["to"] = to_rfc3339(clock.now() + 1h);
    return caller.call("POST", "/api/v1/rule_runs", json::serialize(body));
  };
  const auto finished = [&](const ClientResponse& started) {
    EXPECT_EQ(started.status, 201) << started.body;
    const std::string id = text(json::parse(started.body).at("id"));
    json::value now;
    for (int i = 0; i < 2000; ++i) {
      now = caller.get("/api/v1/rule_runs/" + id);
      if (text(now.at("state")) == "done" || text(now.at("state")) == "failed") break;
      std::this_thread::sleep_for(5ms);
    }
    EXPECT_EQ(text(now.at("state")), "done") << json::serialize(now);
    return now;
  };
  const json::value bench = finished(run({{"yaml", ssh}}));
  EXPECT_EQ(bench.at("hits").as_int64(), 8);
  EXPECT_EQ(bench.at("sample").as_array().size(), 8U);
  EXPECT_EQ(text(bench.at("sample").at(0).at("device").at("id")), device.id);
  EXPECT_EQ(bench.at("days").as_array().size(), 1U);
  EXPECT_EQ(bench.at("scanned").as_int64(), bench.at("total").as_int64());
  EXPECT_TRUE(bench.at("cpu_ns_per_event").is_int64());
  EXPECT_EQ(caller.get("/api/v1/findings").at("items").as_array().size(), 1U);
  EXPECT_EQ(run({{"yaml", ssh}, {"keep", true}}).status, 400) << "a finding's rule can be looked up";
  EXPECT_EQ(run({{"yaml", "title: x"}}).status, 400);
  EXPECT_EQ(run({{"yaml", ssh}, {"rule", "guessing"}}).status, 400);
  EXPECT_EQ(run({{"rule", "nosuch"}}).status, 404);
  EXPECT_EQ(run({{"rule", "guessing"}, {"agency", device.id}}).status, 404);
  const json::value known = finished(run({{"rule", "guessing"}, {"keep", true}, {"agency", secrets.agency}}));
  EXPECT_EQ(known.at("hits").as_int64(), 1);
  EXPECT_EQ(known.at("findings").as_int64(), 0) << "live detection had it already";
  EXPECT_EQ(caller.call("POST", "/api/v1/rules", json::serialize(json::object{{"yaml", ssh}})).status, 201);
  const json::value hunt = finished(run({{"rules", json::array{"root_guessed"}}, {"keep", true}}));
  EXPECT_EQ(hunt.at("findings").as_int64(), 1);
  const json::array opened = findings(caller, 1, "?rule=root_guessed");
  EXPECT_EQ(opened.front().at("count").as_int64(), 8);
  EXPECT_EQ(caller.get("/api/v1/rule_runs").at("items").as_array().size(), 3U);
  const std::string id = text(hunt.at("id"));
  EXPECT_EQ(caller.call("POST", "/api/v1/rule_runs/" + id + "/cancel").status, 409) << "it is over";
  EXPECT_EQ(anonymous().call("GET", "/api/v1/rule_runs/" + id).status, 401);
}

}  // namespace
}  // namespace luy::hub
