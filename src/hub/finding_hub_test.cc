// Goal: an attack in a machine's log becomes a finding that people look at, in time or not, and rules are governed.
// Method: the whole hub with two rules of this test, real lines over the agents' port, the console's API.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "hub/finding_hub_fixture.h"

namespace luy::hub {
namespace {

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
  EXPECT_EQ(text(caller.get("/api/v1/rules/guessing").at("fed")), "seen");
  EXPECT_EQ(device_duty(caller, "15.3-prohibited-acts", device.id, "due"), "due") << "article 15.2.d is the rule's";
  EXPECT_EQ(device_duty(caller, "6.2-official-channels", device.id, "unknown"), "unknown") << "no such log comes";
  EXPECT_EQ(caller.get("/api/v1/rules?fed=never").at("items").as_array().size(), 0U);
  const json::value detail = caller.get("/api/v1/findings/" + id);
  EXPECT_EQ(detail.at("first_steps").as_array().size(), 1U);
  EXPECT_EQ(text(detail.at("attack").as_array().front().at("tactic")), "credential-access");
  const json::value events = caller.get("/api/v1/findings/" + id + "/events");
  ASSERT_GE(events.at("items").as_array().size(), 5U);
  EXPECT_EQ(text(events.at("items").as_array().front().at("device")), device.id);
  EXPECT_EQ(set_state(caller, id, "false_positive", " ").status, 400) << "why is asked for";
  EXPECT_EQ(set_state(caller, id, "acknowledged", "Đang chặn").status, 200);
  EXPECT_EQ(state_of_duty(caller, "kept"), "kept");
  EXPECT_EQ(device_duty(caller, "15.3-prohibited-acts", device.id, "kept"), "kept") << "it says what is done";
  const json::value after = caller.get("/api/v1/findings/" + id);
  EXPECT_EQ(text(after.at("state")), "acknowledged");
  EXPECT_EQ(after.at("history").as_array().size(), 2U);
  EXPECT_FALSE(after.at("overdue").as_bool());
  for (int i = 0; i < 6000 && verdict(caller).at("proof").as_array().front().at("seq").is_null(); ++i) {
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
  const json::value of_device = caller.get("/api/v1/entities/device/" + device.id);
  EXPECT_EQ(of_device.at("findings").as_array().size(), 1U);
  EXPECT_EQ(text(of_device.at("device").at("agency").at("id")), secrets.agency);
  EXPECT_TRUE(of_device.at("account").is_null());
  const json::value of_account = caller.get("/api/v1/entities/account/quantri");
  EXPECT_FALSE(of_account.at("account").is_null()) << json::serialize(of_account);
  EXPECT_TRUE(of_account.at("device").is_null());
  EXPECT_TRUE(after.at("incident").is_null()) << "it is in no case";
  EXPECT_TRUE(entity.at("cases").as_array().empty());
  EXPECT_EQ(caller.get("/api/v1/entities/address/203.0.113.10").at("event_count").as_int64(), 0);
  EXPECT_EQ(caller.get("/api/v1/findings?state=new").at("counts").at("by_state").at("acknowledged").as_int64(), 1);
}

TEST_F(FindingHubTest, AFindingInACaseLinksToItAndSoDoesWhatItNames) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  EXPECT_EQ(send(device, 1, attack(8, "203.0.113.9")).status, 200);
  const std::string id = text(findings(caller, 1).front().at("id"));
  const ClientResponse moved = set_state(caller, id, "in_case", "");
  ASSERT_EQ(moved.status, 200) << moved.body;
  const json::value incident = caller.get("/api/v1/findings/" + id).at("incident");
  ASSERT_TRUE(incident.is_object());
  EXPECT_EQ(findings(caller, 1, "?state=in_case").front().at("incident"), incident);
  EXPECT_EQ(text(incident.at("number")).rfind("SC-", 0), 0U) << json::serialize(incident);
  const json::value entity = caller.get("/api/v1/entities/address/203.0.113.9");
  ASSERT_EQ(entity.at("cases").as_array().size(), 1U);
  EXPECT_EQ(text(entity.at("cases").at(0).at("id")), text(incident.at("id")));
  EXPECT_EQ(caller.get("/api/v1/entities/address/203.0.113.10").at("cases").as_array().size(), 0U);
}

TEST_F(FindingHubTest, AFindingWithoutARuleSaysWhatItMeansAndWhatToDo) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  const std::string change =
      R"({"event.action":"file_created","file.path":"/var/www/html/x.php","after.type":"file","after.sha256":"bb"})";
  EXPECT_EQ(send(device, 1, {{event::Transport::agent, "integrity", change}}).status, 200);
  const json::value finding = findings(caller, 1).front();
  EXPECT_EQ(text(finding.at("kind")), "integrity");
  const json::value detail = caller.get("/api/v1/findings/" + text(finding.at("id")));
  EXPECT_NE(text(detail.at("meaning").at("vi")).find("máy chủ web"), std::string::npos) << json::serialize(detail);
  EXPECT_GE(detail.at("first_steps").as_array().size(), 3U);
  EXPECT_FALSE(detail.at("false_positives").as_array().empty());
  EXPECT_EQ(text(detail.at("articles").at(0)), "8.2");
  EXPECT_EQ(text(detail.at("attack").at(0).at("id")), "T1505.003");
  EXPECT_EQ(text(detail.at("attack").at(0).at("tactic")), "persistence");
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
  EXPECT_EQ(text(rule.at("fed")), "possible") << "nothing came yet";
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
  EXPECT_EQ(device_duty(caller, "15.3-prohibited-acts", device.id, "kept"), "kept");
  EXPECT_EQ(caller.call("PUT", "/api/v1/rules/guessing/enabled", R"({"enabled":false,"reason":"thử"})").status, 200)
      << "one administrator alone: the rule of two people does not hold yet";
  EXPECT_EQ(device_duty(caller, "15.3-prohibited-acts", device.id, "unknown"), "unknown") << "judged at once";
  EXPECT_EQ(caller.call("PUT", "/api/v1/rules/nosuch/enabled", R"({"enabled":false,"reason":"thử"})").status, 404);
  const auto save = [&](const std::string& yaml) {
    return caller.call("POST", "/api/v1/rules", json::serialize(json::object{{"yaml", yaml}}));
  };
  for (const char* others : {"any", "[harmless, guessing]"}) {
    const ClientResponse silencing = save(
        "title: h\nid: harmless\nlogsource: {product: linux}\ndetection:\n  a: {x: y}\n  condition: a\n---\n"
        "title: f\nid: f\nlogsource: {product: linux}\nfilter:\n  rules: " +
        std::string(others) + "\n  a: {x: y}\n  condition: not a\n");
    EXPECT_EQ(silencing.status, 400) << others;
    EXPECT_NE(silencing.body.find("finding.rule_filters"), std::string::npos) << silencing.body;
  }
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
    for (int i = 0; i < 12000; ++i) {
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

TEST_F(FindingHubTest, SilencingAHighRuleTakesTwoPeople) {
  Caller caller = signed_in();
  Caller head = head_of_agency(caller);
  const auto agree = [&](const std::string& act) {
    EXPECT_EQ(caller.call("POST", "/api/v1/acts/" + act + "/agree").status, 403) << "not by who asked";
    EXPECT_EQ(head.call("POST", "/api/v1/acts/" + act + "/agree").status, 204);
  };
  const auto until = [&](auto holds) {
    for (int i = 0; i < 6000 && !holds(); ++i) std::this_thread::sleep_for(5ms);
    return holds();
  };
  const std::string path = "/api/v1/rules/guessing";
  const json::object filter{{"filter", "message|contains: maythu"},
                            {"reason", "Máy kiểm thử"},
                            {"agency", secrets.agency},
                            {"expires_at", to_rfc3339(clock.now() + 24h)}};
  const std::string except = waiting_act(caller.call("POST", path + "/exceptions", json::serialize(filter)));
  EXPECT_EQ(caller.get(path).at("exceptions").as_int64(), 0) << "not before the second person agrees";
  agree(except);
  EXPECT_TRUE(until([&] { return caller.get(path).at("exceptions").as_int64() == 1; }));
  const json::value listed = caller.get(path).at("exception_list").at(0);
  EXPECT_EQ(text(listed.at("agency").at("id")), secrets.agency);
  json::object bad = filter;
  bad["filter"] = "a: [";
  EXPECT_EQ(caller.call("POST", path + "/exceptions", json::serialize(bad)).status, 400) << "refused at once";
  const std::string off = waiting_act(caller.call("PUT", path + "/enabled", R"({"enabled":false,"reason":"ồn quá"})"));
  EXPECT_TRUE(caller.get(path).at("enabled").as_bool());
  agree(off);
  EXPECT_TRUE(until([&] { return !caller.get(path).at("enabled").as_bool(); }));
  EXPECT_EQ(text(caller.get(path).at("switched").at("reason")), "ồn quá");

  const std::string local =
      "title: Mine\nid: mine\nlevel: high\nlogsource: {product: linux}\ndetection:\n  a: {message|contains: x}\n"
      "  condition: a\n";
  const std::string save = json::serialize(json::object{{"yaml", local}});
  EXPECT_EQ(caller.call("POST", "/api/v1/rules", save).status, 201);
  EXPECT_EQ(caller.call("DELETE", "/api/v1/rules/remote_tool").status, 409) << "it came with the hub";
  agree(waiting_act(caller.call("DELETE", "/api/v1/rules/mine?reason=sai")));
  EXPECT_TRUE(until([&] { return caller.call("GET", "/api/v1/rules/mine").status == 404; }));
  EXPECT_EQ(caller.call("POST", "/api/v1/rules", save).status, 201);
  EXPECT_EQ(caller.get("/api/v1/rules/mine").at("version").as_int64(), 3) << "what was deleted is still known";
  agree(waiting_act(caller.call("PUT", "/api/v1/rules/mine/enabled", R"({"enabled":false,"reason":"sai"})")));
  EXPECT_TRUE(until([&] { return !caller.get("/api/v1/rules/mine").at("enabled").as_bool(); }));
  EXPECT_EQ(caller.call("DELETE", "/api/v1/rules/mine").status, 200) << "it is off";
  EXPECT_EQ(caller.call("GET", "/api/v1/rules/mine").status, 404);
}

TEST_F(FindingHubTest, ANewerTextOrPackageThatTakesAwayWaitsForTheSecondPerson) {
  Caller caller = signed_in();
  Caller head = head_of_agency(caller);
  const auto agree = [&](const std::string& act) { return head.call("POST", "/api/v1/acts/" + act + "/agree").status; };
  const auto becomes = [&](const std::string& id, const std::string& level) {
    const auto now = [&] { return text(caller.get("/api/v1/rules/" + id).at("level")); };
    for (int i = 0; i < 6000 && now() != level; ++i) std::this_thread::sleep_for(5ms);
    return now();
  };
  const auto rule = [](const std::string& id, const std::string& level, const std::string& value) {
    return "title: " + id + "\nid: " + id + "\nlevel: " + level +
           "\nlogsource: {product: linux, service: sshd}\ndetection:\n  a: {message|contains: " + value +
           "}\n  condition: a\n";
  };
  const auto save = [&](const std::string& yaml) {
    return caller.call("POST", "/api/v1/rules", json::serialize(json::object{{"yaml", yaml}}));
  };
  EXPECT_EQ(save(rule("mine", "high", "x")).status, 201);
  EXPECT_EQ(save("# a remark\n" + rule("mine", "critical", "x")).status, 201) << "it takes nothing away";
  const std::string lower = waiting_act(save(rule("mine", "low", "x")));
  const std::string other = waiting_act(save(rule("mine", "critical", "never")));
  EXPECT_EQ(text(caller.get("/api/v1/rules/mine").at("level")), "critical");
  EXPECT_EQ(agree(lower), 204);
  EXPECT_EQ(becomes("mine", "low"), "low");
  EXPECT_EQ(agree(other), 409) << "it was asked for over another text";

  const auto bring = [&](const std::string& yaml) {
    const std::string package = tar_member("a.yml", yaml) + std::string(1024, '\0');
    return caller.call("POST", "/api/v1/rules/import", json::serialize(json::object{{"package", to_base64(package)}}));
  };
  EXPECT_EQ(bring(rule("theirs", "high", "y")).status, 200);
  const ClientResponse less = bring(rule("theirs", "medium", "y"));
  const std::string waiting = waiting_act(less);
  EXPECT_EQ(json::parse(less.body).at("lessened").as_array().size(), 1U);
  EXPECT_EQ(text(caller.get("/api/v1/rules/theirs").at("level")), "high");
  EXPECT_EQ(agree(waiting), 204);
  EXPECT_EQ(becomes("theirs", "medium"), "medium");
  const std::string acts = json::serialize(head.get("/api/v1/acts"));
  EXPECT_NE(acts.find(R"("lessened":["theirs"])"), std::string::npos) << "who agrees sees what it takes away";
}

TEST_F(FindingHubTest, DutyTenIsViolatedOnceTheTimeToLookIsOver) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  EXPECT_EQ(send(device, 1, attack(8, "203.0.113.9")).status, 200);
  findings(caller, 1);
  EXPECT_EQ(state_of_duty(caller, "due"), "due");
  clock.move(5h);
  Caller again = signed_in();
  EXPECT_EQ(state_of_duty(again, "violated"), "violated");
  const json::value late = again.get("/api/v1/findings?overdue=true");
  ASSERT_EQ(late.at("items").as_array().size(), 1U);
  EXPECT_TRUE(late.at("items").at(0).at("overdue").as_bool());
  EXPECT_EQ(late.at("counts").at("overdue").as_int64(), 1);
  EXPECT_EQ(set_state(again, text(late.at("items").at(0).at("id")), "acknowledged", "").status, 200);
}

TEST_F(FindingHubTest, RulesAreImportedByConsoleAndCommandLine) {
  Caller caller = signed_in();
  const auto rule = [](const std::string& id, const std::string& level) {
    return "title: " + id + "\nid: " + id + "\nlevel: " + level +
           "\nlogsource: {product: linux, service: sshd}\ndetection:\n  a: {message|contains: " + id +
           "}\n  condition: a\n";
  };
  const std::string package = tar_member("a.yml", rule("first", "high")) + tar_member("b.yml", rule("second", "low")) +
                              tar_member("c.yml", "title: broken\n") + std::string(1024, '\0');
  Caller command = admin();
  const json::value before = json::parse(command.call("GET", "/admin/v1/rules").body);
  EXPECT_EQ(before.at("rules").as_array().size(), 2U);
  const ClientResponse seen = command.call("POST", "/admin/v1/rules/import?preview=1", package, "application/x-tar");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(json::parse(seen.body).at("new").as_int64(), 2);
  EXPECT_EQ(json::parse(command.call("GET", "/admin/v1/rules").body).at("rules").as_array().size(), 2U);
  const ClientResponse done = command.call("POST", "/admin/v1/rules/import", package, "application/x-tar");
  const json::value told = json::parse(done.body);
  EXPECT_EQ(told.at("rules").as_int64(), 2) << done.body;
  ASSERT_EQ(told.at("refused").as_array().size(), 1U);
  EXPECT_NE(text(told.at("refused").at(0).at("file")).find("c.yml"), std::string::npos);
  EXPECT_EQ(told.at("new_rules").as_array().size(), 1U) << "low ones are off at first";
  EXPECT_EQ(json::parse(command.call("GET", "/admin/v1/rules").body).at("rules").as_array().size(), 4U);
  EXPECT_EQ(caller.get("/api/v1/rules?origin=imported").at("items").as_array().size(), 2U);

  const auto upload = [&](const std::string& bytes, bool preview) {
    return json::serialize(json::object{{"package", to_base64(bytes)}, {"preview", preview}});
  };
  // More than other requests may carry.
  const std::string large = tar_member("d.yml", rule("third", "medium")) +
                            tar_member("README", std::string(2 << 20, 'x')) + std::string(1024, '\0');
  const ClientResponse preview = caller.call("POST", "/api/v1/rules/import", upload(large, true));
  ASSERT_EQ(preview.status, 200) << preview.body;
  EXPECT_EQ(json::parse(preview.body).at("gone").as_int64(), 2);
  EXPECT_EQ(anonymous().call("POST", "/api/v1/rules/import", upload(large, true)).status, 413);
  EXPECT_EQ(head_of_agency(caller).call("POST", "/api/v1/rules/import", upload(large, true)).status, 413) << "no right";
  // What takes away a high rule waits for the second person whom there is by now; the command line does it at once.
  const std::string replaced = command.call("POST", "/admin/v1/rules/import", large, "application/x-tar").body;
  EXPECT_EQ(json::parse(replaced).at("lessened").as_array().size(), 1U) << replaced;
  EXPECT_EQ(caller.call("POST", "/api/v1/rules/import", upload(large, false)).status, 200);
  const json::array now = caller.get("/api/v1/rules?origin=imported").at("items").as_array();
  ASSERT_EQ(now.size(), 1U) << "a package takes the place of the one before";
  EXPECT_EQ(text(now.front().at("id")), "third");
  EXPECT_EQ(caller.call("POST", "/api/v1/rules/import", R"({"package":"####"})").status, 400);
  EXPECT_EQ(caller.call("POST", "/api/v1/rules/import", upload("no archive", false)).status, 400);
}

}  // namespace
}  // namespace luy::hub
