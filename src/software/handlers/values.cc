#include "software/handlers/values.h"

#include <algorithm>
#include <map>

#include "device_policy/software.h"

namespace luy::software {

namespace json = boost::json;
using api::Request;
using directory::Action;
using inventory::StatePointer;

json::value mark_json(const MarkRule* rule) {
  if (rule == nullptr) return nullptr;
  return json::object{{"kind", name_of(rule->mark)}, {"label", rule->label}};
}

json::object named(const std::string& id, const std::string& name) {
  return {{"id", id}, {"name", name}};
}

json::object settings_json(const device_policy::Software& section) {
  return json::parse(device_policy::to_json(section)).as_object();
}

json::value gate_state_json(const inventory::DeviceState& state) {
  if (!state.software_gate) return nullptr;
  const fact::SoftwareGate& gate = state.software_gate->value;
  return json::object{{"install", gate.install},
                      {"execute", gate.execute},
                      {"because", gate.because ? json::value(*gate.because) : json::value(nullptr)},
                      {"trusted", gate.trusted},
                      {"at", to_rfc3339(state.software_gate->collected_at)},
                      {"seq", state.software_gate->seq}};
}

json::object met_json(const fact::RefusedSoftware& met, const MarkList& marks) {
  const auto slash = met.name.rfind('/');
  const std::string name = slash == std::string::npos ? met.name : met.name.substr(slash + 1);
  return {{"act", met.act},       {"name", met.name},         {"version", met.version},
          {"sha256", met.sha256}, {"user", met.user},         {"refused", met.refused},
          {"times", met.times},   {"at", to_rfc3339(met.at)}, {"mark", mark_json(marks.find(name))}};
}

directory::Object object_in(const ApiDependencies& d, const AgencyId& agency) {
  directory::Object out;
  out.agencies = d.lineage(agency);
  return out;
}

Result<StatePointer> device_of(const ApiDependencies& d, const Request& request, Action action, const DeviceId& id) {
  StatePointer state = d.inventory.state(id);
  if (!state || state->device.retired_at) return Error(inventory::device_unknown, id.text());
  LUY_TRY_VOID(api::authorise(request, action, object_in(d, state->device.agency)));
  return state;
}

Result<std::vector<StatePointer>> devices_of(const ApiDependencies& d, const Request& request) {
  if (request.param("device")) {
    LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
    LUY_TRY(StatePointer one, device_of(d, request, Action::software_read, id));
    return std::vector<StatePointer>{std::move(one)};
  }
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::software_read, object_in(d, *only)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::software_read, directory::Object::anywhere()));
  }
  std::map<AgencyId, bool> seen;
  std::vector<StatePointer> out;
  for (const StatePointer& state : d.inventory.states()) {
    const AgencyId& agency = state->device.agency;
    auto known = seen.find(agency);
    if (known == seen.end()) {
      const directory::Object where = object_in(d, agency);
      const auto& above = where.agencies;
      const bool inside = !only || std::find(above.begin(), above.end(), *only) != above.end();
      const bool may = request.actor && directory::may(*request.actor, Action::software_read, where).allowed;
      known = seen.emplace(agency, inside && may).first;
    }
    if (known->second) out.push_back(state);
  }
  return out;
}

}  // namespace luy::software
