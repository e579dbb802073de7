// Goal: what is not a database of ClamAV's, or damaged, or a list that ClamAV would not read, is refused by name.
#include "antivirus/database.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <fstream>

#include "antivirus/fixture.h"
#include "base/encoding.h"

namespace luy::antivirus {
namespace {

struct DatabaseTest : testing::Test {
  Result<Checked> check(const std::string& content, const std::string& name = "daily.cvd", Tools tools = {}) {
    const auto file = folder.path() / "upload";
    std::ofstream(file, std::ios::binary) << content;
    return check_database(file, name, tools, now);
  }
  std::string_view kind(const Result<Checked>& result) { return result ? "" : result.error().name(); }
  inventory::TestFolder folder;
  Time now = inventory::test_start();
};

TEST_F(DatabaseTest, AWholeDatabaseSaysWhatItIs) {
  const auto checked = check(database(27468));
  ASSERT_TRUE(checked.has_value()) << checked.error().text();
  EXPECT_EQ(checked->head->version, 27468);
  EXPECT_EQ(to_rfc3339(checked->head->built_at).substr(0, 16), "2026-11-20T08:15");
  EXPECT_EQ(checked->signatures, 2'000'000);
  EXPECT_EQ(checked->verified, "digest") << "which is said: nobody looked at ClamAV's signature";
}

TEST_F(DatabaseTest, WhatIsDamagedOrForgedIsRefused) {
  std::string damaged = database(7);
  damaged.back() ^= 1;
  EXPECT_EQ(kind(check(damaged)), "antivirus.database_invalid");
  EXPECT_EQ(kind(check(database(7), "other.cvd")), "antivirus.database_invalid");
  EXPECT_EQ(kind(check(database(7).substr(0, 511))), "antivirus.database_invalid");
  EXPECT_EQ(kind(check("ClamAV" + database(7).substr(6, 506) + "x")), "antivirus.database_invalid") << "another body";
  EXPECT_EQ(kind(check(database(7, "20 Nov 2036 08-15 +0000"))), "antivirus.database_invalid") << "of the future";
  EXPECT_EQ(kind(check(database(7, "31 Feb 2026 08-15 +0000"))), "antivirus.database_invalid");
  EXPECT_EQ(kind(check(database(7), "daily.cld")), "antivirus.tool_missing") << "only sigtool can tell";
  Tools tools;
  tools.verify = [](const auto&, const std::string& name) -> Result<void> { return Error(database_forged, name); };
  EXPECT_EQ(kind(check(database(7), "daily.cvd", tools)), "antivirus.database_forged");
}

TEST_F(DatabaseTest, TheRealSigtoolRefusesWhatClamAVDidNotSign) {
  const Tools tools = installed_tools(folder.path() / "scratch");
  if (!tools.verify) GTEST_SKIP() << "sigtool (package clamav) is not installed";
  EXPECT_EQ(kind(check(database(7), "daily.cvd", tools)), "antivirus.database_forged");
  EXPECT_EQ(kind(check(database(7), "daily.cld", tools)), "antivirus.database_forged");
}

TEST(SignatureListTest, HashListsAreReadLineByLine) {
  const std::string md5 = "d41d8cd98f00b204e9800998ecf8427e";
  const std::string sha256(64, 'a');
  EXPECT_EQ(check_list(Kind::hash, md5 + ":5:Luy.Thu\n").value().signatures, 1);
  EXPECT_EQ(check_list(Kind::hash, sha256 + ":*:Luy.Thu:73").value().signatures, 1);
  EXPECT_EQ(hash_list_ending(md5 + ":5:a"), ".hdb");
  EXPECT_EQ(hash_list_ending(sha256 + ":5:a"), ".hsb");
  for (const std::string& bad :
       {std::string(), std::string("\n"), md5, md5 + ":5", md5 + ":0:a", md5 + ":*:a", md5 + ":5:tên có dấu",
        "z" + md5.substr(1) + ":5:a", md5 + ":5:a\n\n" + sha256 + ":5:b", md5 + ":5:a\n" + sha256 + ":5:b",
        md5 + ":5:a\n" + md5 + ":6:b", md5 + ":5:a\r\n", std::string(list_bytes_max, 'a')}) {
    EXPECT_FALSE(check_list(Kind::hash, bad).has_value()) << bad.substr(0, 200);
  }
  const auto wrong = check_list(Kind::hash, md5 + ":5:a\nkhông");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_TRUE(wrong.error().is(list_malformed));
  EXPECT_NE(wrong.error().en().find("line 2"), std::string::npos);
}

TEST(SignatureListTest, RulesAreReadByTheirOutline) {
  const std::string rule =
      "// a } in a comment\nprivate rule a : tag {\n strings: $a = \"x } \\\" y\" $b = { 4D 5A } $c = /a}\\/b/ \n"
      " condition: $a and $b }\n/* rule */ rule b { condition: true }\n";
  const auto read = check_list(Kind::yara, rule);
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->signatures, 2);
  for (const std::string& bad : std::vector<std::string>{
           "", "rule", "rule a", "rule a {", "rule a { strings: $a = \"x }", "rule a { strings: $a = \"x\" }",
           "import \"pe\"\nrule a { condition: true }", "rule a { condition: true } rule a { condition: true }",
           "condition: true }", "rule a { condition: true } rest"}) {
    EXPECT_FALSE(check_list(Kind::yara, bad).has_value()) << bad;
  }
}

TEST(SignatureListTest, TheRealClamscanReadsRulesAsClamdWill) {
  inventory::TestFolder folder;
  const Tools tools = installed_tools(folder.path() / "scratch");
  if (!tools.load) GTEST_SKIP() << "clamscan (package clamav) is not installed";
  const auto file = folder.path() / "list";
  const auto load = [&](const char* text) {
    std::ofstream(file, std::ios::binary) << text;
    return tools.load(file, "luy-1.yar").has_value();
  };
  EXPECT_TRUE(load("rule a { strings: $a = \"xyz\" condition: $a }\n"));
  EXPECT_FALSE(load("rule a { strings: $a = \"xyz\" condition: $b }\n")) << "its outline is right, its name is not";
}

}  // namespace
}  // namespace luy::antivirus
