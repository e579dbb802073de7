// listIncidents, listIncidentReminders, openIncident, getIncident, moveIncident, classifyIncident, joinFindings,
// markIncident, addIncidentNote.
#include <algorithm>
#include <map>

#include "base/vietnamese.h"
#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr std::int64_t page_default = 100;
constexpr std::int64_t page_max = 500;

Result<std::vector<finding::FindingId>> finding_ids(const json::object& body) {
  std::vector<finding::FindingId> out;
  const json::value* list = body.if_contains("findings");
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& value : list->get_array()) {
    const auto id = finding::FindingId::parse(text_of(value));
    if (!id) return Error(finding::finding_unknown, text_of(value).substr(0, 60));
    if (std::find(out.begin(), out.end(), *id) == out.end()) out.push_back(*id);
  }
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  std::optional<AgencyId> root;
  if (request.param("agency")) {
    LUY_TRY(root, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, *root)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  }
  LUY_TRY(const auto limit, request.number_param("limit", page_default, 1, page_max));
  std::map<AgencyId, bool> seen;
  const auto visible = [&](const AgencyId& agency) {
    const auto [at, is_new] = seen.try_emplace(agency, false);
    if (!is_new) return at->second;
    const std::vector<AgencyId> above = d.lineage(agency);
    const bool inside = !root || std::find(above.begin(), above.end(), *root) != above.end();
    return at->second = inside && may(d, request, Action::incident_read, agency);
  };
  LUY_TRY(const std::vector<Case> all, d.cases.list(visible));
  LUY_TRY(const auto supports, d.cases.supports());
  const auto as_json = [&](const Case& one) {
    const auto support = supports.find(one.id);
    return incident_json(d, one, support != supports.end() ? support->second : Support());
  };
  const std::string state = request.param("state").value_or("");
  const std::string open = request.param("open").value_or("");
  const bool overdue = request.param("overdue").value_or("") == "true";
  const std::string q = fold_vietnamese(request.param("q").value_or(""));
  const std::string cursor = request.param("cursor").value_or("");
  json::object counts;
  for (const ProcessState& one : d.cases.process().states) counts[one.id] = 0;
  std::vector<const Case*> found;
  for (const Case& one : all) {
    const ProcessState* at = d.cases.process().state(one.state);
    const bool is_open = at != nullptr && !at->is_end;
    if (!open.empty() && is_open != (open == "true")) continue;
    const auto holds = [&](const std::string& text) { return fold_vietnamese(text).find(q) != std::string::npos; };
    if (!q.empty() && !holds(one.number) && !holds(one.title) && !holds(one.system)) continue;
    if (overdue && !as_json(one).at("overdue").as_bool()) continue;
    counts[one.state] = (counts.contains(one.state) ? counts[one.state].to_number<std::int64_t>() : 0) + 1;
    if (state.empty() || one.state == state) found.push_back(&one);
  }
  auto at = found.begin();
  if (!cursor.empty()) {
    at = std::find_if(found.begin(), found.end(), [&](const Case* one) { return one->id.text() == cursor; });
    at = at == found.end() ? found.begin() : at + 1;
  }
  json::array items;
  for (; at != found.end() && items.size() < static_cast<std::size_t>(limit); ++at) {
    items.push_back(as_json(**at));
  }
  json::object out;
  out["next"] = at != found.end() && !items.empty() ? json::value(items.back().at("id")) : json::value(nullptr);
  out["items"] = std::move(items);
  out["counts"] = std::move(counts);
  out["total"] = found.size();
  return api::json(out);
}

// What the clocks of cases remind somebody of by a role that they hold there: the to-do list of heads and offices.
Result<Response> reminders(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<Case> all,
          d.cases.list([&](const AgencyId& agency) { return may(d, request, Action::incident_read, agency); }));
  const Time now = d.clock.now();
  std::vector<std::pair<Time, json::object>> found;
  for (const Case& one : all) {
    if (!d.cases.owes(one)) continue;
    const std::vector<std::string> held =
        roles_counting(request.actor->grants, Action::incident_read, d.lineage(one.agency));
    for (const LegalClock& clock : d.cases.clocks(one)) {
      if (clock.stopped) continue;
      const Reminder* latest = nullptr;
      for (const Reminder& reminder : clock.reminders) {
        const bool is_mine = std::any_of(reminder.to.begin(), reminder.to.end(), [&](const std::string& role) {
          return std::find(held.begin(), held.end(), role) != held.end();
        });
        if (is_mine && reminder.at <= now) latest = &reminder;
      }
      if (latest == nullptr) continue;
      json::object item;
      item["incident"] = json::object{
          {"id", one.id.text()}, {"number", one.number}, {"title", one.title}, {"agency", agency_json(d, one.agency)}};
      item["clock"] = clock.rule->id;
      item["title"] = text_json(clock.rule->title);
      item["kind"] = name_of(latest->kind);
      item["at"] = to_rfc3339(latest->at);
      item["due"] = to_rfc3339(clock.due);
      item["left_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(clock.left).count();
      item["to"] = list_json(latest->to);
      found.emplace_back(clock.due, std::move(item));
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  json::array items;
  for (auto& [due, item] : found) items.push_back(std::move(item));
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  return answer_with(d, request, one.id);
}

Result<Response> open(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || !d.agency_exists(*agency)) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, *agency)));
  NewCase wanted;
  wanted.agency = *agency;
  wanted.title = text_at(body, "title");
  wanted.description = text_at(body, "description");
  wanted.system = text_at(body, "system");
  LUY_TRY(const auto chosen, chosen_system(d, request, body, *agency));
  if (chosen) wanted.system = chosen->name;
  if (chosen) wanted.system_id = chosen->id;
  LUY_TRY(wanted.discovered, time_at(body, "discovered_at"));
  wanted.found = classification_from(object_at(body, "classification"));
  LUY_TRY(const std::vector<finding::FindingId> findings, finding_ids(body));
  const Actor actor = actor_of(d, request);
  request.audited = true;
  const auto opened =
      findings.empty() ? d.cases.open(actor, wanted) : d.cases.open_from(actor, d.findings, wanted, findings);
  if (!opened) return opened.error();
  return answer_with(d, request, opened->id, 201);
}

Result<Response> move(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  std::map<std::string, std::string> fields;
  for (const auto& [key, value] : object_at(body, "fields")) fields[std::string(key)] = text_of(value);
  request.audited = true;
  LUY_TRY(const Case moved,
          d.cases.move(actor_of(d, request), one.id, text_at(body, "event"), text_at(body, "reason"), fields));
  return answer_with(d, request, moved.id);
}

Result<Response> classify(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.cases.classify(actor_of(d, request), one.id, classification_from(request.body.as_object())));
  return answer_with(d, request, one.id);
}

Result<Response> join(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  LUY_TRY(const std::vector<finding::FindingId> findings, finding_ids(request.body.as_object()));
  const Actor actor = actor_of(d, request);
  LUY_TRY_VOID(actor.permit(one.agency));
  request.audited = true;
  LUY_TRY_VOID(d.cases.join(actor, d.findings, one.id, findings));
  return answer_with(d, request, one.id);
}

Result<Response> mark(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  const auto moment = moment_from_name(text_at(body, "moment"));
  if (!moment) return Error(api::bad_request, "moment");
  LUY_TRY(const Time at, time_at(body, "at"));
  request.audited = true;
  LUY_TRY_VOID(d.cases.mark(actor_of(d, request), one.id, *moment, at, text_at(body, "how")));
  return answer_with(d, request, one.id);
}

Result<Response> note(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.cases.note(actor_of(d, request), one.id, text_at(request.body.as_object(), "text")));
  return answer_with(d, request, one.id);
}

}  // namespace

Result<void> findings_into_case(const ApiDependencies& d, const Request& request,
                                const std::vector<finding::FindingId>& findings, const std::optional<CaseId>& into) {
  const Actor actor = actor_of(d, request);
  request.audited = true;
  if (into) {
    LUY_TRY_VOID(d.cases.join(actor, d.findings, *into, findings));
    return {};
  }
  const finding::FindingPointer first = findings.empty() ? nullptr : d.findings.find(findings.front());
  if (!first) return Error(finding::finding_unknown, findings.empty() ? "" : findings.front().text());
  NewCase wanted;
  wanted.agency = first->agency;
  wanted.title = first->title.vi;
  wanted.description = first->story.vi;
  if (first->device) wanted.system = d.device_name(*first->device);
  wanted.discovered = first->opened_at;
  LUY_TRY_VOID(d.cases.open_from(actor, d.findings, wanted, findings));
  return {};
}

std::vector<api::Route> case_routes(const Shared& d) {
  constexpr auto read = Action::incident_read;
  constexpr auto handle = Action::incident_handle;
  return {
      route(d, Method::get, "/api/v1/incidents", "listIncidents", read, list),
      route(d, Method::post, "/api/v1/incidents", "openIncident", handle, open),
      route(d, Method::get, "/api/v1/incident-reminders", "listIncidentReminders", read, reminders),
      route(d, Method::get, "/api/v1/incidents/{incident}", "getIncident", read, get),
      route(d, Method::post, "/api/v1/incidents/{incident}/moves", "moveIncident", handle, move),
      route(d, Method::put, "/api/v1/incidents/{incident}/classification", "classifyIncident", handle, classify),
      route(d, Method::post, "/api/v1/incidents/{incident}/findings", "joinFindings", handle, join),
      route(d, Method::post, "/api/v1/incidents/{incident}/moments", "markIncident", handle, mark),
      route(d, Method::post, "/api/v1/incidents/{incident}/notes", "addIncidentNote", handle, note),
  };
}

}  // namespace luy::incident
