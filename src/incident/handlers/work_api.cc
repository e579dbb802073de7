// addIncidentPart, changeIncidentPart, releaseHold, addIncidentFile, getIncidentFile, workConflict, listHolds,
// getIncidentMeasures.
#include <algorithm>
#include <map>

#include "incident/handlers/values.h"
#include "incident/measure.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr std::size_t days_shown_max = 500;

Result<Response> part_answer(const ApiDependencies& d, const CaseId& id, const Part& part, int status) {
  LUY_TRY(const CaseFile file, d.cases.file(id));
  return api::json(part_json(part, file.parts), status);
}

Result<Response> add_part(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  const std::string name = text_at(body, "kind");
  const auto kind = part_kind_from_name(name);
  // An attachment comes with its bytes, a package is made by the hub.
  if (!kind || *kind == PartKind::attachment || *kind == PartKind::handover)
    return Error(part_kind_unknown, name.substr(0, 60));
  request.audited = true;
  LUY_TRY(const Part part, d.cases.add_part(actor_of(d, request), one.id, *kind, object_at(body, "body")));
  return part_answer(d, one.id, part, 201);
}

Result<Response> change_part(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  LUY_TRY(const auto id, request.id_param<PartId>("part", "part"));
  request.audited = true;
  LUY_TRY(const Part part,
          d.cases.change_part(actor_of(d, request), one.id, id, object_at(request.body.as_object(), "changes")));
  return part_answer(d, one.id, part, 200);
}

Result<Response> release_hold(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  LUY_TRY(const auto id, request.id_param<PartId>("part", "part"));
  LUY_TRY_VOID(api::authorise(request, Action::hold_release, object_of(d, one.agency)));
  json::array above;
  for (const AgencyId& agency : d.lineage(one.agency)) above.emplace_back(agency.text());
  const json::object body{{"case", one.id.text()},
                          {"part", id.text()},
                          {"above", std::move(above)},
                          {"by", request.actor->display_name},
                          {"reason", text_at(request.body.as_object(), "reason")}};
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          d.directory.acts().propose(api::caller_of(request), hold_release_act, body, one.agency));
  const json::object answer{{"done", proposed.done},
                            {"act", proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr)}};
  return api::json(answer, proposed.done ? 200 : 202);
}

Result<Response> add_file(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(const std::string bytes, bytes_at(body, "content", upload_bytes_max));
  const Actor actor = actor_of(d, request);
  LUY_TRY_VOID(actor.permit(one.agency));
  request.audited = true;
  LUY_TRY(const Part part, d.cases.attach(actor, one.id, text_at(body, "name"), bytes));
  return part_answer(d, one.id, part, 201);
}

Result<Response> get_file(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  LUY_TRY(const auto id, request.id_param<PartId>("part", "part"));
  LUY_TRY(const CaseFile file, d.cases.file(one.id));
  const auto part = std::find_if(file.parts.begin(), file.parts.end(),
                                 [&](const Part& each) { return each.id == id && each.kind == PartKind::attachment; });
  if (part == file.parts.end()) return Error(part_unknown);
  LUY_TRY(std::string bytes, d.vault.get(text_at(part->body, "sha256")));
  return file_response(std::move(bytes), text_at(part->body, "type"), text_at(part->body, "name"));
}

Result<Response> conflict(const ApiDependencies& d, const Request& request) {
  using Kind = CaseBook::ConflictAct::Kind;
  constexpr std::pair<std::string_view, Kind> kinds[] = {{"begin", Kind::begin},
                                                         {"trace", Kind::trace},
                                                         {"condition", Kind::condition},
                                                         {"advance", Kind::advance},
                                                         {"close", Kind::close}};
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  CaseBook::ConflictAct act;
  for (const auto& [name, kind] : kinds) {
    if (name == text_at(body, "act")) act.kind = kind;
  }
  for (const auto& [key, value] : object_at(body, "trace")) act.trace[std::string(key)] = text_of(value);
  act.condition = text_at(body, "condition");
  act.holds = flag_at(body, "holds");
  act.stage = text_at(body, "stage");
  act.reason = text_at(body, "reason");
  request.audited = true;
  LUY_TRY_VOID(d.cases.work_conflict(actor_of(d, request), one.id, act));
  return answer_with(d, request, one.id);
}

// The acts that wait for a second person, by the hold they would end.
Result<std::map<std::string, std::string>> releases(const ApiDependencies& d) {
  directory::ActFilter waiting;
  waiting.state = directory::PendingAct::State::waiting;
  waiting.kind = hold_release_act;
  LUY_TRY(const std::vector<directory::PendingAct> acts, d.directory.acts().list(waiting));
  std::map<std::string, std::string> out;
  for (const directory::PendingAct& act : acts) out[text_at(act.after, "part")] = act.id.text();
  return out;
}

json::object hold_json(const ApiDependencies& d, const CaseBook::Held& held, const std::vector<Day>& stored) {
  json::array devices;
  for (const std::string& text : held.scope.devices) {
    const auto device = DeviceId::parse(text);
    const std::string name = device ? d.device_name(*device) : std::string();
    devices.push_back(json::object{{"id", text}, {"name", name.empty() ? text : name}});
  }
  json::array days_held;
  for (const Day day : stored) {
    const bool inside = held.scope.to >= day_begin(day) && held.scope.from < day_begin(day + days(1));
    if (inside && days_held.size() < days_shown_max) days_held.emplace_back(to_iso(day));
  }
  json::object out;
  out["incident"] = json::object{
      {"id", held.one.id.text()}, {"number", held.one.number}, {"agency", agency_json(d, held.one.agency)}};
  out["part"] = held.part.id.text();
  out["reason"] = text_at(held.part.body, "reason");
  out["order"] = text_at(held.part.body, "order");
  out["devices"] = std::move(devices);
  out["from"] = to_rfc3339(held.scope.from);
  out["to"] = held.scope.to == Time::max() ? json::value(nullptr) : json::value(to_rfc3339(held.scope.to));
  out["days"] = std::move(days_held);
  return out;
}

Result<Response> holds(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<CaseBook::Held> all, d.cases.held());
  LUY_TRY(const auto waiting, releases(d));
  const std::vector<Day> stored = d.stored_days();
  json::array items;
  for (const CaseBook::Held& one : all) {
    if (!may(d, request, Action::incident_read, one.one.agency)) continue;
    json::object item = hold_json(d, one, stored);
    const auto release = waiting.find(one.part.id.text());
    item["release"] = release == waiting.end() ? json::value(nullptr) : json::value(release->second);
    items.push_back(std::move(item));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

json::object spread_json(const Spread& spread) {
  const auto seconds = [](Duration time) { return std::chrono::duration_cast<std::chrono::seconds>(time).count(); };
  return {{"count", spread.count},
          {"median_seconds", seconds(spread.median)},
          {"longest_seconds", seconds(spread.longest)}};
}

json::object measures_json(const Measures& measures) {
  json::object states;
  for (const auto& [state, spread] : measures.in_state) states[state] = spread_json(spread);
  return {{"report_to_receipt", spread_json(measures.report_to_receipt)},
          {"report_to_town_receipt", spread_json(measures.report_to_town_receipt)},
          {"receipt_to_triage", spread_json(measures.receipt_to_triage)},
          {"in_state", std::move(states)}};
}

// Of the cases discovered from a day to a day, both inclusive.
Result<Response> measures(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  const auto from = day_from_iso(request.param("from").value_or(""));
  const auto to = day_from_iso(request.param("to").value_or(""));
  if (!from || !to || *to < *from) return Error(api::bad_request, "from, to");
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, *only)));
  }
  LUY_TRY(const std::vector<Case> all, d.cases.list([&](const AgencyId& agency) {
    return (!only || agency == *only) && may(d, request, Action::incident_read, agency);
  }));
  std::vector<MeasuredCase> chosen;
  for (const Case& one : all) {
    const Day day = day_of(one.discovered());
    if (day < *from || day > *to) continue;
    LUY_TRY(CaseFile file, d.cases.file(one.id));
    chosen.push_back({one, std::move(file.timeline), CaseBook::support_of(file.parts).given});
  }
  json::object out = measures_json(measures_of(chosen));
  json::array kinds;
  for (const KindCount& row : half_year_of(d.cases.process(), chosen, *from, *to)) {
    kinds.push_back(json::object{{"kind", row.kind},
                                 {"title", text_json(find_choice(d.cases.process().kinds, row.kind)->title)},
                                 {"count", row.count},
                                 {"own", row.own},
                                 {"helped", row.helped}});
  }
  out["kinds"] = std::move(kinds);
  json::array agencies;
  for (const auto& [agency, of_agency] : measures_by_agency(chosen)) {
    json::object one = measures_json(of_agency);
    one["agency"] = agency_json(d, agency);
    agencies.push_back(std::move(one));
  }
  out["agencies"] = std::move(agencies);
  return api::json(out);
}

}  // namespace

std::vector<api::Route> work_routes(const Shared& d) {
  constexpr auto read = Action::incident_read;
  constexpr auto handle = Action::incident_handle;
  return {
      route(d, Method::post, "/api/v1/incidents/{incident}/parts", "addIncidentPart", handle, add_part),
      route(d, Method::patch, "/api/v1/incidents/{incident}/parts/{part}", "changeIncidentPart", handle, change_part),
      route(d, Method::post, "/api/v1/incidents/{incident}/parts/{part}/release", "releaseHold", Action::hold_release,
            release_hold),
      route(d, Method::post, "/api/v1/incidents/{incident}/files", "addIncidentFile", handle, add_file,
            upload_body_bytes_max),
      route(d, Method::get, "/api/v1/incidents/{incident}/files/{part}", "getIncidentFile", read, get_file),
      route(d, Method::post, "/api/v1/incidents/{incident}/conflict", "workConflict", handle, conflict),
      route(d, Method::get, "/api/v1/holds", "listHolds", read, holds),
      route(d, Method::get, "/api/v1/incident-measures", "getIncidentMeasures", read, measures),
  };
}

}  // namespace luy::incident
