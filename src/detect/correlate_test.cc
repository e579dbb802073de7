// Goal: correlations of every kind slide with the events' time, raise one alert per crossing, chain, and stay bounded.
// Method: small rules, events as (second, fields), and the alerts they must raise, as "second:rule".
#include "detect/correlate.h"

#include <gtest/gtest.h>

#include "detect/error.h"
#include "detect/shared_data.h"

namespace luy::detect {
namespace {

constexpr std::string_view base_rules = R"(
title: Failed logon
id: fail
name: failed
logsource: {product: test}
detection: {s: {a: fail}, condition: s}
---
title: Logon
id: ok
name: success
logsource: {product: test}
detection: {s: {a: ok}, condition: s}
---
title: Transfer
id: send
logsource: {product: test}
detection: {s: {a: send}, condition: s}
)";

struct Event {
  int second;
  const char* fields;
};

class Feeder {
 public:
  Feeder(const std::string& correlations, CorrelationLimits limits = {}, bool loud_rules = false) : loud_(loud_rules) {
    RuleSet set = make_rule_set({{"r.yml", std::string(base_rules) + "---\n" + correlations}}, {});
    EXPECT_TRUE(set.refused.empty()) << (set.refused.empty() ? "" : set.refused.front().error.text());
    engine_ = Engine::make(std::move(set), shipped_routing({"declared"})).value();
    matcher_.emplace(engine_, MatchOptions{true, true, true});
    correlator_.emplace(engine_, limits);
  }

  std::string feed(const std::vector<Event>& events) {
    std::string out;
    for (const Event& event : events) {
      const std::string stamp = "2026-11-22T00:" + two(event.second / 60) + ":" + two(event.second % 60) + "Z";
      const std::string json = "{\"@timestamp\":\"" + stamp + "\"," + event.fields + "}";
      const auto rules = matcher_->match(json);
      for (const std::uint32_t rule : *rules) {
        const Rule& one = engine_->rules().rules[rule];
        if (loud_ && !one.silent) add(out, event.second, one.heading.id);
      }
      for (const Alert& alert : correlator_->add(*matcher_, *rules, reference_++)) {
        last_ = alert;
        const Correlation& one = engine_->rules().correlations[alert.correlation].correlation;
        if (!one.silent) add(out, event.second, one.heading.id);
      }
    }
    return out;
  }

  const Alert& last() const { return last_; }
  CorrelationCounts counts() const { return correlator_->counts(); }

 private:
  static std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }
  static void add(std::string& out, int second, const std::string& id) {
    if (!out.empty()) out += ' ';
    out += std::to_string(second) + ":" + id;
  }
  bool loud_;
  std::shared_ptr<const Engine> engine_;
  std::optional<Matcher> matcher_;
  std::optional<Correlator> correlator_;
  std::uint64_t reference_ = 0;
  Alert last_;
};

std::string correlation(const std::string& body, const std::string& id = "c") {
  return "title: t\nid: " + id + "\nname: " + id + "_name\ncorrelation: {" + body + "}\n";
}

TEST(Correlation, EachKindRaisesItsAlertWhenItsConditionBeginsToHold) {
  const char* fail = R"("a":"fail","u":"x")";
  const struct {
    const char* says;
    std::string rule;
    std::vector<Event> events;
    const char* alerts;
  } table[] = {
      {"one alert per crossing, not one per event",
       "type: event_count, rules: [failed], group-by: [u], timespan: 10s, condition: {gte: 3}",
       {{0, fail}, {1, fail}, {2, fail}, {3, fail}, {4, fail}},
       "2:c"},
      {"again after it has ceased to hold",
       "type: event_count, rules: [fail], group-by: [u], timespan: 10s, condition: {gte: 2}",
       {{0, fail}, {1, fail}, {30, fail}, {31, fail}},
       "1:c 31:c"},
      {"windows slide: no bucket divides them",
       "type: event_count, rules: [fail], group-by: [u], timespan: 60s, condition: {gte: 3}",
       {{50, fail}, {59, fail}, {61, fail}},
       "61:c"},
      {"what is just within the window counts",
       "type: event_count, rules: [fail], group-by: [u], timespan: 10s, condition: {gte: 2}",
       {{0, fail}, {10, fail}, {21, fail}},
       "10:c"},
      {"groups are apart",
       "type: event_count, rules: [fail], group-by: [u], timespan: 10s, condition: {gte: 2}",
       {{0, R"("a":"fail","u":"x")"}, {1, R"("a":"fail","u":"y")"}, {2, R"("a":"fail","u":"y")"}},
       "2:c"},
      {"a missing field is no group",
       "type: event_count, rules: [fail], group-by: [u], timespan: 10s, condition: {gte: 2}",
       {{0, R"("a":"fail")"}, {1, R"("a":"fail")"}, {2, R"("a":"fail","u":null)"}},
       ""},
      {"a tuple of fields",
       "type: event_count, rules: [fail], group-by: [u, h], timespan: 10s, condition: {gte: 2}",
       {{0, R"("a":"fail","u":"x","h":"yz")"},
        {1, R"("a":"fail","u":"xy","h":"z")"},
        {2, R"("a":"fail","u":"x","h":"yz")"}},
       "2:c"},
      {"no group-by is one group",
       "type: event_count, rules: [fail], timespan: 10s, condition: {gt: 1}",
       {{0, R"("a":"fail","u":"x")"}, {1, R"("a":"fail","u":"y")"}},
       "1:c"},
      {"two bounds are a range",
       "type: event_count, rules: [fail], group-by: [u], timespan: 10s, condition: {gt: 1, lte: 2}",
       {{0, fail}, {1, fail}, {2, fail}, {12, fail}},
       "1:c 12:c"},
      {"distinct values",
       "type: value_count, rules: [fail], group-by: [h], timespan: 10s, condition: {field: u, gte: 2}",
       {{0, R"("a":"fail","h":1,"u":"x")"}, {1, R"("a":"fail","h":1,"u":"x")"}, {2, R"("a":"fail","h":1,"u":"y")"}},
       "2:c"},
      {"distinct values leave the window",
       "type: value_count, rules: [fail], group-by: [h], timespan: 10s, condition: {field: u, gte: 2}",
       {{0, R"("a":"fail","h":1,"u":"x")"}, {11, R"("a":"fail","h":1,"u":"y")"}},
       ""},
      {"several rules at any order",
       "type: temporal, rules: [failed, success], group-by: [u], timespan: 10s",
       {{0, R"("a":"ok","u":"x")"}, {5, fail}},
       "5:c"},
      {"one of them twice is not both",
       "type: temporal, rules: [failed, success], group-by: [u], timespan: 10s",
       {{0, fail}, {5, fail}},
       ""},
      {"a temporal condition counts rules",
       "type: temporal, rules: [failed, success, send], group-by: [u], timespan: 10s, condition: {gte: 2}",
       {{0, fail}, {5, R"("a":"send","u":"x")"}},
       "5:c"},
      {"in order",
       "type: temporal_ordered, rules: [failed, success], group-by: [u], timespan: 10s",
       {{0, fail}, {5, R"("a":"ok","u":"x")"}},
       "5:c"},
      {"not in order",
       "type: temporal_ordered, rules: [failed, success], group-by: [u], timespan: 10s",
       {{0, R"("a":"ok","u":"x")"}, {5, fail}},
       ""},
      {"in order, but too slowly",
       "type: temporal_ordered, rules: [failed, success], group-by: [u], timespan: 10s",
       {{0, fail}, {11, R"("a":"ok","u":"x")"}},
       ""},
      {"the latest beginning counts",
       "type: temporal_ordered, rules: [failed, success], group-by: [u], timespan: 10s",
       {{0, fail}, {8, fail}, {15, R"("a":"ok","u":"x")"}},
       "15:c"},
      {"a late event finds its place in the order",
       "type: temporal_ordered, rules: [failed, success], group-by: [u], timespan: 10s",
       {{5, R"("a":"ok","u":"x")"}, {3, fail}},
       "3:c"},
      {"sum",
       "type: value_sum, rules: [send], group-by: [u], timespan: 10s, condition: {field: b, gt: 100}",
       {{0, R"("a":"send","u":"x","b":60)"}, {1, R"("a":"send","u":"x","b":"41")"}},
       "1:c"},
      {"average",
       "type: value_avg, rules: [send], group-by: [u], timespan: 10s, condition: {field: b, gte: 50}",
       {{0, R"("a":"send","u":"x","b":10)"}, {1, R"("a":"send","u":"x","b":90)"}},
       "1:c"},
      {"median",
       "type: value_median, rules: [send], group-by: [u], timespan: 10s, condition: {field: b, eq: 5}",
       {{0, R"("a":"send","u":"x","b":1)"}, {1, R"("a":"send","u":"x","b":9)"}, {2, R"("a":"send","u":"x","b":100)"}},
       "1:c"},
      {"percentile",
       "type: value_percentile, rules: [send], group-by: [u], timespan: 10s, condition: {field: b, percentile: 100, "
       "gte: 9}",
       {{0, R"("a":"send","u":"x","b":1)"}, {1, R"("a":"send","u":"x","b":9)"}},
       "1:c"},
      {"what is no number does not count",
       "type: value_sum, rules: [send], group-by: [u], timespan: 10s, condition: {field: b, gte: 1}",
       {{0, R"("a":"send","u":"x","b":"many")"}},
       ""},
      {"aliases bring different fields together",
       "type: temporal, rules: [failed, success], group-by: [who], timespan: 10s, "
       "aliases: {who: {failed: u, success: v}}",
       {{0, fail}, {5, R"("a":"ok","v":"x")"}},
       "5:c"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Feeder(correlation(row.rule)).feed(row.events), row.alerts) << row.says;
  }
}

TEST(Correlation, ChainsAndSilencesWhatItUses) {
  const std::string rules =
      correlation("type: event_count, rules: [failed], group-by: [u, h], timespan: 60s, condition: {gte: 3}", "many") +
      "---\n" +
      correlation("type: temporal_ordered, rules: [many_name, success], group-by: [u], timespan: 60s, generate: GEN",
                  "in");
  const std::vector<Event> events = {{0, R"("a":"fail","u":"x","h":"1")"},
                                     {1, R"("a":"fail","u":"x","h":"1")"},
                                     {2, R"("a":"fail","u":"x","h":"1")"},
                                     {3, R"("a":"ok","u":"x")"}};
  std::string quiet = rules;
  quiet.replace(quiet.find("GEN"), 3, "false");
  EXPECT_EQ(Feeder(quiet, {}, true).feed(events), "3:in");
  std::string loud = rules;
  loud.replace(loud.find("GEN"), 3, "true");
  EXPECT_EQ(Feeder(loud, {}, true).feed(events), "2:many 3:ok 3:in");
}

TEST(Correlation, AnAlertNamesItsMembersItsGroupAndItsTime) {
  Feeder run(correlation("type: event_count, rules: [fail], group-by: [u], timespan: 10s, condition: {gte: 3}"));
  run.feed({{1, R"("a":"fail","u":"x")"},
            {2, R"("a":"ok","u":"x")"},
            {3, R"("a":"fail","u":"x")"},
            {5, R"("a":"fail","u":"x")"}});
  const Alert& alert = run.last();
  EXPECT_EQ(alert.members, (std::vector<std::uint64_t>{0, 2, 3}));
  EXPECT_EQ(alert.member_count, 3U);
  EXPECT_EQ(alert.value, 3);
  ASSERT_EQ(alert.group.size(), 1U);
  EXPECT_EQ(alert.group.front(), std::pair(std::string("u"), std::string("x")));
  EXPECT_EQ(to_rfc3339(alert.first), "2026-11-22T00:00:01.000000Z");
  EXPECT_EQ(to_rfc3339(alert.last), "2026-11-22T00:00:05.000000Z");
}

TEST(Correlation, StateIsBoundedAndWhatIsForgottenIsCounted) {
  const std::string rule =
      correlation("type: event_count, rules: [fail], group-by: [u], timespan: 1h, condition: {gte: 900}");
  CorrelationLimits limits;
  limits.groups_max = 2;
  Feeder groups(rule, limits);
  groups.feed({{0, R"("a":"fail","u":"x")"}, {0, R"("a":"fail","u":"y")"}, {0, R"("a":"fail","u":"z")"}});
  EXPECT_EQ(groups.counts().groups, 2U);
  EXPECT_EQ(groups.counts().evicted_groups, 1U);

  limits = {};
  limits.entries_max = 10;
  Feeder entries(rule, limits);
  entries.feed(std::vector<Event>(25, {0, R"("a":"fail","u":"x")"}));
  EXPECT_EQ(entries.counts().entries, 10U);
  EXPECT_EQ(entries.counts().evicted_entries, 15U);

  limits = {};
  limits.lateness = std::chrono::seconds(5);
  Feeder late(rule, limits);
  late.feed({{60, R"("a":"fail","u":"x")"}, {56, R"("a":"fail","u":"x")"}, {54, R"("a":"fail","u":"x")"}});
  EXPECT_EQ(late.counts().entries, 2U);
  EXPECT_EQ(late.counts().late, 1U);
}

TEST(Correlation, WrongOnesAreRefusedByName) {
  const struct {
    std::string text;
    const ErrorKind& kind;
  } table[] = {
      {correlation("type: sum, rules: [fail], timespan: 1h, condition: {gte: 1}"), bad_correlation},
      {correlation("type: event_count, rules: [fail], timespan: 1 hour, condition: {gte: 1}"), bad_correlation},
      {correlation("type: event_count, rules: [fail], timespan: 1h"), bad_correlation},
      {correlation("type: value_count, rules: [fail], timespan: 1h, condition: {gte: 1}"), bad_correlation},
      {correlation("type: event_count, rules: [nobody], timespan: 1h, condition: {gte: 1}"), unknown_rule},
      {correlation("type: event_count, rules: [c], timespan: 1h, condition: {gte: 1}"), bad_correlation},
      {correlation("type: event_count, rules: [fail], timespan: 1h, condition: {gte: 1}", "fail"), duplicate_rule},
  };
  for (const auto& row : table) {
    const RuleSet set = make_rule_set({{"r.yml", std::string(base_rules) + "---\n" + row.text}}, {});
    ASSERT_EQ(set.refused.size(), 1U) << row.text;
    EXPECT_EQ(set.refused.front().error.name(), row.kind.name) << set.refused.front().error.text();
  }
}

TEST(Correlation, TimesAreReadAsMachinesWriteThem) {
  const struct {
    const char* text;
    const char* time;
  } table[] = {{"2025-11-28T08:30:20.9669013Z", "2025-11-28T08:30:20.966901Z"},
               {"2026-07-28 11:44:53.919", "2026-07-28T11:44:53.919000Z"},
               {"2026-07-28T11:44:53+07:00", "2026-07-28T04:44:53.000000Z"},
               {"1795305600", "2026-11-22T00:00:00.000000Z"},
               {"1795305600250", "2026-11-22T00:00:00.250000Z"}};
  for (const auto& row : table) {
    const auto time = parse_event_time(row.text);
    ASSERT_TRUE(time) << row.text;
    EXPECT_EQ(to_rfc3339(*time), row.time) << row.text;
  }
  for (const char* text : {"", "yesterday", "12", "2026-13-40 99:99:99"}) EXPECT_FALSE(parse_event_time(text)) << text;
}

}  // namespace
}  // namespace luy::detect
