// Goal: the handlers show an actor exactly what the policy lets them see and let them do.
// Method: requests as the router hands them over, actors with grants in different places of the tree.
#include "watch/api.h"

#include <gtest/gtest.h>

#include "watch/fixture.h"

namespace luy::watch {
namespace {

namespace json = boost::json;
using directory::Role;

class WatchApiTest : public ::testing::Test {
 protected:
  WatchApiTest() {
    database = std::move(*records::open_sqlite(w.folder.path() / "records.db", migrations()));
    watch = std::move(*Watch::open({*database, w.clock, w.random, {}, {}}));
    ApiDependencies deps{*watch,
                         w.clock,
                         [this](const AgencyId& a) {
                           return a == w.town ? std::vector{w.town} : std::vector{a, w.town};
                         },
                         [this](const AgencyId& a) { return a == w.town || a == w.ward || a == w.other_ward; },
                         [this](records::Connection&, const api::Request&, std::string_view act, std::string_view,
                                const json::object&) -> Result<void> {
                           acts.emplace_back(act);
                           return {};
                         },
                         {}};
    router = std::make_unique<api::Router>(routes(std::move(deps)));
  }
  api::Response call(api::Method method, const std::string& path, json::value body = nullptr) {
    const auto match = router->find(method, path);
    LUY_CHECK(match.route != nullptr);
    api::Request request;
    request.method = method;
    request.path = path;
    request.path_params = match.params;
    request.body = std::move(body);
    request.actor = actor;
    return router->serve(*match.route, request);
  }

  World w;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<api::Router> router;
  std::vector<std::string> acts;
  directory::Actor actor;
};

TEST_F(WatchApiTest, HandlersAskThePolicyForTheServicesAgency) {
  actor.account = AccountId::make(w.clock.now(), w.random);
  actor.display_name = "Trần Thị B";
  actor.grants = {{Role::security_officer, w.ward}};
  const json::object body{{"agency", w.ward.text()}, {"name", "Cổng"}, {"kind", "http"}, {"target", "http://a.vn/"}};
  const api::Response added = call(api::Method::post, "/api/v1/services", body);
  ASSERT_EQ(added.status, 201) << added.body;
  const std::string path = "/api/v1/services/" + std::string(json::parse(added.body).at("id").as_string());
  EXPECT_EQ(acts, std::vector<std::string>{"service.added"});
  json::object elsewhere = body;
  elsewhere["agency"] = w.other_ward.text();
  EXPECT_EQ(call(api::Method::post, "/api/v1/services", elsewhere).status, 403);

  const struct {
    Role role;
    AgencyId agency;
    int read;
    int change;
    std::size_t listed;
  } table[] = {
      {Role::security_officer, w.ward, 200, 200, 1}, {Role::security_officer, w.other_ward, 403, 403, 0},
      {Role::auditor, w.town, 200, 403, 1},          {Role::agency_head, w.ward, 200, 403, 1},
      {Role::system_admin, w.town, 200, 200, 1},
  };
  for (const auto& row : table) {
    actor.grants = {{row.role, row.agency}};
    EXPECT_EQ(call(api::Method::get, path).status, row.read);
    EXPECT_EQ(call(api::Method::get, path + "/history").status, row.read);
    EXPECT_EQ(call(api::Method::get, path + "/content").status, row.read);
    EXPECT_EQ(call(api::Method::patch, path, json::object{{"interval_s", 30}}).status, row.change);
    EXPECT_EQ(json::parse(call(api::Method::get, "/api/v1/services").body).at("items").as_array().size(), row.listed);
  }
  actor.grants = {{Role::staff, w.ward}};
  EXPECT_EQ(call(api::Method::get, "/api/v1/services").status, 403);
  actor.grants = {{Role::system_admin, w.town}};
  EXPECT_EQ(call(api::Method::post, path + "/announcements",
                 json::object{{"from", "2026-11-23T03:00:00Z"}, {"to", "2026-11-23T05:00:00Z"}, {"reason", "nâng cấp"}})
                .status,
            201);
  EXPECT_EQ(call(api::Method::post, path + "/announcements",
                 json::object{{"from", "2026-11-23T03:00:00Z"}, {"to", "2026-12-23T05:00:00Z"}, {"reason", "x"}})
                .status,
            400);
  EXPECT_EQ(
      call(api::Method::post, path + "/accept", json::object{{"reason", "đúng"}, {"fingerprint", nullptr}}).status,
      409);
  EXPECT_EQ(call(api::Method::del, path).status, 204);
  EXPECT_EQ(call(api::Method::get, path).status, 404);
}

}  // namespace
}  // namespace luy::watch
