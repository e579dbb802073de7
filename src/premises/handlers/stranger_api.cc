// listStrangers, decideStrangers.
#include "premises/handlers/shared.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object stranger_json(const Stranger& one, Time now) {
  json::array seen_by;
  for (const DeviceId& device : one.seen_by) seen_by.emplace_back(device.text());
  json::value decision = nullptr;
  if (one.decision) {
    decision = json::object{{"kind", name_of(one.decision->kind)},
                            {"reason", one.decision->reason},
                            {"by", one.decision->by},
                            {"at", to_rfc3339(one.decision->at)}};
  }
  return {{"agency", one.key.agency.text()},
          {"mac", one.key.mac},
          {"random", is_random(one.key.mac)},
          {"addresses", json::array(one.addresses.begin(), one.addresses.end())},
          {"name", one.name},
          {"seen_by", std::move(seen_by)},
          {"first_seen", to_rfc3339(one.first_seen)},
          {"last_seen", to_rfc3339(one.last_seen)},
          {"seq", one.seq},
          {"overdue", !one.decision && now - one.first_seen >= stranger_decide_within},
          {"decision", std::move(decision)}};
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::network_read));
  const Time now = d.clock.now();
  json::array items;
  const std::vector<Stranger> all = d.strangers.list();
  for (const Stranger& one : all) {
    if (seen(one.key.agency)) items.push_back(stranger_json(one, now));
  }
  return api::json(json::object{{"items", std::move(items)},
                                {"decide_within_days", stranger_decide_within.count()},
                                {"full", d.strangers.is_full()}});
}

Result<Response> decide(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const AgencyId agency, agency_in(d, request, Action::network_manage));
  const json::object& body = request.body.as_object();
  std::optional<StrangerDecision> decision;
  if (const std::string kind = text_at(body, "kind"); !kind.empty()) {
    const auto named = stranger_kind_from_name(kind);
    if (!named) return Error(api::bad_request, "kind");
    decision = StrangerDecision{*named, text_at(body, "reason"), request.actor->display_name, {}};
  }
  std::vector<std::string> macs;
  for (const json::value& one : body.at("macs").as_array()) macs.emplace_back(one.as_string());
  request.audited = true;
  LUY_TRY_VOID(d.strangers.decide(api::caller_of(request), agency, macs, std::move(decision)));
  return api::no_content();
}

}  // namespace

std::vector<api::Route> stranger_routes(const Shared& d) {
  return {
      route(d, Method::get, "/api/v1/network/strangers", "listStrangers", Action::network_read, list),
      route(d, Method::post, "/api/v1/network/strangers", "decideStrangers", Action::network_manage, decide),
  };
}

}  // namespace luy::premises
