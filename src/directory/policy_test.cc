// Goal: the policy decides every act for every role and every place as docs/security/policy.md says, says why when it
// refuses, and no cell of its table can change unseen.
// Method: the matrix role × act × place, expected from the page alone; then every cell of the table is set to every
// other reach, and the matrix must notice each time.
#include "directory/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/source_dir.h"

namespace luy::directory {
namespace {

AgencyId agency_id(char last) {
  return AgencyId::trusted("0000000000000000000000000" + std::string(1, last));
}
AccountId account_id(char last) {
  return AccountId::trusted("0000000000000000000000000" + std::string(1, last));
}

// town ── office ── team; school beside office; and another town with an office of its own.
const AgencyId town = agency_id('1');
const AgencyId office = agency_id('2');
const AgencyId team = agency_id('3');
const AgencyId school = agency_id('4');
const AgencyId other_town = agency_id('5');
const AgencyId other_office = agency_id('6');

Object in(std::vector<AgencyId> chain, std::optional<AccountId> account = std::nullopt) {
  return {std::move(chain), account, false};
}

Grant held(Role role, const AgencyId& agency) {
  Grant grant{role, agency};
  grant.top = town;
  return grant;
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
  std::optional<Reach> needed;  // The least reach that gets there for a role held in `office`; none does when empty.
};

const std::vector<Place>& places() {
  static const std::vector<Place> list = {
      {"the granted agency", in({office, town}), Reach::agency},
      {"the granted agency's, of somebody else", in({office, town}, account_id('b')), Reach::agency},
      {"an agency below", in({team, office, town}), Reach::subtree},
      {"the agency above", in({town}), Reach::town},
      {"an agency beside", in({school, town}), Reach::town},
      {"somebody else's beside", in({school, town}, account_id('b')), Reach::town},
      {"no agency", in({}), std::nullopt},
      {"another town", in({other_town}), std::nullopt},
      {"an office of another town", in({other_office, other_town}, account_id('b')), std::nullopt},
      {"an agency that does not exist", in({agency_id('9')}), std::nullopt},
      {"one's own, elsewhere", in({school, town}, account_id('a')), Reach::own},
      {"one's own, in another town", in({other_office, other_town}, account_id('a')), Reach::own},
      {"one's own, of no agency", in({}, account_id('a')), Reach::own},
      {"somewhere", Object::anywhere(), Reach::own},
  };
  return list;
}

std::filesystem::path page_file() {
  return std::filesystem::path(source_dir()) / "docs" / "security" / "policy.md";
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream rest(line.substr(1));
  for (std::string cell; std::getline(rest, cell, '|');) {
    const std::size_t first = cell.find_first_not_of(' ');
    const std::size_t last = cell.find_last_not_of(' ');
    out.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return out;
}

// The table as the page has it, by the names it gives.
PolicyTable read_page() {
  const std::vector<std::string> signs = {"·", "o", "**A**", "**S**", "**T**"};
  PolicyTable table{};
  std::vector<std::optional<Role>> columns;
  std::ifstream page(page_file());
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| Action |")) {
      for (const std::string& cell : cells_of(line)) columns.push_back(role_from_name(cell));
    } else if (line.starts_with("| `") && !columns.empty()) {
      const std::vector<std::string> cells = cells_of(line);
      const auto action = action_from_name(cells[0].substr(1, cells[0].find('`', 1) - 1));
      for (std::size_t i = 1; action && i < columns.size(); ++i) {
        if (!columns[i]) continue;
        const auto sign = std::find(signs.begin(), signs.end(), cells.at(i));
        EXPECT_NE(sign, signs.end()) << line;
        table[static_cast<std::size_t>(*action)][static_cast<std::size_t>(*columns[i])] =
            static_cast<Reach>(sign - signs.begin());
      }
    }
  }
  return table;
}

// How often `table` decides otherwise than `expected` would have it; the first such case goes to `first`.
std::size_t mismatches(const PolicyTable& expected, const PolicyTable& table, std::string* first = nullptr) {
  std::size_t count = 0;
  for (std::size_t r = 0; r < role_count; ++r) {
    const Actor actor = actor_with({held(static_cast<Role>(r), office)});
    for (std::size_t a = 0; a < action_count; ++a) {
      for (const Place& place : places()) {
        const Reach reach = expected[a][r];
        const bool wanted = place.needed && reach >= *place.needed;
        if (allows(table, actor, static_cast<Action>(a), place.object) == wanted) continue;
        ++count;
        if (first != nullptr && first->empty()) {
          *first = std::string(name_of(static_cast<Role>(r))) + " " + std::string(name_of(static_cast<Action>(a))) +
                   " on " + place.name;
        }
      }
    }
  }
  return count;
}

}  // namespace

TEST(Policy, DecidesEveryActForEveryRoleAndPlaceAsItsPageSays) {
  std::string first;
  EXPECT_EQ(mismatches(read_page(), policy_table(), &first), 0U) << first;
  std::size_t cases = 0;
  for (std::size_t r = 0; r < role_count; ++r) {
    const Actor actor = actor_with({held(static_cast<Role>(r), office)});
    for (std::size_t a = 0; a < action_count; ++a) {
      const auto action = static_cast<Action>(a);
      for (const Place& place : places()) {
        ++cases;
        const Decision decision = may(actor, action, place.object);
        const std::string at =
            std::string(name_of(static_cast<Role>(r))) + " " + std::string(name_of(action)) + " on " + place.name;
        EXPECT_EQ(decision.allowed, allows(policy_table(), actor, action, place.object)) << at;
        EXPECT_EQ(require(actor, action, place.object).has_value(), decision.allowed) << at;
        if (decision.allowed) continue;
        EXPECT_TRUE(decision.vi.ends_with('.') && decision.en.ends_with('.')) << at;
      }
    }
  }
  RecordProperty("cases", static_cast<int>(cases));
}

TEST(Policy, NoCellCanChangeUnseen) {
  const PolicyTable page = read_page();
  std::size_t mutants = 0;
  for (std::size_t a = 0; a < action_count; ++a) {
    // Everybody may use their own session whatever their role, so this row decides nothing.
    if (static_cast<Action>(a) == Action::session_use) continue;
    for (std::size_t r = 0; r < role_count; ++r) {
      for (std::size_t reach = 0; reach < reach_count; ++reach) {
        PolicyTable mutant = policy_table();
        if (mutant[a][r] == static_cast<Reach>(reach)) continue;
        mutant[a][r] = static_cast<Reach>(reach);
        ++mutants;
        EXPECT_GT(mismatches(page, mutant), 0U)
            << name_of(static_cast<Action>(a)) << " for " << name_of(static_cast<Role>(r)) << " as " << reach;
      }
    }
  }
  EXPECT_EQ(mutants, (action_count - 1) * role_count * (reach_count - 1));
}

// Whether or not a cell has it today.
TEST(Policy, EveryReachGoesAsFarAsItsNameSays) {
  const Actor actor = actor_with({held(Role::staff, office)});
  for (std::size_t r = 0; r < reach_count; ++r) {
    const auto reach = static_cast<Reach>(r);
    PolicyTable table{};
    table[static_cast<std::size_t>(Action::device_read)][static_cast<std::size_t>(Role::staff)] = reach;
    for (const Place& place : places()) {
      EXPECT_EQ(allows(table, actor, Action::device_read, place.object), place.needed && reach >= *place.needed)
          << r << " " << place.name;
    }
  }
}

TEST(Policy, LetsAnAuditorChangeNothing) {
  for (std::size_t a = 0; a < action_count; ++a) {
    const std::string name(name_of(static_cast<Action>(a)));
    const bool reads = name.ends_with("_read") || name.ends_with("_export") || name.ends_with("_search") ||
                       name.ends_with("_prove") || name == "session_use";
    // Article 15.2.b: everybody says what they see, an auditor, too; and article 11.8: everybody signs for themselves.
    if (name == "incident_report" || name == "commitment_sign") continue;
    EXPECT_TRUE(reads || reach_of(Role::auditor, static_cast<Action>(a)) == Reach::none) << name;
  }
}

// Else nobody could ever appoint them: rights are given only by whom holds them.
TEST(Policy, LetsTheFirstAdministratorGiveEveryRole) {
  for (std::size_t r = 0; r < role_count; ++r) {
    for (std::size_t a = 0; a < action_count; ++a) {
      const auto action = static_cast<Action>(a);
      if (reach_of(static_cast<Role>(r), action) < Reach::agency) continue;
      EXPECT_TRUE(reach_of(Role::system_admin, action) >= Reach::subtree ||
                  reach_of(Role::security_officer, action) >= Reach::subtree)
          << name_of(static_cast<Role>(r)) << " " << name_of(action);
    }
  }
}

TEST(Policy, RefusesEverythingBeforeTheIssuedPasswordIsChanged) {
  for (std::size_t r = 0; r < role_count; ++r) {
    Actor actor = actor_with({held(static_cast<Role>(r), office)});
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

TEST(Policy, RefusesEverythingBeforeAFactorIsAddedWhereOneMustBe) {
  Actor actor = actor_with({held(Role::system_admin, office)});
  actor.must_enrol_factor = true;
  for (std::size_t a = 0; a < action_count; ++a) {
    const auto action = static_cast<Action>(a);
    const auto result = require(actor, action, Object::anywhere());
    EXPECT_EQ(result.has_value(), action == Action::session_use) << name_of(action);
    EXPECT_TRUE(result || result.error().is(must_enrol_factor)) << name_of(action);
    EXPECT_TRUE(agencies_of(actor, action).empty()) << name_of(action);
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
  const Actor actor = actor_with({held(Role::system_admin, office), held(Role::security_officer, school)});
  EXPECT_TRUE(may(actor, Action::agency_manage, in({team, office, town})).allowed);
  EXPECT_FALSE(may(actor, Action::agency_manage, in({school, town})).allowed);
  EXPECT_TRUE(may(actor, Action::software_approve, in({school, town})).allowed);
  EXPECT_FALSE(may(actor, Action::software_approve, in({office, town})).allowed);
  EXPECT_EQ(agencies_of(actor, Action::software_approve), std::vector<AgencyId>{school});
  EXPECT_EQ(agencies_of(actor, Action::device_read), (std::vector<AgencyId>{office, school}));
  EXPECT_TRUE(agencies_of(actor_with({held(Role::staff, office)}), Action::account_read).empty());
  const Actor inspector = actor_with({held(Role::culture_info, office), held(Role::culture_info, school)});
  EXPECT_EQ(agencies_of(inspector, Action::verdict_read), std::vector<AgencyId>{town});
}

TEST(Policy, TakesTheAgencyItselfForTheTopWhereNoneIsKnown) {
  const Actor actor = actor_with({{Role::town_office, town}});
  EXPECT_TRUE(may(actor, Action::overview_read, in({school, town})).allowed);
  EXPECT_FALSE(may(actor, Action::overview_read, in({other_office, other_town})).allowed);
  EXPECT_EQ(agencies_of(actor, Action::overview_read), std::vector<AgencyId>{town});
}

TEST(Policy, OwnsNothingWithoutAnAccount) {
  Actor nobody;
  Object orphan = in({office, town}, AccountId());
  EXPECT_FALSE(may(nobody, Action::session_use, orphan).allowed);
}

TEST(Policy, CountsAGrantFromItsFirstDayToItsLast) {
  Grant grant = held(Role::agency_head, office);
  const Day day = *day_from_iso("2026-11-22");
  EXPECT_TRUE(grant.valid_on(day));
  grant.valid_from = day;
  grant.valid_to = day + days(1);
  EXPECT_FALSE(grant.valid_on(day - days(1)));
  EXPECT_TRUE(grant.valid_on(day));
  EXPECT_TRUE(grant.valid_on(day + days(1)));
  EXPECT_FALSE(grant.valid_on(day + days(2)));
}

TEST(Policy, GivesTheReasonOfARefusal) {
  const Actor staff = actor_with({held(Role::staff, office)});
  const Actor head = actor_with({held(Role::agency_head, office)});
  const std::string role = may(staff, Action::software_approve, in({office, town})).en;
  const std::string place = may(head, Action::device_read, in({school, town})).en;
  const std::string own = may(staff, Action::account_read, in({office, town}, account_id('b'))).en;
  EXPECT_NE(role.find("Security officer"), std::string::npos) << role;
  EXPECT_EQ(role.find("Staff"), std::string::npos) << role;
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
  const auto page = page_file();
  if (std::getenv("LUY_UPDATE") != nullptr) {
    std::filesystem::create_directories(page.parent_path());
    std::ofstream(page) << policy_document();
  }
  std::ifstream stream(page);
  const std::string written{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(written, policy_document()) << "run the test with LUY_UPDATE=1 and review the difference";
}

// An id that leads nowhere is nobody's, not everybody's.
TEST(Policy, LetsNobodyAtWhatStandsNowhere) {
  const AgencyId where = agency_id('1');
  for (std::size_t r = 0; r < role_count; ++r) {
    Actor actor;
    actor.account = account_id('a');
    actor.grants = {{static_cast<Role>(r), where, where}};
    for (std::size_t a = 0; a < action_count; ++a) {
      EXPECT_FALSE(may(actor, static_cast<Action>(a), Object()).allowed)
          << name_of(static_cast<Role>(r)) << " " << name_of(static_cast<Action>(a));
    }
  }
}

}  // namespace luy::directory
