// Accounts as rows, for the services of this module; everything runs inside the caller's transaction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/account.h"

namespace luy::directory {

struct StoredAccount {
  Account account;
  std::string password_hash;
  std::optional<Time> one_time_used_at{};  // When somebody signed in with the issued password.
  std::string one_time_used_from{};        // Their address.
  std::optional<Time> disabled_at{};
  std::string disabled_by{};  // The person's id.
};

// Errors: account_unknown.
Result<StoredAccount> load_account(records::Connection& connection, const AccountId& account);
Result<StoredAccount> load_account_named(records::Connection& connection, std::string_view username);
Result<std::vector<Account>> load_accounts(records::Connection& connection, const std::optional<AgencyId>& agency);

// An account on an issued password, not stored yet; of a new person unless one is named. Errors: bad_username,
// bad_value.
Result<StoredAccount> new_account(const NewAccount& wanted, const std::string& hash, Time now, Random& random);

// The account and its grants; the person stands already. Errors: username_taken.
Result<void> insert_account(records::Connection& connection, const StoredAccount& stored);

// Sets what goes with a password in one statement: its hash, when it was set, whether it is an issued one. The account
// is not sealed any more.
struct PasswordState {
  std::string hash;
  Time set_at;
  std::optional<Time> one_time_until;  // Set for an issued one.
};
Result<void> store_password(records::Connection& connection, const AccountId& account, const PasswordState& state);
Result<void> end_sessions(records::Connection& connection, const AccountId& account);

// What somebody may do as of now, by what stands in the database and not by what their session said: nothing once the
// account is disabled.
Result<Actor> load_actor(records::Connection& connection, const AccountId& account, Day today);

// For the audit trail.
boost::json::object as_json(const Account& account);

// Where an account stands, for the policy.
Result<Object> object_of(records::Connection& connection, const Account& account);

}  // namespace luy::directory
