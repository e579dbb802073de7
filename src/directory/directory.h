// The directory as one object: agencies, accounts, sessions and the audit trail over one database, and the very first
// agency with its administrator.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "directory/account.h"
#include "directory/agency.h"
#include "directory/audit.h"
#include "directory/password.h"
#include "directory/session.h"
#include "records/database.h"

namespace luy::directory {

struct Options {
  SessionLimits sessions;
  PasswordCost passwords;
};

// What setting up does when the first account is there already.
enum class Reissue : std::uint8_t {
  no,
  if_unused,  // A new one-time password, if the issued one was never changed.
};

struct FirstSetup {
  std::string agency_code;
  std::string agency_name;
  std::string agency_header_name;  // The name when empty.
  AgencyKind agency_kind = AgencyKind::town;
  std::string person_name;
  std::string username;
  Reissue reissue = Reissue::no;
};

struct FirstAdministrator {
  AgencyId agency;
  AccountId account;
  std::string username;
  std::optional<std::string> one_time_password;  // Only when it was issued by this very call.
};

// Borrows what it is built from. Thread-safe.
class Directory {
 public:
  // `database` was opened with migrations(). Errors: the database's.
  static Result<std::unique_ptr<Directory>> open(records::Database& database, AuditSink& sink, const Clock& clock,
                                                 Random& random, Options options = {});

  Agencies& agencies() { return agencies_; }
  const Agencies& agencies() const { return agencies_; }
  Accounts& accounts() { return accounts_; }
  const Accounts& accounts() const { return accounts_; }
  Sessions& sessions() { return sessions_; }
  AuditTrail& audit() { return audit_; }

  // Creates the first agency and, in it, the first account: system administrator and security officer, on a one-time
  // password. Does nothing but answer who it is when an account exists already (see Reissue). For a command on the
  // server itself. Errors: bad_value, bad_username, passwords_busy, the database's.
  Result<FirstAdministrator> set_up(const FirstSetup& wanted);

 private:
  Directory(records::Database& database, AuditSink& sink, const Clock& clock, Random& random, const Options& options);
  Result<FirstAdministrator> create_first(const FirstSetup& wanted);

  records::Database& database_;
  const Clock& clock_;
  Random& random_;
  PasswordHasher hasher_;
  AuditTrail audit_;
  Agencies agencies_;
  Accounts accounts_;
  Sessions sessions_;
};

}  // namespace luy::directory
