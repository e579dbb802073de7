// Who may do what, looked at twice a year (article 7.3.a): what a line of an access review is about, as it stands on
// the day the review is opened. Pure.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "directory/account.h"
#include "directory/role.h"
#include "directory/token.h"
#include "people/account_queue.h"
#include "people/person.h"
#include "regulation/pack.h"

namespace luy::people {

using regulation::Text;

// Names are stored: never renamed.
enum class SubjectKind : std::uint8_t { account, device_account, delegation, api_token };
std::string_view name_of(SubjectKind kind);
std::optional<SubjectKind> subject_kind_from_name(std::string_view name);

struct Right {
  std::string key;  // "staff@<agency>", "login", "administrator": by it a change is seen.
  Text title;
};

struct ReviewSubject {
  SubjectKind kind = SubjectKind::account;
  std::string id;     // Of the account, delegation or token; "<device>/<uid>/<name>".
  std::string title;  // "lan", "lan@may-1", "Máy quét đêm"
  std::optional<PersonId> holder{};
  std::string holder_name{};
  std::string position{};
  std::vector<Right> rights{};
  std::optional<Time> last_used{};
  std::vector<std::string> flags{};  // "sealed", "never_used", or a Problem's name.
};
boost::json::object to_json(const ReviewSubject& subject);
ReviewSubject subject_from_json(const boost::json::object& object);

struct Standing {
  std::span<const directory::Account> accounts;
  std::span<const directory::Delegation> delegations;
  std::span<const directory::ApiToken> tokens;  // That live.
  std::span<const DeviceAccount> device_accounts;
  const Persons& persons;
  std::function<bool(const AgencyId&)> in_scope;
  std::function<std::string(const AgencyId&)> agency_name;
  Day today{};
};
// Everything that gives somebody rights in the scope: accounts of those who work there or hold a role there, accounts
// on devices there, delegations in force, API tokens of those who work there or for there. By kind, then by title.
std::vector<ReviewSubject> review_subjects(const Standing& standing);

}  // namespace luy::people
