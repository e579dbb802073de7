// The SQL of the inventory: rows in, rows out, no decisions. Times are milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "inventory/inventory.h"
#include "inventory/store/catalogue.h"
#include "inventory/store/reduction.h"
#include "inventory/store/wifi_book.h"
#include "records/database.h"

namespace luy::inventory::tables {

struct DeviceRow {
  std::int64_t number = 0;  // The device in the tables of facts and packages.
  Device device;
  Rejected rejected;
};
struct FactRow {
  std::int64_t device = 0;
  StoredFact fact;
  Digests digests;
};
struct InstalledRow {
  std::optional<Time> installed_at;
  Time first_seen;
  std::string by{};
};

Result<void> save_device(records::Connection& db, const DeviceRow& row);  // New or changed.
Result<void> save_fact(records::Connection& db, const FactRow& row);
Result<void> save_history(records::Connection& db, std::int64_t device, std::int64_t number, const HistoryEntry& entry);
// Forgets the entries up to `number`.
Result<void> trim_history(records::Connection& db, std::int64_t device, std::int64_t number);
Result<void> save_package(records::Connection& db, PackageNumber number, const PackageView& package, Time first_seen);
Result<void> save_source(records::Connection& db, PackageNumber package, std::string_view source,
                         std::string_view version);
Result<void> save_installed(records::Connection& db, std::int64_t device, PackageNumber package,
                            const InstalledRow& row);
Result<void> remove_installed(records::Connection& db, std::int64_t device, PackageNumber package);
Result<void> save_approval(records::Connection& db, const Approval& approval);
Result<void> save_wifi(records::Connection& db, const WifiEdit& edit, Time registered_at, std::optional<Time> before);
Result<void> save_sighting(records::Connection& db, const WifiKey& key, const DeviceId& device,
                           const WifiSighting& sighting);
Result<void> save_next_seq(records::Connection& db, std::uint64_t next_seq);

Result<std::uint64_t> load_next_seq(records::Connection& db);
Result<void> each_device(records::Connection& db, const std::function<void(DeviceRow)>& visit);
// All facts, or one device's.
Result<void> each_fact(records::Connection& db, std::optional<std::int64_t> device,
                       const std::function<void(FactRow)>& visit);
Result<void> each_package(records::Connection& db, const std::function<void(PackageNumber, PackageView, Time)>& visit);
Result<void> each_source(records::Connection& db,
                         const std::function<void(PackageNumber, std::string_view, std::string_view)>& visit);
Result<void> each_installed(records::Connection& db, const std::function<void(std::int64_t, PackageNumber)>& visit);
Result<std::map<PackageNumber, InstalledRow>> installed_of(records::Connection& db, std::int64_t device);
Result<void> each_approval(records::Connection& db, const std::function<void(Approval)>& visit);  // Also withdrawn.
Result<std::optional<Approval>> find_approval(records::Connection& db, const ApprovalId& id);
Result<void> load_wifi(records::Connection& db, WifiBook& book);
Result<std::vector<HistoryEntry>> history_of(records::Connection& db, std::int64_t device, std::size_t limit);
Result<std::map<std::int64_t, std::int64_t>> history_ends(records::Connection& db);  // Device → its last number.

}  // namespace luy::inventory::tables
