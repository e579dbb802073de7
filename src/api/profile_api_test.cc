// Goal: profiles and network plans are shown as of a day with who changed them, to whom they may be shown, in the
// contract's shapes; sheets go out and come in as workbooks. Method: requests through the router.
#include "api/directory_fixture.h"
#include "base/encoding.h"

namespace luy::api {
namespace {

using directory::Role;

const std::string pdf = "%PDF-1.7\n%%EOF\n";

class ProfileApi : public DirectoryApi {
 protected:
  ProfileApi() : office_(add_agency("VP", town_).id), place_("/api/v1/agencies/" + office_.text()) {}

  Response ask(Method method, const std::string& path, std::map<std::string, std::string> query,
               boost::json::value body = nullptr) {
    const Router::Match match = router_->find(method, path);
    LUY_CHECK_MSG(match.route != nullptr, path);
    Request request;
    request.method = method;
    request.path = path;
    request.path_params = match.params;
    request.query = std::move(query);
    request.body = std::move(body);
    request.actor = directory_->sessions().authenticate(token_, directory::Touch::yes)->actor;
    return router_->serve(*match.route, request);
  }
  Response put_plan(const std::string& content, const std::string& token) {
    return send(Method::post, place_ + "/network-plans", token, {{"name", "sơ đồ.pdf"}, {"content", content}});
  }
  std::string today() const { return to_iso(day_of(clock_.now())); }
  const YAML::Node schema(const char* name) { return contract_["components"]["schemas"][name]; }

  AgencyId office_;
  std::string place_;
};

}  // namespace

TEST_F(ProfileApi, ShowsAProfileAsItWasAndWhoChangedIt) {
  const std::string first_day = today();
  ASSERT_EQ(send(Method::put, place_ + "/profile", token_, {{"identifier", "H56.10"}}).status, 200);
  clock_.advance(days(2));
  token_ = sign_in("quantri1", own_password)->token;
  ASSERT_EQ(send(Method::put, place_ + "/profile", token_, {{"identifier", "H56.11"}, {"address", "Số 1"}}).status,
            200);
  const auto on = [&](const std::string& day) {
    return std::string(body_of(ask(Method::get, place_ + "/profile", {{"day", day}})).at("identifier").as_string());
  };
  EXPECT_EQ(on(first_day), "H56.10");
  EXPECT_EQ(on(today()), "H56.11");
  EXPECT_EQ(on("2020-01-01"), "");
  EXPECT_EQ(ask(Method::get, place_ + "/profile", {{"day", "hôm nay"}}).status, 400);
  const auto told = body_of(send(Method::get, place_ + "/profile/history", token_));
  EXPECT_TRUE(fits(told, schema("ProfileHistory")));
  const auto& items = told.at("items").as_array();
  ASSERT_EQ(items.size(), 2U);
  for (const auto& item : items) EXPECT_TRUE(fits(item.as_object(), schema("ProfileVersion")));
  EXPECT_EQ(items[0].at("changed"), boost::json::value({"identifier", "address"}));
  EXPECT_EQ(items[0].at("by").at("name").as_string(), "Nguyễn Thị Lan");
  EXPECT_EQ(items[1].at("profile").at("identifier").as_string(), "H56.10");
  EXPECT_TRUE(told.at("next").is_null());
  const auto older = body_of(ask(Method::get, place_ + "/profile/history", {{"before", "2"}}));
  EXPECT_EQ(older.at("items").as_array().size(), 1U);
  EXPECT_EQ(ask(Method::get, place_ + "/profile/history", {{"before", "0"}}).status, 400);
}

TEST_F(ProfileApi, KeepsNetworkPlansForThoseWhoMaySeeTheSystems) {
  const std::string officer = person("canbo", Role::security_officer, office_);
  const std::string staff = person("nhanvien", Role::staff, office_);
  const std::string head = person("truong", Role::agency_head, office_);
  const Response made = put_plan(to_base64(pdf), officer);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(fits(body_of(made), schema("NetworkPlan"))) << made.body;
  EXPECT_EQ(body_of(made).at("by").at("name").as_string(), "Người canbo");
  EXPECT_EQ(code_of(put_plan(to_base64(pdf), officer)), "directory.network_plan_same");
  EXPECT_EQ(code_of(put_plan(to_base64("<svg/>"), officer)), "directory.network_plan_type");
  EXPECT_EQ(put_plan("không phải base64", officer).status, 400);
  EXPECT_EQ(code_of(put_plan(to_base64(pdf + "\n%%EOF"), head)), "directory.not_allowed") << "who only reads";

  const std::string list = place_ + "/network-plans";
  EXPECT_EQ(send(Method::get, list, staff).status, 403) << "where an agency's machines stand is not for everybody";
  const auto told = body_of(send(Method::get, list, head));
  EXPECT_TRUE(fits(told, schema("NetworkPlanList")));
  EXPECT_EQ(told.at("items").as_array().at(0), boost::json::value(body_of(made)));
  EXPECT_EQ(body_of(ask(Method::get, list, {{"day", "2020-01-01"}})).at("items").as_array().size(), 0U);
  const Response file = send(Method::get, list + "/1/file", head);
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, pdf);
  EXPECT_EQ(file.content_type, "application/pdf");
  ASSERT_EQ(file.headers.size(), 1U);
  EXPECT_EQ(file.headers[0].second, "attachment; filename*=UTF-8''s%C6%A1%20%C4%91%E1%BB%93.pdf");
  EXPECT_EQ(send(Method::get, list + "/1/file", staff).status, 403);
  for (const char* none : {"2", "0", "x", "99999999999999999999"}) {
    EXPECT_EQ(send(Method::get, list + "/" + none + "/file", head).status, 404) << none;
  }
}

TEST_F(ProfileApi, TellsOnWhichDaysTheTreeChanged) {
  const std::string first_day = today();
  const auto days_of = [&](const std::string& token) {
    std::vector<std::string> out;
    const auto body = body_of(send(Method::get, "/api/v1/agencies", token));
    for (const auto& day : body.at("days").as_array()) out.emplace_back(day.as_string());
    return out;
  };
  EXPECT_EQ(days_of(token_), (std::vector<std::string>{first_day}));
  EXPECT_TRUE(fits(body_of(send(Method::get, "/api/v1/agencies", token_)), schema("AgencyList")));
  const AgencyId school = add_agency("TH", town_).id;
  ASSERT_TRUE(directory_->agencies().close(administrator(), school, day_of(clock_.now()) + days(3)));
  EXPECT_EQ(days_of(token_), (std::vector<std::string>{first_day, to_iso(day_of(clock_.now()) + days(4))}));
  EXPECT_EQ(days_of(person("truong", Role::agency_head, office_)), (std::vector<std::string>{first_day}))
      << "of those one may see";
}

TEST_F(ProfileApi, TakesWorkbooksOutAndIn) {
  for (const std::string path : {"/api/v1/agencies/sheet", "/api/v1/persons/sheet"}) {
    const auto told = body_of(ask(Method::get, path, {{"format", "xlsx"}}));
    EXPECT_EQ(keys_of(told), (std::vector<std::string>{"xlsx"})) << path;
    EXPECT_TRUE(from_base64(told.at("xlsx").as_string())->starts_with("PK")) << path;
    const auto done = body_of(ask(Method::post, path, {{"preview", "true"}}, told));
    EXPECT_TRUE(fits(done, schema("ImportedSheet"))) << path;
    EXPECT_EQ(done.at("refused").as_int64(), 0) << path;
    EXPECT_FALSE(done.at("lines").as_array().empty()) << path;
    EXPECT_EQ(ask(Method::get, path, {{"format", "ods"}}).status, 400) << path;
    for (const boost::json::value& bad :
         {boost::json::value(boost::json::object()), boost::json::value({{"csv", "code"}, {"xlsx", "UEs="}}),
          boost::json::value({{"xlsx", "không"}})}) {
      EXPECT_EQ(code_of(ask(Method::post, path, {{"preview", "true"}}, bad)), "api.bad_request") << path;
    }
    EXPECT_EQ(code_of(ask(Method::post, path, {}, {{"xlsx", "UEs="}})), "sheet.not_xlsx") << path;
    auto named = told;
    named["sheet"] = "Không có";
    EXPECT_EQ(code_of(ask(Method::post, path, {}, named)), "sheet.sheet_unknown") << path;
  }
}

}  // namespace luy::api
