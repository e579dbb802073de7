// What the handlers of people share: who asks, what they may see, values as JSON. Private to the module.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "people/api.h"

namespace luy::people {

using Shared = std::shared_ptr<const ApiDependencies>;  // shared_ptr: the routes share it and outlive who made them.

// The contract has checked the types.
std::string text_at(const boost::json::object& object, std::string_view key);  // "" when it is missing or null.
Result<std::optional<Day>> day_at(const boost::json::object& object, std::string_view key);  // Errors: api.bad_request.

boost::json::value time_json(const std::optional<Time>& time);
boost::json::value day_json(const std::optional<Day>& day);
boost::json::value seq_json(const std::optional<std::uint64_t>& seq);
boost::json::object agency_json(const ApiDependencies& d, const AgencyId& agency);
boost::json::object named_json(const Named& named);
boost::json::value maybe_named_json(const Named& named);  // null when nobody is named.
boost::json::object text_json(const Text& text);
boost::json::value person_json(const Persons& persons, const std::optional<PersonId>& person);

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency);
// Whether the request's person may do it there.
bool may(const ApiDependencies& d, const api::Request& request, directory::Action action, const AgencyId& agency);
// Who asks, as records name them.
Who who_asks(const api::Request& request);
// A person whom the one who asks may see. Errors: person_unknown.
Result<Person> visible_person(const ApiDependencies& d, const api::Request& request, const Persons& persons,
                              std::string_view id);

// What a list shows: everything the actor may see, or the agency asked for and everything below it.
class Scope {
 public:
  // Errors: api.bad_request, the policy's.
  static Result<Scope> of(const ApiDependencies& d, const api::Request& request, directory::Action action);
  bool sees(const AgencyId& agency);

 private:
  Scope(const ApiDependencies& d, const api::Request& request, directory::Action action)
      : d_(&d), request_(&request), action_(action) {}
  const ApiDependencies* d_;
  const api::Request* request_;
  directory::Action action_;
  std::optional<AgencyId> only_;
  std::map<AgencyId, bool> answers_;
};

std::vector<api::Route> account_routes(const Shared& d);
std::vector<api::Route> leave_routes(const Shared& d);
std::vector<api::Route> review_routes(const Shared& d);
std::vector<api::Route> register_routes(const Shared& d);

using HandlerFunction = Result<api::Response> (*)(const ApiDependencies&, const api::Request&);
api::Route route(const Shared& d, api::Method method, const char* pattern, const char* operation,
                 directory::Action action, HandlerFunction handler);

}  // namespace luy::people
