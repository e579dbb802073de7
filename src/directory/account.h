// People's accounts of the product: who may sign in, with which roles, on an issued password or on their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/agency.h"
#include "directory/audit.h"
#include "directory/password.h"
#include "directory/policy.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind account_unknown{"directory.account_unknown", ErrorClass::not_found,
                                           "Không tìm thấy tài khoản.", "There is no such account."};
inline constexpr ErrorKind username_taken{"directory.username_taken", ErrorClass::conflict,
                                          "Tên đăng nhập {} đã được dùng. Hãy chọn tên khác.",
                                          "The user name {} is in use. Choose another."};
inline constexpr ErrorKind bad_username{
    "directory.bad_username", ErrorClass::invalid,
    "Tên đăng nhập {} không hợp lệ: dùng 2 đến 64 chữ cái không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới.",
    "The user name {} is not valid: use 2 to 64 letters without marks, digits, dots, hyphens or underscores."};
inline constexpr ErrorKind cannot_grant{"directory.cannot_grant", ErrorClass::denied,
                                        "Bạn không thể giao hoặc tiếp nhận quyền mà chính bạn không có: {}.",
                                        "You cannot give or take over rights that you do not hold: {}."};

// With a stolen session one could otherwise take the account over without knowing its password.
inline constexpr ErrorKind own_account{
    "directory.own_account", ErrorClass::denied,
    "Bạn không thể tự khóa hoặc tự cấp lại mật khẩu cho mình. Hãy đổi mật khẩu, hoặc nhờ quản trị hệ thống khác.",
    "You cannot disable your own account or issue it a password. Change your password, or ask another administrator."};

// From the opening of a sealed envelope to the end of its password.
inline constexpr std::chrono::hours broken_seal_lifetime{8};
// For so long somebody else alone may undo that one person took the rights of another who decides for two.
inline constexpr days undo_lifetime{7};
// From the issue of a password to its end, if it has not been changed (duty 7.1-first-password).
inline constexpr std::chrono::hours one_time_lifetime{24};
inline constexpr std::size_t username_chars_max = 64;
inline constexpr std::size_t grants_max = 32;

struct Account {
  AccountId id;
  PersonId person;
  AgencyId agency;  // The person's.
  std::string username;
  std::string display_name;  // The person's name.
  bool enabled = true;
  bool must_change_password = false;  // The password is still the issued one.
  Time created_at;
  Time password_set_at;                // When it was issued or last changed.
  std::optional<Time> one_time_until;  // When an issued password stops working.
  std::optional<Time> last_sign_in;
  bool sealed = false;         // Kept in an envelope for emergencies; its use is an alarm.
  bool seal_broken = false;    // The envelope was opened: every use is an alarm, until one_time_until.
  bool second_factor = false;  // An app or a passkey is enrolled.
  std::vector<Grant> grants;   // Also those whose days have not come or are over.
};

struct NewAccount {
  AgencyId agency;  // Where the person works.
  std::string person_name;
  std::string username;  // Unique whatever its case.
  std::vector<Grant> grants;
  std::optional<PersonId> person{};  // Another account of somebody known: agency and name are theirs.
};

struct IssuedAccount {
  Account account;
  std::string one_time_password;  // Told once, to be handed over; only its hash is kept.
};

// Inside a transaction, for acts of other modules about an account: the account as it stands there, and every agency in
// which a second person must hold their right to decide over it. Errors: account_unknown.
Result<Account> account_in(records::Connection& connection, const AccountId& account);
Result<std::vector<AgencyId>> deciding_places(records::Connection& connection, const AccountId& account);

// Thread-safe.
class Accounts {
 public:
  Accounts(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random, PasswordHasher& hasher)
      : database_(database), audit_(audit), clock_(clock), random_(random), hasher_(hasher) {}

  // A person with an account and a one-time password. Needs account_manage on the agency, and to hold every right that
  // the roles carry where they are granted; roles at once only while one person may give them (pending.h). Errors: the
  // policy's, cannot_grant, takes_two_people, agency_unknown, bad_username, username_taken, bad_value, passwords_busy;
  // of another account of somebody known person_unknown, person_gone.
  Result<IssuedAccount> create(const Caller& caller, const NewAccount& wanted);
  // A new one-time password; ends every session and API token of the account. Needs account_manage on its agency, and
  // to hold every right that the account holds. Errors: the policy's, own_account, cannot_grant, takes_two_people (the
  // account is itself a second person), account_unknown, passwords_busy.
  Result<std::string> issue_password(const Caller& caller, const AccountId& account);
  // Nobody can sign in to a disabled account; disabling ends its sessions and API tokens. Needs account_manage on its
  // agency and wherever its rights reach. Of an account that decides for two, disabling is an alarm, and enabling takes
  // two (Directory::propose_enable), but for another person than the one who disabled it, within undo_lifetime.
  // Enabling an account of somebody who left always takes two, and makes them active again. Errors: the policy's,
  // own_account, account_unknown, last_administrator, takes_two_people.
  Result<void> enable(const Caller& caller, const AccountId& account);
  Result<void> disable(const Caller& caller, const AccountId& account);
  // Ends every session of somebody else's account. Needs what disabling needs. Errors: the policy's, own_account,
  // account_unknown.
  Result<void> end_sessions(const Caller& caller, const AccountId& account);

  // Whether `caller` may undo alone what another person did alone; nobody undoes a leave. Errors: account_unknown.
  Result<bool> undoes(const Caller& caller, const AccountId& account) const;
  // The part of enable() and disable() inside a transaction, for acts that wait for a second person.
  Result<void> set_enabled_in(records::Connection& connection, const Caller& caller, const AccountId& account,
                              bool enabled, AuditEntry& entry);

  // By user name; of one agency, or all. For lists, and for the duties about accounts (7.1, 10.2).
  Result<std::vector<Account>> list(const std::optional<AgencyId>& agency = std::nullopt) const;
  Result<Account> find(const AccountId& account) const;               // Errors: account_unknown.
  Result<Account> find_by_username(std::string_view username) const;  // Errors: account_unknown.

 private:
  Result<void> set_enabled(const Caller& caller, const AccountId& account, bool enabled);

  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  PasswordHasher& hasher_;
};

}  // namespace luy::directory
