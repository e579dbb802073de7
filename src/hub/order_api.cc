#include "hub/order_api.h"

#include <algorithm>

#include "base/encoding.h"
#include "incident/case_book.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}
json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::value result_json(const std::optional<order::OrderResult>& result) {
  if (!result) return nullptr;
  json::object details;
  for (const auto& [key, value] : result->details) details[key] = value;
  return json::object{
      {"code", text_or_null(result->code)}, {"vi", result->vi}, {"en", result->en}, {"details", std::move(details)}};
}

json::object order_json(const KeptOrder& kept) {
  const order::Order& order = kept.order;
  json::object out;
  out["id"] = order.id;
  out["device"] = order.device;
  out["serial"] = order.serial;
  out["type"] = order::type_name(order.body);
  out["parameters"] = json::parse(order::parameters_json(order.body));
  out["reason"] = order.reason;
  out["case"] = text_or_null(kept.case_id);
  out["case_number"] = text_or_null(order.incident);
  out["asked_by"] = order.asked_by;
  out["agreed_by"] = text_or_null(order.agreed_by);
  out["issued_at"] = to_rfc3339(order.issued_at);
  out["expires_at"] = to_rfc3339(order.expires_at);
  out["state"] = name_of(kept.state);
  out["taken_at"] = time_or_null(kept.taken_at);
  out["settled_at"] = time_or_null(kept.settled_at);
  out["result"] = result_json(kept.result);
  out["proof"] = kept.proof_seq ? json::value(*kept.proof_seq) : json::value(nullptr);
  return out;
}

struct Place {
  DeviceId device;
  AgencyId agency;
};

// The device of the path, authorised.
Result<Place> place_of(const OrderApi& d, const api::Request& request, Action action) {
  LUY_TRY(const auto device, request.id_param<DeviceId>("device", "device"));
  const auto agency = d.agency_of(device);
  if (!agency) return Error(api::not_found, "device");
  LUY_TRY_VOID(api::authorise(request, action, d.agencies.object(*agency)));
  return Place{device, *agency};
}

bool may(const OrderApi& d, const api::Request& request, Action action, const AgencyId& agency) {
  return request.actor && directory::may(*request.actor, action, d.agencies.object(agency)).allowed;
}

// An order is the business of the agency in which it was given, wherever the machine stands today, and also when it is
// retired.
Result<api::Response> list_orders(const OrderApi& d, const api::Request& request) {
  LUY_TRY(const auto device, request.id_param<DeviceId>("device", "device"));
  const auto agency = d.last_agency_of(device);
  if (!agency) return Error(api::not_found, "device");
  LUY_TRY(const auto orders, d.book.list(device));
  json::array out;
  AgencyId seen = *agency;
  for (const KeptOrder& one : orders) {
    if (!may(d, request, Action::device_read, one.agency)) continue;
    seen = one.agency;
    out.push_back(order_json(one));
  }
  LUY_TRY_VOID(api::authorise(request, Action::device_read, d.agencies.object(seen)));
  return api::json(json::object{{"orders", std::move(out)}});
}

// The case of the path or of a body, for somebody who may see it.
Result<OrderCase> visible_case(const OrderApi& d, const api::Request& request, std::string_view id) {
  LUY_TRY(OrderCase found, d.find_case(id));
  if (!may(d, request, Action::incident_read, found.agency)) {
    return api::hide(request, Action::incident_read, "incident:" + found.id, Error(incident::case_unknown));
  }
  return found;
}

Result<api::Response> list_of_case(const OrderApi& d, const api::Request& request) {
  LUY_TRY(const OrderCase of, visible_case(d, request, request.param("incident").value_or(std::string())));
  LUY_TRY_VOID(api::authorise(request, Action::device_read, d.agencies.object(of.agency)));
  LUY_TRY(const auto orders, d.book.list_of_case(of.id));
  json::array items;
  for (const KeptOrder& one : orders) {
    if (!may(d, request, Action::device_read, one.agency)) continue;
    json::object item = order_json(one);
    const auto device = DeviceId::trusted(one.order.device);
    const std::string name = d.device_name(device);
    item["device"] = json::object{{"id", device.text()}, {"name", name.empty() ? device.text() : name}};
    items.push_back(std::move(item));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

// The case that an order is to serve; nullopt when it names none.
Result<std::optional<OrderCase>> wanted_case(const OrderApi& d, const api::Request& request, const json::object& wanted,
                                             const AgencyId& agency) {
  const json::value* id = wanted.if_contains("case");
  if (id == nullptr || id->as_string().empty()) return std::optional<OrderCase>();
  LUY_TRY(OrderCase found, visible_case(d, request, id->as_string()));
  if (found.is_over) return Error(incident::case_over, found.number);
  const std::vector<AgencyId> above = d.agencies.lineage(agency);
  if (std::find(above.begin(), above.end(), found.agency) == above.end()) {
    return Error(order_wrong_case, found.number);
  }
  return std::optional(std::move(found));
}

// What the entry says and the second person sees: everything asked for, and where.
void describe(const OrderApi& d, const Place& place, const json::object& wanted, directory::AuditEntry& entry) {
  entry.object = "device:" + place.device.text();
  for (const auto& field : wanted) entry.after[field.key()] = field.value();
  entry.after["device"] = d.device_name(place.device);
  entry.after["agency"] = place.agency.text();
}

// Under this name the timeline of a case finds the entry in the evidence.
std::string name_act(const OrderApi& d, directory::AuditEntry& entry) {
  std::string act = d.new_act();
  entry.after["proof_of"] = act;
  return act;
}

Result<api::Response> answer(const OrderApi& d, const Place& place, const std::string& id, const json::value& act) {
  json::object out{{"order", nullptr}, {"act", act}};
  if (id.empty()) return api::json(out, 202);
  LUY_TRY_VOID(d.book.refresh());
  LUY_TRY(const KeptOrder kept, d.book.find(place.device, id));
  out["order"] = order_json(kept);
  return api::json(out, 201);
}

Result<api::Response> issue_order(const OrderApi& d, const api::Request& request) {
  LUY_TRY(const Place place, place_of(d, request, Action::device_order));
  const json::object& wanted = request.body.as_object();
  LUY_TRY(const order::Body body, body_of(wanted, Time{}));
  LUY_TRY(const auto of, wanted_case(d, request, wanted, place.agency));
  if (order::takes_two(body)) {
    LUY_TRY_VOID(api::authorise(request, Action::device_contain, d.agencies.object(place.agency)));
    json::object act{{"device", place.device.text()}, {"wanted", wanted}, {"by", request.actor->display_name}};
    // What the second person agrees to must be what was asked for to the letter, so the name is given now.
    act["act"] = d.new_act();
    if (of) act["case_number"] = of->number;
    request.audited = true;
    LUY_TRY(const directory::Proposed proposed,
            d.acts.propose(api::caller_of(request), contain_act, act, place.agency));
    if (proposed.waiting) return answer(d, place, {}, json::value(proposed.waiting->text()));
    return answer(d, place, std::string(proposed.result.at("order").as_string()), nullptr);
  }
  directory::AuditEntry entry;
  entry.act = directory::name_of(Action::device_order);
  request.audited = true;
  const auto issue = [&](records::Connection& c, directory::AuditEntry& done) -> Result<std::string> {
    describe(d, place, wanted, done);
    OrderBook::Wanted order{place.device, place.agency, request.actor->username, {}, wanted};
    if (of) order.case_id = of->id;
    if (of) order.case_number = of->number;
    order.by = request.actor->display_name;
    order.act = name_act(d, done);
    LUY_TRY(std::string id, d.book.issue_in(c, order));
    done.after["order"] = id;
    return id;
  };
  LUY_TRY(const std::string id, d.audit.perform(api::caller_of(request), std::move(entry), issue));
  return answer(d, place, id, nullptr);
}

Result<api::Response> cancel_order(const OrderApi& d, const api::Request& request) {
  LUY_TRY(const auto device, request.id_param<DeviceId>("device", "device"));
  const std::string id = request.param("order").value_or(std::string());
  LUY_TRY(const KeptOrder known, d.book.find(device, id));
  const Place place{device, known.agency};
  LUY_TRY_VOID(api::authorise(request, Action::device_order, d.agencies.object(place.agency)));
  directory::AuditEntry entry;
  entry.act = "device_order_cancel";
  request.audited = true;
  const auto cancel = [&](records::Connection& c, directory::AuditEntry& done) -> Result<bool> {
    LUY_TRY(const KeptOrder kept,
            d.book.cancel_in(c, place.device, id, request.actor->display_name, name_act(d, done)));
    describe(d, place, {{"order", id}, {"type", order::type_name(kept.order.body)}}, done);
    return true;
  };
  LUY_TRY(const bool done, d.audit.perform(api::caller_of(request), std::move(entry), cancel));
  LUY_CHECK(done);
  LUY_TRY_VOID(d.book.refresh());
  return api::no_content();
}

}  // namespace

std::vector<api::Route> order_routes(const OrderApi& d) {
  using api::Access;
  using api::Method;
  const auto with = [&d](Result<api::Response> (*handler)(const OrderApi&, const api::Request&)) {
    return [&d, handler](const api::Request& request) { return handler(d, request); };
  };
  return {
      {Method::get, "/api/v1/devices/{device}/orders", "listOrders", Access::session, Action::device_read,
       with(list_orders)},
      {Method::post, "/api/v1/devices/{device}/orders", "issueOrder", Access::session, Action::device_order,
       with(issue_order)},
      {Method::get, "/api/v1/incidents/{incident}/orders", "listIncidentOrders", Access::session, Action::device_read,
       with(list_of_case)},
      {Method::del, "/api/v1/devices/{device}/orders/{order}", "cancelOrder", Access::session, Action::device_order,
       with(cancel_order)},
  };
}

directory::ActKind contain_kind(const OrderApi& d) {
  directory::ActKind kind;
  kind.action = Action::device_contain;
  kind.run = [&d](records::Connection& c, const directory::Caller& caller, const json::object& body,
                  directory::AuditEntry& entry) -> Result<json::object> {
    const auto device = DeviceId::trusted(std::string_view(body.at("device").as_string()));
    const auto agency = d.agency_of(device);
    if (!agency) return Error(api::not_found, "device");
    LUY_TRY_VOID(caller.require(Action::device_contain, d.agencies.object(*agency)));
    const json::object& wanted = body.at("wanted").as_object();
    describe(d, {device, *agency}, wanted, entry);
    OrderBook::Wanted order{device, *agency, caller.username, caller.agreed_by, wanted};
    // Checked when it was asked for; a case that has ended since is still told.
    if (const json::value* number = body.if_contains("case_number"); number != nullptr) {
      order.case_number = number->as_string();
      entry.after["case_number"] = order.case_number;
      order.case_id = wanted.at("case").as_string();
    }
    if (const json::value* by = body.if_contains("by"); by != nullptr) order.by = by->as_string();
    if (const json::value* act = body.if_contains("act"); act != nullptr) {
      order.act = act->as_string();
      entry.after["proof_of"] = order.act;
    }
    LUY_TRY(const std::string id, d.book.issue_in(c, order));
    return json::object{{"order", id}};
  };
  return kind;
}

}  // namespace luy::hub
