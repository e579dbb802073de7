// Goal: the handlers show an actor the verdicts of what they may see, and nothing else, in the contract's words.
// Method: requests as the router hands them over, actors with grants in different places of the tree.
#include "duty/api.h"

#include <gtest/gtest.h>

#include "duty/engine_fixture.h"

namespace luy::duty {
namespace {

namespace json = boost::json;
using directory::Role;

class DutyApiTest : public EngineTest {
 protected:
  DutyApiTest() {
    router_ = std::make_unique<api::Router>(
        routes({*engine_, pack_, w.clock, [this](const AgencyId& id) { return w.lineage(id); },
                [](const AgencyId& id) {
                  return json::object{{"id", id.text()}};
                }}));
    device_ = enrol("may-1", w.ward);
    report(device_, fact::Antivirus{});
  }

  api::Response call(const std::string& path, std::map<std::string, std::string> query = {}) {
    const auto match = router_->find(api::Method::get, path);
    LUY_CHECK(match.route != nullptr);
    api::Request request;
    request.path = path;
    request.path_params = match.params;
    request.query = std::move(query);
    directory::Actor actor;
    actor.account = AccountId::make(w.clock.now(), w.random);
    actor.grants = grants_;
    request.actor = actor;
    return router_->serve(*match.route, request);
  }
  json::object ok(const api::Response& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }

  std::unique_ptr<api::Router> router_;
  std::vector<directory::Grant> grants_;
  DeviceId device_;
};

TEST_F(DutyApiTest, TheOverviewCountsWhatTheActorMaySee) {
  grants_ = {{Role::auditor, w.town}};
  const json::object town = ok(call("/api/v1/overview"));
  EXPECT_EQ(town.at("agencies").as_array().size(), 3U);
  EXPECT_EQ(town.at("articles").as_array().front().at("article").as_string(), "4");
  std::int64_t total = 0;
  for (const auto& [state, count] : town.at("totals").as_object()) total += count.as_int64();
  EXPECT_EQ(total, static_cast<std::int64_t>(engine_->size()));
  grants_ = {{Role::security_officer, w.ward}};
  const json::object ward = ok(call("/api/v1/overview"));
  EXPECT_EQ(ward.at("agencies").as_array().size(), 1U);
  bool met = false;
  for (const json::value& cell : ward.at("cells").as_array()) {
    EXPECT_EQ(cell.at("agency").as_string(), w.ward.text());
    if (cell.at("obligation").as_string() != "5.3-antivirus") continue;
    met = true;
    EXPECT_EQ(cell.at("state").as_string(), "violated");
    EXPECT_EQ(cell.at("counts").at("violated").as_int64(), 1);
    EXPECT_EQ(cell.at("violated_since").as_string(), to_rfc3339(w.clock.now()));
    EXPECT_TRUE(cell.at("violated_week_ago").is_null());
  }
  EXPECT_TRUE(met);
}

TEST_F(DutyApiTest, VerdictsAreListedAndFiltered) {
  grants_ = {{Role::security_officer, w.ward}};
  const struct {
    std::map<std::string, std::string> query;
    std::int64_t total;
  } table[] = {
      {{{"obligation", "5.3-antivirus"}}, 1},
      {{{"obligation", "5.3-antivirus"}, {"state", "kept"}}, 0},
      {{{"article", "5"}, {"state", "violated"}}, 2},
      {{{"subject", device_.text()}, {"state", "violated"}}, 2},
      {{{"agency", w.ward.text()}, {"obligation", "5.4-weekly-scan"}}, 1},
      {{{"obligation", "99.1-unknown"}}, 0},
  };
  for (const auto& [query, total] : table) {
    EXPECT_EQ(ok(call("/api/v1/verdicts", query)).at("total").as_int64(), total) << query.begin()->second;
  }
  EXPECT_EQ(call("/api/v1/verdicts", {{"agency", w.town.text()}}).status, 403);
  EXPECT_EQ(call("/api/v1/verdicts", {{"state", "broken"}}).status, 400);
  grants_ = {{Role::security_officer, w.other_ward}};
  EXPECT_EQ(ok(call("/api/v1/verdicts", {{"obligation", "5.3-antivirus"}})).at("total").as_int64(), 1);
  EXPECT_EQ(ok(call("/api/v1/verdicts", {{"subject", device_.text()}})).at("total").as_int64(), 0);
}

TEST_F(DutyApiTest, OneVerdictComesWithItsProofAndItsHistory) {
  const std::string path = "/api/v1/verdicts/5.3-antivirus/" + device_.text();
  grants_ = {{Role::security_officer, w.other_ward}};
  EXPECT_EQ(call(path).status, 403);
  EXPECT_EQ(call("/api/v1/verdicts/5.3-antivirus/nobody").status, 404);
  grants_ = {{Role::auditor, w.town}};
  const json::object page = ok(call(path));
  const json::object& verdict = page.at("verdict").as_object();
  EXPECT_EQ(verdict.at("reason").at("vi").as_string(), "Thiết bị chưa cài đặt phần mềm chống mã độc.");
  EXPECT_EQ(verdict.at("subject").at("kind").as_string(), "device");
  EXPECT_EQ(verdict.at("proof").as_array().at(0).at("seq").as_int64(), 100);
  EXPECT_EQ(page.at("history").as_array().size(), 2U);
  const auto past = *engine_->device_history(device_, 1);
  const json::object line = timeline_json(past.at(0), pack_);
  EXPECT_EQ(line.at("kind").as_string(), "verdict");
  EXPECT_FALSE(line.at("title").at("vi").as_string().empty());
}

TEST_F(DutyApiTest, TheRegulationInForceIsShown) {
  grants_ = {{Role::auditor, w.town}};
  const json::object pack = ok(call("/api/v1/regulation"));
  EXPECT_EQ(pack.at("id").as_string(), "4448-2017");
  EXPECT_EQ(pack.at("obligations").as_array().size(), pack_.obligations.size());
}

}  // namespace
}  // namespace luy::duty
