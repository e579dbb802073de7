// The part of api/openapi.yaml about the signatures of antivirus programs: listSignatureSets, importSignatureDatabase,
// addSignatureList, removeSignatureSet, listSignatureDevices, the two of signature_uploads. Handlers only translate:
// policy on the loaded object, values to JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "antivirus/book.h"
#include "api/route.h"
#include "api/upload_box.h"
#include "inventory/inventory.h"

namespace luy::antivirus {

struct ApiDependencies {
  const inventory::Inventory& inventory;
  Book& book;
  api::UploadBox& uploads;
  const Clock& clock;
  Duration age_max;  // Older signatures break the duty of antivirus; from the pack.
  // The agency itself and its superiors, nearest first; thread-safe, as is everything below.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<std::optional<AgencyId>()> town;
  // Sets changed: devices are to get other policies.
  std::function<void()> changed;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::antivirus
