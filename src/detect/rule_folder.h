// For tests only: a folder that holds a rule and its proof: rule.yml, events.jsonl and expected.jsonl.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <string>

#include "detect/correlate.h"
#include "detect/shared_data.h"

namespace luy::detect {

// What `luy detect` prints for these rules and events; a line that is no event is told as {"event": n, "error": …}.
inline std::string found_in(const RuleSet& set, Routing routing, const std::string& events) {
  const auto engine = Engine::make(set, std::move(routing)).value();
  Matcher matcher(engine, {true, true, false});
  Correlator correlator(engine, {});
  std::string out;
  std::uint64_t number = 0;
  const auto add = [&](const char* key, const std::string& text) {
    out += boost::json::serialize(boost::json::object{{"event", number}, {key, text}}) + "\n";
  };
  for (const std::string& line : lines_of(events)) {
    const auto rules = matcher.match(line);
    if (!rules) {
      add("error", rules.error().text());
    } else {
      for (const std::uint32_t rule : *rules) {
        if (!set.rules[rule].silent) add("rule", set.rules[rule].heading.id);
      }
      for (const Alert& alert : correlator.add(matcher, *rules, number)) {
        const Correlation& one = set.correlations[alert.correlation].correlation;
        if (!one.silent) add("rule", one.heading.id);
      }
    }
    ++number;
  }
  return out;
}

inline RuleSet rules_of(const std::filesystem::path& folder, const Routing& routing) {
  return make_rule_set({{(folder / "rule.yml").string(), read_whole(folder / "rule.yml").value()}},
                       routing.placeholders);
}

}  // namespace luy::detect
