// Goal: the register of systems over REST, and step 1 proposed from it; refused by role and for bad input.
// Method: the whole hub; answers are checked against the contract.
#include <gtest/gtest.h>

#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

struct SystemHubTest : CaseHubTest {
  json::object portal() {
    return {{"name", "Cổng dịch vụ công"},
            {"purpose", "Tiếp nhận hồ sơ"},
            {"manager", "province"},
            {"operator", "Trung tâm CNTT tỉnh"},
            {"place", "Trung tâm Dữ liệu tỉnh"},
            {"addresses", json::array{"10.2.0.0/16"}},
            {"domains", json::array{"dvc.bimson.vn"}},
            {"level", 3},
            {"level_decision", {{"number", "12/QĐ-UBND"}, {"date", "2025-03-04"}}},
            {"personal_data", true}};
  }
  json::object of_agency(json::object entry) {
    entry["agency"] = secrets.agency;
    return entry;
  }
  static std::string path_of_system(const json::value& one) { return "/api/v1/systems/" + text(one.at("id")); }
};

TEST_F(SystemHubTest, EntriesAreKeptAndStepOneIsProposedFromThem) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  const json::value made = post(administrator, "/api/v1/systems", of_agency(portal()), 201);
  EXPECT_EQ(made.at("level").as_int64(), 3);
  EXPECT_EQ(text(made.at("level_decision").at("number")), "12/QĐ-UBND");
  const json::object files{
      {"agency", secrets.agency}, {"name", "Máy chủ tệp"}, {"manager", "agency"}, {"devices", json::array{device.id}}};
  const json::value server = post(administrator, "/api/v1/systems", files, 201);
  EXPECT_EQ(text(server.at("devices").at(0).at("name")), "a-machine");
  EXPECT_TRUE(server.at("level").is_null());
  const json::value all = administrator.get("/api/v1/systems?agency=" + secrets.agency);
  EXPECT_EQ(all.at("items").as_array().size(), 2U);
  EXPECT_EQ(all.at("managers").as_array().size(), 3U);

  // By its name in the title; then by an entity; then as chosen.
  const json::value by_name = open_case(administrator, {{"system", "cong dich vu cong"}});
  EXPECT_EQ(text(by_name.at("ownership").at("event")), "provincial_system");
  EXPECT_NE(text(by_name.at("ownership").at("why").at("vi")).find("Cổng dịch vụ công"), std::string::npos);
  EXPECT_TRUE(by_name.at("system_id").is_null());
  const json::value one = open_case(administrator, {{"system", "không rõ"}});
  EXPECT_EQ(text(one.at("ownership").at("manager")), "agency") << "the title names the file server";
  post(administrator, path_of(one) + "/parts",
       {{"kind", "entity"}, {"body", {{"type", "domain"}, {"value", "www.dvc.bimson.vn"}}}}, 201);
  EXPECT_EQ(text(administrator.get(path_of(one)).at("ownership").at("manager")), "province");
  const json::value chosen =
      send_json(administrator, "PUT", path_of(one) + "/system", {{"system_id", server.at("id")}}, 200);
  EXPECT_EQ(text(chosen.at("system")), "Máy chủ tệp");
  EXPECT_EQ(chosen.at("system_id"), server.at("id"));
  EXPECT_EQ(text(chosen.at("ownership").at("event")), "own_system");
  EXPECT_EQ(text(chosen.at("timeline").as_array().back().at("kind")), "system");
  const json::value opened = open_case(administrator, {{"system_id", made.at("id")}, {"system", "bỏ qua"}});
  EXPECT_EQ(text(opened.at("system")), "Cổng dịch vụ công");
  EXPECT_EQ(text(opened.at("ownership").at("event")), "provincial_system");

  json::object next = portal();
  next["manager"] = "provider";
  next["level"] = nullptr;
  next.erase("level_decision");
  const json::value after = send_json(administrator, "PUT", path_of_system(made), next, 200);
  EXPECT_TRUE(after.at("level").is_null());
  EXPECT_EQ(text(administrator.get(path_of(opened)).at("ownership").at("event")), "own_system")
      << "what a provider runs is the agency's to handle";

  EXPECT_EQ(administrator.call("POST", path_of_system(made) + "/retirement").status, 204);
  EXPECT_EQ(administrator.call("POST", path_of_system(made) + "/retirement").status, 204);
  EXPECT_EQ(error_of(administrator.call("PUT", path_of_system(made), json::serialize(next))),
            "incident.system_retired");
  const json::object gone{{"system_id", made.at("id")}};
  EXPECT_EQ(error_of(administrator.call("PUT", path_of(one) + "/system", json::serialize(gone))),
            "incident.system_retired");
}

TEST_F(SystemHubTest, RolesAndBadInputAreRefused) {
  Caller administrator = signed_in();
  const json::value made = post(administrator, "/api/v1/systems", of_agency(portal()), 201);
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  Caller auditor = person(administrator, "auditor", "kiemtra", 3);
  EXPECT_EQ(staff.call("GET", "/api/v1/systems").status, 403);
  EXPECT_EQ(auditor.call("GET", "/api/v1/systems").status, 200);
  EXPECT_EQ(auditor.call("POST", "/api/v1/systems", json::serialize(of_agency(portal()))).status, 403);
  EXPECT_EQ(auditor.call("PUT", path_of_system(made), json::serialize(portal())).status, 403);
  EXPECT_EQ(auditor.call("POST", path_of_system(made) + "/retirement").status, 403);

  const auto with = [&](const char* key, json::value value) {
    json::object out = of_agency(portal());
    out["name"] = "Hệ thống khác";
    out[key] = std::move(value);
    return out;
  };
  const struct {
    const char* what;
    json::object body;
    const char* code;
  } table[] = {
      {"the same name", of_agency(portal()), "incident.system_taken"},
      {"no such agency", with("agency", "01jd0000000000000000000000"), "directory.agency_unknown"},
      {"a manager that is none", with("manager", "me"), "api.bad_request"},
      {"level 6", with("level", 6), "api.bad_request"},
      {"an address that is none", with("addresses", json::array{"10.2.0.256"}), "incident.system_invalid"},
      {"a domain that is none", with("domains", json::array{"http://a.vn"}), "incident.system_invalid"},
      {"a device that is none", with("devices", json::array{"01jd0000000000000000000000"}), "incident.system_invalid"},
      {"a day that is none", with("level_decision", json::object{{"number", "1"}, {"date", "2025-02-30"}}),
       "api.bad_request"},
      {"a decision of the future", with("level_decision", json::object{{"number", "1"}, {"date", "2099-02-03"}}),
       "incident.system_invalid"},
      {"what is not known", with("password", "x"), "api.bad_request"},
  };
  for (const auto& row : table) {
    const ClientResponse response = administrator.call("POST", "/api/v1/systems", json::serialize(row.body));
    EXPECT_GE(response.status, 400U) << row.what;
    EXPECT_EQ(error_of(response), row.code) << row.what << response.body;
  }
  EXPECT_EQ(administrator.get("/api/v1/systems").at("items").as_array().size(), 1U);

  const json::value one = open_case(administrator);
  const auto set = [&](Caller& who, const json::object& body) {
    return who.call("PUT", path_of(one) + "/system", json::serialize(body));
  };
  EXPECT_EQ(error_of(set(administrator, {{"system_id", "01jd0000000000000000000000"}})), "incident.system_unknown");
  EXPECT_EQ(set(auditor, {{"system_id", nullptr}, {"system", "x"}}).status, 403);
  EXPECT_EQ(set(administrator, {{"system_id", nullptr}, {"system", "Máy trạm"}}).status, 200);
  Caller head = head_of_agency(administrator);
  EXPECT_EQ(head.call("GET", "/api/v1/systems").status, 200) << "a head reads the register";
  EXPECT_EQ(head.call("POST", "/api/v1/systems", json::serialize(of_agency(portal()))).status, 403) << "and keeps none";
  post(head, path_of(one) + "/moves", {{"event", "dismiss"}, {"reason", "Báo nhầm"}}, 200);
  EXPECT_EQ(error_of(set(administrator, {{"system_id", nullptr}, {"system", "y"}})), "incident.system_decided");
}

}  // namespace
}  // namespace luy::hub
