// The part of api/openapi.yaml about what stands in an agency and on its networks: the register of network and storage
// devices, wireless
// networks in the air. Handlers only translate: policy on the loaded object, values to JSON.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "inventory/inventory.h"
#include "premises/air.h"
#include "premises/equipment_book.h"

namespace luy::premises {

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  EquipmentBook& equipment;
  AirBook& air;
  inventory::Inventory& inventory;
  const Clock& clock;
  double due_share = 0;  // Of a period, in which what ends is due.
  // The agency itself and its superiors, nearest first.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<bool(const AgencyId&)> agency_exists;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::premises
