// Backups wired into the hub: keys in escrow, the register of media that policies name, what devices answer, routes,
// and the papers of drills. A thread looks now and then whether the register of media has changed.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "device_policy/backup.h"
#include "evidence/record.h"
#include "hub/backup_api.h"
#include "hub/desk.h"
#include "inventory/inventory.h"
#include "paper/document.h"
#include "regulation/pack.h"

namespace luy::hub {

class BackupDesk final : public Desk {
 public:
  // A medium that is registered is known to devices after this, and their asking.
  static constexpr std::chrono::seconds period{20};

  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    directory::Directory& directory;
    const AgencyView& agencies;
    const inventory::Inventory& inventory;
    OrderBook& orders;
    const regulation::Pack& pack;
    std::filesystem::path escrow_key;
    std::function<std::string(const AgencyId&)> superior_name;  // As a paper names it; empty for none.
    std::function<Result<std::string>(const paper::Document&)> pdf;
    std::function<void()> media_changed;  // Policies name other media now.
  };
  // Registers the acts for two people. Errors: those of the database and of the escrow's key.
  static Result<std::unique_ptr<BackupDesk>> open(Dependencies dependencies);
  ~BackupDesk() override { stop(); }

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

  // All of the following from any thread.
  // What a device opens its repositories with. Errors: as KeyBook::give().
  Result<std::string> give_key(const DeviceId& device) { return keys_->give(device); }
  // A durable record of the evidence: what a device answered is kept.
  void take(const evidence::Record& record);
  // Of the register, those that are in use and known by more than a label.
  std::vector<device_policy::BackupMedium> media() const;
  // nullopt: not one of its records.
  std::optional<backup::DutyRecord> duty_record(const AgencyId& agency, const std::string& record) const;

 private:
  explicit BackupDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Result<bool> read_media();
  void run();
  std::vector<backup::Reported> reported(const std::optional<AgencyId>& agency) const;
  Result<std::string> minutes(const backup::Reported& device, const fact::RestoreDrill& drill) const;

  const Dependencies d_;
  std::unique_ptr<backup::KeyBook> keys_;
  std::unique_ptr<backup::LogBook> log_;
  std::unique_ptr<custody::MediumBook> register_;
  std::unique_ptr<const BackupApi> api_;
  backup::Limits limits_;
  mutable std::mutex mutex_;  // Guards what follows.
  std::vector<device_policy::BackupMedium> media_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

// The minutes of a restore drill as a paper of the device's agency.
paper::Document drill_minutes(const fact::RestoreDrill& drill, const std::string& device_name,
                              const std::string& agency_name, const std::string& superior_name,
                              const std::string& medium, Time now);

}  // namespace luy::hub
