#include "directory/stored/gains.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "directory/stored/agency.h"
#include "directory/stored/rights.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

// Whether a role says more about others than the list of agencies does.
bool gives_rights(Role role) {
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (action == Action::agency_read || action == Action::regulation_read) continue;
    if (reach_of(role, action) >= Reach::agency) return true;
  }
  return false;
}

bool contains(const std::vector<AgencyId>& chain, const AgencyId& agency) {
  return std::find(chain.begin(), chain.end(), agency) != chain.end();
}

// One comparison.
class Comparison {
 public:
  Comparison(const Holdings& before, const Holdings& after) : before_(before), after_(after) {}

  FoundGains run() {
    for (const auto& held : after_.held) {
      for (const auto& [agency, chain] : before_.chains) {
        const auto now = after_.chains.find(agency);
        if (now != after_.chains.end()) compare(held, agency, now->second, after_.tops.at(agency), agency);
      }
      // Who works in another body now stands under those above it.
      for (const auto& [account, works_in] : after_.places) {
        const auto was = before_.places.find(account);
        if (was == before_.places.end() || was->second == works_in) continue;
        compare(held, was->second, after_.chains.at(works_in), after_.tops.at(works_in), works_in);
      }
    }
    return std::move(found_);
  }

 private:
  // Whether `held` reaches what stood in `was` and stands in `chain` now, and its holder did not reach it before.
  void compare(const Holdings::Held& held, const AgencyId& was, const std::vector<AgencyId>& chain, const AgencyId& top,
               const AgencyId& shown) {
    const bool wide = reaches_town(held.role);
    const bool reaches = contains(chain, held.agency) || (wide && after_.tops.at(held.agency) == top);
    if (!reaches) return;
    const auto& old_chain = before_.chains.at(was);
    const AgencyId& old_top = before_.tops.at(was);
    const bool reached = std::any_of(before_.held.begin(), before_.held.end(), [&](const Holdings::Held& one) {
      return one.account == held.account && one.role == held.role &&
             (contains(old_chain, one.agency) || (wide && before_.tops.at(one.agency) == old_top));
    });
    if (reached || !seen_.emplace(held.account, held.role, shown).second) return;
    RightGained gain{held.account, held.name, held.role, std::nullopt, after_.names.at(shown)};
    if (before_.names.contains(shown)) gain.agency = shown;
    found_.gains.push_back(std::move(gain));
    found_.over.push_back(was);
  }

  const Holdings& before_;
  const Holdings& after_;
  std::set<std::tuple<AccountId, Role, AgencyId>> seen_;
  FoundGains found_;
};

}  // namespace

Result<Holdings> load_holdings(Connection& c, Day day) {
  Holdings out;
  LUY_TRY(const auto agencies, load_agencies(c, std::nullopt));
  for (const Agency& agency : agencies) {
    out.names[agency.id] = agency.name;
    LUY_TRY(out.chains[agency.id], load_superiors(c, agency.id));
    LUY_TRY(out.tops[agency.id], load_top(c, agency.id));
  }
  LUY_TRY_VOID(
      c.query("SELECT a.id, p.agency FROM account a JOIN person p ON p.id = a.person", {},
              [&](const Row& row) { out.places[AccountId::trusted(row.text(0))] = AgencyId::trusted(row.text(1)); }));
  LUY_TRY_VOID(
      c.query("SELECT g.account, p.name, p.agency, g.role, g.agency FROM role_grant g JOIN account a ON a.id = "
              "g.account JOIN person p ON p.id = a.person WHERE g.valid_to_day IS NULL OR g.valid_to_day >= $1"
              " ORDER BY a.username_key, g.role, g.agency",
              {day_number(day)}, [&](const Row& row) {
                const auto role = role_from_name(row.text(3));
                if (!role || !gives_rights(*role)) return;
                out.held.push_back({AccountId::trusted(row.text(0)), std::string(row.text(1)),
                                    AgencyId::trusted(row.text(2)), *role, AgencyId::trusted(row.text(4))});
              }));
  return out;
}

FoundGains gains_between(const Holdings& before, const Holdings& after) {
  return Comparison(before, after).run();
}

std::vector<RightGained> highest_of(const FoundGains& found, const Holdings& after) {
  const auto below = [&](const RightGained& one, const RightGained& other) {
    if (!one.agency || !other.agency || one.agency == other.agency) return false;
    return one.account == other.account && one.role == other.role &&
           contains(after.chains.at(*one.agency), *other.agency);
  };
  std::vector<RightGained> out;
  std::copy_if(found.gains.begin(), found.gains.end(), std::back_inserter(out), [&](const RightGained& one) {
    return std::none_of(found.gains.begin(), found.gains.end(),
                        [&](const RightGained& other) { return below(one, other); });
  });
  return out;
}

Result<void> check_gains(const Caller& caller, const Holdings& before, const FoundGains& found) {
  std::set<std::pair<Role, AgencyId>> asked;
  for (std::size_t i = 0; i < found.gains.size(); ++i) {
    const Role role = found.gains[i].role;
    const AgencyId& over = found.over[i];
    if (!asked.emplace(role, over).second) continue;
    LUY_TRY_VOID(check_holds_at(caller, role, before.chains.at(over), before.tops.at(over)));
  }
  return {};
}

Result<boost::json::array> gain_of(Connection& c, const Account& account, Role role, const AgencyId& agency, Day day) {
  const bool held = std::any_of(account.grants.begin(), account.grants.end(), [&](const Grant& grant) {
    return grant.role == role && grant.agency == agency && !grant.delegated_by && grant.valid_on(day);
  });
  if (held) return boost::json::array();
  LUY_TRY(const Agency where, load_agency(c, agency));
  return to_json(std::vector<RightGained>{{account.id, account.display_name, role, agency, where.name}});
}

Result<boost::json::array> gains_of(Connection& c, const Account& account) {
  std::vector<RightGained> gains;
  for (const Grant& grant : account.grants) {
    LUY_TRY(const Agency where, load_agency(c, grant.agency));
    gains.push_back({account.id, account.display_name, grant.role, grant.agency, where.name});
  }
  return to_json(gains);
}

}  // namespace luy::directory
