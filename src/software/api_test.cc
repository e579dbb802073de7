// Goal: staff see their own requests alone, officers decide those of their agency; lists show what the actor may see
// and exports follow the filter.
#include "software/api.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"
#include "software/fixture.h"

namespace luy::software {
namespace {

namespace json = boost::json;
using directory::Role;

struct SoftwareApiTest : SoftwareTest {
  SoftwareApiTest() {
    router = std::make_unique<api::Router>(routes(
        {*w.inventory, *book, builtin_marks(), w.clock, [this](const AgencyId& agency) { return w.lineage(agency); },
         [](const AgencyId&) { return std::string("Phường"); },
         [this](const AccountId& account) { return account == staff ? std::optional(w.ward) : std::nullopt; },
         [this](const inventory::Device&) { return section; }}));
    be(Role::security_officer, w.town);
  }
  void be(Role role, const AgencyId& agency) {
    actor.account = role == Role::staff ? staff : AccountId::make(w.clock.now(), w.random);
    actor.display_name = role == Role::staff ? "Lê Lan" : "Trần Thị B";
    actor.grants = {{role, agency}};
  }
  api::Response call(api::Method method, const std::string& path, json::value body = nullptr,
                     std::map<std::string, std::string> query = {}) {
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
    const api::Response response = call(api::Method::get, path, nullptr, std::move(query));
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }
  std::string asked() {
    const api::Response response =
        call(api::Method::post, "/api/v1/software-requests",
             json::object{{"product", "LibreOffice"}, {"why", "Soạn văn bản"}, {"device", "Máy 1"}});
    EXPECT_EQ(response.status, 201) << response.body;
    return std::string(json::parse(response.body).at("id").as_string());
  }

  std::unique_ptr<api::Router> router;
  directory::Actor actor;
  device_policy::Software section;
};

TEST_F(SoftwareApiTest, StaffAskTheOfficerDecidesAndTheAskerSeesIt) {
  be(Role::staff, w.ward);
  const std::string first = asked();
  const std::string second = asked();
  EXPECT_EQ(get("/api/v1/software-requests").at("waiting").as_int64(), 2);
  const std::string path = "/api/v1/software-requests/" + first;
  const json::object wanted{{"products", {{{"product", "libreoffice"}}}},
                            {"licence", {{"kind", "free"}, {"seats", 5}, {"expires_on", nullptr}}},
                            {"note", "Được"}};
  EXPECT_EQ(call(api::Method::post, path + "/approval", wanted).status, 403);
  be(Role::security_officer, w.other_ward);
  EXPECT_TRUE(get("/api/v1/software-requests").at("items").as_array().empty());
  EXPECT_EQ(call(api::Method::post, path + "/approval", wanted).status, 403);
  be(Role::security_officer, w.ward);
  EXPECT_TRUE(get("/api/v1/software-requests").at("items").at(0).at("may_decide").as_bool());
  const api::Response approved = call(api::Method::post, path + "/approval", wanted);
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(json::parse(approved.body).at("approvals").at(0).at("licence").at("seats").as_int64(), 5);
  EXPECT_EQ(
      call(api::Method::post, "/api/v1/software-requests/" + second + "/refusal", json::object{{"reason", "Đã có"}})
          .status,
      200);
  EXPECT_EQ(call(api::Method::post, path + "/approval", wanted).status, 409);
  EXPECT_EQ(call(api::Method::del, path).status, 404) << "another's request";
  be(Role::staff, w.ward);
  const json::object mine = get("/api/v1/software-requests");
  EXPECT_EQ(mine.at("waiting").as_int64(), 0);
  EXPECT_EQ(mine.at("items").as_array().size(), 2U);
  EXPECT_EQ(get("/api/v1/software-requests", {{"state", "refused"}}).at("items").at(0).at("reason"), "Đã có");
  EXPECT_EQ(call(api::Method::del, path).status, 409);
  EXPECT_EQ(call(api::Method::del, "/api/v1/software-requests/" + asked()).status, 204);
}

TEST_F(SoftwareApiTest, WhatIsWrongIsListedInPagesAndExportedByTheFilter) {
  allow(w.town, "vim");
  install(device, {{"vim", "9", ""}, {"anydesk", "6.3", "lan"}, {"game", "1", "an"}, {"vlmcsd", "1", ""}});
  install(there, {{"vim", "9", ""}, {"x11vnc", "1", ""}});
  const json::object all = get("/api/v1/software-wrong");
  EXPECT_EQ(all.at("items").as_array().size(), 4U);
  EXPECT_EQ(all.at("devices").as_int64(), 2);
  EXPECT_EQ(all.at("remote_control_devices").as_int64(), 2);
  EXPECT_EQ(all.at("pirated_devices").as_int64(), 1);
  std::vector<std::string> names;
  std::string after;
  do {
    std::map<std::string, std::string> query{{"limit", "1"}};
    if (!after.empty()) query["after"] = after;
    const json::object page = get("/api/v1/software-wrong", query);
    for (const json::value& one : page.at("items").as_array()) {
      names.emplace_back(one.at("software").at("name").as_string());
    }
    after = page.at("next").is_string() ? std::string(page.at("next").as_string()) : std::string();
  } while (!after.empty() && names.size() < 10);
  // Which device comes first lies in their ids.
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"anydesk", "game", "vlmcsd", "x11vnc"}));
  const auto count = [&](std::map<std::string, std::string> query) {
    const std::size_t listed = get("/api/v1/software-wrong", query).at("items").as_array().size();
    const std::string csv(get("/api/v1/software-wrong/sheet", query).at("csv").as_string());
    EXPECT_EQ(sheet::parse_csv(csv)->size() - 1, listed);
    return listed;
  };
  EXPECT_EQ(count({}), 4U);
  EXPECT_EQ(count({{"kind", "remote_control"}}), 2U);
  EXPECT_EQ(count({{"kind", "pirated"}}), 1U);
  EXPECT_EQ(count({{"kind", "expired"}}), 0U);
  EXPECT_EQ(count({{"q", "LAN"}}), 1U) << "by who installed it";
  EXPECT_EQ(count({{"agency", w.other_ward.text()}}), 1U);
  EXPECT_EQ(count({{"device", there.text()}}), 1U);
  const auto bytes =
      from_base64(std::string(get("/api/v1/software-wrong/sheet", {{"format", "xlsx"}}).at("xlsx").as_string()));
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(sheet::read_xlsx(std::string(bytes->begin(), bytes->end())));
  EXPECT_EQ(call(api::Method::get, "/api/v1/software-wrong", nullptr, {{"kind", "x"}}).status, 400);
  be(Role::security_officer, w.other_ward);
  EXPECT_EQ(count({}), 1U);
  EXPECT_EQ(call(api::Method::get, "/api/v1/software-wrong", nullptr, {{"device", device.text()}}).status, 403);
  be(Role::staff, w.ward);
  EXPECT_EQ(call(api::Method::get, "/api/v1/software-wrong").status, 403);
}

TEST_F(SoftwareApiTest, TheReviewOfABaselineMarksWhatNobodyShouldTakeUnseen) {
  allow(w.town, "vim");
  install(device, {{"vim", "9", ""}, {"anydesk", "6.3", "lan"}, {"game", "1", "an"}, {"libc6", "2", ""}});
  const json::object review = get("/api/v1/devices/" + device.text() + "/baseline");
  const json::array& list = review.at("software").as_array();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_TRUE(list[0].at("suspicious").as_bool());
  EXPECT_FALSE(list[1].at("suspicious").as_bool());
  EXPECT_TRUE(list[1].at("by_hand").as_bool());
  EXPECT_FALSE(list[2].at("by_hand").as_bool());
  const auto added = w.inventory->approve_baseline(device, "Rà soát", {}, "Trần Thị B", {}, {"anydesk"});
  ASSERT_TRUE(added);
  EXPECT_EQ(added->size(), 2U);
  EXPECT_EQ(get("/api/v1/devices/" + device.text() + "/baseline").at("software").as_array().size(), 1U);
}

TEST_F(SoftwareApiTest, TheGatesShowWhatWouldBeRefused) {
  section.install = device_policy::InstallGate::refuse;
  allow(w.town, "vim");
  install(device, {{"vim", "9", ""}, {"game", "1", "an"}});
  json::object gate = get("/api/v1/devices/" + device.text() + "/software-gate");
  EXPECT_TRUE(gate.at("state").is_null());
  EXPECT_EQ(gate.at("wanted").at("install"), "refuse");
  EXPECT_EQ(gate.at("would_refuse").at("install").as_array().size(), 1U);
  w.clock.advance(std::chrono::seconds(1));
  w.report(device,
           fact::SoftwareGate{
               "refuse", "audit", {}, 7, {{"execute", "/tmp/anydesk", "", "ab", "an", false, 2, w.clock.now()}}});
  w.report(device, fact::Removable{"watch", {{"4C53", "SanDisk", "Ultra", 1, true, "watched", w.clock.now()}}});
  gate = get("/api/v1/devices/" + device.text() + "/software-gate");
  EXPECT_EQ(gate.at("state").at("trusted").as_int64(), 7);
  EXPECT_EQ(gate.at("would_refuse").at("execute").at(0).at("mark").at("label"), "AnyDesk");
  EXPECT_EQ(gate.at("removable_mode"), "watch");
  EXPECT_EQ(gate.at("removable").at(0).at("serial"), "4C53");
  const json::object fleet = get("/api/v1/software-gates");
  ASSERT_EQ(fleet.at("items").as_array().size(), 2U);
  const json::array& items = fleet.at("items").as_array();
  const json::value& told = items[items[0].at("unapproved").is_null() ? 1 : 0];
  EXPECT_EQ(told.at("device").at("id"), json::value(device.text()));
  EXPECT_EQ(told.at("met_execute").as_int64(), 1);
  EXPECT_EQ(told.at("unapproved").as_int64(), 1);
  be(Role::security_officer, w.other_ward);
  EXPECT_EQ(call(api::Method::get, "/api/v1/devices/" + device.text() + "/software-gate").status, 403);
  EXPECT_EQ(get("/api/v1/software-gates").at("items").as_array().size(), 1U);
}

}  // namespace
}  // namespace luy::software
