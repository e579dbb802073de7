// Which desks the running hub has.
#include "hub/backup_desk.h"
#include "hub/custody_desk.h"
#include "hub/posture_desk.h"
#include "hub/release_desk.h"
#include "hub/search_desk.h"
#include "hub/signature_desk.h"
#include "hub/software_desk.h"
#include "hub/state.h"
#include "hub/vulnerability_desk.h"
#include "hub/witness_desk.h"

namespace luy::hub {

Result<void> Hub::State::open_desks() {
  SearchDesk::Dependencies of_searches{core->database(),
                                       clock,
                                       random,
                                       core->store(),
                                       core->directory(),
                                       core->agencies(),
                                       [this](std::span<const finding::Report> reports, finding::Progress progress) {
                                         return findings->report(reports, progress);
                                       },
                                       std::nullopt,
                                       [this] { return finding_api(); },
                                       [this]() -> const EvidenceApi& { return *evidence_api; }};
  LUY_TRY(of_searches.next_seq, findings->next_seq(SearchReader::reader));
  LUY_TRY(auto searches, SearchDesk::open(std::move(of_searches)));
  saved_searches = &searches->book();
  desks.push_back(std::move(searches));
  LUY_TRY(auto checks, PostureDesk::open({core->database(), core->directory().audit(), clock, *inventory,
                                          [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                                          [this](const AgencyId& agency) { return agency_name(agency); },
                                          [this](const finding::Report& report) { return findings->report(report); }}));
  desks.push_back(std::move(checks));
  LUY_TRY(const auto limits, patch_limits(pack));
  LUY_TRY(auto vulnerabilities,
          VulnerabilityDesk::open({core->database(),
                                   core->directory().audit(),
                                   clock,
                                   random,
                                   *inventory,
                                   limits,
                                   options.data / "vulnerabilities",
                                   core->folder().root() / "uploads" / "lists",
                                   [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                                   [this](const AgencyId& agency) { return agency_name(agency); },
                                   [this] { return town(); },
                                   {}}));
  desks.push_back(std::move(vulnerabilities));
  LUY_TRY(auto of_software,
          SoftwareDesk::open({core->database(), core->directory().audit(), clock, random, *inventory, *policies,
                              core->orders_key(),
                              [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                              [this](const AgencyId& agency) { return agency_name(agency); },
                              [this](const AccountId& id) -> std::optional<AgencyId> {
                                const auto found = std::as_const(core->directory()).accounts().find(id);
                                return found ? std::optional(found->agency) : std::nullopt;
                              },
                              [this](const finding::Report& report) { return findings->report(report); }}));
  software_desk = of_software.get();
  desks.push_back(std::move(of_software));
  LUY_TRY(auto of_antivirus,
          SignatureDesk::open({core->database(), core->directory().audit(), clock, random, *inventory, pack,
                               core->folder().root() / "signatures", options.data / "clamav",
                               core->folder().root() / "uploads" / "signatures",
                               [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                               [this](const AgencyId& agency) { return agency_name(agency); },
                               [this] { return town(); }, [this] { note_policies(); }}));
  signatures = of_antivirus.get();
  desks.push_back(std::move(of_antivirus));
  LUY_TRY(
      auto of_releases,
      ReleaseDesk::open({core->database(), core->directory().audit(), core->directory().acts(), clock, random,
                         *inventory, core->folder().root() / "releases", core->folder().root() / "uploads" / "releases",
                         [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                         [this](const AgencyId& agency) { return agency_name(agency); }, [this] { return town(); }}));
  releases = of_releases.get();
  desks.push_back(std::move(of_releases));
  WitnessDesk::Dependencies of_witnesses{core->database(),
                                         clock,
                                         random,
                                         core->store(),
                                         core->signer(),
                                         core->directory(),
                                         core->agencies(),
                                         core->folder().root() / "notices",
                                         [this] { return url("https", console_listener); },
                                         [this](const finding::Report& report) { return findings->report(report); }};
  LUY_TRY(auto witnesses, WitnessDesk::open(std::move(of_witnesses)));
  witness_book = &witnesses->book();
  desks.push_back(std::move(witnesses));

  CustodyDesk::Dependencies of_custody{
      core->database(),
      clock,
      random,
      core->store(),
      core->writer(),
      core->directory(),
      core->agencies(),
      *inventory,
      pack,
      core->folder().evidence(),
      options.retention_days,
      [this](std::span<const finding::Report> reports) { return findings->report(reports); },
      [this](const DeviceId& device) { return is_silent(device); },
      [this](Day day) {
        const auto check = day_watch->find(day);
        return check && !check->sound();
      },
      options.disk_findings,
      [this] {
        std::vector<std::string> out;
        for (const EvidenceApi::Witness& one : evidence_witnesses()) out.push_back(one.key.vkey());
        return out;
      },
      [this] { note_log_terms(); }};
  LUY_TRY(auto custody, CustodyDesk::open(std::move(of_custody)));
  desks.push_back(std::move(custody));

  BackupDesk::Dependencies of_backups{core->database(),
                                      clock,
                                      random,
                                      core->directory(),
                                      core->agencies(),
                                      *inventory,
                                      *orders,
                                      pack,
                                      core->folder().escrow_key(),
                                      [this](const AgencyId& agency) {
                                        const std::vector<AgencyId> above = core->agencies().lineage(agency);
                                        return above.size() > 1 ? agency_name(above[1]) : std::string();
                                      },
                                      [this](const paper::Document& document) { return incidents->pdf(document); },
                                      [this] { note_policies(); }};
  LUY_TRY(auto of_devices, BackupDesk::open(std::move(of_backups)));
  backups = of_devices.get();
  desks.push_back(std::move(of_devices));
  return {};
}

std::vector<EvidenceApi::Witness> Hub::State::evidence_witnesses() const {
  std::vector<EvidenceApi::Witness> out;
  if (witness_book == nullptr) return out;
  for (Witness& one : witness_book->witnesses()) out.push_back({std::move(one.name), std::move(one.key)});
  return out;
}

bool Hub::State::is_silent(const DeviceId& device) const {
  for (const regulation::Obligation& one : pack.obligations) {
    if (one.check != regulation::Check::monitoring) continue;
    const auto verdict = engine->find(one.id, device.text());
    if (verdict && verdict->state == duty::State::violated) return true;
  }
  return false;
}

std::vector<api::Route> Hub::State::desk_routes() {
  std::vector<api::Route> all;
  for (const auto& one : desks) {
    std::vector<api::Route> some = one->routes();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace luy::hub
