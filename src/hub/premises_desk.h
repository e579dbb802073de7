// The registers of what stands in an agency and on its networks, wired into the hub: their routes, what the duties are
// judged by, and a thread that tells the book of findings what asks for somebody.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "directory/directory.h"
#include "duty/engine.h"
#include "finding/finding.h"
#include "hub/desk.h"
#include "inventory/inventory.h"
#include "premises/api.h"
#include "premises/equipment_book.h"
#include "premises/watch.h"
#include "regulation/pack.h"

namespace luy::hub {

class PremisesDesk final : public Desk {
 public:
  // Between two looks at the registers; limits are days.
  static constexpr std::chrono::seconds period{30};

  struct Dependencies {
    records::Database& database;
    directory::Directory& directory;
    const Clock& clock;
    Random& random;
    inventory::Inventory& inventory;
    const regulation::Pack& pack;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::vector<directory::Agency>()> agencies;  // All that ever were.
    std::function<Result<void>(const finding::Report&)> report;
    // The evidence record of an act of the audit trail; nullopt until it is there.
    std::function<std::optional<std::uint64_t>(const std::string& act)> act_seq;
    // Of devices: what their duties are judged by is another now.
    std::function<void(const std::vector<DeviceId>&)> judged_anew;
  };
  // Errors: those of the database and of the inventory.
  static Result<std::unique_ptr<PremisesDesk>> open(Dependencies dependencies);
  ~PremisesDesk() override { stop(); }

  // What is on record of the passwords of a device. Any thread.
  std::optional<duty::CredentialState> credentials_of(const DeviceId& device) const;

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

 private:
  explicit PremisesDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void run();

  const Dependencies d_;
  std::unique_ptr<premises::EquipmentBook> equipment_;
  std::unique_ptr<premises::AirBook> air_;
  std::unique_ptr<premises::Watch> watch_;  // On the thread.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
