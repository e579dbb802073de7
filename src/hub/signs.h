// Signs of attacks that no log line tells: services seen from the hub, guarded files, indicators. Owns their registers
// and the threads that look, and turns what they find into reports for the book of findings.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <span>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "finding/book.h"
#include "hub/evidence_writer.h"
#include "hub/indicator_folder.h"
#include "hub/probe_round.h"
#include "hub/sign_outbox.h"
#include "hub/sign_reader.h"
#include "indicator/book.h"
#include "inventory/inventory.h"
#include "records/database.h"
#include "watch/watch.h"

namespace luy::hub {

// What a sighting is as a finding. Pure.
finding::Report report_of(const watch::Sighting& sighting);
// What the hub itself saw of a service becomes evidence as "<agency>/hub/watch", so that a finding opens on its proof:
// the sighting with before and after, and every change of a service's state. Pure.
OwnedRecord record_of(const watch::Sighting& sighting);
OwnedRecord record_of(const watch::View& view, Time at);
// What the inventory holds that an indicator names: a device's addresses, its gateways and its name. Facts hold no
// hashes of software, so hashes are looked for in events alone. Pure.
std::vector<finding::Report> inventory_reports(const inventory::DeviceState& state, const indicator::Matching& matching,
                                               Time now);

class Signs {
 public:
  struct Dependencies {
    records::Database& database;
    const evidence::Store& store;
    EvidenceWriter& writer;
    const Clock& clock;
    Random& random;
    inventory::Inventory& inventory;
    std::filesystem::path folder;  // See IndicatorFolder; made when it is not there.
    std::function<std::string(const DeviceId&)> device_name;
    // Into the book of findings; from any thread.
    std::function<Result<void>(std::span<const finding::Report>, std::optional<finding::Progress>)> report;
    std::function<Result<std::optional<std::uint64_t>>(std::string_view reader)> next_seq;
    // A service's state is another one and that is evidence: duty 8.2 rests on it. Must only hand over. May be empty.
    std::function<void(const AgencyId&)> state_noted{};
    bool probe_loopback = false;  // See ProbeRules.
    watch::Pace pace{};
    // Devices and group keys of inventory_reports() for which there are findings from an earlier start.
    std::set<std::pair<DeviceId, std::string>> told{};
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<Signs>> open(Dependencies dependencies);
  ~Signs() { stop(); }

  watch::Watch& services() { return *watch_; }
  indicator::Book& indicators() { return *indicators_; }

  // `own_ports`: the hub's own, never looked at.
  void start(std::set<std::uint16_t> own_ports);
  void stop();

  // From the timetable: what probes changed, and what could not be stored before.
  void flush();
  void look_at_folder() { folder_->look(); }
  // At once when lists have changed, else once in inventory_period.
  void look_at_inventory();
  static constexpr std::chrono::minutes inventory_period{5};

 private:
  explicit Signs(Dependencies dependencies) : d_(std::move(dependencies)), outbox_(of_outbox()) {}
  SignOutbox::Dependencies of_outbox();
  bool tell(std::span<const finding::Report> reports);  // False: nothing was stored.
  void tell(const watch::Sighting& sighting);
  void note_state(const watch::View& view);

  Dependencies d_;
  SignOutbox outbox_;
  std::unique_ptr<watch::Watch> watch_;
  std::unique_ptr<indicator::Book> indicators_;
  std::unique_ptr<ProbeRound> round_;
  std::unique_ptr<SignReader> reader_;
  // On the timetable's thread.
  std::unique_ptr<IndicatorFolder> folder_;
  std::set<std::pair<DeviceId, std::string>> told_;  // Devices and group keys of what holds now.
  std::shared_ptr<const indicator::Matching> looked_with_;
  Duration looked_at_{};  // Monotonic.
};

}  // namespace luy::hub
