// Incidents wired into the hub: the process of the pack, its forms and playbooks, the vault of files, the books of
// cases, reports and signing certificates.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "directory/profile.h"
#include "evidence/note.h"
#include "hub/pdfa.h"
#include "incident/case_book.h"
#include "incident/contact_book.h"
#include "incident/duty_record.h"
#include "incident/handover.h"
#include "incident/office_book.h"
#include "incident/provider_book.h"
#include "incident/report_book.h"
#include "incident/signer_book.h"
#include "incident/system_book.h"
#include "incident/warning_book.h"
#include "paper/pdf.h"
#include "seal/trust.h"

namespace luy::hub {

class IncidentDesk {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const regulation::Pack& pack;
    std::filesystem::path pack_folder;
    regulation::Calendar calendar;
    std::filesystem::path files;  // Of the vault.
    std::filesystem::path trust;  // Folders anchors, issuers, crls, ocsp (incident/signer_book.h).
    seal::TrustDesk& responders;  // Of the same folder.
    std::function<Result<directory::Account>(const AccountId&)> account;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::optional<directory::Agency>(const AgencyId&)> agency;
    std::function<directory::AgencyProfile(const AgencyId&)> profile;
    std::function<std::vector<directory::Account>()> accounts;
    std::function<std::string(const AgencyId&)> head;  // The name of who heads it; empty for none or several.
    std::function<std::optional<evidence::Checkpoint>()> checkpoint;  // The newest.
    std::function<void(const incident::Case&, std::string_view change)> changed;
    // Of an agency: what its duties are judged by is another now.
    std::function<void(const AgencyId&)> judged_anew;
    std::function<std::string(const DeviceId&)> device_name;
    std::function<std::vector<Day>()> stored_days;  // Of the evidence.
    std::function<Result<incident::ExportedEvents>(const AgencyId&, const incident::EventSpan&,
                                                   const incident::TakeFile&)>
        export_events;  // HandoverDesk::Dependencies
    // What an access review says of itself, without what a draft offers. Errors: those of people::ReviewBook::find().
    std::function<Result<incident::OwnerPage>(const std::string& review)> review_page;
  };
  // Errors: those of load_process(), load_playbooks(), FormBook::open(), Vault::open().
  static Result<std::unique_ptr<IncidentDesk>> open(Dependencies dependencies);

  incident::CaseBook& cases() { return *cases_; }
  incident::ReportBook& reports() { return *reports_; }
  incident::SignerBook& signers() { return *signers_; }
  incident::WarningBook& warnings() { return *warnings_; }
  incident::HandoverDesk& handovers() { return *handovers_; }
  incident::OfficeBook& office() { return *office_; }
  const incident::PaperLife& life() const { return *life_; }
  PdfaDesk& pdfa() { return pdfa_; }
  incident::SystemBook& systems() { return *systems_; }
  incident::ContactBook& contacts() { return *contacts_; }
  incident::ProviderBook& providers() { return *providers_; }
  // What is on record in an agency for a duty, as it is kept in memory; nullopt for what is not kept here. Any thread.
  std::optional<incident::DutyRecord> duty_record(const AgencyId& agency, const std::string& record);
  const incident::Vault& vault() const { return *vault_; }
  incident::FormBook& forms() { return *forms_; }
  // Any thread, one at a time. Errors: font_missing where no font is installed, those of PdfRenderer::render().
  Result<std::string> pdf(const paper::Document& document);

 private:
  explicit IncidentDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  void forget(const AgencyId& agency);
  // The root of the evidence as it was signed last.
  std::optional<paper::EvidenceMark> mark() const;
  incident::Issuer issuer_of(const AgencyId& agency) const;
  Result<incident::OwnerPage> page_of(incident::PaperOwner kind, const std::string& about, const std::string& by) const;
  // In use, of the agency and of those above it.
  std::vector<incident::NamedAccount> accounts_of(const AgencyId& agency) const;

  const Dependencies d_;
  incident::Process process_;
  incident::Playbooks playbooks_;
  std::optional<incident::Vault> vault_;
  std::unique_ptr<incident::FormBook> forms_;
  std::unique_ptr<incident::SignerBook> signers_;
  std::unique_ptr<incident::WorkerSignatures> signatures_;
  std::unique_ptr<incident::PaperLife> life_;
  std::unique_ptr<incident::CaseBook> cases_;
  std::unique_ptr<incident::ReportBook> reports_;
  std::unique_ptr<incident::WarningBook> warnings_;
  std::unique_ptr<incident::HandoverDesk> handovers_;
  std::unique_ptr<incident::OfficeBook> office_;
  PdfaDesk pdfa_{soffice_programs(), std::filesystem::temp_directory_path()};
  std::unique_ptr<incident::SystemBook> systems_;
  std::unique_ptr<incident::ContactBook> contacts_;
  std::unique_ptr<incident::ProviderBook> providers_;

  std::mutex recording_;  // Guards what follows. Not held while the database is asked.
  std::map<AgencyId, std::map<std::string, incident::DutyRecord>> records_;
  std::uint64_t changes_ = 0;  // What was read before one of them is not kept.

  std::mutex rendering_;
  std::optional<paper::PdfRenderer> renderer_;  // Opened by the first paper.
};

}  // namespace luy::hub
