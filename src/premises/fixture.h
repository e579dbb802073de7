// For tests: a town with two wards, an inventory, and the registers over both.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "directory/fixture.h"
#include "inventory/fixture.h"
#include "premises/api.h"
#include "premises/equipment_book.h"

namespace luy::premises {

struct PremisesTest : testing::Test {
  PremisesTest() {
    for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
      tables.insert(tables.end(), part.begin(), part.end());
    }
    reopen();
  }
  void reopen() {
    equipment.reset();
    air.reset();
    secrets.reset();
    strangers.reset();
    lines.reset();
    audit.reset();
    w.open(tables);
    audit = std::make_unique<directory::AuditTrail>(*w.database, sink, w.clock);
    equipment = std::move(EquipmentBook::open({*w.database, *audit, w.clock, w.random, *w.inventory, days(90),
                                               [this](const AgencyId& agency) { return w.lineage(agency); },
                                               [this] { return agencies(); },
                                               [this](const DeviceId& device) { changed.push_back(device); }})
                              .value());
    air = std::move(AirBook::open(*w.database, *audit, w.clock).value());
    secrets = std::move(SecretBook::open({*w.database, *audit, w.clock, w.random, {}}).value());
    strangers = std::move(StrangerBook::open(*w.database, *audit, w.clock).value());
    lines = std::move(LineBook::open({*w.database, *audit, w.clock, w.random, {}}).value());
  }
  std::vector<directory::Agency> agencies() const {
    directory::Agency ward;
    ward.id = w.ward;
    ward.code = "BA-DINH";
    ward.name = "Phường Ba Đình";
    ward.valid_from = day_of(inventory::test_start()) - days(900);
    directory::Agency other = ward;
    other.id = w.other_ward;
    other.code = "DONG-SON";
    other.name = "Phường Đông Sơn";
    return {ward, other};
  }
  Day today() const { return day_of(w.clock.now()); }

  Equipment a_switch(const std::string& name = "sw-1") const {
    Equipment one;
    one.agency = w.ward;
    one.kind = EquipmentKind::network_switch;
    one.name = name;
    one.registered_by = "Trần Thị B";
    return one;
  }

  inventory::World w;
  std::vector<records::Migration> tables;
  directory::KeptAudit sink;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<EquipmentBook> equipment;
  std::unique_ptr<AirBook> air;
  std::unique_ptr<SecretBook> secrets;
  std::unique_ptr<StrangerBook> strangers;
  std::unique_ptr<LineBook> lines;
  directory::Caller caller = directory::server_operator();
  std::vector<DeviceId> changed;
};

// The same with the routes, asked as a person with one role.
struct PremisesApiTest : PremisesTest {
  PremisesApiTest() {
    actor.account = AccountId::make(w.clock.now(), w.random);
    actor.display_name = "Trần Thị B";
    grant(directory::Role::security_officer, w.town);
  }
  void grant(directory::Role role, const AgencyId& agency) { actor.grants = {{role, agency}}; }
  virtual std::vector<api::Route> all_routes() {
    return routes({*equipment, *air, *secrets, *strangers, *lines, *w.inventory, w.clock, 0.2,
                   [this](const AgencyId& agency) { return w.lineage(agency); },
                   [this](const AgencyId& agency) { return agency == w.ward || agency == w.other_ward; },
                   [this](const ApiDependencies::Paper& paper) -> Result<std::string> {
                     papers.push_back(paper);
                     return std::string("%PDF");
                   }});
  }
  api::Response call(api::Method method, const std::string& path, boost::json::value body = nullptr,
                     std::map<std::string, std::string> query = {}) {
    if (!router) router = std::make_unique<api::Router>(all_routes());
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
  boost::json::object done(api::Method method, const std::string& path, boost::json::value body = nullptr,
                           std::map<std::string, std::string> query = {}) {
    const api::Response response = call(method, path, std::move(body), std::move(query));
    EXPECT_LT(response.status, 300) << path << ": " << response.body;
    return response.status < 300 && !response.body.empty() ? boost::json::parse(response.body).as_object()
                                                           : boost::json::object();
  }
  // The name of the error that is answered.
  std::string refused(api::Method method, const std::string& path, boost::json::value body = nullptr) {
    const api::Response response = call(method, path, std::move(body));
    EXPECT_GE(response.status, 400) << path << ": " << response.body;
    return std::string(boost::json::parse(response.body).at("error").at("code").as_string());
  }

  directory::Actor actor;
  std::vector<ApiDependencies::Paper> papers;
  std::unique_ptr<api::Router> router;
};

}  // namespace luy::premises
