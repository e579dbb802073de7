// Goal: notices over REST; and a mail server that is away or says nothing keeps nobody waiting, also not the end of the
// hub.
// Method: the whole hub; answers are checked against the contract. What is sent is tested by tests/system.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

// A port of this machine that takes connections and says nothing.
class SilentServer {
 public:
  SilentServer() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    LUY_CHECK(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    LUY_CHECK(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  void listen() { LUY_CHECK(::listen(fd_.get(), 10) == 0); }
  // Somebody is connected. False after a minute.
  bool asked() {
    pollfd one{fd_.get(), POLLIN, 0};
    if (::poll(&one, 1, 60'000) != 1) return false;
    link_ = UniqueFd(::accept(fd_.get(), nullptr, nullptr));
    return static_cast<bool>(link_);
  }
  std::uint16_t port() const { return port_; }

 private:
  UniqueFd fd_;
  UniqueFd link_;
  std::uint16_t port_ = 0;
};

struct NoticeHubTest : CaseHubTest {
  json::object settings(const SilentServer& server) const {
    return {{"mail",
             {{"enabled", true},
              {"host", "127.0.0.1"},
              {"port", server.port()},
              {"security", "none"},
              {"username", nullptr},
              {"secret_file", nullptr},
              {"ca_file", nullptr},
              {"sender", "luy@bimson.gov.vn"}}},
            {"domains", {"gov.vn"}},
            {"webhook_hosts", json::array{{{"host", "localhost"}, {"networks", {"127.0.0.0/8"}}}}}};
  }
  static std::string code(const ClientResponse& response) {
    return text(json::parse(response.body).at("error").at("code"));
  }
  ClientResponse put(Caller& caller, const std::string& path, const json::value& body) {
    return caller.call("PUT", path, json::serialize(body));
  }
  void give_address(Caller& administrator, const std::string& name, const std::string& address) {
    const json::value people = administrator.get("/api/v1/persons");
    for (const json::value& one : people.at("items").as_array()) {
      if (text(one.at("name")) != name) continue;
      const json::object body{{"email", address}};
      EXPECT_EQ(administrator.call("PATCH", "/api/v1/persons/" + text(one.at("id")), json::serialize(body)).status,
                200);
    }
  }
  void issue_password(Caller& administrator, const std::string& username) {
    const json::value accounts = administrator.get("/api/v1/accounts");
    for (const json::value& one : accounts.at("accounts").as_array()) {
      if (text(one.at("username")) != username) continue;
      const ClientResponse issued =
          administrator.call("POST", "/api/v1/accounts/" + text(one.at("id")) + "/password", "{}");
      EXPECT_EQ(issued.status, 200) << issued.body;
    }
  }
  static json::array waiting(Caller& caller) {
    return caller.get("/api/v1/notices?state=waiting").at("items").as_array();
  }
};

TEST_F(NoticeHubTest, EachPersonChoosesForThemselves) {
  Caller administrator = signed_in();
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  const json::value mine = staff.get("/api/v1/me/notices");
  EXPECT_FALSE(mine.at("goes").as_bool());
  EXPECT_TRUE(mine.at("problem").is_object());
  EXPECT_EQ(mine.at("items").as_array().size(), 8U);
  const auto choose = [&](const std::string& kind, const std::string& how) {
    return put(staff, "/api/v1/me/notices", json::object{{"items", json::array{{{"kind", kind}, {"how", how}}}}});
  };
  EXPECT_EQ(choose("finding", "digest").status, 200);
  EXPECT_EQ(code(choose("break_glass", "none")), "notice.kind_fixed");
  EXPECT_EQ(choose("finding", "never").status, 400);
  const json::value all_of_one = staff.get("/api/v1/me/notices");
  for (const json::value& one : all_of_one.at("items").as_array()) {
    const std::string kind = text(one.at("kind"));
    const std::string before = kind == "verdict" ? "digest" : "at_once";
    EXPECT_EQ(text(one.at("how")), kind == "finding" ? "digest" : before) << kind;
    EXPECT_EQ(one.at("fixed").as_bool(), kind == "account" || kind == "break_glass") << kind;
  }
  EXPECT_EQ(anonymous().call("GET", "/api/v1/me/notices").status, 401);
  EXPECT_EQ(text(all_of_one.at("language")), "vi");
  const auto speak = [&](const json::object& body) { return put(staff, "/api/v1/me/notices", body); };
  EXPECT_EQ(speak({{"language", "en"}}).status, 200);
  EXPECT_EQ(speak({{"language", "fr"}}).status, 400);
  EXPECT_EQ(speak({}).status, 400) << "nothing was chosen";
  EXPECT_EQ(text(staff.get("/api/v1/me/notices").at("language")), "en");
  EXPECT_EQ(text(administrator.get("/api/v1/me/notices").at("language")), "vi") << "theirs alone";
}

TEST_F(NoticeHubTest, WhoMayNotSeesAndSetsNothing) {
  Caller administrator = signed_in();
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  const SilentServer server;
  for (const char* path : {"/api/v1/notices", "/api/v1/notices/settings", "/api/v1/webhooks"}) {
    EXPECT_EQ(staff.call("GET", path).status, 403) << path;
  }
  EXPECT_EQ(put(staff, "/api/v1/notices/settings", settings(server)).status, 403);
  EXPECT_EQ(staff.call("POST", "/api/v1/notices/test").status, 403);
  EXPECT_TRUE(administrator.get("/api/v1/notices/settings").at("settings").at("mail").is_null());
  const std::string nobody = "01aryz6s410000000000000000";
  EXPECT_EQ(code(administrator.call("POST", "/api/v1/notices/" + nobody + "/retry")), "notice.unknown");
  EXPECT_EQ(code(administrator.call("POST", "/api/v1/webhooks/" + nobody + "/secret")), "notice.webhook_unknown");
  EXPECT_EQ(code(administrator.call("POST", "/api/v1/webhooks/" + nobody + "/test")), "notice.webhook_unknown");
  EXPECT_EQ(code(administrator.call("DELETE", "/api/v1/webhooks/" + nobody)), "notice.webhook_unknown");
}

TEST_F(NoticeHubTest, AWebhookIsSetUpListedAndRemoved) {
  Caller administrator = signed_in();
  const SilentServer server;
  ASSERT_EQ(put(administrator, "/api/v1/notices/settings", settings(server)).status, 200);
  const std::string agency = text(administrator.get("/api/v1/agencies").at("agencies").at(0).at("id"));
  json::object wanted{
      {"name", "SOC"}, {"agency", agency}, {"url", "https://elsewhere.vn/"}, {"kinds", {"finding"}}, {"enabled", true}};
  const auto add = [&] { return administrator.call("POST", "/api/v1/webhooks", json::serialize(wanted)); };
  EXPECT_EQ(code(add()), "notice.host_not_allowed");
  wanted["url"] = "http://localhost/";
  EXPECT_EQ(code(add()), "notice.settings_invalid");
  // Nobody listens there.
  wanted["url"] = "https://localhost:" + std::to_string(server.port()) + "/luy";
  const ClientResponse added = add();
  ASSERT_EQ(added.status, 200) << added.body;
  const std::string path = "/api/v1/webhooks/" + text(json::parse(added.body).at("webhook"));
  const json::value listed = administrator.get("/api/v1/webhooks").at("items").at(0);
  EXPECT_TRUE(listed.at("secret_at").is_null());
  EXPECT_EQ(text(listed.at("agency").at("id")), agency);
  const auto test = [&] { return json::parse(administrator.call("POST", path + "/test").body).at("ok").as_bool(); };
  EXPECT_FALSE(test());
  const ClientResponse secret = administrator.call("POST", path + "/secret");
  ASSERT_EQ(secret.status, 200) << secret.body;
  EXPECT_FALSE(test()) << "nobody listens";
  EXPECT_EQ(administrator.call("GET", "/api/v1/webhooks").body.find(text(json::parse(secret.body).at("secret"))),
            std::string::npos);
  wanted["enabled"] = false;
  EXPECT_EQ(put(administrator, path, wanted).status, 200);
  EXPECT_EQ(administrator.call("DELETE", path).status, 200);
  EXPECT_TRUE(administrator.get("/api/v1/webhooks").at("items").as_array().empty());
}

TEST_F(NoticeHubTest, AMailServerThatIsAwayLosesNothingOverARestart) {
  Caller administrator = signed_in();
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  const std::string name = text(staff.get("/api/v1/session").at("display_name"));
  give_address(administrator, name, "nhanvien@bimson.gov.vn");
  SilentServer server;
  ASSERT_EQ(put(administrator, "/api/v1/notices/settings", settings(server)).status, 200);
  issue_password(administrator, "nhanvien");
  ASSERT_TRUE(soon([&] {
    const json::array items = waiting(administrator);
    return items.size() == 1 && items[0].at("attempts").as_int64() >= 1 && items[0].at("problem").is_object();
  })) << json::serialize(waiting(administrator));
  EXPECT_TRUE(administrator.get("/api/v1/notices/settings").at("problem").is_object());
  hub->stop();
  hub.reset();
  // From now on it takes connections, and says nothing: the hub ends all the same.
  server.listen();
  start();
  clock.move(std::chrono::hours(1));
  Caller again = signed_in();
  ASSERT_EQ(waiting(again).size(), 1U);
  EXPECT_EQ(text(waiting(again)[0].at("kind")), "account");
  EXPECT_TRUE(server.asked());
  EXPECT_EQ(again.get("/api/v1/me/notices").at("items").as_array().size(), 8U) << "nobody waits for the mail";
}

}  // namespace
}  // namespace luy::hub
