// listAir, markAir.
#include "premises/handlers/shared.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::device_read));
  std::vector<inventory::StatePointer> devices;
  std::size_t radios = 0;
  for (const inventory::StatePointer& state : d.inventory.states()) {
    if (!seen(state->device.agency)) continue;
    devices.push_back(state);
    radios += state->wifi && state->wifi->value.seen ? 1 : 0;
  }
  json::array out;
  for (const AirNetwork& one : networks_in_air(devices, d.inventory.wifi(), d.air.marks(), d.clock.now())) {
    json::array seen_by;
    for (const DeviceId& device : one.seen_by) seen_by.emplace_back(device.text());
    out.push_back(json::object{{"agency", one.key.agency.text()},
                               {"ssid", one.key.ssid},
                               {"bssid", one.key.bssid},
                               {"security", one.security},
                               {"signal_dbm", one.signal_dbm ? json::value(*one.signal_dbm) : json::value(nullptr)},
                               {"standing", name_of(one.standing)},
                               {"note", one.mark ? one.mark->note : std::string()},
                               {"marked_by", one.mark ? one.mark->by : std::string()},
                               {"seen_by", std::move(seen_by)},
                               {"last_seen", to_rfc3339(one.last_seen)},
                               {"seq", one.seq}});
  }
  return api::json(json::object{{"networks", std::move(out)}, {"radios", radios}});
}

Result<Response> mark(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const AgencyId agency, agency_in(d, request, Action::wifi_manage));
  const json::object& body = request.body.as_object();
  AirKey key{agency, text_at(body, "ssid"), text_at(body, "bssid")};
  std::optional<AirMark> wanted;
  if (body.at("known").as_bool()) wanted = AirMark{text_at(body, "note"), request.actor->display_name, {}};
  request.audited = true;
  LUY_TRY_VOID(d.air.mark(api::caller_of(request), std::move(key), std::move(wanted)));
  return api::no_content();
}

}  // namespace

std::vector<api::Route> air_routes(const Shared& d) {
  return {route(d, Method::get, "/api/v1/wifi/seen", "listAir", Action::device_read, list),
          route(d, Method::post, "/api/v1/wifi/seen", "markAir", Action::wifi_manage, mark)};
}

}  // namespace luy::premises
