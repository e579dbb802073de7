#include "directory/stored/four_eyes.h"

#include <set>

#include "directory/pending.h"

namespace luy::directory {

using records::Connection;
using records::Row;

Result<bool> four_eyes_hold(Connection& c, Time now) {
  bool hold = false;
  LUY_TRY_VOID(c.query("SELECT since FROM four_eyes", {}, [&](const Row&) { hold = true; }));
  if (hold) return true;
  std::map<std::string, std::set<std::string>> people;  // By town.
  LUY_TRY_VOID(
      c.query("SELECT g.role, g.agency, a.person FROM role_grant g JOIN account a ON a.id = g.account"
              " JOIN agency y ON y.id = g.agency WHERE y.superior IS NULL",
              {}, [&](const Row& row) {
                const auto role = role_from_name(row.text(0));
                if (!role || reach_of(*role, Action::role_grant) < Reach::subtree) return;
                people[std::string(row.text(1))].emplace(row.text(2));
              }));
  for (const auto& [town, several] : people) hold = hold || several.size() >= 2;
  if (hold) LUY_TRY_VOID(c.run("INSERT INTO four_eyes (since) VALUES ($1)", {to_millis(now)}));
  return hold;
}

bool decides_for_two(Role role) {
  for (std::size_t i = 0; i < action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (takes_two(action) && reach_of(role, action) >= Reach::agency) return true;
  }
  return false;
}

Result<void> check_alone(Connection& c, const Caller& caller, Time now) {
  if (!caller.account) return {};
  LUY_TRY(const bool hold, four_eyes_hold(c, now));
  if (hold) return Error(takes_two_people);
  return {};
}

}  // namespace luy::directory
