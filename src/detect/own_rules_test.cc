// Goal: each rule of rules/<platform>/ finds what its folder says and nothing else, its proof notices when the rule is
// changed, and it tells an official in Vietnamese what happened and what to do.
// Method: rule.yml against events.jsonl and expected.jsonl; then mutants of the rule, each of which must find something
// else; then a lint of the texts. LUY_UPDATE=1 writes expected.jsonl and docs/detection-rules.md anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/source_dir.h"
#include "detect/builtin.h"
#include "detect/rule_folder.h"
#include "detect/yaml.h"

namespace luy::detect {
namespace {

namespace fs = std::filesystem;

const fs::path root = source_dir() + "/rules";

std::vector<fs::path> folders() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() == "rule.yml") out.push_back(entry.path().parent_path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// "linux/new-administrator".
std::string name_of(const fs::path& folder) {
  return folder.lexically_relative(root).string();
}

TEST(OwnRules, EachFindsExactlyWhatItExpects) {
  const Routing routing = builtin_routing();
  for (const fs::path& folder : folders()) {
    const RuleSet set = rules_of(folder, routing);
    for (const Refusal& one : set.refused) ADD_FAILURE() << one.error.text();
    for (const Rule& rule : set.rules) EXPECT_TRUE(is_fed(routing, rule.logsource)) << folder << rule.heading.id;
    const std::string events = read_whole(folder / "events.jsonl").value();
    const std::string found = found_in(set, routing, events);
    if (std::getenv("LUY_UPDATE") != nullptr) std::ofstream(folder / "expected.jsonl") << found;
    const std::string expected = read_whole(folder / "expected.jsonl").value();
    EXPECT_EQ(found, expected) << name_of(folder);
    EXPECT_FALSE(expected.empty()) << name_of(folder) << ": no event that it finds";
    std::set<std::string> hit;
    for (const std::string& line : lines_of(expected)) hit.insert(line.substr(0, line.find(',')));
    EXPECT_LT(hit.size(), lines_of(events).size()) << name_of(folder) << ": no event that it leaves alone";
  }
}

Expression always(bool yes) {
  Expression out;
  out.kind = yes ? Expression::Kind::all : Expression::Kind::any;  // Of nothing.
  return out;
}

// Rule sets that differ from `set` in one point of what they look for.
std::vector<std::pair<std::string, RuleSet>> mutants(const RuleSet& set) {
  std::vector<std::pair<std::string, RuleSet>> out;
  const auto add = [&](std::size_t rule, const std::string& what, auto change) {
    out.emplace_back(set.rules[rule].heading.title + ": " + what, set);
    change(out.back().second.rules[rule].condition);
  };
  for (std::size_t i = 0; i < set.rules.size(); ++i) {
    if (set.rules[i].silent) continue;
    add(i, "everything", [](Expression& condition) { condition = always(true); });
    add(i, "nothing", [](Expression& condition) { condition = always(false); });
  }
  for (std::size_t i = 0; i < set.correlations.size(); ++i) {
    for (const double step : {-1.0, 1.0}) {
      if (set.correlations[i].correlation.bounds.empty()) continue;
      if (set.correlations[i].correlation.kind == CorrelationKind::value_sum) continue;
      if (set.correlations[i].correlation.silent) continue;
      out.emplace_back("bound moved by " + std::to_string(step), set);
      out.back().second.correlations[i].correlation.bounds.front().value += step;
    }
  }
  return out;
}

TEST(OwnRules, AMutatedRuleBreaksItsProof) {
  const Routing routing = builtin_routing();
  std::size_t count = 0;
  for (const fs::path& folder : folders()) {
    const std::string events = read_whole(folder / "events.jsonl").value();
    const std::string expected = read_whole(folder / "expected.jsonl").value();
    for (const auto& [what, set] : mutants(rules_of(folder, routing))) {
      EXPECT_NE(found_in(set, routing, events), expected) << name_of(folder) << ": " << what << " goes unnoticed";
      ++count;
    }
  }
  EXPECT_GT(count, 200U);
}

// The points of the regulation that obligations stand on: "6.1.b" and "8.2" of "Điều 6.1.b; 8.2", "7.2.a" and "7.2.c"
// of "Điều 7.2.a, c".
std::set<std::string> known_articles() {
  std::set<std::string> out;
  constexpr std::string_view mark = "ref: {vi: \"Điều ";
  for (const std::string& line : lines_of(read_whole(root / "../regulation/4448-2017/obligations.yaml").value())) {
    const auto at = line.find(mark);
    if (at == std::string::npos) continue;
    std::string_view rest = std::string_view(line).substr(at + mark.size());
    rest = rest.substr(0, rest.find('"'));
    std::string last;
    for (bool letter = false; !rest.empty();) {
      const auto end = std::min(rest.find_first_of(";,"), rest.size());
      const std::string piece(rest.substr(0, end));
      if (letter) last.resize(last.rfind('.') + 1);
      last = letter ? last + piece : piece;
      out.insert(last);
      letter = end < rest.size() && rest[end] == ',';
      rest.remove_prefix(std::min(end + 2, rest.size()));
    }
  }
  return out;
}

bool has_diacritics(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// Texts of a list, none empty.
std::vector<std::string> texts(const YamlNode& map, std::string_view key) {
  std::vector<std::string> out;
  const YamlNode* list = map.find(key);
  if (list == nullptr || !list->is_list()) return out;
  for (const YamlNode& one : list->items) out.push_back(one.scalar);
  if (std::find(out.begin(), out.end(), "") != out.end()) out.clear();
  return out;
}

void check_vietnamese(const std::string& folder, const YamlNode& ours) {
  for (const std::string_view key : {"title_vi", "meaning_vi"}) {
    EXPECT_TRUE(has_diacritics(ours.text(key))) << folder << " " << key;
  }
  EXPECT_FALSE(ours.text("meaning_en").empty()) << folder;
  const auto steps = texts(ours, "first_steps_vi");
  EXPECT_TRUE(steps.size() >= 3 && steps.size() <= 6) << folder << " has " << steps.size() << " first steps";
  EXPECT_EQ(steps.size(), texts(ours, "first_steps_en").size()) << folder;
  const auto doubts = texts(ours, "false_positives_vi");
  EXPECT_FALSE(doubts.empty()) << folder;
  for (const auto& list : {steps, doubts}) {
    for (const std::string& one : list) EXPECT_TRUE(has_diacritics(one)) << folder << ": " << one;
  }
}

bool is_technique(const std::string& tag) {
  return tag.starts_with("attack.t1") && tag.find_first_not_of("0123456789.", 8) == std::string::npos;
}

TEST(OwnRules, TellAnOfficialWhatHappenedAndWhatToDo) {
  const std::set<std::string> articles = known_articles();
  ASSERT_TRUE(articles.contains("8.2") && articles.contains("7.2.c") && articles.contains("15.2.d"));
  std::map<std::string, std::string> ids;
  for (const fs::path& path : folders()) {
    const std::string folder = name_of(path);
    const auto documents = parse_yaml(folder, read_whole(path / "rule.yml").value());
    ASSERT_TRUE(documents.has_value()) << documents.error().text();
    for (const YamlNode& one : *documents) {
      const std::string id = one.text("id");
      EXPECT_TRUE(id.size() == 36 && id[14] == '4') << folder << ": id " << id << " is no random UUID";
      EXPECT_TRUE(ids.emplace(id, folder).second) << folder << ": id " << id << " is that of " << ids[id];
    }
    const YamlNode& rule = documents->front();  // The one that reports; those it stands on come behind.
    for (const std::string_view key : {"title", "description", "status", "level"}) {
      EXPECT_FALSE(rule.text(key).empty()) << folder << " " << key;
    }
    EXPECT_EQ(rule.text("author"), "Lũy") << folder;
    EXPECT_FALSE(texts(rule, "falsepositives").empty()) << folder;
    const auto tags = texts(rule, "tags");
    EXPECT_TRUE(std::any_of(tags.begin(), tags.end(), is_technique)) << folder << " names no technique of ATT&CK";
    const YamlNode* ours = rule.find("luy");
    ASSERT_TRUE(ours != nullptr && ours->is_map()) << folder;
    check_vietnamese(folder, *ours);
    EXPECT_FALSE(texts(*ours, "articles").empty()) << folder;
    for (const std::string& article : texts(*ours, "articles")) {
      EXPECT_TRUE(articles.contains(article)) << folder << ": " << article << " is no article of the regulation";
    }
  }
  EXPECT_GE(folders().size(), 66U);
}

TEST(OwnRules, LoadTogether) {
  std::vector<RuleFile> files;
  for (const fs::path& folder : folders()) files.push_back({name_of(folder), read_whole(folder / "rule.yml").value()});
  const RuleSet set = make_rule_set(files, builtin_routing().placeholders);
  for (const Refusal& one : set.refused) ADD_FAILURE() << one.error.text();
}

std::string table_of_rules() {
  std::string out =
      "# Luật phát hiện của Lũy / Lũy's own rules\n\nGenerated from `rules/`; do not edit. Renew with "
      "`LUY_UPDATE=1 build/dev/src/detect/detect_test`.\n\nEach folder of `rules/` holds a rule, events it finds and "
      "leaves alone, and what it must find. How to add one: [detection.md](detection.md).\n\n"
      "| rule | tiếng Việt | English | level | ATT&CK | Điều |\n|---|---|---|---|---|---|\n";
  for (const fs::path& folder : folders()) {
    const auto documents = parse_yaml(name_of(folder), read_whole(folder / "rule.yml").value()).value();
    const YamlNode& rule = documents.front();
    std::string techniques;
    for (const std::string& tag : texts(rule, "tags")) {
      if (is_technique(tag)) techniques += (techniques.empty() ? "T" : ", T") + tag.substr(8);
    }
    std::string articles;
    for (const std::string& one : texts(*rule.find("luy"), "articles"))
      articles += (articles.empty() ? "" : ", ") + one;
    out += "| `" + name_of(folder) + "` | " + rule.find("luy")->text("title_vi") + " | " + rule.text("title") + " | " +
           rule.text("level") + " | " + techniques + " | " + articles + " |\n";
  }
  return out;
}

TEST(OwnRules, TheirTableIsTheOneOfTheDocument) {
  const std::string path = source_dir() + "/docs/detection-rules.md";
  if (std::getenv("LUY_UPDATE") != nullptr) std::ofstream(path) << table_of_rules();
  EXPECT_EQ(read_whole(path), table_of_rules()) << "run this test once with LUY_UPDATE=1 in the environment";
}

}  // namespace
}  // namespace luy::detect
