// Goal: requests reach the right handler with decoded parameters, nobody gets past the policy or around it, and errors
// become JSON that a person can read.
// Method: tables over paths, parameters, headers and actors; handlers that misbehave on purpose.
#include "api/route.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace luy::api {
namespace {

using directory::Action;
using directory::Object;
using directory::Role;

const AgencyId office = AgencyId::trusted("00000000000000000000000002");

directory::Actor actor_with(Role role) {
  directory::Actor actor;
  actor.account = AccountId::trusted("0000000000000000000000000a");
  actor.grants = {{role, office}};
  return actor;
}

Result<Response> answer_name(const Request&) {
  return json({{"ok", true}});
}

Route route(Method method, std::string pattern, std::string operation, Handler handler = answer_name) {
  return {method, std::move(pattern), std::move(operation), Access::session, Action::device_read, std::move(handler)};
}

Request request_of(Role role) {
  Request request;
  request.actor = actor_with(role);
  return request;
}

std::string code_of(const Response& response) {
  return std::string(boost::json::parse(response.body).at("error").at("code").as_string());
}

}  // namespace

TEST(Router, FindsTheRouteAndDecodesItsParameters) {
  const Router router({route(Method::get, "/api/v1/devices", "listDevices"),
                       route(Method::get, "/api/v1/devices/{device}", "getDevice"),
                       route(Method::patch, "/api/v1/devices/{device}", "updateDevice"),
                       route(Method::get, "/api/v1/verdicts/{obligation}/{subject}", "getVerdict"),
                       route(Method::post, "/api/v1/approvals/baseline", "approveBaseline"),
                       route(Method::del, "/api/v1/approvals/{approval}", "withdrawApproval"),
                       route(Method::get, "/api/v1/devices/newest", "getNewest")});
  const struct {
    Method method;
    const char* path;
    const char* operation;  // Empty: none.
    bool path_known;
    std::map<std::string, std::string> params;
  } table[] = {
      {Method::get, "/api/v1/devices", "listDevices", true, {}},
      {Method::get, "/api/v1/devices/abc", "getDevice", true, {{"device", "abc"}}},
      {Method::patch, "/api/v1/devices/abc", "updateDevice", true, {{"device", "abc"}}},
      {Method::get, "/api/v1/devices/newest", "getNewest", true, {}},
      {Method::get,
       "/api/v1/verdicts/5.2-patching/a%3Aaccount%3Al%C3%AA%2Fb",
       "getVerdict",
       true,
       {{"obligation", "5.2-patching"}, {"subject", "a:account:lê/b"}}},
      {Method::post, "/api/v1/devices/abc", "", true, {}},
      {Method::del, "/api/v1/approvals/baseline", "withdrawApproval", true, {{"approval", "baseline"}}},
      {Method::get, "/api/v1/devices/", "", false, {}},
      {Method::get, "/api/v1/devices/a/b", "", false, {}},
      {Method::get, "/api/v1/devices/a%00b", "", false, {}},
      {Method::get, "/api/v1/devices/a%0ab", "", false, {}},
      {Method::get, "/api/v1/devices/a%zz", "", false, {}},
      {Method::get, "/api/v1/devices/a%4", "", false, {}},
      {Method::get, "/api/v1/devices/%ff", "", false, {}},
      {Method::get, "/API/v1/devices", "", false, {}},
      {Method::get, "api/v1/devices", "", false, {}},
      {Method::get, "", "", false, {}},
      {Method::get, "/", "", false, {}},
  };
  for (const auto& [method, path, operation, path_known, params] : table) {
    const Router::Match match = router.find(method, path);
    EXPECT_EQ(match.route == nullptr ? "" : match.route->operation_id, operation) << path;
    EXPECT_EQ(match.path_known, path_known) << path;
    EXPECT_EQ(match.params, params) << path;
  }
}

TEST(RouterDeathTest, RefusesTwoRoutesForTheSamePlace) {
  EXPECT_DEATH(Router({route(Method::get, "/a/{x}", "one"), route(Method::get, "/a/{y}", "two")}), "two routes");
}

TEST(Router, LetsNobodyPastThePolicy) {
  int calls = 0;
  const Handler handler = [&](const Request& request) -> Result<Response> {
    ++calls;
    LUY_TRY_VOID(authorise(request, Action::device_read, {{office}, std::nullopt, false}));
    return no_content();
  };
  int refusals = 0;
  const Router router({route(Method::get, "/d", "getDevice", handler)},
                      [&](const Route&, const Request&, const Error&) { ++refusals; });
  const Route& only = router.routes().front();

  const Response unknown = router.serve(only, Request());
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(code_of(unknown), "api.sign_in_required");

  const Response staff = router.serve(only, request_of(Role::staff));
  EXPECT_EQ(staff.status, 403);
  EXPECT_EQ(code_of(staff), "directory.not_allowed");

  Request issued = request_of(Role::auditor);
  issued.actor->must_change_password = true;
  EXPECT_EQ(code_of(router.serve(only, issued)), "directory.must_change_password");
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(refusals, 3);

  EXPECT_EQ(router.serve(only, request_of(Role::auditor)).status, 204);
  Request elsewhere = request_of(Role::auditor);
  elsewhere.actor->grants.front().agency = AgencyId::trusted("00000000000000000000000003");
  EXPECT_EQ(router.serve(only, elsewhere).status, 403);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(refusals, 4);
}

TEST(Router, WithholdsAnAnswerThatNeverAskedForAnObject) {
  const Router router({route(Method::get, "/d", "getDevice")});
  const Response response = router.serve(router.routes().front(), request_of(Role::auditor));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(code_of(response), "api.internal");
}

TEST(Router, TurnsALibrarysExceptionIntoAnInternalError) {
  const Router router({route(Method::get, "/d", "getDevice",
                             [](const Request&) -> Result<Response> { throw std::runtime_error("secret detail"); })});
  const Response response = router.serve(router.routes().front(), request_of(Role::auditor));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(Router, ServesAnOpenRouteToAnybody) {
  Route open = route(Method::post, "/s", "signIn");
  open.access = Access::open;
  const Router router({open});
  EXPECT_EQ(router.serve(router.routes().front(), Request()).status, 200);
}

TEST(Request, ReadsItsParameters) {
  Request request;
  request.query = {{"limit", "50"},
                   {"bad", "5x"},
                   {"big", "99999999999999999999"},
                   {"from", "2026-11-22T10:00:00+07:00"},
                   {"when", "yesterday"},
                   {"id", "00000000000000000000000002"},
                   {"device", "from the query"}};
  request.path_params = {{"device", "from the path"}};
  EXPECT_EQ(*request.number_param("limit", 20, 1, 100), 50);
  EXPECT_EQ(*request.number_param("missing", 20, 1, 100), 20);
  EXPECT_TRUE(request.number_param("limit", 20, 1, 49).error().is(bad_request));
  EXPECT_TRUE(request.number_param("limit", 20, 51, 100).error().is(bad_request));
  EXPECT_TRUE(request.number_param("bad", 20, 1, 100).error().is(bad_request));
  EXPECT_TRUE(request.number_param("big", 20, 1, 100).error().is(bad_request));
  EXPECT_EQ(to_rfc3339(**request.time_param("from")), "2026-11-22T03:00:00.000000Z");
  EXPECT_EQ(*request.time_param("missing"), std::nullopt);
  EXPECT_TRUE(request.time_param("when").error().is(bad_request));
  EXPECT_EQ(*request.id_param<AgencyId>("id", "agency"), office);
  EXPECT_TRUE(request.id_param<AgencyId>("limit", "agency").error().is(not_found));
  EXPECT_EQ(request.param("device"), "from the path");
}

TEST(Request, IsRefusedWhenItComesFromAnotherSite) {
  using Headers = std::map<std::string, std::string>;
  const struct {
    const char* what;
    Method method;
    Headers headers;
    bool allowed;
  } table[] = {
      {"reading needs nothing", Method::get, {{"sec-fetch-site", "cross-site"}}, true},
      {"no mark", Method::post, {}, false},
      {"a wrong mark", Method::post, {{"x-luy-request", "true"}}, false},
      {"a program", Method::del, {{"x-luy-request", "1"}}, true},
      {"our console",
       Method::patch,
       {{"x-luy-request", "1"},
        {"sec-fetch-site", "same-origin"},
        {"origin", "https://hub:8443"},
        {"host", "hub:8443"}},
       true},
      {"a sister host", Method::post, {{"x-luy-request", "1"}, {"sec-fetch-site", "same-site"}}, false},
      {"another site", Method::put, {{"x-luy-request", "1"}, {"sec-fetch-site", "cross-site"}}, false},
      {"another origin", Method::post, {{"x-luy-request", "1"}, {"origin", "https://evil"}, {"host", "hub"}}, false},
      {"the same host without TLS",
       Method::post,
       {{"x-luy-request", "1"}, {"origin", "http://hub"}, {"host", "hub"}},
       false},
      {"a sandboxed page", Method::post, {{"x-luy-request", "1"}, {"origin", "null"}, {"host", "hub"}}, false},
      {"an origin without a host", Method::post, {{"x-luy-request", "1"}, {"origin", "https://hub"}}, false},
  };
  for (const auto& [what, method, headers, allowed] : table) {
    Request request;
    request.method = method;
    request.headers = headers;
    EXPECT_EQ(check_same_origin(request).has_value(), allowed) << what;
  }
}

TEST(Response, TellsAnErrorInBothLanguages) {
  const Response response = error_response(Error(bad_request, "limit\xff"));
  EXPECT_EQ(response.status, 400);
  const auto error = boost::json::parse(response.body).at("error").as_object();
  EXPECT_EQ(error.at("code").as_string(), "api.bad_request");
  EXPECT_EQ(error.at("vi").as_string(), "Yêu cầu không hợp lệ: limit\xef\xbf\xbd.");
  EXPECT_EQ(error.at("en").as_string(), "The request is not valid: limit\xef\xbf\xbd.");
  EXPECT_EQ(error.size(), 3U);
  EXPECT_EQ(error_response(Error(wrong_method, "PUT")).status, 405);
}

TEST(Response, TellsABusyClientWhenToComeBack) {
  constexpr ErrorKind busy{"test.busy", ErrorClass::busy, "Bận.", "Busy."};
  const Response response = error_response(Error(busy));
  EXPECT_EQ(response.status, 429);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers.front().first, "Retry-After");
}

// Who may not even learn that something is there is told so, and leaves a trace all the same.
TEST(Router, NotesWhatItHides) {
  std::vector<std::string> hidden;
  const Handler handler = [](const Request& request) -> Result<Response> {
    return hide(request, Action::incident_read, "incident:7", Error(not_found, "incident"));
  };
  const Router router({route(Method::get, "/d", "getDevice", handler)},
                      [&](const Route&, const Request& request, const Error& error) {
                        hidden.push_back(request.hidden->object + " " + std::string(error.name()));
                      });
  const Response answer = router.serve(router.routes().front(), request_of(Role::auditor));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(hidden, std::vector<std::string>{"incident:7 api.not_found"});
}

}  // namespace luy::api
