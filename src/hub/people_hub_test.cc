// Goal: people over REST: whose the accounts on devices are, and that the duties follow.
// Method: the whole hub; answers are checked against the contract.
#include <gtest/gtest.h>

#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

struct PeopleHubTest : CaseHubTest {
  static fact::Account account(const std::string& name, std::int64_t uid, Time last_login) {
    fact::Account out;
    out.name = name;
    out.uid = uid;
    out.can_log_in = true;
    out.password = "set";
    out.login_keys = 0;
    out.last_login = last_login;
    return out;
  }
  event::BatchRecord accounts_fact(std::vector<fact::Account> accounts) {
    fact::Accounts body;
    body.shadow_readable = true;
    body.accounts = std::move(accounts);
    return {event::Transport::fact, "fact/accounts", fact::to_json({clock.now(), "test", body})};
  }
  json::value queue(Caller& caller, const std::string& query = "") {
    return caller.get("/api/v1/device-accounts" + query);
  }
  bool judged(Caller& caller, const std::string& subject, const std::string& state, const std::string& code) {
    return soon([&] {
      const json::value found =
          caller.get("/api/v1/verdicts?obligation=10.2-account-control&subject=" + subject).at("verdicts");
      return !found.as_array().empty() && text(found.at(0).at("state")) == state &&
             text(found.at(0).at("reason_code")) == code;
    });
  }
};

TEST_F(PeopleHubTest, AccountsOnDevicesAreLinkedAndTheDutyFollows) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller staff = person(administrator, "staff", "nhanvien", 3);
  const Device device = enrol(secrets.token);
  fact::Account root = account("root", 0, clock.now());
  root.administrator = true;
  const auto facts = [&] {
    return std::vector{account("canbo", 1000, clock.now()), account("nhanvien", 1001, clock.now()), root};
  };
  ASSERT_EQ(send(device, 1, {accounts_fact(facts())}).status, 200);
  ASSERT_TRUE(soon([&] { return queue(officer).at("items").as_array().size() == 3; }));
  const json::value all = queue(officer);
  EXPECT_EQ(all.at("counts").at("ownerless").as_int64(), 3);
  EXPECT_EQ(all.at("counts").at("over_privileged").as_int64(), 1);
  EXPECT_EQ(queue(officer, "?problem=over_privileged").at("items").as_array().size(), 1U);
  EXPECT_EQ(queue(officer, "?q=nhan").at("items").as_array().size(), 1U);
  const json::value first = queue(officer, "?limit=2");
  EXPECT_EQ(first.at("items").as_array().size(), 2U);
  const json::value rest = queue(officer, "?cursor=" + text(first.at("next")));
  ASSERT_EQ(rest.at("items").as_array().size(), 1U);
  EXPECT_EQ(text(rest.at("items").at(0).at("name")), "root");
  const json::value& canbo = all.at("items").at(0);
  const json::value& nhanvien = all.at("items").at(1);
  EXPECT_TRUE(judged(administrator, device.id + ":account:nhanvien", "violated", "account.no_owner"));

  // As they were proposed; all or none.
  const auto item = [&](const json::value& one) {
    return json::object{{"device", device.id},
                        {"name", one.at("name")},
                        {"person", one.at("proposed").at("person").at("id")},
                        {"kind", "personal"}};
  };
  json::object nobody = item(nhanvien);
  nobody["name"] = "khongco";
  const std::string many = "/api/v1/device-accounts/links";
  EXPECT_EQ(text(post(officer, many, {{"items", {item(canbo), nobody}}}, 404).at("error").at("code")),
            "people.account_not_seen");
  EXPECT_EQ(queue(officer).at("counts").at("ownerless").as_int64(), 3);
  EXPECT_EQ(post(officer, many, {{"items", {item(canbo), item(nhanvien)}}}, 200).at("linked").as_int64(), 2);
  EXPECT_EQ(queue(officer).at("counts").at("ownerless").as_int64(), 1);
  EXPECT_TRUE(judged(administrator, device.id + ":account:nhanvien", "kept", "account.kept"));
  EXPECT_TRUE(soon([&] { return !queue(officer).at("items").at(1).at("link").at("seq").is_null(); }));

  const std::string path = "/api/v1/device-accounts/" + device.id + "/root/link";
  const json::value self = canbo.at("proposed").at("person").at("id");
  json::object mine{{"person", self}, {"kind", "service"}, {"reason", "Máy chủ"}};
  mine["administrator_until"] = to_iso(day_of(clock.now()) + days(30));
  EXPECT_EQ(text(send_json(officer, "PUT", path, mine, 403).at("error").at("code")), "people.own_administrator");
  const json::value linked = send_json(administrator, "PUT", path, mine, 200);
  EXPECT_TRUE(linked.at("problems").as_array().empty()) << json::serialize(linked);
  EXPECT_TRUE(judged(administrator, device.id + ":account:root", "kept", "account.kept"));
  const json::object shared{
      {"person", nullptr}, {"kind", "shared"}, {"reason", "Ca trực"}, {"expires", mine.at("administrator_until")}};
  send_json(officer, "PUT", path, shared, 200);
  EXPECT_TRUE(judged(administrator, device.id + ":account:root", "violated", "account.shared"));
  EXPECT_EQ(officer.call("DELETE", path).status, 204);
  EXPECT_EQ(officer.call("DELETE", path).status, 404);
  EXPECT_TRUE(judged(administrator, device.id + ":account:root", "violated", "account.no_owner"));

  // Made anew under the old name: nobody's.
  std::vector<fact::Account> anew = facts();
  anew[1].uid = 1002;
  ASSERT_EQ(send(device, 2, {accounts_fact(anew)}).status, 200);
  EXPECT_TRUE(judged(administrator, device.id + ":account:nhanvien", "violated", "account.no_owner"));

  Caller auditor = person(administrator, "auditor", "kiemtra", 4);
  Caller police = person(administrator, "police", "congan", 5);
  EXPECT_EQ(auditor.call("GET", "/api/v1/device-accounts").status, 200);
  EXPECT_EQ(send_json(auditor, "PUT", path, mine, 403).at("error").is_object(), true);
  EXPECT_EQ(auditor.call("DELETE", path).status, 403);
  for (Caller* one : {&staff, &police}) {
    EXPECT_EQ(one->call("GET", "/api/v1/device-accounts").status, 403);
    EXPECT_EQ(one->call("POST", many, json::serialize(json::object{{"items", {item(canbo)}}})).status, 403);
  }
}

TEST_F(PeopleHubTest, ALeaverIsGoneOnlyWhenTheMachinesSaySo) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller staff = person(administrator, "staff", "nhanvien", 3);
  const Device device = enrol(secrets.token);
  ASSERT_EQ(send(device, 1, {accounts_fact({account("nhanvien", 1001, clock.now())})}).status, 200);
  ASSERT_TRUE(soon([&] { return queue(officer).at("items").as_array().size() == 1; }));
  const json::value leaver = queue(officer).at("items").at(0).at("proposed").at("person");
  send_json(officer, "PUT", "/api/v1/device-accounts/" + device.id + "/nhanvien/link",
            {{"person", leaver.at("id")}, {"kind", "personal"}}, 200);
  const std::string device_path = "/api/v1/devices/" + device.id;
  const json::object holder{{"person_id", leaver.at("id")}};
  EXPECT_EQ(send_json(administrator, "PATCH", device_path, holder, 200).at("person_id"), leaver.at("id"));
  const json::value preview = officer.get("/api/v1/leaves/preview?person=" + text(leaver.at("id")));
  EXPECT_EQ(preview.at("items").as_array().size(), 4U) << "and the commitment they never signed";

  const json::object wanted{{"person", leaver.at("id")},
                            {"kind", "leave"},
                            {"last_day", to_iso(day_of(clock.now()))},
                            {"reason", "Nghỉ hưu"}};
  EXPECT_EQ(staff.call("POST", "/api/v1/leaves", json::serialize(wanted)).status, 403);
  const json::value made = post(officer, "/api/v1/leaves", wanted, 201);
  EXPECT_EQ(staff.call("GET", "/api/v1/overview").status, 401) << "their session ended with the act";
  EXPECT_EQ(made.at("open_items").as_int64(), 3);
  const std::string path = "/api/v1/leaves/" + text(made.at("id"));
  const auto duty = [&](const std::string& state) {
    return soon([&] {
      const json::value found = administrator.get("/api/v1/verdicts?obligation=7.4-offboarding").at("verdicts");
      return !found.as_array().empty() && text(found.at(0).at("state")) == state;
    });
  };
  EXPECT_TRUE(duty("due"));
  const auto item = [&](const std::string& kind) {
    for (const json::value& one : made.at("items").as_array()) {
      if (text(one.at("kind")) == kind) return one;
    }
    return json::value();
  };
  const std::string of_account = path + "/items/" + text(item("device_account").at("id"));
  EXPECT_EQ(text(item("product_account").at("state")), "done");
  EXPECT_EQ(text(post(officer, of_account + "/done", {{"how", "Đã khóa"}}, 409).at("error").at("code")),
            "people.still_alive");
  EXPECT_EQ(officer.call("POST", path + "/close").status, 409);

  // The end of the day comes, and the account lives.
  clock.move(std::chrono::hours(24));
  Caller next_day = signed_in();
  const auto overdue = [&] {
    return soon([&] {
      const json::value found = next_day.get("/api/v1/verdicts?obligation=7.4-offboarding").at("verdicts");
      return !found.as_array().empty() && text(found.at(0).at("state")) == "violated";
    });
  };
  EXPECT_TRUE(overdue());
  EXPECT_EQ(next_day.get("/api/v1/leaves?overdue=true").at("items").as_array().size(), 1U);

  // The device goes to somebody else, the account from the machine; what the hub cannot see somebody answers for.
  const json::value mail =
      post(next_day, path + "/items", {{"kind", "other_account"}, {"title", "Hòm thư công vụ"}}, 201);
  const json::value task = mail.at("items").as_array().back();
  send_json(next_day, "PATCH", device_path, {{"person_id", nullptr}}, 200);
  ASSERT_EQ(send(device, 2, {accounts_fact({})}).status, 200);
  post(next_day, path + "/items/" + text(task.at("id")) + "/done", {{"how", "Sở KHCN xác nhận đã khóa"}}, 200);
  post(next_day, path + "/items/" + text(item("commitment").at("id")) + "/done", {{"how", "Đã ký bản giấy"}}, 200);
  ASSERT_TRUE(soon([&] { return next_day.get(path).at("open_items").as_int64() == 0; }));
  const json::value settled = next_day.get(path);
  for (const json::value& one : settled.at("items").as_array()) {
    if (text(one.at("kind")) != "device_account") continue;
    EXPECT_FALSE(one.at("seq").is_null()) << "the fact that showed it";
  }
  const ClientResponse closed = next_day.call("POST", path + "/close");
  EXPECT_EQ(closed.status, 200) << closed.body;
  EXPECT_TRUE(soon([&] {
    const json::value found = next_day.get("/api/v1/verdicts?obligation=7.4-offboarding").at("verdicts");
    return text(found.at(0).at("state")) == "kept" && !found.at(0).at("proof").at(0).at("seq").is_null();
  }));
}

TEST_F(PeopleHubTest, RightsAreReviewedByOthersThanTheirHolders) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller staff = person(administrator, "staff", "nhanvien", 3);
  const json::object wanted{{"agency", secrets.agency}, {"due", to_iso(day_of(clock.now()) + days(20))}};
  EXPECT_EQ(staff.call("POST", "/api/v1/reviews", json::serialize(wanted)).status, 403);
  const json::value made = post(officer, "/api/v1/reviews", wanted, 201);
  EXPECT_EQ(made.at("lines").as_array().size(), 3U);
  EXPECT_EQ(text(post(officer, "/api/v1/reviews", wanted, 409).at("error").at("code")), "people.review_exists");
  const std::string path = "/api/v1/reviews/" + text(made.at("id"));
  EXPECT_EQ(staff.call("GET", path).status, 403);
  json::array of_others, of_oneself;
  for (const json::value& line : made.at("lines").as_array()) {
    const bool is_own = text(line.at("subject").at("title")) == "canbo";
    EXPECT_EQ(line.at("may_answer").as_bool(), !is_own);
    const bool goes = text(line.at("subject").at("title")) == "nhanvien";
    json::object answer{{"line", line.at("id")}, {"answer", goes ? "remove" : "keep"}};
    if (goes) answer["reason"] = "Đã chuyển việc";
    (is_own ? of_oneself : of_others).push_back(std::move(answer));
  }
  const ClientResponse own_answer =
      officer.call("PUT", path + "/lines", json::serialize(json::object{{"answers", of_oneself}}));
  EXPECT_EQ(own_answer.status, 403);
  EXPECT_EQ(error_of(own_answer), "people.own_line");
  send_json(officer, "PUT", path + "/lines", {{"answers", of_others}}, 200);
  send_json(administrator, "PUT", path + "/lines", {{"answers", of_oneself}}, 200);
  EXPECT_EQ(officer.call("POST", path + "/close").status, 409) << "a right is to go, and is still there";
  const ClientResponse sheet = officer.call("GET", path + "/file");
  EXPECT_EQ(sheet.status, 200);
  EXPECT_NE(sheet.body.find("\"nhanvien\""), std::string::npos);
  EXPECT_EQ(administrator.get("/api/v1/reviews?open=true").at("items").as_array().size(), 1U);
  EXPECT_TRUE(administrator.get("/api/v1/reviews?open=false").at("items").as_array().empty());
}

TEST_F(PeopleHubTest, OfficersAreAppointedAndEverybodySignsForThemselves) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller staff = person(administrator, "staff", "nhanvien", 3);
  const auto duty = [&](const std::string& obligation, const std::string& state) {
    return soon([&] {
      const json::value found = administrator.get("/api/v1/verdicts?obligation=" + obligation).at("verdicts");
      return !found.as_array().empty() && text(found.at(0).at("state")) == state;
    });
  };
  EXPECT_TRUE(duty("11.5-officer-training", "violated"));
  EXPECT_TRUE(duty("11.8-commitments", "violated"));

  const std::string texts = "/api/v1/commitment-texts";
  const json::object wording{{"title", "Cam kết"}, {"body", "Tôi cam kết giữ bí mật mật khẩu."}, {"months", 12}};
  EXPECT_EQ(staff.call("PUT", texts + "/ca-nhan", json::serialize(wording)).status, 403);
  send_json(administrator, "PUT", texts + "/ca-nhan", wording, 200);
  EXPECT_EQ(staff.get(texts).at("items").as_array().size(), 1U) << "who is to sign it reads it";
  const json::value before = officer.get("/api/v1/commitments?missing=true");
  ASSERT_EQ(before.at("missing").as_array().size(), 3U);
  const auto id_of = [&](const std::string& name) {
    for (const json::value& one : before.at("missing").as_array()) {
      if (text(one.at("person").at("name")) == name) return text(one.at("person").at("id"));
    }
    return std::string();
  };
  const ClientResponse wrong = staff.call("POST", "/api/v1/commitments", R"({"text":"ca-nhan","password":"sai"})");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  for (Caller* one : {&administrator, &officer, &staff}) {
    const json::value signed_now =
        post(*one, "/api/v1/commitments", {{"text", "ca-nhan"}, {"password", password}}, 201);
    EXPECT_EQ(text(signed_now.at("how")), "click");
  }
  EXPECT_TRUE(duty("11.8-commitments", "kept"));
  EXPECT_EQ(staff.get("/api/v1/commitments").at("items").as_array().size(), 1U) << "one's own";
  EXPECT_EQ(officer.get("/api/v1/commitments").at("items").as_array().size(), 3U);
  EXPECT_TRUE(officer.get("/api/v1/commitments?missing=true").at("missing").as_array().empty());

  const std::string canbo = id_of("Người canbo");
  const std::string today = to_iso(day_of(clock.now()));
  const json::object appointment{
      {"agency", secrets.agency}, {"person", canbo}, {"decision", "12/QĐ-UBND"}, {"day", today}};
  EXPECT_EQ(staff.call("POST", "/api/v1/appointments", json::serialize(appointment)).status, 403);
  EXPECT_TRUE(post(officer, "/api/v1/appointments", appointment, 201).at("present").as_bool());
  const json::object training{
      {"persons", json::array{canbo}}, {"topic", "Ứng cứu sự cố"}, {"day", today}, {"hours", 8}, {"by", "Sở KHCN"}};
  EXPECT_EQ(staff.call("POST", "/api/v1/trainings", json::serialize(training)).status, 403);
  const json::value trained = post(officer, "/api/v1/trainings", training, 201);
  EXPECT_TRUE(duty("11.5-officer-training", "kept"));
  EXPECT_FALSE(officer.get("/api/v1/appointments").at("items").at(0).at("trained_until").is_null());
  EXPECT_TRUE(staff.get("/api/v1/trainings").at("items").as_array().empty());
  const std::string path = "/api/v1/trainings/" + text(trained.at("items").at(0).at("id"));
  EXPECT_EQ(officer.call("DELETE", path, R"({"reason":"Nhập nhầm"})").status, 204);
  EXPECT_TRUE(duty("11.5-officer-training", "violated"));

  json::object company{{"agency", secrets.agency}, {"name", "Công ty A"}, {"system", "Cổng dịch vụ"}};
  company["paper"] = "12/CK";
  company["paper_sha256"] = std::string(64, 'a');
  company["signed_on"] = today;
  const json::value filed = post(officer, "/api/v1/commitments/companies", company, 201);
  const std::string end = "/api/v1/commitments/" + text(filed.at("id")) + "/end";
  EXPECT_EQ(staff.call("POST", end, R"({"reason":"x"})").status, 403);
  EXPECT_FALSE(post(officer, end, {{"reason", "Hết hợp đồng"}}, 200).at("in_force").as_bool());
}

TEST_F(PeopleHubTest, WhatRingsIsHeardBySomebodyElse) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller staff = person(administrator, "staff", "nhanvien", 3);
  EXPECT_TRUE(administrator.get("/api/v1/alarms").at("items").as_array().empty());
  EXPECT_TRUE(administrator.get("/api/v1/sealed-accounts").at("items").as_array().empty());
  // The administrator at a second place while the first session lives.
  Caller elsewhere = signed_in(7);
  ASSERT_TRUE(soon([&] { return officer.get("/api/v1/alarms?open=true").at("items").as_array().size() == 1; }));
  const json::value alarm = officer.get("/api/v1/alarms?open=true").at("items").at(0);
  EXPECT_EQ(text(alarm.at("kind")), "two_places");
  EXPECT_EQ(text(alarm.at("account").at("name")), "quantri");
  const std::string path = "/api/v1/alarms/" + text(alarm.at("id")) + "/acknowledgement";
  const std::string note = R"({"note":"Đã hỏi, đúng là họ"})";
  const ClientResponse own_alarm = administrator.call("POST", path, note);
  EXPECT_EQ(own_alarm.status, 403);
  EXPECT_EQ(error_of(own_alarm), "hub.own_alarm");
  EXPECT_EQ(staff.call("POST", path, note).status, 403);
  EXPECT_EQ(officer.get("/api/v1/alarms?open=true").at("items").as_array().size(), 1U);
  const ClientResponse heard = officer.call("POST", path, note);
  EXPECT_EQ(heard.status, 200) << heard.body;
  EXPECT_EQ(text(json::parse(heard.body).at("acknowledged_by").at("name")), "Người canbo");
  EXPECT_EQ(error_of(officer.call("POST", path, note)), "hub.alarm_heard");
  EXPECT_TRUE(officer.get("/api/v1/alarms?open=true").at("items").as_array().empty());
  EXPECT_EQ(officer.get("/api/v1/alarms").at("items").as_array().size(), 1U);
  // It rings again.
  Caller third = signed_in(8);
  EXPECT_TRUE(soon([&] { return officer.get("/api/v1/alarms?open=true").at("items").as_array().size() == 1; }));
}

}  // namespace
}  // namespace luy::hub
