// The hub's own part of api/openapi.yaml: openStream, issueEnrolmentToken, enrolAgent, getSystem.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "directory/audit.h"
#include "evidence/store.h"
#include "hub/agency_view.h"
#include "hub/ca.h"
#include "hub/enrolment.h"

namespace luy::hub {

struct HubApi {
  Enrolment& enrolment;
  const Ca& ca;
  const AgencyView& agencies;
  directory::AuditTrail& audit;
  const evidence::Store& store;
  const Clock& clock;
  int retention_days = 0;
  // Known once the ports are open, which is before the first request.
  std::function<std::string()> hub_url;
  std::function<std::string()> agent_url;
  std::string server_name;
  // Cuts the living connections of a device whose certificates were revoked.
  std::function<void(const DeviceId&)> cut;
  std::function<void(const api::Request&)> followed;  // A live stream of log records is about to open.
  std::function<boost::json::object()> inputs;        // Inputs of the contract: the ports for senders without an agent.
  std::string orders_key{};                           // Base 64: what an agent pins.
  std::optional<Day> holidays_until{};                // regulation::Calendar::known_until()
};

// `dependencies` must outlive the routes.
std::vector<api::Route> hub_routes(const HubApi& dependencies);

// What `./luy-hub --version` and getSystem say.
std::string_view version();

}  // namespace luy::hub
