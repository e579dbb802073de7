#include "hub/incident_desk.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/log.h"
#include "incident/place.h"
#include "incident/provider_page.h"
#include "signature/worker.h"

namespace luy::hub {
namespace {

// What may stand in a document's symbol (paper/number.h): capitals, digits, hyphens.
std::string symbol_of(const std::string& code) {
  std::string out;
  for (const char c : code) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const bool fits = (upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') || upper == '-';
    if (fits) out += upper;
  }
  return out;
}

// At the head of a paper: in capitals, whose committee it is on a line of its own (decree 30/2020, forms 1.4 to 1.9).
std::string head_line(const std::string& name) {
  constexpr std::string_view committee = "ỦY BAN NHÂN DÂN ";
  std::string out = paper::capitals(name);
  if (out.starts_with(committee)) out[committee.size() - 1] = '\n';
  return out;
}

}  // namespace

Result<std::unique_ptr<IncidentDesk>> IncidentDesk::open(Dependencies dependencies) {
  std::unique_ptr<IncidentDesk> desk(new IncidentDesk(std::move(dependencies)));
  LUY_TRY_VOID(desk->load());
  return desk;
}

Result<void> IncidentDesk::load() {
  LUY_TRY(process_, incident::load_process(d_.pack_folder, d_.pack));
  LUY_TRY(playbooks_, incident::load_playbooks(d_.pack_folder, process_));
  LUY_TRY(forms_, incident::FormBook::open({d_.database, d_.audit, d_.clock, process_, d_.pack_folder}));
  LUY_TRY(vault_, incident::Vault::open(d_.files));
  signers_ = std::make_unique<incident::SignerBook>(
      incident::SignerBook::Dependencies{d_.database, d_.audit, d_.clock, d_.random});
  signatures_ = std::make_unique<incident::WorkerSignatures>(incident::WorkerSignatures::Dependencies{
      *signers_, d_.clock, signature::worker_program(), d_.trust, d_.account, d_.lineage,
      [this] { return d_.responders.is_online(); },
      [this](const std::vector<std::string>& chain) {
        seal::OcspAnswers said = d_.responders.ask(chain);
        return incident::Revocation{std::move(said.der), std::move(said.problem)};
      }});
  life_ = std::make_unique<incident::PaperLife>(incident::PaperLife::Dependencies{
      d_.clock, process_, *forms_, *vault_, [this](const paper::Document& document) { return pdf(document); },
      *signatures_, [this] { return mark(); }, [this](const AgencyId& agency) { return accounts_of(agency); }});
  cases_ = std::make_unique<incident::CaseBook>(incident::CaseBook::Dependencies{
      d_.database, d_.audit, d_.clock, d_.random, process_, playbooks_, d_.calendar, *forms_, *vault_, *life_,
      [this](const AgencyId& agency) { return issuer_of(agency); },
      [this](const incident::Case& one, std::string_view change) {
        forget(one.agency);
        d_.changed(one, change);
      }});
  reports_ = std::make_unique<incident::ReportBook>(
      incident::ReportBook::Dependencies{d_.database, d_.audit, d_.clock, d_.random, *cases_, *vault_,
                                         [this](const AgencyId& agency) { forget(agency); }});
  warnings_ = std::make_unique<incident::WarningBook>(incident::WarningBook::Dependencies{
      d_.database, d_.audit, d_.clock, d_.random, [this](const std::vector<AgencyId>& agencies) {
        for (const AgencyId& agency : agencies) forget(agency);
      }});
  systems_ = std::make_unique<incident::SystemBook>(
      incident::SystemBook::Dependencies{d_.database, d_.audit, d_.clock, d_.random});
  handovers_ = std::make_unique<incident::HandoverDesk>(
      incident::HandoverDesk::Dependencies{*cases_, *vault_, d_.clock, d_.random,
                                           [this](const AgencyId& id) {
                                             const auto agency = d_.agency(id);
                                             return agency ? agency->name : std::string();
                                           },
                                           d_.device_name, d_.stored_days, d_.export_events});
  office_ = std::make_unique<incident::OfficeBook>(incident::OfficeBook::Dependencies{
      d_.database, d_.audit, d_.clock, d_.random, process_, *forms_, *life_, *cases_, *warnings_,
      [this](const AgencyId& agency) {
        const auto found = d_.agency(agency);
        return found ? found->name : std::string();
      },
      d_.lineage,
      [this](incident::PaperOwner kind, const std::string& about, const std::string& by) {
        return page_of(kind, about, by);
      }});
  contacts_ = std::make_unique<incident::ContactBook>(
      incident::ContactBook::Dependencies{d_.database, d_.audit, d_.clock, d_.random, process_});
  providers_ = std::make_unique<incident::ProviderBook>(
      incident::ProviderBook::Dependencies{d_.database, d_.audit, d_.clock, d_.random, *cases_, d_.lineage,
                                           [this](const AgencyId& agency) { forget(agency); }});
  return {};
}

Result<incident::OwnerPage> IncidentDesk::page_of(incident::PaperOwner kind, const std::string& about,
                                                  const std::string& by) const {
  if (kind == incident::PaperOwner::provider_request) {
    const auto id = incident::ProviderRequestId::parse(about);
    if (!id) return Error(incident::paper_about_unknown);
    LUY_TRY(const incident::ProviderRequest request, providers_->find(*id));
    return incident::page_of(request, providers_->rules(), issuer_of(request.agency), by);
  }
  LUY_TRY(incident::OwnerPage page, d_.review_page(about));
  const incident::Issuer issuer = issuer_of(page.agency);
  page.offered = {{"started", incident::local_text(d_.clock.now())},
                  {"venue", issuer.address},
                  {"secretary", incident::person_of(by, issuer)}};
  if (!issuer.head.empty()) page.offered["chair"] = incident::person_of(issuer.head, issuer);
  return page;
}

// A town's duty rests on what its agencies do.
void IncidentDesk::forget(const AgencyId& agency) {
  const std::vector<AgencyId> above = d_.lineage(agency);
  {
    const std::lock_guard lock(recording_);
    for (const AgencyId& one : above) records_.erase(one);
    ++changes_;
  }
  for (const AgencyId& one : above) d_.judged_anew(one);
}

std::optional<incident::DutyRecord> IncidentDesk::duty_record(const AgencyId& agency, const std::string& record) {
  const auto look = [&]() -> std::optional<std::optional<incident::DutyRecord>> {
    const std::lock_guard lock(recording_);
    const auto known = records_.find(agency);
    if (known == records_.end()) return std::nullopt;
    const auto found = known->second.find(record);
    return found == known->second.end() ? std::optional<incident::DutyRecord>() : std::optional(found->second);
  };
  if (auto found = look()) return *found;
  const std::uint64_t before = [this] {
    const std::lock_guard lock(recording_);
    return changes_;
  }();
  const auto is_below = [this](const AgencyId& one, const AgencyId& over) {
    const std::vector<AgencyId> above = d_.lineage(one);
    return std::find(above.begin(), above.end(), over) != above.end();
  };
  auto fresh = incident::duty_records(*cases_, *reports_, *warnings_, agency, is_below, d_.clock.now());
  if (!fresh) {
    log(LogLevel::error, "hub", "incidents: " + fresh.error().text());
    return std::nullopt;
  }
  if (const auto added = incident::add_provider_records(*providers_, agency, d_.clock.now(), *fresh); !added) {
    log(LogLevel::error, "hub", "requests to providers: " + added.error().text());
    return std::nullopt;
  }
  const auto found = fresh->find(record);
  std::optional<incident::DutyRecord> out;
  if (found != fresh->end()) out = found->second;
  const std::lock_guard lock(recording_);
  if (changes_ == before) records_[agency] = *std::move(fresh);
  return out;
}

Result<std::string> IncidentDesk::pdf(const paper::Document& document) {
  const std::lock_guard lock(rendering_);
  if (!renderer_) {
    LUY_TRY(renderer_, paper::PdfRenderer::open());
  }
  LUY_TRY(paper::Pdf made, renderer_->render(document));
  return std::move(made.bytes);
}

std::optional<paper::EvidenceMark> IncidentDesk::mark() const {
  const auto newest = d_.checkpoint();
  if (!newest) return std::nullopt;
  const std::string root = to_hex(newest->root), size = std::to_string(newest->size);
  return paper::EvidenceMark{"luy:evidence/" + size + "/" + root, "Mã gốc nhật ký số (" + size + " bản ghi): " + root};
}

std::vector<incident::NamedAccount> IncidentDesk::accounts_of(const AgencyId& agency) const {
  const std::vector<AgencyId> above = d_.lineage(agency);
  std::vector<incident::NamedAccount> out;
  for (const directory::Account& one : d_.accounts()) {
    if (!one.enabled || std::find(above.begin(), above.end(), one.agency) == above.end()) continue;
    out.push_back({one.id.text(), one.display_name, one.username});
  }
  return out;
}

incident::Issuer IncidentDesk::issuer_of(const AgencyId& id) const {
  incident::Issuer out;
  const auto agency = d_.agency(id);
  if (!agency) return out;
  out.name = agency->name;
  out.letterhead.agency = agency->name;
  out.letterhead.issuer = head_line(agency->header_name.empty() ? agency->name : agency->header_name);
  out.letterhead.symbol = symbol_of(agency->code);
  const auto superior = agency->superior ? d_.agency(*agency->superior) : std::nullopt;
  if (superior) {
    out.superior = superior->name;
    out.letterhead.superior = head_line(superior->header_name.empty() ? superior->name : superior->header_name);
  }
  const directory::AgencyProfile profile = d_.profile(id);
  if (!profile.superior_header.empty()) out.letterhead.superior = head_line(profile.superior_header);
  out.address = profile.address;
  out.letterhead.place = incident::place_from(agency->name, profile.address);
  if (out.letterhead.place.empty()) out.letterhead.place = process_.place;
  if (!profile.contacts.empty()) {
    out.phone = profile.contacts.front().phone;
    out.email = profile.contacts.front().email;
  }
  out.head = d_.head(id);
  return out;
}

}  // namespace luy::hub
