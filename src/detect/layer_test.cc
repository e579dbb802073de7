// Goal: whoever adds rules to those of others can build upon them and cannot silence them.
// Method: small sets of two layers; what still reports, what a name leads to, whom a filter reaches.
#include <gtest/gtest.h>

#include "detect/rule_set.h"

namespace luy::detect {
namespace {

std::string rule(const std::string& id, const std::string& name, const std::string& value) {
  return "title: t\nid: " + id + "\n" + (name.empty() ? "" : "name: " + name + "\n") +
         "level: high\nlogsource: {product: linux}\ndetection:\n  a: {x: " + value + "}\n  condition: a\n";
}

std::string counting(const std::string& id, const std::string& of) {
  return "title: c\nid: " + id + "\nlevel: low\ncorrelation:\n  type: event_count\n  rules: [" + of +
         "]\n  group-by: [x]\n  timespan: 1m\n  condition: {gte: 2}\n";
}

std::string filtering(const std::string& rules) {
  return "title: f\nid: f\nlogsource: {product: linux}\nfilter:\n  rules: " + rules +
         "\n  a: {x: y}\n  condition: not a\n";
}

// What reports by itself, by id.
std::string reporting(const RuleSet& set) {
  std::string out;
  for (const Rule& one : set.rules) out += one.silent ? "" : one.heading.id + " ";
  for (const auto& one : set.correlations) out += one.correlation.silent ? "" : one.correlation.heading.id + " ";
  return out;
}

TEST(Layers, ACorrelationSilencesOnlyItsOwnLayer) {
  const RuleFile ours{"a", rule("ours", "", "1")};
  EXPECT_EQ(reporting(make_rule_set({ours, {"b", counting("count", "ours")}}, {})), "count ") << "all of one layer";
  const RuleSet theirs = make_rule_set({ours, {"b", counting("count", "ours"), 2}}, {});
  EXPECT_TRUE(theirs.refused.empty()) << "it may build upon ours";
  EXPECT_EQ(reporting(theirs), "ours count ");
}

TEST(Layers, ANameLeadsToWhatIsOfTheSameLayerFirst) {
  // The inner rule of the second file calls itself by the first one's id.
  const RuleSet set = make_rule_set(
      {{"a", rule("ours", "", "1")}, {"b", counting("count", "ours") + "---\n" + rule("inner", "ours", "2"), 2}}, {});
  EXPECT_EQ(reporting(set), "ours count ");
  ASSERT_EQ(set.correlations.size(), 1U);
  EXPECT_EQ(set.rules.at(set.correlations.front().sources.front()).heading.id, "inner");
}

TEST(Layers, OneCannotReferToAnotherThatIsNotTheBase) {
  const RuleSet set = make_rule_set({{"a", rule("theirs", "", "1"), 1}, {"b", counting("count", "theirs"), 2}}, {});
  EXPECT_EQ(set.refused.size(), 1U);
  EXPECT_EQ(reporting(set), "theirs ");
}

TEST(Layers, AFilterReachesItsOwnLayerAndAnExceptionByIdAlone) {
  const std::vector<RuleFile> files = {{"a", rule("ours", "", "1")}, {"b", rule("theirs", "alias", "1"), 1}};
  const auto before = meanings_of(make_rule_set(files, {}));
  const auto changed = [&](const std::string& rules, std::uint8_t layer) {
    std::vector<RuleFile> all = files;
    all.push_back({"f", filtering(rules), layer});
    const auto after = meanings_of(make_rule_set(all, {}));
    return std::string(after.at(0) != before.at(0) ? "ours " : "") + (after.at(1) != before.at(1) ? "theirs" : "");
  };
  EXPECT_EQ(changed("any", 1), "theirs");
  EXPECT_EQ(changed("[ours, alias]", 1), "theirs");
  EXPECT_EQ(changed("any", base_layer), "ours ");
  EXPECT_EQ(changed("[theirs]", every_layer), "theirs");
  EXPECT_EQ(changed("[alias]", every_layer), "");
}

TEST(Layers, WhatARuleMeansIsItsConditionAndNotItsTexts) {
  const auto meaning = [](const std::string& text) { return meanings_of(make_rule_set({{"a", text}}, {})).back(); };
  const std::string base = rule("one", "", "1");
  EXPECT_EQ(meaning(base), meaning(rule("other", "name", "1")));
  EXPECT_NE(meaning(base), meaning(rule("one", "", "2")));
  const std::string count = counting("c", "one");
  EXPECT_EQ(meaning(count + "---\n" + base), meaning(counting("d", "two") + "---\n" + rule("two", "", "1")));
  EXPECT_NE(meaning(count + "---\n" + base), meaning(count + "---\n" + rule("one", "", "2"))) << "of its sources, too";
}

}  // namespace
}  // namespace luy::detect
