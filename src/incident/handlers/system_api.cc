// listSystems, addSystem, changeSystem, retireSystem, setIncidentSystem.
#include <algorithm>

#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr Action read_systems = Action::system_read;
constexpr Action manage_systems = Action::system_manage;

json::object system_json(const ApiDependencies& d, const System& system) {
  json::object out = to_json(system);
  out["id"] = system.id.text();
  out["agency"] = agency_json(d, system.agency);
  json::array devices;
  for (const DeviceId& device : system.devices) {
    const std::string name = d.device_name(device);
    devices.push_back(json::object{{"id", device.text()}, {"name", name.empty() ? device.text() : name}});
  }
  out["devices"] = std::move(devices);
  out["retired_at"] = time_json(system.retired_at);
  return out;
}

std::vector<std::string> texts_at(const json::object& body, const char* key) {
  std::vector<std::string> out;
  const json::value* list = body.if_contains(key);
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& one : list->get_array()) out.push_back(text_of(one));
  return out;
}

// The machines of a system stand in its agency or below.
Result<std::vector<DeviceId>> devices_at(const ApiDependencies& d, const json::object& body, const AgencyId& agency) {
  std::vector<DeviceId> out;
  for (const std::string& text : texts_at(body, "devices")) {
    const auto device = DeviceId::parse(text);
    const auto of = device ? d.device_agency(*device) : std::nullopt;
    const std::vector<AgencyId> above = of ? d.lineage(*of) : std::vector<AgencyId>();
    if (std::find(above.begin(), above.end(), agency) == above.end()) {
      return Error(system_invalid, "máy " + clean_text(text, 40), "device " + clean_text(text, 40));
    }
    out.push_back(*device);
  }
  return out;
}

Result<System> system_at(const ApiDependencies& d, const json::object& body, const AgencyId& agency) {
  System out;
  out.agency = agency;
  out.name = text_at(body, "name");
  out.purpose = text_at(body, "purpose");
  const auto manager = system_manager_from_name(text_at(body, "manager"));
  if (!manager) return Error(api::bad_request, "manager");
  out.manager = *manager;
  out.operated_by = text_at(body, "operator");
  out.place = text_at(body, "place");
  out.addresses = texts_at(body, "addresses");
  out.domains = texts_at(body, "domains");
  LUY_TRY(out.devices, devices_at(d, body, agency));
  if (const json::value* level = body.if_contains("level"); level != nullptr && level->is_number()) {
    out.level = level->to_number<unsigned>();
  }
  if (const json::object& given = object_at(body, "level_decision"); !given.empty()) {
    const auto date = day_from_iso(text_at(given, "date"));
    if (!date) return Error(api::bad_request, "level_decision.date");
    out.level_decision = LevelDecision{text_at(given, "number"), *date};
  }
  out.personal_data = flag_at(body, "personal_data");
  return out;
}

SystemBook::Permit permit_of(const ApiDependencies& d, const Request& request) {
  return
      [&d, &request](const AgencyId& agency) { return api::authorise(request, manage_systems, object_of(d, agency)); };
}

// For somebody who may see it; who may not is told the same as of one that is not there.
Result<System> visible_system(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<SystemId>("system", "system"));
  LUY_TRY(System system, d.systems.find(id));
  if (!may(d, request, read_systems, system.agency)) {
    return api::hide(request, read_systems, "system:" + id.text(), Error(system_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, read_systems, object_of(d, system.agency)));
  return system;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  std::optional<AgencyId> root;
  if (request.param("agency")) {
    LUY_TRY(root, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, read_systems, object_of(d, *root)));
  } else {
    LUY_TRY_VOID(api::authorise(request, read_systems, directory::Object::anywhere()));
  }
  LUY_TRY(const std::vector<System> all, d.systems.list());
  json::array items;
  for (const System& one : all) {
    const std::vector<AgencyId> above = d.lineage(one.agency);
    const bool is_inside = !root || std::find(above.begin(), above.end(), *root) != above.end();
    if (is_inside && may(d, request, read_systems, one.agency)) items.push_back(system_json(d, one));
  }
  json::array managers;
  for (std::size_t i = 0; i < system_manager_count; ++i) {
    const auto manager = static_cast<SystemManager>(i);
    managers.push_back(json::object{{"id", name_of(manager)}, {"title", text_json(title_of(manager))}});
  }
  return api::json(json::object{{"items", std::move(items)}, {"managers", std::move(managers)}});
}

Result<Response> add(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || !d.agency_exists(*agency)) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, manage_systems, object_of(d, *agency)));
  LUY_TRY(const System wanted, system_at(d, body, *agency));
  request.audited = true;
  LUY_TRY(const System made, d.systems.add(api::caller_of(request), permit_of(d, request), wanted));
  return api::json(system_json(d, made), 201);
}

Result<Response> change(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const System before, visible_system(d, request));
  LUY_TRY_VOID(api::authorise(request, manage_systems, object_of(d, before.agency)));
  LUY_TRY(const System wanted, system_at(d, request.body.as_object(), before.agency));
  request.audited = true;
  LUY_TRY(const System made, d.systems.change(api::caller_of(request), permit_of(d, request), before.id, wanted));
  return api::json(system_json(d, made));
}

Result<Response> retire(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const System before, visible_system(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.systems.retire(api::caller_of(request), permit_of(d, request), before.id));
  return api::no_content();
}

Result<Response> set_system(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(const auto chosen, chosen_system(d, request, body, one.agency));
  const std::string name = chosen ? chosen->name : text_at(body, "system");
  request.audited = true;
  LUY_TRY_VOID(
      d.cases.set_system(actor_of(d, request), one.id, chosen ? std::optional(chosen->id) : std::nullopt, name));
  return answer_with(d, request, one.id);
}

}  // namespace

Result<std::optional<System>> chosen_system(const ApiDependencies& d, const Request& request, const json::object& body,
                                            const AgencyId& agency) {
  const std::string text = text_at(body, "system_id");
  if (text.empty()) return std::optional<System>();
  const auto id = SystemId::parse(text);
  if (!id) return Error(system_unknown);
  LUY_TRY(System system, d.systems.find(*id));
  const std::vector<AgencyId> above = d.lineage(agency);
  const bool is_of = std::find(above.begin(), above.end(), system.agency) != above.end();
  // A superior's system may be the one that failed, though the agency does not read its register.
  if (!is_of || !may(d, request, read_systems, agency)) return Error(system_unknown);
  if (system.retired_at) return Error(system_retired, system.name);
  return std::optional(std::move(system));
}

std::vector<api::Route> system_routes(const Shared& d) {
  return {
      route(d, Method::get, "/api/v1/systems", "listSystems", read_systems, list),
      route(d, Method::post, "/api/v1/systems", "addSystem", manage_systems, add),
      route(d, Method::put, "/api/v1/systems/{system}", "changeSystem", manage_systems, change),
      route(d, Method::post, "/api/v1/systems/{system}/retirement", "retireSystem", manage_systems, retire),
      route(d, Method::put, "/api/v1/incidents/{incident}/system", "setIncidentSystem", Action::incident_handle,
            set_system),
  };
}

}  // namespace luy::incident
