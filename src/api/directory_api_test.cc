// Goal: the directory's handlers answer what api/openapi.yaml promises, show nobody what they may not see, and leave
// refusals in the audit trail.
// Method: requests through the router as the hub would send them; answers held against the schemas of the contract.
#include "api/directory_api.h"

#include <algorithm>

#include "api/directory_fixture.h"

namespace luy::api {
namespace {

using directory::Role;

using Names = std::vector<std::string>;

}  // namespace

TEST_F(DirectoryApi, HasTheOperationsOfTheContract) {
  for (const Route& route : router_->routes()) {
    std::string method(name_of(route.method));
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    const YAML::Node operation = contract_["paths"][route.pattern][method];
    ASSERT_TRUE(operation) << route.operation_id;
    EXPECT_EQ(operation["operationId"].as<std::string>(), route.operation_id);
    EXPECT_EQ(operation["x-action"].as<std::string>(), directory::name_of(route.action)) << route.operation_id;
    EXPECT_EQ(operation["security"].IsDefined(), route.access == Access::open) << route.operation_id;
  }
}

TEST_F(DirectoryApi, SignsInShowsTheSessionAndSignsOut) {
  const Response signed_in = sign_in_by_api("quantri1", std::string(own_password));
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  EXPECT_TRUE(cookie_of(signed_in).ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict")) << cookie_of(signed_in);
  const YAML::Node schemas = contract_["components"]["schemas"];
  EXPECT_TRUE(fits(body_of(signed_in), schemas["Session"])) << signed_in.body;
  EXPECT_EQ(signed_in.body.find(token_of(signed_in)), std::string::npos);

  const std::string token = token_of(signed_in);
  const auto session = body_of(send(Method::get, "/api/v1/session", token));
  EXPECT_EQ(session.at("display_name").as_string(), "Nguyễn Thị Lan");
  EXPECT_EQ(session.at("must_change_password").as_bool(), false);
  EXPECT_EQ(session.at("expires_at").as_string(), to_rfc3339(clock_.now() + std::chrono::minutes(5)));
  EXPECT_EQ(session.at("actions").as_array().size(), directory::action_count - 1) << "all but a provider's answers";
  const auto& grant = session.at("grants").as_array().at(0).as_object();
  EXPECT_TRUE(fits(grant, schemas["Grant"])) << boost::json::serialize(grant);
  EXPECT_EQ(grant.at("agency_name").as_string(), "Ủy ban nhân dân phường Bỉm Sơn");

  const Response out = send(Method::del, "/api/v1/session", token);
  EXPECT_EQ(out.status, 204);
  EXPECT_TRUE(cookie_of(out).ends_with("Max-Age=0"));
  EXPECT_EQ(send(Method::get, "/api/v1/session", token).status, 401);
}

TEST_F(DirectoryApi, SaysTheSameForAWrongPasswordAndAnUnknownName) {
  const Response wrong = sign_in_by_api("quantri1", "guess guess guess");
  const Response unknown = sign_in_by_api("nobody", "guess guess guess");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.headers, unknown.headers);
  EXPECT_EQ(send(Method::post, "/api/v1/session", "", {{"username", "x"}}).status, 400);
  EXPECT_EQ(send(Method::post, "/api/v1/session", "", nullptr).status, 400);
}

TEST_F(DirectoryApi, LetsAnIssuedPasswordDoNothingButItsChange) {
  const std::string issued = add_account("lan", Role::system_admin, town_).one_time_password;
  const Response signed_in = sign_in_by_api("lan", issued);
  const std::string token = token_of(signed_in);
  const auto session = body_of(signed_in);
  EXPECT_EQ(session.at("must_change_password").as_bool(), true);
  EXPECT_EQ(boost::json::serialize(session.at("actions")), R"(["session_use"])");
  for (const Route& route : router_->routes()) {
    if (route.action == directory::Action::session_use) continue;
    EXPECT_EQ(code_of(send(route.method, route.pattern, token)), "directory.must_change_password");
  }
  const auto change = [&](const std::string& current, const std::string& wanted) {
    return send(Method::post, "/api/v1/session/password", token, {{"current", current}, {"new", wanted}});
  };
  EXPECT_EQ(code_of(change("wrong", "sông mã chảy về đông")), "directory.wrong_password");
  EXPECT_EQ(code_of(change(issued, "ngắn")), "directory.password_too_short");
  const Response changed = change(issued, "sông mã chảy về đông");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(body_of(changed).at("must_change_password").as_bool(), false);
  EXPECT_EQ(send(Method::get, "/api/v1/agencies", token).status, 401);
  EXPECT_EQ(send(Method::get, "/api/v1/agencies", token_of(changed)).status, 200);
}

TEST_F(DirectoryApi, CreatesAgenciesWhereTheActorMay) {
  const boost::json::object wanted{
      {"code", "VP"}, {"name", "Văn phòng"}, {"superior", town_.text()}, {"valid_from", "2026-12-01"}};
  const Response created = send(Method::post, "/api/v1/agencies", token_, wanted);
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_TRUE(fits(body_of(created), contract_["components"]["schemas"]["Agency"])) << created.body;
  EXPECT_EQ(body_of(created).at("valid_from").as_string(), "2026-12-01");
  EXPECT_TRUE(body_of(created).at("valid_to").is_null());
  EXPECT_EQ(code_of(send(Method::post, "/api/v1/agencies", token_, wanted)), "directory.agency_code_taken");

  const struct {
    const char* key;
    boost::json::value value;
  } table[] = {{"superior", "nothing"}, {"valid_from", "01/12/2026"}, {"valid_from", 5}, {"code", nullptr}};
  for (const auto& [key, value] : table) {
    boost::json::object bad = wanted;
    bad["code"] = "VP2";
    bad[key] = value;
    EXPECT_EQ(send(Method::post, "/api/v1/agencies", token_, bad).status, 400) << key;
  }

  const auto office = *AgencyId::parse(std::string(body_of(created).at("id").as_string()));
  const std::string below = person("duoi", Role::system_admin, office);
  sink_.records.clear();
  boost::json::object outside = wanted;
  outside["code"] = "VP3";
  EXPECT_EQ(send(Method::post, "/api/v1/agencies", below, outside).status, 403);
  EXPECT_EQ(sink_.acts(), Names{"agency_create directory.not_allowed"}) << "written once, by the service";
  outside["superior"] = office.text();
  outside.erase("valid_from");
  EXPECT_EQ(code_of(send(Method::post, "/api/v1/agencies", below, outside)), "directory.agency_not_valid");
}

TEST_F(DirectoryApi, ShowsOnlyWhatTheActorMaySee) {
  const AgencyId office = add_agency("VP", town_).id;
  const AgencyId team = add_agency("VP-1", office).id;
  const AgencyId school = add_agency("TH", town_).id;
  const std::string head = person("truong", Role::agency_head, office);
  const std::string staff = person("nhanvien", Role::staff, team);
  const std::string teacher = person("giaovien", Role::auditor, school);

  const char* agencies = "/api/v1/agencies";
  EXPECT_EQ(names_in(agencies, "agencies", "code", token_), (Names{"TH", "UBND", "VP", "VP-1"}));
  EXPECT_EQ(names_in(agencies, "agencies", "code", head), (Names{"VP", "VP-1"}));
  EXPECT_EQ(names_in(agencies, "agencies", "code", staff), (Names{"VP-1"}));
  EXPECT_EQ(names_in(agencies, "agencies", "code", teacher), (Names{"TH"}));

  const char* accounts = "/api/v1/accounts";
  EXPECT_EQ(names_in(accounts, "accounts", "username", token_), (Names{"giaovien", "nhanvien", "Quantri1", "truong"}));
  EXPECT_EQ(names_in(accounts, "accounts", "username", head), (Names{"nhanvien", "truong"}));
  EXPECT_EQ(names_in(accounts, "accounts", "username", staff), Names{"nhanvien"}) << "one's own";
  const auto line = body_of(send(Method::get, accounts, staff)).at("accounts").as_array().at(0).as_object();
  EXPECT_TRUE(fits(line, contract_["components"]["schemas"]["Account"])) << boost::json::serialize(line);
}

TEST_F(DirectoryApi, WritesRefusalsOfSignedInPeopleToTheAuditTrail) {
  const std::string staff = person("nhanvien", Role::staff, town_);
  sink_.records.clear();
  EXPECT_EQ(send(Method::post, "/api/v1/agencies", staff, boost::json::object()).status, 403);
  EXPECT_EQ(send(Method::post, "/api/v1/agencies", "", boost::json::object()).status, 401);
  ASSERT_EQ(sink_.acts(), Names{"agency_manage directory.not_allowed"});
  EXPECT_EQ(sink_.last().at("user.name").as_string(), "nhanvien");
  EXPECT_EQ(sink_.last().at("luy.object").as_string(), "operation:createAgency");
}

TEST(SessionCookie, IsFoundAmongOthers) {
  const struct {
    const char* header;
    const char* token;
  } table[] = {
      {"", ""},
      {"__Host-luy_session=abc", "abc"},
      {"a=1; __Host-luy_session=abc; b=2", "abc"},
      {"a=1;__Host-luy_session=abc", "abc"},
      {"__Host-luy_session=", ""},
      {"__Host-luy_session", ""},
      {"luy_session=abc; __host-luy_session=abc", ""},
      {"__Host-luy_session=abc; __Host-luy_session=def", ""},
      {"x__Host-luy_session=abc", ""},
      {";;; ;", ""},
  };
  for (const auto& [header, token] : table) EXPECT_EQ(session_token_of(header), token) << header;
}

TEST_F(DirectoryApi, EnrolsAnAppAndThenAsksForItsCode) {
  const std::string token = token_of(sign_in_by_api("quantri1", std::string(own_password)));
  const auto post = [&](const std::string& path, boost::json::value body) {
    return send(Method::post, "/api/v1/factors" + path, token, std::move(body));
  };
  EXPECT_EQ(code_of(post("/totp", {{"password", "not this one"}})), "directory.wrong_password");
  const Response offer = post("/totp", {{"password", own_password}});
  ASSERT_EQ(offer.status, 200) << offer.body;
  EXPECT_TRUE(body_of(offer).at("uri").as_string().starts_with("otpauth://totp/L%C5%A9y:Quantri1?secret="));
  EXPECT_EQ(code_of(post("/totp/confirm", {{"code", "abcdef"}})), "directory.factor_wrong");
  EXPECT_EQ(body_of(send(Method::get, "/api/v1/factors", token)).at("totp").as_bool(), false);
}

TEST_F(DirectoryApi, ClearsTheBrowserAfterAPublicPlaceOnly) {
  for (const bool public_place : {false, true}) {
    const Response in = send(Method::post, "/api/v1/session", "",
                             {{"username", "quantri1"}, {"password", own_password}, {"public_place", public_place}});
    ASSERT_EQ(in.status, 200) << in.body;
    EXPECT_EQ(body_of(in).at("public_place").as_bool(), public_place);
    const Response out = send(Method::del, "/api/v1/session", token_of(in));
    EXPECT_EQ(std::any_of(out.headers.begin(), out.headers.end(),
                          [](const auto& header) { return header.first == "Clear-Site-Data"; }),
              public_place);
  }
}

TEST_F(DirectoryApi, LetsRightsWaitForTheSecondPerson) {
  const std::string head = person("chutich", Role::agency_head, town_);
  const auto lan = add_account("lan", Role::staff, town_).account.id;
  const std::string path = "/api/v1/accounts/" + lan.text() + "/roles";
  const Response asked = send(Method::post, path, token_, {{"role", "auditor"}, {"agency", town_.text()}});
  ASSERT_EQ(asked.status, 202) << asked.body;
  EXPECT_TRUE(fits(body_of(asked), contract_["components"]["schemas"]["Proposed"]));
  const std::string act = "/api/v1/acts/" + std::string(body_of(asked).at("act").as_string());
  EXPECT_EQ(code_of(send(Method::post, act + "/agree", token_)), "directory.same_person");
  const auto list = body_of(send(Method::get, "/api/v1/acts", head)).at("acts").as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_TRUE(fits(list[0].as_object(), contract_["components"]["schemas"]["Act"]));
  EXPECT_EQ(send(Method::post, act + "/agree", head).status, 204);
  const auto account = body_of(send(Method::get, "/api/v1/accounts/" + lan.text(), token_));
  EXPECT_EQ(account.at("grants").as_array().size(), 2U);
}

TEST_F(DirectoryApi, ShowsTheTableOfRightsWithReasons) {
  const std::string staff = person("lan", Role::staff, town_);
  const auto policy = body_of(send(Method::get, "/api/v1/policy", staff));
  EXPECT_EQ(policy.at("roles").as_array().size(), directory::role_count);
  for (const auto& action : policy.at("actions").as_array()) {
    EXPECT_EQ(action.at("allowed").as_bool(), action.at("why_not").is_null()) << action.at("name").as_string();
  }
}

}  // namespace luy::api
