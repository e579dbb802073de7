// Goal: an order goes from a person to the right device alone, signed, and its result comes back with its proof.
// Method: the whole hub; this test is the agent and speaks to the agents' port.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "evidence/signature.h"
#include "hub/hub_fixture.h"
#include "order/order.h"

namespace luy::hub {
namespace {

class OrderHubTest : public HubTest {
 protected:
  ClientResponse ask(const Device& device) {
    return Caller(port("agent_port"), device.options).call("POST", "/agent/v1/orders", "{}");
  }
  order::Answer orders_of(const Device& device) {
    const ClientResponse response = ask(device);
    EXPECT_EQ(response.status, 200) << response.body;
    return order::read_answer(response.body).value();
  }
  static event::BatchRecord result_of(const order::Order& order, const std::string& document) {
    order::OrderResult result;
    result.order = order.id;
    result.at = order.issued_at;
    result.vi = "Xong.";
    result.en = "Done.";
    result.sha256 = to_hex(sha256(document));
    return {event::Transport::agent, std::string(order::result_stream), order::to_json(result)};
  }
  ClientResponse issue(Caller& who, const Device& device, const json::object& wanted) {
    return who.call("POST", "/api/v1/devices/" + device.id + "/orders", json::serialize(wanted));
  }
  json::value listed(Caller& who, const Device& device) {
    return who.get("/api/v1/devices/" + device.id + "/orders").at("orders");
  }
  std::string state(Caller& who, const Device& device) { return text(listed(who, device).at(0).at("state")); }
  bool soon(const std::function<bool()>& condition) {
    for (int i = 0; i < 3000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

const json::object look{{"type", "collect_volatile"}, {"reason", "Kiểm tra máy lạ"}};

TEST_F(OrderHubTest, AnOrderIsSignedTakenAndSettledWithItsProof) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  EXPECT_EQ(send(device, 1, {line("first")}).header("luy-orders"), "");
  EXPECT_TRUE(orders_of(device).orders.empty());
  auto stream = person.open_stream("?topics=order");

  const ClientResponse issued = issue(person, device, look);
  ASSERT_EQ(issued.status, 201) << issued.body;
  EXPECT_EQ(state(person, device), "waiting");
  EXPECT_EQ(send(device, 2, {line("second")}).header("luy-orders"), "1") << "the answer says that one waits";

  const order::Answer answer = orders_of(device);
  ASSERT_EQ(answer.orders.size(), 1U);
  EXPECT_TRUE(
      evidence::ed25519_verify(answer.key, order::signed_bytes(answer.orders[0].document), answer.orders[0].signature));
  const order::Order order = order::read(answer.orders[0].document).value();
  EXPECT_EQ(order.device, device.id);
  EXPECT_EQ(order.asked_by, "quantri");
  EXPECT_EQ(order.incident, "");
  EXPECT_EQ(state(person, device), "taken");
  stream->receive_until("\"state\":\"taken\"");
  EXPECT_EQ(orders_of(device).orders, answer.orders) << "until its result is known";

  ASSERT_EQ(send(device, 3, {result_of(order, answer.orders[0].document)}).status, 200);
  ASSERT_TRUE(soon([&] { return state(person, device) == "done"; }));
  const json::value settled = listed(person, device).at(0);
  EXPECT_EQ(text(settled.at("result").at("vi")), "Xong.");
  const std::string proof = std::to_string(settled.at("proof").to_number<std::int64_t>());
  const auto proved = [&] { return person.call("GET", "/api/v1/events/" + proof + "/proof").status == 200; };
  EXPECT_TRUE(soon(proved)) << "once a checkpoint covers it";
  EXPECT_TRUE(orders_of(device).orders.empty());
  EXPECT_EQ(send(device, 4, {line("third")}).header("luy-orders"), "");
}

TEST_F(OrderHubTest, AnotherDeviceNeitherGetsNorSettlesIt) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  const json::value agency = person.get("/api/v1/agencies").at("agencies").at(0).at("id");
  const ClientResponse token =
      person.call("POST", "/api/v1/agents/tokens", json::serialize(json::object{{"agency", agency}}));
  const Device other = enrol(text(json::parse(token.body).at("token")), "b-machine");
  ASSERT_EQ(issue(person, device, look).status, 201);
  EXPECT_TRUE(orders_of(other).orders.empty());
  const auto mine = orders_of(device).orders.at(0);
  ASSERT_EQ(send(other, 1, {result_of(order::read(mine.document).value(), mine.document)}).status, 200);
  ASSERT_EQ(send(device, 1, {result_of(order::read(mine.document).value(), mine.document)}).status, 200);
  ASSERT_TRUE(soon([&] { return state(person, device) == "done"; }));
  const auto proof = listed(person, device).at(0).at("proof").to_number<std::int64_t>();
  const json::value record = person.get("/api/v1/events/" + std::to_string(proof));
  EXPECT_NE(json::serialize(record).find(device.id), std::string::npos) << "the proof is the device's own record";
}

TEST_F(OrderHubTest, OnlyWhatWaitsIsCancelledAndSerialsGrow) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  const json::value first = json::parse(issue(person, device, look).body);
  const json::value second = json::parse(issue(person, device, look).body);
  EXPECT_GT(second.at("order").at("serial").as_int64(), first.at("order").at("serial").as_int64());
  const auto cancel = [&](const json::value& issued) {
    return person.call("DELETE", "/api/v1/devices/" + device.id + "/orders/" + text(issued.at("order").at("id")))
        .status;
  };
  EXPECT_EQ(cancel(first), 204);
  EXPECT_EQ(cancel(first), 409);
  EXPECT_EQ(orders_of(device).orders.size(), 1U);
  EXPECT_EQ(cancel(second), 409) << "taken";
  EXPECT_EQ(text(listed(person, device).at(1).at("state")), "cancelled");
}

TEST_F(OrderHubTest, ImpossibleOrdersAreRefusedAndNothingIsKept) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  const std::vector<json::object> wrong = {
      {{"type", "format_disk"}, {"reason", "không có loại này"}},
      {{"type", "collect_now"}},
      {{"type", "block_address"}, {"reason", "sai địa chỉ"}, {"address", "10.0.0.0/8"}},
      {{"type", "unblock_address"}, {"reason", "thiếu địa chỉ"}},
      {{"type", "isolate_network"}, {"reason", "quá lâu"}, {"seconds", 1'000'000}},
      {{"type", "isolate_network"}, {"reason", "sai DNS"}, {"dns", {"dns.example"}}},
      {{"type", "stop_process"}, {"reason", "thiếu đường dẫn"}, {"pid", 4242}, {"start_ticks", 1}}};
  for (const json::object& one : wrong) {
    const ClientResponse response = issue(person, device, one);
    EXPECT_EQ(response.status, 400) << json::serialize(one) << response.body;
  }
  EXPECT_TRUE(listed(person, device).as_array().empty());
  EXPECT_EQ(person.call("GET", "/api/v1/devices/01jd0000000000000000000000/orders").status, 404);
}

TEST_F(OrderHubTest, OrdersAndTheirKeyOutliveARestart) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  ASSERT_EQ(issue(person, device, look).status, 201);
  const std::string key = orders_of(device).key;
  hub->stop();
  hub.reset();
  start();
  const order::Answer answer = orders_of(device);
  EXPECT_EQ(answer.key, key);
  EXPECT_EQ(answer.orders.size(), 1U);
}

}  // namespace
}  // namespace luy::hub
