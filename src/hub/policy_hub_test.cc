// Goal: what an officer sets reaches the right devices as a signed policy with a version that only grows, and what the
// devices hold can be seen. Method: the whole hub; this test is the agent and speaks to the agents' port.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "device_policy/policy.h"
#include "evidence/signature.h"
#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

using device_policy::Policy;

class PolicyHubTest : public CaseHubTest {
 protected:
  ClientResponse call(const Device& device, const std::string& path, const std::string& body) {
    return Caller(port("agent_port"), device.options).call("POST", path, body);
  }
  std::int64_t offered(const Device& device) {
    return order::read_answer(call(device, "/agent/v1/orders", "{}").body).value().policy;
  }
  device_policy::Answer answer(const Device& device, std::int64_t held) {
    const ClientResponse response = call(device, "/agent/v1/policy", json::serialize(json::object{{"version", held}}));
    EXPECT_EQ(response.status, 200) << response.body;
    return device_policy::read_answer(response.body).value();
  }
  Policy policy_of(const Device& device, std::int64_t held = 0) {
    const device_policy::Answer given = answer(device, held);
    EXPECT_TRUE(given.policy);
    return device_policy::accept(*given.policy, {given.key, device.id, 0}, evidence::ed25519_verify).value();
  }
  static event::BatchRecord receipt(std::int64_t version, bool held, std::int64_t holds,
                                    std::vector<std::string> unknown = {}) {
    device_policy::Receipt out;
    out.version = version;
    out.held = held;
    out.held_version = holds;
    out.at = *from_rfc3339("2026-11-23T08:00:00.000000Z");
    out.code = held ? "" : "device_policy.malformed";
    out.vi = "Đã nhận.";
    out.en = "Taken.";
    out.sha256 = std::string(64, 'a');
    out.unknown = std::move(unknown);
    return {event::Transport::agent, std::string(device_policy::receipt_stream), device_policy::to_json(out)};
  }
  std::string agency_id(Caller& who) { return text(who.get("/api/v1/agencies").at("agencies").at(0).at("id")); }
  json::value settings(Caller& who, const Device& device) {
    return who.get("/api/v1/devices/" + device.id + "/settings");
  }
  ClientResponse put(Caller& who, const std::string& path, const json::object& wanted) {
    return who.call("PUT", path, json::serialize(wanted));
  }
};

json::object with_field(const json::value& from, const std::string& field, const json::value& to) {
  json::object out = from.at("sections").at("antivirus").as_object();
  out[field] = to;
  return {{"antivirus", std::move(out)}, {"reason", "Theo kế hoạch quét"}};
}

TEST_F(PolicyHubTest, ADeviceGetsASignedPolicyWithTheRegulationsPeriod) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  EXPECT_EQ(text(settings(person, device).at("policy").at("state")), "none");
  const std::int64_t version = offered(device);
  ASSERT_GT(version, 0);
  const Policy policy = policy_of(device);
  EXPECT_EQ(policy.version, version);
  ASSERT_TRUE(policy.antivirus);
  EXPECT_EQ(policy.antivirus->period_days, 7);
  EXPECT_TRUE(policy.antivirus->scan);
  EXPECT_FALSE(answer(device, version).policy) << "it holds that one";
  EXPECT_EQ(offered(device), version) << "nothing is different";
  EXPECT_EQ(text(settings(person, device).at("policy").at("state")), "waiting");
}

TEST_F(PolicyHubTest, SettingsOfTheAgencyAndOfTheDeviceMakeNewVersions) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  const std::int64_t first = offered(device);
  const std::string of_agency = "/api/v1/agencies/" + agency_id(person) + "/device-settings";
  const std::string of_device = "/api/v1/devices/" + device.id + "/settings";
  const ClientResponse set = put(person, of_agency, with_field(person.get(of_agency), "weekday", 5));
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_TRUE(json::parse(set.body).at("act").is_null());
  const std::int64_t second = offered(device);
  EXPECT_GT(second, first);
  EXPECT_EQ(policy_of(device, first).antivirus->weekday, 5);
  EXPECT_EQ(text(settings(person, device).at("origins").at("antivirus").at("from")), "agency");

  ASSERT_EQ(put(person, of_device, with_field(settings(person, device), "weekday", 6)).status, 200);
  EXPECT_EQ(policy_of(device, second).antivirus->weekday, 6);
  EXPECT_EQ(text(settings(person, device).at("origins").at("antivirus").at("from")), "device");
  EXPECT_EQ(person.get(of_agency).at("devices_apart").as_int64(), 1);
  const std::int64_t third = offered(device);

  const json::object back{{"antivirus", nullptr}, {"reason", "Theo cơ quan"}};
  ASSERT_EQ(put(person, of_device, back).status, 200);
  EXPECT_GT(offered(device), third) << "a number is never used again, though the content was there before";
  EXPECT_EQ(policy_of(device, third).antivirus->weekday, 5);
}

TEST_F(PolicyHubTest, WhatDevicesHoldAndRefuseIsShown) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  const std::int64_t version = offered(device);
  ASSERT_EQ(send(device, 1, {receipt(version, true, version, {"backup"})}).status, 200);
  const auto state = [&] { return text(settings(person, device).at("policy").at("state")); };
  ASSERT_TRUE(soon([&] { return state() == "held"; }));
  const json::value shown = settings(person, device).at("policy");
  EXPECT_EQ(shown.at("held_version").as_int64(), version);
  EXPECT_EQ(text(shown.at("unknown").at(0)), "backup");
  EXPECT_TRUE(shown.at("proof").is_int64());

  ASSERT_EQ(
      put(person, "/api/v1/devices/" + device.id + "/settings", with_field(settings(person, device), "weekday", 1))
          .status,
      200);
  const std::int64_t newer = offered(device);
  EXPECT_EQ(state(), "waiting");
  ASSERT_EQ(send(device, 2, {receipt(newer, false, version)}).status, 200);
  ASSERT_TRUE(soon([&] { return state() == "refused"; }));
  EXPECT_EQ(text(settings(person, device).at("policy").at("refusal").at("code")), "device_policy.malformed");
  EXPECT_EQ(settings(person, device).at("policy").at("held_version").as_int64(), version);
  const json::value listed = person.get("/api/v1/device-policies?state=refused").at("items");
  ASSERT_EQ(listed.as_array().size(), 1U);
  EXPECT_EQ(text(listed.at(0).at("device").at("id")), device.id);
  EXPECT_TRUE(person.get("/api/v1/device-policies?state=held").at("items").as_array().empty());
}

TEST_F(PolicyHubTest, WhatProtectsLessWaitsForASecondPerson) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  Caller head = head_of_agency(administrator);
  const std::int64_t first = offered(device);
  const std::string path = "/api/v1/agencies/" + agency_id(administrator) + "/device-settings";
  json::object wanted = with_field(administrator.get(path), "scan", false);
  const ClientResponse asked = put(administrator, path, wanted);
  ASSERT_EQ(asked.status, 202) << asked.body;
  EXPECT_EQ(text(json::parse(asked.body).at("weakened").at(0)), "antivirus.scan");
  EXPECT_EQ(offered(device), first) << "nothing has changed yet";
  EXPECT_EQ(put(head, path, wanted).status, 403) << "who agrees does not set";
  const std::string act = waiting_act(asked);
  const ClientResponse agreed = head.call("POST", "/api/v1/acts/" + act + "/agree");
  ASSERT_EQ(agreed.status, 204) << agreed.body;
  ASSERT_TRUE(soon([&] { return offered(device) > first; }));
  EXPECT_FALSE(policy_of(device, first).antivirus->scan);

  const ClientResponse back = put(administrator, path, with_field(administrator.get(path), "scan", true));
  EXPECT_EQ(back.status, 200) << "more protection takes one" << back.body;
  EXPECT_TRUE(policy_of(device).antivirus->scan);
}

TEST_F(PolicyHubTest, ImpossibleSettingsAreRefusedAndNothingIsKept) {
  Caller person = signed_in();
  const Device device = enrol(secrets.token);
  const std::string path = "/api/v1/devices/" + device.id + "/settings";
  const json::value before = settings(person, device);
  for (const auto& [field, value] : std::vector<std::pair<std::string, json::value>>{
           {"weekday", 8}, {"until_minute", 1}, {"paths", {"home"}}, {"paths", {"/a/../b"}}, {"more", true}}) {
    EXPECT_EQ(put(person, path, with_field(before, field, value)).status, 400) << field;
  }
  EXPECT_EQ(put(person, path, {{"reason", "không có gì"}}).status, 400);
  EXPECT_EQ(put(person, "/api/v1/devices/01jd0000000000000000000000/settings", with_field(before, "weekday", 1)).status,
            404);
  EXPECT_EQ(settings(person, device), before);
  EXPECT_EQ(call(device, "/agent/v1/policy", "{}").status, 400);
  EXPECT_EQ(call(device, "/agent/v1/policy", R"({"version":-1})").status, 400);
}

TEST_F(PolicyHubTest, AHubPutBackFromABackupCatchesUpWithWhatDevicesHold) {
  const Device device = enrol(secrets.token);
  const std::int64_t version = offered(device);
  const Policy caught_up = policy_of(device, version + 1000);
  EXPECT_EQ(caught_up.version, version + 1001);
  EXPECT_EQ(offered(device), version + 1001);
  EXPECT_LE(policy_of(device, std::int64_t{1} << 62).version, version + 1001) << "a device cannot use the numbers up";
}

}  // namespace
}  // namespace luy::hub
