#include "custody/handlers/shared.h"

namespace luy::custody {

namespace json = boost::json;

json::object agency_json(const ApiDependencies& d, const AgencyId& agency) {
  const std::string name = d.agency_name(agency);
  return {{"id", agency.text()}, {"name", name.empty() ? agency.text() : name}};
}

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency) {
  directory::Object out;
  out.agencies = d.lineage(agency);
  return out;
}

bool may(const ApiDependencies& d, const api::Request& request, directory::Action action, const AgencyId& agency) {
  return request.actor && directory::may(*request.actor, action, object_of(d, agency)).allowed;
}

json::array above_of(const directory::Object& object) {
  json::array out;
  for (const AgencyId& one : object.agencies) out.emplace_back(one.text());
  return out;
}

api::Response proposed_response(const directory::Proposed& proposed) {
  const json::object answer{{"done", proposed.done},
                            {"act", proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr)}};
  return api::json(answer, proposed.done ? 200 : 202);
}

Result<int> whole_days_now(const ApiDependencies& d) {
  LUY_TRY(const std::vector<RetentionRule> rules, d.rules.list());
  return whole_days(rules, d.places(), d.default_days);
}

std::vector<api::Route> routes(ApiDependencies dependencies) {
  const auto d = std::make_shared<const ApiDependencies>(std::move(dependencies));
  std::vector<api::Route> out = medium_routes(d);
  for (auto& part : {retention_routes(d), erasure_routes(d), coverage_routes(d)})
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

}  // namespace luy::custody
