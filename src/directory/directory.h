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
#include "directory/agency_sheet.h"
#include "directory/audit.h"
#include "directory/factor.h"
#include "directory/federation.h"
#include "directory/network_plan.h"
#include "directory/password.h"
#include "directory/pending.h"
#include "directory/person.h"
#include "directory/person_sheet.h"
#include "directory/profile.h"
#include "directory/role.h"
#include "directory/session.h"
#include "directory/token.h"
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
  Factors& factors() { return factors_; }
  Tokens& tokens() { return tokens_; }
  const Tokens& tokens() const { return tokens_; }
  Federation& federation() { return federation_; }
  const Federation& federation() const { return federation_; }
  Roles& roles() { return roles_; }
  People& people() { return people_; }
  const People& people() const { return people_; }
  Profiles& profiles() { return profiles_; }
  const Profiles& profiles() const { return profiles_; }
  NetworkPlans& network_plans() { return network_plans_; }
  const NetworkPlans& network_plans() const { return network_plans_; }
  AgencySheets& sheets() { return sheets_; }
  PersonSheets& person_sheets() { return person_sheets_; }
  AuditTrail& audit() { return audit_; }

  PendingActs& acts() { return acts_; }
  const PendingActs& acts() const { return acts_; }

  // Acts that take two people once the rule holds; done at once before. Errors: those of the act.
  Result<Proposed> propose_grant(const Caller& caller, const AccountId& account, const Grant& grant);
  Result<Proposed> propose_delegation(const Caller& caller, const NewDelegation& wanted);
  Result<Proposed> propose_factor_reset(const Caller& caller, const AccountId& account);
  // Two records of one person made one.
  Result<Proposed> propose_merge(const Caller& caller, const PersonId& keep, const PersonId& gone,
                                 std::string_view reason);
  // At once for an account that decides nothing for others, and for another person than the one who disabled it; never
  // for somebody who left.
  Result<Proposed> propose_enable(const Caller& caller, const AccountId& account);
  // At once while no more addresses count as the agency's own than before.
  Result<Proposed> propose_profile(const Caller& caller, const AgencyId& agency, const AgencyProfile& profile);
  // A reorganisation: at once where nobody gains rights and nobody comes to stand under others than before; else it
  // takes two at the top of every tree it touches. Errors: those of Agencies::reorganise().
  struct ProposedReorganisation {
    Proposed proposed;
    Reorganised reorganised;  // What was done, or will be.
  };
  Result<ProposedReorganisation> propose_reorganisation(const Caller& caller, const Reorganisation& plan);
  // Sign-in sources and who signs in through them (federation.h). Switching a source off happens at once.
  struct ProposedSource {
    Proposed proposed;
    SourceId source;
  };
  Result<ProposedSource> propose_source(const Caller& caller, const SourceSettings& settings);
  Result<ProposedSource> propose_source_change(const Caller& caller, const SourceId& source,
                                               const SourceSettings& settings);
  Result<Proposed> propose_source_removal(const Caller& caller, const SourceId& source);
  Result<Proposed> propose_identity(const Caller& caller, const AccountId& account, const SourceId& source,
                                    std::string_view subject);
  // A new one-time password, at once for an account that decides nothing for others, or one for the sealed envelope of
  // an account for emergencies: no end, and its use is an alarm. It is told now and works once the act is done.
  enum class Envelope : std::uint8_t { open, sealed };
  struct ProposedPassword {
    Proposed proposed;
    std::string password;
    std::size_t passkeys = 0;  // That the account keeps: whoever holds one signs in by it once the password is changed.
  };
  enum class FactorsToo : std::uint8_t { no, yes };  // Takes away every factor in the same act, which then takes two.
  Result<ProposedPassword> propose_password(const Caller& caller, const AccountId& account, Envelope envelope,
                                            FactorsToo factors = FactorsToo::no);
  // Whether an account holds a right that a second person uses: then its password and factors take two, too.
  static bool decides_for_two(const Account& account);

  // Who a session's token or an API token speaks for. Errors: session_over, token_over, the database's.
  Result<Actor> authenticate(std::string_view token, Touch touch, std::string_view address);

  // Creates the first agency and, in it, the first account: system administrator and security officer, on a one-time
  // password. Does nothing but answer who it is when an account exists already (see Reissue). For a command on the
  // server itself. Errors: bad_value, bad_username, passwords_busy, the database's.
  Result<FirstAdministrator> set_up(const FirstSetup& wanted);

 private:
  Directory(records::Database& database, AuditSink& sink, const Clock& clock, Random& random, const Options& options);
  void register_acts();
  void register_source_acts();
  Result<FirstAdministrator> create_first(const FirstSetup& wanted);

  records::Database& database_;
  const Clock& clock_;
  Random& random_;
  PasswordHasher hasher_;
  AuditTrail audit_;
  Agencies agencies_;
  Accounts accounts_;
  Factors factors_;
  Sessions sessions_;
  Federation federation_;
  Tokens tokens_;
  Roles roles_;
  People people_;
  Profiles profiles_;
  NetworkPlans network_plans_;
  AgencySheets sheets_;
  PersonSheets person_sheets_;
  PendingActs acts_;
};

}  // namespace luy::directory
