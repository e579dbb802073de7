// What somebody's leaving or moving ends, and two records of one person made one.
#include <algorithm>

#include "directory/directory.h"
#include "directory/person.h"
#include "directory/stored/account.h"
#include "directory/stored/agency.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/person.h"
#include "directory/stored/rights.h"
#include "directory/stored/token.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

Result<std::optional<PersonId>> person_of(Connection& c, const Caller& caller) {
  if (!caller.account) return std::optional<PersonId>();
  LUY_TRY(const StoredAccount who, load_account(c, *caller.account));
  return std::optional<PersonId>(who.account.person);
}

// `action` where the person works and wherever an account of theirs reaches: who works in a school may hold the rights
// of the town, and then they are no matter for the school alone.
Result<void> require_over(Connection& c, const Caller& caller, Action action, const Person& person) {
  LUY_TRY(const auto chain, load_superiors(c, person.agency));
  LUY_TRY_VOID(caller.require(action, {chain, std::nullopt, false}));
  LUY_TRY(const auto accounts, load_accounts_of(c, person.id));
  for (const Account& account : accounts) {
    LUY_TRY(const auto places, places_of(c, account));
    for (const AgencyId& place : places) {
      LUY_TRY(const auto there, load_superiors(c, place));
      LUY_TRY_VOID(caller.require(action, {there, std::nullopt, false}));
    }
  }
  return {};
}

// Loads who leaves or moves, and asks whether `caller` may let them.
Result<Person> load_leaver(Connection& c, const Caller& caller, const PersonId& id) {
  LUY_TRY(Person person, People::find_in(c, id));
  LUY_TRY_VOID(require_over(c, caller, Action::leave_manage, person));
  LUY_TRY(const auto own, person_of(c, caller));
  if (own == person.id) return Error(own_person);
  return person;
}

Result<void> check_others_stay(Connection& c, const PersonId& person, Day today) {
  LUY_TRY(const auto accounts, load_accounts_of(c, person));
  for (const Account& account : accounts) {
    if (account.enabled) LUY_TRY_VOID(check_administrators_stay(c, account, today, Without::person));
  }
  return {};
}

AuditEntry entry_for(std::string act, const Person& before, const Person& after) {
  return {std::move(act), "person:" + after.id.text(), Outcome::done, "", as_json(before), as_json(after)};
}

}  // namespace

Result<void> People::end_account(Connection& c, const Caller& caller, const AccountId& id, bool disable,
                                 EndedAccess& ended) {
  LUY_TRY(const StoredAccount before, load_account(c, id));
  const std::string_view text(id.text());
  const Time now = clock_.now();
  LUY_TRY(const bool hold, four_eyes_hold(c, now));
  LUY_TRY_VOID(check_administrators_stay(c, before.account, day_of(now)));
  std::vector<AccountId> receivers;
  LUY_TRY_VOID(
      c.query("SELECT id, to_account FROM delegation WHERE (from_account = $1 OR to_account = $1)"
              " AND ended_at IS NULL ORDER BY id",
              {text}, [&](const Row& row) {
                ended.delegations.push_back(DelegationId::trusted(row.text(0)));
                receivers.push_back(AccountId::trusted(row.text(1)));
              }));
  LUY_TRY_VOID(
      c.run("UPDATE delegation SET ended_at = $1 WHERE (from_account = $2 OR to_account = $2)"
            " AND ended_at IS NULL",
            {to_millis(now), text}));
  // Who acted in their stead does so no more.
  for (const AccountId& receiver : receivers) LUY_TRY_VOID(end_sessions(c, receiver));
  LUY_TRY(const auto grants, c.run("DELETE FROM role_grant WHERE account = $1", {text}));
  LUY_TRY(const auto sessions, c.run("DELETE FROM session WHERE account = $1", {text}));
  LUY_TRY(const std::size_t tokens, end_tokens(c, id, now));
  ended.tokens += tokens;
  ended.grants += static_cast<std::size_t>(grants);
  ended.sessions += static_cast<std::size_t>(sessions);
  const bool disables = disable && before.account.enabled;
  if (disables) {
    LUY_TRY(const auto by, person_of(c, caller));
    std::optional<std::string> person;
    if (by) person = by->text();
    LUY_TRY_VOID(c.run("UPDATE account SET enabled = 0, disabled_at = $1, disabled_by = $2 WHERE id = $3",
                       {to_millis(now), records::nullable(person), text}));
    ended.accounts.push_back(id);
  }
  if (!disables && grants == 0) return {};
  LUY_TRY(const StoredAccount after, load_account(c, id));
  AuditEntry entry{disables ? "account_disable" : "role_revoke", "account:" + id.text(),           Outcome::done, "",
                   directory::as_json(before.account),           directory::as_json(after.account)};
  // Everybody who decides learns that one of them is gone.
  entry.alarm = hold && Directory::decides_for_two(before.account);
  return audit_.note(c, caller, entry);
}

Result<Person> People::announce_leave(Connection& c, const Caller& caller, const PersonId& id, Day last_day) {
  LUY_TRY(const Person before, load_leaver(c, caller, id));
  if (before.state == PersonState::gone || before.access_ended_at) return Error(person_gone);
  LUY_TRY_VOID(check_others_stay(c, before.id, day_of(clock_.now())));
  Person after = before;
  after.state = PersonState::leaving;
  after.until = last_day;
  LUY_TRY_VOID(store_person(c, after));
  LUY_TRY_VOID(audit_.note(c, caller, entry_for("person_leave", before, after)));
  return after;
}

Result<EndedAccess> People::begin_leave(Connection& c, const Caller& caller, const PersonId& id, Day last_day) {
  LUY_TRY(const Person before, load_leaver(c, caller, id));
  if (before.state == PersonState::gone) return Error(person_gone);
  LUY_TRY_VOID(check_others_stay(c, before.id, day_of(clock_.now())));
  Person after = before;
  after.state = PersonState::leaving;
  after.until = last_day;
  if (!after.access_ended_at) after.access_ended_at = clock_.now();
  LUY_TRY_VOID(store_person(c, after));
  EndedAccess ended;
  LUY_TRY(const auto accounts, load_accounts_of(c, before.id));
  for (const Account& account : accounts) LUY_TRY_VOID(end_account(c, caller, account.id, true, ended));
  LUY_TRY_VOID(audit_.note(c, caller, entry_for("person_leave", before, after)));
  return ended;
}

Result<Person> People::close_leave(Connection& c, const Caller& caller, const PersonId& id) {
  LUY_TRY(const Person before, find_in(c, id));
  LUY_TRY_VOID(require_over(c, caller, Action::leave_manage, before));
  LUY_TRY(const auto accounts, load_accounts_of(c, before.id));
  for (const Account& account : accounts) {
    if (account.enabled) return Error(access_left, account.username);
  }
  Person after = before;
  after.state = PersonState::gone;
  if (!after.until) after.until = day_of(clock_.now());
  LUY_TRY_VOID(store_person(c, after));
  LUY_TRY_VOID(audit_.note(c, caller, entry_for("person_gone", before, after)));
  return after;
}

Result<Person> People::withdraw_leave(Connection& c, const Caller& caller, const PersonId& id) {
  LUY_TRY(const Person before, load_leaver(c, caller, id));
  if (before.state == PersonState::gone || before.access_ended_at) return Error(person_gone);
  Person after = before;
  after.state = PersonState::active;
  after.until.reset();
  LUY_TRY_VOID(store_person(c, after));
  LUY_TRY_VOID(audit_.note(c, caller, entry_for("person_leave_withdraw", before, after)));
  return after;
}

Result<EndedAccess> People::move(Connection& c, const Caller& caller, const PersonId& id, const Move& wanted) {
  LUY_TRY(const Person before, load_leaver(c, caller, id));
  if (before.state == PersonState::gone || before.access_ended_at) return Error(person_gone);
  if (wanted.to == before.agency) return Error(bad_value, "agency");
  LUY_TRY(const AgencyId from_top, load_top(c, before.agency));
  LUY_TRY(const AgencyId to_top, load_top(c, wanted.to));
  if (from_top != to_top) {
    LUY_TRY(const auto chain, load_superiors(c, wanted.to));
    LUY_TRY_VOID(caller.require(Action::leave_manage, {chain, std::nullopt, false}));
  }
  LUY_TRY(const Agency to, load_agency(c, wanted.to));
  if (!to.valid_on(std::max(wanted.first_day, day_of(clock_.now())))) return Error(agency_not_valid);
  LUY_TRY_VOID(check_others_stay(c, before.id, day_of(clock_.now())));
  Person after = before;
  after.agency = wanted.to;
  after.state = PersonState::active;
  after.position = wanted.position;
  after.since = wanted.first_day;
  after.until.reset();
  LUY_TRY_VOID(check_person(after));
  EndedAccess ended;
  LUY_TRY(const auto accounts, load_accounts_of(c, before.id));
  for (const Account& account : accounts) LUY_TRY_VOID(end_account(c, caller, account.id, false, ended));
  LUY_TRY_VOID(store_person(c, after));
  LUY_TRY_VOID(audit_.note(c, caller, entry_for("person_move", before, after)));
  return ended;
}

Result<Person> People::merge_in(Connection& c, const Caller& caller, const PersonId& keep, const PersonId& gone,
                                std::string_view reason, AuditEntry& entry) {
  entry.object = "person:" + keep.text();
  LUY_TRY(const Person one, find_in(c, keep));
  LUY_TRY(Person other, find_in(c, gone));
  LUY_TRY_VOID(require_over(c, caller, Action::role_grant, one));
  LUY_TRY_VOID(require_over(c, caller, Action::role_grant, other));
  if (one.id == other.id) return Error(bad_value, "gone");
  LUY_TRY(const auto own, person_of(c, caller));
  if (own == one.id || own == other.id) return Error(own_person);
  // Nor do they agree to it themselves.
  if (!caller.agreed_by.empty()) {
    LUY_TRY(const StoredAccount decider, load_account_named(c, caller.agreed_by));
    if (decider.account.person == one.id || decider.account.person == other.id) return Error(same_person);
  }
  // Nobody comes back by being merged with somebody who left.
  if (one.state != PersonState::active || other.state != PersonState::active) return Error(person_gone);
  LUY_TRY(const std::string why, checked_text("reason", reason, merge_reason_bytes_max));
  LUY_TRY(const auto accounts, load_accounts_of(c, other.id));
  Person merged = one;
  const auto fill = [](std::string& to, const std::string& from) {
    if (to.empty()) to = from;
  };
  fill(merged.position, other.position);
  fill(merged.email, other.email);
  fill(merged.phone, other.phone);
  boost::json::array names;
  for (const Account& account : accounts) names.emplace_back(account.username);
  entry.before = {{"keep", as_json(one)}, {"gone", as_json(other)}};
  const auto external = other.external;
  other.external.reset();
  other.state = PersonState::gone;
  other.merged_into = one.id;
  LUY_TRY_VOID(store_person(c, other));
  if (!merged.external) merged.external = external;
  LUY_TRY_VOID(store_person(c, merged));
  entry.after = as_json(merged);
  entry.after["accounts"] = std::move(names);
  entry.after["reason"] = why;
  const std::string_view to(one.id.text());
  const std::string_view from(other.id.text());
  // Sessions end, since what their holder may do alone is less than it was; who undoes what stays who they are.
  for (const Account& account : accounts) LUY_TRY_VOID(end_sessions(c, account.id));
  LUY_TRY_VOID(c.run("UPDATE account SET person = $1 WHERE person = $2", {to, from}));
  LUY_TRY_VOID(c.run("UPDATE account SET disabled_by = $1 WHERE disabled_by = $2", {to, from}));
  LUY_TRY_VOID(c.run("UPDATE revoked_role SET revoked_by = $1 WHERE revoked_by = $2", {to, from}));
  return merged;
}

}  // namespace luy::directory
