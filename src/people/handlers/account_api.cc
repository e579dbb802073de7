// listDeviceAccounts, linkDeviceAccount, unlinkDeviceAccount, linkDeviceAccounts.
#include <algorithm>
#include <array>

#include "base/vietnamese.h"
#include "people/account_queue.h"
#include "people/handlers/values.h"

namespace luy::people {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::value link_json(const ApiDependencies& d, const Persons& persons, const std::optional<AccountLink>& link) {
  if (!link) return nullptr;
  return json::object{{"person", person_json(persons, link->person)},
                      {"kind", name_of(link->kind)},
                      {"administrator_until", day_json(link->administrator_until)},
                      {"reason", link->reason},
                      {"by", named_json(link->by)},
                      {"at", to_rfc3339(link->at)},
                      {"expires", day_json(link->expires)},
                      {"seq", seq_json(d.act_seq(link->act))}};
}

json::object account_json(const ApiDependencies& d, const Persons& persons, const DeviceAccount& one) {
  const inventory::Device& device = one.device->device;
  json::array problems;
  for (const Problem problem : one.problems) problems.emplace_back(name_of(problem));
  json::value proposed = nullptr;
  if (one.proposed) {
    proposed = json::object{{"person", person_json(persons, one.proposed->person)},
                            {"why",
                             {{"vi", "Tên tài khoản “" + one.proposed->by + "” khớp với họ tên"},
                              {"en", "The account's name “" + one.proposed->by + "” fits the person's"}}}};
  }
  return {{"device", {{"id", device.id.text()}, {"name", device.name}, {"agency", agency_json(d, device.agency)}}},
          {"name", one.account.name},
          {"uid", one.account.uid},
          {"can_log_in", one.account.can_log_in},
          {"administrator", one.account.administrator},
          {"last_login", time_json(one.account.last_login)},
          {"link", link_json(d, persons, one.link)},
          {"proposed", std::move(proposed)},
          {"problems", std::move(problems)},
          {"since", time_json(one.since)},
          {"seq", one.seq}};
}

std::vector<DeviceAccount> all_accounts(const ApiDependencies& d, const Persons& persons) {
  return device_accounts(d.inventory.states(), d.links.all(), persons, d.dormant, d.clock.now());
}

// What a request asks of a list.
struct Wanted {
  std::optional<Problem> problem;
  std::optional<DeviceId> device;
  std::optional<PersonId> person;
  std::string words;
  bool fits(const DeviceAccount& one) const {
    if (problem && !one.has(*problem)) return false;
    if (device && one.device->device.id != *device) return false;
    if (person && (!one.link || one.link->person != *person)) return false;
    return words.empty() || fold_vietnamese(one.account.name).find(words) != std::string::npos ||
           fold_vietnamese(one.device->device.name).find(words) != std::string::npos;
  }
};

Result<Wanted> wanted_of(const Request& request) {
  Wanted out;
  if (const auto name = request.param("problem")) out.problem = problem_from_name(*name);
  if (request.param("device")) {
    LUY_TRY(out.device, request.id_param<DeviceId>("device", "device"));
  }
  if (request.param("person")) {
    LUY_TRY(out.person, request.id_param<PersonId>("person", "person"));
  }
  out.words = fold_vietnamese(request.param("q").value_or(std::string()));
  return out;
}

std::string cursor_of(const DeviceAccount& one) {
  return one.device->device.id.text() + "/" + one.account.name;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Scope scope, Scope::of(d, request, Action::account_control_read));
  LUY_TRY(const Wanted wanted, wanted_of(request));
  LUY_TRY(const auto limit, request.number_param("limit", 100, 1, 500));
  const std::string after = request.param("cursor").value_or(std::string());
  const Persons persons = d.persons();
  std::array<std::size_t, problem_count> counts{};
  json::array items;
  json::value next = nullptr;
  std::string last;
  for (const DeviceAccount& one : all_accounts(d, persons)) {
    if (!scope.sees(one.device->device.agency)) continue;
    for (const Problem problem : one.problems) ++counts[static_cast<std::size_t>(problem)];
    if (!wanted.fits(one) || cursor_of(one) <= after || !next.is_null()) continue;
    if (items.size() == static_cast<std::size_t>(limit)) {
      next = json::string(last);
      continue;
    }
    last = cursor_of(one);
    items.push_back(account_json(d, persons, one));
  }
  json::object count;
  for (std::size_t i = 0; i < counts.size(); ++i) count[name_of(static_cast<Problem>(i))] = counts[i];
  return api::json(json::object{{"items", std::move(items)}, {"next", std::move(next)}, {"counts", std::move(count)}});
}

// An account as its device reports it now. Errors: inventory.device_unknown, account_not_seen, the policy's.
struct Seen {
  inventory::StatePointer device;
  fact::Account account;
};
Result<Seen> seen_account(const ApiDependencies& d, const Request& request, std::string_view device,
                          const std::string& name) {
  const auto id = DeviceId::parse(device);
  const inventory::StatePointer state = id ? d.inventory.state(*id) : nullptr;
  if (!state || state->device.retired_at) return Error(inventory::device_unknown, std::string(device));
  LUY_TRY_VOID(api::authorise(request, Action::account_link, object_of(d, state->device.agency)));
  if (state->accounts) {
    for (const fact::Account& account : state->accounts->value.relevant) {
      if (account.name == name && account.can_log_in) return Seen{state, account};
    }
  }
  return Error(account_not_seen, name);
}

Result<WantedLink> link_at(const ApiDependencies& d, const Request& request, const Persons& persons, const Seen& seen,
                           const json::object& body) {
  WantedLink out;
  out.key = {seen.device->device.id, seen.account.name};
  out.uid = seen.account.uid;
  out.administrator = seen.account.administrator;
  out.agency = seen.device->device.agency;
  out.device_name = seen.device->device.name;
  const auto kind = link_kind_from_name(text_at(body, "kind"));
  if (!kind) return Error(api::bad_request, "kind");
  out.kind = *kind;
  if (const std::string person = text_at(body, "person"); !person.empty()) {
    LUY_TRY(out.person, visible_person(d, request, persons, person));
  }
  LUY_TRY(out.administrator_until, day_at(body, "administrator_until"));
  LUY_TRY(out.expires, day_at(body, "expires"));
  return out;
}

LinkBook::Permit permit_of(const ApiDependencies& d, const Request& request) {
  return [&d, &request](const AgencyId& agency) {
    return api::authorise(request, Action::account_link, object_of(d, agency));
  };
}

Result<Response> link(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  LUY_TRY(const Seen seen, seen_account(d, request, *request.param("device"), *request.param("name")));
  const Persons persons = d.persons();
  LUY_TRY(const WantedLink wanted, link_at(d, request, persons, seen, body));
  request.audited = true;
  LUY_TRY_VOID(d.links.link(api::caller_of(request), who_asks(request), permit_of(d, request), {&wanted, 1},
                            text_at(body, "reason")));
  for (const DeviceAccount& one : all_accounts(d, persons)) {
    if (cursor_of(one) == seen.device->device.id.text() + "/" + seen.account.name) {
      return api::json(account_json(d, persons, one));
    }
  }
  return Error(account_not_seen, seen.account.name);
}

Result<Response> unlink(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  const inventory::StatePointer state = d.inventory.state(id);
  if (!state) return Error(inventory::device_unknown, id.text());
  LUY_TRY_VOID(api::authorise(request, Action::account_link, object_of(d, state->device.agency)));
  request.audited = true;
  LUY_TRY_VOID(d.links.unlink(api::caller_of(request), permit_of(d, request), {id, *request.param("name")},
                              state->device.agency));
  return api::no_content();
}

Result<Response> link_many(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const Persons persons = d.persons();
  std::vector<WantedLink> wanted;
  for (const json::value& item : body.at("items").as_array()) {
    const json::object& one = item.as_object();
    LUY_TRY(const Seen seen, seen_account(d, request, text_at(one, "device"), text_at(one, "name")));
    LUY_TRY(wanted.emplace_back(), link_at(d, request, persons, seen, one));
  }
  request.audited = true;
  LUY_TRY(const std::vector<AccountLink> made, d.links.link(api::caller_of(request), who_asks(request),
                                                            permit_of(d, request), wanted, text_at(body, "reason")));
  return api::json(json::object{{"linked", made.size()}});
}

}  // namespace

std::vector<api::Route> account_routes(const Shared& d) {
  constexpr Action read = Action::account_control_read;
  constexpr Action write = Action::account_link;
  constexpr const char* one = "/api/v1/device-accounts/{device}/{name}/link";
  return {
      route(d, Method::get, "/api/v1/device-accounts", "listDeviceAccounts", read, list),
      route(d, Method::put, one, "linkDeviceAccount", write, link),
      route(d, Method::del, one, "unlinkDeviceAccount", write, unlink),
      route(d, Method::post, "/api/v1/device-accounts/links", "linkDeviceAccounts", write, link_many),
  };
}

}  // namespace luy::people
