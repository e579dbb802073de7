// Roles given to accounts and taken back, and roles handed over for some days (an acting head). Nobody gives a right
// that they do not hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/policy.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind role_not_held{"directory.role_not_held", ErrorClass::conflict,
                                         "Tài khoản này không giữ vai trò đó tại cơ quan đó.",
                                         "This account does not hold that role in that agency."};
inline constexpr ErrorKind delegation_unknown{"directory.delegation_unknown", ErrorClass::not_found,
                                              "Không tìm thấy lần giao quyền này.", "There is no such delegation."};
inline constexpr ErrorKind bad_days{"directory.bad_days", ErrorClass::invalid,
                                    "Ngày không hợp lệ: {}. Ngày cuối không được trước ngày đầu, và ngày đầu không "
                                    "được ở quá khứ; giao quyền tối đa 90 ngày.",
                                    "The days are not valid: {}. The last must not be before the first, the first not "
                                    "in the past; a role is handed over for 90 days at most."};
inline constexpr ErrorKind same_person{"directory.same_person", ErrorClass::denied, "Việc này cần hai người khác nhau.",
                                       "This takes two different people."};
inline constexpr ErrorKind receiver_outside{
    "directory.receiver_outside", ErrorClass::conflict,
    "Chỉ giao quyền cho người làm việc trong cùng địa bàn, không giao cho doanh nghiệp.",
    "A role is handed over only to somebody who works in the same town, and to no company."};
inline constexpr ErrorKind last_administrator{
    "directory.last_administrator", ErrorClass::conflict,
    "Đây là quản trị hệ thống cuối cùng của {}. Hãy giao vai trò này cho người khác trước.",
    "This is the last system administrator of {}. Give the role to somebody else first."};

// An acting head is appointed for a leave; whoever is away for longer is replaced.
inline constexpr days delegation_days_max{90};
inline constexpr std::size_t note_bytes_max = 800;

using DelegationId = Id<struct DelegationTag>;

struct Delegation {
  DelegationId id;
  AccountId from;
  AccountId to;
  Role role = Role::agency_head;
  AgencyId agency;
  Day valid_from{};
  Day valid_to{};  // Inclusive.
  std::string note;
  Time created_at;
  std::optional<Time> ended_at;
};

struct NewDelegation {
  AccountId from;  // Whose role; the caller's own.
  AccountId to;
  Role role = Role::agency_head;
  AgencyId agency;
  std::optional<Day> valid_from;  // Today when empty.
  Day valid_to{};
  std::string note;
};

// Thread-safe.
class Roles {
 public:
  Roles(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random) {}

  // Gives `grant` to the account, or changes its days; ends the account's sessions. Needs role_grant on the grant's
  // agency and on the account's, and to hold every right that the role carries there. What another person took from
  // somebody who decides for two, within undo_lifetime, one person gives back. Errors: the policy's,
  // cannot_grant, takes_two_people, account_unknown, agency_unknown, bad_days, bad_value (too many).
  Result<Account> grant(const Caller& caller, const AccountId& account, const Grant& grant);
  // Takes a role back at once; what was delegated from it ends with it. An alarm where the role decides for two. Needs
  // role_grant on its agency. Errors: the policy's, account_unknown, role_not_held, last_administrator.
  Result<Account> revoke(const Caller& caller, const AccountId& account, Role role, const AgencyId& agency);

  // Hands over a role that `from` holds by appointment. Needs role_delegate on the account `from`. Errors: the
  // policy's, account_unknown, account_disabled, role_not_held, bad_days, same_person,
  // receiver_outside, takes_two_people.
  Result<Delegation> delegate(const Caller& caller, const NewDelegation& wanted);
  // Needs role_delegate on the account it is from, or role_grant on the agency. Errors: the policy's,
  // delegation_unknown.
  Result<void> end_delegation(const Caller& caller, const DelegationId& delegation);
  // Newest first: all there ever were.
  Result<std::vector<Delegation>> delegations() const;

  // Whether `caller` gives back alone what another person took alone.
  Result<bool> undoes(records::Connection& connection, const Caller& caller, const AccountId& account,
                      const Grant& grant) const;
  // The parts of grant() and delegate() inside a transaction, for acts that wait for a second person.
  Result<Account> grant_in(records::Connection& connection, const Caller& caller, const AccountId& account,
                           const Grant& grant, AuditEntry& entry);
  Result<Delegation> delegate_in(records::Connection& connection, const Caller& caller, const NewDelegation& wanted,
                                 AuditEntry& entry);

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace luy::directory
