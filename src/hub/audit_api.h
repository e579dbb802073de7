// The audit trail as the hub itself wrote it: listAuditEntries. Read from the evidence, of the hub's own audit sources
// alone; what a machine or a sender says about itself is no entry, whatever it looks like.
#pragma once

#include <boost/json.hpp>
#include <optional>

#include "hub/evidence_api.h"

namespace luy::hub {

// An AuditEntry of the contract; nullopt for a record that is no entry of the hub's.
std::optional<boost::json::object> audit_entry_json(const evidence::Record& record);

// Who may search the logs of an agency reads the entries that lie there; everybody reads what they did themselves and
// what was done to their own account. `dependencies` must outlive the routes.
std::vector<api::Route> audit_routes(const EvidenceApi& dependencies);

}  // namespace luy::hub
