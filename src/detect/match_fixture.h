// For tests only: one detection against one event, through every matcher there is.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/engine.h"
#include "detect/plain.h"
#include "detect/rule_set.h"
#include "detect/shared_data.h"

namespace luy::detect {

class MatchFixture {
 public:
  explicit MatchFixture(const std::vector<std::string>& pipelines) : routing_(shipped_routing(pipelines)) {}

  // A whole rule around the value of "detection".
  static std::string rule_of(std::string_view detection) {
    return "title: t\nid: r\nlogsource: {product: windows}\ndetection: " + std::string(detection) + "\n";
  }

  // Name of each matcher and its answer.
  std::vector<std::pair<std::string, bool>> match(std::string_view detection, std::string_view json) const {
    const RuleSet set = make_rule_set({{"r.yml", rule_of(detection)}}, {});
    LUY_CHECK_MSG(set.rules.size() == 1, set.refused.empty() ? "no rule" : set.refused.front().error.text());
    std::vector<std::pair<std::string, bool>> out;
    const FlatEvent event = flatten(routing_.shape, json).value();
    out.emplace_back("plain", matches_plainly(set.rules.front().condition, event, FieldMap()));
    for (const auto& [name, options] : {std::pair("engine", MatchOptions{true, true, true}),
                                        {"without memo", {false, true, true}},
                                        {"without prefilter", {true, false, true}}}) {
      Matcher matcher(Engine::make(set, routing_).value(), options);
      // Twice, so that the memo answers once.
      matcher.match(json).value();
      out.emplace_back(name, !matcher.match(json).value().empty());
    }
    return out;
  }

 private:
  Routing routing_;
};

}  // namespace luy::detect
