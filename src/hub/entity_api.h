// Everything known of a device, an account, an address: getEntity of api/openapi.yaml. People see what the records of
// the agencies say in which they may search.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.h"
#include "evidence/store.h"
#include "finding/api.h"
#include "hub/agency_view.h"
#include "hub/entity_facts.h"

namespace luy::hub {

// Then the answer says that it is not complete.
inline constexpr std::chrono::seconds entity_budget{4};
inline constexpr std::size_t entity_records_max = 200'000;
inline constexpr std::chrono::hours entity_range_default{7 * 24};
inline constexpr std::size_t entity_neighbours_max = 100;  // Of each kind, those met most often.
inline constexpr std::size_t entity_findings_max = 100;

struct EntityApi {
  const evidence::Store& store;
  const AgencyView& agencies;
  const Clock& clock;
  finding::ApiDependencies findings;
  EntityFacts facts;
};

// `dependencies` must outlive the routes.
std::vector<api::Route> entity_routes(const EntityApi& dependencies);

}  // namespace luy::hub
