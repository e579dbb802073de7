// Goal: what is wrong in a file of checks is refused with its place; nothing is guessed.
#include "hardening/load.h"

#include <gtest/gtest.h>

namespace luy::hardening {
namespace {

const std::string good = R"(group: ssh
checks:
- id: one
  severity: high
  title: {vi: "Một", en: "One"}
  why: {vi: "Vì thế", en: "Because"}
  read: {reader: sshd, key: PermitRootLogin, default: "yes"}
  right: {is: ["no"]}
  mend: |
    true
  references: ["CIS 1"]
)";

Result<Catalogue> load(const std::string& text) {
  const CheckFile file{"checks/x.yaml", text};
  return load_checks({&file, 1});
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(LoadChecks, ReadsWhatAFileSays) {
  const auto loaded = load(good);
  ASSERT_TRUE(loaded.has_value());
  ASSERT_EQ(loaded->checks.size(), 1U);
  const Check& check = loaded->checks[0];
  EXPECT_EQ(check.id, "one");
  EXPECT_EQ(check.group, Group::ssh);
  EXPECT_EQ(check.severity, Severity::high);
  EXPECT_EQ(check.reading.fallback, "yes");
  EXPECT_EQ(check.mend, "true\n");
  EXPECT_EQ(loaded->digest.size(), 16U);
  EXPECT_EQ(loaded->find("one"), &check);
  EXPECT_EQ(loaded->find("two"), nullptr);
}

TEST(LoadChecks, EqualBytesHaveEqualDigestsAndOthersHaveOthers) {
  EXPECT_EQ(load(good)->digest, load(good)->digest);
  EXPECT_NE(load(good)->digest, load(with("One", "Two"))->digest);
}

TEST(LoadChecks, RefusesWhatIsWrongWithItsPlace) {
  struct Case {
    std::string text;
    std::string place;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {with("severity: high", "severity: grave"), "checks/x.yaml:4:13", "unknown_name"},
      {with("  mend: |", "  repair: x\n  mend: |"), "checks/x.yaml:9:3", "unknown_key"},
      {with(", en: \"One\"", ""), "checks/x.yaml:5:10", "missing_translation"},
      {with("reader: sshd", "reader: telepathy"), "checks/x.yaml:7:18", "unknown_name"},
      {with("key: PermitRootLogin", "key: PermitRootLogin, module: x"), "checks/x.yaml:7:", "unknown_key"},
      {with("key: PermitRootLogin, ", ""), "checks/x.yaml:7:", "missing_key"},
      {with(", default: \"yes\"", ""), "checks/x.yaml:3:3", "missing_key"},
      {with("{is: [\"no\"]}", "{at_least: many}"), "checks/x.yaml:8:", "bad_value"},
      {with("{is: [\"no\"]}", "{}"), "checks/x.yaml:8:", "missing_key"},
      {with("{is: [\"no\"]}", "{is: []}"), "checks/x.yaml:8:", "bad_value"},
      {with("{is: [\"no\"]}", "{is: [\"no\"], time: \"yes\"}"), "checks/x.yaml:8:", "missing_key"},
      {with("{is: [\"no\"]}", "{mode_within: \"0644\"}"), "checks/x.yaml:8:", "unknown_key"},
      {with("id: one", "id: One!"), "checks/x.yaml:3:7", "bad_value"},
      {with("group: ssh", "group: nothing"), "checks/x.yaml:1:8", "unknown_name"},
      {with("reader: sshd, key: PermitRootLogin, default: \"yes\"", "reader: accounts, key: nonsense"),
       "checks/x.yaml:7:", "unknown_name"},
      {with("reader: sshd, key: PermitRootLogin, default: \"yes\"", "reader: accounts, key: old_password"),
       "checks/x.yaml:7:", "missing_key"},
      {with("reader: sshd, key: PermitRootLogin", "reader: words, file: etc/x, key: y"),
       "checks/x.yaml:7:", "bad_value"},
      {good + good.substr(good.find("- id")), "checks/x.yaml:12:3", "duplicate"},
      {"group: [", "checks/x.yaml:", "bad_syntax"},
  };
  for (const Case& one : cases) {
    const auto loaded = load(one.text);
    ASSERT_FALSE(loaded.has_value()) << one.text;
    EXPECT_TRUE(loaded.error().is(bad_checks));
    EXPECT_EQ(loaded.error().detail().substr(0, one.place.size()), one.place) << loaded.error().detail();
    EXPECT_NE(loaded.error().detail().find("(" + one.reason + ")"), std::string::npos) << loaded.error().detail();
  }
}

TEST(LoadChecks, NamesGoBothWays) {
  for (std::size_t i = 0; i < group_count; ++i) {
    EXPECT_EQ(group_from_name(name_of(static_cast<Group>(i))), static_cast<Group>(i));
  }
  for (std::size_t i = 0; i < severity_count; ++i) {
    EXPECT_EQ(severity_from_name(name_of(static_cast<Severity>(i))), static_cast<Severity>(i));
  }
  for (std::size_t i = 0; i < state_count; ++i) {
    EXPECT_EQ(state_from_name(name_of(static_cast<State>(i))), static_cast<State>(i));
  }
  for (std::size_t i = 0; i < reader_count; ++i) {
    EXPECT_EQ(reader_from_name(name_of(static_cast<Reader>(i))), static_cast<Reader>(i));
  }
}

TEST(LoadChecks, TheShippedOnesLoad) {
  EXPECT_GT(builtin_checks().checks.size(), 100U);
}

}  // namespace
}  // namespace luy::hardening
