// Goal: a sign-in source is what it must be, or is refused with the setting named; nothing a person types becomes part
// of a filter; only what makes two factors counts for two.
// Method: one good source of each kind, then each setting wrong in turn; escaping by the examples of RFC 4515.
#include "directory/sign_source.h"

#include <gtest/gtest.h>

#include <functional>

namespace luy::directory {
namespace {

using boost::json::object;
using boost::json::value;

object ldap() {
  return {{"kind", "ldap"},
          {"name", "Thư mục thị xã"},
          {"agency", "01jdb1c8x0000000000000000a"},
          {"ldap",
           {{"urls", {"ldaps://ldap.bimson.gov.vn", "ldaps://[2001:db8::1]:3636"}},
            {"base", "ou=people,dc=bimson,dc=vn"},
            {"filter", "(&(objectClass=inetOrgPerson)(!(x=\\29)))"},
            {"key", "entryUUID"},
            {"bind_dn", "cn=luy,dc=bimson,dc=vn"},
            {"secret_file", "thu-muc.secret"},
            {"ca_file", "thu-muc.crt"},
            {"map", {{"username", "uid"}, {"name", "cn"}, {"mail", nullptr}, {"department", "ou"}}}}}};
}
object oidc() {
  return {{"kind", "oidc"},
          {"name", "Cổng thị xã"},
          {"agency", "01jdb1c8x0000000000000000a"},
          {"oidc",
           {{"issuer", "https://id.bimson.gov.vn:8443/realms/luy"},
            {"client_id", "luy"},
            {"scopes", {"openid", "profile"}},
            {"secret_file", nullptr}}}};
}

}  // namespace

TEST(SignSource, IsReadAsItWasWritten) {
  for (const object& one : {ldap(), oidc()}) {
    const auto read = source_from_json(one);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_TRUE(read->enabled);
    const auto again = source_from_json(to_json(*read));
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(*again, *read);
  }
}

TEST(SignSource, NamesWhatIsWrong) {
  const auto in = [](object& source) -> object& { return source.at(source.at("kind").as_string()).as_object(); };
  using Change = std::function<void(object&)>;
  const struct {
    const char* what;
    object source;
    Change change;
  } table[] = {
      {"plain LDAP", ldap(), [&](object& s) { in(s)["urls"] = {"ldap://ldap.bimson.gov.vn"}; }},
      {"one of two plain", ldap(),
       [&](object& s) {
         in(s)["urls"] = {"ldaps://a.vn", "ldap://b.vn"};
       }},
      {"both ways of TLS", ldap(), [&](object& s) { in(s)["start_tls"] = true; }},
      {"a web address", ldap(), [&](object& s) { in(s)["urls"] = {"https://ldap.bimson.gov.vn"}; }},
      {"a base in the address", ldap(), [&](object& s) { in(s)["urls"] = {"ldaps://a.vn/dc=vn"}; }},
      {"somebody in the address", ldap(), [&](object& s) { in(s)["urls"] = {"ldaps://x@a.vn"}; }},
      {"two addresses in one", ldap(), [&](object& s) { in(s)["urls"] = {"ldaps://a.vn ldap://b.vn"}; }},
      {"port 0", ldap(), [&](object& s) { in(s)["urls"] = {"ldaps://a.vn:0"}; }},
      {"no address", ldap(), [&](object& s) { in(s)["urls"] = boost::json::array(); }},
      {"a filter left open", ldap(), [&](object& s) { in(s)["filter"] = "(a=b"; }},
      {"two filters", ldap(), [&](object& s) { in(s)["filter"] = "(a=b)(c=d)"; }},
      {"no filter", ldap(), [&](object& s) { in(s)["filter"] = "a=b"; }},
      {"a key that changes", ldap(), [&](object& s) { in(s)["key"] = "mail"; }},
      {"asked as nobody", ldap(), [&](object& s) { in(s)["bind_dn"] = ""; }},
      {"a path for a secret", ldap(), [&](object& s) { in(s)["secret_file"] = "../keys/ca.key"; }},
      {"a hidden file", ldap(), [&](object& s) { in(s)["secret_file"] = ".netrc"; }},
      {"any authority", ldap(), [&](object& s) { in(s)["ca_file"] = nullptr; }},
      {"an attribute with a filter in it", ldap(),
       [&](object& s) { in(s)["map"].as_object()["username"] = "uid=*)(x"; }},
      {"no name", ldap(), [&](object& s) { in(s)["map"].as_object().erase("name"); }},
      {"another kind", ldap(), [](object& s) { s["kind"] = "oidc"; }},
      {"both kinds", ldap(), [](object& s) { s["oidc"] = oidc().at("oidc"); }},
      {"no agency", ldap(), [](object& s) { s["agency"] = "x"; }},
      {"http", oidc(), [&](object& s) { in(s)["issuer"] = "http://id.bimson.gov.vn"; }},
      {"a question in the issuer", oidc(), [&](object& s) { in(s)["issuer"] = "https://id.vn/?a=b"; }},
      {"somebody in the issuer", oidc(), [&](object& s) { in(s)["issuer"] = "https://x@id.vn"; }},
      {"no openid", oidc(), [&](object& s) { in(s)["scopes"] = {"profile"}; }},
      {"a blank in a scope", oidc(),
       [&](object& s) {
         in(s)["scopes"] = {"openid", "a b"};
       }},
  };
  for (auto [what, source, change] : table) {
    change(source);
    const auto read = source_from_json(source);
    ASSERT_FALSE(read) << what;
    EXPECT_TRUE(read.error().is(source_invalid)) << what;
  }
}

TEST(SignSource, TakesPlainAddressesWithStartTls) {
  object source = ldap();
  object& settings = source["ldap"].as_object();
  settings["urls"] = {"ldap://ldap.bimson.gov.vn:389"};
  settings["start_tls"] = true;
  EXPECT_TRUE(source_from_json(source));
}

TEST(SignSource, LetsNothingTypedIntoAFilter) {
  // RFC 4515 section 4, and octets of other alphabets.
  EXPECT_EQ(ldap_escaped("Parens R Us (for all your parenthetical needs)"),
            "Parens\\20R\\20Us\\20\\28for\\20all\\20your\\20parenthetical\\20needs\\29");
  EXPECT_EQ(ldap_escaped("*"), "\\2a");
  EXPECT_EQ(ldap_escaped("C:\\MyFile"), "C:\\5cMyFile");
  EXPECT_EQ(ldap_escaped(std::string_view("\0\4", 2)), "\\00\\04");
  EXPECT_EQ(ldap_escaped("Lũy"), "L\\c5\\a9y");
  const auto source = source_from_json(ldap());
  EXPECT_EQ(ldap_filter_for(*source->ldap, "lan)(uid=*"),
            "(&(&(objectClass=inetOrgPerson)(!(x=\\29)))(uid=lan\\29\\28uid=\\2a))");
}

TEST(SignSource, TakesOneSpellingOfAName) {
  for (const char* good : {"lan", "nguyen.thi-lan_2", "lan@bimson.gov.vn"}) EXPECT_TRUE(is_source_username(good));
  for (const char* bad : {"", "làn", "lan ", "l an", "lan*", "lan\n"}) EXPECT_FALSE(is_source_username(bad)) << bad;
  EXPECT_FALSE(is_source_username(std::string(username_source_chars_max + 1, 'a')));
}

TEST(SignSource, CountsTwoFactorsWhereThereAreTwo) {
  const struct {
    std::vector<std::string> methods;
    bool two;
  } table[] = {
      {{}, false},
      {{"pwd"}, false},
      {{"pwd", "pin"}, false},
      {{"otp", "hwk"}, false},
      {{"pwd", "otp"}, true},
      {{"pin", "sc"}, true},
      {{"hwk", "face"}, true},
      {{"mfa"}, true},
      {{"pwd", "sms"}, false},
      {{"MFA"}, false},
  };
  for (const auto& [methods, two] : table)
    EXPECT_EQ(are_two_factors(methods), two) << (methods.empty() ? "" : methods[0]);
}

}  // namespace luy::directory
