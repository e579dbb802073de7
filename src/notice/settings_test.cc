// Goal: notices leave for official addresses and named hosts alone, and over encrypted ways. Method: values that are
// right, and each way in which they may be wrong.
#include "notice/settings.h"

#include <gtest/gtest.h>

namespace luy::notice {
namespace {

namespace json = boost::json;

json::object good() {
  return json::parse(R"({"mail":{"enabled":true,"host":"Mail.BimSon.gov.vn","port":587,"security":"starttls",
    "username":"luy","secret_file":"smtp.key","ca_file":null,"sender":"luy@bimson.gov.vn"},
    "domains":["GOV.vn"],"webhook_hosts":[{"host":"siem.lan","networks":["10.56.0.0/16"]}]})")
      .as_object();
}

TEST(Settings, AreReadAndWrittenTheSame) {
  const Settings settings = settings_from_json(good()).value();
  EXPECT_EQ(settings.mail->host, "mail.bimson.gov.vn");
  EXPECT_EQ(settings.domains, std::vector<std::string>{"gov.vn"});
  EXPECT_EQ(settings_from_json(to_json(settings)).value(), settings);
}

TEST(Settings, SayWhatIsWrong) {
  const auto with = [](std::string_view key, json::value value) {
    json::object all = good();
    all["mail"].as_object()[key] = std::move(value);
    return all;
  };
  for (const json::object& wrong :
       {with("host", "mail server"), with("host", "1.2.3"), with("port", 0), with("port", 70000),
        with("security", "none"), with("security", "ssl"), with("username", nullptr), with("secret_file", nullptr),
        with("secret_file", "../keys/ca.key"), with("ca_file", ".hidden"), with("sender", "luy"),
        with("sender", "a\r\nBcc: x@gov.vn"), with("username", "a b")}) {
    const auto read = settings_from_json(wrong);
    EXPECT_FALSE(read) << json::serialize(wrong);
    EXPECT_TRUE(read || read.error().is(settings_invalid)) << json::serialize(wrong);
  }
  EXPECT_TRUE(settings_from_json(with("sender", "luy@gmail.com")).error().is(address_not_official));
  json::object everybody = good();
  everybody["domains"] = {"vn"};
  EXPECT_TRUE(settings_from_json(everybody).error().is(settings_invalid));
  json::object network = good();
  network["webhook_hosts"].as_array()[0].as_object()["networks"] = {"10.0.0.1/8"};
  EXPECT_TRUE(settings_from_json(network).error().is(settings_invalid));
}

TEST(Settings, WithoutEncryptionOnlyOnLoopback) {
  json::object all = good();
  json::object& mail = all["mail"].as_object();
  mail["security"] = "none";
  for (const char* host : {"127.0.0.1", "::1", "localhost"}) {
    mail["host"] = host;
    EXPECT_TRUE(settings_from_json(all)) << host;
  }
  mail["host"] = "127.0.0.1.evil.vn";
  EXPECT_FALSE(settings_from_json(all));
}

TEST(Address, IsOfficialByItsDomainAlone) {
  Settings settings;
  settings.domains = {"gov.vn", "bimson.thanhhoa.vn"};
  for (const char* good_one : {"lan@gov.vn", "lan.nguyen@bimson.thanhhoa.gov.vn", "LAN@BIMSON.THANHHOA.VN"}) {
    EXPECT_TRUE(is_official(settings, good_one)) << good_one;
  }
  for (const char* wrong : {"lan@gmail.com", "lan@notgov.vn", "lan@gov.vn.evil.com", "lan@gov.vn@evil.com", "@gov.vn",
                            "lan@", "lan", "lan @gov.vn", "lan@gov.vn ", "lan@gov.vn\r\nRCPT TO:<x@y.z>", "lan@.gov.vn",
                            "a..b@gov.vn", "\"a b\"@gov.vn", "lân@gov.vn", "lan@gov.vn>"}) {
    EXPECT_FALSE(is_official(settings, wrong)) << wrong;
  }
}

TEST(Url, IsHttpsToOneHost) {
  const auto url = webhook_url("https://SOC.gov.vn:8443/luy?x=1");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "soc.gov.vn");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(webhook_url("https://[2001:DB8::1]/")->host, "2001:db8::1");
  EXPECT_EQ(webhook_url("https://10.56.1.2")->port, 443);
  for (const char* wrong :
       {"http://soc.gov.vn/", "https://", "https://user@soc.gov.vn/", "https://soc.gov.vn:0/", "https://soc.gov.vn:x/",
        "https://soc.gov.vn:70000/", "https://soc.gov.vn\\@evil.vn/", "https://soc.gov.vn/#x", "https://soc gov.vn/",
        "https://0x7f000001/", "https://2130706433/", "https://[::1/", "https://a..vn/", "https://soc.gov.vn:/"}) {
    EXPECT_FALSE(webhook_url(wrong)) << wrong;
  }
}

TEST(Host, IsReachedWhereItWasAllowed) {
  const WebhookHost open{"soc.gov.vn", {}};
  const WebhookHost inside{"siem.lan", {"10.56.0.0/16"}};
  EXPECT_TRUE(may_reach(open, "103.28.36.1"));
  EXPECT_TRUE(may_reach(open, "2405:4800::1"));
  for (const char* own : {"127.0.0.1", "10.56.1.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "172.31.255.255",
                          "0.0.0.0", "224.0.0.1", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1",
                          "::ffff:10.56.1.1", "2002:7f00:1::", "64:ff9b::7f00:1", "255.255.255.255", "x", ""}) {
    EXPECT_FALSE(may_reach(open, own)) << own;
  }
  EXPECT_TRUE(may_reach(inside, "10.56.1.1"));
  EXPECT_TRUE(may_reach(inside, "::ffff:10.56.1.1"));
  EXPECT_FALSE(may_reach(inside, "10.57.1.1"));
  EXPECT_FALSE(may_reach(inside, "103.28.36.1"));
}

TEST(Pauses, GrowToAnHour) {
  EXPECT_EQ(pause_after(1), std::chrono::seconds(10));
  EXPECT_EQ(pause_after(2), std::chrono::seconds(20));
  EXPECT_EQ(pause_after(5), std::chrono::seconds(160));
  EXPECT_EQ(pause_after(1000), std::chrono::hours(1));
}

TEST(Names, OfKindsAreTheirOwn) {
  for (std::size_t i = 0; i < kind_count; ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(kind_from_name(name_of(kind)), kind);
  }
  EXPECT_FALSE(kind_from_name("test"));
}

}  // namespace
}  // namespace luy::notice
