// Goal: the engine answers as the specification does, whatever the rule and the event.
// Method: random rules over few fields and a small alphabet, so that they often match; random events, flat and nested;
// the plain matcher judges the engine with memo and prefilter on and off.
#include <gtest/gtest.h>

#include <random>

#include "detect/engine.h"
#include "detect/plain.h"
#include "detect/shared_data.h"

namespace luy::detect {
namespace {

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::string rule(int number) {
    std::string out = "title: t\nid: r" + std::to_string(number) + "\nlogsource: {product: " + pick({"p", "q"}) +
                      pick({"", ", category: c", ", category: d"}) + "}\ndetection:\n";
    const int selections = below(3) + 1;
    for (int i = 0; i < selections; ++i) out += "  s" + std::to_string(i) + ":\n" + selection();
    std::string condition = term(selections);
    for (int i = below(3); i > 0; --i) condition += pick({" and ", " or "}) + term(selections);
    return out + "  condition: " + condition + "\n";
  }

  std::string event(bool nested) {
    std::string inner;
    for (const char* field : {"A", "B", "C"}) {
      if (below(4) == 0) continue;
      if (!inner.empty()) inner += ',';
      inner += std::string("\"") + field + "\":" + value();
    }
    const std::string labels =
        std::string(R"("product":")") + pick({"p", "q", "P"}) + R"(","category":")" + pick({"c", "d", "e"}) + "\"";
    if (nested) return R"({"Event":{"EventData":{)" + inner + "}}," + labels + "}";
    return "{" + inner + (inner.empty() ? "" : ",") + labels + "}";
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  std::string pick(std::initializer_list<const char*> some) {
    return *(some.begin() + below(static_cast<int>(some.size())));
  }

  std::string word(int length_max) {
    std::string out;
    for (int i = below(length_max + 1); i > 0; --i)
      out += pick({"a", "b", "A", "-", "/", "1", "ế", "Ế", " ", "\\\\", "ab"});
    return out;
  }
  std::string pattern() {
    std::string out = word(3);
    if (below(3) == 0) out += pick({"*", "?", "*b", "?a*"}) + word(2);
    return "'" + out + "'";
  }
  std::string item() {
    const std::string field = pick({"A", "B", "C"});
    switch (below(12)) {
      case 0:
        return field + ": null";
      case 1:
        return field + "|exists: " + pick({"true", "false"});
      case 2:
        return field + "|re: '" + pick({"a+b", "^a", "[ab]1?", "a.b", "b-?a", "(a|b)1"}) + "'";
      case 3:
        return field + "|gte: " + pick({"0", "1", "11"});
      case 4:
        return field + "|fieldref" + pick({"", "|contains", "|endswith"}) + ": " + pick({"A", "B"});
      case 5:
        return field + "|neq: " + pattern();
      case 6:
        return field + "|cidr: " + pick({"10.0.0.0/8", "'::1/64'"});
      default:
        break;
    }
    const std::string modifiers = pick({"", "", "|contains", "|contains", "|startswith", "|endswith",
                                        "|contains|windash", "|contains|cased", "|cased"});
    if (below(3) != 0) return field + modifiers + ": " + pattern();
    return field + modifiers + pick({"", "|all"}) + ": [" + pattern() + ", " + pattern() + ", " + pattern() + "]";
  }
  std::string selection() {
    if (below(8) == 0) return "    - " + pattern() + "\n    - 'a1'\n";
    if (below(4) == 0) return "    - " + item() + "\n    - " + item() + "\n";
    std::string first = item();
    std::string second = item();
    const auto key = [](const std::string& text) { return text.substr(0, text.find(':')); };
    return "    " + first + "\n" + (key(first) == key(second) ? "" : "    " + second + "\n");
  }
  std::string term(int selections) {
    const std::string name = "s" + std::to_string(below(selections));
    return pick({"", "", "not "}) + (below(4) == 0 ? pick({"1 of s*", "all of s*"}) : name);
  }
  std::string text() {
    std::string out;
    for (int i = below(6); i > 0; --i) out += pick({"a", "b", "A", "-", "/", "1", "ế", "Ế", " ", "\\\\", "ab", "–"});
    return "\"" + out + "\"";
  }
  std::string value() {
    switch (below(8)) {
      case 0:
        return pick({"1", "11", "1.0", "true", "null"});
      case 1:
        return "[" + text() + "," + text() + "]";
      case 2:
        return pick({R"("10.1.1.1")", R"("::1")", R"("11")"});
      default:
        return text();
    }
  }

  std::mt19937 random_;
};

TEST(Differential, TheEngineAgreesWithTheSpecification) {
  const Routing routing = shipped_routing({"windows", "declared"});
  std::size_t matched = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    Maker maker(seed);
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
  Maker maker(99);
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
