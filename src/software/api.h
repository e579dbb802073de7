// The part of api/openapi.yaml about software: requests of staff, what is wrong with what is installed, the review of a
// baseline, the gates. Handlers only translate: policy on the loaded object, values to JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "device_policy/software.h"
#include "inventory/inventory.h"
#include "software/mark.h"
#include "software/request_book.h"

namespace luy::software {

inline constexpr ErrorKind sheet_too_long{
    "software.sheet_too_long", ErrorClass::too_large,
    "Kết quả có hơn 5000 dòng. Hãy chọn một đơn vị, một thiết bị hoặc một loại rồi xuất lại.",
    "There are more than 5000 lines. Choose an agency, a device or a kind and export again."};

// All functions thread-safe.
struct ApiDependencies {
  inventory::Inventory& inventory;
  RequestBook& book;
  const MarkList& marks;
  const Clock& clock;
  // The agency itself and its superiors, nearest first.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  // Whose agency an account is; nullopt for one that is unknown.
  std::function<std::optional<AgencyId>(const AccountId&)> agency_of_account;
  // The section that holds for a device.
  std::function<device_policy::Software(const inventory::Device&)> wanted;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::software
