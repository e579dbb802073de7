// The values of this module as the contract writes them, and what its handlers share.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fact/fact.h"
#include "software/api.h"
#include "software/survey.h"

namespace luy::software {

boost::json::value mark_json(const MarkRule* rule);                                     // Mark or null
boost::json::object settings_json(const device_policy::Software& section);              // SoftwareSettings
boost::json::value gate_state_json(const inventory::DeviceState& state);                // SoftwareGateState or null
boost::json::object met_json(const fact::RefusedSoftware& met, const MarkList& marks);  // MetSoftware
boost::json::object named(const std::string& id, const std::string& name);              // Named

directory::Object object_in(const ApiDependencies& d, const AgencyId& agency);
// A device in use that the actor may do that to. Errors: device_unknown, those of authorise().
Result<inventory::StatePointer> device_of(const ApiDependencies& d, const api::Request& request,
                                          directory::Action action, const DeviceId& id);
// The devices whose software the actor may see: all, those of the agency asked for and below it, or the one asked for;
// in order of id. Errors: those of authorise().
Result<std::vector<inventory::StatePointer>> devices_of(const ApiDependencies& d, const api::Request& request);

Result<api::Response> list_wrong(const ApiDependencies& d, const api::Request& request);
Result<api::Response> export_wrong(const ApiDependencies& d, const api::Request& request);
Result<api::Response> review_baseline(const ApiDependencies& d, const api::Request& request);
Result<api::Response> get_gate(const ApiDependencies& d, const api::Request& request);
Result<api::Response> list_gates(const ApiDependencies& d, const api::Request& request);
Result<api::Response> list_requests(const ApiDependencies& d, const api::Request& request);
Result<api::Response> ask(const ApiDependencies& d, const api::Request& request);
Result<api::Response> withdraw(const ApiDependencies& d, const api::Request& request);
Result<api::Response> approve(const ApiDependencies& d, const api::Request& request);
Result<api::Response> refuse(const ApiDependencies& d, const api::Request& request);

}  // namespace luy::software
