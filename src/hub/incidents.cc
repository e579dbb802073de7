// The running hub's part for incidents: their desk, what the API needs from elsewhere, reminders, holds.
#include <algorithm>

#include "base/log.h"
#include "base/utf8.h"
#include "base/vietnamese.h"
#include "evidence/archive.h"
#include "evidence/package.h"
#include "hub/backup_desk.h"
#include "hub/event_query.h"
#include "hub/source_parts.h"
#include "hub/state.h"
#include "incident/api.h"
#include "signature/token_process.h"
#include "signature/worker.h"

namespace luy::hub {
namespace {

constexpr std::size_t name_bytes_min = 3;  // A shorter name of a device stands in any text.

void complain(std::string_view what, const Error& error) {
  log(LogLevel::error, "hub", std::string(what) + ": " + error.text());
}

}  // namespace

Result<void> Hub::State::open_incidents(const regulation::Calendar& calendar) {
  trust = std::make_unique<seal::TrustDesk>(core->folder().trust(), clock);
  IncidentDesk::Dependencies of_desk{
      core->database(),
      core->directory().audit(),
      clock,
      random,
      pack,
      options.pack,
      calendar,
      core->folder().files(),
      core->folder().trust(),
      *trust,
      [this](const AccountId& account) { return std::as_const(core->directory()).accounts().find(account); },
      [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
      [this](const AgencyId& agency) { return core->agencies().find(agency); },
      [this](const AgencyId& agency) {
        const auto profile = std::as_const(core->directory()).profiles().find(agency);
        return profile ? *profile : directory::AgencyProfile();
      },
      [this] {
        auto all = std::as_const(core->directory()).accounts().list();
        return all ? *std::move(all) : std::vector<directory::Account>();
      },
      [this](const AgencyId& agency) { return head_of(agency); },
      [this] { return core->store().last_checkpoint(); },
      [this](const incident::Case& one, std::string_view change) { publish_incident(one, change, {}); },
      [this](const AgencyId& agency) {
        if (pipeline) pipeline->note_findings(agency);
      },
      [this](const DeviceId& device) { return device_name(device); },
      [this] { return stored_days(); },
      [this](const AgencyId& agency, const incident::EventSpan& span, const incident::TakeFile& take) {
        return export_events(agency, span, take);
      },
      [this](const std::string& review) { return review_page(review); }};
  LUY_TRY(incidents, IncidentDesk::open(std::move(of_desk)));
  core->directory().acts().add_kind(std::string(incident::signer_add_act), incidents->signers().add_act());
  core->directory().acts().add_kind(std::string(incident::hold_release_act), incidents->cases().release_act());
  seals = std::make_unique<seal::SealDesk>(
      seal::SealDesk::Dependencies{core->folder().seals(), signature::worker_program(), signature::token_program(),
                                   std::filesystem::path(paper::font_folder_default), clock, random});
  return {};
}

void Hub::State::start_errands() {
  errands = std::make_unique<Timetable>(clock);
  errands->every(std::chrono::minutes(1), [this] {
    if (auto fetched = trust->refresh_if_due(); !fetched) complain("revocation lists", fetched.error());
  });
  errands->start();
}

void Hub::State::open_inbound() {
  inbound = std::make_unique<incident::InboundBook>(incident::InboundBook::Dependencies{
      core->database(), core->directory().audit(), clock, random, incidents->vault(), signs->indicators()});
}

std::string Hub::State::head_of(const AgencyId& agency) const {
  const auto all = std::as_const(core->directory()).accounts().list();
  std::string out;
  if (!all) return out;
  const Day today = day_of(clock.now());
  for (const directory::Account& one : *all) {
    const auto heads = [&](const directory::Grant& grant) {
      return grant.role == directory::Role::agency_head && grant.agency == agency && grant.valid_on(today);
    };
    if (!one.enabled || std::none_of(one.grants.begin(), one.grants.end(), heads)) continue;
    if (!out.empty()) return {};
    out = one.display_name;
  }
  return out;
}

void Hub::State::publish_incident(const incident::Case& one, std::string_view change, const boost::json::object& more) {
  feed->publish_incident(one.agency, [&] {
    boost::json::object data = more;
    data["id"] = one.id.text();
    data["number"] = one.number;
    data["agency"] = one.agency.text();
    data["state"] = one.state;
    data["change"] = change;
    return boost::json::serialize(data);
  });
}

// Once a minute.
void Hub::State::remind_of_incidents() {
  const auto told = incidents->cases().remind();
  if (!told) return complain("incidents", told.error());
  notice_reminders(*told);
  for (const incident::CaseBook::Told& one : *told) {
    boost::json::object more;
    more["clock"] = one.clock;
    more["kind"] = incident::name_of(one.reminder.kind);
    more["due"] = to_rfc3339(one.due);
    more["to"] = boost::json::array(one.reminder.to.begin(), one.reminder.to.end());
    publish_incident(one.one, "reminder", more);
  }
  if (const auto overdue = incidents->providers().remind(); !overdue) {
    complain("requests to providers", overdue.error());
  }
}

std::optional<duty::RecordState> Hub::State::records_of(const AgencyId& agency, const std::string& record) {
  const auto seq = [&](const std::string& act) {
    return act.empty() ? std::optional<std::uint64_t>() : proofs->seq("of:" + act);
  };
  const auto state_of = [&](const auto& found) {
    duty::RecordState out;
    out.waiting = found.waiting;
    out.kept = found.kept;
    out.urgent = found.urgent;
    out.due_at = found.due_at;
    out.urgent_since = found.since;
    out.urgent_seq = seq(found.act);
    out.newest = found.newest;
    out.newest_seq = seq(found.newest_act);
    out.days = incident::duty_days.count();
    if constexpr (requires { found.due_from; }) out.due_from = found.due_from;
    return out;
  };
  static_assert(incident::duty_days == people::duty_days);
  if (const auto of_backups = backups != nullptr ? backups->duty_record(agency, record) : std::nullopt) {
    duty::RecordState out;
    out.waiting = of_backups->waiting;
    out.kept = of_backups->kept;
    out.urgent = of_backups->urgent;
    out.due_at = of_backups->due_at;
    out.urgent_since = of_backups->since;
    out.urgent_seq = of_backups->urgent_seq;
    out.newest = of_backups->newest;
    out.newest_seq = of_backups->newest_seq;
    out.days = of_backups->days;
    return out;
  }
  if (const auto of_people = people_desk->duty_record(agency, record)) return state_of(*of_people);
  static_assert(incident::duty_days == premises::duty_days);
  if (const auto of_premises = premises->duty_record(agency, record)) return state_of(*of_premises);
  const auto of_incidents = incidents->duty_record(agency, record);
  return of_incidents ? std::optional(state_of(*of_incidents)) : std::nullopt;
}

std::optional<std::string> Hub::State::own_device(const AgencyId& agency, const std::string& text,
                                                  const std::vector<DeviceId>& devices) const {
  const std::string folded = fold_vietnamese(text);
  for (const inventory::StatePointer& state : inventory->states()) {
    const inventory::Device& device = state->device;
    if (device.agency != agency) continue;
    const bool is_named =
        device.name.size() >= name_bytes_min && folded.find(fold_vietnamese(device.name)) != std::string::npos;
    const bool is_linked = std::find(devices.begin(), devices.end(), device.id) != devices.end();
    if (is_named || is_linked) return device.name;
  }
  return std::nullopt;
}

incident::ApiDependencies Hub::State::incident_api() {
  return {incidents->cases(),
          incidents->reports(),
          incidents->signers(),
          incidents->warnings(),
          incidents->office(),
          incidents->life(),
          incidents->contacts(),
          *inbound,
          *findings,
          incidents->vault(),
          incidents->forms(),
          core->directory(),
          clock,
          [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
          [this] {
            std::vector<incident::ApiDependencies::Named> out;
            for (const directory::Agency& one : core->agencies().all()) {
              if (one.valid_on(day_of(clock.now()))) out.push_back({one.id, one.name});
            }
            return out;
          },
          [this](const AgencyId& agency) {
            const auto found = core->agencies().find(agency);
            return found ? found->name : std::string();
          },
          [this](const AgencyId& agency) { return agency_exists(agency); },
          [this](const DeviceId& device) { return device_name(device); },
          [this](const AgencyId& agency, const std::string& text, const std::vector<DeviceId>& devices) {
            return own_device(agency, text, devices);
          },
          [this](const std::string& act) { return proofs->seq("of:" + act); },
          [this] { return stored_days(); },
          [this](const paper::Document& document) { return incidents->pdf(document); },
          [this](std::string_view docx) { return incidents->pdfa().convert(docx); },
          [this](const AgencyId& agency, std::string_view signed_pdf, const paper::Document& document) {
            return put_seal(agency, signed_pdf, document);
          },
          [this](const AgencyId& agency) { return seal_name(agency); },
          incidents->handovers(),
          [this](const AgencyId& agency, std::uint64_t seq) { return seen_event(agency, seq); },
          incidents->systems(),
          [this](const DeviceId& device) { return agency_of(device); },
          [this] { return town(); },
          incidents->providers()};
}

std::optional<incident::SeenEvent> Hub::State::seen_event(const AgencyId& agency, std::uint64_t seq) const {
  const auto record = core->store().read(seq);
  if (!record) return std::nullopt;
  const SourceParts source = split_source(record->source);
  if (source.agency != agency.text()) return std::nullopt;
  const event::Event event = hub::event_of(*record);
  const std::string_view message = event.text(event::Field::message);
  return incident::SeenEvent{event.time.value_or(record->received),
                             message.empty() ? to_utf8(record->raw) : std::string(message),
                             DeviceId::parse(source.device)};
}

std::vector<Day> Hub::State::stored_days() const {
  std::vector<Day> out;
  const auto days_stored = core->store().days();
  if (!days_stored) return out;
  for (const evidence::DayInfo& one : *days_stored) out.push_back(one.day);
  return out;
}

Result<incident::ExportedEvents> Hub::State::export_events(const AgencyId& agency, const incident::EventSpan& span,
                                                           const incident::TakeFile& take) const {
  static_assert(incident::handover_records_max == evidence::package_records_max);
  const evidence::Archive* archive = core->store().archive();
  if (archive == nullptr) return Error(evidence::store_empty, "archive");
  evidence::SearchQuery query;
  query.from = span.from;
  query.until = span.to;
  query.limit = incident::handover_records_max;
  // A device's records in another agency, before it came or after it went, are not the case's.
  query.source_prefix = agency.text() + "/";
  for (const DeviceId& device : span.devices)
    query.source_prefixes.push_back(query.source_prefix + device.text() + "/");
  LUY_TRY(const evidence::Question everything, evidence::Question::parse(""));
  const evidence::PackageSeal seal{core->signer(), clock.now()};
  const auto done = evidence::write_package(*archive, everything, std::move(query), take, &seal);
  if (!done && done.error().is(evidence::record_unknown)) return Error(incident::handover_no_events);
  if (!done) return done.error();
  return incident::ExportedEvents{done->records, done->uncovered, done->complete};
}

std::optional<AgencyId> Hub::State::town() const {
  const directory::Object top = core->agencies().hub_object();
  return top.agencies.empty() ? std::nullopt : std::optional(top.agencies.front());
}

Result<std::string> Hub::State::seal_name(const AgencyId& agency) const {
  const auto found = core->agencies().find(agency);
  if (!found) return std::string();
  LUY_TRY(const std::vector<seal::Seal> all, seals->seals());
  const auto own =
      std::find_if(all.begin(), all.end(), [&](const seal::Seal& one) { return one.agency == found->code; });
  return own == all.end() ? std::string() : own->name;
}

std::vector<std::string> Hub::State::time_stamps() const {
  std::vector<std::string> out;
  const auto all = seals->seals();
  if (!all) return out;
  for (const seal::Seal& one : *all) {
    if (!one.time_stamp.empty()) out.push_back(one.time_stamp);
  }
  return out;
}

Result<std::string> Hub::State::put_seal(const AgencyId& agency, std::string_view signed_pdf,
                                         const paper::Document& document) {
  const auto found = core->agencies().find(agency);
  LUY_TRY(seal::SealDesk::Sealed done, seals->seal(found ? found->code : agency.text(), signed_pdf, document));
  return std::move(done.pdf);
}

}  // namespace luy::hub
