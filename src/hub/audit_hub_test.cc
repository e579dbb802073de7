// Goal: the audit trail over REST: read where roles reach and of oneself everywhere, by person, object and act, page by
// page, before and after a restart; taken out as a package that verifies without the hub.
// Method: the whole hub; packages are unpacked by `unzip` and verified by the evidence's own verifier.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/encoding.h"
#include "base/hash.h"
#include "evidence/package.h"
#include "hub/case_hub_fixture.h"
#include "hub/core.h"

namespace luy::hub {
namespace {

namespace fs = std::filesystem;

struct AuditHubTest : CaseHubTest {
  // An act on an object of the agency's own.
  void note_wifi(Caller& who, const std::string& ssid) {
    const json::object body{{"agency", secrets.agency}, {"ssid", ssid}, {"security", "wpa3"}};
    post(who, "/api/v1/wifi", body, 201);
  }
  static json::array items(Caller& who, const std::string& query) {
    return who.get("/api/v1/audit" + query).at("items").as_array();
  }
  // Every entry that fits, over pages of that size.
  static std::vector<std::int64_t> all(Caller& who, const std::string& query, int page) {
    std::vector<std::int64_t> out;
    std::string cursor;
    for (;;) {
      const json::value answer =
          who.get("/api/v1/audit?limit=" + std::to_string(page) + query + (cursor.empty() ? "" : "&cursor=" + cursor));
      for (const json::value& one : answer.at("items").as_array()) {
        out.push_back(one.at("seq").to_number<std::int64_t>());
      }
      if (answer.at("next").is_null()) return out;
      cursor = text(answer.at("next"));
    }
  }
  ClientResponse export_of(Caller& who, const json::object& body) {
    return who.call("POST", "/api/v1/audit/export", json::serialize(body));
  }
  // Once a checkpoint covers what there is.
  std::string exported(Caller& who, const json::object& body) {
    ClientResponse out;
    EXPECT_TRUE(soon([&] {
      out = export_of(who, body);
      if (out.status == 200) return true;
      const std::string error = error_of(out);
      EXPECT_TRUE(error == "hub.audit_export_unsigned" || error == "evidence.store_empty") << out.body;
      return false;
    }));
    EXPECT_EQ(out.header("content-type"), "application/zip");
    EXPECT_NE(out.header("content-disposition").find("nhat-ky-thao-tac-"), std::string::npos);
    return out.body;
  }
  fs::path unpacked(const std::string& zip, const std::string& name) {
    const fs::path out = folder.path() / name;
    std::ofstream(out.string() + ".zip", std::ios::binary) << zip;
    EXPECT_EQ(shell("mkdir " + out.string() + " && cd " + out.string() + " && unzip -q ../" + name + ".zip"), 0);
    return out / "nhat-ky-thao-tac";
  }
  static int shell(const std::string& command) { return std::system((command + " > /dev/null 2>&1").c_str()); }
  std::string key(Caller& who) {
    std::string out;
    EXPECT_TRUE(soon([&] {
      const ClientResponse proof = who.call("GET", "/api/v1/events/0/proof");
      if (proof.status == 200) out = text(json::parse(proof.body).at("root_key"));
      return proof.status == 200;
    }));
    return out;
  }
  // How many faults the verifier finds; nothing where it cannot read the package at all.
  static std::size_t faults(const fs::path& package, const std::string& key) {
    evidence::VerifyOptions options;
    options.keys = {evidence::VerifierKey::parse(key).value()};
    const auto done = evidence::verify_package(package, options);
    return done ? done->faults : 1;
  }
};

TEST_F(AuditHubTest, ItIsReadWhereRolesReachAndOfOneselfEverywhere) {
  Caller administrator = signed_in();
  note_wifi(administrator, "UBND-1");
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  Caller company = person(administrator, "provider", "nhamang", 3);
  Caller office = person(administrator, "town_office", "vanphong", 4);
  Caller auditor = person(administrator, "auditor", "kiemtra", 5);
  const auto names = [&](Caller& who) {
    std::set<std::string> out;
    for (const json::value& one : items(who, "?limit=1000")) out.insert(text(one.at("who").at("name")));
    return out;
  };
  for (Caller* wide : {&administrator, &office, &auditor}) {
    const auto seen = names(*wide);
    EXPECT_TRUE(seen.contains("quantri") && seen.contains("nhanvien") && seen.contains("nhamang"));
  }
  for (auto& [who, name] : {std::pair{&staff, "nhanvien"}, std::pair{&company, "nhamang"}}) {
    const json::array seen = items(*who, "?limit=1000");
    const std::string id = text(who->get("/api/v1/me").at("accounts").at(0).at("id"));
    EXPECT_FALSE(seen.empty());
    bool is_told = false;
    for (const json::value& one : seen) {
      const bool did = text(one.at("who").at("name")) == name;
      const bool about = !one.at("object").is_null() && text(one.at("object")) == "account:" + id;
      EXPECT_TRUE(did || about) << json::serialize(one);
      is_told = is_told || !did;
    }
    EXPECT_TRUE(is_told) << "that the account was issued, by somebody else";
    EXPECT_TRUE(items(*who, "?person=quantri&act=wifi.recorded").empty());
    const json::value all_of_act = who->get("/api/v1/audit/acts");
    for (const json::value& act : all_of_act.at("items").as_array()) {
      EXPECT_NE(text(act.at("act")), "wifi.recorded") << "nor that anybody did it";
    }
  }
  EXPECT_EQ(anonymous().call("GET", "/api/v1/audit").status, 401);
  EXPECT_EQ(error_of(administrator.call("GET", "/api/v1/audit?agency=" + std::string(26, '0'))),
            "directory.agency_unknown");
}

TEST_F(AuditHubTest, ByObjectPersonAndActPageByPageAlsoAfterARestart) {
  Caller administrator = signed_in();
  for (int i = 0; i < 7; ++i) note_wifi(administrator, "UBND-" + std::to_string(i));
  person(administrator, "staff", "nhanvien", 2);
  const auto whole = all(administrator, "", 1000);
  ASSERT_GT(whole.size(), 8U);
  EXPECT_EQ(all(administrator, "", 2), whole) << "no entry twice, none left out";
  EXPECT_TRUE(std::is_sorted(whole.rbegin(), whole.rend()));
  const json::array wifi = items(administrator, "?act=wifi.recorded");
  ASSERT_EQ(wifi.size(), 7U);
  EXPECT_EQ(text(wifi.front().at("after").at("ssid")), "UBND-6") << "what changed is shown";
  const std::string object = text(wifi.front().at("object"));
  EXPECT_EQ(object, "agency:" + secrets.agency);
  EXPECT_EQ(all(administrator, "&act=wifi.recorded&object=" + object, 2).size(), 7U);
  EXPECT_EQ(all(administrator, "&act=wifi.recorded&object_type=agency", 3).size(), 7U);
  EXPECT_TRUE(all(administrator, "&act=wifi.recorded&object_type=account", 3).empty());
  EXPECT_EQ(all(administrator, "&person=nhanvien", 1), all(administrator, "&person=nhanvien", 1000));
  administrator.get("/api/v1/events?q=UBND-1");
  json::value kinds;
  ASSERT_TRUE(soon([&] {
    kinds = administrator.get("/api/v1/audit/acts");
    return json::serialize(kinds).find("evidence_search") != std::string::npos;
  })) << "once the pipeline has read it";
  bool is_there = false;
  for (const json::value& one : kinds.at("items").as_array()) {
    if (text(one.at("act")) == "wifi.recorded") {
      EXPECT_TRUE(one.at("title").is_null()) << "the console names it";
    }
    if (text(one.at("act")) != "evidence_search") continue;
    is_there = true;
    EXPECT_EQ(text(one.at("title").at("vi")), "tra cứu nhật ký");
  }
  EXPECT_TRUE(is_there);

  const std::string of_wifi = json::serialize(wifi);
  hub->stop();
  hub.reset();
  {
    // As it was before there was an index.
    const auto tables = all_migrations();
    const auto database = std::move(records::open_sqlite(folder.path() / "records.db", tables).value());
    ASSERT_TRUE(database->write([](records::Connection& c) -> Result<void> {
      LUY_TRY_VOID(c.run("DELETE FROM hub_act"));
      LUY_TRY_VOID(c.run("DELETE FROM hub_setting WHERE name = 'acts_read'"));
      return {};
    }));
  }
  start();
  Caller again = signed_in();
  EXPECT_EQ(json::serialize(items(again, "?act=wifi.recorded")), of_wifi);
  const auto later = all(again, "", 3);
  for (const std::int64_t seq : whole) EXPECT_TRUE(std::binary_search(later.rbegin(), later.rend(), seq)) << seq;
}

TEST_F(AuditHubTest, WhatIsTakenOutVerifiesWithoutTheHub) {
  if (shell("command -v unzip") != 0) GTEST_SKIP() << "needs unzip";
  Caller administrator = signed_in();
  note_wifi(administrator, "UBND-1");
  note_wifi(administrator, "UBND-2");
  const std::string vkey = key(administrator);
  const json::object wanted{{"act", "wifi.recorded"}, {"from", iso(-1h)}, {"person", "quantri"}};
  // Until both are covered.
  fs::path package;
  int tried = 0;
  const auto leaves = [&] {
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator(package / "records"))
      count += file.path().extension() == ".leaf" ? 1 : 0;
    return count;
  };
  std::string zip;
  ASSERT_TRUE(soon([&] {
    zip = exported(administrator, wanted);
    package = unpacked(zip, "goi-" + std::to_string(++tried));
    return leaves() == 2;
  }));
  EXPECT_EQ(faults(package, vkey), 0U);
  const std::string list = read_file(package / "records.tsv", 1 << 20).value();
  EXPECT_NE(list.find("UBND-1"), std::string::npos);
  EXPECT_NE(list.find("UBND-2"), std::string::npos);
  const std::string manifest = read_file(package / "manifest", 1 << 20).value();
  EXPECT_NE(manifest.find("records 2\n"), std::string::npos) << manifest;
  EXPECT_NE(manifest.find("person=quantri act=wifi.recorded"), std::string::npos) << manifest;

  for (const auto& one : fs::recursive_directory_iterator(package)) {
    if (!one.is_regular_file()) continue;
    const std::string sound = read_file(one.path(), 1 << 20).value();
    std::string wrong = sound;
    wrong[wrong.size() / 2] = static_cast<char>(wrong[wrong.size() / 2] ^ 1);
    std::ofstream(one.path(), std::ios::binary | std::ios::trunc) << wrong;
    EXPECT_GT(faults(package, vkey), 0U) << one.path();
    std::ofstream(one.path(), std::ios::binary | std::ios::trunc) << sound;
  }
  EXPECT_EQ(faults(package, vkey), 0U);

  const json::array noted = items(administrator, "?act=evidence_export");
  ASSERT_FALSE(noted.empty()) << "the export is an entry";
  EXPECT_EQ(text(noted.front().at("after").at("sha256")), to_hex(sha256(zip)));
  EXPECT_EQ(noted.front().at("after").at("records").to_number<int>(), 2);
}

TEST_F(AuditHubTest, TakingOutIsRefusedByRoleAndForBadInput) {
  Caller administrator = signed_in();
  Caller staff = person(administrator, "staff", "nhanvien", 2);
  Caller office = person(administrator, "town_office", "vanphong", 4);
  const json::object since{{"from", iso(-1h)}};
  EXPECT_EQ(export_of(staff, since).status, 403);
  EXPECT_EQ(export_of(office, since).status, 403) << "reads the trail, takes nothing out";
  EXPECT_EQ(anonymous().call("POST", "/api/v1/audit/export", json::serialize(since)).status, 401);
  const struct {
    const char* what;
    json::object body;
    const char* code;
  } table[] = {
      {"everything", {}, "hub.audit_export_all"},
      {"an act alone", {{"act", "sign_in"}}, "hub.audit_export_all"},
      {"nobody", {{"person", "khongai"}}, "hub.audit_export_empty"},
      {"no time", {{"from", "hôm qua"}}, "api.bad_request"},
      {"an agency that is none", {{"agency", std::string(26, '0')}, {"from", iso(-1h)}}, "directory.not_allowed"},
      {"what is not known", {{"password", "x"}}, "api.bad_request"},
  };
  for (const auto& row : table) {
    const ClientResponse response = export_of(administrator, row.body);
    EXPECT_GE(response.status, 400U) << row.what;
    EXPECT_EQ(error_of(response), row.code) << row.what << " " << response.body;
  }
}

}  // namespace
}  // namespace luy::hub
