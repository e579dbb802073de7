#include "device_policy/release.h"

#include <gtest/gtest.h>

namespace luy::device_policy {
namespace {

// A signature of a test: the key, repeated, "signed" the text whose length it names.
std::string sign(std::string_view key, std::string_view text) {
  std::string out = std::string(key) + std::to_string(std::hash<std::string_view>()(text));
  out.resize(64, '.');
  return out;
}
bool verify(std::string_view key, std::string_view text, std::string_view signature) {
  return signature == sign(key, text);
}
const std::string first(32, 'a');
const std::string second(32, 'b');
const std::string third(32, 'c');
const Release release{"0.2.0", "amd64", 7'000'000, std::string(64, 'f')};

std::string statement() {
  return to_statement(release, sign(first, release_text(release)));
}
std::vector<KeyStep> chain() {
  return {{first, ""}, {second, sign(first, key_step_text(second))}, {third, sign(second, key_step_text(third))}};
}

TEST(ReleaseTest, VersionsAreNumbersInSequence) {
  for (const char* good : {"0", "1.2", "0.1.0", "10.20.30.40"}) EXPECT_TRUE(is_release_version(good)) << good;
  for (const char* bad : {"", ".", "1.", ".1", "1..2", "1.2.3.4.5", "01.2", "1.2~rc1", "1:2", "1.2-1", "9999999999"}) {
    EXPECT_FALSE(is_release_version(bad)) << bad;
  }
  EXPECT_LT(compare_versions("0.9.9", "0.10.0"), 0);
  EXPECT_GT(compare_versions("1.0", "0.99.99"), 0);
  EXPECT_EQ(compare_versions("0.2.0", "0.2.0"), 0);
  EXPECT_LT(compare_versions("0.2", "0.2.0"), 0);
}

TEST(ReleaseTest, AStatementIsReadAsItIsWritten) {
  const auto read = read_statement(statement());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->release, release);
  EXPECT_EQ(accept_release(statement(), first, verify).value(), release);
  const auto foreign = accept_release(statement(), second, verify);
  ASSERT_FALSE(foreign);
  EXPECT_TRUE(foreign.error().is(release_not_signed));
}

TEST(ReleaseTest, WhatIsChangedInAStatementIsRefused) {
  const std::string good = statement();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string out = good;
    out.replace(out.find(from), from.size(), to);
    return accept_release(out, first, verify).error();
  };
  EXPECT_TRUE(with("0.2.0", "0.3.0").is(release_not_signed));
  EXPECT_TRUE(with("amd64", "arm64").is(release_not_signed));
  EXPECT_TRUE(with("7000000", "7000001").is(release_not_signed));
  EXPECT_TRUE(with("7000000", "07000000").is(release_malformed));
  EXPECT_TRUE(with("7000000", "99999999999").is(release_malformed));
  EXPECT_TRUE(with("luy-agent", "bash").is(release_malformed));
  EXPECT_TRUE(with("luy-release-v1", "luy-release-v2").is(release_malformed));
  EXPECT_TRUE(with("sha256 f", "sha256 F").is(release_malformed));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(read_statement(good.substr(0, size))) << "cut off after " << size;
  }
  EXPECT_FALSE(read_statement(good + "more\n"));
}

TEST(ReleaseTest, AKeyIsFollowedOnlyAlongSignatures) {
  EXPECT_EQ(follow_keys(chain(), "", verify).value(), third);
  EXPECT_EQ(follow_keys(chain(), first, verify).value(), third);
  EXPECT_EQ(follow_keys(chain(), second, verify).value(), third);
  EXPECT_EQ(follow_keys(chain(), third, verify).value(), third);
  EXPECT_TRUE(follow_keys(chain(), std::string(32, 'x'), verify).error().is(release_key_foreign));
  EXPECT_TRUE(follow_keys({}, "", verify).error().is(release_key_foreign));
  auto forged = chain();
  forged[2].signature = sign(third, key_step_text(third));
  EXPECT_TRUE(follow_keys(forged, first, verify).error().is(release_key_foreign));
  EXPECT_TRUE(follow_keys(forged, "", verify).error().is(release_key_foreign));
  // Taken back to an older key, the hub's list is foreign to a machine that went on already.
  EXPECT_TRUE(follow_keys({chain()[0]}, second, verify).error().is(release_key_foreign));
}

TEST(ReleaseTest, AnAnswerIsReadAsItIsWritten) {
  const WantedRelease wanted{statement(), chain(), 3, 900};
  EXPECT_EQ(read_release_answer(to_json(wanted)).value(), wanted);
  EXPECT_EQ(read_release_answer(to_json(std::nullopt)).value(), std::nullopt);
  const std::string good = to_json(wanted);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"\"attempt\":3", "\"attempt\":0"},
                                                                                 {":900", ":1"},
                                                                                 {":900", ":900000"},
                                                                                 {"\"keys\":[", "\"keys\":[7,"},
                                                                                 {"luy-release-v1", "x"},
                                                                                 {"\"statement\"", "\"other\""}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(read_release_answer(bad)) << bad;
  }
  EXPECT_FALSE(read_release_answer("{}"));
  EXPECT_FALSE(read_release_answer(good.substr(0, good.size() - 1)));
}

}  // namespace
}  // namespace luy::device_policy
