#include "directory/stored/rights.h"

#include "directory/agency.h"
#include "directory/role.h"

namespace luy::directory {

using records::Connection;
using records::Row;

Result<void> check_holds(Connection& c, const Caller& caller, const Grant& grant) {
  LUY_TRY(const auto chain, load_superiors(c, grant.agency));
  LUY_TRY(const AgencyId highest, load_top(c, grant.agency));
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    const Reach reach = reach_of(grant.role, action);
    if (reach < Reach::agency) continue;
    // Who holds it at the top of the town holds it wherever the town's role carries it.
    const auto where = reach == Reach::town ? std::vector<AgencyId>{highest} : chain;
    if (!caller.require(action, {where, std::nullopt, false})) {
      const RoleTitle title = title_of(grant.role);
      return Error(cannot_grant, std::string(title.vi), std::string(title.en));
    }
  }
  return {};
}

Result<void> check_somebody_stays(Connection& c, const AccountId& account, const AgencyId& agency, Day today) {
  LUY_TRY(const AgencyId top, load_top(c, agency));
  bool stays = false;
  LUY_TRY_VOID(c.query(
      "SELECT g.role FROM role_grant g JOIN account a ON a.id = g.account"
      " WHERE a.enabled = 1 AND g.account <> $1 AND g.agency = $2 AND g.valid_from_day <= $3"
      " AND (g.valid_to_day IS NULL OR g.valid_to_day >= $3)",
      {std::string_view(account.text()), std::string_view(top.text()), std::int64_t{today.time_since_epoch().count()}},
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

}  // namespace luy::directory
