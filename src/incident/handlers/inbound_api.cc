// listInboundWarnings, registerInboundWarning, getInboundWarning, getInboundWarningFile, previewInboundIndicators,
// importInboundIndicators, passOnInboundWarning, answerInboundWarning. What comes from outside may be meant for few, so
// it is read where the town's own agency is; the town office decides what it passes on.
#include "base/vietnamese.h"
#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object inbound_json(const ApiDependencies& d, const InboundWarning& one) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
  };
  const auto seq = d.act_seq(one.act);
  json::object out;
  out["id"] = one.id.text();
  out["number"] = one.number;
  out["source"] = one.source;
  out["reference"] = text_or_null(one.reference);
  out["dated"] = one.dated ? json::value(to_iso(*one.dated)) : json::value(nullptr);
  out["title"] = one.title;
  out["summary"] = one.summary;
  out["received_at"] = to_rfc3339(one.received_at);
  out["received_by"] = one.received_by;
  out["registered_at"] = to_rfc3339(one.registered_at);
  out["contact"] = text_or_null(one.contact);
  out["file"] = nullptr;
  if (one.file) {
    out["file"] = json::object{{"name", one.file->name}, {"bytes", one.file->bytes}, {"sha256", one.file->sha256}};
  }
  out["state"] = name_of(one.state);
  out["handled_at"] = time_json(one.handled_at);
  out["handled_by"] = one.handled_by;
  out["answer"] = one.answer;
  out["warning"] = nullptr;
  if (one.warning) out["warning"] = json::object{{"id", one.warning->id.text()}, {"number", one.warning->number}};
  out["indicator_list"] = nullptr;
  if (one.indicators) {
    out["indicator_list"] =
        json::object{{"id", one.indicators->id}, {"name", one.indicators->name}, {"count", one.indicators->count}};
  }
  out["seq"] = seq ? json::value(*seq) : json::value(nullptr);
  return out;
}

InboundBook::Actor actor_for(const ApiDependencies& d, const Request& request) {
  return {api::caller_of(request), request.actor->display_name, town_object(d)};
}

Result<InboundWarning> inbound_at(const ApiDependencies& d, const Request& request, Action action) {
  LUY_TRY_VOID(api::authorise(request, action, town_object(d)));
  LUY_TRY(const auto id, request.id_param<InboundId>("inbound", "inbound"));
  return d.inbound.find(id);
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::warning_read, town_object(d)));
  LUY_TRY(const std::vector<InboundWarning> all, d.inbound.list());
  const std::string state = request.param("state").value_or("");
  const std::string q = fold_vietnamese(request.param("q").value_or(""));
  json::array items;
  json::object counts{{"fresh", 0}, {"handled", 0}, {"no_action", 0}};
  for (const InboundWarning& one : all) {
    const auto holds = [&](const std::string& text) { return fold_vietnamese(text).find(q) != std::string::npos; };
    if (!q.empty() && !holds(one.number) && !holds(one.title) && !holds(one.source) && !holds(one.reference)) continue;
    json::value& count = counts[name_of(one.state)];
    count = count.to_number<std::int64_t>() + 1;
    if (state.empty() || name_of(one.state) == state) items.push_back(inbound_json(d, one));
  }
  return api::json(json::object{{"items", std::move(items)}, {"counts", std::move(counts)}});
}

Result<Response> take(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::warning_issue, town_object(d)));
  const json::object& body = request.body.as_object();
  NewInbound wanted;
  wanted.source = text_at(body, "source");
  wanted.reference = text_at(body, "reference");
  wanted.title = text_at(body, "title");
  wanted.summary = text_at(body, "summary");
  LUY_TRY(wanted.received_at, time_at(body, "received_at"));
  if (!text_at(body, "dated").empty()) {
    wanted.dated = day_from_iso(text_at(body, "dated"));
    if (!wanted.dated) return Error(api::bad_request, "dated");
  }
  if (!text_at(body, "contact").empty()) {
    const auto contact = ContactId::parse(text_at(body, "contact"));
    if (!contact) return Error(contact_unknown);
    LUY_TRY_VOID(d.contacts.find(*contact));
    wanted.contact = contact->text();
  }
  if (const json::object& file = object_at(body, "file"); !file.empty()) {
    wanted.file_name = text_at(file, "name");
    LUY_TRY(wanted.file, bytes_at(file, "content", upload_bytes_max));
  }
  request.audited = true;
  LUY_TRY(const InboundWarning taken, d.inbound.take(actor_for(d, request), wanted));
  return api::json(inbound_json(d, taken), 201);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const InboundWarning one, inbound_at(d, request, Action::warning_read));
  return api::json(inbound_json(d, one));
}

Result<Response> file(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const InboundWarning one, inbound_at(d, request, Action::warning_read));
  if (!one.file) return Error(attachment_unknown, one.number);
  LUY_TRY(std::string bytes, d.vault.get(one.file->sha256));
  return file_response(std::move(bytes), "application/pdf", one.file->name);
}

Result<Response> preview(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(inbound_at(d, request, Action::warning_issue));
  LUY_TRY(const indicator::FoundInText found, indicator::find_in_text(text_at(request.body.as_object(), "text")));
  json::array items, refused;
  for (const indicator::Atom& one : found.atoms) {
    items.push_back(json::object{{"type", indicator::name_of(one.type)}, {"value", one.value}});
  }
  for (const indicator::Refused& one : found.refused) {
    refused.push_back(json::object{{"text", one.what}, {"why", text_json({one.vi, one.en})}});
  }
  return api::json(json::object{{"items", std::move(items)}, {"refused", std::move(refused)}});
}

Result<Response> import_indicators(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const InboundWarning one, inbound_at(d, request, Action::warning_issue));
  const json::object& body = request.body.as_object();
  LUY_TRY(const InboundWarning with,
          d.inbound.import_indicators(actor_for(d, request), one.id, text_at(body, "text"), text_at(body, "name")));
  request.audited = true;
  return api::json(inbound_json(d, with));
}

Result<Response> pass_on(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const InboundWarning one, inbound_at(d, request, Action::warning_issue));
  LUY_TRY(const NewWarning wanted, warning_at(d, request.body.as_object()));
  const InboundBook::Actor actor = actor_for(d, request);
  request.audited = true;
  LUY_TRY_VOID(d.warnings.issue(
      actor.caller, actor.name, wanted, [&d](const AgencyId& agency) { return object_of(d, agency); },
      [&](records::Connection& c, const Warning& made) { return d.inbound.link_in(c, actor, one.id, made); }));
  LUY_TRY(const InboundWarning linked, d.inbound.find(one.id));
  return api::json(inbound_json(d, linked));
}

Result<Response> answer(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const InboundWarning one, inbound_at(d, request, Action::warning_issue));
  const json::object& body = request.body.as_object();
  const auto state = inbound_state_from_name(text_at(body, "state"));
  if (!state) return Error(api::bad_request, "state");
  request.audited = true;
  LUY_TRY(const InboundWarning settled,
          d.inbound.settle(actor_for(d, request), one.id, *state, text_at(body, "answer")));
  return api::json(inbound_json(d, settled));
}

}  // namespace

std::vector<api::Route> inbound_routes(const Shared& d) {
  constexpr auto read = Action::warning_read;
  constexpr auto issue = Action::warning_issue;
  const std::string one = "/api/v1/inbound-warnings/{inbound}";
  return {
      route(d, Method::get, "/api/v1/inbound-warnings", "listInboundWarnings", read, list),
      route(d, Method::post, "/api/v1/inbound-warnings", "registerInboundWarning", issue, take, upload_body_bytes_max),
      route(d, Method::get, one.c_str(), "getInboundWarning", read, get),
      route(d, Method::get, (one + "/file").c_str(), "getInboundWarningFile", read, file),
      route(d, Method::post, (one + "/indicators/preview").c_str(), "previewInboundIndicators", issue, preview,
            indicators_body_bytes_max),
      route(d, Method::post, (one + "/indicators").c_str(), "importInboundIndicators", issue, import_indicators,
            indicators_body_bytes_max),
      route(d, Method::post, (one + "/warning").c_str(), "passOnInboundWarning", issue, pass_on),
      route(d, Method::post, (one + "/answer").c_str(), "answerInboundWarning", issue, answer),
  };
}

}  // namespace luy::incident
