// getSoftwareGate, listSoftwareGates: what is wanted of the gates, what devices say, what would be refused.
#include "inventory/api.h"
#include "software/handlers/values.h"

namespace luy::software {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;
using inventory::StatePointer;

json::object removable_json(const fact::RemovableDevice& one) {
  return {{"serial", one.serial},
          {"vendor", one.vendor},
          {"model", one.model},
          {"bytes", one.bytes},
          {"present", one.present},
          {"decision", one.decision},
          {"seen_at", to_rfc3339(one.seen_at)}};
}

json::value removable_mode(const inventory::DeviceState& state) {
  return state.removable ? json::value(state.removable->value.mode) : json::value(nullptr);
}

}  // namespace

Result<Response> get_gate(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  LUY_TRY(const StatePointer state, device_of(d, request, Action::software_read, id));
  json::array met;
  json::array would_execute;
  json::array removable;
  if (state->software_gate) {
    for (const fact::RefusedSoftware& one : state->software_gate->value.refused) {
      met.push_back(met_json(one, d.marks));
      if (one.act == "execute") would_execute.push_back(met_json(one, d.marks));
    }
  }
  if (state->removable) {
    for (const auto& one : state->removable->value.devices) removable.push_back(removable_json(one));
  }
  json::array would_install;
  if (state->software) {
    LUY_TRY(const auto installed, d.inventory.software(id));
    for (const inventory::InstalledPackage& one : installed) {
      if (!one.approval) would_install.push_back(inventory::software_json(one));
    }
  }
  return api::json(
      json::object{{"wanted", settings_json(d.wanted(state->device))},
                   {"state", gate_state_json(*state)},
                   {"met", std::move(met)},
                   {"removable_mode", removable_mode(*state)},
                   {"removable", std::move(removable)},
                   {"would_refuse", {{"install", std::move(would_install)}, {"execute", std::move(would_execute)}}}});
}

Result<Response> list_gates(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto devices, devices_of(d, request));
  json::array items;
  for (const StatePointer& state : devices) {
    const inventory::Device& device = state->device;
    const bool expected = device.device_class == inventory::DeviceClass::server ||
                          device.device_class == inventory::DeviceClass::workstation;
    if (!expected && !state->software_gate) continue;
    std::int64_t met_install = 0;
    std::int64_t met_execute = 0;
    if (state->software_gate) {
      for (const fact::RefusedSoftware& one : state->software_gate->value.refused) {
        ++(one.act == "execute" ? met_execute : met_install);
      }
    }
    json::value unapproved = nullptr;
    if (state->software) unapproved = static_cast<std::int64_t>(state->software->value.unapproved);
    items.push_back(json::object{{"device", named(device.id.text(), device.name)},
                                 {"agency", named(device.agency.text(), d.agency_name(device.agency))},
                                 {"class", name_of(device.device_class)},
                                 {"wanted", settings_json(d.wanted(device))},
                                 {"state", gate_state_json(*state)},
                                 {"unapproved", std::move(unapproved)},
                                 {"met_install", met_install},
                                 {"met_execute", met_execute},
                                 {"removable_mode", removable_mode(*state)}});
  }
  return api::json(json::object{{"items", std::move(items)}});
}

}  // namespace luy::software
