#include "directory/stored/account.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "directory/stored/username.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::string_view columns =
    "SELECT a.id, a.person, p.agency, a.username, p.name, a.enabled, a.must_change_password, a.created_at,"
    " a.password_set_at, a.one_time_until, a.last_sign_in, a.password_hash, a.sealed,"
    " a.one_time_used_at, a.one_time_used_from, a.disabled_at, a.disabled_by,"
    " CASE WHEN EXISTS (SELECT 1 FROM totp t WHERE t.account = a.id AND t.confirmed = 1)"
    " OR EXISTS (SELECT 1 FROM passkey k WHERE k.account = a.id) THEN 1 ELSE 0 END"
    " FROM account a JOIN person p ON p.id = a.person ";

std::optional<Time> maybe_time(const Row& row, int column) {
  const auto millis = row.maybe_integer(column);
  if (!millis) return std::nullopt;
  return from_millis(*millis);
}

StoredAccount account_of(const Row& row) {
  StoredAccount stored;
  Account& account = stored.account;
  account.id = AccountId::trusted(row.text(0));
  account.person = PersonId::trusted(row.text(1));
  account.agency = AgencyId::trusted(row.text(2));
  account.username = row.text(3);
  account.display_name = row.text(4);
  account.enabled = row.integer(5) != 0;
  account.must_change_password = row.integer(6) != 0;
  account.created_at = from_millis(row.integer(7));
  account.password_set_at = from_millis(row.integer(8));
  account.one_time_until = maybe_time(row, 9);
  account.last_sign_in = maybe_time(row, 10);
  stored.password_hash = row.text(11);
  // 0: no envelope, 1: sealed, 2: opened.
  account.sealed = row.integer(12) == 1;
  account.seal_broken = row.integer(12) == 2;
  stored.one_time_used_at = maybe_time(row, 13);
  stored.one_time_used_from = row.text(14);
  stored.disabled_at = maybe_time(row, 15);
  stored.disabled_by = row.maybe_text(16).value_or("");
  account.second_factor = row.integer(17) != 0;
  return stored;
}

std::optional<Day> maybe_day(const Row& row, int column) {
  const auto number = row.maybe_integer(column);
  if (!number) return std::nullopt;
  return Day(days(*number));
}

// Appointments, and what others handed over while they hold it themselves. A role of a newer version means nothing
// here, so it gives nothing.
Result<void> load_grants(Connection& c, Account& account, std::map<AgencyId, AgencyId>& tops) {
  LUY_TRY_VOID(
      c.query("SELECT role, agency, valid_from_day, valid_to_day, NULL FROM role_grant WHERE account = $1"
              " UNION ALL SELECT d.role, d.agency, CASE WHEN d.valid_from_day > g.valid_from_day THEN d.valid_from_day "
              "ELSE g.valid_from_day END,"
              " CASE WHEN g.valid_to_day IS NULL THEN d.valid_to_day WHEN g.valid_to_day < d.valid_to_day THEN "
              "g.valid_to_day ELSE d.valid_to_day"
              " END, d.from_account FROM delegation d JOIN role_grant g ON g.account = d.from_account"
              " AND g.role = d.role AND g.agency = d.agency JOIN account a ON a.id = d.from_account"
              " WHERE d.to_account = $1 AND d.ended_at IS NULL AND a.enabled = 1 ORDER BY 1, 2",
              {std::string_view(account.id.text())}, [&](const Row& row) {
                const auto role = role_from_name(row.text(0));
                if (!role) return;
                Grant grant{*role, AgencyId::trusted(row.text(1))};
                grant.valid_from = Day(days(row.integer(2)));
                grant.valid_to = maybe_day(row, 3);
                if (const auto by = row.maybe_text(4)) grant.delegated_by = AccountId::trusted(*by);
                account.grants.push_back(std::move(grant));
              }));
  for (Grant& grant : account.grants) {
    AgencyId& top = tops[grant.agency];
    if (top.empty()) {
      LUY_TRY(top, load_top(c, grant.agency));
    }
    grant.top = top;
  }
  return {};
}

Result<StoredAccount> load_one(Connection& c, std::string_view where, const std::string& value) {
  std::optional<StoredAccount> found;
  const std::string sql = std::string(columns) + std::string(where);
  LUY_TRY_VOID(c.query(sql, {std::string_view(value)}, [&](const Row& row) { found = account_of(row); }));
  if (!found) return Error(account_unknown);
  std::map<AgencyId, AgencyId> tops;
  LUY_TRY_VOID(load_grants(c, found->account, tops));
  return *std::move(found);
}

}  // namespace

bool is_username(std::string_view text) {
  constexpr std::size_t chars_min = 2;
  return text.size() >= chars_min && text.size() <= username_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == '_';
         });
}

Result<StoredAccount> load_account(Connection& c, const AccountId& account) {
  return load_one(c, "WHERE a.id = $1", account.text());
}

Result<StoredAccount> load_account_named(Connection& c, std::string_view username) {
  return load_one(c, "WHERE a.username_key = $1", to_lower(username));
}

Result<std::vector<Account>> load_accounts(Connection& c, const std::optional<AgencyId>& agency) {
  std::vector<Account> out;
  const auto take = [&](const Row& row) { out.push_back(account_of(row).account); };
  const std::string order = "ORDER BY a.username_key";
  if (agency) {
    const std::string sql = std::string(columns) + "WHERE p.agency = $1 " + order;
    LUY_TRY_VOID(c.query(sql, {std::string_view(agency->text())}, take));
  } else {
    LUY_TRY_VOID(c.query(std::string(columns) + order, {}, take));
  }
  std::map<AgencyId, AgencyId> tops;
  for (Account& account : out) LUY_TRY_VOID(load_grants(c, account, tops));
  return out;
}

Result<StoredAccount> new_account(const NewAccount& wanted, const std::string& hash, Time now, Random& random) {
  if (!is_username(wanted.username)) return Error(bad_username, wanted.username.substr(0, username_chars_max));
  StoredAccount stored;
  Account& account = stored.account;
  LUY_TRY(account.display_name, checked_text("person_name", wanted.person_name, name_bytes_max));
  account.id = AccountId::make(now, random);
  account.person = wanted.person ? *wanted.person : PersonId::make(now, random);
  account.agency = wanted.agency;
  account.username = wanted.username;
  account.must_change_password = true;
  account.created_at = now;
  account.password_set_at = now;
  account.one_time_until = now + one_time_lifetime;
  account.grants = wanted.grants;
  stored.password_hash = hash;
  return stored;
}

Result<void> insert_account(Connection& c, const StoredAccount& stored) {
  const Account& account = stored.account;
  const std::string key = to_lower(account.username);
  std::optional<std::int64_t> until;
  if (account.one_time_until) until = to_millis(*account.one_time_until);
  LUY_TRY(const auto added,
          c.run("INSERT INTO account (id, person, username, username_key, enabled, password_hash, password_set_at,"
                " must_change_password, one_time_until, created_at, last_sign_in)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL) ON CONFLICT (username_key) DO NOTHING",
                {std::string_view(account.id.text()), std::string_view(account.person.text()),
                 std::string_view(account.username), std::string_view(key), std::int64_t{account.enabled ? 1 : 0},
                 std::string_view(stored.password_hash), to_millis(account.password_set_at),
                 std::int64_t{account.must_change_password ? 1 : 0}, records::nullable(until),
                 to_millis(account.created_at)}));
  if (added == 0) return Error(username_taken, account.username);
  for (const Grant& grant : account.grants) {
    LUY_TRY_VOID(
        c.run("INSERT INTO role_grant (account, role, agency, valid_from_day) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT DO NOTHING",
              {std::string_view(account.id.text()), name_of(grant.role), std::string_view(grant.agency.text()),
               std::int64_t{grant.valid_from.time_since_epoch().count()}}));
  }
  return {};
}

Result<void> store_password(Connection& c, const AccountId& account, const PasswordState& state) {
  std::optional<std::int64_t> until;
  if (state.one_time_until) until = to_millis(*state.one_time_until);
  LUY_TRY_VOID(
      c.run("UPDATE account SET password_hash = $1, password_set_at = $2, must_change_password = $3,"
            " one_time_until = $4, one_time_used_at = NULL, one_time_used_from = '', sealed = 0 WHERE id = $5",
            {std::string_view(state.hash), to_millis(state.set_at), std::int64_t{until ? 1 : 0},
             records::nullable(until), std::string_view(account.text())}));
  return {};
}

Result<void> end_sessions(Connection& c, const AccountId& account) {
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE account = $1", {std::string_view(account.text())}));
  return {};
}

Result<Actor> load_actor(Connection& c, const AccountId& id, Day today) {
  LUY_TRY(const StoredAccount stored, load_account(c, id));
  Actor actor;
  actor.account = id;
  actor.person = stored.account.person;
  actor.username = stored.account.username;
  actor.must_change_password = stored.account.must_change_password || !stored.account.enabled;
  std::copy_if(stored.account.grants.begin(), stored.account.grants.end(), std::back_inserter(actor.grants),
               [&](const Grant& grant) { return grant.valid_on(today); });
  return actor;
}

boost::json::object as_json(const Account& account) {
  boost::json::object out;
  boost::json::array grants;
  for (const Grant& grant : account.grants) {
    boost::json::object line{{"role", name_of(grant.role)}, {"agency", grant.agency.text()}};
    if (grant.valid_to) line["valid_to"] = to_iso(*grant.valid_to);
    if (grant.delegated_by) line["delegated_by"] = grant.delegated_by->text();
    grants.push_back(std::move(line));
  }
  out["username"] = account.username;
  out["name"] = account.display_name;
  out["agency"] = account.agency.text();
  out["enabled"] = account.enabled;
  out["grants"] = std::move(grants);
  return out;
}

Result<Object> object_of(Connection& c, const Account& account) {
  LUY_TRY(auto chain, load_superiors(c, account.agency));
  return Object{std::move(chain), account.id, false};
}

}  // namespace luy::directory
