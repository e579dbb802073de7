// Goal: people are shown to whom they may be shown and to themselves, page by page; they come and go by sheets;
// sessions of others are ended by whom their rights allow; answers are what the contract promises. Method: requests
// through the router; answers held against the schemas.
#include <algorithm>

#include "api/directory_fixture.h"

namespace luy::api {
namespace {

using directory::Role;
using Names = std::vector<std::string>;

class PeopleApi : public DirectoryApi {
 protected:
  PeopleApi() {
    office_ = add_agency("VP", town_).id;
    school_ = add_agency("TH", town_).id;
  }
  Names people(const std::string& query, const std::string& token) {
    return names_in("/api/v1/persons" + query, "items", "name", token);
  }
  // send() takes no query: it goes through the request itself.
  Response ask(const std::string& token, std::map<std::string, std::string> query) {
    const Router::Match match = router_->find(Method::get, "/api/v1/persons");
    Request request;
    request.path = "/api/v1/persons";
    request.query = std::move(query);
    request.session_token = token;
    if (const auto session = directory_->sessions().authenticate(token, directory::Touch::yes)) {
      request.actor = session->actor;
    }
    return router_->serve(*match.route, request);
  }
  Names found(const std::string& token, std::map<std::string, std::string> query) {
    Names out;
    const auto body = body_of(ask(token, std::move(query)));
    for (const auto& item : body.at("items").as_array()) out.emplace_back(item.at("name").as_string());
    return out;
  }
  Response import(const std::string& csv, bool preview, const std::string& token) {
    const Router::Match match = router_->find(Method::post, "/api/v1/persons/sheet");
    Request request;
    request.method = Method::post;
    request.path = "/api/v1/persons/sheet";
    request.query = {{"preview", preview ? "true" : "false"}};
    request.body = {{"csv", csv}};
    request.session_token = token;
    if (const auto session = directory_->sessions().authenticate(token, directory::Touch::yes)) {
      request.actor = session->actor;
    }
    return router_->serve(*match.route, request);
  }
  const YAML::Node schema(const char* name) { return contract_["components"]["schemas"][name]; }

  AgencyId office_;
  AgencyId school_;
};

}  // namespace

TEST_F(PeopleApi, CreatesShowsAndChangesAPerson) {
  const Response made = send(Method::post, "/api/v1/persons", token_,
                             {{"agency", office_.text()}, {"name", "Trần Văn Bình"}, {"position", "Chuyên viên"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(fits(body_of(made), schema("PersonFull"))) << made.body;
  EXPECT_EQ(body_of(made).at("agency").at("name").as_string(), "Cơ quan VP");
  EXPECT_TRUE(body_of(made).at("email").is_null());
  const std::string path = "/api/v1/persons/" + std::string(body_of(made).at("id").as_string());
  EXPECT_EQ(send(Method::get, path, token_).body, made.body);
  const Response changed = send(Method::patch, path, token_, {{"email", "binh@bimson.gov.vn"}, {"position", ""}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(body_of(changed).at("email").as_string(), "binh@bimson.gov.vn");
  EXPECT_EQ(body_of(changed).at("position").as_string(), "");
  EXPECT_EQ(code_of(send(Method::patch, path, token_, {{"email", "binh"}})), "directory.bad_value");
  const std::string nobody = "/api/v1/persons/" + PersonId::make(clock_.now(), random_).text();
  EXPECT_EQ(code_of(send(Method::get, nobody, token_)), "directory.person_unknown");
}

TEST_F(PeopleApi, ShowsPeopleToWhomTheyMayBeShown) {
  const std::string head = person("truong", Role::agency_head, office_);
  const std::string staff = person("nhanvien", Role::staff, office_);
  const std::string teacher = person("giaovien", Role::staff, school_);
  EXPECT_EQ(people("", token_), (Names{"Người giaovien", "Người nhanvien", "Người truong", "Nguyễn Thị Lan"}));
  EXPECT_EQ(people("", head), (Names{"Người nhanvien", "Người truong"}));
  EXPECT_EQ(people("", staff), Names{"Người nhanvien"}) << "oneself";
  const auto all = body_of(send(Method::get, "/api/v1/persons", token_)).at("items").as_array();
  for (const auto& one : all) {
    const std::string path = "/api/v1/persons/" + std::string(one.at("id").as_string());
    const bool own = one.at("name").as_string() == "Người giaovien";
    EXPECT_EQ(send(Method::get, path, teacher).status, own ? 200 : 403) << one.at("name").as_string();
  }
  const auto me = body_of(send(Method::get, "/api/v1/me", teacher));
  EXPECT_TRUE(fits(me, schema("Me"))) << boost::json::serialize(me);
  EXPECT_EQ(me.at("name").as_string(), "Người giaovien");
  EXPECT_EQ(me.at("accounts").as_array().at(0).at("username").as_string(), "giaovien");
}

TEST_F(PeopleApi, FindsAndPagesPeople) {
  for (const char* name : {"Đỗ An", "Đỗ Bình", "Đỗ Chi", "Lê Dung"}) {
    ASSERT_EQ(send(Method::post, "/api/v1/persons", token_, {{"agency", school_.text()}, {"name", name}}).status, 201);
  }
  EXPECT_EQ(found(token_, {{"q", "do"}}), (Names{"Đỗ An", "Đỗ Bình", "Đỗ Chi"}));
  EXPECT_EQ(found(token_, {{"q", "do"}, {"agency", office_.text()}}), Names{});
  EXPECT_EQ(found(token_, {{"q", "do"}, {"agency", town_.text()}}).size(), 3U) << "and everything below";
  EXPECT_EQ(found(token_, {{"state", "gone"}}), Names{});
  Names seen;
  std::map<std::string, std::string> query = {{"limit", "2"}};
  for (int page = 0; page < 5; ++page) {
    const auto body = body_of(ask(token_, query));
    EXPECT_LE(body.at("items").as_array().size(), 2U);
    for (const auto& item : body.at("items").as_array()) seen.emplace_back(item.at("name").as_string());
    if (body.at("next").is_null()) break;
    query["cursor"] = std::string(body.at("next").as_string());
  }
  EXPECT_EQ(seen, (Names{"Đỗ An", "Đỗ Bình", "Đỗ Chi", "Lê Dung", "Nguyễn Thị Lan"}));
  for (const auto& [name, bad] : std::map<std::string, std::string>{
           {"cursor", "nothing"}, {"state", "dead"}, {"agency", "x"}, {"limit", "0"}, {"limit", "201"}}) {
    EXPECT_EQ(ask(token_, {{name, bad}}).status, 400) << name;
  }
}

TEST_F(PeopleApi, TakesPeopleOutAndInByASheet) {
  person("nhanvien", Role::staff, office_);
  const std::string out(body_of(send(Method::get, "/api/v1/persons/sheet", token_)).at("csv").as_string());
  EXPECT_TRUE(out.starts_with("\xef\xbb\xbfid,name,agency,position,email,phone,since\r\n")) << out;
  const auto untouched = body_of(import(out, false, token_));
  EXPECT_EQ(untouched.at("refused").as_int64(), 0);
  for (const auto& line : untouched.at("lines").as_array()) EXPECT_EQ(line.at("does").as_string(), "nothing");

  const std::string head = "id,name,agency,position,email,phone,since\r\n";
  const std::string good = head + ",Người nhanvien,VP,Văn thư,,,\r\n,Lê Mới,TH,,moi@bimson.gov.vn,113,2026-01-05\r\n";
  const auto looked = body_of(import(good, true, token_));
  EXPECT_EQ(looked.at("lines").as_array().at(0).at("does").as_string(), "change");
  EXPECT_EQ(looked.at("lines").as_array().at(1).at("does").as_string(), "create");
  EXPECT_FALSE(looked.at("applied").as_bool());
  EXPECT_EQ(found(token_, {{"q", "moi"}}), Names{}) << "a preview changes nothing";
  ASSERT_TRUE(body_of(import(good, false, token_)).at("applied").as_bool());
  EXPECT_EQ(found(token_, {{"q", "le moi 113"}}), Names{"Lê Mới"});
  EXPECT_EQ(found(token_, {{"q", "van thu"}}), Names{"Người nhanvien"});
  EXPECT_EQ(sink_.acts().back(), "person_import");

  const std::string lan = directory_->people().find(directory_->accounts().find(administrator_)->person)->id.text();
  const struct {
    const char* what;
    std::string line;
  } table[] = {{"an agency that is none", ",Ai,XX,,,,"},
               {"no name", ",,VP,,,,"},
               {"an id that is nobody's", PersonId::make(clock_.now(), random_).text() + ",Ai,VP,,,,"},
               {"somebody of another agency", lan + ",Nguyễn Thị Lan,VP,,,,"},
               {"a day that is none", ",Ai,VP,,,,31/02/2026"},
               {"an address that is none", ",Ai,VP,,ai,,"},
               {"a cell too few", ",Ai,VP,,,"},
               {"the same twice", ",Lê Mới,TH,,,,\r\n,Lê Mới,TH,,,,"}};
  for (const auto& [what, line] : table) {
    const auto answer = body_of(import(head + ",Hợp Lệ,VP,,,,\r\n" + line + "\r\n", false, token_));
    EXPECT_EQ(answer.at("refused").as_int64(), 1) << what << boost::json::serialize(answer);
    EXPECT_FALSE(answer.at("applied").as_bool()) << what;
  }
  EXPECT_EQ(found(token_, {{"q", "hop le"}}), Names{}) << "all or nothing";
  const std::string principal = person("hieutruong", Role::agency_head, school_);
  EXPECT_EQ(body_of(import(head + ",Ai,VP,,,,\r\n", false, principal)).at("refused").as_int64(), 1);
  EXPECT_TRUE(body_of(import(head + ",Ai,TH,,,,\r\n", false, principal)).at("applied").as_bool());
}

TEST_F(PeopleApi, MergesByTwo) {
  const std::string head = person("chutich", Role::agency_head, town_);
  const std::string keep = add_account("lan", Role::staff, office_).account.person.text();
  const std::string gone = add_account("lan2", Role::staff, office_).account.person.text();
  const Response asked = send(Method::post, "/api/v1/persons/merge", token_,
                              {{"keep", keep}, {"gone", gone}, {"reason", "Cùng một người"}});
  ASSERT_EQ(asked.status, 202) << asked.body;
  const std::string act = "/api/v1/acts/" + std::string(body_of(asked).at("act").as_string());
  EXPECT_EQ(code_of(send(Method::post, act + "/agree", token_)), "directory.same_person");
  EXPECT_EQ(send(Method::post, act + "/agree", head).status, 204);
  const auto merged = body_of(send(Method::get, "/api/v1/persons/" + gone, token_));
  EXPECT_EQ(merged.at("id").as_string(), keep);
  EXPECT_EQ(merged.at("accounts").as_array().size(), 2U);
}

TEST_F(PeopleApi, MakesASecondAccountOfSomebodyKnown) {
  const auto lan = add_account("lan", Role::staff, office_).account;
  const Response made =
      send(Method::post, "/api/v1/accounts", token_, {{"person", lan.person.text()}, {"username", "lan.quantri"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const auto account = body_of(made).at("account").as_object();
  EXPECT_TRUE(fits(account, schema("Account"))) << made.body;
  EXPECT_EQ(account.at("person").at("id").as_string(), lan.person.text());
  EXPECT_EQ(account.at("agency").as_string(), office_.text());
  EXPECT_FALSE(account.at("one_time_until").is_null());
  EXPECT_FALSE(account.at("sealed").as_bool());
  EXPECT_FALSE(account.at("second_factor").as_bool());
  EXPECT_EQ(send(Method::post, "/api/v1/accounts", token_, {{"username", "khong.ai"}}).status, 400);
}

TEST_F(PeopleApi, EndsSessionsOfOthersWhereTheirRightsAllow) {
  const std::string staff = person("nhanvien", Role::staff, office_);
  const std::string below = person("quantri.vp", Role::system_admin, office_);
  const auto id_of = [&](const char* name) { return directory_->accounts().find_by_username(name)->id.text(); };
  const std::string path = "/api/v1/accounts/" + id_of("nhanvien") + "/sessions";
  const auto listed = body_of(send(Method::get, path, token_));
  EXPECT_TRUE(fits(listed, schema("SessionList")));
  ASSERT_EQ(listed.at("sessions").as_array().size(), 1U);
  EXPECT_FALSE(listed.at("sessions").as_array().at(0).at("present").as_bool());
  EXPECT_EQ(send(Method::get, path, staff).status, 403) << "one's own are elsewhere";
  EXPECT_EQ(send(Method::del, path, below).status, 204);
  EXPECT_FALSE(alive(staff));
  EXPECT_EQ(sink_.acts().back(), "session_end");

  // Who works in the office and administers the town is no matter for the office.
  const std::string farther = person("quantri.tx", Role::system_admin, office_);
  const auto id = directory_->accounts().find_by_username("quantri.tx")->id;
  ASSERT_TRUE(directory_->roles().grant(directory::server_operator(), id, {Role::system_admin, town_}));
  const std::string again = sign_in("quantri.tx", own_password)->token;
  const std::string theirs = "/api/v1/accounts/" + id.text() + "/sessions";
  EXPECT_EQ(code_of(send(Method::del, theirs, below)), "directory.not_allowed");
  EXPECT_TRUE(alive(again));
  EXPECT_EQ(code_of(send(Method::del, "/api/v1/accounts/" + administrator_.text() + "/sessions", token_)),
            "directory.own_account");
}

}  // namespace luy::api
