// Goal: JSON of any program and any depth lands in fields and labels, within bounds.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(JsonLine, FieldsAreFoundUnderTheirNamesAndThoseOfOthers) {
  expect_all(
      Transport::file, "/var/log/app.json",
      {
          {R"({"@timestamp":"2026-11-22T03:04:05.678Z","message":"xin chào","user.name":"an","source":{"ip":"192.0.2.7","port":4711}})",
           {{"@timestamp", "2026-11-22T03:04:05.678000Z"},
            {"message", "xin chào"},
            {"user.name", "an"},
            {"source.ip", "192.0.2.7"},
            {"source.port", "4711"},
            {"event.dataset", "json"}}},
          {R"({"ts":1795316645.5,"level":"warn","msg":"m","a":{"b":{"c":true,"d":null}},"list":[1,"x",2.5]})",
           {{"@timestamp", "2026-11-22T03:04:05.500000Z"},
            {"log.level", "warn"},
            {"labels.a.b.c", "true"},
            {"labels.a.b.d", ""},
            {"labels.list", "1, x, 2.5"}}},
          {R"({"time":1795316645500})", {{"@timestamp", "2026-11-22T03:04:05.500000Z"}}},
          {R"({"time":"2026-11-22 10:04:05,678"})", {{"@timestamp", "2026-11-22T03:04:05.678000Z"}}},
          {R"({"time":"hôm qua"})", {{"@timestamp", "2026-11-22T05:00:00.000000Z"}, {"labels.time", "hôm qua"}}},
          {R"({"src_ip":"not an address","pid":"none"})",
           {{"source.ip", ""}, {"source.domain", "not an address"}, {"process.pid", ""}, {"labels.pid", "none"}}},
          {R"({"event":{"category":["authentication","session"],"action":"login"}})",
           {{"event.category", "authentication"}, {"event.action", "login"}}},
          {R"({"items":[{"id":7},{"id":8}]})",
           {{"labels.items.id", "7"}, {"message", R"({"items":[{"id":7},{"id":8}]})"}}},
          {R"({"EventID":1,"Image":"C:\\Windows\\cmd.exe","CommandLine":"cmd /c","User":"A\\b","Computer":"PC-01",
              "ProcessId":18523,"ParentProcessId":30135,"UtcTime":"2026-11-22 03:04:05.678"})",
           {{"event.code", "1"},
            {"process.executable", "C:\\Windows\\cmd.exe"},
            {"process.pid", "18523"},
            {"process.parent.pid", "30135"},
            {"host.name", "PC-01"},
            {"@timestamp", "2026-11-22T03:04:05.678000Z"}}},
          {R"({"Event":{"System":{"EventID":4625,"Computer":"PC-01","TimeCreated":{"#attributes":{"SystemTime":"2026-11-22T03:04:05Z"}},
              "Provider":{"#attributes":{"Name":"Security"}}},"EventData":{"TargetUserName":"an","IpAddress":"192.0.2.7"}}})",
           {{"event.code", "4625"},
            {"event.provider", "Security"},
            {"user.target.name", "an"},
            {"source.ip", "192.0.2.7"},
            {"@timestamp", "2026-11-22T03:04:05.000000Z"}}},
      });
}

TEST(JsonLine, WhatIsNoObjectStaysUnparsed) {
  for (const std::string& line : {std::string("{"), std::string("{}{}"), std::string("{\"a\":\xff}"),
                                  std::string(R"({"a":)") + std::string(100, '[') + std::string(100, ']') + "}"}) {
    EXPECT_EQ(parse(Transport::file, "/var/log/app.json", line, test_context()).text(Field::event_kind),
              "pipeline_error")
        << line;
  }
}

TEST(JsonLine, ManyAndLongKeysStayBounded) {
  std::string line = "{";
  for (int i = 0; i < 20'000; ++i) line += "\"k" + std::to_string(i) + "\":\"v\",";
  line += "\"" + std::string(100'000, 'k') + "\":{\"a\":1}}";
  const Event event = parse(Transport::file, "/var/log/app.json", line, test_context());
  EXPECT_EQ(event.labels().size(), labels_max);
}

TEST(Notes, OfTheAgentAndTheHubAreRead) {
  expect_all(Transport::agent, "agent",
             {{R"({"note":"batch_rejected","at":"2026-11-22T03:04:05.000000Z","records":7,"reason":"too large"})",
               {{"@timestamp", "2026-11-22T03:04:05.000000Z"},
                {"event.action", "batch_rejected"},
                {"event.dataset", "luy.agent"},
                {"labels.records", "7"},
                {"labels.note", ""},
                {"message", "batch_rejected: records=7 reason=too large"}}}});
  expect_all(
      Transport::hub, "hub",
      {{R"({"note":"gap","sender":"d1","first_missing":3,"last_missing":5})",
        {{"event.action", "gap"},
         {"event.dataset", "luy.hub"},
         {"message", "gap: sender=d1 first_missing=3 last_missing=5"}}},
       // The audit trail is plain ECS.
       {R"({"@timestamp":"2026-11-22T03:04:05.000000Z","message":"m","event.dataset":"luy.audit","error.code":"x","luy.object":"o"})",
        {{"event.dataset", "luy.audit"}, {"message", "m"}, {"error.code", "x"}, {"labels.luy.object", "o"}}}});
}

TEST(Notes, WhatTheAgentsScanFoundReadsAsAnAntivirusDoes) {
  expect_all(Transport::agent, "agent",
             {{R"({"note":"malware_found","at":"2026-11-22T03:04:05.000000Z","scan":"s","path":"/home/an/x: y",)"
               R"("signature":"Win.Test","sha256":"ab","owner":"an","bytes":68,"action":"quarantined"})",
               {{"event.action", "malware_found"},
                {"event.category", "malware"},
                {"file.path", "/home/an/x: y"},
                {"user.name", "an"},
                {"labels.malware", "Win.Test"},
                {"labels.sha256", "ab"},
                {"labels.action", "quarantined"}}},
              {R"({"note":"malware_allowed","path":"/x","signature":"Win.Test"})",
               {{"event.action", "malware_allowed"}, {"event.category", "host"}, {"file.path", ""}}}});
}

TEST(FactDocument, BecomesAReadableLine) {
  expect_all(Transport::fact, "fact/updates",
             {
                 {R"({"fact":"updates","version":1,"collected_at":"2026-11-22T03:04:05.000000Z","method":"libapt-pkg",)"
                  R"("body":{"lists_present":true,"security":[{"package":"a"},{"package":"b"}],"other_count":7}})",
                  {{"@timestamp", "2026-11-22T03:04:05.000000Z"},
                   {"event.dataset", "luy.fact.updates"},
                   {"event.kind", "state"},
                   {"event.action", "fact_collected"},
                   {"message", "updates: lists_present=true security=2 other_count=7"},
                   {"labels.method", "libapt-pkg"}}},
                 {R"({"fact":"identity","body":{"hostname":"may-01"}})", {{"host.name", "may-01"}}},
                 {R"({"fact":"identity"})", {{"event.kind", "pipeline_error"}}},
                 {"[]", {{"event.kind", "pipeline_error"}}},
             });
}

}  // namespace
}  // namespace luy::event
