// The directory's routes for tests: requests through the router as the hub would send them, and the contract to hold
// answers against.
#pragma once

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/directory_api.h"
#include "api/session_cookie.h"
#include "base/source_dir.h"
#include "directory/fixture.h"

namespace luy::api {

class DirectoryApi : public directory::DirectoryTest {
 protected:
  DirectoryApi() {
    set_up_town();
    router_ = std::make_unique<Router>(directory_routes(*directory_), audit_refusals(directory_->audit()));
  }

  Response send(Method method, const std::string& path, const std::string& token = "",
                boost::json::value body = nullptr) {
    const Router::Match match = router_->find(method, path);
    LUY_CHECK_MSG(match.route != nullptr, path);
    Request request;
    request.method = method;
    request.path = path;
    request.path_params = match.params;
    request.body = std::move(body);
    request.client_address = "192.0.2.1";
    request.session_token = token;
    if (const auto session = directory_->sessions().authenticate(token, directory::Touch::yes)) {
      request.actor = session->actor;
    }
    return router_->serve(*match.route, request);
  }

  Response sign_in_by_api(const std::string& username, const std::string& password) {
    return send(Method::post, "/api/v1/session", "", {{"username", username}, {"password", password}});
  }

  static boost::json::object body_of(const Response& response) { return boost::json::parse(response.body).as_object(); }
  static std::string code_of(const Response& response) {
    return std::string(body_of(response).at("error").at("code").as_string());
  }
  static std::string cookie_of(const Response& response) {
    for (const auto& [name, value] : response.headers) {
      if (name == "Set-Cookie") return value;
    }
    return {};
  }
  // The token a browser would send back.
  static std::string token_of(const Response& response) {
    const std::string cookie = cookie_of(response);
    return session_token_of(cookie.substr(0, cookie.find(';')));
  }
  std::vector<std::string> names_in(const std::string& path, const char* list, const char* key,
                                    const std::string& token) {
    std::vector<std::string> out;
    const auto body = body_of(send(Method::get, path, token));
    for (const auto& item : body.at(list).as_array()) out.emplace_back(item.at(key).as_string());
    return out;
  }
  // Signed in on a password of their own.
  std::string person(const std::string& username, directory::Role role, const AgencyId& agency) {
    return change_issued(username, add_account(username, role, agency).one_time_password, own_password);
  }

  std::unique_ptr<Router> router_;
  const YAML::Node contract_ = YAML::LoadFile(source_dir() + "/api/openapi.yaml");
};

inline std::vector<std::string> keys_of(const boost::json::object& object) {
  std::vector<std::string> out;
  for (const auto& member : object) out.emplace_back(member.key());
  std::sort(out.begin(), out.end());
  return out;
}

inline std::vector<std::string> required_of(const YAML::Node& schema) {
  auto out = schema["required"].as<std::vector<std::string>>();
  std::sort(out.begin(), out.end());
  return out;
}

// Every required key is there and none that the schema does not name.
inline bool fits(const boost::json::object& object, const YAML::Node& schema) {
  const auto keys = keys_of(object);
  const auto required = required_of(schema);
  return std::includes(keys.begin(), keys.end(), required.begin(), required.end()) &&
         std::all_of(keys.begin(), keys.end(),
                     [&](const std::string& key) { return schema["properties"][key].IsDefined(); });
}

}  // namespace luy::api
