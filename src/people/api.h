// The part of api/openapi.yaml about people: whose accounts on devices are, leavers, access reviews, officers
// and their training, commitments. Handlers only
// translate: policy on the loaded object, values to JSON. Each route's file stands in handlers/.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "inventory/inventory.h"
#include "people/account_link.h"
#include "people/commitment.h"
#include "people/leave_book.h"
#include "people/officer.h"
#include "people/person.h"
#include "people/review_book.h"

namespace luy::people {

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  LinkBook& links;
  LeaveBook& leaves;
  ReviewBook& reviews;
  OfficerBook& officers;
  CommitmentBook& commitments;
  directory::PendingActs& acts;
  directory::AuditTrail& audit;
  inventory::Inventory& inventory;
  const Clock& clock;
  Duration dormant{};  // Of duty 10.2.
  // The agency and its superiors, nearest first; empty when unknown.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<Persons()> persons;
  std::function<std::vector<AgencyId>()> agencies;  // That exist today.
  std::function<directory::Object()> town_object;   // Where what belongs to the whole town stands.
  // That the one who asks knows their password. Errors: directory.wrong_password, those of a pause.
  std::function<Result<void>(const api::Request&, const std::string& password)> confirm_password;
  // The evidence record of an act of the audit trail; nullopt until it is there.
  std::function<std::optional<std::uint64_t>(const std::string& act)> act_seq;
  // What whoever opens a case should know: acts of theirs that wait, …
  std::function<std::vector<Text>(const PersonId&)> leave_warnings;
};

std::vector<api::Route> routes(const ApiDependencies& dependencies);
// Of one person, as the routes give them; the newest first.
Result<boost::json::array> trainings_of(const ApiDependencies& dependencies, const PersonId& person);
Result<boost::json::array> commitments_of(const ApiDependencies& dependencies, const PersonId& person);

}  // namespace luy::people
