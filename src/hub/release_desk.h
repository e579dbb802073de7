// Releases of luy-agent wired into the hub: their routes, what agents ask for and fetch, what they tell, and codes for
// taking the agent off a machine.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/upload_box.h"
#include "directory/pending.h"
#include "evidence/record.h"
#include "hub/desk.h"
#include "inventory/inventory.h"
#include "release/api.h"
#include "release/book.h"
#include "release/removal.h"

namespace luy::hub {

class ReleaseDesk final : public Desk {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    directory::PendingActs& acts;
    const Clock& clock;
    Random& random;
    const inventory::Inventory& inventory;
    std::filesystem::path files;  // The desk's own, as `uploads`.
    std::filesystem::path uploads;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::string(const AgencyId&)> agency_name;
    std::function<std::optional<AgencyId>()> town;
  };
  // Errors: those of the database; file errors.
  static Result<std::unique_ptr<ReleaseDesk>> open(Dependencies dependencies);

  std::vector<api::Route> routes() override;
  void start() override {}
  void stop() override {}

  // All of the following from any thread. The answer to {"version","architecture"} of a device. Errors:
  // api.bad_request, those of the database.
  Result<std::string> give(const DeviceId& device, const AgencyId& agency, std::string_view body);
  // The answer to {"sha256","offset"}. Errors: api.bad_request, release.unknown, file errors.
  Result<std::string> give_piece(std::string_view body) const;
  // {"code"} or {"forced","user"} of a device from which luy-agent is being removed. Errors: api.bad_request,
  // release.removal_code_wrong, those of the database.
  Result<void> remove(const DeviceId& device, const AgencyId& agency, std::string_view body);
  // A durable record of the evidence: what a device told is kept.
  void take(const evidence::Record& record);

 private:
  explicit ReleaseDesk(Dependencies dependencies)
      : d_(std::move(dependencies)), removals_({d_.database, d_.audit, d_.clock, d_.random}) {}

  const Dependencies d_;
  release::RemovalBook removals_;
  std::unique_ptr<release::Book> book_;
  std::unique_ptr<api::UploadBox> uploads_;
};

}  // namespace luy::hub
