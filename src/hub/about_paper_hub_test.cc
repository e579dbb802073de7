// Goal: the minutes of an access review and the letter of a request to a provider go from the page of what they are
// about to a numbered PDF that says what it says, whatever somebody typed over it; who may not see the one does not see
// its paper.
// Method: the whole hub over REST; pdftotext on what was issued.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "hub/case_hub_fixture.h"

namespace luy::hub {
namespace {

constexpr const char* papers = "/api/v1/papers";

struct AboutPaperHubTest : CaseHubTest {
  json::value review(Caller& officer) {
    return post(officer, "/api/v1/reviews",
                {{"agency", secrets.agency}, {"due", to_iso(day_of(clock.now()) + days(20))}}, 201);
  }
  json::value draft(Caller& who, const char* form, const char* kind, const json::value& about) {
    return post(who, papers, {{"form", form}, {kind, about.at("id")}}, 201);
  }
  json::value minutes_of(Caller& who, const json::value& about) {
    return draft(who, "bien-ban-ra-soat-quyen", "review", about);
  }
  static std::string at(const json::value& paper, const char* rest = "") {
    return std::string(papers) + "/" + text(paper.at("id")) + rest;
  }
  // What the page says, its lines joined; empty where poppler-utils is not installed.
  std::string printed(Caller& who, const json::value& paper) {
    const ClientResponse file = who.call("GET", at(paper, "/file?as=pdf"));
    EXPECT_EQ(file.status, 200) << file.body;
    EXPECT_TRUE(file.body.starts_with("%PDF"));
    const std::filesystem::path pdf = folder.path() / "paper.pdf", out = folder.path() / "paper.txt";
    std::ofstream(pdf, std::ios::binary) << file.body;
    if (std::system(("pdftotext -raw " + pdf.string() + " " + out.string() + " 2>/dev/null").c_str()) != 0) return {};
    std::ifstream in(out);
    std::string words, word;
    while (in >> word) words += (words.empty() ? "" : " ") + word;
    return words;
  }
  // Refusals on `object` that the audit trail holds.
  std::size_t refusals(Caller& administrator, const std::string& object) {
    return administrator.get("/api/v1/audit?outcome=refused&object=" + object).at("items").as_array().size();
  }
  static json::object with_people(const json::value& draft) {
    json::object data = draft.at("data").as_object();
    json::object& fields = data["fields"].as_object();
    fields["venue"] = "Phòng họp số 2";
    fields["secretary"] = json::object{{"name", "Người canbo"}};
    fields["chair"] = json::object{{"name", "Người thutruong"}, {"position", "Chủ tịch"}};
    return data;
  }
};

TEST_F(AboutPaperHubTest, AReviewIsPutIntoMinutes) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  // From the head on, accounts take two people.
  Caller staff = person(administrator, "staff", "nhanvien", 4);
  Caller head = person(administrator, "agency_head", "thutruong", 3);
  const json::value made = review(officer);
  const json::value paper = minutes_of(officer, made);
  EXPECT_EQ(text(paper.at("owner").at("review").at("number")), text(made.at("number")));
  EXPECT_EQ(text(paper.at("data").at("fields").at("secretary").at("name")), "Người canbo");
  const json::array& fixed = paper.at("fixed").as_array();
  EXPECT_NE(std::find(fixed.begin(), fixed.end(), json::value("decisions")), fixed.end());

  // Somebody makes it prettier, and the review goes on meanwhile.
  json::object data = with_people(paper);
  data["fields"].as_object()["removed"] = 0;
  data["fields"].as_object()["decisions"].as_array().resize(1);
  send_json(officer, "PUT", at(paper), {{"data", data}}, 200);
  for (const json::value& line : made.at("lines").as_array()) {
    const std::string title = text(line.at("subject").at("title"));
    json::object answer{{"line", line.at("id")}, {"answer", title == "nhanvien" ? "remove" : "keep"}};
    if (title == "nhanvien") answer["reason"] = "Đã chuyển việc";
    Caller& who = title == "canbo" ? administrator : officer;
    send_json(who, "PUT", "/api/v1/reviews/" + text(made.at("id")) + "/lines", {{"answers", json::array{answer}}}, 200);
  }
  std::set<std::string> differing;
  const json::value edited = officer.get(at(paper));
  for (const json::value& one : edited.at("differences").as_array()) differing.insert(text(one.at("column")));
  EXPECT_TRUE(differing.contains("removed") && differing.contains("decisions") && differing.contains("reviewers"));
  EXPECT_FALSE(differing.contains("venue"));

  const json::value issued = post(officer, at(paper, "/issue"), {}, 200);
  EXPECT_EQ(text(issued.at("state")), "issued");
  EXPECT_TRUE(issued.at("differences").as_array().empty());
  EXPECT_EQ(issued.at("data").at("fields").at("removed").as_int64(), 1);
  EXPECT_EQ(issued.at("data").at("fields").at("decisions").as_array().size(), made.at("lines").as_array().size());
  const std::string page = printed(officer, issued);
  if (!page.empty()) {
    for (const std::string& words :
         {text(issued.at("notation")), "đợt " + text(made.at("number")), std::string("Người canbo: 3 quyền"),
          std::string("thu hồi quyền: Đã chuyển việc"), std::string("đợt rà soát chưa kết thúc"),
          std::string("nhanvien (tài khoản Lũy)"), std::string("Giữ nguyên"), std::string("THƯ KÝ"),
          std::string("CHỦ TRÌ"), std::string("Người thutruong")}) {
      EXPECT_NE(page.find(words), std::string::npos) << words << "\n" << page;
    }
  }
  EXPECT_EQ(officer.get(std::string(papers) + "?about=" + text(made.at("id"))).at("items").as_array().size(), 1U);
  EXPECT_EQ(head.get(std::string(papers) + "?kind=review").at("items").as_array().size(), 1U);
  EXPECT_EQ(staff.call("GET", at(paper)).status, 403);
}

TEST_F(AboutPaperHubTest, WhoMayNotReviewGetsNoMinutes) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller office = person(administrator, "town_office", "vanphong", 3);
  Caller auditor = person(administrator, "auditor", "thanhtra", 4);
  const json::value made = review(officer);
  const json::value paper = minutes_of(officer, made);
  const json::object wanted{{"form", "bien-ban-ra-soat-quyen"}, {"review", made.at("id")}};
  const ClientResponse hidden = office.call("POST", papers, json::serialize(wanted));
  EXPECT_EQ(hidden.status, 404);
  const std::string nobody = "01aryz6s410000000000000000";
  const ClientResponse missing = office.call(
      "POST", papers, json::serialize(json::object{{"form", "bien-ban-ra-soat-quyen"}, {"review", nobody}}));
  EXPECT_EQ(error_of(hidden), error_of(missing)) << "nobody learns that it is there";
  EXPECT_TRUE(soon([&] { return refusals(administrator, "review:" + text(made.at("id"))) == 1; }));
  // It handles incidents, and reads nothing of who holds rights.
  EXPECT_EQ(error_of(office.call("GET", at(paper))), "incident.paper_unknown");
  EXPECT_EQ(office.call("GET", at(paper, "/file?as=pdf")).status, 404);
  EXPECT_EQ(office.call("POST", at(paper, "/issue")).status, 404);
  EXPECT_TRUE(office.get(papers).at("items").as_array().empty());
  // Who reads all changes nothing.
  EXPECT_EQ(auditor.get(at(paper)).at("id"), paper.at("id"));
  EXPECT_EQ(auditor.call("POST", papers, json::serialize(wanted)).status, 403);
  EXPECT_EQ(auditor.call("POST", at(paper, "/issue")).status, 403);
  EXPECT_EQ(post(officer, papers, {{"form", "bien-ban-ra-soat-quyen"}}, 400).at("error").at("code"), "api.bad_request");
  EXPECT_EQ(post(officer, papers, {{"form", "bien-ban-ra-soat-quyen"}, {"review", nobody}}, 404).at("error").at("code"),
            "incident.paper_about_unknown");
}

TEST_F(AboutPaperHubTest, ARequestIsSentAsALetter) {
  Caller administrator = signed_in();
  Caller officer = person(administrator, "security_officer", "canbo", 2);
  Caller head = person(administrator, "agency_head", "thutruong", 3);
  const json::value one = open_case(administrator);
  const json::value asked = post(officer, "/api/v1/provider-requests",
                                 {{"agency", secrets.agency},
                                  {"provider", "Viễn thông Bỉm Sơn"},
                                  {"kind", "block"},
                                  {"incident", one.at("id")},
                                  {"text", "Chặn địa chỉ 203.0.113.7."},
                                  {"legal_basis", "Căn cứ Điều 9 QĐ 4448/QĐ-UBND"}},
                                 201);
  const json::object wanted{{"form", "cong-van-yeu-cau"}, {"provider_request", asked.at("id")}};
  EXPECT_EQ(head.call("POST", papers, json::serialize(wanted)).status, 403) << "the head signs, and does not ask";
  const json::value paper = draft(officer, "cong-van-yeu-cau", "provider_request", asked);
  json::object data = paper.at("data").as_object();
  data["recipients"] = json::array{"Công ty khác"};
  data["fields"].as_object()["text"] = "Chặn mọi địa chỉ.";
  data["fields"].as_object()["contact"] = json::object{{"name", "Người canbo"}, {"phone", "0987 654 321"}};
  send_json(officer, "PUT", at(paper), {{"data", data}}, 200);
  const json::value issued = post(officer, at(paper, "/issue"), {}, 200);
  EXPECT_EQ(issued.at("data").at("recipients"), json::array{"Viễn thông Bỉm Sơn"});
  const std::string page = printed(head, issued);
  if (!page.empty()) {
    for (const std::string& words :
         {std::string("Kính gửi: Viễn thông Bỉm Sơn"), text(asked.at("number")), text(one.at("number")),
          std::string("Chặn địa chỉ 203.0.113.7."), std::string("Căn cứ Điều 9 QĐ 4448/QĐ-UBND."),
          std::string("0987 654 321"), std::string("V/v yêu cầu phối hợp")}) {
      EXPECT_NE(page.find(words), std::string::npos) << words << "\n" << page;
    }
    EXPECT_EQ(page.find("Căn cứ Căn cứ"), std::string::npos);
    EXPECT_EQ(page.find("Máy chủ tệp bị mã hóa"), std::string::npos) << "nothing of the case but its number";
    EXPECT_EQ(page.find("Chặn mọi địa chỉ"), std::string::npos) << "the letter asks what the request asks";
  }
  const json::value late = draft(officer, "cong-van-yeu-cau", "provider_request", asked);
  post(officer, "/api/v1/provider-requests/" + text(asked.at("id")) + "/decision",
       {{"decision", "withdraw"}, {"note", "Gửi nhầm"}}, 200);
  EXPECT_EQ(error_of(officer.call("POST", papers, json::serialize(wanted))), "incident.provider_turn");
  EXPECT_EQ(error_of(officer.call("POST", at(late, "/issue"))), "incident.provider_turn");
  EXPECT_EQ(officer.get(std::string(papers) + "?about=" + text(asked.at("id"))).at("items").as_array().size(), 2U);
}

}  // namespace
}  // namespace luy::hub
