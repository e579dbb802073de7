// The directory's part of api/openapi.yaml: getSession, signIn, signOut, changePassword, listAgencies, createAgency,
// listAccounts. Handlers only translate: policy on the loaded object, values to JSON.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "api/route.h"
#include "directory/directory.h"

namespace luy::api {

// Borrows `directory`.
std::vector<Route> directory_routes(directory::Directory& directory);

// An Agency of the contract, for the handlers of other modules too.
boost::json::object agency_json(const directory::Agency& agency);

}  // namespace luy::api
