// The tree of agencies: as it is or was on a day, reorganisations, profiles, sheets.
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

Result<Preview> preview_of(const Request& request) {
  const std::string given = request.param("preview").value_or("false");
  if (given != "true" && given != "false") return Error(bad_request, "preview");
  return given == "true" ? Preview::yes : Preview::no;
}

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
  return json(object{{"agencies", std::move(out)}});
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
  LUY_TRY(const directory::Reorganised done, directory.agencies().reorganise(caller_of(request), plan, preview));
  return json(object{{"created", agencies_json(done.created)},
                     {"changed", agencies_json(done.changed)},
                     {"closed", agencies_json(done.closed)},
                     {"people_moved", done.people_moved},
                     {"roles_moved", done.roles_moved},
                     {"waits", done.waits},
                     {"applied", preview == Preview::no && !done.waits}});
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

Result<Response> get_profile(Directory& directory, const Request& request) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY(const directory::AgencyProfile profile, directory.profiles().find(agency));
  LUY_TRY_VOID(authorise(request, Action::agency_read, place_of(directory, agency)));
  return json(directory::to_json(profile));
}

Result<Response> set_profile(Directory& directory, const Request& request) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY(const directory::AgencyProfile wanted, directory::profile_from_json(request.body));
  LUY_TRY(const directory::AgencyProfile profile, directory.profiles().set(caller_of(request), agency, wanted));
  return json(directory::to_json(profile));
}

Result<Response> export_agencies(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::agency_read, Object::anywhere()));
  LUY_TRY(std::string csv, directory.sheets().write([&](const directory::Agency& agency) {
    return directory::may(*request.actor, Action::agency_read, place_of(directory, agency.id)).allowed;
  }));
  return json(object{{"csv", std::move(csv)}});
}

Result<Response> import_agencies(Directory& directory, const Request& request) {
  LUY_TRY(const Preview preview, preview_of(request));
  LUY_TRY(const std::string csv, body_text(request, "csv"));
  LUY_TRY(const directory::ImportedSheet sheet, directory.sheets().read(caller_of(request), csv, preview));
  array lines;
  for (const directory::SheetLine& line : sheet.lines) {
    lines.push_back({{"line", line.line},
                     {"code", line.code},
                     {"name", line.name},
                     {"does", name_of(line.does)},
                     {"text", {{"vi", line.vi}, {"en", line.en}}}});
  }
  return json(object{{"lines", std::move(lines)}, {"refused", sheet.refused}, {"applied", sheet.applied}});
}

}  // namespace

std::vector<Route> agency_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string all = "/api/v1/agencies";
  const std::string profile = all + "/{agency}/profile";
  constexpr Access session = Access::session;
  return {
      {Method::get, all, "listAgencies", session, Action::agency_read, handler(list_agencies)},
      {Method::post, all, "createAgency", session, Action::agency_manage, handler(create_agency)},
      {Method::post, all + "/reorganisations", "reorganiseAgencies", session, Action::agency_manage,
       handler(reorganise)},
      {Method::get, all + "/successions", "listSuccessions", session, Action::agency_read, handler(list_successions)},
      {Method::get, profile, "getAgencyProfile", session, Action::agency_read, handler(get_profile)},
      {Method::put, profile, "setAgencyProfile", session, Action::agency_manage, handler(set_profile)},
      {Method::get, all + "/sheet", "exportAgencies", session, Action::agency_read, handler(export_agencies)},
      {Method::post, all + "/sheet", "importAgencies", session, Action::agency_manage, handler(import_agencies)},
  };
}

}  // namespace luy::api
