// Goal: orders serve a case that may be served: told in its timeline with their proofs, listed with it, refused by
// role, place and state; events of linked findings stand in the timeline; evidence takes its digest from its
// attachment. Method: the whole hub; this test is the agent and speaks to the agents' port.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "hub/case_hub_fixture.h"
#include "order/order.h"

namespace luy::hub {
namespace {

struct CaseOrderHubTest : CaseHubTest {
  json::object look(const json::value& one) {
    return {{"type", "collect_volatile"}, {"reason", "Kiểm tra máy lạ"}, {"case", one.at("id")}};
  }
  static std::string orders_of(const Device& device) { return "/api/v1/devices/" + device.id + "/orders"; }
  void settle(const Device& device, std::uint64_t batch) {
    const ClientResponse asked = Caller(port("agent_port"), device.options).call("POST", "/agent/v1/orders", "{}");
    const order::Answer answer = order::read_answer(asked.body).value();
    ASSERT_EQ(answer.orders.size(), 1U);
    const order::Order order = order::read(answer.orders[0].document).value();
    order::OrderResult result;
    result.order = order.id;
    result.at = order.issued_at;
    result.vi = "Đã thu thập.";
    result.en = "Collected.";
    result.sha256 = to_hex(sha256(answer.orders[0].document));
    ASSERT_EQ(
        send(device, batch, {{event::Transport::agent, std::string(order::result_stream), order::to_json(result)}})
            .status,
        200);
  }
  std::vector<json::object> entries(Caller& who, const json::value& one, const char* kind) {
    std::vector<json::object> out;
    const json::value detail = who.get(path_of(one));
    for (const json::value& entry : detail.at("timeline").as_array()) {
      if (text(entry.at("kind")) == kind) out.push_back(entry.as_object());
    }
    return out;
  }
};

TEST_F(CaseOrderHubTest, ACaseIsToldOfItsOrdersAndTheirResults) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  const json::value one = open_case(administrator);
  const json::value issued = post(administrator, orders_of(device), look(one), 201);
  EXPECT_EQ(issued.at("order").at("case"), one.at("id"));
  EXPECT_EQ(issued.at("order").at("case_number"), one.at("number"));
  settle(device, 1);
  ASSERT_TRUE(soon([&] {
    const auto told = entries(administrator, one, "order");
    return told.size() == 2 && !told[0].at("seq").is_null();
  }));
  const auto told = entries(administrator, one, "order");
  EXPECT_NE(text(told[0].at("text").at("vi")).find("Kiểm tra máy lạ"), std::string::npos);
  EXPECT_EQ(text(told[1].at("data").at("state")), "done");
  EXPECT_NE(text(told[1].at("text").at("vi")).find("Đã thu thập."), std::string::npos);
  const json::value listed = administrator.get(path_of(one) + "/orders").at("items");
  ASSERT_EQ(listed.as_array().size(), 1U);
  EXPECT_EQ(text(listed.at(0).at("device").at("id")), device.id);
  EXPECT_EQ(listed.at(0).at("proof"), told[1].at("seq")) << "the record that holds the result";

  const json::value again = post(administrator, orders_of(device), look(one), 201);
  EXPECT_EQ(administrator.call("DELETE", orders_of(device) + "/" + text(again.at("order").at("id"))).status, 204);
  EXPECT_EQ(text(entries(administrator, one, "order").back().at("data").at("state")), "cancelled");
}

TEST_F(CaseOrderHubTest, WhatTakesTwoIsToldOnceAgreed) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  const json::value one = open_case(administrator);
  Caller head = head_of_agency(administrator);
  const json::object block{
      {"type", "block_address"}, {"reason", "Máy chủ điều khiển"}, {"address", "192.0.2.9"}, {"case", one.at("id")}};
  const std::string act = waiting_act(administrator.call("POST", orders_of(device), json::serialize(block)));
  EXPECT_TRUE(entries(administrator, one, "order").empty()) << "nothing has been ordered yet";
  const ClientResponse agreed = head.call("POST", "/api/v1/acts/" + act + "/agree");
  ASSERT_EQ(agreed.status, 204) << agreed.body;
  ASSERT_TRUE(soon([&] {
    const auto told = entries(administrator, one, "order");
    return told.size() == 1 && !told[0].at("seq").is_null();
  }));
  EXPECT_NE(text(entries(administrator, one, "order")[0].at("text").at("vi")).find("192.0.2.9"), std::string::npos);
  EXPECT_EQ(administrator.get(path_of(one) + "/orders").at("items").as_array().size(), 1U);
}

TEST_F(CaseOrderHubTest, RolesPlacesAndCasesThatAreOverAreRefused) {
  Caller administrator = signed_in();
  Caller staff = person(administrator, "staff", "nhanvien", 5);
  Caller auditor = person(administrator, "auditor", "kiemtra", 4);
  const Device device = enrol(secrets.token);
  const json::value one = open_case(administrator);
  const auto code = [&](const json::object& wanted) {
    return error_of(administrator.call("POST", orders_of(device), json::serialize(wanted)));
  };
  json::object unknown = look(one);
  unknown["case"] = "SC-1";
  EXPECT_EQ(code(unknown), "incident.case_unknown") << "a number is no id";
  unknown["case"] = "01jd0000000000000000000000";
  EXPECT_EQ(code(unknown), "incident.case_unknown");
  EXPECT_EQ(error_of(administrator.call("GET", "/api/v1/incidents/01jd0000000000000000000000/orders")),
            "incident.case_unknown");

  const json::value below = post(administrator, "/api/v1/agencies",
                                 {{"code", "VP"}, {"name", "Văn phòng"}, {"superior", secrets.agency}}, 201);
  const json::value agency = below.as_object().contains("agency") ? below.at("agency") : below;
  const json::value other =
      post(administrator, "/api/v1/incidents",
           {{"agency", agency.at("id")}, {"title", "Vụ ở cấp dưới"}, {"discovered_at", iso(-5min)}}, 201);
  EXPECT_EQ(code(look(other)), "hub.order_wrong_case") << "the machine is above the case";

  Caller head = head_of_agency(administrator);
  post(head, path_of(one) + "/moves", {{"event", "dismiss"}, {"reason", "Báo nhầm"}}, 200);
  EXPECT_EQ(code(look(one)), "incident.case_over");

  EXPECT_EQ(staff.call("GET", path_of(one) + "/orders").status, 403);
  EXPECT_EQ(auditor.call("GET", path_of(one) + "/orders").status, 200);
  EXPECT_EQ(auditor.call("POST", orders_of(device), json::serialize(look(one))).status, 403);
}

TEST_F(CaseOrderHubTest, OrdersOfARetiredDeviceCanBeRead) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  const json::value one = open_case(administrator);
  const json::value issued = post(administrator, orders_of(device), look(one), 201);
  const ClientResponse retired = administrator.call("POST", "/api/v1/devices/" + device.id + "/retirement",
                                                    json::serialize(json::object{{"reason", "Hỏng"}}));
  ASSERT_EQ(retired.status, 204U) << retired.body;
  EXPECT_EQ(administrator.get(orders_of(device)).at("orders").as_array().size(), 1U);
  EXPECT_EQ(administrator.get(path_of(one) + "/orders").at("items").as_array().size(), 1U);
  EXPECT_EQ(administrator.call("POST", orders_of(device), json::serialize(look(one))).status, 404);
  EXPECT_EQ(administrator.call("DELETE", orders_of(device) + "/" + text(issued.at("order").at("id"))).status, 204);
}

TEST_F(CaseOrderHubTest, EventsOfFindingsStandInTheTimelineAndEvidenceTakesItsDigest) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1, attack(25, "203.0.113.9")).status, 200);
  const json::array found = findings(administrator, 1);
  const json::value one = open_case(administrator, {{"findings", json::array{found.at(0).at("id")}}});
  std::vector<json::object> events;
  ASSERT_TRUE(soon([&] { return !(events = entries(administrator, one, "event")).empty(); }));
  EXPECT_LE(events.size(), 10U) << "the newest of each finding";
  for (const json::object& event : events) {
    EXPECT_EQ(text(event.at("data").at("finding")), text(found.at(0).at("id")));
    EXPECT_EQ(text(event.at("data").at("device")), device.id);
    EXPECT_NE(text(event.at("text").at("vi")).find("Failed password"), std::string::npos);
    EXPECT_FALSE(event.at("seq").is_null());
  }
  Caller office = person(administrator, "town_office", "vanphong", 6);
  EXPECT_TRUE(entries(office, one, "event").empty()) << "it handles cases and reads no logs";
  EXPECT_FALSE(entries(office, one, "opened").empty());
  const json::value detail = administrator.get(path_of(one));
  std::string last;
  for (const json::value& entry : detail.at("timeline").as_array()) {
    EXPECT_LE(last, text(entry.at("at")));
    last = text(entry.at("at"));
  }

  const json::value file =
      post(administrator, path_of(one) + "/files", {{"name", "nhật ký.txt"}, {"content", to_base64("một dòng")}}, 201);
  json::object evidence{{"taken_by", "Người canbo"}, {"taken_at", iso(-1min)}, {"attachment", file.at("id")}};
  const json::value part =
      post(administrator, path_of(one) + "/parts", {{"kind", "evidence"}, {"body", evidence}}, 201);
  EXPECT_EQ(text(part.at("body").at("sha256")), to_hex(sha256("một dòng")));
  EXPECT_EQ(text(part.at("body").at("name")), "nhật ký.txt");
  evidence["sha256"] = std::string(64, 'a');
  post(administrator, path_of(one) + "/parts", {{"kind", "evidence"}, {"body", evidence}}, 400);
}

}  // namespace
}  // namespace luy::hub
