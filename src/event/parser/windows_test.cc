// Goal: a Windows event is one event with the same meaning in whatever JSON it comes, and rules get the names Windows
// gives.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(Windows, EventsAreUnderstoodInEveryLayout) {
  const std::vector<Want> login{{"event.dataset", "windows.eventlog"},
                                {"event.action", "windows_login_failed"},
                                {"event.category", "authentication"},
                                {"event.code", "4625"},
                                {"user.name", "an"},
                                {"user.target.name", "an"},
                                {"source.ip", "192.0.2.7"},
                                {"host.name", "PC-01"},
                                {"labels.LogonType", "3"},
                                {"@timestamp", "2026-11-22T03:04:05.678000Z"}};
  expect_all(
      Transport::file, "/var/log/windows.json",
      {
          {R"({"Event":{"System":{"Channel":"Security","EventID":4625,"Computer":"PC-01","TimeCreated":{"#attributes":{"SystemTime":"2026-11-22T03:04:05.678Z"}}},"EventData":{"SubjectUserName":"PC-01$","TargetUserName":"an","IpAddress":"192.0.2.7","LogonType":3}}})",
           login},
          {R"({"Event":{"System":{"Channel":"Security","EventID":{"#text":4625},"Computer":"PC-01","TimeCreated":{"@SystemTime":"2026-11-22T03:04:05.678Z"}},"EventData":{"Data":[{"@Name":"TargetUserName","#text":"an"},{"@Name":"IpAddress","#text":"192.0.2.7"},{"@Name":"LogonType","#text":"3"}]}}})",
           login},
          {R"({"@timestamp":"2026-11-22T03:04:05.678Z","winlog":{"channel":"Security","event_id":4625,"computer_name":"PC-01","event_data":{"TargetUserName":"an","IpAddress":"192.0.2.7","LogonType":"3"}}})",
           login},
          {R"({"Channel":"Security","EventID":4625,"Computer":"PC-01","TimeCreated_SystemTime":"2026-11-22T03:04:05.678Z","TargetUserName":"an","IpAddress":"192.0.2.7","LogonType":3})",
           login},
          {R"({"Channel":"Security","EventID":1102})", {{"event.action", "log_cleared"}}},
          {R"({"Channel":"Other","EventID":1102})", {{"event.dataset", "windows.eventlog"}, {"event.action", ""}}},
          {R"({"EventID":1102})", {{"event.dataset", "json"}}},
      });
  expect_all(Transport::syslog, "syslog",
             {{R"(<13>Nov 22 10:04:05 PC-01 nxlog: {"Channel":"Security","EventID":4720,"TargetUserName":"an"})",
               {{"event.action", "user_added"}, {"user.target.name", "an"}, {"host.name", "PC-01"}}}});
}

TEST(Windows, RulesReadTheRecordBehindTheEvent) {
  const auto json_of = [](Transport transport, std::string_view raw) {
    return rule_json(parse(transport, "/x.json", raw, test_context()), raw);
  };
  constexpr std::string_view record = R"({"Event":{"System":{"Channel":"Security","EventID":4720}}})";
  constexpr std::string_view front = R"({"Event":{"System":{"Channel":"Security","EventID":4720}},"@timestamp":)";
  EXPECT_EQ(json_of(Transport::file, record).substr(0, front.size()), front);
  const std::string wrapped = json_of(Transport::syslog, "<13>Nov 22 10:04:05 PC-01 nxlog: " + std::string(record));
  EXPECT_EQ(wrapped.substr(0, front.size()), front);
  for (const std::string_view plain : {"{}", "{ }", "[1]", "{\"a\":1", "{a}", ""}) {
    EXPECT_TRUE(json_of(Transport::file, plain).starts_with(R"({"@timestamp":)")) << plain;
  }
}

}  // namespace
}  // namespace luy::event
