// The register's part of api/openapi.yaml: listServices, addService, getService, changeService, removeService,
// getServiceHistory, getServiceContent, announceServiceWork, acceptServiceContent. Handlers only translate.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "watch/watch.h"

namespace luy::watch {

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  Watch& watch;
  const Clock& clock;
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;  // The agency and its superiors, nearest first.
  std::function<bool(const AgencyId&)> agency_exists;
  // Leaves an act in the audit trail, within its transaction; as inventory::ApiDependencies::audit.
  std::function<Result<void>(records::Connection&, const api::Request&, std::string_view act, std::string_view object,
                             boost::json::object)>
      audit;
  std::function<void()> audited;  // Once it is committed. May be empty.
};

std::vector<api::Route> routes(ApiDependencies dependencies);

// A WatchedService of the contract.
boost::json::object service_json(const View& view);

}  // namespace luy::watch
