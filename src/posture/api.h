// The part of api/openapi.yaml about hardening checks: listChecks, getCheck, exportChecks, listDeviceChecks,
// exceptCheck, endCheckException. Handlers only translate: policy on the loaded object, values to JSON.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "hardening/check.h"
#include "inventory/inventory.h"
#include "posture/exception_book.h"

namespace luy::posture {

inline constexpr ErrorKind sheet_too_long{
    "posture.sheet_too_long", ErrorClass::too_large,
    "Kết quả có {} dòng, quá 5000. Hãy chọn một đơn vị, một thiết bị, một kiểm tra hoặc một trạng thái rồi xuất lại.",
    "There are {} lines, more than 5000. Choose an agency, a device, a check or a state and export again."};

struct ApiDependencies {
  inventory::Inventory& inventory;
  ExceptionBook& exceptions;
  const hardening::Catalogue& catalogue;
  const Clock& clock;
  // The agency itself and its superiors, nearest first; thread-safe, as is the next.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::posture
