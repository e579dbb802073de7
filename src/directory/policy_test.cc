// Goal: the policy decides every act for every role and every place as its page says, and says why when it refuses.
// Method: the matrix role × act × place, expected from reach_of() alone; the page docs/security/policy.md pins
// reach_of() itself, so that no cell can change unseen.
#include "directory/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace luy::directory {
namespace {

AgencyId agency_id(char last) {
  return AgencyId::trusted("0000000000000000000000000" + std::string(1, last));
}
AccountId account_id(char last) {
  return AccountId::trusted("0000000000000000000000000" + std::string(1, last));
}

// town ── office ── team; and school beside office.
const AgencyId town = agency_id('1');
const AgencyId office = agency_id('2');
const AgencyId team = agency_id('3');
const AgencyId school = agency_id('4');

Object in(std::vector<AgencyId> chain, std::optional<AccountId> account = std::nullopt) {
  return {std::move(chain), account, false};
}

Actor actor_with(std::vector<Grant> grants) {
  Actor actor;
  actor.account = account_id('a');
  actor.username = "lan";
  actor.grants = std::move(grants);
  return actor;
}

struct Place {
  const char* name;
  Object object;
  Reach needed;  // The least reach that gets there for a role held in `office`.
  bool reachable = true;
};

std::vector<Place> places() {
  return {
      {"the granted agency", in({office, town}), Reach::agency},
      {"an agency below", in({team, office, town}), Reach::agency},
      {"the agency above", in({town}), Reach::everywhere},
      {"an agency beside", in({school, town}), Reach::everywhere},
      {"no agency", in({}), Reach::everywhere},
      {"somebody else's beside", in({school, town}, account_id('b')), Reach::everywhere},
      {"one's own, elsewhere", in({school, town}, account_id('a')), Reach::own},
      {"somewhere", Object::anywhere(), Reach::own},
  };
}

}  // namespace

TEST(Policy, DecidesEveryActForEveryRoleAndPlace) {
  for (std::size_t r = 0; r < role_count; ++r) {
    const Actor actor = actor_with({{static_cast<Role>(r), office}});
    for (std::size_t a = 0; a < action_count; ++a) {
      const auto action = static_cast<Action>(a);
      for (const Place& place : places()) {
        const Reach reach = reach_of(static_cast<Role>(r), action);
        const bool expected = reach != Reach::none && reach >= place.needed;
        const Decision decision = may(actor, action, place.object);
        const std::string at =
            std::string(name_of(static_cast<Role>(r))) + " " + std::string(name_of(action)) + " on " + place.name;
        EXPECT_EQ(decision.allowed, expected) << at;
        EXPECT_EQ(require(actor, action, place.object).has_value(), expected) << at;
        if (decision.allowed) continue;
        EXPECT_TRUE(decision.vi.ends_with('.') && decision.en.ends_with('.')) << at;
      }
    }
  }
}

TEST(Policy, RefusesEverythingBeforeTheIssuedPasswordIsChanged) {
  for (std::size_t r = 0; r < role_count; ++r) {
    Actor actor = actor_with({{static_cast<Role>(r), office}});
    actor.must_change_password = true;
    for (std::size_t a = 0; a < action_count; ++a) {
      const auto action = static_cast<Action>(a);
      const auto result = require(actor, action, Object::anywhere());
      EXPECT_EQ(result.has_value(), action == Action::session_use) << name_of(action);
      EXPECT_TRUE(result || result.error().is(must_change_password)) << name_of(action);
      EXPECT_TRUE(agencies_of(actor, action).empty()) << name_of(action);
    }
  }
}

TEST(Policy, LetsAnAccountWithoutRolesDoNothingButUseItsSession) {
  const Actor actor = actor_with({});
  for (std::size_t a = 0; a < action_count; ++a) {
    const auto action = static_cast<Action>(a);
    EXPECT_EQ(may(actor, action, Object::anywhere()).allowed, action == Action::session_use) << name_of(action);
  }
}

TEST(Policy, AddsUpTheRolesOfAnActor) {
  const Actor actor = actor_with({{Role::system_admin, office}, {Role::security_officer, school}});
  EXPECT_TRUE(may(actor, Action::agency_manage, in({team, office, town})).allowed);
  EXPECT_FALSE(may(actor, Action::agency_manage, in({school, town})).allowed);
  EXPECT_TRUE(may(actor, Action::software_approve, in({school, town})).allowed);
  EXPECT_FALSE(may(actor, Action::software_approve, in({office, town})).allowed);
  EXPECT_EQ(agencies_of(actor, Action::software_approve), std::vector<AgencyId>{school});
  EXPECT_EQ(agencies_of(actor, Action::device_read), (std::vector<AgencyId>{office, school}));
  EXPECT_TRUE(agencies_of(actor_with({{Role::staff, office}}), Action::account_read).empty());
}

TEST(Policy, GivesTheReasonOfARefusal) {
  const Actor staff = actor_with({{Role::staff, office}});
  const Actor head = actor_with({{Role::agency_head, office}});
  const std::string role = may(staff, Action::software_approve, in({office, town})).en;
  const std::string place = may(head, Action::device_read, in({school, town})).en;
  const std::string own = may(staff, Action::account_read, in({office, town}, account_id('b'))).en;
  EXPECT_NE(role.find("Security officer"), std::string::npos) << role;
  EXPECT_NE(place.find("outside"), std::string::npos) << place;
  EXPECT_NE(own.find("your own"), std::string::npos) << own;
}

TEST(Policy, KnowsItsNamesBothWays) {
  for (std::size_t r = 0; r < role_count; ++r) {
    EXPECT_EQ(role_from_name(name_of(static_cast<Role>(r))), static_cast<Role>(r));
  }
  for (std::size_t a = 0; a < action_count; ++a) {
    EXPECT_EQ(action_from_name(name_of(static_cast<Action>(a))), static_cast<Action>(a));
  }
  EXPECT_EQ(role_from_name("root"), std::nullopt);
  EXPECT_EQ(action_from_name(""), std::nullopt);
}

TEST(Policy, IsWhatItsPageSays) {
  const auto page = std::filesystem::path(LUY_SOURCE_DIR) / "docs" / "security" / "policy.md";
  if (std::getenv("LUY_UPDATE") != nullptr) {
    std::filesystem::create_directories(page.parent_path());
    std::ofstream(page) << policy_document();
  }
  std::ifstream stream(page);
  const std::string written{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(written, policy_document()) << "run the test with LUY_UPDATE=1 and review the difference";
}

}  // namespace luy::directory
