// What the town knows of an agency besides its place: profile as it is and was, and the plans of its network.
#include <charconv>

#include "api/directory_api.h"
#include "api/directory_api_parts.h"
#include "api/file_response.h"
#include "base/encoding.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;

// The file in base 64 with room for the JSON around it.
constexpr std::size_t plan_body_bytes_max = 12 << 20;

Object place_of(const Directory& directory, const AgencyId& agency) {
  return {directory.agencies().lineage(agency), std::nullopt, false};
}

// The agency of the path, once it is sure that the one who asks may do this there.
Result<AgencyId> permitted_agency(const Directory& directory, const Request& request, Action action) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY_VOID(directory.agencies().find(agency));
  LUY_TRY_VOID(authorise(request, action, place_of(directory, agency)));
  return agency;
}

Result<std::optional<Day>> day_param(const Request& request) {
  const auto given = request.param("day");
  if (!given) return std::optional<Day>();
  const auto day = day_from_iso(*given);
  if (!day) return Error(bad_request, "day");
  return day;
}

Result<Response> get_profile(Directory& directory, const Request& request) {
  LUY_TRY(const AgencyId agency, permitted_agency(directory, request, Action::agency_read));
  LUY_TRY(const auto day, day_param(request));
  LUY_TRY(const directory::AgencyProfile profile,
          day ? directory.profiles().find(agency, *day) : directory.profiles().find(agency));
  return json(directory::to_json(profile));
}

Result<Response> set_profile(Directory& directory, const Request& request) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY(const directory::AgencyProfile wanted, directory::profile_from_json(request.body));
  LUY_TRY(const auto proposed, directory.propose_profile(caller_of(request), agency, wanted));
  if (proposed.waiting) return proposed_response(proposed);
  LUY_TRY(const directory::AgencyProfile profile, directory.profiles().find(agency));
  return json(directory::to_json(profile));
}

Result<Response> get_history(Directory& directory, const Request& request) {
  LUY_TRY(const AgencyId agency, permitted_agency(directory, request, Action::agency_read));
  std::optional<std::int64_t> before;
  if (request.param("before")) {
    LUY_TRY(before, request.number_param("before", 1, 1, 1'000'000));
  }
  LUY_TRY(const auto versions, directory.profiles().history(agency, before));
  array items;
  for (const directory::ProfileVersion& one : versions) {
    LUY_TRY(value by, person_json(directory, one.by));
    LUY_TRY(value agreed_by, person_json(directory, one.agreed_by));
    items.push_back({{"version", one.version},
                     {"at", time_or_null(one.at)},
                     {"by", std::move(by)},
                     {"agreed_by", std::move(agreed_by)},
                     {"changed", array(one.changed.begin(), one.changed.end())},
                     {"profile", directory::to_json(one.profile)}});
  }
  const bool goes_on = !versions.empty() && versions.back().version > 1;
  return json(object{{"items", std::move(items)}, {"next", goes_on ? value(versions.back().version) : value(nullptr)}});
}

Result<object> plan_json(const Directory& directory, const directory::NetworkPlan& plan) {
  LUY_TRY(value by, person_json(directory, plan.by));
  return object{{"version", plan.version},
                {"name", plan.name},
                {"type", plan.type},
                {"size", plan.size},
                {"sha256", plan.sha256},
                {"note", plan.note.empty() ? value(nullptr) : value(plan.note)},
                {"drawn_on", day_or_null(plan.drawn_on)},
                {"at", to_rfc3339(plan.at)},
                {"by", std::move(by)}};
}

Result<Response> list_plans(Directory& directory, const Request& request) {
  LUY_TRY(const AgencyId agency, permitted_agency(directory, request, Action::system_read));
  LUY_TRY(const auto day, day_param(request));
  LUY_TRY(const auto plans, directory.network_plans().list(agency, day));
  array items;
  for (const directory::NetworkPlan& one : plans) {
    LUY_TRY(object plan, plan_json(directory, one));
    items.push_back(std::move(plan));
  }
  return json(object{{"items", std::move(items)}});
}

Result<Response> add_plan(Directory& directory, const Request& request) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY(const std::string content, body_text(request, "content"));
  const auto bytes = from_base64(content);
  if (!bytes) return Error(bad_request, "content");
  directory::NewNetworkPlan wanted;
  wanted.bytes = *bytes;
  LUY_TRY(wanted.name, body_text(request, "name"));
  LUY_TRY(const auto note, body_maybe_text(request, "note"));
  wanted.note = note.value_or("");
  LUY_TRY(wanted.drawn_on, body_maybe_day(request, "drawn_on"));
  LUY_TRY(const directory::NetworkPlan plan, directory.network_plans().add(caller_of(request), agency, wanted));
  LUY_TRY(object body, plan_json(directory, plan));
  return json(std::move(body), 201);
}

Result<Response> get_plan_file(Directory& directory, const Request& request) {
  LUY_TRY(const AgencyId agency, permitted_agency(directory, request, Action::system_read));
  const std::string given = request.param("version").value_or("");
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), version);
  if (error != std::errc() || end != given.data() + given.size()) return Error(directory::network_plan_unknown);
  LUY_TRY(auto found, directory.network_plans().file(agency, version));
  return file_response(std::move(found.bytes), found.plan.type, found.plan.name);
}

}  // namespace

std::vector<Route> profile_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string profile = "/api/v1/agencies/{agency}/profile";
  const std::string plans = "/api/v1/agencies/{agency}/network-plans";
  constexpr Access session = Access::session;
  return {
      {Method::get, profile, "getAgencyProfile", session, Action::agency_read, handler(get_profile)},
      {Method::put, profile, "setAgencyProfile", session, Action::agency_manage, handler(set_profile)},
      {Method::get, profile + "/history", "getAgencyProfileHistory", session, Action::agency_read,
       handler(get_history)},
      {Method::get, plans, "listNetworkPlans", session, Action::system_read, handler(list_plans)},
      {Method::post, plans, "addNetworkPlan", session, Action::system_manage, handler(add_plan), plan_body_bytes_max},
      {Method::get, plans + "/{version}/file", "getNetworkPlanFile", session, Action::system_read,
       handler(get_plan_file)},
  };
}

}  // namespace luy::api
