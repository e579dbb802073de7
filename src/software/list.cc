#include "software/list.h"

#include <algorithm>

#include "device_policy/software_list.h"

namespace luy::software {

std::string list_content_for(const std::vector<inventory::Approval>& approvals, const std::vector<AgencyId>& lineage,
                             inventory::DeviceClass device_class, Time now) {
  std::vector<device_policy::ListedProduct> products;
  for (const inventory::Approval& one : approvals) {
    if (one.withdrawn_at || std::find(lineage.begin(), lineage.end(), one.agency) == lineage.end()) continue;
    const auto end = inventory::ends_at(one);
    if (end && now >= *end) continue;
    const auto& classes = one.classes;
    if (!classes.empty() && std::find(classes.begin(), classes.end(), device_class) == classes.end()) continue;
    products.push_back({one.product, one.versions, end});
  }
  return device_policy::list_content(std::move(products));
}

}  // namespace luy::software
