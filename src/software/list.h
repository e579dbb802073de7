// The list of what a device may install (device_policy/software_list.h), made of the approvals that reach it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "inventory/approval.h"
#include "inventory/device.h"

namespace luy::software {

// The content of the list for a device of that class whose agency and superiors are `lineage`. Approvals that have
// ended are left out; the others carry their end, so that the list stays right while the hub is away.
std::string list_content_for(const std::vector<inventory::Approval>& approvals, const std::vector<AgencyId>& lineage,
                             inventory::DeviceClass device_class, Time now);

}  // namespace luy::software
