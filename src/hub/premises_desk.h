// The registers of what stands in an agency and on its networks, wired into the hub: their routes, what the duties are
// judged by, and a thread that tells the book of findings what asks for somebody.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "directory/directory.h"
#include "duty/engine.h"
#include "evidence/store.h"
#include "finding/finding.h"
#include "hub/desk.h"
#include "inventory/inventory.h"
#include "premises/api.h"
#include "premises/equipment_book.h"
#include "premises/line_book.h"
#include "premises/stranger.h"
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
    const evidence::Store& store;
    const regulation::Pack& pack;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::vector<directory::Agency>()> agencies;  // All that ever were.
    std::function<Result<void>(const finding::Report&)> report;
    // The evidence record of an act of the audit trail; nullopt until it is there.
    std::function<std::optional<std::uint64_t>(const std::string& act)> act_seq;
    // Of devices: what their duties are judged by is another now.
    std::function<void(const std::vector<DeviceId>&)> judged_anew;
    std::function<void(const AgencyId&)> agency_judged_anew;   // The same of an agency,
    std::function<void(const AgencyId&)> devices_judged_anew;  // and of all devices in it.
    std::function<Result<std::string>(const premises::ApiDependencies::Paper&)> render;
  };
  // Errors: those of the database and of the inventory.
  static Result<std::unique_ptr<PremisesDesk>> open(Dependencies dependencies);
  ~PremisesDesk() override { stop(); }

  // What is on record of the passwords of a device. Any thread.
  std::optional<duty::CredentialState> credentials_of(const DeviceId& device) const;

  // What is on record in an agency for a duty; nullopt for what is not kept here. Any thread.
  std::optional<premises::DutyRecord> duty_record(const AgencyId& agency, const std::string& record) const;

  // A device reached the hub from this address. Any thread.
  void seen_from(const DeviceId& device, const std::string& address);
  // What the plan and the links of an agency say of its dedicated network. Any thread.
  duty::NetworkTerms network_terms(const AgencyId& agency) const;

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

 private:
  explicit PremisesDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void run();
  // Reads records that came since the last call for devices that must be on no network: false when all are read.
  Result<bool> look_for_secrets();
  Result<void> look_for_strangers();
  void look_at_lines();

  const Dependencies d_;
  std::unique_ptr<premises::EquipmentBook> equipment_;
  std::unique_ptr<premises::AirBook> air_;
  std::unique_ptr<premises::SecretBook> secrets_;
  std::unique_ptr<premises::StrangerBook> strangers_;
  std::unique_ptr<premises::LineBook> lines_;
  std::uint64_t read_until_ = 0;            // Of the evidence, for sightings; on the thread.
  std::unique_ptr<premises::Watch> watch_;  // On the thread.
  mutable std::mutex exits_mutex_;
  std::map<DeviceId, premises::Exit> exits_;  // Since the hub started; agents call within minutes.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
