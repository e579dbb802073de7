// Goal: a finding for which no rule speaks tells its reader as much as one with a rule. Method: every kind and every
// sign that the hub reports, against the texts that are built in.
#include "finding/sign_text.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/source_dir.h"
#include "finding/attack.h"

namespace luy::finding {
namespace {

struct Case {
  Kind kind;
  const char* group_key;
  const char* sign;
  const char* file = "";
  bool is_name = false;
};

const Case cases[] = {
    {Kind::rule, "guessing|one", "rule"},
    {Kind::correlation, "guessing|one", "correlation"},
    {Kind::probe, "service|s1|down", "service_down"},
    {Kind::probe, "service|s1|slow", "service_slow"},
    {Kind::probe, "service|s1|changed|0123", "service_changed"},
    {Kind::probe, "service|s1|changed|0123", "service_dns_changed", "", true},
    {Kind::probe, "service|s1|defaced|0123", "service_defaced"},
    {Kind::probe, "service|s1|certificate", "service_certificate"},
    {Kind::integrity, "integrity|d1|/etc/passwd", "file_changed", "/etc/passwd"},
    {Kind::integrity, "integrity|d1|/var/www/html/a.php", "web_file_changed", "/var/www/html/a.php"},
    {Kind::integrity, "integrity|mass|d1", "files_mass_changed"},
    {Kind::indicator, "indicator|198.51.100.7|d1", "indicator_in_logs"},
    {Kind::indicator, "indicator|198.51.100.7|inventory|d1", "indicator_in_inventory"},
    {Kind::silence, "silent|d1", "source_silent"},
    {Kind::silence, "gap|d1", "records_missing"},
    {Kind::account, "account|a1", "account_two_places"},
    {Kind::saved_search, "search|s1|a", "saved_search"},
    {Kind::evidence, "storage_full|85", "storage_full"},
    {Kind::evidence, "storage_forecast", "storage_forecast"},
    {Kind::hardening, "hardening|d1", "device_hardening"},
    {Kind::software, "software|unapproved|d1", "software_unapproved"},
    {Kind::software, "software|remote_control|d1|anydesk", "software_remote_control"},
    {Kind::software, "software|pirated|d1|vlmcsd", "software_pirated"},
    {Kind::software, "software|gate|d1", "software_refused"},
    {Kind::premises, "premises|support|over|e1", "equipment_unsupported"},
    {Kind::premises, "premises|wifi|seen|w1", "wifi_attention"},
    {Kind::premises, "premises|secret|s1", "secret_device_seen"},
    {Kind::premises, "premises|network|unknown", "network_unknown"},
};

TEST(SignText, EveryKindAndSignHasAllFieldsInBothLanguages) {
  const SignTexts signs = builtin_signs();
  std::set<std::string_view> used;
  std::set<Kind> kinds;
  for (const Case& one : cases) {
    Finding finding;
    finding.kind = one.kind;
    finding.group_key = one.group_key;
    if (*one.file != '\0') finding.entities.push_back({EntityType::file, one.file});
    EXPECT_EQ(sign_of(finding, one.is_name), one.sign) << one.group_key;
    used.insert(one.sign);
    kinds.insert(one.kind);
  }
  EXPECT_EQ(kinds.size(), kind_count);
  for (const auto& [id, sign] : signs) {
    EXPECT_TRUE(used.contains(id)) << id << " is never shown";
    const RuleText& text = sign.text;
    EXPECT_FALSE(text.meaning.vi.empty() || text.meaning.en.empty()) << id;
    EXPECT_GE(text.first_steps.size(), 3U) << id;
    EXPECT_FALSE(text.false_positives.empty()) << id;
    EXPECT_FALSE(text.articles.empty()) << id;
    // Where one language has fewer lines the other one stands in: that would show as the same text twice.
    for (const auto* list : {&text.first_steps, &text.false_positives}) {
      for (const Text& line : *list) EXPECT_NE(line.vi, line.en) << id;
    }
    for (const std::string& technique : sign.techniques) EXPECT_NE(find_technique(technique), nullptr) << technique;
  }
  EXPECT_EQ(used.size(), signs.size());
}

TEST(SignText, ArticlesAreThoseOfTheRegulation) {
  std::ifstream file(source_dir() + "/regulation/4448-2017/articles.yaml");
  const std::string articles{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(articles.empty());
  for (const auto& [id, sign] : builtin_signs()) {
    for (const std::string& article : sign.text.articles) {
      const std::string number = "number: \"" + article.substr(0, article.find('.')) + "\"";
      EXPECT_NE(articles.find(number), std::string::npos) << id << ": " << article;
    }
  }
}

TEST(SignText, ARulesOwnWordsStandAndOnlyGapsAreFilled) {
  const SignTexts signs = builtin_signs();
  RuleText text;
  text.meaning = {"Của luật", "The rule's"};
  text.false_positives = {{"Bảo trì", "Maintenance"}};
  std::vector<std::string> techniques = {"T1110"};
  fill_up(text, techniques, signs.at("rule"));
  EXPECT_EQ(text.meaning.vi, "Của luật");
  EXPECT_EQ(text.false_positives.size(), 1U);
  EXPECT_EQ(techniques, std::vector<std::string>{"T1110"});
  EXPECT_EQ(text.first_steps, signs.at("rule").text.first_steps);
}

}  // namespace
}  // namespace luy::finding
