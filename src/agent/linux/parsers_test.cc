// Goal: the pure readers of system files take what is well formed and pass over the rest.
// Method: tables; each line with what it must give.
#include <gtest/gtest.h>

#include "agent/collector.h"
#include "agent/linux/account_files.h"
#include "agent/linux/clamav_files.h"
#include "agent/linux/dpkg.h"
#include "agent/linux/firewall_rules.h"
#include "agent/linux/mount_table.h"
#include "agent/linux/release_file.h"
#include "agent/linux/route_table.h"
#include "agent/linux/socket_table.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

using namespace std::string_view_literals;

TEST(Text, LinesWordsAndParts) {
  EXPECT_EQ(lines("a\n\nb"sv), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(lines("a\n"sv).size(), 1U);
  EXPECT_TRUE(lines(""sv).empty());
  EXPECT_EQ(words(" a\t b  "sv), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(split("a::b"sv, ':').size(), 3U);
  EXPECT_EQ(trim("\t x \n"), "x");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(number("12"), 12);
  EXPECT_EQ(number("ff", 16), 255);
  for (const char* bad : {"", "12x", " 12", "99999999999999999999"}) EXPECT_FALSE(number(bad)) << bad;
}

TEST(Text, IniSectionsAndTheirEntries) {
  const Ini ini = parse_ini("top = 1\n[A b]\nKey = v = w\n;no = 1\n#no\nbroken\n[unclosed\nx=y\n");
  EXPECT_EQ(ini.at("").at("top"), "1");
  EXPECT_EQ(ini.at("a b").at("key"), "v = w");
  EXPECT_EQ(ini.at("a b").size(), 1U);
  EXPECT_EQ(ini.at("unclosed").at("x"), "y");
}

TEST(Release, Dates) {
  EXPECT_EQ(parse_release_date("Fri, 20 Nov 2026 00:12:41 UTC"), from_rfc3339("2026-11-20T00:12:41Z"));
  EXPECT_EQ(parse_release_date("Sun, 1 Feb 2026 10:00:00 +0000"), from_rfc3339("2026-02-01T10:00:00Z"));
  for (const char* bad :
       {"", "Fri, 31 Feb 2026 00:00:00 UTC", "Fri, 20 Nov 2026 24:00:00 UTC", "20 Nov 2026 00:00 UTC",
        "Fri, 20 Nov 2026 00:12:41 CEST", "Fri, 20 Xxx 2026 00:12:41 UTC", "Fri, 20 Nov 99999 00:00:00 UTC"}) {
    EXPECT_FALSE(parse_release_date(bad)) << bad;
  }
}

TEST(Clamav, DatabaseHeads) {
  EXPECT_EQ(database_built_at("ClamAV-VDB:07 Sep 2020 04-15 -0400:25923:"), from_rfc3339("2020-09-07T08:15:00Z"));
  EXPECT_EQ(database_built_at("ClamAV-VDB:07 Sep 2020 04-15 +0700:25923:"), from_rfc3339("2020-09-06T21:15:00Z"));
  for (const char* bad : {"", "ClamAV-VDB:", "ClamAV-VDB:07 Sep 2020:1", "Other:07 Sep 2020 04-15 -0400:1",
                          "ClamAV-VDB:07 Sep 2020 04-15 -04:1", "ClamAV-VDB:45 Sep 2020 04-15 -0400:1"}) {
    EXPECT_FALSE(database_built_at(bad)) << bad;
  }
}

TEST(Accounts, HashMethods) {
  const std::pair<const char*, const char*> table[] = {
      {"$y$j9T$x", "yescrypt"},
      {"$6$x", "sha512"},
      {"$5$x", "sha256"},
      {"$1$x", "md5"},
      {"$2b$05$", "bcrypt"},
      {"!$6$x", "sha512"},
      {"!!", ""},
      {"*", ""},
      {"abcdefghijklm", "des"},
      {"", ""},
      {"$new$algorithm", "unknown"},
      {"x", ""},
  };
  for (const auto& [field, want] : table) EXPECT_EQ(hash_method(field), want) << field;
}

TEST(Accounts, LoginRecordsThatAreTornOrHugeAreHarmless) {
  EXPECT_FALSE(last_login("short", 0));
  EXPECT_FALSE(last_login("", 4'294'967'295));
  EXPECT_FALSE(last_login("", -1));
  EXPECT_TRUE(wtmp_logins(std::string(383, 'x')).empty());
}

TEST(Dpkg, ParagraphsThatAreNotPackagesArePassedOver) {
  EXPECT_TRUE(installed_packages("").empty());
  EXPECT_TRUE(installed_packages("\n\n\n").empty());
  EXPECT_TRUE(installed_packages("Status: install ok installed\nVersion: 1\n").empty());
  const auto built = installed_packages(
      "Package: libc6\nStatus: install ok installed\nSource: glibc\nVersion: 2.36-9\n\n"
      "Package: libgcc-s1\nSource: gcc-12 (12.2.0-14)\nStatus: install ok installed\nVersion: 12.2.0-14+b1\n");
  ASSERT_EQ(built.size(), 2U);
  EXPECT_EQ(built[0].source, "glibc");
  EXPECT_EQ(built[0].source_version, "");
  EXPECT_EQ(built[1].source, "gcc-12");
  EXPECT_EQ(built[1].source_version, "12.2.0-14");
  const auto one = installed_packages("Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all");
  ASSERT_EQ(one.size(), 1U) << "a last paragraph without an empty line counts";
  EXPECT_EQ(one[0].version, "1");
}

TEST(Mounts, EscapesAndOptionalFields) {
  const auto mounts = parse_mounts(
      "36 35 98:0 / /a\\040b\\134c rw shared:1 master:2 - ext4 /dev/x rw\n"
      "37 35 98:1 / /d rw - xfs /dev/y rw\n36 35 98:0 / /e rw ext4\n\n");
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].point, "/a b\\c");
  EXPECT_EQ(mounts[1].file_system, "xfs");
}

TEST(Sockets, RowsOfOtherFormsArePassedOver) {
  EXPECT_TRUE(parse_socket_table("sl local_address\n 0: 0100007F:0016 0:0\n").empty());
  EXPECT_EQ(hex_address("0100007F"), "127.0.0.1");
  EXPECT_EQ(hex_address("B80D0120000000000000000001000000"), "2001:db8::1");
  EXPECT_EQ(hex_address("0100007"), "");
  EXPECT_EQ(hex_address("-100007F"), "");
}

TEST(Routes, RowsOfOtherFormsArePassedOver) {
  EXPECT_TRUE(parse_routes4("Iface Destination\neth0 zz\n").empty());
  EXPECT_TRUE(parse_routes6("zz\n").empty());
}

TEST(Firewall, NftIsActiveWhenAPacketThatComesInCanBeRefused) {
  const auto chain = [](const std::string& name, const std::string& hook, const std::string& policy) {
    return R"({"chain":{"family":"inet","table":"t","name":")" + name + R"(","hook":")" + hook + R"(","policy":")" +
           policy + "\"}}";
  };
  const auto rule = [](const std::string& in, const std::string& expression) {
    return R"({"rule":{"family":"inet","table":"t","chain":")" + in + R"(","expr":[)" + expression + "]}}";
  };
  const struct {
    std::string entries;
    bool active;
    std::int64_t rules;
  } table[] = {
      {"", false, 0},
      {chain("in", "input", "accept"), false, 0},
      {chain("in", "input", "drop"), true, 0},
      {chain("out", "output", "drop"), false, 0},
      {chain("in", "input", "accept") + "," + rule("in", R"({"drop":null})"), true, 1},
      {chain("in", "input", "accept") + "," + rule("in", R"({"accept":null})"), false, 1},
      {chain("in", "input", "accept") + "," + rule("in", R"({"jump":{"target":"x"}})") + "," +
           rule("x", R"({"reject":{"type":"tcp reset"}})"),
       true, 2},
      {chain("in", "input", "accept") + "," + rule("in", R"({"jump":{"target":"x"}})") + "," +
           rule("x", R"({"goto":{"target":"in"}})"),
       false, 2},
      {chain("in", "input", "accept") + "," + rule("x", R"({"drop":null})"), false, 1},
  };
  for (const auto& [entries, active, rules] : table) {
    const auto firewall = read_nft(R"({"nftables":[)" + entries + "]}");
    ASSERT_TRUE(firewall) << entries;
    EXPECT_EQ(firewall->active, active) << entries;
    EXPECT_EQ(firewall->rules, rules) << entries;
  }
  for (const char* bad : {"", "[]", "{}", R"({"nftables":5})", R"({"nftables":[)"}) EXPECT_FALSE(read_nft(bad)) << bad;
}

TEST(Firewall, IptablesSave) {
  EXPECT_FALSE(read_iptables("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n").active);
  EXPECT_TRUE(read_iptables("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j DROP\n").active);
  EXPECT_TRUE(read_iptables("*filter\n:INPUT ACCEPT [0:0]\n:F - [0:0]\n-A INPUT -j F\n-A F -j REJECT\n").active);
  EXPECT_FALSE(read_iptables("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:F - [0:0]\n-A F -j DROP\n").active);
  EXPECT_EQ(read_iptables("").rules, 0);
}

}  // namespace
}  // namespace luy::agent
