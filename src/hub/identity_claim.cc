#include "hub/identity_claim.h"

namespace luy::hub {

Result<void> note_identity_claim(directory::AuditTrail& audit, records::Connection& connection,
                                 const inventory::IdentityClaim& claim) {
  directory::Caller caller;
  caller.username = "luy-agent";
  directory::AuditEntry entry;
  entry.act = "device_identity_claimed";
  entry.object = "device:" + claim.device.text();
  entry.outcome = directory::Outcome::refused;
  entry.before["identity_key"] = claim.enrolled_key;
  entry.after["agency"] = claim.agency.text();
  entry.after["identity_key"] = claim.claimed_key;
  entry.after["record"] = claim.seq;
  return audit.note(connection, caller, entry);
}

}  // namespace luy::hub
