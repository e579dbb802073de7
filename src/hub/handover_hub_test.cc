// Goal: packages for the police over REST: made, listed, handed out, noted; holds ended by two; refused by role and for
// bad input.
// Method: the whole hub; a device's lines are the evidence. What lies in a package is tested in incident/handover_test.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/hash.h"
#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

struct HandoverHubTest : CaseHubTest {
  json::object to_police(json::object more = {}) {
    more["receiver"] = "Công an phường Bỉm Sơn";
    return more;
  }
  json::object disk() {
    return {{"name", "Ổ đĩa"},
            {"taken_by", "Công an phường Bỉm Sơn"},
            {"taken_at", iso(-1min)},
            {"sha256", std::string(64, 'a')}};
  }
};

TEST_F(HandoverHubTest, APackageIsMadeListedHandedOutAndInTheEvidence) {
  Caller administrator = signed_in();
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1, {line("first"), line("second")}).status, 200);
  const json::value one = open_case(administrator);
  json::value made;
  // The store begins with today: just after midnight an hour ago was yesterday, of which it has nothing.
  const std::string from = to_rfc3339(std::max(clock.now() - 1h, day_begin(day_of(clock.now()))));
  // Until a checkpoint covers the lines.
  ASSERT_TRUE(soon([&] {
    const json::object body =
        to_police({{"events", {{"from", from}, {"to", iso(0s)}, {"devices", json::array{device.id}}}}});
    const ClientResponse response = administrator.call("POST", path_of(one) + "/handovers", json::serialize(body));
    EXPECT_TRUE(response.status == 201 || error_of(response) == "incident.handover_unsigned" ||
                error_of(response) == "evidence.store_empty" || error_of(response) == "evidence.not_covered")
        << response.body;
    if (response.status == 201) made = json::parse(response.body);
    return response.status == 201;
  }));
  EXPECT_EQ(made.at("records").to_number<int>(), 2);
  EXPECT_EQ(made.at("days").as_array().size(), 1U);
  const json::value detail = administrator.get(path_of(one));
  ASSERT_EQ(detail.at("handovers").as_array().size(), 1U);
  EXPECT_EQ(detail.at("handovers").at(0).at("sha256"), made.at("sha256"));
  for (const json::value& part : detail.at("parts").as_array()) EXPECT_NE(text(part.at("kind")), "handover");
  EXPECT_EQ(text(detail.at("timeline").as_array().back().at("kind")), "handover");

  const std::string file = path_of(one) + "/handovers/" + text(made.at("id")) + "/file";
  const ClientResponse zip = administrator.call("GET", file);
  ASSERT_EQ(zip.status, 200);
  EXPECT_EQ(zip.header("content-type"), "application/zip");
  EXPECT_EQ(to_hex(sha256(zip.body)), text(made.at("sha256")));
  EXPECT_EQ(zip.body.size(), made.at("bytes").to_number<std::size_t>());
  const auto downloads = [&] {
    return administrator.get("/api/v1/events?q=event.action:incident_handover_file").at("events").as_array().size();
  };
  EXPECT_TRUE(soon([&] { return downloads() == 1; })) << "who took it is in the evidence";
  ASSERT_EQ(administrator.call("GET", file).status, 200);
  EXPECT_TRUE(soon([&] { return downloads() == 2; })) << "each time";
  Caller office = person(administrator, "town_office", "vanphong", 4);
  EXPECT_EQ(office.get(path_of(one)).at("handovers").at(0).at("sha256"), made.at("sha256"));
  EXPECT_EQ(office.call("GET", file).status, 403) << "it holds records of the logs";
  post(administrator, path_of(one) + "/parts", {{"kind", "evidence"}, {"body", disk()}}, 201);
  const json::value bare = post(administrator, path_of(one) + "/handovers", to_police(), 201);
  EXPECT_EQ(office.call("GET", path_of(one) + "/handovers/" + text(bare.at("id")) + "/file").status, 200)
      << "without any it goes with the case";
  ASSERT_TRUE(soon([&] { return !administrator.get(path_of(one)).at("handovers").at(0).at("seq").is_null(); }));
  const json::value proof = administrator.get(path_of(one)).at("handovers").at(0).at("seq");
  const json::value record = administrator.get("/api/v1/events/" + std::to_string(proof.to_number<int>()));
  EXPECT_NE(json::serialize(record).find(text(made.at("sha256"))), std::string::npos) << "the hash is in the evidence";
}

TEST_F(HandoverHubTest, RolesAndBadInputAreRefused) {
  Caller administrator = signed_in();
  const json::value one = open_case(administrator);
  const std::string path = path_of(one) + "/handovers";
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  Caller auditor = person(administrator, "auditor", "kiemtra", 3);
  Caller office = person(administrator, "town_office", "vanphong", 4);
  const json::object events{{"from", iso(-1h)}, {"to", iso(-1s)}};
  EXPECT_EQ(staff.call("POST", path, json::serialize(to_police())).status, 403);
  EXPECT_EQ(auditor.call("POST", path, json::serialize(to_police())).status, 403);
  EXPECT_EQ(office.call("POST", path, json::serialize(to_police({{"events", events}}))).status, 403)
      << "may handle cases, may not search logs";

  const struct {
    const char* what;
    json::object body;
    const char* code;
  } table[] = {
      {"nothing", to_police(), "incident.handover_empty"},
      {"no receiver", {}, "api.bad_request"},
      {"a blank receiver", {{"receiver", " "}}, "incident.text_missing"},
      {"a paper that is none", to_police({{"paper", one.at("id")}}), "incident.paper_unknown"},
      {"evidence that is none", to_police({{"evidence", json::array{one.at("id")}}}), "incident.part_unknown"},
      {"backwards", to_police({{"events", {{"from", iso(-1h)}, {"to", iso(-2h)}}}}), "incident.ends_before_start"},
      {"the future", to_police({{"events", {{"from", iso(-1h)}, {"to", iso(9h)}}}}), "incident.time_in_future"},
      {"days before the hub", to_police({{"events", {{"from", iso(-24h * 9)}, {"to", iso(-24h * 8)}}}}),
       "incident.handover_days_missing"},
      {"no time", to_police({{"events", {{"from", "hôm qua"}, {"to", iso(0s)}}}}), "api.bad_request"},
      {"what is not known", to_police({{"password", "x"}}), "api.bad_request"},
  };
  for (const auto& row : table) {
    const ClientResponse response = administrator.call("POST", path, json::serialize(row.body));
    EXPECT_GE(response.status, 400U) << row.what;
    EXPECT_EQ(error_of(response), row.code) << row.what << response.body;
  }
  const std::string file = path + "/" + text(one.at("id")) + "/file";
  EXPECT_EQ(error_of(administrator.call("GET", file)), "incident.handover_unknown");
  EXPECT_EQ(staff.call("GET", file).status, 403);
  EXPECT_TRUE(administrator.get(path_of(one)).at("handovers").as_array().empty());
}

TEST_F(HandoverHubTest, AHoldIsEndedByTwo) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller office = person(administrator, "town_office", "vanphong", 3);
  person(administrator, "agency_head", "thutruong", 4);  // From now on acts take two.
  const json::value one = open_case(administrator);
  const json::value hold = post(administrator, path_of(one) + "/parts",
                                {{"kind", "hold"}, {"body", {{"reason", "Theo yêu cầu"}, {"from", iso(-24h)}}}}, 201);
  const std::string part = path_of(one) + "/parts/" + text(hold.at("id"));
  const auto holds = [&] { return administrator.get("/api/v1/holds").at("items").as_array(); };
  ASSERT_EQ(holds().size(), 1U);
  EXPECT_TRUE(holds().front().at("release").is_null());
  EXPECT_EQ(error_of(administrator.call("PATCH", part,
                                        json::serialize(json::object{{"changes", {{"released_at", iso(0s)}}}}))),
            "incident.hold_takes_two");
  const std::string reason = R"({"reason":"Đã bàn giao"})";
  EXPECT_EQ(office.call("POST", part + "/release", reason).status, 403) << "handles cases, ends no holds";
  EXPECT_EQ(error_of(administrator.call("POST", path_of(one) + "/parts/" + text(one.at("id")) + "/release", reason)),
            "incident.part_unknown");
  const json::value asked = post(officer, part + "/release", {{"reason", "Đã bàn giao"}}, 202);
  EXPECT_EQ(holds().front().at("release"), asked.at("act")) << "it is in force until somebody agrees";
  const std::string act = "/api/v1/acts/" + text(asked.at("act"));
  EXPECT_EQ(officer.call("POST", act + "/agree").status, 403) << "not by who asked";
  EXPECT_EQ(office.call("POST", act + "/agree").status, 403);
  const json::value all_of_waiting = administrator.get("/api/v1/acts");
  for (const json::value& waiting : all_of_waiting.at("acts").as_array()) {
    if (waiting.at("id") != asked.at("act")) continue;
    EXPECT_EQ(text(waiting.at("before").at("kept_from")),
              to_iso(day_of(*from_rfc3339(text(hold.at("body").at("from"))))));
    EXPECT_TRUE(waiting.at("after").at("kept_from").is_null());
    EXPECT_EQ(text(waiting.at("after").at("release_reason")), "Đã bàn giao");
  }
  EXPECT_EQ(administrator.call("POST", act + "/agree").status, 204);
  EXPECT_TRUE(holds().empty());
  EXPECT_EQ(error_of(administrator.call("POST", part + "/release", reason)), "incident.hold_over");
  const json::value all_of_each = administrator.get(path_of(one));
  for (const json::value& each : all_of_each.at("parts").as_array()) {
    if (each.at("id") != hold.at("id")) continue;
    EXPECT_EQ(text(each.at("body").at("released_by")), "Người canbo, quantri");
  }
}

}  // namespace
}  // namespace luy::hub
