// listSoftwareRequests, requestSoftware, withdrawSoftwareRequest, approveSoftwareRequest, refuseSoftwareRequest.
#include "inventory/api.h"
#include "software/handlers/values.h"

namespace luy::software {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;

std::string text_at(const json::object& body, const char* key) {
  const json::value* const value = body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// What is the asker's own, in their agency.
Result<directory::Object> own(const ApiDependencies& d, const Request& request) {
  directory::Object out = directory::Object::anywhere();
  if (request.actor) {
    const auto agency = d.agency_of_account(request.actor->account);
    if (agency) out = object_in(d, *agency);
    out.account = request.actor->account;
  }
  return out;
}

bool may_decide(const ApiDependencies& d, const Request& request, const SoftwareRequest& one) {
  return request.actor && directory::may(*request.actor, Action::software_approve, object_in(d, one.agency)).allowed;
}

json::object request_json(const ApiDependencies& d, const Request& request, const SoftwareRequest& one) {
  json::array approvals;
  for (const ApprovalId& id : one.approvals) {
    const auto approval = d.inventory.approval(id);
    if (approval && !approval->withdrawn_at) approvals.push_back(inventory::approval_json(*approval));
  }
  return {{"id", one.id.text()},
          {"agency", named(one.agency.text(), d.agency_name(one.agency))},
          {"product", one.product},
          {"versions", one.versions},
          {"why", one.why},
          {"device", one.device},
          {"asked_by", one.asked_by},
          {"asked_at", to_rfc3339(one.asked_at)},
          {"mine", request.actor && request.actor->account == one.account},
          {"state", name_of(one.state)},
          {"decided_by", one.decided_by.empty() ? json::value(nullptr) : json::value(one.decided_by)},
          {"decided_at", one.decided_at ? json::value(to_rfc3339(*one.decided_at)) : json::value(nullptr)},
          {"reason", one.reason},
          {"approvals", std::move(approvals)},
          {"may_decide", one.state == SoftwareRequest::State::waiting && may_decide(d, request, one)}};
}

// The request that the path names, for who decides on it.
Result<SoftwareRequest> to_decide(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<RequestId>("wish", "request"));
  const auto found = d.book.find(id);
  if (!found) return Error(request_unknown, id.text());
  LUY_TRY_VOID(api::authorise(request, Action::software_approve, object_in(d, found->agency)));
  return *found;
}

Result<std::optional<Day>> day_at(const json::object& body, const char* key) {
  const std::string text = text_at(body, key);
  if (text.empty()) return std::optional<Day>();
  const auto day = day_from_iso(text);
  if (!day) return Error(api::bad_request, key);
  return std::optional(*day);
}

}  // namespace

Result<Response> list_requests(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const directory::Object mine, own(d, request));
  LUY_TRY_VOID(api::authorise(request, Action::software_request, mine));
  std::optional<SoftwareRequest::State> state;
  if (const auto name = request.param("state")) {
    state = request_state_from_name(*name);
    if (!state) return Error(api::bad_request, "state");
  }
  const bool only_mine = request.param("mine") == "true";
  json::array items;
  std::int64_t waiting = 0;
  for (const SoftwareRequest& one : d.book.all()) {
    const bool is_mine = request.actor->account == one.account;
    if (!is_mine && (only_mine || !may_decide(d, request, one))) continue;
    waiting += one.state == SoftwareRequest::State::waiting ? 1 : 0;
    if (!state || one.state == *state) items.push_back(request_json(d, request, one));
  }
  return api::json(json::object{{"items", std::move(items)}, {"waiting", waiting}});
}

Result<Response> ask(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const directory::Object mine, own(d, request));
  LUY_TRY_VOID(api::authorise(request, Action::software_request, mine));
  const auto agency = d.agency_of_account(request.actor->account);
  if (!agency) return Error(api::not_found, "agency");
  const json::object& body = request.body.as_object();
  SoftwareRequest wanted;
  wanted.agency = *agency;
  wanted.account = request.actor->account;
  wanted.asked_by = request.actor->display_name;
  wanted.product = text_at(body, "product");
  wanted.versions = text_at(body, "versions");
  wanted.why = text_at(body, "why");
  wanted.device = text_at(body, "device");
  request.audited = true;
  LUY_TRY(const SoftwareRequest done, d.book.ask(api::caller_of(request), std::move(wanted)));
  return api::json(request_json(d, request, done), 201);
}

Result<Response> withdraw(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const directory::Object mine, own(d, request));
  LUY_TRY_VOID(api::authorise(request, Action::software_request, mine));
  LUY_TRY(const auto id, request.id_param<RequestId>("wish", "request"));
  request.audited = true;
  LUY_TRY_VOID(d.book.withdraw(api::caller_of(request), id, request.actor->account));
  return api::no_content();
}

Result<Response> approve(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const SoftwareRequest wanted, to_decide(d, request));
  const json::object& body = request.body.as_object();
  inventory::NewApproval approval;
  approval.agency = wanted.agency;
  approval.approved_by = request.actor->display_name;
  approval.note = text_at(body, "note");
  for (const json::value& value : body.at("products").as_array()) {
    const json::object& item = value.as_object();
    const std::string versions = text_at(item, "versions");
    approval.items.push_back({text_at(item, "product"), versions.empty() ? "*" : versions});
  }
  if (const auto* classes = body.if_contains("classes")) {
    for (const json::value& name : classes->as_array()) {
      const auto one = inventory::device_class_from_name(std::string_view(name.as_string()));
      if (one) approval.classes.push_back(*one);
    }
  }
  LUY_TRY(approval.expires_on, day_at(body, "expires_on"));
  LUY_TRY(approval.licence, inventory::licence_of(body));
  request.audited = true;
  LUY_TRY(const SoftwareRequest done, d.book.approve(api::caller_of(request), d.inventory, wanted.id, approval));
  return api::json(request_json(d, request, done));
}

Result<Response> refuse(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const SoftwareRequest wanted, to_decide(d, request));
  request.audited = true;
  LUY_TRY(const SoftwareRequest done, d.book.refuse(api::caller_of(request), wanted.id, request.actor->display_name,
                                                    text_at(request.body.as_object(), "reason")));
  return api::json(request_json(d, request, done));
}

}  // namespace luy::software
