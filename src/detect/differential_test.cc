// Goal: the engine answers as the specification does, whatever the rule and the event.
// Method: random rules and events, flat and nested; the plain matcher judges the engine with memo and prefilter on and
// off.
#include <gtest/gtest.h>

#include "detect/engine.h"
#include "detect/plain.h"
#include "detect/random_rules.h"
#include "detect/shared_data.h"

namespace luy::detect {
namespace {

TEST(Differential, TheEngineAgreesWithTheSpecification) {
  const Routing routing = shipped_routing({"windows", "declared"});
  std::size_t matched = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    RandomRules maker(seed);
    std::vector<RuleFile> files;
    for (int i = 0; i < 60; ++i) files.push_back({"r" + std::to_string(i), maker.rule(i)});
    const RuleSet set = make_rule_set(files, {});
    ASSERT_TRUE(set.refused.empty()) << set.refused.front().error.text();
    const auto engine = Engine::make(set, routing).value();
    std::vector<Matcher> matchers;
    for (const MatchOptions options : {MatchOptions{true, true, true}, {false, true, true}, {true, false, true}}) {
      matchers.emplace_back(engine, options);
    }
    for (int i = 0; i < 150; ++i) {
      const std::string json = maker.event(i % 2 == 0);
      const FlatEvent event = flatten(routing.shape, json).value();
      const std::vector<Label> labels = labels_of(routing, event);
      std::vector<std::uint32_t> wanted;
      for (std::uint32_t rule = 0; rule < set.rules.size(); ++rule) {
        if (matches_plainly(set.rules[rule], event, labels, true)) wanted.push_back(rule);
      }
      matched += wanted.size();
      for (Matcher& matcher : matchers) {
        const auto found = matcher.match(json).value();
        const std::vector<std::uint32_t> got(found.begin(), found.end());
        ASSERT_EQ(got, wanted) << "seed " << seed << ": " << json;
      }
    }
  }
  EXPECT_GT(matched, 1000U);  // Rules that never match would agree about nothing.
}

TEST(Differential, NestedAndFlatEventsMeetTheSameRules) {
  const Routing routing = shipped_routing({"windows", "declared"});
  RandomRules maker(99);
  std::vector<RuleFile> files;
  for (int i = 0; i < 60; ++i) files.push_back({"r" + std::to_string(i), maker.rule(i)});
  Matcher matcher(Engine::make(make_rule_set(files, {}), routing).value(), {true, true, true});
  for (int i = 0; i < 200; ++i) {
    const std::string flat = maker.event(false);
    const std::size_t labels = flat.find("\"product\"");
    std::string inner = flat.substr(1, labels - 1);
    if (!inner.empty()) inner.pop_back();
    const std::string nested = R"({"Event":{"EventData":{)" + inner + "}}," + flat.substr(labels);
    const auto first = matcher.match(flat).value();
    const std::vector<std::uint32_t> kept(first.begin(), first.end());
    const auto second = matcher.match(nested).value();
    EXPECT_EQ(std::vector<std::uint32_t>(second.begin(), second.end()), kept) << flat;
  }
}

}  // namespace
}  // namespace luy::detect
