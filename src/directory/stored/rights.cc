#include "directory/stored/rights.h"

#include <algorithm>
#include <utility>

#include "directory/agency.h"
#include "directory/role.h"

namespace luy::directory {

using records::Connection;
using records::Row;

namespace {

// What everybody may alike, whatever their role, is no right that a role gives.
bool is_everybodys(Action action) {
  for (std::size_t i = 1; i < role_count; ++i) {
    if (reach_of(static_cast<Role>(i), action) != reach_of(Role::system_admin, action)) return false;
  }
  return true;
}

}  // namespace

Result<void> check_holds_at(const Caller& caller, Role role, const std::vector<AgencyId>& chain, const AgencyId& top) {
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    const Reach reach = reach_of(role, action);
    if (reach < Reach::agency) continue;
    // Who holds it at the top of the town holds it wherever the town's role carries it.
    const auto where = reach == Reach::town ? std::vector<AgencyId>{top} : chain;
    if (!caller.require(action, {where, std::nullopt, false})) {
      const RoleTitle title = title_of(role);
      return Error(cannot_grant, std::string(title.vi), std::string(title.en));
    }
  }
  return {};
}

Result<void> check_holds(Connection& c, const Caller& caller, const Grant& grant) {
  LUY_TRY(const auto chain, load_superiors(c, grant.agency));
  LUY_TRY(const AgencyId highest, load_top(c, grant.agency));
  return check_holds_at(caller, grant.role, chain, highest);
}

Result<StoredAccount> check_takes_over(Connection& c, const Caller& caller, const AccountId& id) {
  LUY_TRY(StoredAccount stored, load_account(c, id));
  LUY_TRY(const Object place, object_of(c, stored.account));
  LUY_TRY_VOID(caller.require(Action::account_manage, place));
  if (caller.account == id) return Error(own_account);
  for (const Grant& grant : stored.account.grants) LUY_TRY_VOID(check_holds(c, caller, grant));
  return stored;
}

bool reaches_town(Role role) {
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (reach_of(role, action) == Reach::town && !is_everybodys(action)) return true;
  }
  return false;
}

Result<AgencyId> highest_reached(Connection& c, const Grant& grant) {
  LUY_TRY(const auto chain, load_superiors(c, grant.agency));
  if (!reaches_town(grant.role)) return chain.front();
  return load_top(c, grant.agency);
}

Result<std::vector<AgencyId>> places_of(Connection& c, const Account& account) {
  std::vector<std::pair<std::size_t, AgencyId>> found;  // By depth.
  const auto add = [&](const AgencyId& agency) -> Result<void> {
    LUY_TRY(const auto chain, load_superiors(c, agency));
    const std::pair<std::size_t, AgencyId> one(chain.size(), agency);
    if (std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
    return {};
  };
  for (const Grant& grant : account.grants) {
    LUY_TRY(const AgencyId highest, highest_reached(c, grant));
    LUY_TRY_VOID(add(highest));
  }
  LUY_TRY_VOID(add(account.agency));
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<AgencyId> out;
  for (const auto& [depth, agency] : found) out.push_back(agency);
  return out;
}

Result<void> check_somebody_stays(Connection& c, const AccountId& account, const AgencyId& agency, Day today,
                                  Without without) {
  LUY_TRY(const AgencyId top, load_top(c, agency));
  bool stays = false;
  LUY_TRY_VOID(c.query(
      "SELECT g.role FROM role_grant g JOIN account a ON a.id = g.account JOIN person p ON p.id = a.person"
      " WHERE a.enabled = 1 AND p.state = 'active' AND g.account <> $1 AND g.agency = $2 AND g.valid_from_day <= $3"
      " AND (g.valid_to_day IS NULL OR g.valid_to_day >= $3)"
      " AND ($4 = 0 OR a.person <> (SELECT person FROM account WHERE id = $1))",
      {std::string_view(account.text()), std::string_view(top.text()), std::int64_t{today.time_since_epoch().count()},
       std::int64_t{without == Without::person ? 1 : 0}},
      [&](const Row& row) {
        const auto role = role_from_name(row.text(0));
        stays = stays || (role && reach_of(*role, Action::account_manage) >= Reach::subtree);
      }));
  if (stays) return {};
  std::string name;
  LUY_TRY_VOID(c.query("SELECT name FROM agency WHERE id = $1", {std::string_view(top.text())},
                       [&](const Row& row) { name = row.text(0); }));
  return Error(last_administrator, name);
}

// A town without an administrator could be opened only from the server itself.
Result<void> check_administrators_stay(Connection& c, const Account& account, Day today, Without without) {
  for (const Grant& grant : account.grants) {
    if (reach_of(grant.role, Action::account_manage) < Reach::subtree || grant.agency != grant.town()) continue;
    if (!grant.delegated_by) LUY_TRY_VOID(check_somebody_stays(c, account.id, grant.agency, today, without));
  }
  return {};
}

}  // namespace luy::directory
