// makeHandover, getHandoverFile.
#include <algorithm>

#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

Result<EventSpan> span_of(const ApiDependencies& d, const Request& request, const AgencyId& agency,
                          const json::object& wanted) {
  // Who picks records out of the logs searches them.
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search, object_of(d, agency)));
  EventSpan out;
  LUY_TRY(out.from, time_at(wanted, "from"));
  LUY_TRY(out.to, time_at(wanted, "to"));
  const json::value* devices = wanted.if_contains("devices");
  if (devices == nullptr) return out;
  for (const json::value& value : devices->as_array()) {
    const auto device = DeviceId::parse(text_of(value));
    if (!device) return Error(api::bad_request, "events.devices");
    out.devices.push_back(*device);
  }
  return out;
}

Result<Response> make(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const Actor actor = actor_of(d, request);
  LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, one.agency)));
  const json::object& body = request.body.as_object();
  HandoverWanted wanted;
  wanted.receiver = text_at(body, "receiver");
  if (const std::string paper = text_at(body, "paper"); !paper.empty()) {
    wanted.paper = PaperId::parse(paper);
    if (!wanted.paper) return Error(paper_unknown);
  }
  if (const json::value* evidence = body.if_contains("evidence"); evidence != nullptr) {
    for (const json::value& value : evidence->as_array()) {
      const auto part = PartId::parse(text_of(value));
      if (!part) return Error(part_unknown);
      wanted.evidence.push_back(*part);
    }
  }
  if (const json::object& events = object_at(body, "events"); !events.empty()) {
    LUY_TRY(wanted.events, span_of(d, request, one.agency, events));
  }
  request.audited = true;
  LUY_TRY(const Part part, d.handovers.make(actor, one.id, wanted));
  return api::json(handover_json(d, part), 201);
}

Result<Response> file(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  LUY_TRY(const auto id, request.id_param<PartId>("handover", "handover"));
  LUY_TRY(const CaseFile whole, d.cases.file(one.id));
  const auto part = std::find_if(whole.parts.begin(), whole.parts.end(),
                                 [&](const Part& each) { return each.id == id && each.kind == PartKind::handover; });
  if (part == whole.parts.end()) return Error(handover_unknown);
  // What holds records of the logs is read by who may search the logs.
  const auto records = part->body.at("records").to_number<std::uint64_t>();
  if (records > 0) LUY_TRY_VOID(api::authorise(request, Action::evidence_search, object_of(d, one.agency)));
  LUY_TRY(std::string bytes, d.vault.get(text_at(part->body, "sha256")));
  directory::AuditEntry entry;
  entry.act = "incident_handover_file";
  entry.object = "case:" + one.id.text();
  entry.after = {{"agency", one.agency.text()},
                 {"number", one.number},
                 {"part", part->id.text()},
                 {"sha256", text_at(part->body, "sha256")},
                 {"records", records}};
  // Nothing leaves without its entry.
  LUY_TRY_VOID(d.directory.audit().record(api::caller_of(request), entry));
  request.audited = true;
  const std::string day = to_iso(day_of(part->at));
  return file_response(std::move(bytes), "application/zip", "ban-giao-" + one.number + "-" + day + ".zip");
}

}  // namespace

json::object handover_json(const ApiDependencies& d, const Part& part) {
  const auto seq = d.act_seq(text_at(part.body, "act"));
  json::object out;
  out["id"] = part.id.text();
  out["made_at"] = to_rfc3339(part.at);
  out["by"] = part.by;
  for (const char* key : {"receiver", "paper", "bytes", "sha256", "days", "records", "files"}) {
    out[key] = part.body.at(key);
  }
  out["seq"] = seq ? json::value(*seq) : json::value(nullptr);
  return out;
}

std::vector<api::Route> handover_routes(const Shared& d) {
  return {
      route(d, Method::post, "/api/v1/incidents/{incident}/handovers", "makeHandover", Action::incident_handle, make),
      route(d, Method::get, "/api/v1/incidents/{incident}/handovers/{handover}/file", "getHandoverFile",
            Action::incident_read, file),
  };
}

}  // namespace luy::incident
