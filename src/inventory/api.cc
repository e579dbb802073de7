#include "inventory/api.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/vietnamese.h"
#include "inventory/handlers/values.h"

namespace luy::inventory {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

// One request's view: what the actor may see, asked once per agency.
class Scope {
 public:
  Scope(const ApiDependencies& deps, const Request& request, Action action) : deps_(deps) {
    if (!request.actor) return;
    for (AgencyId& root : directory::agencies_of(*request.actor, action)) roots_.insert(std::move(root));
  }
  // Narrows to one agency and everything below it.
  void narrow(const AgencyId& agency) { only_ = agency; }

  bool sees(const AgencyId& agency) {
    const auto known = answers_.find(agency);
    if (known != answers_.end()) return known->second;
    const std::vector<AgencyId> lineage = deps_.lineage(agency);
    const bool held = std::any_of(lineage.begin(), lineage.end(), [&](const auto& a) { return roots_.contains(a); });
    const bool inside = !only_ || std::find(lineage.begin(), lineage.end(), *only_) != lineage.end();
    return answers_[agency] = held && inside;
  }

 private:
  const ApiDependencies& deps_;
  std::set<AgencyId> roots_;
  std::optional<AgencyId> only_;
  std::map<AgencyId, bool> answers_;
};

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : deps_(std::move(deps)) {}

  Result<Response> list_devices(const Request& request) const;
  Result<Response> get_device(const Request& request) const;
  Result<Response> update_device(const Request& request) const;
  Result<Response> retire_device(const Request& request) const;
  Result<Response> hand_over_device(const Request& request) const;
  Result<Response> list_device_software(const Request& request) const;
  Result<Response> get_timeline(const Request& request) const;
  Result<Response> list_software(const Request& request) const;
  Result<Response> list_approvals(const Request& request) const;
  Result<Response> approve(const Request& request) const;
  Result<Response> approve_baseline(const Request& request) const;
  Result<Response> withdraw(const Request& request) const;
  Result<Response> list_wifi(const Request& request) const;
  Result<Response> record_wifi(const Request& request) const;

 private:
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = deps_.lineage(agency);
    return out;
  }
  // The device of the path, authorised.
  Result<StatePointer> device(const Request& request, Action action) const {
    LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
    return device(request, action, id);
  }
  Result<StatePointer> device(const Request& request, Action action, const DeviceId& id) const {
    StatePointer state = deps_.inventory.state(id);
    if (!state || state->device.retired_at) return Error(device_unknown, id.text());
    LUY_TRY_VOID(api::authorise(request, action, object(state->device.agency)));
    return state;
  }
  // What a list shows: everything the actor may see, or the agency asked for.
  Result<Scope> scope(const Request& request, Action action) const {
    Scope out(deps_, request, action);
    if (!request.param("agency")) {
      LUY_TRY_VOID(api::authorise(request, action, directory::Object::anywhere()));
      return out;
    }
    LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, action, object(agency)));
    out.narrow(agency);
    return out;
  }
  // The entry of an act, for the transaction of the act.
  InTransaction entry(const Request& request, const char* act, std::string on, json::object particulars) const {
    return [this, &request, act, on = std::move(on), particulars = std::move(particulars)](records::Connection& c) {
      return write_entry(c, request, act, on, particulars);
    };
  }
  Result<void> write_entry(records::Connection& c, const Request& request, const char* act, const std::string& on,
                           const json::object& particulars) const {
    return deps_.audit ? deps_.audit(c, request, act, on, particulars) : Result<void>();
  }
  // The act is done and its entry with it.
  void done(const Request& request) const {
    request.audited = true;
    if (deps_.audited) deps_.audited();
  }
  json::array networks(Scope& seen) const {
    json::array out;
    for (const WifiNetwork& network : deps_.inventory.wifi()) {
      if (seen.sees(network.agency)) out.push_back(network_json(network));
    }
    return out;
  }

  ApiDependencies deps_;
};

bool matches(const std::string& folded_query, std::initializer_list<std::string_view> texts) {
  return folded_query.empty() || std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
           return fold_vietnamese(text).find(folded_query) != std::string::npos;
         });
}

std::string folded(const Request& request) {
  return fold_vietnamese(request.param("q").value_or(std::string()));
}

Result<Response> Handlers::list_devices(const Request& request) const {
  LUY_TRY(auto seen, scope(request, Action::device_read));
  const std::string query = folded(request);
  json::array devices;
  for (const StatePointer& state : deps_.inventory.states()) {
    const Device& d = state->device;
    if (!seen.sees(d.agency)) continue;
    bool found = matches(query, {d.name, state->os, d.place, d.person_in_charge, name_of(d.device_class)});
    for (const std::string& address : state->addresses) found = found || matches(query, {address});
    if (found) devices.push_back(device_json(*state, deps_.counts(d.id)));
  }
  return api::json(json::object{{"devices", std::move(devices)}});
}

Result<Response> Handlers::get_device(const Request& request) const {
  LUY_TRY(const auto state, device(request, Action::device_read));
  LUY_TRY(const auto stored, deps_.inventory.facts(state->device.id));
  json::array facts;
  for (const StoredFact& fact : stored) facts.push_back(fact_json(fact));
  return api::json(json::object{{"device", device_json(*state, deps_.counts(state->device.id))}, {"facts", facts}});
}

Result<Response> Handlers::update_device(const Request& request) const {
  LUY_TRY(const auto before, device(request, Action::device_manage));
  const DeviceId& id = before->device.id;
  const json::object& body = request.body.as_object();
  DeviceEdit edit;
  if (const auto* name = body.if_contains("class")) edit.device_class = device_class_from_name(text_of(*name));
  if (const auto* place = body.if_contains("place")) edit.place = text_of(*place);
  if (const auto* person = body.if_contains("person_in_charge")) edit.person_in_charge = text_of(*person);
  if (const auto* id_of_person = body.if_contains("person_id")) {
    edit.person.emplace();
    if (!id_of_person->is_null()) {
      *edit.person = PersonId::parse(text_of(*id_of_person));
      const bool is_known = *edit.person && deps_.person_visible && deps_.person_visible(request, **edit.person);
      if (!is_known) return Error(api::not_found, "person");
    }
  }
  json::object particulars = body;
  particulars["agency"] = before->device.agency.text();
  LUY_TRY(
      const auto after,
      deps_.inventory.edit(id, edit, entry(request, "device.updated", "device:" + id.text(), std::move(particulars))));
  done(request);
  return api::json(device_json(*after, deps_.counts(id)));
}

Result<Response> Handlers::retire_device(const Request& request) const {
  LUY_TRY(const auto state, device(request, Action::device_manage));
  const Device& d = state->device;
  LUY_TRY_VOID(deps_.inventory.retire(
      d.id, entry(request, "device.retired", "device:" + d.id.text(),
                  {{"agency", d.agency.text()}, {"name", d.name}, {"reason", request.body.at("reason")}})));
  done(request);
  return api::no_content();
}

// Whoever hands over must have the say on both sides.
Result<Response> Handlers::hand_over_device(const Request& request) const {
  LUY_TRY(const auto before, device(request, Action::device_manage));
  const auto agency = AgencyId::parse(text_of(request.body.at("agency")));
  if (!agency || !deps_.agency_exists(*agency)) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, Action::device_manage, object(*agency)));
  const Device& d = before->device;
  json::object particulars = {
      {"agency", agency->text()}, {"from", d.agency.text()}, {"name", d.name}, {"reason", request.body.at("reason")}};
  LUY_TRY(const auto after,
          deps_.inventory.hand_over(
              d.id, *agency, entry(request, "device.handed_over", "device:" + d.id.text(), std::move(particulars))));
  done(request);
  return api::json(device_json(*after, deps_.counts(d.id)));
}

Result<Response> Handlers::list_device_software(const Request& request) const {
  LUY_TRY(const auto state, device(request, Action::software_read));
  LUY_TRY(const auto limit, request.number_param("limit", 200, 1, 1000));
  LUY_TRY(const auto installed, deps_.inventory.software(state->device.id));
  const std::string query = folded(request);
  const auto wanted = request.param("state");
  const std::string after = request.param("after").value_or(std::string());
  NamePage page(static_cast<std::size_t>(limit), after);
  std::int64_t unapproved = 0;
  for (const InstalledPackage& package : installed) {
    if (!matches(query, {package.name})) continue;
    const bool approved = package.approval.has_value();
    unapproved += approved ? 0 : 1;
    if (wanted && (*wanted == "approved") != approved) continue;
    if (page.admits(package.name)) page.items.push_back(software_json(package));
  }
  return api::json(page.finish("software", unapproved));
}

Result<Response> Handlers::get_timeline(const Request& request) const {
  LUY_TRY(const auto state, device(request, Action::device_read));
  LUY_TRY(const auto number, request.number_param("limit", 100, 1, 500));
  const auto limit = static_cast<std::size_t>(number);
  std::vector<TimelineLine> lines = deps_.verdict_changes(state->device.id, limit);
  LUY_TRY(const auto history, deps_.inventory.history(state->device.id, limit));
  for (const HistoryEntry& entry : history) lines.push_back({entry.at, history_json(entry)});
  lines.push_back({state->device.enrolled_at, enrolled_json(state->device)});
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
  if (lines.size() > limit) lines.resize(limit);
  json::array entries;
  for (TimelineLine& line : lines) entries.push_back(std::move(line.entry));
  return api::json(json::object{{"entries", std::move(entries)}});
}

Result<Response> Handlers::list_software(const Request& request) const {
  LUY_TRY(auto seen, scope(request, Action::software_read));
  LUY_TRY(const auto limit, request.number_param("limit", 200, 1, 1000));
  const std::string query = folded(request);
  const auto wanted = request.param("state");
  const std::string after = request.param("after").value_or(std::string());
  NamePage page(static_cast<std::size_t>(limit), after);
  std::int64_t unapproved = 0;
  for (const Product& product : deps_.inventory.products([&](const Device& d) { return seen.sees(d.agency); })) {
    if (!matches(query, {product.name})) continue;
    const bool approved = product.approved_devices == product.devices;
    unapproved += approved ? 0 : 1;
    if (wanted && (*wanted == "approved") != approved) continue;
    if (page.admits(product.name)) page.items.push_back(product_json(product));
  }
  return api::json(page.finish("products", unapproved));
}

Result<Response> Handlers::list_approvals(const Request& request) const {
  LUY_TRY(auto seen, scope(request, Action::software_read));
  json::array approvals;
  for (const Approval& approval : deps_.inventory.approvals()) {
    if (seen.sees(approval.agency)) approvals.push_back(approval_json(approval));
  }
  return api::json(json::object{{"approvals", std::move(approvals)}});
}

Result<Response> Handlers::approve(const Request& request) const {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_of(body.at("agency")));
  if (!agency) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, Action::software_approve, object(*agency)));
  NewApproval wanted;
  wanted.agency = *agency;
  wanted.approved_by = request.actor->display_name;
  for (const json::value& value : body.at("products").as_array()) {
    const json::object& item = value.as_object();
    wanted.items.push_back({text_of(item.at("product")), "*"});
    if (const auto* versions = item.if_contains("versions")) wanted.items.back().versions = text_of(*versions);
  }
  if (const auto* classes = body.if_contains("classes")) {
    for (const json::value& name : classes->as_array()) {
      if (const auto one = device_class_from_name(text_of(name))) wanted.classes.push_back(*one);
    }
  }
  if (const auto* note = body.if_contains("note")) wanted.note = text_of(*note);
  LUY_TRY(wanted.expires_on, day_of(body, "expires_on"));
  LUY_TRY(wanted.licence, licence_of(body));
  json::array approvals;
  const auto note = [&](records::Connection& c, const std::vector<Approval>& added) {
    approvals.clear();
    for (const Approval& approval : added) approvals.push_back(approval_json(approval));
    json::object particulars{{"agency", agency->text()}, {"approvals", approvals}};
    if (!added.empty()) particulars["proof_of"] = approval_act(*agency, added.front().approved_at);
    return write_entry(c, request, "software.approved", "agency:" + agency->text(), particulars);
  };
  LUY_TRY_VOID(deps_.inventory.approve(wanted, note));
  done(request);
  return api::json(json::object{{"approvals", std::move(approvals)}}, 201);
}

Result<Response> Handlers::approve_baseline(const Request& request) const {
  const json::object& body = request.body.as_object();
  const auto id = DeviceId::parse(text_of(body.at("device")));
  if (!id) return Error(api::not_found, "device");
  LUY_TRY(const auto state, device(request, Action::software_approve, *id));
  LUY_TRY(const auto expires_on, day_of(body, "expires_on"));
  const std::string note = text_of(body.at("note"));
  std::set<std::string> except;
  if (const auto* products = body.if_contains("except")) {
    for (const json::value& one : products->as_array()) except.insert(text_of(one));
  }
  const auto noted = [&](records::Connection& c, const std::vector<Approval>& added) {
    json::object particulars{{"agency", state->device.agency.text()}, {"approved", added.size()}, {"note", note}};
    if (!added.empty()) particulars["proof_of"] = approval_act(added.front().agency, added.front().approved_at);
    return write_entry(c, request, "software.baseline_approved", "device:" + id->text(), particulars);
  };
  LUY_TRY(const auto added,
          deps_.inventory.approve_baseline(*id, note, expires_on, request.actor->display_name, noted, except));
  done(request);
  return api::json(json::object{{"approved", added.size()}}, 201);
}

Result<Response> Handlers::withdraw(const Request& request) const {
  LUY_TRY(const auto id, request.id_param<ApprovalId>("approval", "approval"));
  const auto approval = deps_.inventory.approval(id);
  if (!approval) return Error(approval_unknown, id.text());
  LUY_TRY_VOID(api::authorise(request, Action::software_approve, object(approval->agency)));
  LUY_TRY_VOID(deps_.inventory.withdraw(
      id, entry(request, "software.approval_withdrawn", "approval:" + id.text(),
                {{"agency", approval->agency.text()}, {"approval", approval_json(*approval)}})));
  done(request);
  return api::no_content();
}

Result<Response> Handlers::list_wifi(const Request& request) const {
  LUY_TRY(auto seen, scope(request, Action::device_read));
  return api::json(json::object{{"networks", networks(seen)}});
}

Result<Response> Handlers::record_wifi(const Request& request) const {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_of(body.at("agency")));
  if (!agency) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, Action::wifi_manage, object(*agency)));
  WifiEdit edit;
  edit.agency = *agency;
  edit.ssid = text_of(body.at("ssid"));
  edit.security = text_of(body.at("security"));
  if (const auto* note = body.if_contains("note")) edit.note = text_of(*note);
  if (const auto* place = body.if_contains("place")) edit.place = text_of(*place);
  if (const auto* owner = body.if_contains("owner")) edit.owner = text_of(*owner);
  if (const auto* bssids = body.if_contains("bssids")) {
    for (const json::value& one : bssids->as_array()) edit.bssids.push_back(text_of(one));
  }
  LUY_TRY(edit.key_changed_on, day_of(body, "key_changed_on"));
  json::object particulars = body;
  particulars["proof_of"] = wifi_act(*agency, edit.ssid);
  LUY_TRY_VOID(deps_.inventory.record_wifi(
      edit, entry(request, "wifi.recorded", "agency:" + agency->text(), std::move(particulars))));
  done(request);
  Scope seen(deps_, request, Action::device_read);
  return api::json(json::object{{"networks", networks(seen)}}, 201);
}

}  // namespace

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using Member = Result<Response> (Handlers::*)(const Request&) const;
  std::vector<api::Route> out;
  const auto add = [&](api::Method method, const char* pattern, const char* operation, Action action, Member member) {
    out.push_back({method, pattern, operation, api::Access::session, action,
                   [handlers, member](const Request& request) { return (*handlers.*member)(request); }});
  };
  using api::Method;
  add(Method::get, "/api/v1/devices", "listDevices", Action::device_read, &Handlers::list_devices);
  add(Method::get, "/api/v1/devices/{device}", "getDevice", Action::device_read, &Handlers::get_device);
  add(Method::patch, "/api/v1/devices/{device}", "updateDevice", Action::device_manage, &Handlers::update_device);
  add(Method::post, "/api/v1/devices/{device}/retirement", "retireDevice", Action::device_manage,
      &Handlers::retire_device);
  add(Method::post, "/api/v1/devices/{device}/handover", "handOverDevice", Action::device_manage,
      &Handlers::hand_over_device);
  add(Method::get, "/api/v1/devices/{device}/software", "listDeviceSoftware", Action::software_read,
      &Handlers::list_device_software);
  add(Method::get, "/api/v1/devices/{device}/timeline", "getDeviceTimeline", Action::device_read,
      &Handlers::get_timeline);
  add(Method::get, "/api/v1/software", "listSoftware", Action::software_read, &Handlers::list_software);
  add(Method::get, "/api/v1/approvals", "listApprovals", Action::software_read, &Handlers::list_approvals);
  add(Method::post, "/api/v1/approvals", "approveSoftware", Action::software_approve, &Handlers::approve);
  add(Method::post, "/api/v1/approvals/baseline", "approveBaseline", Action::software_approve,
      &Handlers::approve_baseline);
  add(Method::del, "/api/v1/approvals/{approval}", "withdrawApproval", Action::software_approve, &Handlers::withdraw);
  add(Method::get, "/api/v1/wifi", "listWifi", Action::device_read, &Handlers::list_wifi);
  add(Method::post, "/api/v1/wifi", "recordWifi", Action::wifi_manage, &Handlers::record_wifi);
  return out;
}

}  // namespace luy::inventory
