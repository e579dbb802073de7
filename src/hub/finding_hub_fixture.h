// For tests of the whole hub with detection: two rules of their own, lines of an attack, and what people do with
// findings.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "hub/hub_fixture.h"

namespace luy::hub {

using namespace std::chrono_literals;

inline constexpr const char* guessing = R"(title: Password guessing
id: guessing
level: high
tags: [attack.credential-access, attack.t1110.001]
correlation:
  type: event_count
  rules: [failed_login]
  group-by: [source.ip]
  timespan: 10m
  condition: {gte: 5}
luy:
  title_vi: Dò mật khẩu qua SSH
  meaning_vi: Có người đang thử nhiều mật khẩu.
  meaning_en: Somebody tries many passwords.
  first_steps_vi: [Chặn địa chỉ này trên tường lửa.]
  first_steps_en: [Block the address on the firewall.]
  false_positives_vi: [Người dùng quên mật khẩu.]
  articles: [15.2.d]
---
title: Failed login
id: failed_login
level: low
logsource: {product: linux, service: sshd}
detection:
  failed: {message|contains: Failed password}
  condition: failed
)";
inline constexpr const char* remote_tool = R"(title: Remote control tool
id: remote_tool
level: medium
logsource: {product: linux, service: sshd}
detection:
  tool: {message|contains: anydesk}
  condition: tool
)";

// One file of a tar archive (POSIX ustar).
inline std::string tar_member(const std::string& name, const std::string& body) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  std::array<char, 13> size{};
  std::snprintf(size.data(), size.size(), "%011zo", body.size());
  header.replace(124, 11, size.data());
  header.replace(148, 8, 8, ' ');
  header[156] = '0';
  header.replace(257, 5, "ustar");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::array<char, 8> checksum{};
  std::snprintf(checksum.data(), checksum.size(), "%06o", sum);
  header.replace(148, 7, std::string(checksum.data()) + '\0');
  return header + body + std::string((512 - body.size() % 512) % 512, '\0');
}

struct FindingHubTest : HubTest {
  void SetUp() override {
    rules = own.path();
    std::filesystem::create_directories(own.path() / "linux");
    ASSERT_TRUE(write_file_durably(own.path() / "linux" / "guessing.yml", guessing));
    ASSERT_TRUE(write_file_durably(own.path() / "linux" / "tool.yml", remote_tool));
    HubTest::SetUp();
  }
  std::vector<event::BatchRecord> attack(int lines, const std::string& address) {
    std::vector<event::BatchRecord> out;
    for (int i = 0; i < lines; ++i) {
      out.push_back(line("Nov 22 10:00:0" + std::to_string(i % 10) +
                         " maychu sshd[4242]: Failed password for root from " + address + " port " +
                         std::to_string(40000 + i) + " ssh2"));
    }
    return out;
  }
  // Until `count` findings are there.
  json::array findings(Caller& caller, std::size_t count, const std::string& query = "") {
    for (int i = 0; i < 6000; ++i) {
      const json::value found = caller.get("/api/v1/findings" + query);
      if (found.at("items").as_array().size() >= count) return found.at("items").as_array();
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "no finding";
    return {};
  }
  json::value verdict(Caller& caller) {
    const json::value found = caller.get("/api/v1/verdicts?obligation=10.3-detect-warn-trace");
    return found.at("verdicts").as_array().front();
  }
  std::string state_of_duty(Caller& caller, const std::string& wanted) {
    std::string state;
    for (int i = 0; i < 6000 && state != wanted; ++i) {
      state = text(verdict(caller).at("state"));
      if (state != wanted) std::this_thread::sleep_for(10ms);
    }
    return state;
  }
  static std::string device_duty(Caller& caller, const std::string& duty, const std::string& device,
                                 const std::string& wanted) {
    std::string state;
    for (int i = 0; i < 6000 && state != wanted; ++i) {
      const json::value found = caller.get("/api/v1/verdicts?obligation=" + duty + "&subject=" + device);
      state = found.at("verdicts").as_array().empty() ? "none" : text(found.at("verdicts").at(0).at("state"));
      if (state != wanted) std::this_thread::sleep_for(10ms);
    }
    return state;
  }
  ClientResponse set_state(Caller& caller, const std::string& id, const std::string& state, const std::string& reason) {
    return caller.call(
        "POST", "/api/v1/findings/state",
        json::serialize(json::object{{"findings", json::array{id}}, {"state", state}, {"reason", reason}}));
  }
  // The head of the town's agency: the second of the two whom rights need.
  Caller head_of_agency(Caller& administrator) {
    const json::object account{{"agency", secrets.agency},
                               {"person_name", "Trần Văn Hùng"},
                               {"username", "thutruong"},
                               {"grants", {{{"role", "agency_head"}, {"agency", secrets.agency}}}}};
    const ClientResponse made = administrator.call("POST", "/api/v1/accounts", json::serialize(account));
    EXPECT_EQ(made.status, 201) << made.body;
    const std::string issued = text(json::parse(made.body).at("one_time_password"));
    Caller out = anonymous(2);
    const auto post = [&](const std::string& path, const json::object& body) {
      const ClientResponse response = out.call("POST", path, json::serialize(body));
      EXPECT_EQ(response.status, 200) << response.body;
    };
    post("/api/v1/session", {{"username", "thutruong"}, {"password", issued}});
    post("/api/v1/session/password", {{"current", issued}, {"new", password}});
    add_factor(out);
    return out;
  }
  // The act that an answer says waits.
  static std::string waiting_act(const ClientResponse& response) {
    EXPECT_EQ(response.status, 202) << response.body;
    return response.status == 202 ? text(json::parse(response.body).at("act")) : std::string();
  }
  TempFolder own;
};

}  // namespace luy::hub
