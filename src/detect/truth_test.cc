// Goal: over SigmaHQ's whole set, recorded events meet exactly the rules that the recording lists.
// Method: the shared data, where it is there; the plain matcher and the engine each on their own.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "detect/engine.h"
#include "detect/plain.h"
#include "detect/shared_data.h"

namespace luy::detect {
namespace {

struct Recorded {
  std::string event;
  std::set<std::string> wanted;
};

std::vector<Recorded> recorded_events(const std::string& text) {
  std::vector<Recorded> out;
  for (const std::string& line : lines_of(text)) {
    const boost::json::object object = boost::json::parse(line).as_object();
    Recorded one{boost::json::serialize(object.at("event")), {}};
    for (const auto& id : object.at("matches").as_array()) one.wanted.insert(std::string(id.as_string()));
    out.push_back(std::move(one));
  }
  return out;
}

class Truth : public testing::Test {
 protected:
  void SetUp() override {
    const auto rules = shared_sigma("rules.tgz");
    const auto events = shared_sigma("regression.ndjson.gz");
    if (!rules || !events) GTEST_SKIP() << no_shared_data;
    set_ = make_rule_set(unpack_rules(*rules).value(), {});
    events_ = recorded_events(*events);
  }
  RuleSet set_;
  std::vector<Recorded> events_;
  Routing routing_ = shipped_routing({"windows", "declared"});
};

TEST_F(Truth, EveryRuleIsLoadedOrRefusedForATrueReason) {
  EXPECT_EQ(set_.rules.size() + set_.refused.size(), 3754U);
  for (const Refusal& one : set_.refused)
    EXPECT_EQ(one.error.name(), "detect.unfilled_placeholder") << one.error.text();
  EXPECT_EQ(set_.refused.size(), 2U);
}

TEST_F(Truth, ThePlainMatcherFindsExactlyTheListedRules) {
  for (const Recorded& one : events_) {
    const FlatEvent event = flatten(routing_.shape, one.event).value();
    const std::vector<Label> labels = labels_of(routing_, event);
    std::set<std::string> found;
    for (const Rule& rule : set_.rules) {
      if (matches_plainly(rule, event, labels, false)) found.insert(rule.heading.id);
    }
    EXPECT_EQ(found, one.wanted) << one.event;
  }
}

TEST_F(Truth, TheEngineFindsThemTooInEveryMode) {
  const auto engine = Engine::make(set_, routing_).value();
  for (const MatchOptions options : {MatchOptions{true, true, false}, {false, true, false}, {true, false, false}}) {
    Matcher matcher(engine, options);
    for (int round = 0; round < 2; ++round) {
      for (const Recorded& one : events_) {
        std::set<std::string> found;
        const auto matched = matcher.match(one.event);
        for (const std::uint32_t rule : *matched) found.insert(set_.rules[rule].heading.id);
        EXPECT_EQ(found, one.wanted) << options.memo << options.prefilter << one.event;
      }
    }
  }
}

}  // namespace
}  // namespace luy::detect
