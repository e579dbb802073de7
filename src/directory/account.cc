#include "directory/account.h"

#include "directory/directory.h"
#include "directory/stored/account.h"
#include "directory/stored/failure.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/person.h"
#include "directory/stored/rights.h"
#include "directory/stored/token.h"

namespace luy::directory {
namespace {

using records::Connection;

Result<void> check_manages(Connection& c, const Caller& caller, const Account& account) {
  LUY_TRY(const Object object, object_of(c, account));
  LUY_TRY_VOID(caller.require(Action::account_manage, object));
  // Who works in a school may hold the rights of the town: then they are no matter for the school.
  LUY_TRY(const auto places, places_of(c, account));
  for (const AgencyId& place : places) {
    LUY_TRY(const auto chain, load_superiors(c, place));
    LUY_TRY_VOID(caller.require(Action::account_manage, {chain, std::nullopt, false}));
  }
  if (caller.account == account.id) return Error(own_account);
  return {};
}

// Who issues somebody's password could sign in as them: so they must hold whatever that account holds.
Result<void> check_may_take_over(Connection& c, const Caller& caller, const Account& account) {
  for (const Grant& grant : account.grants) LUY_TRY_VOID(check_holds(c, caller, grant));
  return {};
}

// Whether `caller` may undo alone what another person did alone.
Result<bool> undoes_in(Connection& c, const Caller& caller, const StoredAccount& stored, Time now) {
  if (!caller.account || !stored.disabled_at || stored.disabled_by.empty()) return false;
  if (now < *stored.disabled_at || now - *stored.disabled_at > undo_lifetime) return false;
  LUY_TRY(const Person person, load_person(c, stored.account.person));
  if (person.state != PersonState::active) return false;
  LUY_TRY(const StoredAccount who, load_account(c, *caller.account));
  return who.account.person.text() != stored.disabled_by && who.account.person != stored.account.person;
}

// Who left and comes back does so by a second person's agreement, and is somebody who works here again.
Result<void> bring_back(Connection& c, const PersonId& id, AuditEntry& done) {
  LUY_TRY(Person person, load_person(c, id));
  if (person.state == PersonState::active) return {};
  done.before["person"] = as_json(person);
  person.state = PersonState::active;
  person.until.reset();
  person.access_ended_at.reset();
  done.after["person"] = as_json(person);
  return store_person(c, person);
}

// The agency and the name of somebody known.
Result<NewAccount> with_person(Connection& c, NewAccount wanted) {
  if (!wanted.person) return wanted;
  LUY_TRY(const Person person, People::find_in(c, *wanted.person));
  if (person.state != PersonState::active) return Error(person_gone);
  wanted.person = person.id;
  wanted.agency = person.agency;
  wanted.person_name = person.name;
  return wanted;
}

}  // namespace

Result<Account> account_in(Connection& c, const AccountId& account) {
  LUY_TRY(StoredAccount stored, load_account(c, account));
  return std::move(stored.account);
}

Result<std::vector<AgencyId>> deciding_places(Connection& c, const AccountId& account) {
  LUY_TRY(const StoredAccount stored, load_account(c, account));
  return places_of(c, stored.account);
}

Result<IssuedAccount> Accounts::create(const Caller& caller, const NewAccount& asked) {
  const std::string where = asked.person ? "person:" + asked.person->text() : "agency:" + asked.agency.text();
  AuditEntry entry{"account_create", where, Outcome::done, "", {}, {}};
  // Hashing is dear: whoever may create no account anywhere does not get that far, and no writer waits for it.
  const bool hopeless = !caller.require(Action::account_manage, Object::anywhere());
  const std::string password = make_one_time_password(random_);
  std::string hash;
  if (!hopeless) {
    LUY_TRY(hash, hasher_.hash(password));
  }
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry& done) -> Result<IssuedAccount> {
    LUY_TRY(const NewAccount wanted, with_person(c, asked));
    LUY_TRY(const auto chain, load_superiors(c, wanted.agency));
    LUY_TRY_VOID(caller.require(Action::account_manage, {chain, std::nullopt, false}));
    if (wanted.grants.size() > grants_max) return Error(bad_value, "grants");
    if (!wanted.grants.empty()) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
    for (const Grant& grant : wanted.grants) LUY_TRY_VOID(check_holds(c, caller, grant));
    LUY_TRY(const StoredAccount stored, new_account(wanted, hash, clock_.now(), random_));
    if (!wanted.person) {
      Person person{stored.account.person, wanted.agency, stored.account.display_name};
      person.since = day_of(clock_.now());
      LUY_TRY_VOID(insert_person(c, person));
    }
    LUY_TRY_VOID(insert_account(c, stored));
    LUY_TRY_VOID(four_eyes_hold(c, clock_.now()));
    done.object = "account:" + stored.account.id.text();
    done.after = as_json(stored.account);
    return IssuedAccount{stored.account, password};
  });
}

Result<std::string> Accounts::issue_password(const Caller& caller, const AccountId& id) {
  AuditEntry entry{"password_issue", "account:" + id.text(), Outcome::done, "", {}, {}};
  const bool hopeless = !caller.require(Action::account_manage, Object::anywhere());
  const std::string password = make_one_time_password(random_);
  std::string hash;
  if (!hopeless) {
    LUY_TRY(hash, hasher_.hash(password));
  }
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry&) -> Result<std::string> {
    LUY_TRY(const StoredAccount stored, load_account(c, id));
    LUY_TRY_VOID(check_manages(c, caller, stored.account));
    LUY_TRY_VOID(check_may_take_over(c, caller, stored.account));
    if (Directory::decides_for_two(stored.account)) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
    const Time now = clock_.now();
    LUY_TRY_VOID(store_password(c, id, {hash, now, now + one_time_lifetime}));
    LUY_TRY_VOID(directory::end_sessions(c, id));
    LUY_TRY_VOID(end_tokens(c, id, now));
    // Whoever guessed at the old password must not keep the owner out with the new one.
    LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(stored.account.username)));
    return password;
  });
}

Result<void> Accounts::enable(const Caller& caller, const AccountId& account) {
  return set_enabled(caller, account, true);
}

Result<void> Accounts::disable(const Caller& caller, const AccountId& account) {
  return set_enabled(caller, account, false);
}

Result<void> Accounts::end_sessions(const Caller& caller, const AccountId& id) {
  return audit_.perform(caller, {"session_end", "account:" + id.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry&) -> Result<void> {
                          LUY_TRY(const StoredAccount stored, load_account(c, id));
                          LUY_TRY_VOID(check_manages(c, caller, stored.account));
                          return directory::end_sessions(c, id);
                        });
}

Result<void> Accounts::set_enabled(const Caller& caller, const AccountId& id, bool enabled) {
  AuditEntry entry{enabled ? "account_enable" : "account_disable", "account:" + id.text(), Outcome::done, "", {}, {}};
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry& done) -> Result<void> {
    LUY_TRY_VOID(set_enabled_in(c, caller, id, enabled, done));
    LUY_TRY(const StoredAccount stored, load_account(c, id));
    if (!enabled) return {};
    const bool returns = done.after.contains("person");
    if (!returns && !Directory::decides_for_two(stored.account)) return {};
    LUY_TRY(const bool undone, undoes_in(c, caller, stored, clock_.now()));
    if (returns || !undone) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
    return {};
  });
}

Result<void> Accounts::set_enabled_in(Connection& c, const Caller& caller, const AccountId& id, bool enabled,
                                      AuditEntry& done) {
  LUY_TRY(StoredAccount stored, load_account(c, id));
  LUY_TRY_VOID(check_manages(c, caller, stored.account));
  const Time now = clock_.now();
  LUY_TRY(const bool hold, four_eyes_hold(c, now));
  if (!enabled) LUY_TRY_VOID(check_administrators_stay(c, stored.account, day_of(now)));
  done.object = "account:" + id.text();
  done.before = as_json(stored.account);
  stored.account.enabled = enabled;
  done.after = as_json(stored.account);
  LUY_TRY_VOID(c.run("UPDATE account SET enabled = $1 WHERE id = $2",
                     {std::int64_t{enabled ? 1 : 0}, std::string_view(id.text())}));
  if (enabled) return bring_back(c, stored.account.person, done);
  // Everybody who decides learns that one of them was locked out.
  done.alarm = hold && Directory::decides_for_two(stored.account);
  std::optional<std::string> by;
  if (caller.account) {
    LUY_TRY(const StoredAccount who, load_account(c, *caller.account));
    by = who.account.person.text();
  }
  LUY_TRY_VOID(c.run("UPDATE account SET disabled_at = $1, disabled_by = $2 WHERE id = $3",
                     {to_millis(now), records::nullable(by), std::string_view(id.text())}));
  LUY_TRY_VOID(end_tokens(c, id, now));
  return directory::end_sessions(c, id);
}

Result<bool> Accounts::undoes(const Caller& caller, const AccountId& id) const {
  return database_.read([&](Connection& c) -> Result<bool> {
    LUY_TRY(const StoredAccount stored, load_account(c, id));
    return undoes_in(c, caller, stored, clock_.now());
  });
}

Result<std::vector<Account>> Accounts::list(const std::optional<AgencyId>& agency) const {
  return database_.read([&](Connection& c) { return load_accounts(c, agency); });
}

Result<Account> Accounts::find(const AccountId& account) const {
  LUY_TRY(StoredAccount stored, database_.read([&](Connection& c) { return load_account(c, account); }));
  return std::move(stored.account);
}

Result<Account> Accounts::find_by_username(std::string_view username) const {
  LUY_TRY(StoredAccount stored, database_.read([&](Connection& c) { return load_account_named(c, username); }));
  return std::move(stored.account);
}

}  // namespace luy::directory
