// The directory's part of api/openapi.yaml: sessions, factors, agencies, people, accounts, roles, acts. Handlers only
// translate: policy on the loaded object, values to JSON.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <vector>

#include "api/route.h"
#include "directory/directory.h"

namespace luy::api {

// What modules above know of people and the directory does not; each may be empty. Borrowed by the routes.
struct PersonLinks {
  // Fills "leave" and "commitment" of a PersonFull, which are null before.
  std::function<Result<void>(const PersonId& person, boost::json::object& out)> person;
  // Fills "devices", "trainings", "commitments" and "tasks" of the signed-in person, which are empty before.
  std::function<Result<void>(const Request& request, boost::json::object& out)> me;
};

// Borrows `directory`.
std::vector<Route> directory_routes(directory::Directory& directory, const PersonLinks& links = {});

// A Source of the contract, for the handlers of other modules too. Errors: those of the database.
Result<boost::json::object> source_json(const directory::Directory& directory, const directory::SignSource& source);

// A Session of the contract with its cookie, for who has just signed in.
Result<Response> signed_in_response(const directory::Directory& directory, const directory::SignedIn& signed_in);
// The name that a browser gives itself.
std::string_view program_of(const Request& request);

// An Agency of the contract, for the handlers of other modules too.
boost::json::object agency_json(const directory::Agency& agency);

}  // namespace luy::api
