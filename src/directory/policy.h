// The one policy function: who may do what to which object. Used by the console's API, imports and the command line
// alike; the table in policy.cc is also the documentation (docs/security/policy.md), and the test matrix is generated
// from it. Pure: no database, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// The regulation's roles that exist so far. Names are stored: never renamed.
enum class Role : std::uint8_t { system_admin, security_officer, agency_head, staff, town_office, auditor };
inline constexpr std::size_t role_count = 6;
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
  verdict_read,
  evidence_search,
  evidence_prove,
  regulation_read,
  wifi_manage,
  account_read,
  account_manage,
};
inline constexpr std::size_t action_count = 16;
std::string_view name_of(Action action);
std::optional<Action> action_from_name(std::string_view name);

// How far a role carries an act.
enum class Reach : std::uint8_t {
  none,
  own,         // Only what is the actor's own.
  agency,      // The agency of the grant and everything below it, and the actor's own.
  everywhere,  // Also what belongs to no agency.
};
// The policy itself: one cell of the table.
Reach reach_of(Role role, Action action);

// A role held in an agency; it reaches that agency and everything below it.
struct Grant {
  Role role = Role::staff;
  AgencyId agency;
};

struct Actor {
  AccountId account;
  PersonId person;
  std::string username;
  std::string display_name;
  std::vector<Grant> grants;
  bool must_change_password = false;
};

// The loaded object an act is aimed at: where it stands in the tree of agencies, and whose it is.
struct Object {
  std::vector<AgencyId>
      agencies;  // The object's agency and its superiors, nearest first; empty = belongs to no agency.
  std::optional<AccountId> account;  // Set when the object is one account's own.
  bool any = false;  // "Somewhere": asks whether the actor holds the action at all, before work is done.
  static Object anywhere() {
    Object object;
    object.any = true;
    return object;
  }
};

// Allowed, or refused with the reason as a whole sentence for the person. Nothing but session_use is allowed before the
// issued password is changed.
struct Decision {
  bool allowed = false;
  std::string vi;
  std::string en;
};
Decision may(const Actor& actor, Action action, const Object& object);

// may() as a Result. Errors: must_change_password, not_allowed with the reason.
Result<void> require(const Actor& actor, Action action, const Object& object);

// The agencies in which `actor` holds `action`: what lists are filtered by. Everything below each of them is included.
std::vector<AgencyId> agencies_of(const Actor& actor, Action action);

// docs/security/policy.md, written from the table.
std::string policy_document();

}  // namespace luy::directory
