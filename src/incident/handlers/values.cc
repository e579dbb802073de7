#include "incident/handlers/values.h"

#include <algorithm>

#include "base/encoding.h"

namespace luy::incident {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;

json::object text_json(const Text& text) {
  return {{"vi", text.vi}, {"en", text.en}};
}
json::value time_json(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}
json::array list_json(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}
json::object choice_json(const Choice& choice) {
  return {{"id", choice.id}, {"title", text_json(choice.title)}};
}
json::array choices_json(const std::vector<Choice>& choices) {
  json::array out;
  for (const Choice& one : choices) out.push_back(choice_json(one));
  return out;
}
json::object agency_json(const ApiDependencies& d, const AgencyId& agency) {
  return {{"id", agency.text()}, {"name", d.agency_name(agency)}};
}

std::string text_of(const json::value& value) {
  const json::string& text = value.as_string();
  return std::string(text.data(), text.size());
}
std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? text_of(*found) : std::string();
}
bool flag_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_bool() && found->get_bool();
}
const json::object& object_at(const json::object& object, std::string_view key) {
  static const json::object none;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_object() ? found->get_object() : none;
}

Result<std::string> bytes_at(const json::object& object, std::string_view key, std::size_t bytes_max) {
  auto bytes = from_base64(text_at(object, key));
  if (!bytes || bytes->empty()) {
    return Error(api::bad_request, std::string(key) + ": không phải base64", std::string(key) + ": no base64");
  }
  if (bytes->size() > bytes_max) {
    const std::string limit = std::to_string(bytes_max >> 20);
    return Error(attachment_too_large, "tối đa " + limit + " MiB", "at most " + limit + " MiB");
  }
  return *std::move(bytes);
}

Result<Time> time_at(const json::object& object, std::string_view key) {
  const auto time = from_rfc3339(text_at(object, key));
  if (!time) return Error(api::bad_request, std::string(key));
  return *time;
}

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency) {
  directory::Object out;
  out.agencies = d.lineage(agency);
  return out;
}

bool may(const ApiDependencies& d, const Request& request, Action action, const AgencyId& agency) {
  return request.actor && directory::may(*request.actor, action, object_of(d, agency)).allowed;
}

Actor actor_of(const ApiDependencies& d, const Request& request) {
  Actor out;
  out.caller = api::caller_of(request);
  out.name = request.actor->display_name;
  out.permit = [&d, &request](const AgencyId& agency) {
    return api::authorise(request, Action::incident_handle, object_of(d, agency));
  };
  out.roles_in = [&d, &request](const AgencyId& agency) {
    return roles_counting(request.actor->grants, Action::incident_handle, d.lineage(agency));
  };
  return out;
}

Actor actor_of(const ApiDependencies& d, const Request& request, Action more) {
  Actor out = actor_of(d, request);
  out.permit = [&d, &request, more](const AgencyId& agency) -> Result<void> {
    LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, agency)));
    return api::authorise(request, more, object_of(d, agency));
  };
  return out;
}

directory::Object town_object(const ApiDependencies& d) {
  directory::Object out;
  if (const auto town = d.town()) out.agencies.push_back(*town);
  return out;
}

Result<Delivery> delivery_at(const ApiDependencies& d, const json::object& body) {
  Delivery out{text_at(body, "to"), text_at(body, "channel"), Time()};
  LUY_TRY(out.at, time_at(body, "at"));
  if (text_at(body, "contact").empty()) return out;
  const auto id = ContactId::parse(text_at(body, "contact"));
  if (!id) return Error(contact_unknown);
  LUY_TRY(const Contact contact, d.contacts.find(*id));
  return delivery_to(contact, d.cases.process().contacts, out);
}

Result<Case> visible_case(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<CaseId>("incident", "incident"));
  LUY_TRY(Case one, d.cases.find(id));
  if (!may(d, request, Action::incident_read, one.agency)) {
    return api::hide(request, Action::incident_read, "incident:" + id.text(), Error(case_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, one.agency)));
  return one;
}

Result<Response> answer_with(const ApiDependencies& d, const Request& request, const CaseId& id, int status) {
  LUY_TRY(const CaseFile file, d.cases.file(id));
  return api::json(detail_json(d, request, file), status);
}

json::value assignee_json(const TownSide& town) {
  if (!town.assignee) return nullptr;
  return json::object{{"account", town.assignee->account.text()}, {"name", town.assignee->name}};
}

void add_town(json::object& out, const TownSide& town) {
  out["town_received_at"] = town.receipt ? json::value(to_rfc3339(town.receipt->at)) : json::value(nullptr);
  out["town_received_by"] = town.receipt ? json::value(town.receipt->by) : json::value(nullptr);
  out["assignee"] = assignee_json(town);
}

api::Route route(const Shared& d, api::Method method, const char* pattern, const char* operation, Action action,
                 HandlerFunction handler, std::size_t body_bytes_max, api::Access access) {
  api::Route out;
  out.method = method;
  out.pattern = pattern;
  out.operation_id = operation;
  out.access = access;
  out.action = action;
  out.handler = [d, handler](const Request& request) { return handler(*d, request); };
  out.body_bytes_max = body_bytes_max;
  return out;
}

std::vector<api::Route> routes(const ApiDependencies& dependencies) {
  const auto shared = std::make_shared<const ApiDependencies>(dependencies);
  std::vector<api::Route> out;
  for (auto& part :
       {case_routes(shared), work_routes(shared), paper_routes(shared), report_routes(shared), form_routes(shared),
        town_routes(shared), contact_routes(shared), inbound_routes(shared), process_routes(shared),
        warning_routes(shared), handover_routes(shared), system_routes(shared), provider_routes(shared)}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace luy::incident
