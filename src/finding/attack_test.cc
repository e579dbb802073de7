// Goal: the columns of the ATT&CK page hold whatever a rule names, in today's words or in those of an earlier version.
// Method: the table against itself, and the tags of our own rules.
#include "finding/attack.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/source_dir.h"

namespace luy::finding {
namespace {

TEST(Attack, EveryTechniqueStandsOnceInOrderUnderTacticsThatExist) {
  std::set<std::string_view> columns;
  for (const Tactic& tactic : tactics()) EXPECT_TRUE(columns.insert(tactic.id).second) << tactic.id;
  const auto before = [](const Technique& a, const Technique& b) { return a.id < b.id; };
  EXPECT_TRUE(std::is_sorted(techniques().begin(), techniques().end(), before));
  for (const Technique& technique : techniques()) {
    EXPECT_EQ(find_technique(technique.id), &technique) << "twice, or under another id";
    EXPECT_FALSE(technique.tactics.empty()) << technique.id;
    for (const std::string_view tactic : technique.tactics) EXPECT_TRUE(columns.contains(tactic)) << technique.id;
  }
}

TEST(Attack, IdsOfEarlierVersionsMeanWhatTheyBecame) {
  const struct {
    const char* old;
    const char* present;
    const char* tactic;
  } cases[] = {
      {"T1562", "T1685", "defense-impairment"},
      {"T1562.001", "T1685", "defense-impairment"},
      {"T1562.004", "T1686", "defense-impairment"},
      {"T1562.999", "T1685", "defense-impairment"},
      {"T1070.001", "T1685.005", "defense-impairment"},
      {"T1070.003", "T1070.003", "stealth"},
      {"T1656", "T1684.001", "stealth"},
      {"T1110.001", "T1110.001", "credential-access"},
      {"T1562.003", "T1690", "defense-impairment"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(present_id(one.old), one.present);
    ASSERT_NE(find_technique(one.old), nullptr) << one.old;
    EXPECT_EQ(find_technique(one.old)->tactics.front(), one.tactic) << one.old;
  }
  EXPECT_EQ(find_technique("T9999"), nullptr);
}

TEST(Attack, OurOwnRulesNameTechniquesAndTacticsOfTheTableInTodaysWords) {
  std::set<std::string> columns;
  for (const Tactic& tactic : tactics()) columns.emplace(tactic.id);
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() + "/rules")) {
    if (entry.path().filename() != "rule.yml") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t at = text.find("- attack."); at != std::string::npos; at = text.find("- attack.", at)) {
      at += std::string_view("- attack.").size();
      std::string name = text.substr(at, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-", at) - at);
      ++seen;
      if (columns.contains(name)) continue;
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      EXPECT_NE(find_technique(name), nullptr) << entry.path() << ' ' << name;
      EXPECT_EQ(present_id(name), name) << entry.path();
    }
  }
  EXPECT_GT(seen, 100);
}

}  // namespace
}  // namespace luy::finding
