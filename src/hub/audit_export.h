// Entries of the audit trail as an evidence package, for whoever verifies it without us (docs/format/package.md):
// exportAudit. Private to audit_api.cc.
#pragma once

#include "hub/audit_api.h"

namespace luy::hub {

// Errors: audit_export_*, the policy's, agency_unknown, evidence.store_empty, incident.zip_failed, those of the store.
Result<api::Response> export_audit(const AuditApi& d, const api::Request& request);

}  // namespace luy::hub
