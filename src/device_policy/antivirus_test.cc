#include "device_policy/antivirus.h"

#include <gtest/gtest.h>

namespace luy::device_policy {
namespace {

Antivirus some() {
  Antivirus out;
  out.period_days = 7;
  out.weekday = 3;
  out.from_minute = 660;
  out.until_minute = 840;
  out.paths = {"/"};
  out.excludes = {"/srv/máy ảo"};
  out.file_bytes_max = 100 << 20;
  out.busy_percent = 50;
  out.pause_load_percent = 80;
  out.signatures = {{"daily.cvd", std::string(64, 'a'), 5}};
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(AntivirusSection, ReadsWhatItWrites) {
  const auto read = read_antivirus(to_json(some()));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->section, some());
  EXPECT_TRUE(read->unknown.empty());
}

TEST(AntivirusSection, SkipsAndNamesFieldsOfANewerHub) {
  const auto read = read_antivirus(replaced(to_json(some()), "{\"scan\"", "{\"cloud\":{\"x\":[1]},\"scan\""));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->section, some());
  EXPECT_EQ(read->unknown, std::vector<std::string>{"cloud"});
}

TEST(AntivirusSection, NamesTheFieldThatIsWrong) {
  const std::string good = to_json(some());
  const std::string digest(64, 'a');
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"\"scan\":true", "\"scan\":1", "antivirus.scan"},
      {"\"weekday\":3", "\"weekday\":8", "antivirus.weekday"},
      {"\"weekday\":3,", "", "antivirus.weekday"},
      {"\"period_days\":7", "\"period_days\":0", "antivirus.period_days"},
      {"\"until_minute\":840", "\"until_minute\":660", "antivirus.until_minute"},
      {"[\"/\"]", "[]", "antivirus.paths"},
      {"[\"/\"]", "[\"home\"]", "antivirus.paths"},
      {"[\"/\"]", "[\"/a/../etc\"]", "antivirus.paths"},
      {"[\"/\"]", "[\"/a//b\"]", "antivirus.paths"},
      {"[\"/\"]", "[\"/a/\"]", "antivirus.paths"},
      {"[\"/\"]", "[\"/a\\u0000b\"]", "antivirus.paths"},
      {"\"busy_percent\":50", "\"busy_percent\":0", "antivirus.busy_percent"},
      {"\"quarantine\"", "\"delete\"", "antivirus.infected"},
      {"daily.cvd", "../x.cvd", "antivirus.signatures"},
      {"daily.cvd", ".cvd", "antivirus.signatures"},
      {"daily.cvd", "clamd.conf", "antivirus.signatures"},
      {digest, digest + "a", "antivirus.signatures"},
      {"\"offline\"", "\"sometimes\"", "antivirus.official_signatures"},
      {"\"bytes\":5", "\"bytes\":0", "antivirus.signatures"}};
  for (const auto& [from, to, field] : cases) {
    const auto read = read_antivirus(replaced(good, from, to));
    ASSERT_FALSE(read) << to;
    EXPECT_TRUE(read.error().is(malformed)) << to;
    EXPECT_NE(read.error().en().find(field), std::string::npos) << read.error().en();
  }
  EXPECT_FALSE(read_antivirus("[]"));
  EXPECT_FALSE(read_antivirus(""));
}

TEST(AntivirusSection, WhatProtectsLessIsNamed) {
  const Antivirus before = some();
  EXPECT_TRUE(weakened(before, before).empty());
  Antivirus after = before;
  after.weekday = 5;
  after.busy_percent = 10;
  after.excludes = {};
  EXPECT_TRUE(weakened(before, after).empty()) << "another day, slower, and more to look at";
  after = before;
  after.excludes = {"/srv/máy ảo/a"};
  EXPECT_TRUE(weakened(before, after).empty()) << "within what was left out before";
  after.excludes = {"/srv/máy ảo hai"};
  EXPECT_EQ(weakened(before, after), std::vector<std::string>{"excludes"}) << "begins alike but lies elsewhere";
  after = before;
  after.paths = {"/home", "/srv"};
  EXPECT_EQ(weakened(before, after), std::vector<std::string>{"paths"});
  Antivirus narrow = before;
  narrow.paths = {"/home"};
  after = narrow;
  after.excludes.emplace_back("/var");
  EXPECT_TRUE(weakened(narrow, after).empty()) << "was never looked at";
  after.excludes.emplace_back("/");
  EXPECT_EQ(weakened(narrow, after), std::vector<std::string>{"excludes"});
  after = before;
  after.scan = false;
  after.infected = Infected::report;
  after.file_bytes_max -= 1;
  EXPECT_EQ(weakened(before, after), (std::vector<std::string>{"scan", "file_bytes_max", "infected"}));
  Antivirus wide = before;
  wide.other_file_systems = true;
  EXPECT_EQ(weakened(wide, before), std::vector<std::string>{"other_file_systems"});
}

TEST(AntivirusSection, AFolderHoldsItselfAndWhatIsBelow) {
  EXPECT_TRUE(is_within("/home/an", "/home"));
  EXPECT_TRUE(is_within("/home", "/home"));
  EXPECT_TRUE(is_within("/home", "/"));
  EXPECT_FALSE(is_within("/homes", "/home"));
  EXPECT_FALSE(is_within("/", "/home"));
}

}  // namespace
}  // namespace luy::device_policy
