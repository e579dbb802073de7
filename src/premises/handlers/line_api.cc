// listPlan, addSubnet, changeSubnet, removeSubnet, listLines, addLine, changeLine, endLine, recordNotice,
// getNoticePaper.
#include <algorithm>

#include "api/file_response.h"
#include "premises/handlers/shared.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object subnet_json(const Subnet& one) {
  return {{"id", one.id.text()},
          {"agency", one.agency.text()},
          {"range", text_of(one.range)},
          {"purpose", one.purpose},
          {"gateway", one.gateway},
          {"vlan", one.vlan ? json::value(*one.vlan) : json::value(nullptr)},
          {"dedicated", one.is_dedicated},
          {"agreed_with", one.agreed_with},
          {"agreed_on", day_json(one.agreed_on)},
          {"document", one.document},
          {"note", one.note},
          {"changed_by", one.changed_by},
          {"changed_at", to_rfc3339(one.changed_at)},
          {"version", one.version}};
}

json::object line_json(const ApiDependencies& d, const Line& one) {
  json::array exits;
  for (const Prefix& exit : one.exits) exits.emplace_back(text_of(exit));
  const auto since = notice_owed_since(one, d.lines.plan_changed_at(one.agency));
  return {{"id", one.id.text()},
          {"agency", one.agency.text()},
          {"kind", name_of(one.kind)},
          {"name", one.name},
          {"provider", one.provider},
          {"mbps", one.mbps},
          {"exits", std::move(exits)},
          {"router", one.router},
          {"terms", one.terms},
          {"note", one.note},
          {"changed_by", one.changed_by},
          {"noticed_on", day_json(one.noticed_on)},
          {"notice_document", one.notice_document},
          {"notice_due_on", since ? json::value(to_iso(day_of(*since + notice_within))) : json::value(nullptr)},
          {"ended_at", time_json(one.ended_at)},
          {"end_reason", one.end_reason},
          {"version", one.version}};
}

// Of one kind of drift or all, for what one may see.
json::array drifts_json(const ApiDependencies& d, Seen& seen, bool of_links) {
  json::array out;
  for (const Drift& one : d.lines.drifts()) {
    if ((one.kind == DriftKind::unknown_exit) != of_links || !seen(one.agency)) continue;
    json::array devices;
    for (const DeviceId& device : one.devices) devices.emplace_back(device.text());
    out.push_back(json::object{{"agency", one.agency.text()},
                               {"kind", name_of(one.kind)},
                               {"what", one.what},
                               {"devices", std::move(devices)},
                               {"seqs", json::array(one.seqs.begin(), one.seqs.end())},
                               {"at", to_rfc3339(one.at)}});
  }
  return out;
}

Result<Subnet> subnet_in(const Request& request) {
  const json::object& body = request.body.as_object();
  Subnet out;
  const auto range = prefix_of(text_at(body, "range"));
  if (!range) return Error(subnet_invalid, "dải địa chỉ", "the range");
  out.range = *range;
  out.purpose = text_at(body, "purpose");
  out.gateway = text_at(body, "gateway");
  if (const auto* vlan = body.if_contains("vlan"); vlan != nullptr && vlan->is_int64()) out.vlan = vlan->as_int64();
  const auto* dedicated = body.if_contains("dedicated");
  out.is_dedicated = dedicated != nullptr && dedicated->is_bool() && dedicated->as_bool();
  out.agreed_with = text_at(body, "agreed_with");
  LUY_TRY(out.agreed_on, day_at(body, "agreed_on"));
  out.document = text_at(body, "document");
  out.note = text_at(body, "note");
  out.changed_by = request.actor->display_name;
  out.version = number_at(body, "version");
  return out;
}

Result<Line> line_in(const Request& request) {
  const json::object& body = request.body.as_object();
  Line out;
  const auto kind = line_kind_from_name(text_at(body, "kind"));
  if (!kind) return Error(api::bad_request, "kind");
  out.kind = *kind;
  out.name = text_at(body, "name");
  out.provider = text_at(body, "provider");
  out.mbps = number_at(body, "mbps");
  if (const auto* exits = body.if_contains("exits"); exits != nullptr && exits->is_array()) {
    for (const json::value& text : exits->as_array()) {
      const auto exit = prefix_of(std::string_view(text.as_string()));
      if (!exit) return Error(line_invalid, "địa chỉ ra ngoài", "an exit address");
      out.exits.push_back(*exit);
    }
  }
  out.router = text_at(body, "router");
  out.terms = text_at(body, "terms");
  out.note = text_at(body, "note");
  out.changed_by = request.actor->display_name;
  out.version = number_at(body, "version");
  return out;
}

// What the path names, authorised.
Result<Subnet> subnet_of(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<SubnetId>("subnet", "subnet"));
  LUY_TRY(Subnet found, d.lines.subnet(id));
  LUY_TRY_VOID(api::authorise(request, Action::network_manage, object_of(d, found.agency)));
  return found;
}
Result<Line> line_of(const ApiDependencies& d, const Request& request, Action action) {
  LUY_TRY(const auto id, request.id_param<LineId>("line", "line"));
  LUY_TRY(Line found, d.lines.line(id));
  LUY_TRY_VOID(api::authorise(request, action, object_of(d, found.agency)));
  return found;
}

Result<Response> list_plan(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::network_read));
  json::array items;
  const std::vector<Subnet> all = d.lines.subnets();
  for (const Subnet& one : all) {
    if (seen(one.agency)) items.push_back(subnet_json(one));
  }
  return api::json(json::object{{"items", std::move(items)}, {"drifts", drifts_json(d, seen, false)}});
}

Result<Response> add_subnet(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const AgencyId agency, agency_in(d, request, Action::network_manage));
  LUY_TRY(Subnet wanted, subnet_in(request));
  wanted.agency = agency;
  request.audited = true;
  LUY_TRY(const Subnet made, d.lines.put(api::caller_of(request), std::move(wanted)));
  return api::json(subnet_json(made), 201);
}

Result<Response> change_subnet(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Subnet before, subnet_of(d, request));
  LUY_TRY(Subnet wanted, subnet_in(request));
  wanted.id = before.id;
  wanted.agency = before.agency;
  request.audited = true;
  LUY_TRY(const Subnet made, d.lines.put(api::caller_of(request), std::move(wanted)));
  return api::json(subnet_json(made));
}

Result<Response> remove_subnet(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Subnet before, subnet_of(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.lines.remove(api::caller_of(request), before.id, text_at(request.body.as_object(), "reason")));
  return api::no_content();
}

Result<Response> list_lines(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::network_read));
  json::array items;
  const std::vector<Line> all = d.lines.lines(request.param("ended").value_or("false") == "true");
  for (const Line& one : all) {
    if (seen(one.agency)) items.push_back(line_json(d, one));
  }
  return api::json(json::object{{"items", std::move(items)},
                                {"drifts", drifts_json(d, seen, true)},
                                {"notice_within_days", notice_within.count()}});
}

Result<Response> add_line(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const AgencyId agency, agency_in(d, request, Action::network_manage));
  LUY_TRY(Line wanted, line_in(request));
  wanted.agency = agency;
  request.audited = true;
  LUY_TRY(const Line made, d.lines.put(api::caller_of(request), std::move(wanted)));
  return api::json(line_json(d, made), 201);
}

Result<Response> change_line(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Line before, line_of(d, request, Action::network_manage));
  LUY_TRY(Line wanted, line_in(request));
  wanted.id = before.id;
  wanted.agency = before.agency;
  request.audited = true;
  LUY_TRY(const Line made, d.lines.put(api::caller_of(request), std::move(wanted)));
  return api::json(line_json(d, made));
}

Result<Response> end_line(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Line before, line_of(d, request, Action::network_manage));
  request.audited = true;
  LUY_TRY(const Line made,
          d.lines.end(api::caller_of(request), before.id, text_at(request.body.as_object(), "reason")));
  return api::json(line_json(d, made));
}

Result<Response> record_notice(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Line before, line_of(d, request, Action::network_manage));
  const json::object& body = request.body.as_object();
  LUY_TRY(const auto day, day_at(body, "noticed_on"));
  if (!day) return Error(api::bad_request, "noticed_on");
  request.audited = true;
  LUY_TRY(const Line made, d.lines.note_notice(api::caller_of(request), before.id, *day, text_at(body, "document")));
  return api::json(line_json(d, made));
}

Result<Response> notice_paper(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Line one, line_of(d, request, Action::network_read));
  if (one.kind != LineKind::internet) return Error(line_not_internet);
  if (one.ended_at) return Error(line_ended);
  std::string exits;
  for (const Prefix& exit : one.exits) exits += (exits.empty() ? "" : ", ") + text_of(exit);
  std::string plan;
  const std::vector<Subnet> all = d.lines.subnets();
  for (const Subnet& subnet : all) {
    if (subnet.agency != one.agency) continue;
    plan += (plan.empty() ? "" : "\n") + text_of(subnet.range) + ": " + subnet.purpose;
    if (!subnet.gateway.empty()) plan += "; cổng ra " + subnet.gateway;
    if (subnet.vlan) plan += "; VLAN " + std::to_string(*subnet.vlan);
    if (!subnet.document.empty()) plan += "; theo văn bản " + subnet.document;
  }
  json::object fields{{"line", one.name},
                      {"provider", one.provider.empty() ? "chưa ghi" : one.provider},
                      {"bandwidth", one.mbps == 0 ? "chưa ghi" : std::to_string(one.mbps) + " Mbit/s"},
                      {"exits", exits.empty() ? "chưa ghi" : exits},
                      {"router", one.router.empty() ? "Chưa ghi." : one.router},
                      {"plan", plan.empty() ? "Chưa có quy hoạch địa chỉ." : plan}};
  if (one.noticed_on) fields["before"] = one.notice_document + " ngày " + to_vietnamese(*one.noticed_on);
  LUY_TRY(std::string bytes,
          d.render({one.agency, "thong-bao-duong-truyen", std::move(fields), {}, day_of(d.clock.now())}));
  return api::file_response(std::move(bytes), "application/pdf", "thong-bao-" + one.id.text() + ".pdf");
}

}  // namespace

std::vector<api::Route> line_routes(const Shared& d) {
  const auto read = Action::network_read;
  const auto manage = Action::network_manage;
  return {
      route(d, Method::get, "/api/v1/network/plan", "listPlan", read, list_plan),
      route(d, Method::post, "/api/v1/network/plan", "addSubnet", manage, add_subnet),
      route(d, Method::put, "/api/v1/network/plan/{subnet}", "changeSubnet", manage, change_subnet),
      route(d, Method::post, "/api/v1/network/plan/{subnet}/removal", "removeSubnet", manage, remove_subnet),
      route(d, Method::get, "/api/v1/network/lines", "listLines", read, list_lines),
      route(d, Method::post, "/api/v1/network/lines", "addLine", manage, add_line),
      route(d, Method::put, "/api/v1/network/lines/{line}", "changeLine", manage, change_line),
      route(d, Method::post, "/api/v1/network/lines/{line}/end", "endLine", manage, end_line),
      route(d, Method::post, "/api/v1/network/lines/{line}/notice", "recordNotice", manage, record_notice),
      route(d, Method::get, "/api/v1/network/lines/{line}/notice", "getNoticePaper", read, notice_paper),
  };
}

}  // namespace luy::premises
