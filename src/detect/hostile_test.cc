// Goal: what outsiders shape is parsed in a bounded way.
// Method: rule files, pipelines and events made to be deep, long or broken; each must be refused by name or pass
// quickly.
#include <gtest/gtest.h>

#include "detect/engine.h"
#include "detect/error.h"
#include "detect/parse.h"

namespace luy::detect {
namespace {

std::string around(const std::string& detection) {
  return "title: t\nid: r\nlogsource: {product: p}\ndetection:\n" + detection;
}

TEST(Hostile, RuleFilesAreBounded) {
  const struct {
    const char* says;
    std::string text;
    const ErrorKind& kind;
  } table[] = {
      {"too deep", around("  s: " + std::string(40, '[') + std::string(40, ']') + "\n"), over_limit},
      {"too long a line", around("  s: {A: '" + std::string(20'000, 'x') + "'}\n  condition: s\n"), over_limit},
      {"too many brackets",
       around("  s: {A: x}\n  condition: " + std::string(100, '(') + "s" + std::string(100, ')') + "\n"), over_limit},
      {"a zero byte", around(std::string("  s: {A: \0}\n", 12)), bad_yaml},
      {"no UTF-8", around("  s: {A: '\xFF'}\n"), bad_yaml},
      {"an alias", around("  s: *x\n"), yaml_not_allowed},
      {"a tag", around("  s: !!binary x\n"), yaml_not_allowed},
      {"a key twice", around("  s: {A: x, A: y}\n  condition: s\n"), bad_yaml},
  };
  for (const auto& row : table) {
    const ParsedFile file = parse_file("r.yml", row.text, {});
    ASSERT_EQ(file.refused.size(), 1U) << row.says;
    EXPECT_EQ(file.refused.front().error.name(), row.kind.name) << row.says << file.refused.front().error.text();
  }
}

TEST(Hostile, OneBrokenDocumentDoesNotTakeTheOthersWithIt) {
  const std::string good = around("  s: {A: x}\n  condition: s\n");
  const std::string bad = "title: b\nid: b\nlogsource: {product: p}\ndetection: {s: {A|like: x}, condition: s}\n";
  const ParsedFile file = parse_file("r.yml", good + "---\n" + bad, {});
  EXPECT_EQ(file.rules.size(), 1U);
  EXPECT_EQ(file.refused.size(), 1U);
}

TEST(Hostile, BrokenEventsAreRefusedAndTheNextOneIsMatched) {
  const RuleSet set = make_rule_set({{"r.yml", around("  s: {A: x}\n  condition: s\n")}}, {});
  Matcher matcher(Engine::make(set, Routing()).value(), {true, true, true});
  for (const std::string& broken : {std::string("{"), std::string("[]"), std::string("x"), std::string(R"({"A":)"),
                                    std::string(R"({"A":nul})"), std::string(R"({"A":"x)"), std::string()}) {
    const auto found = matcher.match(broken);
    ASSERT_FALSE(found) << broken;
    EXPECT_EQ(found.error().name(), bad_event.name) << broken;
    const auto next = matcher.match(R"({"A":"x"})");
    ASSERT_TRUE(next);
    EXPECT_EQ(next->size(), 1U);
  }
  // Bytes that are no UTF-8 become U+FFFD; deep nesting is not followed; neither hides the rest.
  std::string deep;
  for (int i = 0; i < 500; ++i) deep += R"({"b":)";
  for (const std::string& odd : {std::string("{\"B\":\"\xFF\xC3\",\"A\":\"x\"}"),
                                 R"({"B":)" + deep + "1" + std::string(500, '}') + R"(,"A":"x"})"}) {
    const auto found = matcher.match(odd);
    ASSERT_TRUE(found) << odd;
    EXPECT_EQ(found->size(), 1U) << odd;
  }
}

}  // namespace
}  // namespace luy::detect
