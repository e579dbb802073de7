// Goal: a request with an API token is answered as far as the token carries and its owner may, on every route; whatever
// takes a person is refused to it; header and cookie are never mixed.
// Method: the whole router of the directory with a token that carries all a token may; the header from a table.
#include <algorithm>

#include "api/directory_fixture.h"

namespace luy::api {
namespace {

using directory::Action;
using directory::Role;

class TokenApi : public DirectoryApi {
 protected:
  // As the console's listener does it.
  Response call(Method method, const std::string& path, const std::string& authorization,
                boost::json::value body = nullptr, const std::string& cookie = "") {
    const Router::Match match = router_->find(method, path);
    LUY_CHECK_MSG(match.route != nullptr, path);
    Request request;
    request.method = method;
    request.path = path;
    request.path_params = match.params;
    request.body = std::move(body);
    request.client_address = "192.0.2.7";
    const auto credential = credential_of(cookie, authorization);
    if (!credential) return error_response(credential.error());
    request.session_token = credential->token;
    if (!credential->token.empty()) {
      auto actor = directory_->authenticate(credential->token, directory::Touch::yes, request.client_address);
      if (!actor) return error_response(actor.error());
      request.actor = *std::move(actor);
    }
    return router_->serve(*match.route, request);
  }
  Response make(boost::json::object body) {
    const boost::json::object usual{
        {"name", "Máy"}, {"expires_at", to_rfc3339(clock_.now() + days(30))}, {"password", own_password}};
    for (const auto& member : usual) {
      if (!body.contains(member.key())) body[member.key()] = member.value();
    }
    return send(Method::post, "/api/v1/tokens", token_, body);
  }
};

}  // namespace

TEST_F(TokenApi, IsMadeListedUsedAndEnded) {
  const Response made = make({{"actions", {"agency_read", "account_read"}}, {"agency", town_.text()}});
  ASSERT_EQ(made.status, 201) << made.body;
  const YAML::Node schemas = contract_["components"]["schemas"];
  EXPECT_TRUE(fits(body_of(made).at("item").as_object(), schemas["ApiToken"])) << made.body;
  const std::string token = "Bearer " + std::string(body_of(made).at("token").as_string());
  const std::string id(body_of(made).at("item").at("id").as_string());
  const Response agencies = call(Method::get, "/api/v1/agencies", token);
  EXPECT_EQ(agencies.status, 200) << agencies.body;
  EXPECT_EQ(code_of(call(Method::get, "/api/v1/acts", token)), "directory.not_allowed");
  const auto listed = body_of(send(Method::get, "/api/v1/tokens", token_)).at("items").as_array();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_TRUE(fits(listed[0].as_object(), schemas["ApiToken"]));
  EXPECT_EQ(listed[0].at("last_address").as_string(), "192.0.2.7");
  EXPECT_EQ(boost::json::serialize(listed[0]).find("luy_"), std::string::npos) << "told once";
  EXPECT_EQ(send(Method::del, "/api/v1/tokens/" + id, token_).status, 204);
  const Response over = call(Method::get, "/api/v1/agencies", token);
  EXPECT_EQ(over.status, 401);
  EXPECT_EQ(code_of(over), "directory.token_over");
}

TEST_F(TokenApi, AsksThePasswordAgainAndNamesWhatIsWrong) {
  EXPECT_EQ(code_of(make({{"actions", {"agency_read"}}, {"password", "not this one"}})), "directory.wrong_password");
  EXPECT_EQ(code_of(make({{"actions", {"role_grant"}}})), "directory.token_action");
  EXPECT_EQ(make({{"actions", {"no_such_action"}}}).status, 400);
  EXPECT_EQ(make({{"actions", {"agency_read"}}, {"agency", "x"}}).status, 400);
  EXPECT_EQ(make({{"actions", {"agency_read"}}, {"expires_at", "2099-01-01T00:00:00Z"}}).status, 400);
  EXPECT_EQ(directory_->tokens().list()->size(), 0U);
}

TEST_F(TokenApi, ShowsTokensOfOthersToWhomMayEndThem) {
  const AgencyId office = add_agency("VP", town_).id;
  const std::string officer = person("antoan", Role::security_officer, office);
  ASSERT_EQ(send(Method::post, "/api/v1/tokens", officer,
                 {{"name", "Máy"},
                  {"actions", {"agency_read"}},
                  {"expires_at", to_rfc3339(clock_.now() + days(1))},
                  {"password", own_password}})
                .status,
            201);
  const auto all = [&](const std::string& token) {
    const Router::Match match = router_->find(Method::get, "/api/v1/tokens");
    Request request;
    request.path = "/api/v1/tokens";
    request.query = {{"all", "true"}};
    request.actor = directory_->sessions().authenticate(token, directory::Touch::no)->actor;
    return router_->serve(*match.route, request);
  };
  EXPECT_EQ(body_of(all(token_)).at("items").as_array().size(), 1U);
  EXPECT_EQ(code_of(all(officer)), "directory.not_allowed");
  const std::string other = person("quantri.th", Role::system_admin, add_agency("TH", town_).id);
  EXPECT_EQ(body_of(all(other)).at("items").as_array().size(), 0U);
}

TEST_F(TokenApi, LetsNoTokenDoWhatTakesAPerson) {
  boost::json::array actions;
  for (std::size_t i = 0; i < directory::action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (directory::token_may_carry(action)) actions.emplace_back(name_of(action));
  }
  const Response made = make({{"actions", actions}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string token = "Bearer " + std::string(body_of(made).at("token").as_string());
  std::size_t refused = 0;
  for (const Route& route : router_->routes()) {
    if (route.access == Access::open) continue;
    const Response answer = call(route.method, route.pattern, token, boost::json::object());
    EXPECT_NE(answer.status, 500) << route.operation_id;
    if (directory::token_may_carry(route.action)) continue;
    ++refused;
    ASSERT_GE(answer.status, 400) << route.operation_id;
    EXPECT_EQ(code_of(answer), "directory.not_allowed") << route.operation_id;
  }
  EXPECT_GT(refused, 35U);
}

TEST_F(TokenApi, TakesEachCredentialFromItsOwnPlace) {
  const std::string session = "__Host-luy_session=" + token_;
  const struct {
    const char* what;
    std::string cookie;
    std::string authorization;
    const char* error;  // Empty: taken.
    std::string token;
    bool bearer;
  } table[] = {
      {"nothing", "", "", "", "", false},
      {"a session", session, "", "", token_, false},
      {"a token", "", "Bearer luy_abc", "", "luy_abc", true},
      {"case and blanks", "", "bEARER   luy_abc", "", "luy_abc", true},
      {"both", session, "Bearer luy_abc", "api.two_credentials", "", false},
      {"a session's token in the header", "", "Bearer " + token_, "", "luy_", true},
      {"a token in the cookie", "__Host-luy_session=luy_abc", "", "", "", false},
      {"another scheme", session, "Basic YTpi", "", token_, false},
      {"no blank", "", "Bearerluy_abc", "", "", false},
  };
  for (const auto& [what, cookie, authorization, error, token, bearer] : table) {
    const auto credential = credential_of(cookie, authorization);
    ASSERT_EQ(credential.has_value(), std::string_view(error).empty()) << what;
    if (!credential) {
      EXPECT_EQ(credential.error().name(), error) << what;
      continue;
    }
    EXPECT_EQ(credential->token, token) << what;
    EXPECT_EQ(credential->bearer, bearer) << what;
  }
  EXPECT_EQ(code_of(call(Method::get, "/api/v1/agencies", "Bearer " + token_)), "directory.token_over");
  EXPECT_EQ(code_of(call(Method::get, "/api/v1/agencies", "")), "api.sign_in_required");
}

}  // namespace luy::api
