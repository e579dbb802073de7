// The one policy function: who may do what to which object. Used by the console's API, imports and the command line
// alike; its table (policy_table.cc) is also the documentation (docs/security/policy.md), the hints of why one may not,
// and the test matrix. Pure: no database, no clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace luy::directory {

// The detail is the refusal's reason, a sentence.
inline constexpr ErrorKind not_allowed{"directory.not_allowed", ErrorClass::denied, "Bạn không có quyền: {}",
                                       "You may not do this: {}"};
inline constexpr ErrorKind must_change_password{
    "directory.must_change_password", ErrorClass::denied,
    "Bạn phải đổi mật khẩu được cấp trước khi làm việc khác (Điều 7.2.b).",
    "You must change the issued password before anything else (article 7.2.b)."};

inline constexpr ErrorKind must_enrol_factor{
    "directory.must_enrol_factor", ErrorClass::denied,
    "Bạn phải thêm ứng dụng xác thực hoặc khóa đăng nhập trước khi làm việc khác.",
    "You must add an authenticator app or a passkey before anything else."};

// The regulation's roles. Names are stored: never renamed.
enum class Role : std::uint8_t {
  system_admin,
  security_officer,
  agency_head,
  staff,
  town_office,
  culture_info,          // Article 13: the division that inspects.
  police,                // Article 14.
  provincial_authority,  // Articles 10b.3 and 6.3; reads what is reported to it.
  provider,              // Telecom, IT and Internet companies: only what is asked of them.
  auditor,               // Reads everything, changes nothing.
};
inline constexpr std::size_t role_count = 10;
std::string_view name_of(Role role);
std::optional<Role> role_from_name(std::string_view name);
struct RoleTitle {
  std::string_view vi;
  std::string_view en;
};
RoleTitle title_of(Role role);

// Every act that a route, an import or a command can perform. Names go to the audit trail and to api/openapi.yaml
// (x-action).
enum class Action : std::uint8_t {
  session_use,  // What everybody signed in may do with their own session.
  overview_read,
  agency_read,
  agency_manage,
  device_read,
  device_enrol,   // Issue enrolment tokens.
  device_manage,  // Owner, place, class, retirement.
  software_read,
  software_approve,
  software_request,  // Ask that a program may be installed.
  check_except,      // Accept for a time that a hardening check is not met on a device.
  verdict_read,
  evidence_search,
  evidence_prove,
  regulation_read,
  wifi_manage,
  account_read,
  account_manage,
  role_grant,     // Give and take back roles.
  role_delegate,  // Let somebody else act in one's own role for some days.
  second_factor_reset,
  act_read,    // Acts that wait for a second person.
  act_decide,  // Agree or refuse, where the act itself is one's right too.
  finding_read,
  finding_triage,  // Say that one has looked, and what it was.
  rule_read,
  rule_manage,   // Switch detection rules, except from them, write and import them.
  rule_disable,  // Switch off a rule above medium.
  service_read,
  service_manage,  // Register what the hub looks at, announce work on it, accept what it shows.
  indicator_read,
  indicator_manage,
  incident_read,
  incident_handle,  // Everything that is done to a case; which step is whose stands in the pack's process.
  incident_report,  // Report what one sees, from the LAN and without an account.
  warning_read,
  warning_issue,
  warning_answer,        // Say that a warning was read, acted on, and with what result.
  rule_run,              // Run rules over evidence that is kept.
  device_order,          // Give an agent an order that gives back or only looks; cancel what waits.
  device_contain,        // Order what cuts off, blocks or stops.
  device_policy_manage,  // What devices are to do by themselves: scans, backups.
  device_policy_weaken,  // The same where it protects less than before.
  patch_except,          // Accept for a time that an update is not installed on a device.
  vulnerability_manage,  // Bring in lists of known vulnerabilities.
  signature_manage,      // Bring in the signatures that antivirus programs of offline networks get.
  agent_release,         // Say which version of the agent devices are to run.
  backup_read,           // Backup sets, their runs, media and drills.
  backup_manage,
  backup_restore,  // Write back what a backup holds, over what is there now.
  backup_reveal,   // See the key of a repository.
  equipment_read,  // The register of network and storage devices that run no agent.
  equipment_manage,
  network_read,  // Neighbours that run no agent, address plans, links to other networks.
  network_manage,
  secret_device_read,  // Devices for state secrets: where they are and who holds them, never what is on them.
  secret_device_manage,
  secret_move_approve,
  form_manage,     // Change the forms of papers.
  contact_manage,  // Whom the town office reaches outside, and that the channels were verified.
  system_read,
  system_manage,  // The register of information systems: entries, changes, retirement.
  person_read,    // People: where they work, since when, with which accounts.
  person_manage,
  leave_read,  // Leavers and movers (article 7.3.b).
  leave_manage,
  account_control_read,  // Whose the accounts on devices are (articles 7.3 and 10.2).
  account_link,
  access_review,
  commitment_read,  // Commitments, appointments and training (articles 11.5 and 11.8).
  commitment_manage,
  commitment_sign,  // One's own.
  token_own,        // API tokens of one's own, never with more rights than oneself.
  token_manage,     // See and end the tokens of others.
  source_manage,    // Where people may sign in from besides here: LDAP, OpenID Connect.
  notice_manage,    // Mail and webhooks: which server, whom, what.
  audit_read,       // Who did what; one's own acts are everybody's to read.
  hold_release,     // End a legal hold before its day.
  evidence_export,  // Packages of records with their proofs.
  custody_read,     // How long logs are kept, where copies lie, which days are whole.
  custody_manage,   // The register of media and copies.
  retention_manage,
  evidence_erase,  // The content of single records; their leaves stay.
  witness_manage,  // Who cosigns and time-stamps the evidence, and whose evidence this hub cosigns.
  provider_ask,
  provider_answer,  // The requests made to oneself.
};
inline constexpr std::size_t action_count = 86;
std::string_view name_of(Action action);
std::optional<Action> action_from_name(std::string_view name);
RoleTitle title_of(Action action);

// How far a role carries an act.
enum class Reach : std::uint8_t {
  none,
  own,      // Only what is the actor's own.
  agency,   // The agency of the grant alone, and the actor's own.
  subtree,  // The agency of the grant and everything below it.
  town,     // The whole tree that the agency of the grant belongs to.
};
inline constexpr std::size_t reach_count = 5;

// The table: a cell for each act and role, in the order of the enumerations.
using PolicyTable = std::array<std::array<Reach, role_count>, action_count>;
const PolicyTable& policy_table();
Reach reach_of(Role role, Action action);

// Whether the act takes a second authorised person (see pending.h).
bool takes_two(Action action);

// A role held in an agency, from a day to a day, by appointment or for somebody who handed it over for that time.
struct Grant {
  Role role = Role::staff;
  AgencyId agency;
  AgencyId top{};  // The highest superior of `agency`; the agency itself when empty.
  Day valid_from{};
  std::optional<Day> valid_to{};  // The last day, inclusive.
  std::optional<AccountId> delegated_by{};

  bool valid_on(Day day) const { return valid_from <= day && (!valid_to || day <= *valid_to); }
  const AgencyId& town() const { return top.empty() ? agency : top; }
};

// What an API token leaves of its owner's rights (token.h).
struct TokenScope {
  std::string id;
  std::string name;
  std::array<bool, action_count> carries{};
  std::vector<AgencyId> above;  // The agency it is confined to and its superiors, nearest first; empty = to none.
  std::vector<AgencyId> below;  // Those agencies of the owner's grants that lie below it.
};

struct Actor {
  AccountId account;
  PersonId person;
  std::string username;
  std::string display_name;
  std::vector<Grant> grants;  // Those in force.
  bool must_change_password = false;
  bool must_enrol_factor = false;
  std::optional<TokenScope> token{};  // Set while a token speaks for them.
};

// The loaded object an act is aimed at: where it stands in the tree of agencies, and whose it is.
struct Object {
  std::vector<AgencyId>
      agencies;  // The object's agency and its superiors, nearest first; empty = stands nowhere: nobody's.
  std::optional<AccountId> account;  // Set when the object is one account's own.
  bool any = false;  // "Somewhere": asks whether the actor holds the action at all, before work is done.
  static Object anywhere() {
    Object object;
    object.any = true;
    return object;
  }
};

// Allowed, or refused with the reason as a whole sentence for the person. Nothing but session_use is allowed before the
// issued password is changed, and a second factor is added where one must be.
struct Decision {
  bool allowed = false;
  std::string vi;
  std::string en;
};
Decision may(const Actor& actor, Action action, const Object& object);
// The same by another table: for the test that no cell may differ unseen.
bool allows(const PolicyTable& table, const Actor& actor, Action action, const Object& object);

// may() as a Result. Errors: must_change_password, must_enrol_factor, not_allowed with the
// reason.
Result<void> require(const Actor& actor, Action action, const Object& object);

// The agencies in which `actor` holds `action`: what lists are filtered by. Everything below each of them is included,
// so an act that reaches the agency alone is not among them.
std::vector<AgencyId> agencies_of(const Actor& actor, Action action);

// docs/security/policy.md, written from the table.
std::string policy_document();

}  // namespace luy::directory
