// People: who works where, as what, since when and until when, with which accounts. A person is not an account: the
// same one may hold several, and two accounts of one person never make two pairs of eyes.
//
// Leavers and movers (article 7.3.b) are cases of a module above; what they end here is ended inside that module's own
// transaction, by the functions that take a connection.
#pragma once

#include <cstdint>
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
#include "directory/role.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind person_unknown{"directory.person_unknown", ErrorClass::not_found,
                                          "Không tìm thấy người này.", "There is no such person."};
inline constexpr ErrorKind person_gone{
    "directory.person_gone", ErrorClass::conflict,
    "Người này đã thôi việc hoặc đang làm thủ tục thôi việc. Hãy kết thúc hoặc rút việc đó trước.",
    "This person has left or is leaving. Close or withdraw that case first."};
inline constexpr ErrorKind external_taken{"directory.external_taken", ErrorClass::conflict,
                                          "Mã của hệ thống ngoài này đã thuộc về người khác: {}.",
                                          "This key of an outside system belongs to somebody else: {}."};
inline constexpr ErrorKind access_left{"directory.access_left", ErrorClass::conflict,
                                       "Người này còn tài khoản đang hoạt động: {}. Hãy kết thúc quyền truy cập trước.",
                                       "This person still has a living account: {}. End their access first."};
inline constexpr ErrorKind own_person{
    "directory.own_person", ErrorClass::denied,
    "Bạn không thể tự lập thủ tục thôi việc, chuyển công tác hoặc gộp hồ sơ của chính mình.",
    "You cannot let yourself leave, move yourself, or merge your own record with another."};

inline constexpr std::size_t position_bytes_max = 800;  // 200 characters of Vietnamese.
inline constexpr std::size_t email_bytes_max = 254;     // RFC 5321 section 4.5.3.1, less the brackets.
inline constexpr std::size_t phone_bytes_max = 40;
inline constexpr std::size_t external_bytes_max = 400;
inline constexpr std::size_t merge_reason_bytes_max = 2000;

// Names are stored: never renamed.
enum class PersonState : std::uint8_t {
  active,
  leaving,  // Leaves on a day that is known; their access may be over already.
  gone,
};
std::string_view name_of(PersonState state);
std::optional<PersonState> person_state_from_name(std::string_view name);

// Who somebody is in another system: the stable key of an object there, never a name or an address.
struct ExternalKey {
  std::string source;
  std::string subject;
  bool operator==(const ExternalKey&) const = default;
};

struct Person {
  PersonId id;
  AgencyId agency;  // Where they work.
  std::string name;
  std::string position{};  // "Chuyên viên Văn phòng"; empty when nobody said.
  std::string email{};
  std::string phone{};
  std::optional<ExternalKey> external{};
  PersonState state = PersonState::active;
  std::optional<Day> since{};             // Their first day in the agency, where it is known.
  std::optional<Day> until{};             // Their last day.
  std::optional<Time> access_ended_at{};  // When begin_leave() ended their access.
  std::optional<PersonId> merged_into{};  // Was a second record of somebody: nothing but a name for old ids.
};

struct NewPerson {
  AgencyId agency;
  std::string name;
  std::string position{};
  std::string email{};
  std::string phone{};
  std::optional<Day> since{};  // Today when empty.
};

// What is set is changed; an empty text takes the value away, but for the name.
struct PersonChange {
  std::optional<std::string> name{};
  std::optional<std::string> position{};
  std::optional<std::string> email{};
  std::optional<std::string> phone{};
};

struct PersonFilter {
  std::optional<AgencyId> agency{};
  std::optional<PersonState> state{};
  std::string query{};  // Words of name, position, e-mail, telephone, user names; case and diacritics ignored.
};

// What was ended with somebody's work, for the case that ended it.
struct EndedAccess {
  std::vector<AccountId> accounts;        // Disabled by it; those that were disabled before are not among them.
  std::vector<DelegationId> delegations;  // That they gave or received.
  std::size_t grants = 0;
  std::size_t sessions = 0;
  std::size_t tokens = 0;
};

struct Move {
  AgencyId to;
  Day first_day{};
  std::string position{};  // In the new agency.
};

// Thread-safe. Functions that take a connection run inside the caller's transaction and write their own entries of the
// audit trail there; the caller delivers them (AuditTrail::perform() does).
class People {
 public:
  People(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random) {}

  // Needs person_manage on the agency. Errors: the policy's, agency_unknown, agency_not_valid (it has ended),
  // bad_value.
  Result<Person> create(const Caller& caller, const NewPerson& wanted);
  // Needs person_manage on their agency. Errors: the policy's, person_unknown, bad_value.
  Result<Person> change(const Caller& caller, const PersonId& person, const PersonChange& change);

  // Of a record that was merged: the person it became. Errors: person_unknown.
  Result<Person> find(const PersonId& person) const;
  // By name as Vietnamese is read: folded, then as written. Without records that were merged away.
  Result<std::vector<Person>> list(const PersonFilter& filter = {}) const;
  // By user name. Errors: the database's.
  Result<std::vector<Account>> accounts(const PersonId& person) const;

  // As find(), inside a transaction.
  static Result<Person> find_in(records::Connection& connection, const PersonId& person);

  // Notes that somebody leaves on `last_day`; their accounts go on until then. Needs leave_manage on their agency and
  // wherever their rights reach. Errors: the policy's, own_person, person_unknown, person_gone (left already),
  // last_administrator (nobody would manage accounts after them).
  Result<Person> announce_leave(records::Connection& connection, const Caller& caller, const PersonId& person,
                                Day last_day);
  // Ends at once every account of theirs, every role, delegations given and received, sessions and API tokens; they
  // are leaving until close_leave(). An account that decides for two rings. For one whose day has come, call it as
  // server_operator(): what was asked for when it was announced takes rights away and gives none. Doing it again ends
  // what came since. Errors: as announce_leave().
  Result<EndedAccess> begin_leave(records::Connection& connection, const Caller& caller, const PersonId& person,
                                  Day last_day);
  // They are gone. Errors: the policy's, person_unknown, access_left (begin_leave() comes first).
  Result<Person> close_leave(records::Connection& connection, const Caller& caller, const PersonId& person);
  // Takes an announcement back, while nothing was ended; later it takes enabling an account, which is for two. Errors:
  // the policy's, own_person, person_unknown, person_gone.
  Result<Person> withdraw_leave(records::Connection& connection, const Caller& caller, const PersonId& person);
  // They work in another agency from now on: every role, delegation, session and token ends, accounts stay; the roles
  // of the new place are asked for like any other. Needs leave_manage on their agency, wherever their rights reach,
  // and, where it lies in another tree, on the new agency. Errors: the policy's, own_person, person_unknown,
  // person_gone, agency_unknown, agency_not_valid, bad_value (the same agency), last_administrator.
  Result<EndedAccess> move(records::Connection& connection, const Caller& caller, const PersonId& person,
                           const Move& wanted);

  // One person instead of two records: every account of `gone` becomes one of `keep`, and what `keep` lacks is taken
  // over. Needs role_grant on both agencies and wherever an account of either reaches. An act for two people
  // (Directory::propose_merge). Errors: the policy's, own_person, person_unknown, person_gone, bad_value (the same).
  Result<Person> merge_in(records::Connection& connection, const Caller& caller, const PersonId& keep,
                          const PersonId& gone, std::string_view reason, AuditEntry& entry);

 private:
  Result<void> end_account(records::Connection& connection, const Caller& caller, const AccountId& account,
                           bool disable, EndedAccess& ended);

  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace luy::directory
