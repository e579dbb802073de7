// The audit trail as the hub itself wrote it: listAuditEntries, listAuditActs, exportAudit. Read from the evidence, of
// the hub's own audit sources alone; what a machine or a sender says about itself is no entry, whatever it looks like.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "base/random.h"
#include "directory/audit.h"
#include "directory/pending.h"
#include "hub/audit_index.h"
#include "hub/evidence_api.h"

namespace luy::hub {

inline constexpr ErrorKind audit_export_all{
    "hub.audit_export_all", ErrorClass::invalid,
    "Hãy chọn ít nhất một trong: thời điểm bắt đầu, người, đối tượng, loại đối tượng.",
    "Choose at least one of: the beginning, a person, an object, a type of object."};
inline constexpr ErrorKind audit_export_empty{
    "hub.audit_export_empty", ErrorClass::invalid,
    "Không có mục nhật ký thao tác nào thuộc phạm vi đã chọn mà bạn được xuất.",
    "There is no entry of the audit trail that fits and that you may export."};
inline constexpr ErrorKind audit_export_many{
    "hub.audit_export_many", ErrorClass::too_large,
    "Có quá nhiều mục nhật ký thao tác (hơn {}). Hãy chọn khoảng thời gian ngắn hơn hoặc một đối tượng.",
    "Too many entries of the audit trail fit (more than {}). Choose a shorter time, or one object."};
inline constexpr ErrorKind audit_export_unsigned{"hub.audit_export_unsigned", ErrorClass::busy,
                                                 "Các mục này chưa được ký số. Hãy thử lại sau 10 giây.",
                                                 "No signature covers these entries yet. Try again in 10 seconds."};
inline constexpr ErrorKind audit_export_busy{"hub.audit_export_busy", ErrorClass::busy,
                                             "Hub đang lập một gói khác. Hãy thử lại sau một phút.",
                                             "The hub is making another package. Try again in a minute."};

// Entries that a page looks at where most of them are not the actor's to see; then the answer says where to go on.
inline constexpr std::size_t audit_rows_max = 20'000;
inline constexpr std::size_t audit_export_bytes_max = std::size_t{64} << 20;  // Of the ZIP.

// An AuditEntry of the contract; nullopt for a record that is no entry of the hub's.
std::optional<boost::json::object> audit_entry_json(const evidence::Record& record);

struct AuditApi {
  const EvidenceApi& evidence;
  const AuditIndex& index;
  evidence::NoteSigner& signer;
  directory::AuditTrail& audit;
  const directory::PendingActs& acts;  // Name what takes two people.
  Random& random;
  std::filesystem::path scratch;   // Where packages are made.
  mutable std::mutex exporting{};  // One package at a time.
};

// Everybody reads the entries that lie where their roles reach (audit_read); besides, what they did themselves and what
// was done to their own account. Who takes entries out needs evidence_export there, too. `dependencies` must outlive
// the routes.
std::vector<api::Route> audit_routes(const AuditApi& dependencies);

}  // namespace luy::hub
