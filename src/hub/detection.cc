// Detection wired into the hub: the book of findings, the rules, the detector, and what the findings' part of the API
// needs from elsewhere.
#include "base/log.h"
#include "detect/builtin.h"
#include "duty/reason.h"
#include "finding/run_api.h"
#include "hub/alarm.h"
#include "hub/source_parts.h"
#include "hub/state.h"
#include "incident/case_link.h"

namespace luy::hub {
namespace {

void complain(std::string_view what, const Error& error) {
  log(LogLevel::error, "hub", std::string(what) + ": " + error.text());
}

// Duty 10.3's time to look at a high finding, as the pack says; nullopt where the pack has no such duty.
std::optional<Duration> triage_time(const regulation::Pack& pack) {
  for (const regulation::Obligation& obligation : pack.obligations) {
    if (obligation.check != regulation::Check::triage) continue;
    const regulation::Parameter* parameter = obligation.parameters.find("triage_hours");
    const Duration* time = parameter != nullptr ? std::get_if<Duration>(&parameter->value) : nullptr;
    if (time != nullptr) return *time;
  }
  return std::nullopt;
}

}  // namespace

Result<void> Hub::State::open_findings() {
  finding::Book::Dependencies of_book{core->database(),
                                      clock,
                                      random,
                                      triage_time(pack),
                                      finding::Severity::high,
                                      [this](std::span<const finding::Change> changes) { publish_findings(changes); }};
  LUY_TRY(findings, finding::Book::open(std::move(of_book)));
  LUY_TRY(sources, finding::SourceBook::open(core->database(), clock));
  finding::RuleFolder own{{}, detect::builtin_routing()};
  if (!options.rules.empty()) {
    LUY_TRY(own, finding::read_rule_folder(options.rules));
  }
  finding::RuleBook::Dependencies of_rules{core->database(),
                                           clock,
                                           random,
                                           std::move(own.rules),
                                           core->folder().rules(),
                                           std::move(own.routing),
                                           [this] {
                                             if (detector) detector->note_rules();
                                           },
                                           sources.get()};
  LUY_TRY(rules, finding::RuleBook::open(std::move(of_rules)));
  for (const finding::RefusedRule& one : rules->library()->refused) {
    if (one.origin == finding::Origin::own) complain("detection rules", one.refusal.error);
  }
  const finding::RuleActs of_acts{*rules, clock, [this] { return core->agencies().hub_object(); },
                                  [this](const AgencyId& agency) { return core->agencies().lineage(agency); }};
  for (auto& [name, kind] : finding::rule_acts(of_acts)) {
    core->directory().acts().add_kind(std::string(name), std::move(kind));
  }
  detections = std::make_unique<finding::DutyDetections>(*findings, *rules, *sources, clock);
  LUY_TRY(runs, finding::RunBook::open({core->database(), clock, random}));
  return {};
}

void Hub::State::open_detector() {
  detector = std::make_unique<Detector>(
      Detector::Dependencies{core->store(), clock, *findings, *rules,
                             [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                             [this](const DeviceId& device) { return device_name(device); },
                             [this] {
                               for (const directory::Agency& one : core->agencies().all()) {
                                 pipeline->note_findings(one.id);
                               }
                             },
                             sources.get(), [this](const AgencyId& agency) { pipeline->note_findings(agency); }});
  rule_runs = std::make_unique<RuleRuns>(RuleRuns::Dependencies{
      core->store(), clock, *findings, *rules, *runs,
      [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
      [this] { return detector->counters().revision >= rules->revision(); }, options.rule_run_cpu_percent});
}

duty::TriageState Hub::State::triage_of(const AgencyId& agency) const {
  const finding::Triage found = findings->triage(agency);
  duty::TriageState out;
  out.waiting = found.waiting;
  if (const auto& urgent = found.most_urgent) {
    out.urgent = urgent->title;
    out.due_at = urgent->due_at;
    out.urgent_since = urgent->opened_at;
    if (urgent->members > 0) out.urgent_seq = urgent->first_seq;
  }
  out.looked_at = found.looked_at;
  out.late = found.late;
  out.days = finding::triage_days.count();
  if (const auto& newest = found.newest) {
    out.newest = newest->looked_at;
    out.newest_seq = newest->act.empty() ? std::nullopt : proofs->seq("of:" + newest->act);
  }
  if (detector) out.rules = detector->counters().rules;
  return out;
}

duty::Detections Hub::State::detections_of(const AgencyId& agency) {
  std::vector<DeviceId> devices;
  for (const inventory::StatePointer& state : inventory->states()) {
    if (state->device.agency == agency && !state->device.retired_at) devices.push_back(state->device.id);
  }
  duty::Detections out;
  for (const auto& [device, kinds] : detections->of(agency, devices)) {
    for (const auto& [record, found] : kinds) {
      duty::DetectionState& state = out[device][record];
      state.waiting = found.waiting;
      state.handled = found.handled;
      state.days = finding::detection_days.count();
      state.rules = found.rules;
      if (found.urgent) {
        state.urgent = found.urgent->title;
        state.opened_at = found.urgent->opened_at;
        if (found.urgent->members > 0) state.urgent_seq = found.urgent->first_seq;
      }
      if (found.newest) {
        state.newest = found.newest->state_at;
        state.newest_seq = found.newest->act.empty() ? std::nullopt : proofs->seq("of:" + found.newest->act);
      }
      if (found.log) {
        state.last_log = found.log->last;
        state.last_log_seq = found.log->seq;
        state.watched_until = found.log->last + finding::source_days;
      }
    }
  }
  return out;
}

Result<void> Hub::State::note_act(records::Connection& c, const api::Request& request, std::string_view act,
                                  std::string_view object, boost::json::object after) {
  directory::AuditEntry entry;
  entry.act = act;
  entry.object = object;
  entry.after = std::move(after);
  return core->directory().audit().note(c, api::caller_of(request), entry);
}

std::optional<boost::json::object> Hub::State::visible_event(const api::Request& request, std::uint64_t seq) const {
  const auto record = core->store().read(seq);
  if (!record || !request.actor) return std::nullopt;
  const SourceParts source = split_source(record->source);
  const auto agency = AgencyId::parse(source.agency);
  const directory::Object object = agency ? core->agencies().object(*agency) : core->agencies().hub_object();
  if (!directory::may(*request.actor, directory::Action::evidence_search, object).allowed) return std::nullopt;
  const auto device = DeviceId::parse(source.device);
  return event_json(*record, device ? device_name(*device) : std::string());
}

finding::ApiDependencies Hub::State::finding_api() {
  return {*findings,
          *rules,
          clock,
          random,
          [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
          [this](const AgencyId& agency) {
            const auto found = core->agencies().find(agency);
            return found ? found->name : std::string();
          },
          [this](const DeviceId& device) { return device_name(device); },
          [this] { return core->agencies().hub_object(); },
          [this](const api::Request& request, std::uint64_t seq) { return visible_event(request, seq); },
          [this](const api::Request& request) { search_log->note(request, search_act); },
          [this](records::Connection& c, const api::Request& request, std::string_view act, std::string_view object,
                 boost::json::object after) { return note_act(c, request, act, object, std::move(after)); },
          [this] {
            if (auto told = core->directory().audit().deliver(); !told) complain("audit trail", told.error());
          },
          [this](const api::Request& request, std::string_view kind, const boost::json::object& body,
                 const std::optional<AgencyId>& wanted) {
            const directory::Object place = core->agencies().hub_object();
            LUY_CHECK(!place.agencies.empty());  // Whoever may do it holds it in an agency.
            return core->directory().acts().propose(api::caller_of(request), kind, body,
                                                    wanted.value_or(place.agencies.front()));
          },
          [this](const api::Request& request, const std::vector<finding::FindingId>& ids, const std::string& into) {
            return incident::findings_into_case(incident_api(), request, ids, incident::CaseId::parse(into));
          },
          [this](const std::string& service) {
            const auto id = watch::ServiceId::parse(service);
            const auto found = id && signs ? signs->services().find(*id) : std::nullopt;
            return found && found->service.kind == watch::Kind::dns;
          },
          [this](std::span<const finding::FindingId> ids) {
            std::map<finding::FindingId, boost::json::object> out;
            const auto found = incident::cases_of_findings(core->database(), ids);
            if (!found) {
              complain("incidents", found.error());
              return out;
            }
            for (const auto& [id, one] : *found) out[id] = {{"id", one.id.text()}, {"number", one.number}};
            return out;
          }};
}

// Findings, rules, runs of rules, and what the logs know of somebody or something.
std::vector<api::Route> Hub::State::detection_routes() {
  const finding::ApiDependencies of_findings = finding_api();
  const finding::RunApiDependencies of_runs{*runs,
                                            [this](const directory::Actor& actor, directory::Action action) {
                                              return core->agencies().visible(actor, action);
                                            },
                                            of_findings};
  entity_api.reset(new EntityApi{
      core->store(), core->agencies(), clock, of_findings,
      EntityFacts{core->database(), *inventory, signs->indicators(), core->directory(), core->agencies(), clock}});
  std::vector<api::Route> all = finding::routes(of_findings);
  link_api.reset(new LinkApi{core->store(), core->agencies(), clock, of_findings,
                             [this](const DeviceId& device) { return agency_of(device); }, evidence_api->searches});
  for (auto& part : {finding::rule_routes(of_findings), finding::run_routes(of_runs), entity_routes(*entity_api),
                     link_routes(*link_api)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

// What the audit trail rings about is a finding, and with it an event on every open console that sees findings.
void Hub::State::report_alarm(const evidence::Record& record) {
  const directory::Object top = core->agencies().hub_object();
  if (top.agencies.empty()) return;
  const auto report = alarm_of(record, top.agencies.front(), [this](const AccountId& id) {
    const auto account = std::as_const(core->directory()).accounts().find(id);
    return account ? account->username : std::string();
  });
  if (!report) return;
  if (auto told = findings->report(*report); !told) complain("findings", told.error());
}

// A device that stops reporting is a finding, too: what follows an intrusion may be silence.
void Hub::State::report_silence(std::span<const duty::VerdictChange> changes) {
  std::vector<finding::Report> reports;
  for (const duty::VerdictChange& change : changes) {
    const duty::Verdict& verdict = change.verdict;
    const regulation::Obligation* obligation = pack.obligation(verdict.obligation);
    if (obligation == nullptr || obligation->check != regulation::Check::monitoring) continue;
    if (change.gone || !verdict.device || verdict.state != duty::State::violated || !change.before ||
        *change.before == duty::State::violated) {
      continue;
    }
    finding::Report report;
    report.kind = finding::Kind::silence;
    report.group_key = "silent|" + verdict.device->text();
    report.severity = finding::Severity::medium;
    report.title = {verdict.subject.name + " không gửi dữ liệu nữa", verdict.subject.name + " has fallen silent"};
    report.story = duty::to_text(verdict.reason);
    report.agency = verdict.agency;
    report.device = verdict.device;
    report.entities = {{finding::EntityType::device, verdict.device->text()}};
    for (const duty::Proof& proof : verdict.proof) {
      if (proof.seq) report.seqs.push_back(*proof.seq);
    }
    report.further = report.seqs.empty() ? 1 : 0;
    report.first = verdict.since;
    report.last = verdict.judged_at;
    reports.push_back(std::move(report));
  }
  if (reports.empty()) return;
  if (auto told = findings->report(reports); !told) complain("findings", told.error());
}

}  // namespace luy::hub
