// Goal: an address is understood or refused with a reason, and never leads to where the hub may not look.
// Method: tables.
#include "watch/service.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace luy::watch {
namespace {

TEST(Target, IsReadAsWritten) {
  const struct {
    Kind kind;
    const char* text;
    const char* host;
    int port;
    const char* path;
  } table[] = {
      {Kind::http, "http://Bimson.Gov.vn", "bimson.gov.vn", 80, "/"},
      {Kind::http, "https://bimson.gov.vn:8443/tin?id=1#cuoi", "bimson.gov.vn", 8443, "/tin?id=1"},
      {Kind::http, "https://[2001:db8::1]/a", "2001:db8::1", 443, "/a"},
      {Kind::http, "http://a.vn?x=1", "a.vn", 80, "/?x=1"},
      {Kind::tcp, "mail.bimson.gov.vn:25", "mail.bimson.gov.vn", 25, ""},
      {Kind::tls, "mail.bimson.gov.vn", "mail.bimson.gov.vn", 443, ""},
      {Kind::icmp, "10.0.0.1", "10.0.0.1", 0, ""},
      {Kind::dns, "bimson.gov.vn", "bimson.gov.vn", 0, ""},
  };
  for (const auto& row : table) {
    const auto target = parse_target(row.kind, row.text);
    ASSERT_TRUE(target) << row.text << ": " << target.error().text();
    EXPECT_EQ(target->host, row.host) << row.text;
    EXPECT_EQ(target->port, row.port) << row.text;
    EXPECT_EQ(target->path, row.path) << row.text;
  }
  const auto asked = parse_target(Kind::dns, "bimson.gov.vn@10.1.1.1:5353");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->server, "10.1.1.1");
  EXPECT_EQ(asked->server_port, 5353);
}

TEST(Target, RefusesWhatIsNoAddress) {
  const struct {
    Kind kind;
    std::string text;
  } table[] = {
      {Kind::http, "ftp://a.vn"},
      {Kind::http, "a.vn"},
      {Kind::http, "http://"},
      {Kind::http, "http://u:p@a.vn/"},
      {Kind::http, "http://a.vn:0"},
      {Kind::http, "http://a.vn:65536"},
      {Kind::http, "http://a.vn/\r\nX:1"},
      {Kind::http, "http://a .vn"},
      {Kind::http, "http://[::1/"},
      {Kind::tcp, "a.vn"},
      {Kind::tcp, "a.vn:x"},
      {Kind::icmp, "a.vn/1"},
      {Kind::dns, "a.vn@"},
      {Kind::http, "http://" + std::string(2000, 'a')},
      {Kind::icmp, ""},
      {Kind::icmp, "-x"},
  };
  for (const auto& row : table) EXPECT_FALSE(parse_target(row.kind, row.text)) << row.text;
}

TEST(Target, FollowsRedirectsFromWhereItStands) {
  const Target from = *parse_target(Kind::http, "https://a.vn/x/y?z=1");
  const struct {
    const char* location;
    const char* host;
    const char* path;
    bool tls;
  } table[] = {
      {"/moi", "a.vn", "/moi", true},
      {"moi", "a.vn", "/x/moi", true},
      {"//b.vn/q", "b.vn", "/q", true},
      {"http://a.vn/", "a.vn", "/", false},
      {"https://a.vn.evil.com/", "a.vn.evil.com", "/", true},
  };
  for (const auto& row : table) {
    const auto to = resolve_redirect(from, row.location);
    ASSERT_TRUE(to) << row.location;
    EXPECT_EQ(to->host, row.host);
    EXPECT_EQ(to->path, row.path);
    EXPECT_EQ(to->tls, row.tls);
  }
  for (const char* bad : {"", "javascript://x", "http://a.vn@evil.com/", "file:///etc/passwd"}) {
    EXPECT_FALSE(resolve_redirect(from, bad)) << bad;
  }
}

TEST(Address, OfTheHubItselfAndOfNobodyIsRefused) {
  const struct {
    const char* address;
    bool allowed;
    bool with_loopback;
  } table[] = {
      {"10.0.0.1", true, true},
      {"203.0.113.9", true, true},
      {"192.168.1.1", true, true},
      {"127.0.0.1", false, true},
      {"127.9.9.9", false, true},
      {"0.0.0.0", false, false},
      {"0.1.2.3", false, false},
      {"169.254.169.254", false, false},
      {"224.0.0.1", false, false},
      {"255.255.255.255", false, false},
      {"::1", false, true},
      {"::", false, false},
      {"fe80::1", false, false},
      {"ff02::1", false, false},
      {"2001:db8::1", true, true},
      {"::ffff:127.0.0.1", false, true},
      {"::ffff:169.254.169.254", false, false},
      {"::ffff:10.0.0.1", true, true},
      {"::7f00:1", false, false},
  };
  for (const auto& row : table) {
    const int family = std::string_view(row.address).find(':') == std::string_view::npos ? AF_INET : AF_INET6;
    std::string bytes(family == AF_INET ? 4 : 16, '\0');
    ASSERT_EQ(::inet_pton(family, row.address, bytes.data()), 1) << row.address;
    EXPECT_EQ(may_be_probed(bytes, false), row.allowed) << row.address;
    EXPECT_EQ(may_be_probed(bytes, true), row.with_loopback) << row.address;
  }
}

}  // namespace
}  // namespace luy::watch
