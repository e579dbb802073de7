// Backups in api/openapi.yaml: listBackups, getDeviceBackups, orderBackup, restoreBackup,
// revealBackupKey, getDrillMinutes, listHandovers, addHandover; and the acts that wait for a second person.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "backup/backup.h"
#include "backup/key_book.h"
#include "backup/log_book.h"
#include "custody/medium_book.h"
#include "directory/directory.h"
#include "directory/pending.h"
#include "hub/agency_view.h"
#include "hub/order_book.h"

namespace luy::hub {

inline constexpr std::string_view restore_act = "backup_restore";
inline constexpr std::string_view reveal_act = "backup_reveal";

inline constexpr ErrorKind drill_unknown{"backup.drill_unknown", ErrorClass::not_found,
                                         "Không có lần diễn tập phục hồi này.", "There is no such restore drill."};

// Borrowed by the routes. All functions thread-safe.
struct BackupApi {
  backup::KeyBook& keys;
  backup::LogBook& log;
  const custody::MediumBook& media;
  OrderBook& orders;
  const AgencyView& agencies;
  directory::AuditTrail& audit;
  directory::PendingActs& acts;
  const Clock& clock;
  Random& random;
  backup::Limits limits;
  // Of living devices; of one, nullopt when it is unknown or retired.
  std::function<std::vector<backup::Reported>()> reported;
  std::function<std::optional<backup::Reported>(const DeviceId&)> reported_of;
  // The paper of a drill, PDF. Errors: those of module paper.
  std::function<Result<std::string>(const backup::Reported&, const fact::RestoreDrill&)> minutes;
};
std::vector<api::Route> backup_routes(const BackupApi& dependencies);

// Carry out, with the second person's agreement, what was asked for. Borrow `dependencies`.
directory::ActKind restore_kind(const BackupApi& dependencies);
directory::ActKind reveal_kind(const BackupApi& dependencies);

}  // namespace luy::hub
