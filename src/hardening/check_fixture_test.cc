// Goal: every check that is shipped says of a Debian 12 as it is installed what is written down, says the opposite once
// the one thing is changed that it is about, and says nothing right where it cannot read.
#include <gtest/gtest.h>

#include "hardening/judge.h"
#include "hardening/load.h"
#include "hardening/made_machine.h"
#include "regulation/load.h"

namespace luy::hardening {
namespace {

const Time now = *from_rfc3339("2026-11-22T03:00:00Z");

void change(MadeMachine& machine, const regulation::YamlNode& what) {
  each_member(what.find("files"),
              [&](const std::string& path, const auto& node) { machine.files[path] = node.scalar; });
  each_member(what.find("modes"), [&](const std::string& path, const auto& node) { machine.mode(path, node.scalar); });
  each_member(what.find("sysctl"), [&](const std::string& key, const auto& node) { machine.sysctl(key, node.scalar); });
  each_member(what.find("links"), [&](const std::string& path, const auto& node) {
    if (node.scalar.empty()) {
      machine.links.erase(path);
    } else {
      machine.links[path] = node.scalar;
    }
  });
  if (const auto* names = what.find("packages")) {
    for (const auto& name : names->items) machine.install(name.scalar);
  }
  if (const auto* names = what.find("removed")) {
    for (const auto& name : names->items) machine.remove(name.scalar);
  }
}

struct Fixture {
  std::string check;
  std::string as_shipped;
  const regulation::YamlNode* otherwise;
};

std::vector<Fixture> fixtures(const regulation::YamlNode& root) {
  std::vector<Fixture> out;
  for (const auto& node : root.find("fixtures")->items) {
    out.push_back({node.find("check")->scalar, node.find("as_shipped")->scalar, node.find("otherwise")});
  }
  return out;
}

TEST(ShippedChecks, SayOfADebianWhatIsWrittenDownAndTheOppositeOnceItIsChanged) {
  const auto root = yaml_of("fixtures.yaml");
  const MadeMachine shipped = debian12();
  for (const Fixture& fixture : fixtures(root)) {
    const Check* check = builtin_checks().find(fixture.check);
    ASSERT_NE(check, nullptr) << fixture.check;
    const auto before = run_check(*check, shipped, now);
    EXPECT_EQ(before.state, fixture.as_shipped) << fixture.check << " as shipped: " << before.found.value_or("-") << " "
                                                << before.file.value_or("-") << " " << before.reason.value_or("-");
    MadeMachine changed = shipped;
    change(changed, *fixture.otherwise);
    const auto after = run_check(*check, changed, now);
    EXPECT_EQ(after.state, fixture.as_shipped == "right" ? "wrong" : "right")
        << fixture.check << " changed: " << after.found.value_or("-") << " " << after.file.value_or("-") << " "
        << after.reason.value_or("-");
  }
}

TEST(ShippedChecks, AllHaveAFixtureAndNothingElseHas) {
  const auto root = yaml_of("fixtures.yaml");
  std::set<std::string> with;
  for (const Fixture& fixture : fixtures(root)) EXPECT_TRUE(with.insert(fixture.check).second) << fixture.check;
  for (const Check& check : builtin_checks().checks) EXPECT_TRUE(with.contains(check.id)) << check.id;
  EXPECT_EQ(with.size(), builtin_checks().checks.size());
}

TEST(ShippedChecks, AreEnoughForServersAndPersonalComputersAndForServices) {
  std::size_t of_systems = 0;
  std::size_t of_services = 0;
  for (const Check& check : builtin_checks().checks) {
    switch (check.group) {
      case Group::ssh:
      case Group::web:
      case Group::database:
      case Group::sharing:
      case Group::mail:
        ++of_services;
        break;
      default:
        ++of_systems;
    }
  }
  EXPECT_GE(of_systems, 60U);
  EXPECT_GE(of_services, 25U);
}

TEST(ShippedChecks, AreNeverRightWhereNothingCanBeRead) {
  MadeMachine machine = debian12();
  machine.all_closed = true;
  for (const fact::CheckResult& result : run_checks(builtin_checks(), machine, now).results) {
    EXPECT_EQ(result.state, "unknown") << result.check;
    EXPECT_FALSE(reason_of(result).vi.empty()) << result.check;
    EXPECT_FALSE(reason_of(result).en.empty()) << result.check;
  }
}

// Whatever one file a check reads is closed, its answer may become unknown and must never become right.
TEST(ShippedChecks, DoNotBecomeRightWhenAFileIsClosed) {
  const MadeMachine shipped = debian12();
  const auto before = run_checks(builtin_checks(), shipped, now);
  for (const auto& [path, text] : shipped.files) {
    if (path.starts_with("/proc/1/")) continue;  // The machine's other table of mounts speaks instead.
    MadeMachine machine = shipped;
    machine.closed.insert(path);
    const auto after = run_checks(builtin_checks(), machine, now);
    for (std::size_t i = 0; i < after.results.size(); ++i) {
      const bool same = after.results[i].state == before.results[i].state;
      EXPECT_TRUE(same || after.results[i].state == "unknown")
          << after.results[i].check << " without " << path << ": " << after.results[i].state;
    }
  }
}

TEST(ShippedChecks, OnAMachineWithNothingOnItSayNothingAboutWhatTheyCannotKnow) {
  const MadeMachine empty;
  for (const fact::CheckResult& result : run_checks(builtin_checks(), empty, now).results) {
    const Check& check = *builtin_checks().find(result.check);
    // Without a list of packages, accounts, processes or parameters there is no answer.
    if (!check.packages.empty() || !check.systems.empty() || check.reading.reader == Reader::package ||
        check.reading.reader == Reader::accounts || check.reading.reader == Reader::mount ||
        check.reading.reader == Reader::sysctl) {
      EXPECT_NE(result.state, "right") << result.check;
    }
  }
}

TEST(ShippedChecks, TellWhereAWrongValueStands) {
  MadeMachine machine = debian12();
  machine.files["/etc/ssh/sshd_config.d/10-x.conf"] = "# comment\n\nPermitRootLogin yes\n";
  const auto result = run_check(*builtin_checks().find("ssh-root-login"), machine, now);
  EXPECT_EQ(result.state, "wrong");
  EXPECT_EQ(result.found, "yes");
  EXPECT_EQ(result.file, "/etc/ssh/sshd_config.d/10-x.conf");
  EXPECT_EQ(result.line, 3);
}

TEST(ShippedChecks, NeverTellASecret) {
  MadeMachine machine = debian12();
  machine.files["/etc/redis/redis.conf"] += "requirepass khong-duoc-lo\n";
  const auto all = run_checks(builtin_checks(), machine, now);
  const std::string json = fact::body_to_json(all);
  EXPECT_EQ(json.find("khong-duoc-lo"), std::string::npos);
  EXPECT_EQ(json.find("$y$"), std::string::npos);
}

TEST(ShippedChecks, FitIntoAFactThatIsReadBack) {
  const fact::Fact fact{now, "checks", run_checks(builtin_checks(), debian12(), now)};
  const auto read = fact::from_json(fact::to_json(fact));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, fact);
}

TEST(ShippedChecks, NameDutiesOfThePackAndThePackNamesChecksThatThereAre) {
  const auto pack = regulation::load_pack(source_dir() + "/regulation/4448-2017");
  ASSERT_TRUE(pack.has_value());
  std::set<std::string> duties;
  std::size_t named = 0;
  for (const regulation::Obligation& obligation : pack->obligations) {
    duties.insert(obligation.id);
    if (obligation.parameters.find("setting_checks") == nullptr) continue;
    const auto ids = obligation.parameters.texts("setting_checks");
    ASSERT_TRUE(ids.has_value());
    for (const std::string& id : *ids) {
      EXPECT_NE(builtin_checks().find(id), nullptr) << id;
      ++named;
    }
  }
  EXPECT_GT(named, 5U);
  for (const Check& check : builtin_checks().checks) {
    for (const std::string& id : check.obligations) EXPECT_TRUE(duties.contains(id)) << check.id << ": " << id;
  }
}

TEST(ShippedChecks, SpeakInBothLanguagesAndNameWhatTheyRestOn) {
  for (const Check& check : builtin_checks().checks) {
    EXPECT_FALSE(check.references.empty()) << check.id;
    EXPECT_NE(check.title.vi, check.title.en) << check.id;
    EXPECT_FALSE(check.mend.empty()) << check.id;
    EXPECT_FALSE(check.reads().empty()) << check.id;
  }
}

}  // namespace
}  // namespace luy::hardening
