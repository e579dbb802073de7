// Goal: who may see devices sees their checks and nobody else's; only the officer excepts; exports follow the filter.
#include "posture/api.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "posture/fixture.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"

namespace luy::posture {
namespace {

namespace json = boost::json;
using directory::Role;

class PostureApiTest : public PostureTest {
 protected:
  PostureApiTest() {
    router = std::make_unique<api::Router>(
        routes({*w.inventory, *book, catalogue, w.clock, [this](const AgencyId& agency) { return w.lineage(agency); },
                [](const AgencyId&) { return std::string("Phường"); }}));
    actor.account = AccountId::make(w.clock.now(), w.random);
    actor.display_name = "Trần Thị B";
    there = w.enrol("may-khac", w.other_ward, "desktop");
    report(device, {{"first", "wrong", "7", "/etc/x", 3}, {"second", "right"}, {"of-servers", "wrong"}});
    report(there, {{"first", "right"}, {"second", "unknown", {}, "/etc/y", {}, "unreadable"}});
    grant(Role::security_officer, w.town);
  }
  void grant(Role role, const AgencyId& agency) { actor.grants = {{role, agency}}; }

  api::Response call(api::Method method, const std::string& path, std::map<std::string, std::string> query = {},
                     json::value body = nullptr) {
    const auto match = router->find(method, path);
    LUY_CHECK(match.route != nullptr);
    api::Request request;
    request.method = method;
    request.path = path;
    request.path_params = match.params;
    request.query = std::move(query);
    request.body = std::move(body);
    request.actor = actor;
    request.client_address = "192.0.2.7";
    request.headers["x-luy-request"] = "1";
    return router->serve(*match.route, request);
  }
  json::object get(const std::string& path, std::map<std::string, std::string> query = {}) {
    const api::Response response = call(api::Method::get, path, std::move(query));
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }
  api::Response except(const DeviceId& on, const std::string& check, Day until) {
    return call(api::Method::put, "/api/v1/devices/" + on.text() + "/checks/" + check + "/exception", {},
                json::object{{"reason", "Vì phần mềm cũ"}, {"expires_on", to_iso(until)}});
  }
  Day today() const { return day_of(w.clock.now()); }

  std::unique_ptr<api::Router> router;
  directory::Actor actor;
  DeviceId there;
};

TEST_F(PostureApiTest, TheFleetIsCountedForWhatTheActorMaySee) {
  json::object all = get("/api/v1/checks");
  EXPECT_EQ(all.at("devices").as_int64(), 2);
  ASSERT_EQ(all.at("checks").as_array().size(), 4U);
  EXPECT_EQ(all.at("checks").at(0).at("counts"),
            json::value({{"right", 1}, {"wrong", 1}, {"unknown", 0}, {"not_applicable", 0}, {"excepted", 0}}));
  EXPECT_EQ(all.at("checks").at(2).at("counts").at("not_applicable").as_int64(), 1) << "not for workstations";
  EXPECT_EQ(get("/api/v1/checks", {{"agency", w.ward.text()}}).at("devices").as_int64(), 1);
  EXPECT_EQ(get("/api/v1/checks", {{"state", "unknown"}}).at("checks").as_array().size(), 1U);
  EXPECT_EQ(get("/api/v1/checks", {{"q", "HAI"}}).at("checks").as_array().size(), 1U);
  EXPECT_EQ(get("/api/v1/checks", {{"group", "mail"}}).at("checks").as_array().size(), 0U);
  grant(Role::security_officer, w.other_ward);
  all = get("/api/v1/checks");
  EXPECT_EQ(all.at("devices").as_int64(), 1);
  EXPECT_EQ(all.at("checks").at(0).at("counts").at("wrong").as_int64(), 0);
  EXPECT_EQ(call(api::Method::get, "/api/v1/checks", {{"agency", w.ward.text()}}).status, 403);
  const DeviceId silent = w.enrol("may-im", w.other_ward, "desktop");
  EXPECT_EQ(get("/api/v1/checks").at("silent_devices").as_int64(), 1);
  grant(Role::staff, w.town);
  EXPECT_EQ(call(api::Method::get, "/api/v1/checks").status, 403);
  EXPECT_FALSE(silent.text().empty());
}

TEST_F(PostureApiTest, OneCheckShowsEachDevice) {
  const json::object first = get("/api/v1/checks/first");
  EXPECT_EQ(first.at("devices").as_array().size(), 2U);
  EXPECT_EQ(get("/api/v1/checks/first", {{"state", "wrong"}}).at("devices").at(0).at("device").at("name"), "may-1");
  EXPECT_EQ(get("/api/v1/checks/first", {{"state", "wrong"}}).at("devices").at(0).at("result").at("place"), "/etc/x:3");
  EXPECT_EQ(call(api::Method::get, "/api/v1/checks/none").status, 404);
  grant(Role::auditor, w.other_ward);
  EXPECT_EQ(get("/api/v1/checks/first").at("devices").as_array().size(), 1U);
}

TEST_F(PostureApiTest, ADeviceShowsItsChecksAndWhyTheyAreUnknown) {
  const json::object of = get("/api/v1/devices/" + there.text() + "/checks");
  ASSERT_EQ(of.at("results").as_array().size(), 2U);
  const auto& second = of.at("results").at(1);
  EXPECT_EQ(second.at("result").at("state"), "unknown");
  EXPECT_EQ(second.at("result").at("reason").at("vi"), "Không đọc được /etc/y.");
  EXPECT_EQ(second.at("check").at("mend"), "sửa hai");
  EXPECT_EQ(of.at("catalogue"), of.at("hub_catalogue"));
  EXPECT_TRUE(of.at("may_except").as_bool());
  EXPECT_EQ(get("/api/v1/devices/" + there.text() + "/checks", {{"state", "right"}}).at("results").as_array().size(),
            1U);
  const DeviceId silent = w.enrol("may-im", w.ward, "desktop");
  EXPECT_TRUE(get("/api/v1/devices/" + silent.text() + "/checks").at("collected_at").is_null());
  grant(Role::auditor, w.ward);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices/" + there.text() + "/checks").status, 403);
  EXPECT_FALSE(get("/api/v1/devices/" + device.text() + "/checks").at("may_except").as_bool());
}

TEST_F(PostureApiTest, OnlyTheOfficerExceptsAndItShowsEverywhere) {
  EXPECT_EQ(except(device, "first", today() + days(30)).status, 200);
  EXPECT_EQ(get("/api/v1/checks").at("checks").at(0).at("counts").at("excepted").as_int64(), 1);
  EXPECT_EQ(get("/api/v1/checks/first", {{"state", "wrong"}}).at("devices").at(0).at("result").at("exception").at("by"),
            "Trần Thị B");
  EXPECT_EQ(except(device, "none", today() + days(30)).status, 404);
  EXPECT_EQ(except(device, "first", today() - days(1)).status, 400);
  for (const Role role : {Role::system_admin, Role::agency_head, Role::auditor}) {
    grant(role, w.town);
    EXPECT_EQ(except(device, "first", today() + days(30)).status, 403);
  }
  grant(Role::security_officer, w.other_ward);
  EXPECT_EQ(except(device, "first", today() + days(30)).status, 403);
  const std::string path = "/api/v1/devices/" + device.text() + "/checks/first/exception";
  EXPECT_EQ(call(api::Method::del, path).status, 403);
  grant(Role::security_officer, w.ward);
  EXPECT_EQ(call(api::Method::del, path).status, 204);
  EXPECT_EQ(call(api::Method::del, path).status, 404);
  EXPECT_EQ(get("/api/v1/checks").at("checks").at(0).at("counts").at("wrong").as_int64(), 1);
}

TEST_F(PostureApiTest, TheSheetHoldsWhatTheFilterAdmits) {
  const auto rows = [&](std::map<std::string, std::string> query) {
    const json::object got = get("/api/v1/checks/sheet", std::move(query));
    return sheet::parse_csv(std::string(got.at("csv").as_string()))->size() - 1;
  };
  EXPECT_EQ(rows({}), 5U);
  EXPECT_EQ(rows({{"state", "wrong"}}), 1U);
  EXPECT_EQ(rows({{"check", "first"}}), 2U);
  EXPECT_EQ(rows({{"device", there.text()}}), 2U);
  EXPECT_EQ(rows({{"agency", w.ward.text()}}), 3U);
  grant(Role::security_officer, w.other_ward);
  EXPECT_EQ(rows({}), 2U);
  const json::object workbook = get("/api/v1/checks/sheet", {{"format", "xlsx"}});
  const auto bytes = from_base64(std::string(workbook.at("xlsx").as_string()));
  ASSERT_TRUE(bytes);
  const auto table = sheet::read_xlsx(std::string(bytes->begin(), bytes->end()));
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->at(1).cells.at(0), "may-khac");
}

}  // namespace
}  // namespace luy::posture
