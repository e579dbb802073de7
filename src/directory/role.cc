#include "directory/role.h"

#include <algorithm>
#include <limits>

#include "directory/session.h"
#include "directory/stored/account.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/gains.h"
#include "directory/stored/rights.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

std::int64_t to_number(Day day) {
  return day.time_since_epoch().count();
}

boost::json::object as_json(const Delegation& delegation) {
  boost::json::object out;
  out["from"] = delegation.from.text();
  out["to"] = delegation.to.text();
  out["role"] = name_of(delegation.role);
  out["agency"] = delegation.agency.text();
  out["valid_from"] = to_iso(delegation.valid_from);
  out["valid_to"] = to_iso(delegation.valid_to);
  return out;
}

Delegation delegation_of(const Row& row) {
  Delegation out;
  out.id = DelegationId::trusted(row.text(0));
  out.from = AccountId::trusted(row.text(1));
  out.to = AccountId::trusted(row.text(2));
  out.role = role_from_name(row.text(3)).value_or(Role::staff);
  out.agency = AgencyId::trusted(row.text(4));
  out.valid_from = Day(days(row.integer(5)));
  out.valid_to = Day(days(row.integer(6)));
  out.note = row.text(7);
  out.created_at = from_millis(row.integer(8));
  if (const auto ended = row.maybe_integer(9)) out.ended_at = from_millis(*ended);
  return out;
}

constexpr std::string_view columns =
    "SELECT id, from_account, to_account, role, agency, valid_from_day, valid_to_day, note, created_at, ended_at"
    " FROM delegation ";

bool appointed(const Account& account, Role role, const AgencyId& agency, Day day) {
  return std::any_of(account.grants.begin(), account.grants.end(), [&](const Grant& grant) {
    return grant.role == role && grant.agency == agency && !grant.delegated_by && grant.valid_on(day);
  });
}

Result<void> check_days(const NewDelegation& wanted, Day first, Day today) {
  if (first < today) return Error(bad_days, to_iso(first));
  if (wanted.valid_to < first || wanted.valid_to - first >= delegation_days_max) {
    return Error(bad_days, to_iso(wanted.valid_to));
  }
  return {};
}

// So that another person can give it back.
Result<void> remember_revoked(Connection& c, const Caller& caller, const AccountId& account, Role role,
                              const AgencyId& agency, Time now) {
  if (!caller.account) return {};
  LUY_TRY(const StoredAccount who, load_account(c, *caller.account));
  LUY_TRY_VOID(
      c.run("INSERT INTO revoked_role (account, role, agency, valid_to_day, revoked_at, revoked_by)"
            " SELECT account, role, agency, valid_to_day, $1, $2 FROM role_grant WHERE account = $3 AND role = $4 AND"
            " agency = $5 ON CONFLICT (account, role, agency) DO UPDATE SET valid_to_day = excluded.valid_to_day,"
            " revoked_at = $1, revoked_by = $2",
            {to_millis(now), std::string_view(who.account.person.text()), std::string_view(account.text()),
             name_of(role), std::string_view(agency.text())}));
  return {};
}

}  // namespace

Result<bool> Roles::undoes(Connection& c, const Caller& caller, const AccountId& account, const Grant& grant) const {
  if (!caller.account) return false;
  const Time now = clock_.now();
  const std::int64_t last = grant.valid_to ? to_number(*grant.valid_to) : std::numeric_limits<std::int64_t>::max();
  std::optional<std::string> by;
  LUY_TRY_VOID(
      c.query("SELECT valid_to_day, revoked_by FROM revoked_role WHERE account = $1 AND role = $2 AND agency = $3 AND"
              " revoked_at <= $4 AND revoked_at >= $5",
              {std::string_view(account.text()), name_of(grant.role), std::string_view(grant.agency.text()),
               to_millis(now), to_millis(now - undo_lifetime)},
              [&](const Row& row) {
                const auto until = row.maybe_integer(0);
                if (!until || last <= *until) by = std::string(row.text(1));
              }));
  if (!by) return false;
  LUY_TRY(const StoredAccount who, load_account(c, *caller.account));
  LUY_TRY(const StoredAccount whose, load_account(c, account));
  return who.account.person.text() != *by && who.account.person != whose.account.person;
}

Result<Account> Roles::grant_in(Connection& c, const Caller& caller, const AccountId& id, const Grant& grant,
                                AuditEntry& entry) {
  LUY_TRY(const StoredAccount stored, load_account(c, id));
  LUY_TRY(const Object person, object_of(c, stored.account));
  // First where the person stands: who cannot see them must not learn that they exist elsewhere.
  LUY_TRY_VOID(caller.require(Action::role_grant, {person.agencies, std::nullopt, false}));
  LUY_TRY(const auto chain, load_superiors(c, grant.agency));
  LUY_TRY_VOID(caller.require(Action::role_grant, {chain, std::nullopt, false}));
  LUY_TRY_VOID(check_holds(c, caller, grant));
  if (stored.account.grants.size() >= grants_max) return Error(bad_value, "grants");
  const Day today = day_of(clock_.now());
  const Day first = std::max(grant.valid_from, today);  // Nobody held it yesterday because of what is decided today.
  if (grant.valid_to && *grant.valid_to < first) return Error(bad_days, to_iso(*grant.valid_to));
  std::optional<std::int64_t> last;
  if (grant.valid_to) last = to_number(*grant.valid_to);
  entry.before = directory::as_json(stored.account);
  LUY_TRY_VOID(
      c.run("INSERT INTO role_grant (account, role, agency, valid_from_day, valid_to_day)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, role, agency)"
            " DO UPDATE SET valid_from_day = $4, valid_to_day = $5",
            {std::string_view(id.text()), name_of(grant.role), std::string_view(grant.agency.text()), to_number(first),
             records::nullable(last)}));
  LUY_TRY_VOID(c.run("DELETE FROM revoked_role WHERE account = $1 AND role = $2 AND agency = $3",
                     {std::string_view(id.text()), name_of(grant.role), std::string_view(grant.agency.text())}));
  LUY_TRY_VOID(end_sessions(c, id));
  LUY_TRY(StoredAccount after, load_account(c, id));
  entry.after = directory::as_json(after.account);
  LUY_TRY(entry.after["gains"], gain_of(c, stored.account, grant.role, grant.agency, first));
  return std::move(after.account);
}

Result<Account> Roles::grant(const Caller& caller, const AccountId& account, const Grant& wanted) {
  return audit_.perform(caller, {"role_grant", "account:" + account.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<Account> {
                          LUY_TRY(const bool undone, undoes(c, caller, account, wanted));
                          if (!undone) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
                          LUY_TRY(Account after, grant_in(c, caller, account, wanted, entry));
                          LUY_TRY_VOID(four_eyes_hold(c, clock_.now()));
                          return after;
                        });
}

Result<Account> Roles::revoke(const Caller& caller, const AccountId& id, Role role, const AgencyId& agency) {
  return audit_.perform(caller, {"role_revoke", "account:" + id.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<Account> {
                          LUY_TRY(const StoredAccount stored, load_account(c, id));
                          LUY_TRY(const auto chain, load_superiors(c, agency));
                          LUY_TRY(const AgencyId highest, load_top(c, agency));
                          LUY_TRY_VOID(caller.require(Action::role_grant, {chain, std::nullopt, false}));
                          LUY_TRY(const bool hold, four_eyes_hold(c, clock_.now()));
                          const Day today = day_of(clock_.now());
                          if (reach_of(role, Action::account_manage) >= Reach::subtree && chain.front() == highest) {
                            LUY_TRY_VOID(check_somebody_stays(c, id, agency, today));
                          }
                          if (hold && decides_for_two(role)) {
                            entry.alarm = true;
                            LUY_TRY_VOID(remember_revoked(c, caller, id, role, agency, clock_.now()));
                          }
                          LUY_TRY(const auto taken,
                                  c.run("DELETE FROM role_grant WHERE account = $1 AND role = $2 AND agency = $3",
                                        {std::string_view(id.text()), name_of(role), std::string_view(agency.text())}));
                          if (taken == 0) return Error(role_not_held);
                          LUY_TRY_VOID(end_sessions(c, id));
                          LUY_TRY(StoredAccount after, load_account(c, id));
                          entry.before = directory::as_json(stored.account);
                          entry.after = directory::as_json(after.account);
                          return std::move(after.account);
                        });
}

Result<Delegation> Roles::delegate_in(Connection& c, const Caller& caller, const NewDelegation& wanted,
                                      AuditEntry& entry) {
  LUY_TRY(const StoredAccount from, load_account(c, wanted.from));
  LUY_TRY(const auto chain, load_superiors(c, wanted.agency));
  LUY_TRY_VOID(caller.require(Action::role_delegate, {chain, wanted.from, false}));
  const Time now = clock_.now();
  const Day today = day_of(now);
  Delegation made;
  made.valid_from = wanted.valid_from.value_or(today);
  LUY_TRY_VOID(check_days(wanted, made.valid_from, today));
  if (!appointed(from.account, wanted.role, wanted.agency, today)) return Error(role_not_held);
  LUY_TRY(const StoredAccount to, load_account(c, wanted.to));
  if (to.account.person == from.account.person) return Error(same_person);
  if (!to.account.enabled) return Error(account_disabled);
  LUY_TRY(const AgencyId town, load_top(c, wanted.agency));
  LUY_TRY(const AgencyId works_in, load_top(c, to.account.agency));
  const bool company = std::any_of(to.account.grants.begin(), to.account.grants.end(),
                                   [](const Grant& grant) { return grant.role == Role::provider; });
  if (town != works_in || company) return Error(receiver_outside);
  made.id = DelegationId::make(now, random_);
  made.from = wanted.from;
  made.to = wanted.to;
  made.role = wanted.role;
  made.agency = wanted.agency;
  made.valid_to = wanted.valid_to;
  if (!wanted.note.empty()) {
    LUY_TRY(made.note, checked_text("note", wanted.note, note_bytes_max));
  }
  made.created_at = now;
  LUY_TRY_VOID(
      c.run("INSERT INTO delegation (id, from_account, to_account, role, agency, valid_from_day, valid_to_day,"
            " note, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            {std::string_view(made.id.text()), std::string_view(made.from.text()), std::string_view(made.to.text()),
             name_of(made.role), std::string_view(made.agency.text()), to_number(made.valid_from),
             to_number(made.valid_to), std::string_view(made.note), to_millis(now)}));
  LUY_TRY_VOID(end_sessions(c, made.to));
  entry.object = "account:" + made.to.text();
  entry.after = as_json(made);
  LUY_TRY(entry.after["gains"], gain_of(c, to.account, wanted.role, wanted.agency, made.valid_from));
  return made;
}

Result<Delegation> Roles::delegate(const Caller& caller, const NewDelegation& wanted) {
  return audit_.perform(caller, {"role_delegate", "account:" + wanted.from.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<Delegation> {
                          if (decides_for_two(wanted.role)) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
                          return delegate_in(c, caller, wanted, entry);
                        });
}

Result<void> Roles::end_delegation(const Caller& caller, const DelegationId& id) {
  return audit_.perform(caller, {"role_delegation_end", "delegation:" + id.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<void> {
                          std::optional<Delegation> found;
                          LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1", {std::string_view(id.text())},
                                               [&](const Row& row) { found = delegation_of(row); }));
                          if (!found) return Error(delegation_unknown);
                          LUY_TRY(const auto chain, load_superiors(c, found->agency));
                          if (!caller.require(Action::role_grant, {chain, std::nullopt, false})) {
                            LUY_TRY_VOID(caller.require(Action::role_delegate, {chain, found->from, false}));
                          }
                          entry.before = as_json(*found);
                          LUY_TRY_VOID(c.run("UPDATE delegation SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
                                             {to_millis(clock_.now()), std::string_view(id.text())}));
                          return end_sessions(c, found->to);
                        });
}

Result<std::vector<Delegation>> Roles::delegations() const {
  std::vector<Delegation> out;
  LUY_TRY_VOID(database_.read([&](Connection& c) {
    return c.query(std::string(columns) + "ORDER BY created_at DESC, id DESC", {},
                   [&](const Row& row) { out.push_back(delegation_of(row)); });
  }));
  return out;
}

}  // namespace luy::directory
