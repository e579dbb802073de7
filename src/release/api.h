// The part of api/openapi.yaml about releases of luy-agent and codes for taking it off: listAgentReleases,
// bringAgentRelease, setAgentReleaseRing, withdrawAgentRelease, askAgentReleaseAgreement, addAgentReleaseKey,
// listAgentReleaseDevices, issueAgentRemovalCode, getAgentRemovalCode, the two of agent_release_uploads. Handlers only
// translate: policy on the loaded object, values to JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "api/upload_box.h"
#include "inventory/inventory.h"
#include "release/book.h"
#include "release/removal.h"

namespace luy::release {

struct ApiDependencies {
  const inventory::Inventory& inventory;
  Book& book;
  RemovalBook& removals;
  api::UploadBox& uploads;
  const Clock& clock;
  // The agency itself and its superiors, nearest first; thread-safe, as is everything below.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<std::optional<AgencyId>()> town;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::release
