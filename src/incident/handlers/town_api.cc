// getTownOffice, receiveIncident, assignIncident, listIncidentAssignees, assignStaffReport, listStaffReportAssignees.
#include <algorithm>
#include <map>

#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr std::size_t board_items_max = 500;  // Shown; counts are of all.
constexpr std::size_t title_shown_bytes_max = 200;

// Roles by which an account handles incidents of the agency; none when it may not.
std::vector<std::string> handling_roles(const ApiDependencies& d, const directory::Account& account,
                                        const AgencyId& agency) {
  if (!account.enabled) return {};
  std::vector<directory::Grant> grants;
  const Day today = day_of(d.clock.now());
  std::copy_if(account.grants.begin(), account.grants.end(), std::back_inserter(grants),
               [&](const directory::Grant& grant) { return grant.valid_on(today); });
  return roles_counting(grants, Action::incident_handle, d.lineage(agency));
}

// The account of the request's body, which must be able to do the work; nobody when it is null.
Result<std::optional<Assignee>> assignee_at(const ApiDependencies& d, const json::object& body,
                                            const AgencyId& agency) {
  if (!body.at("account").is_string()) return std::optional<Assignee>();
  const auto id = AccountId::parse(text_at(body, "account"));
  const std::string name = d.agency_name(agency);
  if (!id) return Error(assignee_unfit, name);
  const auto account = std::as_const(d.directory).accounts().find(*id);
  if (!account || handling_roles(d, *account, agency).empty()) return Error(assignee_unfit, name);
  return std::optional<Assignee>({account->id, account->display_name});
}

Result<Response> assignees(const ApiDependencies& d, const Request& request, const AgencyId& agency) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, agency)));
  LUY_TRY(const std::vector<directory::Account> all, std::as_const(d.directory).accounts().list());
  json::array items;
  for (const directory::Account& one : all) {
    const std::vector<std::string> roles = handling_roles(d, one, agency);
    if (roles.empty()) continue;
    items.push_back(json::object{{"account", one.id.text()}, {"name", one.display_name}, {"roles", list_json(roles)}});
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> receive_case(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.cases.receive(actor_of(d, request), one.id));
  return answer_with(d, request, one.id);
}

Result<Response> assign_case(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const json::object& body = request.body.as_object();
  const Actor actor = actor_of(d, request);
  LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, one.agency)));
  LUY_TRY(const std::optional<Assignee> to, assignee_at(d, body, one.agency));
  request.audited = true;
  LUY_TRY_VOID(d.cases.assign(actor, one.id, to, text_at(body, "note")));
  return answer_with(d, request, one.id);
}

Result<Response> case_assignees(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  return assignees(d, request, one.agency);
}

Result<Response> assign_report(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  const Actor actor = actor_of(d, request);
  LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, report.agency)));
  const json::object& body = request.body.as_object();
  LUY_TRY(const std::optional<Assignee> to, assignee_at(d, body, report.agency));
  request.audited = true;
  LUY_TRY(const StaffReport assigned, d.reports.assign(actor, report.id, to, text_at(body, "note")));
  return api::json(report_json(d, assigned));
}

Result<Response> report_assignees(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  return assignees(d, request, report.agency);
}

// A line of the board.
struct Line {
  json::object item;
  AgencyId agency;
  Time at;
  bool is_open = false;
  bool waits = false;  // It is open, and nobody of the office took note of it.
  bool is_overdue = false;
  std::size_t support_open = 0;
  std::optional<AccountId> assignee;
};

Line line_of(const ApiDependencies& d, std::string_view kind, const AgencyId& agency, Time at, const TownSide& town) {
  Line out;
  out.agency = agency;
  out.at = at;
  if (town.assignee) out.assignee = town.assignee->account;
  out.item["kind"] = kind;
  out.item["agency"] = agency_json(d, agency);
  out.item["at"] = to_rfc3339(at);
  out.item["received_at"] = town.receipt ? json::value(to_rfc3339(town.receipt->at)) : json::value(nullptr);
  out.item["received_by"] = town.receipt ? json::value(town.receipt->by) : json::value(nullptr);
  out.item["assignee"] = assignee_json(town);
  return out;
}

// Until when the office has to take note of what was reported at `at`.
std::optional<Time> receipt_due(const ApiDependencies& d, Time at) {
  return d.cases.limit_of(Moment::reported, Moment::received, at);
}

Line line_of(const ApiDependencies& d, const StaffReport& report) {
  Line out = line_of(d, "report", report.agency, report.reported_at, report.town);
  out.is_open = report.state != StaffReport::State::declined;
  out.waits = out.is_open && !report.town.receipt;
  const Text title = report.state == StaffReport::State::fresh      ? Text{"Chờ tiếp nhận", "Waits for receipt"}
                     : report.state == StaffReport::State::received ? Text{"Đã tiếp nhận", "Received"}
                                                                    : Text{"Đã trả lời", "Answered"};
  const auto due = out.waits ? receipt_due(d, report.reported_at) : std::nullopt;
  out.is_overdue = due && *due <= d.clock.now();
  std::string what = clean_text(report.what, title_shown_bytes_max);
  std::replace(what.begin(), what.end(), '\n', ' ');
  out.item["id"] = report.id.text();
  out.item["number"] = report.number;
  out.item["title"] = what;
  out.item["state"] = name_of(report.state);
  out.item["state_title"] = text_json(title);
  out.item["severity"] = nullptr;
  out.item["next_due"] = time_json(due);
  out.item["overdue"] = out.is_overdue;
  out.item["support_open"] = 0;
  return out;
}

Line line_of(const ApiDependencies& d, const Case& one, const Support& support) {
  const Time opened = one.moments.at(Moment::opened);
  Line out = line_of(d, "case", one.agency, opened, one.town);
  json::object whole = incident_json(d, one, support);
  const bool is_over = whole.at("over").as_bool();
  out.waits = waits_for_receipt(d.cases.process(), one);
  out.is_open = !is_over || out.waits;
  out.support_open = is_over ? 0 : support.open;
  out.is_overdue = whole.at("overdue").as_bool();
  for (const char* key : {"id", "number", "title", "state", "state_title", "severity", "next_due"}) {
    out.item[key] = std::move(whole[key]);
  }
  const auto reported = one.moments.find(Moment::reported);
  const auto due = out.waits ? receipt_due(d, reported != one.moments.end() ? reported->second : opened) : std::nullopt;
  if (due && *due <= d.clock.now()) out.is_overdue = true;
  const auto next = from_rfc3339(text_at(out.item, "next_due"));
  if (due && *due > d.clock.now() && (!next || *due < *next)) out.item["next_due"] = to_rfc3339(*due);
  out.item["overdue"] = out.is_overdue;
  out.item["support_open"] = out.support_open;
  return out;
}

// What is open, counted.
struct Counts {
  std::size_t open = 0, unreceived = 0, unassigned = 0, support_open = 0, overdue = 0;
  void add(const Line& line) {
    if (!line.is_open) return;
    ++open;
    if (line.waits) ++unreceived;
    if (!line.assignee) ++unassigned;
    if (line.is_overdue) ++overdue;
    support_open += line.support_open;
  }
  json::object as_json() const {
    return {{"open", open}, {"unreceived", unreceived}, {"overdue", overdue}, {"support_open", support_open}};
  }
};

// What the person may see below `root`: reports that are in no case yet, and cases.
Result<std::vector<Line>> lines(const ApiDependencies& d, const Request& request, const std::optional<AgencyId>& root) {
  std::map<AgencyId, bool> seen;
  const auto visible = [&](const AgencyId& agency) {
    const auto [at, is_new] = seen.try_emplace(agency, false);
    if (!is_new) return at->second;
    const std::vector<AgencyId> above = d.lineage(agency);
    const bool inside = !root || std::find(above.begin(), above.end(), *root) != above.end();
    return at->second = inside && may(d, request, Action::incident_read, agency);
  };
  LUY_TRY(const std::vector<StaffReport> reports, d.reports.list(visible));
  LUY_TRY(const std::vector<Case> cases, d.cases.list(visible));
  LUY_TRY(const auto supports, d.cases.supports());
  std::vector<Line> out;
  for (const StaffReport& one : reports) {
    if (one.state != StaffReport::State::in_case) out.push_back(line_of(d, one));
  }
  for (const Case& one : cases) {
    const auto support = supports.find(one.id);
    out.push_back(line_of(d, one, support != supports.end() ? support->second : Support()));
  }
  // Those that wait for the office first, then the newest.
  std::stable_sort(out.begin(), out.end(),
                   [](const Line& a, const Line& b) { return a.waits != b.waits ? a.waits : a.at > b.at; });
  return out;
}

bool is_wanted(const Request& request, const Line& line) {
  const std::string open = request.param("open").value_or("");
  if (!open.empty() && line.is_open != (open == "true")) return false;
  if (request.param("unreceived").value_or("") == "true" && !line.waits) return false;
  const std::string assignee = request.param("assignee").value_or("");
  if (assignee.empty()) return true;
  if (assignee == "none") return !line.assignee;
  return line.assignee && line.assignee->text() == (assignee == "me" ? request.actor->account.text() : assignee);
}

Result<Response> board(const ApiDependencies& d, const Request& request) {
  std::optional<AgencyId> root;
  if (request.param("agency")) {
    LUY_TRY(root, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, *root)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  }
  LUY_TRY(std::vector<Line> all, lines(d, request, root));
  Counts together;
  std::map<AgencyId, Counts> by_agency;
  json::array items;
  std::size_t total = 0;
  for (Line& one : all) {
    together.add(one);
    if (one.is_open) by_agency[one.agency].add(one);
    if (!is_wanted(request, one)) continue;
    ++total;
    if (items.size() < board_items_max) items.push_back(std::move(one.item));
  }
  json::array agencies;
  for (const auto& [agency, counts] : by_agency) {
    json::object one = counts.as_json();
    one["agency"] = agency_json(d, agency);
    agencies.push_back(std::move(one));
  }
  json::object counts = together.as_json();
  counts["unassigned"] = together.unassigned;
  return api::json(json::object{
      {"items", std::move(items)}, {"total", total}, {"counts", std::move(counts)}, {"agencies", std::move(agencies)}});
}

}  // namespace

std::vector<api::Route> town_routes(const Shared& d) {
  constexpr auto handle = Action::incident_handle;
  return {
      route(d, Method::get, "/api/v1/town-office", "getTownOffice", Action::incident_read, board),
      route(d, Method::post, "/api/v1/incidents/{incident}/receipt", "receiveIncident", handle, receive_case),
      route(d, Method::put, "/api/v1/incidents/{incident}/assignee", "assignIncident", handle, assign_case),
      route(d, Method::get, "/api/v1/incidents/{incident}/assignees", "listIncidentAssignees", handle, case_assignees),
      route(d, Method::put, "/api/v1/staff-reports/{report}/assignee", "assignStaffReport", handle, assign_report),
      route(d, Method::get, "/api/v1/staff-reports/{report}/assignees", "listStaffReportAssignees", handle,
            report_assignees),
  };
}

}  // namespace luy::incident
