// The senders' part of api/openapi.yaml: listSenders, issueSenderToken, approveSender, refuseSender, removeSender. Who
// waits belongs to no agency yet: to see and decide on it takes the right at the top of the tree, and in the agency
// that it is given to.
#pragma once

#include <functional>
#include <vector>

#include "api/route.h"
#include "directory/audit.h"
#include "intake/sender_book.h"
#include "inventory/inventory.h"

namespace luy::intake {

struct ApiDependencies {
  SenderBook& book;
  inventory::Inventory& inventory;
  records::Database& database;
  directory::AuditTrail& audit;
  const Clock& clock;
  Random& random;
  // All thread-safe. The agency itself, then its superiors; empty when unknown.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<bool(const AgencyId&)> agency_exists;  // Today.
  std::function<directory::Object()> top;              // What belongs to no agency.
  // A decision is committed: deliver what was held, cut what was refused.
  std::function<void(const SenderId&)> decided;
  std::function<std::string()> inputs_url;  // Where HTTP senders send; empty while that port is off.
};

std::vector<api::Route> routes(ApiDependencies dependencies);

}  // namespace luy::intake
