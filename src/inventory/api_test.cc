// Goal: the handlers show an actor exactly what the policy lets them see and let them do, in the contract's words.
// Method: requests as the router hands them over, actors with grants in different places of the tree.
#include "inventory/api.h"

#include <gtest/gtest.h>

#include "inventory/fixture.h"

namespace luy::inventory {
namespace {

namespace json = boost::json;
using directory::Role;

class InventoryApiTest : public testing::Test {
 protected:
  InventoryApiTest() {
    w.open();
    ApiDependencies deps{*w.inventory,
                         w.clock,
                         [this](const AgencyId& a) { return w.lineage(a); },
                         [this](const AgencyId& a) { return a == w.town || a == w.ward || a == w.other_ward; },
                         [this](records::Connection&, const api::Request& request, std::string_view act,
                                std::string_view, const json::object&) -> Result<void> {
                           if (refuse_entries) return Error(api::internal_error);
                           EXPECT_EQ(request.client_address, "192.0.2.7");
                           acts.emplace_back(act);
                           return {};
                         },
                         [] {},
                         [](const DeviceId&) {
                           return json::object{{"kept", 1}};
                         },
                         [this](const DeviceId&, std::size_t) {
                           return std::vector<TimelineLine>{{w.clock.now(), {{"kind", "verdict"}}}};
                         }};
    router = std::make_unique<api::Router>(routes(std::move(deps)));
    actor.account = AccountId::make(w.clock.now(), w.random);
    actor.display_name = "Trần Thị B";
    here = w.enrol("may-phuong", w.ward);
    there = w.enrol("may-khac", w.other_ward);
    w.report(here, World::packages({{"bash", "5.2"}, {"nginx", "1.22"}, {"vim", "9"}}));
    w.report(there, World::packages({{"emacs", "28"}}));
  }

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
  json::object ok(const api::Response& response) {
    EXPECT_LT(response.status, 300) << response.body;
    return json::parse(response.body).as_object();
  }
  void grant(Role role, const AgencyId& agency) { actor.grants = {{role, agency}}; }

  World w;
  directory::Actor actor;
  std::vector<std::string> acts;
  bool refuse_entries = false;
  std::unique_ptr<api::Router> router;
  DeviceId here;
  DeviceId there;
};

TEST_F(InventoryApiTest, ListsShowWhatTheActorMaySee) {
  const struct {
    Role role;
    AgencyId agency;
    std::size_t devices;
  } table[] = {{Role::security_officer, w.ward, 1}, {Role::security_officer, w.town, 2}, {Role::auditor, w.town, 2}};
  for (const auto& [role, agency, devices] : table) {
    grant(role, agency);
    EXPECT_EQ(ok(call(api::Method::get, "/api/v1/devices")).at("devices").as_array().size(), devices);
  }
  grant(Role::security_officer, w.town);
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/devices", {{"agency", w.ward.text()}})).at("devices").as_array().size(),
            1U);
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/software")).at("total").as_int64(), 4);
  grant(Role::security_officer, w.ward);
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/software")).at("total").as_int64(), 3);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices", {{"agency", w.town.text()}}).status, 403);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices/" + there.text()).status, 403);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices/" + w.ward.text()).status, 404);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices/none").status, 404);
}

TEST_F(InventoryApiTest, DevicesAreFoundWithoutDiacritics) {
  grant(Role::security_officer, w.town);
  ASSERT_TRUE(w.inventory->edit(here, {std::nullopt, "Phòng Văn hóa", std::nullopt}));
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/devices", {{"q", "VAN HOA"}})).at("devices").as_array().size(), 1U);
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/devices", {{"q", "không có"}})).at("devices").as_array().size(), 0U);
}

TEST_F(InventoryApiTest, SoftwareComesInPagesThatMeetWithoutOverlap) {
  grant(Role::security_officer, w.town);
  const std::string path = "/api/v1/devices/" + here.text() + "/software";
  std::vector<std::string> names;
  std::map<std::string, std::string> query = {{"limit", "2"}};
  for (;;) {
    const json::object page = ok(call(api::Method::get, path, query));
    EXPECT_EQ(page.at("total").as_int64(), 3);
    EXPECT_EQ(page.at("unapproved").as_int64(), 3);
    for (const auto& item : page.at("software").as_array()) names.emplace_back(item.at("name").as_string());
    if (page.at("next").is_null()) break;
    query["after"] = std::string(page.at("next").as_string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"bash", "nginx", "vim"}));
}

TEST_F(InventoryApiTest, ARetiredDeviceIsNoLongerThereAndSaysWhy) {
  const std::string path = "/api/v1/devices/" + here.text() + "/retirement";
  const json::value body = {{"reason", "Thanh lý theo biên bản số 12"}};
  for (const Role role : {Role::staff, Role::auditor, Role::agency_head}) {
    grant(role, w.ward);
    EXPECT_EQ(call(api::Method::post, path, {}, body).status, 403);
  }
  grant(Role::security_officer, w.other_ward);
  EXPECT_EQ(call(api::Method::post, path, {}, body).status, 403);
  grant(Role::security_officer, w.ward);
  EXPECT_EQ(call(api::Method::post, path, {}, body).status, 204);
  EXPECT_EQ(acts, std::vector<std::string>{"device.retired"});
  EXPECT_EQ(call(api::Method::post, path, {}, body).status, 404);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices/" + here.text()).status, 404);
  EXPECT_TRUE(w.inventory->state(here)->device.retired_at);
}

TEST_F(InventoryApiTest, ADeviceHandedOverIsJudgedByTheOtherAgencysApprovals) {
  ASSERT_TRUE(w.inventory->approve({w.other_ward, {{"bash"}, {"nginx"}, {"vim"}}, {}, {}, "", "x"}));
  EXPECT_EQ(w.inventory->state(here)->software->value.unapproved, 3U);
  const std::string path = "/api/v1/devices/" + here.text() + "/handover";
  const json::value body = {{"agency", w.other_ward.text()}, {"reason", "Sáp nhập"}};
  for (const AgencyId& only : {w.ward, w.other_ward}) {
    grant(Role::system_admin, only);
    EXPECT_EQ(call(api::Method::post, path, {}, body).status, 403) << "has the say on one side only";
  }
  grant(Role::system_admin, w.town);
  EXPECT_EQ(call(api::Method::post, path, {}, {{"agency", here.text()}, {"reason", "x"}}).status, 404);
  w.changes.clear();
  const json::object after = ok(call(api::Method::post, path, {}, body));
  EXPECT_EQ(after.at("agency").as_string(), w.other_ward.text());
  EXPECT_EQ(acts, std::vector<std::string>{"device.handed_over"});
  EXPECT_EQ(w.inventory->state(here)->software->value.unapproved, 0U);
  ASSERT_EQ(w.changes.size(), 1U);
  EXPECT_TRUE(w.changes[0].devices[0].content.has(Topic::row));
  EXPECT_EQ(w.changes[0].wifi_agencies.size(), 2U);
  w.open();
  EXPECT_EQ(w.inventory->state(here)->device.agency, w.other_ward) << "also after a restart";
  EXPECT_EQ(w.inventory->state(here)->software->value.unapproved, 0U);
}

TEST_F(InventoryApiTest, WithoutItsEntryNoActIsDone) {
  actor.grants = {{Role::system_admin, w.town}, {Role::security_officer, w.town}};
  const std::string device = "/api/v1/devices/" + here.text();
  const json::value approval = {{"agency", w.ward.text()}, {"products", {{{"product", "vim"}}}}};
  const json::object approved = ok(call(api::Method::post, "/api/v1/approvals", {}, approval));
  const json::value& id = approved.at("approvals").at(0).at("id");
  refuse_entries = true;
  const auto state = w.inventory->state(here);
  const struct {
    api::Method method;
    std::string path;
    json::value body;
  } table[] = {
      {api::Method::patch, device, {{"place", "Tầng 2"}}},
      {api::Method::post, device + "/retirement", {{"reason", "x"}}},
      {api::Method::post, device + "/handover", {{"agency", w.other_ward.text()}, {"reason", "x"}}},
      {api::Method::post, "/api/v1/approvals", {{"agency", w.ward.text()}, {"products", {{{"product", "nginx"}}}}}},
      {api::Method::post, "/api/v1/approvals/baseline", {{"device", here.text()}, {"note", "x"}}},
      {api::Method::del, "/api/v1/approvals/" + std::string(id.as_string()), nullptr},
      {api::Method::post, "/api/v1/wifi", {{"agency", w.ward.text()}, {"ssid", "UBND"}, {"security", "wpa2"}}},
  };
  for (const auto& row : table) {
    EXPECT_EQ(call(row.method, row.path, {}, row.body).status, 500) << row.path;
    EXPECT_EQ(w.inventory->state(here), state) << row.path;
    EXPECT_EQ(w.inventory->approvals().size(), 1U) << row.path;
    EXPECT_TRUE(w.inventory->wifi().empty());
  }
}

TEST_F(InventoryApiTest, ApprovingIsAnAuditedActOfTheOfficerInTheirOwnAgency) {
  const json::value body = {{"agency", w.ward.text()},
                            {"products", {{{"product", "nginx"}, {"versions", "1.22.*"}}, {{"product", "vim"}}}},
                            {"expires_on", "2027-01-31"},
                            {"note", "Đã rà soát"}};
  grant(Role::staff, w.ward);
  EXPECT_EQ(call(api::Method::post, "/api/v1/approvals", {}, body).status, 403);
  grant(Role::security_officer, w.other_ward);
  EXPECT_EQ(call(api::Method::post, "/api/v1/approvals", {}, body).status, 403);
  EXPECT_TRUE(acts.empty());
  grant(Role::security_officer, w.ward);
  const api::Response added = call(api::Method::post, "/api/v1/approvals", {}, body);
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(acts, std::vector<std::string>{"software.approved"});
  const json::array approvals = ok(added).at("approvals").as_array();
  ASSERT_EQ(approvals.size(), 2U);
  EXPECT_EQ(approvals[0].at("approved_by").as_string(), "Trần Thị B");
  EXPECT_EQ(approvals[0].at("expires_on").as_string(), "2027-01-31");
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/software", {{"state", "approved"}})).at("total").as_int64(), 1);

  const std::string id(approvals[1].at("id").as_string());
  EXPECT_EQ(call(api::Method::del, "/api/v1/approvals/" + id).status, 204);
  EXPECT_EQ(call(api::Method::del, "/api/v1/approvals/" + id).status, 404);
  EXPECT_EQ(ok(call(api::Method::get, "/api/v1/approvals")).at("approvals").as_array().size(), 1U);

  const api::Response rest =
      call(api::Method::post, "/api/v1/approvals/baseline", {}, {{"device", here.text()}, {"note", "Máy chuẩn"}});
  EXPECT_EQ(rest.status, 201);
  EXPECT_EQ(ok(rest).at("approved").as_int64(), 3);  // "1.22.*" does not cover version "1.22".
}

TEST_F(InventoryApiTest, ADevicePageShowsFactsWithoutTheListOfPackages) {
  grant(Role::auditor, w.town);
  const json::object page = ok(call(api::Method::get, "/api/v1/devices/" + here.text()));
  EXPECT_EQ(page.at("device").at("counts").at("kept").as_int64(), 1);
  const json::object& fact = page.at("facts").as_array().at(0).as_object();
  EXPECT_EQ(fact.at("kind").as_string(), "packages");
  EXPECT_EQ(fact.at("seq").as_int64(), 100);
  EXPECT_FALSE(fact.at("body").as_object().contains("packages"));
  const json::object timeline = ok(call(api::Method::get, "/api/v1/devices/" + here.text() + "/timeline"));
  EXPECT_EQ(timeline.at("entries").as_array().size(), 3U);
  EXPECT_EQ(call(api::Method::patch, "/api/v1/devices/" + here.text(), {}, {{"place", "x"}}).status, 403);
}

TEST_F(InventoryApiTest, AWirelessNetworkIsRecorded) {
  grant(Role::security_officer, w.ward);
  json::value body = {
      {"agency", w.ward.text()}, {"ssid", "UBND"}, {"security", "wpa2"}, {"key_changed_on", "2026-11-01"}};
  const api::Response recorded = call(api::Method::post, "/api/v1/wifi", {}, body);
  EXPECT_EQ(recorded.status, 201);
  EXPECT_EQ(ok(recorded).at("networks").as_array().size(), 1U);
  body.as_object()["key_changed_on"] = "2026-02-31";
  EXPECT_EQ(call(api::Method::post, "/api/v1/wifi", {}, body).status, 400);
  EXPECT_EQ(acts, std::vector<std::string>{"wifi.recorded"});
}

}  // namespace
}  // namespace luy::inventory
