// A device that states another identity than the one it was enrolled with, in the audit trail (docs/adr/0126).
#pragma once

#include "base/result.h"
#include "directory/audit.h"
#include "inventory/inventory.h"
#include "records/database.h"

namespace luy::hub {

// A refused act of the agent, within the transaction that stores the fact. Errors: those of the database.
Result<void> note_identity_claim(directory::AuditTrail& audit, records::Connection& connection,
                                 const inventory::IdentityClaim& claim);

}  // namespace luy::hub
