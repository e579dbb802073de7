// Goal: people search as a stream, over time and by value, keep searches, and are told when one has too many answers.
// Method: the whole hub, lines over the agents' port, the console's API.
#include <gtest/gtest.h>

#include "hub/hub_fixture.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;

struct SearchHubTest : HubTest {
  static std::string failed(const std::string& user, const std::string& address) {
    return "Nov 22 10:00:00 web1 sshd[7]: Failed password for " + user + " from " + address + " port 1 ssh2";
  }
  std::string stream(Caller& caller, const std::string& query) {
    ClientOptions options;
    options.ca_pem = read_file(folder.path() / "keys" / "ca.crt", 10'000).value();
    TestClient client(port("port"), options);
    client.send("GET /api/v1/events/stream" + query + " HTTP/1.1\r\nHost: a\r\nCookie: " + caller.cookie + "\r\n\r\n");
    return client.receive_until("event: end\n");
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  }
};

TEST_F(SearchHubTest, AnswersComeAsAStreamWithAnEndThatSaysWhy) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1, {line(failed("root", "10.0.0.7")), line(failed("an", "10.0.0.8")), line("quiet")}).status,
            200);
  const std::string all = stream(caller, "?query=sshd");
  EXPECT_NE(all.find("text/event-stream"), std::string::npos) << all;
  EXPECT_EQ(count(all, "event: hit\n"), 2U) << all;
  EXPECT_NE(all.find("Failed password for an"), std::string::npos);
  EXPECT_LT(all.find("Failed password for an"), all.find("Failed password for root")) << "newest first";
  const std::string some = stream(caller, "?query=sshd&limit=1");
  EXPECT_EQ(count(some, "event: hit\n"), 1U);
  EXPECT_EQ(count(stream(caller, "?query=nowhere"), "event: hit\n"), 0U);
  const ClientResponse wrong = caller.call("GET", "/api/v1/events/stream?query=sshd%20AND%20(root");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("character 10"), std::string::npos) << wrong.body;
  EXPECT_EQ(anonymous().call("GET", "/api/v1/events/stream").status, 401);
}

TEST_F(SearchHubTest, TheMostFrequentValuesAreShownOverTime) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1,
                 {line(failed("root", "10.0.0.7")), line(failed("root", "10.0.0.7")), line(failed("an", "10.0.0.8")),
                  line("quiet")})
                .status,
            200);
  const std::string range =
      "&from=" + to_rfc3339(clock.now() - 1h) + "&until=" + to_rfc3339(clock.now() + 1h) + "&device=" + device.id;
  const json::value series = caller.get("/api/v1/events/series?field=user&top=1" + range);
  ASSERT_EQ(series.at("series").as_array().size(), 1U) << json::serialize(series);
  EXPECT_EQ(text(series.at("series").at(0).at("value")), "root");
  const auto sum = [](const json::value& counts) {
    std::int64_t out = 0;
    for (const json::value& one : counts.as_array()) out += one.as_int64();
    return out;
  };
  EXPECT_EQ(sum(series.at("series").at(0).at("counts")), 2);
  EXPECT_EQ(sum(series.at("others")), 1);
  EXPECT_GE(series.at("without").as_int64(), 1);
  EXPECT_TRUE(series.at("complete").as_bool());
}

TEST_F(SearchHubTest, ASavedSearchWithALimitBecomesAFinding) {
  Caller caller = signed_in();
  const Device device = enrol(secrets.token);
  const std::string question = R"("name":"đoán mật khẩu","query":"\"failed password\"","shared":true)";
  const std::string alert = R"("alert":{"over":2,"window_seconds":300,"by":"source.ip","severity":"high"})";
  const ClientResponse wrong = caller.call("POST", "/api/v1/searches", R"({"name":"x","query":"a AND (b"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("character 7"), std::string::npos) << wrong.body;
  const ClientResponse added = caller.call("POST", "/api/v1/searches", "{" + question + "," + alert + "}");
  ASSERT_EQ(added.status, 201) << added.body;
  const std::string id = text(json::parse(added.body).at("id"));
  std::vector<event::BatchRecord> lines;
  for (int i = 0; i < 3; ++i) lines.push_back(line(failed("root", "203.0.113.9")));
  lines.push_back(line(failed("an", "203.0.113.8")));
  // Watched are records that come after the reader has seen the search.
  json::value found;
  for (std::uint64_t number = 1; number < 3000; ++number) {
    ASSERT_EQ(send(device, number, lines).status, 200);
    found = caller.get("/api/v1/findings?kind=saved_search");
    if (!found.at("items").as_array().empty()) break;
    std::this_thread::sleep_for(20ms);
  }
  ASSERT_FALSE(found.at("items").as_array().empty());
  const json::value& finding = found.at("items").at(0);
  EXPECT_EQ(text(finding.at("severity")), "high");
  const json::value detail = caller.get("/api/v1/findings/" + text(finding.at("id")));
  EXPECT_GE(detail.at("first_steps").as_array().size(), 3U);
  const json::value list = caller.get("/api/v1/searches");
  ASSERT_EQ(list.at("items").as_array().size(), 1U);
  EXPECT_TRUE(list.at("items").at(0).at("problem").is_null());
  EXPECT_TRUE(list.at("items").at(0).at("mine").as_bool());
  const ClientResponse preview =
      caller.call("POST", "/api/v1/searches/preview",
                  R"({"query":"\"failed password\"","alert":{"window_seconds":3600,"by":"source.ip"}})");
  ASSERT_EQ(preview.status, 200) << preview.body;
  const json::value counts = json::parse(preview.body).at("matches_per_window");
  ASSERT_EQ(counts.as_array().size(), 24U);
  EXPECT_GE(counts.as_array().back().as_int64() + counts.as_array().at(22).as_int64(), 3);
  EXPECT_EQ(caller.call("PUT", "/api/v1/searches/" + id, "{" + question + R"(,"version":1})").status, 200);
  EXPECT_EQ(caller.call("PUT", "/api/v1/searches/" + id, "{" + question + R"(,"version":1})").status, 409);
  EXPECT_EQ(caller.call("DELETE", "/api/v1/searches/" + id).status, 204);
  EXPECT_EQ(caller.call("DELETE", "/api/v1/searches/" + id).status, 404);
}

}  // namespace
}  // namespace luy::hub
