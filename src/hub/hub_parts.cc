// Parts of the running hub that need little of the others.
#include <array>

#include "base/log.h"
#include "hub/state.h"
#include "indicator/api.h"
#include "watch/api.h"

namespace luy::hub {

// What the store holds of the device's day, and what verification found. A day too damaged to be read is damaged, not
// empty.
Result<std::optional<duty::DayCoverage>> Hub::State::coverage(const DeviceId& device, Day day) const {
  const auto found = core->store().coverage(device.text(), day);
  const auto check = day_watch->find(day);
  const bool damaged = check && !check->sound();
  if (!found && !damaged) return found.error();
  duty::DayCoverage out;
  const auto proof = [&](DayProof kind) { return proofs->seq(day_key(kind, device, day)); };
  out.logs = proof(DayProof::logs).has_value();
  out.gap_seq = proof(DayProof::gap);
  out.dropped_seq = proof(DayProof::dropped);
  if (found && !*found && !damaged) {
    // An entry of a journal that came later says what happened on a day of which nothing arrived.
    if (out.logs) return std::optional(std::move(out));
    out.hub_off = day < day_of(clock.now()) && !day_watch->received(day);
    return out.hub_off ? std::optional(std::move(out)) : std::optional<duty::DayCoverage>();
  }
  if (found && *found) {
    out.records = (*found)->records;
    out.missing_batches = (*found)->missing_batches;
    out.dropped_records = (*found)->dropped_records;
  }
  if (!check) return std::optional(std::move(out));
  out.damaged = damaged;
  out.damage = {check->fault_vi, check->fault_en};
  out.verified = {check->checked_at, std::nullopt, to_iso(day) + ".sqlite"};
  const auto agency = agency_of(device);
  const auto note = agency ? check->notes.find(*agency) : check->notes.end();
  if (note != check->notes.end()) out.verified->seq = note->second;
  return std::optional(std::move(out));
}

// Days that retention took under a shorter term, and those whose proofs were forgotten, cannot be missed.
duty::LogTerm Hub::State::log_term(const AgencyId& agency) const {
  const evidence::Archive* archive = core->store().archive();
  const auto held = archive == nullptr ? std::vector<std::shared_ptr<evidence::ArchiveDay>>() : archive->list();
  const Day oldest = held.empty() ? day_of(clock.now()) : held.front()->day;
  return {log_terms->days_of(agency), std::max(oldest, proofs->known_from())};
}

void Hub::State::note_log_terms() {
  const auto differs = log_terms->refresh();
  if (!differs) return log(LogLevel::error, "hub", "terms of retention: " + differs.error().text());
  if (*differs && pipeline) pipeline->note_log_terms();
}

void Hub::State::deliver_acts() const {
  if (auto told = core->directory().audit().deliver(); !told) {
    log(LogLevel::error, "hub", "audit trail: " + told.error().text());
  }
}

Result<void> Hub::State::open_trail() {
  std::vector<AgencyId> agencies;
  for (const directory::Agency& one : core->agencies().all()) agencies.push_back(one.id);
  LUY_TRY(trail, AuditIndex::open(core->store(), core->database(), agencies, inventory->next_seq()));
  return {};
}

std::vector<api::Route> Hub::State::trail_routes() {
  audit_api.reset(new AuditApi{*evidence_api, *trail, core->signer(), core->directory().audit(),
                               std::as_const(core->directory()).acts(), random, incidents->vault().scratch()});
  return audit_routes(*audit_api);
}

Result<void> Hub::State::open_signs() {
  Signs::Dependencies of_signs{core->database(),
                               core->store(),
                               core->writer(),
                               clock,
                               random,
                               *inventory,
                               options.data / "indicators",
                               [this](const DeviceId& device) { return device_name(device); },
                               {},
                               {},
                               {},
                               options.probe_loopback,
                               {options.watch_pace}};
  for (const finding::FindingPointer& one : findings->all()) {
    if (one->kind == finding::Kind::indicator && one->device) of_signs.told.emplace(*one->device, one->group_key);
  }
  of_signs.report = [this](std::span<const finding::Report> reports, std::optional<finding::Progress> progress) {
    return findings->report(reports, progress);
  };
  of_signs.state_noted = [this](const AgencyId& agency) { pipeline->note_findings(agency); };
  of_signs.next_seq = [this](std::string_view reader) { return findings->next_seq(reader); };
  LUY_TRY(signs, Signs::open(std::move(of_signs)));
  return {};
}

std::vector<duty::ServiceState> Hub::State::services_of(const AgencyId& agency) const {
  using Standing = duty::ServiceState::Standing;
  // In the order of watch::State.
  constexpr std::array standings = {Standing::unknown, Standing::up, Standing::slow, Standing::down, Standing::changed};
  std::vector<duty::ServiceState> out;
  if (!signs) return out;
  const Time now = clock.now();
  for (const watch::View& view : signs->services().list()) {
    if (view.service.agency != agency || !view.service.enabled) continue;
    duty::ServiceState one;
    one.name = view.service.name;
    one.standing = standings.at(static_cast<std::size_t>(view.state));
    one.since = view.since;
    if (view.announced && view.announced->from <= now) one.announced_until = view.announced->until;
    one.seq = proofs->seq(service_key(view.service.id.text()));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<api::Route> Hub::State::sign_routes() {
  const auto audit = [this](records::Connection& c, const api::Request& request, std::string_view act,
                            std::string_view object,
                            boost::json::object after) { return note_act(c, request, act, object, std::move(after)); };
  watch::ApiDependencies of_watch{signs->services(),
                                  clock,
                                  [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                                  [this](const AgencyId& agency) { return agency_exists(agency); },
                                  audit,
                                  [this] {
                                    deliver_acts();
                                    // Duty 8.2 is judged by what is registered.
                                    for (const directory::Agency& one : core->agencies().all()) {
                                      pipeline->note_findings(one.id);
                                    }
                                  }};
  indicator::ApiDependencies of_indicators{signs->indicators(), clock, [this] { return town(); }, audit,
                                           [this] { deliver_acts(); }};
  std::vector<api::Route> out = watch::routes(std::move(of_watch));
  auto more = indicator::routes(std::move(of_indicators));
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

void Hub::State::schedule_signs() {
  timetable->every(watch::Watch::flush_period, [this] { signs->flush(); });
  timetable->every(std::chrono::seconds(5), [this] { signs->look_at_folder(); });
  timetable->every(std::chrono::seconds(5), [this] { signs->look_at_inventory(); });
}

void Hub::State::stop_readers() {
  for (const auto& one : desks) one->stop();
  if (rule_runs) rule_runs->stop();
  if (detector) detector->stop();
  if (signs) signs->stop();
  if (day_watch) day_watch->stop();
  if (pipeline) pipeline->stop();
}

void Hub::State::start_signs() {
  for (const auto& one : desks) one->start();
  signs->start({server->port(console_listener), server->port(agent_listener), server->port(admin_listener)});
}

}  // namespace luy::hub
