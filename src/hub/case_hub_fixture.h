// For tests of case work over the whole hub: people in their roles, a case, and what is asked about it.
#pragma once

#include <functional>
#include <string>

#include "hub/finding_hub_fixture.h"

namespace luy::hub {

struct CaseHubTest : FindingHubTest {
  // A second factor is what an administrator and a head need; the others sign in with their password.
  Caller person(Caller& administrator, const std::string& role, const std::string& username, std::uint8_t place) {
    const json::object account{{"agency", secrets.agency},
                               {"person_name", "Người " + username},
                               {"username", username},
                               {"grants", {{{"role", role}, {"agency", secrets.agency}}}}};
    const ClientResponse made = administrator.call("POST", "/api/v1/accounts", json::serialize(account));
    EXPECT_EQ(made.status, 201) << made.body;
    const std::string issued = text(json::parse(made.body).at("one_time_password"));
    Caller out = anonymous(place);
    post(out, "/api/v1/session", {{"username", username}, {"password", issued}}, 200);
    const json::value session = post(out, "/api/v1/session/password", {{"current", issued}, {"new", password}}, 200);
    const std::vector<std::string> kept = codes;
    if (out.call("GET", "/api/v1/overview").status == 403) add_factor(out);
    codes = kept;  // Of the administrator.
    return out;
  }
  json::value post(Caller& who, const std::string& path, const json::object& body, unsigned status) {
    return send_json(who, "POST", path, body, status);
  }
  json::value send_json(Caller& who, const std::string& method, const std::string& path, const json::object& body,
                        unsigned status) {
    const ClientResponse response = who.call(method, path, json::serialize(body));
    EXPECT_EQ(response.status, status) << method << " " << path << " " << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  static std::string error_of(const ClientResponse& response) {
    return text(json::parse(response.body).at("error").at("code"));
  }
  std::string iso(Duration from_now) { return to_rfc3339(clock.now() + from_now); }
  json::value open_case(Caller& who, json::object more = {}) {
    more["agency"] = secrets.agency;
    more["title"] = "Máy chủ tệp bị mã hóa";
    more["discovered_at"] = iso(-10min);
    return post(who, "/api/v1/incidents", more, 201);
  }
  static std::string path_of(const json::value& one) { return "/api/v1/incidents/" + text(one.at("id")); }
  static bool soon(const std::function<bool()>& condition) {
    for (int i = 0; i < 3000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
};

}  // namespace luy::hub
