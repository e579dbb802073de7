// What the handlers of custody share. Private to the module.
#pragma once

#include <memory>
#include <vector>

#include "custody/api.h"
#include "custody/text.h"

namespace luy::custody {

using Shared = std::shared_ptr<const ApiDependencies>;  // shared_ptr: the routes share it and outlive who made them.
using HandlerFunction = Result<api::Response> (*)(const ApiDependencies&, const api::Request&);

inline api::Route route(const Shared& d, api::Method method, const char* pattern, const char* operation,
                        directory::Action action, HandlerFunction handler) {
  return {method,    pattern,
          operation, api::Access::session,
          action,    [d, handler](const api::Request& request) { return handler(*d, request); }};
}

std::vector<api::Route> medium_routes(const Shared& d);
std::vector<api::Route> retention_routes(const Shared& d);
std::vector<api::Route> erasure_routes(const Shared& d);
std::vector<api::Route> coverage_routes(const Shared& d);

boost::json::object agency_json(const ApiDependencies& d, const AgencyId& agency);
directory::Object object_of(const ApiDependencies& d, const AgencyId& agency);
bool may(const ApiDependencies& d, const api::Request& request, directory::Action action, const AgencyId& agency);
// The agency and its superiors as an act's body has them.
boost::json::array above_of(const directory::Object& object);
api::Response proposed_response(const directory::Proposed& proposed);
Result<int> whole_days_now(const ApiDependencies& d);

}  // namespace luy::custody
