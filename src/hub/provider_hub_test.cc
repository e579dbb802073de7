// Goal: requests to providers over REST, from the asking to the end; a provider sees the requests made to it and
// nothing else of the hub; everybody else what their role says. Method: the whole hub; every reading route of the
// router is called as a provider; each role against each act.
#include <gtest/gtest.h>

#include <yaml-cpp/yaml.h>

#include "directory/policy.h"
#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

constexpr const char* requests = "/api/v1/provider-requests";
constexpr const char* mine = "/api/v1/me/provider-requests";

struct ProviderHubTest : CaseHubTest {
  static std::string account_of(Caller& who) { return text(who.get("/api/v1/me").at("accounts").at(0).at("id")); }
  json::object asking(const json::value& about, const std::string& account) {
    return {{"agency", secrets.agency},
            {"provider", "Viễn thông Bỉm Sơn"},
            {"accounts", json::array{account}},
            {"kind", "block"},
            {"incident", about.at("id")},
            {"text", "Chặn địa chỉ 203.0.113.7."},
            {"legal_basis", "Điều 9 QĐ 4448/QĐ-UBND"}};
  }
  static std::string at(const char* base, const json::value& request, const char* rest = "") {
    return std::string(base) + "/" + text(request.at("id")) + rest;
  }
};

TEST_F(ProviderHubTest, ARequestIsMadeDelayedAnsweredAndClosed) {
  Caller administrator = signed_in();
  Caller office = person(administrator, "town_office", "vanphong", 2);
  Caller company = person(administrator, "provider", "nhamang", 3);
  const json::value one = open_case(administrator);
  const json::array known =
      office.get(std::string(requests) + "/providers?agency=" + text(one.at("agency").at("id"))).at("items").as_array();
  ASSERT_EQ(known.size(), 1U) << "the one account with the role";
  EXPECT_EQ(text(known.at(0).at("username")), "nhamang");
  const json::value asked = post(office, requests, asking(one, text(known.at(0).at("id"))), 201);
  EXPECT_EQ(text(asked.at("state")), "asked");
  EXPECT_TRUE(asked.at("may_decide").as_bool());

  const json::array tasks = company.get("/api/v1/me").at("tasks").as_array();
  const auto is_told = [](const json::array& list, const std::string& number) {
    return json::serialize(list).find(number) != std::string::npos;
  };
  EXPECT_TRUE(is_told(tasks, text(asked.at("number"))));
  const json::value seen = company.get(mine).at("items").at(0);
  const std::string shown = json::serialize(seen);
  EXPECT_EQ(seen.at("incident_number"), one.at("number"));
  EXPECT_EQ(shown.find("Máy chủ tệp bị mã hóa"), std::string::npos) << "nothing of the case but its number";
  EXPECT_EQ(shown.find("Người vanphong"), std::string::npos) << "the agency asks, not a person";

  EXPECT_EQ(company.call("POST", at(mine, asked, "/receipt")).status, 200);
  const json::value delayed =
      post(company, at(mine, asked, "/delay"), {{"until", iso(24h * 30)}, {"reason", "Chờ đối tác"}}, 200);
  EXPECT_EQ(text(delayed.at("delay").at("state")), "waiting");
  EXPECT_TRUE(is_told(office.get("/api/v1/me").at("tasks").as_array(), "Đề nghị gia hạn: " + text(asked.at("number"))));
  const json::value granted =
      post(office, at(requests, asked, "/decision"), {{"decision", "grant_delay"}, {"note", ""}}, 200);
  EXPECT_EQ(granted.at("due"), delayed.at("delay").at("until"));
  const json::object file{{"name", "nhat-ky.zip"}, {"sha256", std::string(64, 'a')}};
  post(company, at(mine, asked, "/answer"), {{"text", "Đã chặn."}, {"files", json::array{file}}}, 200);
  EXPECT_EQ(error_of(company.call("POST", at(mine, asked, "/answer"), R"({"text":"Lại"})")), "incident.provider_turn");
  const json::value closed =
      post(office, at(requests, asked, "/decision"), {{"decision", "close"}, {"note", "Đủ"}}, 200);
  EXPECT_EQ(text(closed.at("state")), "closed");
  EXPECT_EQ(closed.at("answers").at(0).at("files").at(0), json::value(file));
  EXPECT_EQ(office.get(std::string(requests) + "?incident=" + text(one.at("id"))).at("items").as_array().size(), 1U);
  EXPECT_TRUE(office.get(std::string(requests) + "?state=asked").at("items").as_array().empty());
  EXPECT_TRUE(office.get(std::string(requests) + "?overdue=true").at("items").as_array().empty());
  const std::string timeline = json::serialize(administrator.get(path_of(one)).at("timeline"));
  EXPECT_NE(timeline.find("Kết thúc yêu cầu " + text(asked.at("number"))), std::string::npos);

  json::object by_letter = asking(one, "");
  by_letter.erase("accounts");
  by_letter["provider"] = "Công ty không có tài khoản";
  const json::value sent = post(administrator, requests, by_letter, 201);
  const json::value letter = post(administrator, at(requests, sent, "/letter"),
                                  {{"document", "12/CV-VT"}, {"text", "Đã khôi phục."}, {"answered_at", iso(0s)}}, 200);
  EXPECT_EQ(text(letter.at("state")), "answered");
  EXPECT_EQ(text(letter.at("answers").at(0).at("document")), "12/CV-VT");
}

TEST_F(ProviderHubTest, AProviderSeesItsRequestsAndNothingElse) {
  Caller administrator = signed_in();
  Caller company = person(administrator, "provider", "nhamang", 2);
  Caller rival = person(administrator, "provider", "nhamangkhac", 3);
  const json::value one = open_case(administrator);
  const json::value asked = post(administrator, requests, asking(one, account_of(company)), 201);
  EXPECT_TRUE(rival.get(mine).at("items").as_array().empty());
  for (const char* rest : {"", "/receipt", "/answer", "/delay"}) {
    const bool is_reading = *rest == '\0';
    const std::string body = std::string(rest) == "/answer"  ? R"({"text":"x"})"
                             : std::string(rest) == "/delay" ? R"({"until":"2036-01-01T00:00:00Z","reason":"x"})"
                                                             : "";
    const ClientResponse refused = rival.call(is_reading ? "GET" : "POST", at(mine, asked, rest), body);
    EXPECT_EQ(refused.status, 404) << rest << " as of one that is not there: " << refused.body;
    EXPECT_EQ(error_of(refused), "incident.provider_request_unknown");
  }
  EXPECT_EQ(text(company.get(at(mine, asked)).at("state")), "asked") << "and nothing has changed";

  // Every route that reads: what a provider may get at says nothing of the town.
  const YAML::Node contract = YAML::LoadFile((root / "api" / "openapi.yaml").string());
  std::size_t refused = 0;
  for (const auto& path : contract["paths"]) {
    const YAML::Node get = path.second["get"];
    if (!get || get["security"]) continue;
    const auto action = directory::action_from_name(get["x-action"].as<std::string>());
    ASSERT_TRUE(action);
    std::string target = path.first.as<std::string>();
    for (std::size_t open = target.find('{'); open != std::string::npos; open = target.find('{')) {
      target.replace(open, target.find('}') - open + 1, std::string(26, '0'));
    }
    const ClientResponse response = company.call("GET", target);
    EXPECT_EQ(response.body.find("Máy chủ tệp"), std::string::npos) << target;
    EXPECT_EQ(response.body.find("nhamangkhac"), std::string::npos) << target;
    if (directory::reach_of(directory::Role::provider, *action) != directory::Reach::none) continue;
    EXPECT_GE(response.status, 400U) << target;
    ++refused;
  }
  EXPECT_GT(refused, 60U);
  EXPECT_EQ(company.call("GET", path_of(one)).status, 403);
  EXPECT_EQ(company.call("GET", requests).status, 403);
  EXPECT_EQ(company.call("GET", at(requests, asked)).status, 403);
}

TEST_F(ProviderHubTest, RolesAndBadInputAreRefused) {
  Caller administrator = signed_in();
  Caller company = person(administrator, "provider", "nhamang", 2);
  const std::string account = account_of(company);
  const json::value one = open_case(administrator);
  const json::value asked = post(administrator, requests, asking(one, account), 201);
  const std::string decision = R"({"decision":"withdraw","note":"Nhầm"})";
  struct Row {
    const char* role;
    unsigned read, ask;
  };
  std::uint8_t place = 10;
  // The head comes last: from then on roles take two people.
  for (const Row& row :
       {Row{"security_officer", 200, 201}, Row{"town_office", 200, 201}, Row{"auditor", 200, 403},
        Row{"staff", 403, 403}, Row{"culture_info", 403, 403}, Row{"police", 403, 403},
        Row{"provincial_authority", 403, 403}, Row{"provider", 403, 403}, Row{"agency_head", 200, 403}}) {
    Caller who = person(administrator, row.role, "nguoi-" + std::to_string(place), place);
    ++place;
    EXPECT_EQ(who.call("GET", requests).status, row.read) << row.role;
    EXPECT_EQ(who.call("GET", at(requests, asked)).status, row.read) << row.role;
    EXPECT_EQ(who.call("POST", requests, json::serialize(asking(one, account))).status, row.ask) << row.role;
    const ClientResponse decided = who.call("POST", at(requests, asked, "/decision"), decision);
    if (row.ask == 403) {
      EXPECT_EQ(decided.status, 403) << row.role;
    } else {
      EXPECT_TRUE(decided.status == 200 || error_of(decided) == "incident.provider_turn") << row.role << decided.body;
    }
    const unsigned answers = std::string(row.role) == "provider" ? 200 : 403;
    EXPECT_EQ(who.call("GET", mine).status, answers) << row.role;
  }

  const json::object good = asking(one, account);
  const auto with = [&](const char* key, const auto& value) {
    json::object out = good;
    out[key] = value;
    return out;
  };
  const std::string nobody(26, '0');
  json::object about_nothing = good;
  about_nothing.erase("incident");
  const struct {
    const char* what;
    json::object body;
    const char* code;
  } table[] = {
      {"about nothing", about_nothing, "incident.provider_about_nothing"},
      {"a case that is none", with("incident", nobody), "incident.case_unknown"},
      {"a system that is none", with("system", nobody), "incident.system_unknown"},
      {"an account that is none", with("accounts", json::array{nobody}), "incident.provider_account_unknown"},
      {"an account of no provider", with("accounts", json::array{account_of(administrator)}),
       "incident.provider_account_unknown"},
      {"an agency that is none", with("agency", nobody), "directory.agency_unknown"},
      {"an unknown kind", with("kind", "sing"), "incident.unknown_choice"},
      {"a day that is over", with("due", iso(-1h)), "incident.provider_due_over"},
      {"a blank text", with("text", " "), "incident.text_missing"},
      {"no time", with("due", "mai"), "api.bad_request"},
      {"what is not known", with("password", "x"), "api.bad_request"},
  };
  for (const auto& row : table) {
    const ClientResponse response = administrator.call("POST", requests, json::serialize(row.body));
    EXPECT_GE(response.status, 400U) << row.what;
    EXPECT_EQ(error_of(response), row.code) << row.what << " " << response.body;
  }
  EXPECT_EQ(error_of(administrator.call("GET", std::string(requests) + "/" + nobody)),
            "incident.provider_request_unknown");
}

}  // namespace
}  // namespace luy::hub
