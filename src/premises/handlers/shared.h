// What the handlers of the registers share. Private to the module.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "premises/api.h"
#include "premises/text.h"

namespace luy::premises {

using Shared = std::shared_ptr<const ApiDependencies>;  // shared_ptr: the routes share it and outlive who made them.
using HandlerFunction = Result<api::Response> (*)(const ApiDependencies&, const api::Request&);

inline api::Route route(const Shared& d, api::Method method, const char* pattern, const char* operation,
                        directory::Action action, HandlerFunction handler, std::size_t body_bytes_max = 0) {
  return {method,        pattern,
          operation,     api::Access::session,
          action,        [d, handler](const api::Request& request) { return handler(*d, request); },
          body_bytes_max};
}

std::vector<api::Route> air_routes(const Shared& d);
std::vector<api::Route> equipment_routes(const Shared& d);
std::vector<api::Route> line_routes(const Shared& d);
std::vector<api::Route> move_routes(const Shared& d);
std::vector<api::Route> secret_routes(const Shared& d);
std::vector<api::Route> stranger_routes(const Shared& d);

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency);
// The agency of a body, which must be one that exists and where the actor may do `action`. Errors: api.not_found, the
// policy's.
Result<AgencyId> agency_in(const ApiDependencies& d, const api::Request& request, directory::Action action);

// What a list shows: everything the actor may see, or the agency of the query and those below it.
class Seen {
 public:
  // Errors: api.not_found, the policy's.
  static Result<Seen> of(const ApiDependencies& d, const api::Request& request, directory::Action action);
  bool operator()(const AgencyId& agency);

 private:
  Seen(const ApiDependencies& d, const api::Request& request, directory::Action action)
      : d_(&d), request_(&request), action_(action) {}
  const ApiDependencies* d_;
  const api::Request* request_;
  directory::Action action_;
  std::optional<AgencyId> only_;
  std::map<AgencyId, bool> known_;
};

}  // namespace luy::premises
