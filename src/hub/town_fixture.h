// For tests of the town office through the hub: a town with an agency below it, and people in their roles.
#pragma once

#include <utility>

#include "hub/hub_fixture.h"

namespace luy::hub {

struct TownTest : HubTest {
  void SetUp() override {
    HubTest::SetUp();
    admin_.emplace(signed_in());
    const json::object ward{{"code", "PBD"}, {"name", "UBND phường Ba Đình"}, {"superior", secrets.agency}};
    ward_ = text(made("/api/v1/agencies", ward).at("id"));
  }
  json::value made(const std::string& path, const json::object& body) {
    return answer(*admin_, "POST", path, body, 201);
  }
  static json::value answer(Caller& who, const std::string& method, const std::string& path, const json::object& body,
                            int status) {
    const ClientResponse response = who.call(method, path, body.empty() ? "" : json::serialize(body));
    EXPECT_EQ(response.status, status) << method << " " << path << " " << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  // The status and the code of a refusal.
  static std::pair<int, std::string> refused(Caller& who, const std::string& method, const std::string& path,
                                             const json::object& body = {}) {
    const ClientResponse response = who.call(method, path, body.empty() ? "" : json::serialize(body));
    if (response.status < 400) return {response.status, response.body};
    return {response.status, text(json::parse(response.body).at("error").at("code"))};
  }
  Caller person(const std::string& role, const std::string& agency, const std::string& name) {
    const std::string username = "nguoi." + std::to_string(++people_);
    const json::object account{{"agency", agency},
                               {"person_name", name},
                               {"username", username},
                               {"grants", {{{"role", role}, {"agency", agency}}}}};
    const json::value issued = made("/api/v1/accounts", account);
    accounts[name] = text(issued.at("account").at("id"));
    usernames_[name] = username;
    Caller out = anonymous(static_cast<std::uint8_t>(people_ + 1));
    const std::string once = text(issued.at("one_time_password"));
    answer(out, "POST", "/api/v1/session", {{"username", username}, {"password", once}}, 200);
    answer(out, "POST", "/api/v1/session/password", {{"current", once}, {"new", password}}, 200);
    return out;
  }
  // Sessions end while the clock is moved.
  void sign_in_again(Caller& who, const std::string& name) {
    answer(who, "POST", "/api/v1/session", {{"username", usernames_[name]}, {"password", password}}, 200);
  }
  std::string ago(std::chrono::minutes time) const { return to_rfc3339(clock.now() - time); }
  json::value report(const std::string& agency) {
    Caller anybody = anonymous();
    const json::object body{
        {"agency", agency}, {"sign", "slow"}, {"what", "Máy chạy chậm"}, {"seen_at", ago(std::chrono::minutes(30))}};
    return answer(anybody, "POST", "/api/v1/reports", body, 201);
  }
  json::value open_case(Caller& who, const std::string& agency, const std::string& title) {
    return answer(who, "POST", "/api/v1/incidents",
                  {{"agency", agency}, {"title", title}, {"discovered_at", ago(std::chrono::minutes(20))}}, 201);
  }

  std::optional<Caller> admin_;
  std::string ward_;  // The agency below the town's.
  std::map<std::string, std::string> accounts;
  std::map<std::string, std::string> usernames_;
  int people_ = 0;
};

}  // namespace luy::hub
