// Goal: an engine from the cache is the engine the rules' files make, and nothing else is ever taken for it.
// Method: random rules and SigmaHQ's set answer from both; every kind of damage is refused by name.
#include "detect/compiled.h"

#include <gtest/gtest.h>

#include "detect/engine/build_id.h"
#include "detect/error.h"
#include "detect/random_rules.h"
#include "detect/shared_data.h"

namespace luy::detect {
namespace {

constexpr const char* every_kind = R"(title: t
id: one
name: one
level: high
tags: [attack.t1110]
logsource: {product: p, category: c}
detection:
  a: {A: x, B|startswith: y, C|endswith: z, D|contains: [w, 'ế'], E|contains|windash: ' -q', F|cased: G}
  b: {A|re: 'a{2,40}b', B|re|i: 'x+$', C|cidr: ['10.0.0.0/8', 'fe80::/10'], D|gte: 5, E|hour: 3, F: null}
  c: {G|exists: true, H|fieldref|endswith: A, I|neq: j}
  d: [keyword, 'two*words']
  condition: a and (b or not c) or 1 of d*
---
title: many
id: many
correlation: {type: value_count, rules: [one], group-by: [User], timespan: 1h, condition: {field: A, gte: 3},
  aliases: {u: {one: User}}}
---
title: refused
id: refused
logsource: {product: p}
detection: {a: {A|expand: '%nothing%'}, condition: a}
---
title: filter
id: filter
logsource: {product: p}
filter: {rules: [one], f: {User: admin}, condition: not f}
)";

LoadedEngine load(const std::vector<RuleSource>& sources, const Routing& routing, std::string_view cached) {
  return load_engine(sources, routing, cached).value();
}

std::vector<std::uint32_t> answer(Matcher& matcher, const std::string& event) {
  const auto found = matcher.match(event).value();
  return {found.begin(), found.end()};
}

TEST(Compiled, TheCacheHoldsEveryKindOfRuleAndRefusal) {
  const std::vector<RuleSource> sources{{"r.yml", every_kind}};
  const Routing routing = shipped_routing({"windows", "declared"});
  const LoadedEngine cold = load(sources, routing, "");
  ASSERT_FALSE(cold.to_keep.empty());
  EXPECT_FALSE(cold.cache_refused);
  const LoadedEngine warm = load(sources, routing, cold.to_keep);
  EXPECT_FALSE(warm.cache_refused) << warm.cache_refused->text();
  EXPECT_TRUE(warm.to_keep.empty());
  const RuleSet& before = cold.engine->rules();
  const RuleSet& after = warm.engine->rules();
  ASSERT_EQ(after.rules.size(), 1U);
  EXPECT_EQ(after.rules[0].heading.title, before.rules[0].heading.title);
  EXPECT_EQ(after.rules[0].heading.tags, before.rules[0].heading.tags);
  EXPECT_EQ(after.rules[0].logsource, before.rules[0].logsource);
  ASSERT_EQ(after.correlations.size(), 1U);
  EXPECT_EQ(after.correlations[0].sources, before.correlations[0].sources);
  EXPECT_EQ(after.filters, 1U);
  ASSERT_EQ(after.refused.size(), 1U);
  EXPECT_EQ(after.refused[0].error.text(), before.refused[0].error.text());
  // What was read back writes the same bytes.
  EXPECT_EQ(encode_compiled(*warm.engine, compile_key(sources, routing)), cold.to_keep);
}

TEST(Compiled, RandomRulesAnswerTheSame) {
  const Routing routing = shipped_routing({"windows", "declared"});
  for (unsigned seed = 1; seed <= 4; ++seed) {
    RandomRules maker(seed);
    std::vector<RuleSource> sources;
    for (int i = 0; i < 60; ++i) sources.push_back({"r" + std::to_string(i) + ".yml", maker.rule(i)});
    const LoadedEngine cold = load(sources, routing, "");
    const LoadedEngine warm = load(sources, routing, cold.to_keep);
    ASSERT_TRUE(warm.to_keep.empty());
    Matcher first(cold.engine, {true, true, true});
    Matcher second(warm.engine, {true, true, true});
    for (int i = 0; i < 200; ++i) {
      const std::string event = maker.event(i % 2 == 0);
      EXPECT_EQ(answer(first, event), answer(second, event)) << event;
    }
  }
}

TEST(Compiled, RecordedEventsMeetTheSameRulesOfTheWholeSet) {
  const auto rules = shared_sigma("rules.tgz");
  const auto events = shared_sigma("regression.ndjson.gz");
  if (!rules || !events) GTEST_SKIP() << no_shared_data;
  const Routing routing = shipped_routing({"windows", "declared"});
  const LoadedEngine cold = load({{"rules.tgz", *rules}}, routing, "");
  const LoadedEngine warm = load({{"rules.tgz", *rules}}, routing, cold.to_keep);
  ASSERT_TRUE(warm.to_keep.empty());
  EXPECT_EQ(warm.engine->rules().refused.size(), 2U);
  Matcher first(cold.engine, {true, true, true});
  Matcher second(warm.engine, {true, true, true});
  std::size_t matches = 0;
  for (const std::string& line : lines_of(*events)) {
    const std::string event = line.substr(line.find("\"event\":") + 8, line.size() - line.find("\"event\":") - 9);
    const auto wanted = answer(first, event);
    EXPECT_EQ(answer(second, event), wanted) << event;
    matches += wanted.size();
  }
  EXPECT_GT(matches, 100U);
}

TEST(Compiled, WhatIsDamagedOrOfOtherRulesIsRefused) {
  const Routing routing = shipped_routing({"windows", "declared"});
  const std::vector<RuleSource> sources{{"r.yml", every_kind}};
  const Hash key = compile_key(sources, routing);
  const std::string good = load(sources, routing, "").to_keep;
  ASSERT_TRUE(decode_compiled(good, key, routing));
  const auto refused = [&](const std::string& bytes, const Hash& asked) {
    const auto out = decode_compiled(bytes, asked, routing);
    return !out && out.error().is(bad_cache);
  };
  for (std::size_t at = 0; at < good.size(); at += at < 80 ? 1 : 997) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    EXPECT_TRUE(refused(bad, key)) << at;
    EXPECT_TRUE(refused(good.substr(0, at), key)) << at;
  }
  EXPECT_TRUE(refused(good + "x", key));
  // Other rules, another name, another pipeline, another filling: another key.
  Routing filled = routing;
  filled.placeholders["nothing"] = {"x"};
  for (const Hash& other :
       {compile_key({{"r.yml", std::string(every_kind) + " "}}, routing), compile_key({{"s.yml", every_kind}}, routing),
        compile_key(sources, Routing()), compile_key(sources, filled)}) {
    EXPECT_NE(other, key);
    EXPECT_TRUE(refused(good, other));
  }
  // A refused cache is replaced.
  const LoadedEngine again = load(sources, filled, good);
  EXPECT_TRUE(again.cache_refused);
  EXPECT_FALSE(again.to_keep.empty());
  EXPECT_TRUE(again.engine->rules().refused.empty());
}

// A cache of an older program must not be taken for that of a newer one that compiles rules otherwise.
TEST(Compiled, TheKeyKnowsWhichBuildMadeIt) {
  EXPECT_GE(build_id().size(), 8U);
}

}  // namespace
}  // namespace luy::detect
