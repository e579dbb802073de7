// Cases as the contract has them.
#include <algorithm>

#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using directory::Action;

json::array fields_of_event(const Transition& transition) {
  constexpr std::string_view types[] = {"text", "time", "case"};
  json::array out;
  for (const EventField& field : transition.fields) {
    out.push_back(json::object{
        {"id", field.id}, {"type", types[static_cast<std::size_t>(field.type)]}, {"label", text_json(field.label)}});
  }
  return out;
}

json::object clock_json(const LegalClock& clock) {
  json::array reminders;
  for (const Reminder& one : clock.reminders) {
    reminders.push_back(
        json::object{{"kind", name_of(one.kind)}, {"at", to_rfc3339(one.at)}, {"to", list_json(one.to)}});
  }
  json::object out;
  out["id"] = clock.rule->id;
  out["title"] = text_json(clock.rule->title);
  out["source"] = text_json(clock.rule->source);
  out["state"] = name_of(clock.state);
  out["started"] = to_rfc3339(clock.started);
  out["due"] = to_rfc3339(clock.due);
  out["stopped"] = time_json(clock.stopped);
  out["left_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(clock.left).count();
  out["at_once"] = clock.rule->at_once;
  out["reminders"] = std::move(reminders);
  return out;
}

json::array ways_json(const ApiDependencies& d, const api::Request& request, const CaseFile& file) {
  const std::vector<std::string> held =
      may(d, request, Action::incident_handle, file.one.agency)
          ? roles_counting(request.actor->grants, Action::incident_handle, d.lineage(file.one.agency))
          : std::vector<std::string>();
  json::array out;
  for (const CaseBook::WayOn& way : d.cases.ways_on(file)) {
    const Transition& one = *way.transition;
    const bool allowed = std::any_of(one.roles.begin(), one.roles.end(), [&](const std::string& role) {
      return std::find(held.begin(), held.end(), role) != held.end();
    });
    json::array missing;
    for (const Text& text : way.missing) missing.push_back(text_json(text));
    json::object way_on;
    way_on["event"] = one.event;
    way_on["title"] = text_json(one.title);
    way_on["to"] = one.to;
    way_on["allowed"] = allowed;
    way_on["roles"] = list_json(one.roles);
    way_on["reason"] = one.needs_reason;
    way_on["fields"] = fields_of_event(one);
    way_on["missing"] = std::move(missing);
    out.push_back(std::move(way_on));
  }
  return out;
}

// Where it happened, as far as the case and its findings say.
Whereabouts whereabouts_of(const ApiDependencies& d, const CaseFile& file) {
  Whereabouts out;
  out.agencies = d.lineage(file.one.agency);
  out.system = file.one.system_id;
  out.text = file.one.system + " " + file.one.title;
  const auto add = [&](finding::EntityType type, const std::string& value) {
    if (type == finding::EntityType::domain || type == finding::EntityType::service) out.domains.push_back(value);
    if (type == finding::EntityType::address) out.addresses.push_back(value);
    if (type != finding::EntityType::device) return;
    if (const auto device = DeviceId::parse(value)) out.devices.push_back(*device);
  };
  for (const Part& part : file.parts) {
    if (part.kind != PartKind::entity) continue;
    const auto type = finding::entity_type_from_name(text_at(part.body, "type"));
    if (type) add(*type, text_at(part.body, "value"));
  }
  for (const Link& link : file.links) {
    const auto id = link.kind == "finding" ? finding::FindingId::parse(link.ref) : std::nullopt;
    const finding::FindingPointer found = id ? d.findings.find(*id) : nullptr;
    if (!found) continue;
    if (found->device) out.devices.push_back(*found->device);
    for (const finding::Entity& entity : found->entities) add(entity.type, entity.value);
  }
  return out;
}

json::object ownership(const char* manager, const char* event, const Text& why) {
  return {{"manager", manager},
          {"event", event == nullptr ? json::value(nullptr) : json::value(event)},
          {"why", text_json(why)}};
}

// Proposed from the register of systems, else from the inventory; the officer decides, with a reason. What a provider
// runs for the agency is the agency's own to handle.
json::object ownership_json(const ApiDependencies& d, const CaseFile& file) {
  const Whereabouts where = whereabouts_of(d, file);
  const auto systems = d.systems.list();
  const auto match = systems ? match_system(*systems, where) : std::nullopt;
  if (match) {
    const System& system = *match->system;
    const Text title = title_of(system.manager);
    const std::string vi = match->by.vi.empty() ? "" : ", nhận ra theo " + match->by.vi;
    const std::string en = match->by.en.empty() ? "" : ", recognised by " + match->by.en;
    const Text why{"Sổ hệ thống thông tin: “" + system.name + "” – " + title.vi + vi + ".",
                   "The register of systems: \"" + system.name + "\", managed by " + title.en + en + "."};
    const bool is_provincial = system.manager == SystemManager::province;
    return ownership(is_provincial ? "province" : "agency", is_provincial ? "provincial_system" : "own_system", why);
  }
  if (const auto device = d.own_device(file.one.agency, where.text, where.devices)) {
    return ownership("agency", "own_system",
                     {"Thiết bị " + *device + " thuộc danh mục do cơ quan quản lý.",
                      "The device " + *device + " is in the agency's own inventory."});
  }
  return ownership("unknown", nullptr,
                   {"Sổ hệ thống và danh mục thiết bị của cơ quan không có hệ thống này: kiểm tra hệ thống có đặt tại "
                    "Trung tâm Dữ liệu tỉnh hay không.",
                    "Neither the register of systems nor the agency's inventory holds this system: find out whether it "
                    "is at the provincial data centre."});
}

struct FoundEvent {
  finding::FindingPointer finding;
  std::uint64_t seq = 0;
};

// Of all findings linked, in the order of the evidence, each record once.
std::vector<FoundEvent> events_of(const ApiDependencies& d, const CaseFile& file) {
  std::vector<FoundEvent> out;
  for (const Link& link : file.links) {
    const auto id = link.kind == "finding" ? finding::FindingId::parse(link.ref) : std::nullopt;
    const finding::FindingPointer found = id ? d.findings.find(*id) : nullptr;
    if (!found || out.size() >= events_of_case_max) continue;
    const std::size_t left = std::min(events_per_finding_max, events_of_case_max - out.size());
    const auto seqs = d.findings.members(*id, std::nullopt, left);
    if (!seqs) continue;
    for (const std::uint64_t seq : *seqs) out.push_back({found, seq});
  }
  std::stable_sort(out.begin(), out.end(), [](const FoundEvent& a, const FoundEvent& b) { return a.seq < b.seq; });
  out.erase(std::unique(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.seq == b.seq; }),
            out.end());
  return out;
}

void add_events(const ApiDependencies& d, const CaseFile& file, std::vector<std::pair<Time, json::object>>& entries) {
  std::uint64_t number = file.timeline.empty() ? 0 : file.timeline.back().number;
  for (const FoundEvent& found : events_of(d, file)) {
    const auto event = d.event(file.one.agency, found.seq);
    if (!event) continue;
    const std::string message = clean_text(event->message, event_text_bytes_max);
    const std::string device = event->device ? d.device_name(*event->device) : std::string();
    const std::string text = device.empty() ? message : device + ": " + message;
    json::object data{{"finding", found.finding->id.text()}, {"message", message}};
    data["device"] = event->device ? json::value(event->device->text()) : json::value(nullptr);
    if (found.finding->rule) data["rule"] = found.finding->rule->id;
    json::object one;
    one["number"] = ++number;
    one["at"] = to_rfc3339(event->at);
    one["by"] = "";
    one["kind"] = "event";
    one["text"] = text_json({text, text});
    one["data"] = std::move(data);
    one["seq"] = found.seq;
    entries.emplace_back(event->at, std::move(one));
  }
}

// What people and the hub did, with the events of linked findings between it: text of the logs, for who may search
// them.
json::array timeline_json(const ApiDependencies& d, const api::Request& request, const CaseFile& file) {
  std::vector<std::pair<Time, json::object>> entries;
  for (const TimelineEntry& entry : file.timeline) {
    auto seq = entry.act.empty() ? std::nullopt : d.act_seq(entry.act);
    // Of what became of an order the record is known at once.
    const json::value* known = entry.data.if_contains("seq");
    if (!seq && known != nullptr && known->is_number()) seq = known->to_number<std::uint64_t>();
    json::object one;
    one["number"] = entry.number;
    one["at"] = to_rfc3339(entry.at);
    one["by"] = entry.by;
    one["kind"] = entry.kind;
    one["text"] = text_json(entry.text);
    one["data"] = entry.data;
    one["seq"] = seq ? json::value(*seq) : json::value(nullptr);
    entries.emplace_back(entry.at, std::move(one));
  }
  if (may(d, request, Action::evidence_search, file.one.agency)) add_events(d, file, entries);
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  json::array out;
  for (auto& [at, entry] : entries) out.push_back(std::move(entry));
  return out;
}

json::value link_title(const ApiDependencies& d, const Link& link) {
  if (link.kind == "finding") {
    const auto id = finding::FindingId::parse(link.ref);
    const finding::FindingPointer found = id ? d.findings.find(*id) : nullptr;
    return found ? json::value(text_json(found->title)) : json::value(nullptr);
  }
  if (link.kind == "case") {
    const auto id = CaseId::parse(link.ref);
    const auto found = id ? d.cases.find(*id) : Result<Case>(Error(case_unknown));
    if (!found) return nullptr;
    const std::string title = found->number + ": " + found->title;
    return text_json({title, title});
  }
  const auto id = ReportId::parse(link.ref);
  const auto found = id ? d.reports.find(*id) : Result<StaffReport>(Error(report_unknown));
  if (!found) return nullptr;
  return text_json({found->number, found->number});
}

json::value conflict_json(const ApiDependencies& d, const Case& one) {
  if (!one.conflict) return nullptr;
  json::object out = to_json(*one.conflict);
  const auto& stages = d.cases.process().conflict.stages;
  const auto present = std::find_if(stages.begin(), stages.end(),
                                    [&](const Choice& stage) { return stage.id == one.conflict->stages.back().id; });
  const bool is_last = one.conflict->closed_at || present == stages.end() || present + 1 == stages.end();
  out["next"] = is_last ? json::value(nullptr) : json::value((present + 1)->id);
  out["due"] = time_json(d.cases.due_of(*one.conflict));
  return out;
}

}  // namespace

json::object incident_json(const ApiDependencies& d, const Case& one, const Support& support) {
  const Process& process = d.cases.process();
  const Edition& edition = *process.edition(one.edition);
  const ProcessState* state = process.state(one.state);
  const Choice* severity = find_choice(edition.severities, severity_of(edition, one.found));
  const Choice* kind = find_choice(process.kinds, one.found.kind);
  std::optional<Time> next;
  bool overdue = false;
  const bool counts = !(state != nullptr && state->is_end) || one.moments.contains(Moment::ended);
  for (const LegalClock& clock : d.cases.clocks(one)) {
    if (!counts) break;
    if (clock.state == LegalClock::State::overdue) overdue = true;
    if (clock.state == LegalClock::State::running && (!next || clock.due < *next)) next = clock.due;
  }
  json::object out = to_json(one);
  out["agency"] = agency_json(d, one.agency);
  out["state_title"] = text_json(state != nullptr ? state->title : Text());
  out["step"] = state != nullptr ? state->step : 0U;
  out["over"] = state != nullptr && state->is_end;
  out["kind_title"] = text_json(kind != nullptr ? kind->title : Text());
  out["severity"] = severity != nullptr ? json::value(choice_json(*severity)) : json::value(nullptr);
  out["opened_at"] = to_rfc3339(one.moments.at(Moment::opened));
  out["next_due"] = time_json(next);
  out["overdue"] = overdue;
  add_town(out, one.town);
  out["support"] = json::object{{"open", support.open}, {"given", support.given}};
  return out;
}

json::object part_json(const Part& part, const std::vector<Part>& all) {
  json::object out;
  out["id"] = part.id.text();
  out["kind"] = name_of(part.kind);
  out["round"] = part.round;
  out["at"] = to_rfc3339(part.at);
  out["by"] = part.by;
  out["body"] = part.body;
  out["holder"] = part.kind == PartKind::evidence ? json::value(holder_of(part, all)) : json::value(nullptr);
  return out;
}

json::object paper_json(const ApiDependencies& d, const CasePaper& paper) {
  const paper::Form* form = d.forms.find(paper.form, paper.form_version);
  const PaperUse* use = d.cases.process().paper(paper.form);
  json::object out;
  out["id"] = paper.id.text();
  out["form"] = paper.form;
  out["title"] = text_json(form != nullptr ? form->title : Text());
  out["form_version"] = paper.form_version;
  out["round"] = paper.round;
  out["state"] = name_of(paper.state);
  out["number"] = paper.number;
  out["notation"] = paper.notation.empty() ? json::value(nullptr) : json::value(paper.notation);
  out["made_at"] = to_rfc3339(paper.made_at);
  out["issued_at"] = time_json(paper.issued_at);
  out["signers"] = to_json(paper.signers);
  out["awaiting"] = json::array();
  if (paper.state != CasePaper::State::draft) {
    for (const Text& one : d.life.order_of(paper).awaiting) out["awaiting"].as_array().push_back(text_json(one));
  }
  out["deliveries"] = to_json(paper.deliveries);
  out["moment"] = use != nullptr && use->moment ? json::value(name_of(*use->moment)) : json::value(nullptr);
  if (!paper.office) return out;
  json::object owner{{"kind", name_of(paper.office->kind)}, {"agency", agency_json(d, paper.office->agency)}};
  if (paper.office->kind == PaperOwner::period) {
    owner["from"] = to_iso(paper.office->from);
    owner["to"] = to_iso(paper.office->to);
  } else if (paper.office->kind == PaperOwner::warning) {
    owner["warning"] = json::object{{"id", paper.office->warning}, {"number", paper.office->warning_number}};
  } else {
    owner[name_of(paper.office->kind)] =
        json::object{{"id", paper.office->about}, {"number", paper.office->about_number}};
  }
  out["owner"] = std::move(owner);
  return out;
}

json::object detail_json(const ApiDependencies& d, const api::Request& request, const CaseFile& file) {
  const Case& one = file.one;
  const Edition& edition = *d.cases.process().edition(one.edition);
  json::object out = incident_json(d, one, CaseBook::support_of(file.parts));
  out["ownership"] = ownership_json(d, file);
  json::array clocks;
  for (const LegalClock& clock : d.cases.clocks(one)) clocks.push_back(clock_json(clock));
  out["clocks"] = std::move(clocks);
  out["ways_on"] = ways_json(d, request, file);
  out["timeline"] = timeline_json(d, request, file);
  json::array parts;
  json::array handovers;
  for (const Part& part : file.parts) {
    if (part.kind == PartKind::handover) {
      handovers.push_back(handover_json(d, part));
    } else {
      parts.push_back(part_json(part, file.parts));
    }
  }
  out["parts"] = std::move(parts);
  out["handovers"] = std::move(handovers);
  json::array papers;
  for (const CasePaper& paper : file.papers) papers.push_back(paper_json(d, paper));
  out["papers"] = std::move(papers);
  json::array links;
  for (const Link& link : file.links) {
    links.push_back(json::object{{"kind", link.kind},
                                 {"ref", link.ref},
                                 {"through", link.through ? json::value(link.through->text()) : json::value(nullptr)},
                                 {"title", link_title(d, link)}});
  }
  out["links"] = std::move(links);
  out["conflict"] = conflict_json(d, one);
  out["authority"] = text_json(edition.authority);
  out["recipients"] = list_json(edition.recipients);
  out["may_handle"] = may(d, request, Action::incident_handle, one.agency);
  return out;
}

}  // namespace luy::incident
