// The part of api/openapi.yaml about what stands in an agency and on its networks: the register of network and storage
// devices, wireless
// networks in the air, devices for state secrets, unknown machines on networks, address plans and links. Handlers only
// translate: policy on the loaded object, values to JSON.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "inventory/inventory.h"
#include "premises/air.h"
#include "premises/equipment_book.h"
#include "premises/line_book.h"
#include "premises/secret_book.h"
#include "premises/stranger.h"

namespace luy::premises {

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  EquipmentBook& equipment;
  AirBook& air;
  SecretBook& secrets;
  StrangerBook& strangers;
  LineBook& lines;
  inventory::Inventory& inventory;
  const Clock& clock;
  double due_share = 0;  // Of a period, in which what ends is due.
  // The agency itself and its superiors, nearest first.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<bool(const AgencyId&)> agency_exists;
  // A form of the pack with these fields as a PDF of the agency, to be signed by hand by these people in the order of
  // the form's signers. Errors: those of module paper.
  struct Paper {
    AgencyId agency;
    std::string form;
    boost::json::object fields;
    std::vector<std::string> signers;
    Day date{};
  };
  std::function<Result<std::string>(const Paper&)> render;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::premises
