// Goal: the routes of sign-in sources answer as the contract says, hide from the sign-in page where a source is, and a
// password of a source signs in.
// Method: requests through the router; answers held against api/openapi.yaml.
#include <algorithm>

#include "api/directory_fixture.h"

namespace luy::api {
namespace {

using directory::Role;

class SourceApi : public DirectoryApi {
 protected:
  boost::json::object ldap() const {
    return {{"kind", "ldap"},
            {"name", "Thư mục thị xã"},
            {"agency", town_.text()},
            {"ldap",
             {{"urls", {"ldaps://ldap.example"}},
              {"base", "dc=example"},
              {"filter", "(objectClass=person)"},
              {"key", "entryUUID"},
              {"bind_dn", "cn=luy,dc=example"},
              {"secret_file", "secret"},
              {"ca_file", "ca.crt"},
              {"map", {{"username", "uid"}, {"name", "cn"}}}}}};
  }
  std::string made() {
    const Response response = send(Method::post, "/api/v1/sources", token_, ldap());
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_TRUE(fits(body_of(response), contract_["components"]["schemas"]["ProposedSource"]));
    return std::string(body_of(response).at("source").as_string());
  }
};

}  // namespace

TEST_F(SourceApi, IsListedInFullToWhomManagesItAndByNameToEverybody) {
  const std::string id = made();
  const YAML::Node schemas = contract_["components"]["schemas"];
  const auto items = body_of(send(Method::get, "/api/v1/sources", token_)).at("items").as_array();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_TRUE(fits(items[0].as_object(), schemas["Source"])) << items[0];
  EXPECT_TRUE(fits(items[0].at("ldap").as_object(), schemas["LdapSource"])) << items[0];
  const Response open = send(Method::get, "/api/v1/sign-in/sources");
  EXPECT_EQ(open.body, R"({"items":[{"id":")" + id + R"(","kind":"ldap","name":"Thư mục thị xã"}]})");
  const std::string staff = person("lan", Role::staff, town_);
  EXPECT_EQ(code_of(send(Method::get, "/api/v1/sources", staff)), "directory.not_allowed");
  boost::json::object off = ldap();
  off["enabled"] = false;
  EXPECT_EQ(send(Method::put, "/api/v1/sources/" + id, token_, off).status, 200);
  EXPECT_EQ(send(Method::get, "/api/v1/sign-in/sources").body, R"({"items":[]})");
}

TEST_F(SourceApi, WaitsForASecondPersonOnceThereAreTwo) {
  const std::string id = made();
  const std::string head = person("chutich", Role::agency_head, town_);
  boost::json::object other = ldap();
  other["name"] = "Thư mục khác";
  const Response changed = send(Method::put, "/api/v1/sources/" + id, token_, other);
  ASSERT_EQ(changed.status, 202) << changed.body;
  const std::string act(body_of(changed).at("act").as_string());
  EXPECT_EQ(send(Method::post, "/api/v1/acts/" + act + "/agree", head).status, 204);
  const auto items = body_of(send(Method::get, "/api/v1/sources", token_)).at("items").as_array();
  EXPECT_EQ(items[0].at("name").as_string(), "Thư mục khác");
  const Response removed = send(Method::del, "/api/v1/sources/" + id, head);
  EXPECT_EQ(removed.status, 202) << removed.body;
  EXPECT_TRUE(fits(body_of(removed), contract_["components"]["schemas"]["ProposedAct"]));
}

TEST_F(SourceApi, TiesAnAccountAndSignsInByThePasswordThere) {
  const std::string id = made();
  const AccountId lan = add_account("lan", Role::staff, town_).account.id;
  const std::string identities = "/api/v1/accounts/" + lan.text() + "/identities";
  const Response tied = send(Method::post, identities, token_, {{"source", id}, {"subject", "u-1"}});
  ASSERT_EQ(tied.status, 200) << tied.body;
  const auto items = body_of(send(Method::get, identities, token_)).at("items").as_array();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].at("subject").as_string(), "u-1");
  const boost::json::object attempt{{"username", "nguyen.lan"}, {"password", "ở thư mục"}, {"source", id}};
  EXPECT_EQ(code_of(send(Method::post, "/api/v1/session", "", attempt)), "directory.source_unknown")
      << "nobody asks it";
  directory_->federation().ask_passwords_by(
      [](const directory::SignSource&, std::string_view, std::string_view password) -> Result<std::string> {
        if (password != "ở thư mục") return Error(directory::sign_in_failed);
        return std::string("u-1");
      });
  const Response signed_in = send(Method::post, "/api/v1/session", "", attempt);
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  EXPECT_EQ(body_of(signed_in).at("username").as_string(), "lan");
  EXPECT_FALSE(token_of(signed_in).empty());
  EXPECT_EQ(send(Method::del, identities + "/" + id, token_).status, 204);
  EXPECT_EQ(code_of(send(Method::get, "/api/v1/session", token_of(signed_in))), "api.sign_in_required");
}

TEST_F(SourceApi, NamesWhatIsWrongWithASource) {
  boost::json::object plain = ldap();
  plain["ldap"].as_object()["urls"] = {"ldap://ldap.example"};
  EXPECT_EQ(code_of(send(Method::post, "/api/v1/sources", token_, plain)), "directory.source_invalid");
  EXPECT_EQ(code_of(send(Method::put, "/api/v1/sources/" + town_.text(), token_, ldap())), "directory.source_unknown");
}

}  // namespace luy::api
