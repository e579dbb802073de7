// Goal: rules do what their authors say, in words an analyst can write without C++.
// Method: each folder of testdata/rules and of rules/<platform> holds rule.yml, events.jsonl and expected.jsonl, one
// {"event": line, "rule": id} per match; all built-in pipelines apply. LUY_UPDATE=1 writes expected.jsonl anew.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "detect/builtin.h"
#include "detect/correlate.h"
#include "detect/shared_data.h"

namespace luy::detect {
namespace {

namespace fs = std::filesystem;

std::string found_in(const fs::path& folder) {
  Routing routing = builtin_routing();
  const RuleSet set = make_rule_set({{"rule.yml", read_whole(folder / "rule.yml").value()}}, routing.placeholders);
  for (const Refusal& one : set.refused) ADD_FAILURE() << folder << one.error.text();
  for (const Rule& rule : set.rules) EXPECT_TRUE(is_fed(routing, rule.logsource)) << folder << rule.heading.id;
  const auto engine = Engine::make(set, std::move(routing)).value();
  Matcher matcher(engine, {true, true, false});
  Correlator correlator(engine, {});
  std::string out;
  std::uint64_t number = 0;
  const auto add = [&](const std::string& id) {
    out += boost::json::serialize(boost::json::object{{"event", number}, {"rule", id}}) + "\n";
  };
  for (const std::string& line : lines_of(read_whole(folder / "events.jsonl").value())) {
    const auto rules = matcher.match(line);
    if (!rules) {
      ADD_FAILURE() << folder << " line " << number << ": " << rules.error().text();
      continue;
    }
    for (const std::uint32_t rule : *rules) {
      if (!set.rules[rule].silent) add(set.rules[rule].heading.id);
    }
    for (const Alert& alert : correlator.add(matcher, *rules, number)) {
      const Correlation& one = set.correlations[alert.correlation].correlation;
      if (!one.silent) add(one.heading.id);
    }
    ++number;
  }
  return out;
}

TEST(RuleFolders, EachFindsExactlyWhatItExpects) {
  std::size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(LUY_SOURCE_DIR "/src/detect/testdata/rules")) {
    const std::string found = found_in(entry.path());
    if (std::getenv("LUY_UPDATE") != nullptr) std::ofstream(entry.path() / "expected.jsonl") << found;
    EXPECT_EQ(found, read_whole(entry.path() / "expected.jsonl")) << entry.path();
    ++folders;
  }
  EXPECT_GE(folders, 3U);
}

}  // namespace
}  // namespace luy::detect
