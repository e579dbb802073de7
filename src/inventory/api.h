// The inventory's part of api/openapi.yaml: listDevices, getDevice, updateDevice, listDeviceSoftware,
// getDeviceTimeline, listSoftware, listApprovals, approveSoftware, approveBaseline, withdrawApproval, listWifi,
// recordWifi. Handlers only translate: policy on the loaded object, values to JSON.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "base/id.h"
#include "directory/policy.h"
#include "inventory/inventory.h"

namespace luy::inventory {

// One line of a device's timeline that another module adds (verdicts): a TimelineEntry of the contract.
struct TimelineLine {
  Time at;
  boost::json::object entry;
};

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  Inventory& inventory;
  const Clock& clock;
  // As Dependencies::lineage.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  // Whether the agency exists today.
  std::function<bool(const AgencyId&)> agency_exists;
  // Leaves an act in the audit trail, within the transaction of the act: who asked, what ("software.approved"), on
  // which object ("device:<id>"), particulars; a member "agency" says whom it concerns, "proof_of" which act of the
  // inventory the entry records (approval_act(), wifi_act()).
  std::function<Result<void>(records::Connection&, const api::Request&, std::string_view act, std::string_view object,
                             boost::json::object)>
      audit;
  std::function<void()> audited;  // Once it is committed. May be empty.
  // The device's verdicts as Counts of the contract; the module duty knows them.
  std::function<boost::json::object(const DeviceId&)> counts;
  // The newest changes of the device's verdicts, at most `limit`.
  std::function<std::vector<TimelineLine>(const DeviceId&, std::size_t limit)> verdict_changes;
  // Whether there is such a person whom the one who asks may see. May be empty: nobody is known.
  std::function<bool(const api::Request&, const PersonId&)> person_visible{};
};

std::vector<api::Route> routes(ApiDependencies dependencies);

// A Device of the contract: also what the live stream sends.
boost::json::object device_json(const DeviceState& state, boost::json::object counts);
boost::json::object software_json(const InstalledPackage& package);  // Software
boost::json::object approval_json(const Approval& approval);         // Approval
// The member "licence" of a body: a Licence of the contract, null or absent. Errors: api.bad_request for a day that
// does not exist.
Result<std::optional<Licence>> licence_of(const boost::json::object& body);

}  // namespace luy::inventory
