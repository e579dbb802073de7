// The tree of agencies: as it is or was on a day, reorganisations, sheets.
#include "api/directory_api.h"
#include "api/directory_api_parts.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;
using directory::Preview;

Object place_of(const Directory& directory, const AgencyId& agency) {
  return {directory.agencies().lineage(agency), std::nullopt, false};
}

Result<Response> list_agencies(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::agency_read, Object::anywhere()));
  std::optional<Day> day;
  if (const auto given = request.param("day")) {
    day = day_from_iso(*given);
    if (!day) return Error(bad_request, "day");
  }
  LUY_TRY(const auto agencies, directory.agencies().list(day));
  array out;
  for (const directory::Agency& agency : agencies) {
    const Object place = place_of(directory, agency.id);
    if (directory::may(*request.actor, Action::agency_read, place).allowed) out.push_back(agency_json(agency));
  }
  LUY_TRY(const auto turns, directory.agencies().turns());
  array days;
  std::optional<Day> last;
  for (const directory::Agencies::Turn& turn : turns) {
    const Object place = place_of(directory, turn.agency);
    if (turn.day == last || !directory::may(*request.actor, Action::agency_read, place).allowed) continue;
    days.emplace_back(to_iso(turn.day));
    last = turn.day;
  }
  return json(object{{"agencies", std::move(out)}, {"days", std::move(days)}});
}

Result<Response> create_agency(Directory& directory, const Request& request) {
  directory::NewAgency wanted;
  LUY_TRY(wanted.code, body_text(request, "code"));
  LUY_TRY(wanted.name, body_text(request, "name"));
  LUY_TRY(wanted.superior, body_id<AgencyId>(request, "superior"));
  LUY_TRY(wanted.valid_from, body_maybe_day(request, "valid_from"));
  LUY_TRY(const auto header, body_maybe_text(request, "header_name"));
  wanted.header_name = header.value_or("");
  LUY_TRY(const auto kind, body_maybe_text(request, "kind"));
  const auto known = directory::agency_kind_from_name(kind.value_or("department"));
  if (!known) return Error(bad_request, "kind");
  wanted.kind = *known;
  LUY_TRY(const directory::Agency agency, directory.agencies().create(caller_of(request), wanted));
  return json(agency_json(agency), 201);
}

array agencies_json(const std::vector<directory::Agency>& agencies) {
  array out;
  for (const directory::Agency& agency : agencies) out.push_back(agency_json(agency));
  return out;
}

Result<Response> reorganise(Directory& directory, const Request& request) {
  LUY_TRY(const Preview preview, preview_of(request));
  LUY_TRY(const directory::Reorganisation plan, directory::reorganisation_from_json(request.body));
  Directory::ProposedReorganisation made;
  if (preview == Preview::yes) {
    LUY_TRY(made.reorganised, directory.agencies().reorganise(caller_of(request), plan, preview));
  } else {
    LUY_TRY(made, directory.propose_reorganisation(caller_of(request), plan));
  }
  const directory::Reorganised& done = made.reorganised;
  const auto& act = made.proposed.waiting;
  return json(object{{"done", made.proposed.done},
                     {"act", act ? value(act->text()) : value(nullptr)},
                     {"takes_two", done.takes_two},
                     {"gains", directory::to_json(done.gains)},
                     {"created", agencies_json(done.created)},
                     {"changed", agencies_json(done.changed)},
                     {"closed", agencies_json(done.closed)},
                     {"people_moved", done.people_moved},
                     {"roles_moved", done.roles_moved},
                     {"waits", done.waits},
                     {"applied", made.proposed.done && !done.waits}},
              act ? 202 : 200);
}

// Where a plan lies: what it ends, changes, or puts something under.
Object place_of(const Directory& directory, const directory::Reorganisation& plan) {
  if (!plan.closes.empty()) return place_of(directory, plan.closes.front().agency);
  if (!plan.changes.empty()) return place_of(directory, plan.changes.front().agency);
  const auto above = plan.creates.empty() ? std::nullopt : AgencyId::parse(plan.creates.front().superior);
  return above ? place_of(directory, *above) : Object();
}

Result<Response> list_plans(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::agency_read, Object::anywhere()));
  LUY_TRY(const auto plans, directory.agencies().plans());
  array items;
  for (const directory::PlannedReorganisation& one : plans) {
    if (!directory::may(*request.actor, Action::agency_read, place_of(directory, one.plan)).allowed) continue;
    LUY_TRY(value by, person_json(directory, one.proposed_by));
    LUY_TRY(value agreed, person_json(directory, one.agreed_by));
    const bool failed = !one.problem_vi.empty();
    items.push_back({{"id", one.id},
                     {"day", to_iso(one.plan.day)},
                     {"basis", one.plan.basis},
                     {"by", std::move(by)},
                     {"agreed_by", std::move(agreed)},
                     {"state", failed ? "failed" : "waiting"},
                     {"problem", failed ? value({{"vi", one.problem_vi}, {"en", one.problem_en}}) : value(nullptr)},
                     {"summary",
                      {{"creates", one.plan.creates.size()},
                       {"changes", one.plan.changes.size()},
                       {"closes", one.plan.closes.size()}}}});
  }
  return json(object{{"items", std::move(items)}});
}

Result<Response> take_back_plan(Directory& directory, const Request& request) {
  LUY_TRY_VOID(directory.agencies().take_back(caller_of(request), request.param("plan").value_or("")));
  return no_content();
}

Result<Response> list_successions(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::agency_read, Object::anywhere()));
  LUY_TRY(const auto successions, directory.agencies().successions());
  array out;
  for (const directory::Succession& one : successions) {
    if (!directory::may(*request.actor, Action::agency_read, place_of(directory, one.successor)).allowed) continue;
    out.push_back({{"predecessor", one.predecessor.text()},
                   {"successor", one.successor.text()},
                   {"day", to_iso(one.day)},
                   {"keeps_records", one.keeps_records},
                   {"basis", one.basis}});
  }
  return json(object{{"successions", std::move(out)}});
}

Result<Response> export_agencies(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::agency_read, Object::anywhere()));
  LUY_TRY(const directory::SheetFormat format, sheet_format(request));
  LUY_TRY(std::string bytes, directory.sheets().write(format, [&](const directory::Agency& agency) {
    return directory::may(*request.actor, Action::agency_read, place_of(directory, agency.id)).allowed;
  }));
  return sheet_response(format, std::move(bytes));
}

Result<Response> import_agencies(Directory& directory, const Request& request) {
  LUY_TRY(const Preview preview, preview_of(request));
  LUY_TRY(const SheetBody body, sheet_body(request));
  LUY_TRY(const directory::ImportedSheet done, directory.sheets().read(caller_of(request), body.file(), preview));
  return json(sheet_json(done));
}

}  // namespace

std::vector<Route> agency_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string all = "/api/v1/agencies";
  constexpr Access session = Access::session;
  return {
      {Method::get, all, "listAgencies", session, Action::agency_read, handler(list_agencies)},
      {Method::post, all, "createAgency", session, Action::agency_manage, handler(create_agency)},
      {Method::post, all + "/reorganisations", "reorganiseAgencies", session, Action::agency_manage,
       handler(reorganise)},
      {Method::get, all + "/plans", "listAgencyPlans", session, Action::agency_read, handler(list_plans)},
      {Method::del, all + "/plans/{plan}", "takeBackAgencyPlan", session, Action::agency_manage,
       handler(take_back_plan)},
      {Method::get, all + "/successions", "listSuccessions", session, Action::agency_read, handler(list_successions)},
      {Method::get, all + "/sheet", "exportAgencies", session, Action::agency_read, handler(export_agencies)},
      {Method::post, all + "/sheet", "importAgencies", session, Action::agency_manage, handler(import_agencies),
       sheet_body_bytes_max},
  };
}

}  // namespace luy::api
