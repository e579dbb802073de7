#include "premises/handlers/shared.h"

#include <algorithm>

namespace luy::premises {

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency) {
  directory::Object out;
  out.agencies = d.lineage(agency);
  return out;
}

Result<AgencyId> agency_in(const ApiDependencies& d, const api::Request& request, directory::Action action) {
  const auto agency = AgencyId::parse(text_at(request.body.as_object(), "agency"));
  if (!agency || !d.agency_exists(*agency)) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, action, object_of(d, *agency)));
  return *agency;
}

Result<Seen> Seen::of(const ApiDependencies& d, const api::Request& request, directory::Action action) {
  Seen out(d, request, action);
  if (request.param("agency")) {
    LUY_TRY(out.only_, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, action, object_of(d, *out.only_)));
  } else {
    LUY_TRY_VOID(api::authorise(request, action, directory::Object::anywhere()));
  }
  return out;
}

bool Seen::operator()(const AgencyId& agency) {
  auto known = known_.find(agency);
  if (known == known_.end()) {
    const directory::Object where = object_of(*d_, agency);
    const bool inside =
        !only_ || std::find(where.agencies.begin(), where.agencies.end(), *only_) != where.agencies.end();
    const bool may = request_->actor && directory::may(*request_->actor, action_, where).allowed;
    known = known_.emplace(agency, inside && may).first;
  }
  return known->second;
}

std::vector<api::Route> routes(ApiDependencies dependencies) {
  const auto shared = std::make_shared<const ApiDependencies>(std::move(dependencies));
  std::vector<api::Route> out;
  for (const auto make : {air_routes, equipment_routes, line_routes, move_routes, secret_routes, stranger_routes}) {
    for (api::Route& one : make(shared)) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace luy::premises
