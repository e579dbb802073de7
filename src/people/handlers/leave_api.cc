// listLeaves, previewLeave, getLeave, openLeave, addLeaveItem, finishLeaveItem, transferLeaveItem, waiveLeaveItem,
// closeLeave, withdrawLeave.
#include <algorithm>
#include <array>

#include "base/vietnamese.h"
#include "people/account_queue.h"
#include "people/handlers/values.h"
#include "people/text.h"

namespace luy::people {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::value maybe_text(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object item_json(const ApiDependencies& d, const LeaveItem& item, const PersonId& person) {
  const Sight sight = d.leaves.sight_of(item, person);
  return {{"id", item.id.empty() ? json::value(nullptr) : json::value(item.id.text())},
          {"kind", name_of(item.kind)},
          {"title", text_json(title_of(item))},
          {"ref", maybe_text(item.ref)},
          {"system", maybe_text(item.system)},
          {"state", name_of(item.state)},
          {"alive", sight.alive},
          {"seen_at", time_json(sight.at)},
          {"seq", seq_json(item.seq ? item.seq : sight.seq)},
          {"owner", maybe_named_json(item.owner)},
          {"done_at", time_json(item.done_at)},
          {"done_by", maybe_named_json(item.done_by)},
          {"how", maybe_text(item.how)}};
}

json::object leave_json(const ApiDependencies& d, const Leave& leave) {
  json::array items;
  for (const LeaveItem& item : leave.items) items.push_back(item_json(d, item, leave.person));
  return {{"id", leave.id.text()},
          {"number", leave.number},
          {"person", {{"id", leave.person.text()}, {"name", leave.person_name}}},
          {"kind", name_of(leave.kind)},
          {"agency", agency_json(d, leave.agency)},
          {"to", leave.to ? json::value(agency_json(d, *leave.to)) : json::value(nullptr)},
          {"last_day", to_iso(leave.last_day)},
          {"reason", leave.reason},
          {"state", name_of(leave.state)},
          {"overdue", leave.overdue(d.clock.now())},
          {"opened_at", to_rfc3339(leave.opened_at)},
          {"opened_by", named_json(leave.opened_by)},
          {"ended_at", time_json(leave.ended_at)},
          {"closed_at", time_json(leave.closed_at)},
          {"open_items", leave.open_items()},
          {"items", std::move(items)},
          {"seq", seq_json(d.act_seq(leave.id.text()))}};
}

// Where a case stands; its person reads it as their own.
directory::Object place_of(const ApiDependencies& d, const Request& request, const Leave& leave) {
  directory::Object out = object_of(d, leave.agency);
  if (request.actor && request.actor->person == leave.person) out.account = request.actor->account;
  return out;
}

// The case of the path; who may not read it is told the same as of one that is not there.
Result<Leave> visible_leave(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<LeaveId>("leave", "leave"));
  LUY_TRY(Leave leave, d.leaves.find(id));
  const directory::Object place = place_of(d, request, leave);
  if (!request.actor || !directory::may(*request.actor, Action::leave_read, place).allowed) {
    return api::hide(request, Action::leave_read, "leave:" + id.text(), Error(leave_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, Action::leave_read, place));
  return leave;
}

LeaveBook::Permit permit_of(const ApiDependencies& d, const Request& request) {
  return [&d, &request](const AgencyId& agency) {
    return api::authorise(request, Action::leave_manage, object_of(d, agency));
  };
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Scope scope, Scope::of(d, request, Action::leave_read));
  LUY_TRY(const auto limit, request.number_param("limit", 100, 1, 500));
  const auto state = leave_state_from_name(request.param("state").value_or(std::string()));
  const bool only_overdue = request.param("overdue") == "true";
  const std::string words = fold_vietnamese(request.param("q").value_or(std::string()));
  const std::string before = request.param("cursor").value_or(std::string());
  LUY_TRY(const std::vector<Leave> all, d.leaves.list());
  std::array<std::size_t, 3> counts{};
  std::size_t overdue = 0;
  json::array items;
  json::value next = nullptr;
  std::string last;
  const Time now = d.clock.now();
  for (const Leave& one : all) {
    const bool is_own = !request.param("agency") && request.actor && request.actor->person == one.person;
    if (!is_own && !scope.sees(one.agency)) continue;
    ++counts.at(static_cast<std::size_t>(one.state));
    const bool is_overdue = one.overdue(now);
    overdue += is_overdue ? 1 : 0;
    const bool is_meant =
        words.empty() || fold_vietnamese(one.person_name + " " + one.number).find(words) != std::string::npos;
    if ((state && one.state != *state) || (only_overdue && !is_overdue) || !is_meant) continue;
    // The newest first: ids sort by birth.
    if ((!before.empty() && one.id.text() >= before) || !next.is_null()) continue;
    if (items.size() == static_cast<std::size_t>(limit)) {
      next = json::string(last);
      continue;
    }
    last = one.id.text();
    items.push_back(leave_json(d, one));
  }
  return api::json(json::object{
      {"items", std::move(items)},
      {"next", std::move(next)},
      {"counts", {{"planned", counts[0]}, {"open", counts[1]}, {"overdue", overdue}, {"closed", counts[2]}}}});
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  return api::json(leave_json(d, leave));
}

Result<Response> preview(const ApiDependencies& d, const Request& request) {
  const Persons persons = d.persons();
  LUY_TRY(const Person person, visible_person(d, request, persons, request.param("person").value_or(std::string())));
  LUY_TRY_VOID(api::authorise(request, Action::leave_manage, object_of(d, person.agency)));
  const auto kind = leave_kind_from_name(request.param("kind").value_or("leave"));
  if (!kind) return Error(api::bad_request, "kind");
  LUY_TRY(const std::vector<LeaveItem> held, d.leaves.holdings(person.id, *kind));
  json::array items;
  for (const LeaveItem& item : held) items.push_back(item_json(d, item, person.id));
  json::array warnings;
  for (const Text& one : d.leave_warnings(person.id)) warnings.push_back(text_json(one));
  return api::json(json::object{{"items", std::move(items)}, {"warnings", std::move(warnings)}});
}

Result<Response> open(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const Persons persons = d.persons();
  LUY_TRY(const Person person, visible_person(d, request, persons, text_at(body, "person")));
  LUY_TRY_VOID(api::authorise(request, Action::leave_manage, object_of(d, person.agency)));
  NewLeave wanted;
  wanted.person = person.id;
  const auto kind = leave_kind_from_name(text_at(body, "kind"));
  if (!kind) return Error(api::bad_request, "kind");
  wanted.kind = *kind;
  if (const std::string to = text_at(body, "to"); !to.empty()) {
    wanted.to = AgencyId::parse(to);
    if (!wanted.to) return Error(directory::agency_unknown);
  }
  LUY_TRY(const std::optional<Day> last_day, day_at(body, "last_day"));
  if (!last_day) return Error(api::bad_request, "last_day");
  wanted.last_day = *last_day;
  wanted.reason = text_at(body, "reason");
  request.audited = true;
  LUY_TRY(const Leave made, d.leaves.open(api::caller_of(request), who_asks(request), wanted));
  return api::json(leave_json(d, made), 201);
}

Result<Response> add_item(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  const json::object& body = request.body.as_object();
  NewLeaveItem wanted;
  wanted.kind = item_kind_from_name(text_at(body, "kind")).value_or(ItemKind::other_account);
  wanted.name = text_at(body, "title");
  wanted.system = text_at(body, "system");
  if (const std::string owner = text_at(body, "owner"); !owner.empty()) {
    LUY_TRY(wanted.owner, visible_person(d, request, d.persons(), owner));
  }
  request.audited = true;
  LUY_TRY(const Leave made, d.leaves.add_item(api::caller_of(request), permit_of(d, request), leave.id, wanted));
  return api::json(leave_json(d, made), 201);
}

Result<LeaveItem> item_of(const Request& request, const Leave& leave) {
  LUY_TRY(const auto id, request.id_param<LeaveItemId>("item", "item"));
  for (const LeaveItem& one : leave.items) {
    if (one.id == id) return one;
  }
  return Error(leave_item_unknown);
}

Result<Response> finish_item(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  LUY_TRY(const LeaveItem item, item_of(request, leave));
  request.audited = true;
  LUY_TRY(const Leave made, d.leaves.done(api::caller_of(request), who_asks(request), permit_of(d, request), leave.id,
                                          item.id, text_at(request.body.as_object(), "how")));
  return api::json(leave_json(d, made));
}

// The account of a machine is another's from now on, of the same kind as before.
Result<void> hand_over_account(const ApiDependencies& d, const Request& request, const Leave& leave,
                               const LeaveItem& item, const Person& to, const std::string& how) {
  const auto accounts = device_accounts(d.inventory.states(), d.links.all(), {}, d.dormant, d.clock.now());
  for (const DeviceAccount& one : accounts) {
    const std::string ref =
        one.device->device.id.text() + "/" + std::to_string(one.account.uid) + "/" + one.account.name;
    if (ref != item.ref) continue;
    WantedLink wanted;
    wanted.key = {one.device->device.id, one.account.name};
    wanted.uid = one.account.uid;
    wanted.administrator = one.account.administrator;
    wanted.agency = leave.agency;
    wanted.device_name = one.device->device.name;
    wanted.person = to;
    if (one.link) {
      wanted.kind = one.link->kind;
      wanted.expires = one.link->expires;
      wanted.administrator_until = one.link->administrator_until;
    }
    const auto made =
        d.links.link(api::caller_of(request), who_asks(request), permit_of(d, request), {&wanted, 1}, how);
    return made ? Result<void>() : made.error();
  }
  return Error(account_not_seen, item.name);
}

Result<void> hand_over_device(const ApiDependencies& d, const Request& request, const Leave& leave,
                              const LeaveItem& item, const Person& to, const std::string& how) {
  inventory::DeviceEdit edit;
  edit.person = to.id;
  const auto note = [&](records::Connection& c) {
    directory::AuditEntry entry;
    entry.act = "device.updated";
    entry.object = "device:" + item.ref;
    entry.before = {{"person", leave.person.text()}};
    entry.after = {{"agency", leave.agency.text()}, {"person", to.id.text()}, {"reason", how}};
    return d.audit.note(c, api::caller_of(request), entry);
  };
  LUY_TRY_VOID(d.inventory.edit(DeviceId::trusted(item.ref), edit, note));
  LUY_TRY_VOID(d.audit.deliver());
  return {};
}

// The hand-over itself closes the item: from then on it is another's.
Result<Response> transfer_item(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  LUY_TRY_VOID(api::authorise(request, Action::leave_manage, object_of(d, leave.agency)));
  LUY_TRY(const LeaveItem item, item_of(request, leave));
  const json::object& body = request.body.as_object();
  LUY_TRY(const Person to, visible_person(d, request, d.persons(), text_at(body, "to")));
  if (to.gone || to.id == leave.person) return Error(person_gone, to.name);
  LUY_TRY(const std::string how, needed_text("how", text_at(body, "how"), reason_bytes_max));
  if (leave.state == LeaveState::closed || item.state != ItemState::open) return Error(leave_over, leave.number);
  request.audited = true;
  if (item.kind == ItemKind::device_account) {
    LUY_TRY_VOID(hand_over_account(d, request, leave, item, to, how));
  } else if (item.kind == ItemKind::device && !item.ref.empty()) {
    LUY_TRY_VOID(hand_over_device(d, request, leave, item, to, how));
  } else {
    return Error(leave_invalid, "mục này không bàn giao được", "this item cannot be handed over");
  }
  LUY_TRY_VOID(d.leaves.settle());
  LUY_TRY(const Leave made, d.leaves.find(leave.id));
  return api::json(leave_json(d, made));
}

Result<Response> waive_item(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  LUY_TRY_VOID(api::authorise(request, Action::leave_manage, object_of(d, leave.agency)));
  LUY_TRY(const LeaveItem item, item_of(request, leave));
  json::array above;
  for (const AgencyId& one : d.lineage(leave.agency)) above.emplace_back(one.text());
  const json::object body{{"leave", leave.id.text()},
                          {"item", item.id.text()},
                          {"above", std::move(above)},
                          {"by", request.actor->display_name},
                          {"reason", text_at(request.body.as_object(), "reason")}};
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          d.acts.propose(api::caller_of(request), leave_item_waive_act, body, leave.agency));
  const json::object answer{{"done", proposed.done},
                            {"act", proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr)}};
  return api::json(answer, proposed.done ? 200 : 202);
}

Result<Response> close(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  request.audited = true;
  LUY_TRY(const Leave made, d.leaves.close(api::caller_of(request), permit_of(d, request), leave.id));
  return api::json(leave_json(d, made));
}

Result<Response> withdraw(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Leave leave, visible_leave(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.leaves.withdraw(api::caller_of(request), permit_of(d, request), leave.id,
                                 text_at(request.body.as_object(), "reason")));
  return api::no_content();
}

}  // namespace

std::vector<api::Route> leave_routes(const Shared& d) {
  constexpr Action read = Action::leave_read;
  constexpr Action write = Action::leave_manage;
  return {
      route(d, Method::get, "/api/v1/leaves", "listLeaves", read, list),
      route(d, Method::post, "/api/v1/leaves", "openLeave", write, open),
      route(d, Method::get, "/api/v1/leaves/preview", "previewLeave", write, preview),
      route(d, Method::get, "/api/v1/leaves/{leave}", "getLeave", read, get),
      route(d, Method::del, "/api/v1/leaves/{leave}", "withdrawLeave", write, withdraw),
      route(d, Method::post, "/api/v1/leaves/{leave}/items", "addLeaveItem", write, add_item),
      route(d, Method::post, "/api/v1/leaves/{leave}/items/{item}/done", "finishLeaveItem", write, finish_item),
      route(d, Method::post, "/api/v1/leaves/{leave}/items/{item}/transfer", "transferLeaveItem", write, transfer_item),
      route(d, Method::post, "/api/v1/leaves/{leave}/items/{item}/waive", "waiveLeaveItem", write, waive_item),
      route(d, Method::post, "/api/v1/leaves/{leave}/close", "closeLeave", write, close),
  };
}

}  // namespace luy::people
