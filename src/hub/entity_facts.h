// What the hub's registers know of a device, an account or an address, beside the logs: cases, lists of indicators, the
// inventory, the directory. Each part is given to whom its own page would give it.
#pragma once

#include <boost/json.hpp>
#include <span>

#include "api/route.h"
#include "directory/directory.h"
#include "finding/finding.h"
#include "hub/agency_view.h"
#include "indicator/book.h"
#include "inventory/inventory.h"
#include "records/database.h"

namespace luy::hub {

inline constexpr std::size_t entity_cases_max = 100;
inline constexpr std::size_t entity_indicators_max = 50;

struct EntityFacts {
  const records::Database& database;
  const inventory::Inventory& inventory;
  const indicator::Book& indicators;
  directory::Directory& directory;
  const AgencyView& agencies;
  const Clock& clock;
};

// Cases that name it or hold one of the findings, newest first.
boost::json::array cases_of(const EntityFacts& facts, const api::Request& request, const finding::Entity& entity,
                            std::span<const finding::FindingPointer> findings);
// Valid indicators that it meets, with their lists.
boost::json::array indicators_of(const EntityFacts& facts, const api::Request& request, const finding::Entity& entity);
// Of a device that is in the inventory, else null.
boost::json::value device_of(const EntityFacts& facts, const api::Request& request, const finding::Entity& entity);
// Of an account of this hub with that name, whose it is; else null.
boost::json::value account_of(const EntityFacts& facts, const api::Request& request, const finding::Entity& entity);

}  // namespace luy::hub
