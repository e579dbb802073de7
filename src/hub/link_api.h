// Tracing an origin: getLinks of api/openapi.yaml. Reads the records of a time, newest first, as far as its limits
// reach, and says so when they cut. People see what the records of the agencies say in which they may search.
#pragma once

#include <semaphore>
#include <vector>

#include "api/route.h"
#include "evidence/store.h"
#include "finding/api.h"
#include "hub/agency_view.h"
#include "hub/evidence_api.h"

namespace luy::hub {

inline constexpr std::chrono::seconds links_budget{5};
inline constexpr std::chrono::hours links_range_default{24};
inline constexpr std::size_t links_records_max = 200'000;  // That name a connection.
inline constexpr std::int64_t link_rows_default = 200;
inline constexpr std::int64_t link_rows_max = 1000;
inline constexpr std::size_t link_nodes_max = 300;  // More nobody can read as a graph.
inline constexpr std::size_t link_edges_max = 1000;

struct LinkApi {
  const evidence::Store& store;
  const AgencyView& agencies;
  const Clock& clock;
  finding::ApiDependencies findings;
  std::function<std::optional<AgencyId>(const DeviceId&)> agency_of;  // Thread-safe.
  std::counting_semaphore<searches_max>& searches;                    // Shared with the searches of the logs.
};

// `dependencies` must outlive the routes.
std::vector<api::Route> link_routes(const LinkApi& dependencies);

}  // namespace luy::hub
