#include "hub/policy_api.h"

#include <algorithm>

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
template <class Number>
json::value number_or_null(const std::optional<Number>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object policy_json(const KeptPolicy& kept) {
  json::object out;
  out["state"] = name_of(kept.state());
  out["version"] = kept.version == 0 ? json::value(nullptr) : json::value(kept.version);
  out["issued_at"] = time_or_null(kept.issued_at);
  out["held_version"] = number_or_null(kept.held_version);
  out["told_at"] = time_or_null(kept.told_at);
  out["refusal"] = nullptr;
  if (kept.refusal) {
    out["refusal"] = json::object{{"version", kept.refusal->version},
                                  {"code", kept.refusal->code},
                                  {"vi", kept.refusal->vi},
                                  {"en", kept.refusal->en}};
  }
  json::array unknown;
  for (const std::string& name : kept.unknown) unknown.emplace_back(name);
  out["unknown"] = std::move(unknown);
  out["proof"] = number_or_null(kept.proof_seq);
  return out;
}

std::string name_of_agency(const PolicyApi& d, const AgencyId& agency) {
  const auto found = d.agencies.find(agency);
  return found ? found->name : agency.text();
}

// {"sections": …, "origins": …}
json::object sections_json(const PolicyApi& d, const std::map<std::string, HeldSection>& held) {
  json::object sections;
  json::object origins;
  for (const auto& [name, one] : held) {
    sections[name] = json::parse(one.json);
    json::object origin{{"from", "product"}, {"id", nullptr},     {"name", nullptr},
                        {"set_by", nullptr}, {"set_at", nullptr}, {"reason", nullptr}};
    if (one.scope) {
      const bool of_device = *one.scope == SettingScope::device;
      origin["from"] = name_of(*one.scope);
      origin["id"] = one.id;
      origin["name"] =
          of_device ? d.device_name(DeviceId::trusted(one.id)) : name_of_agency(d, AgencyId::trusted(one.id));
      origin["set_by"] = text_or_null(one.setting.set_by);
      origin["set_at"] = to_rfc3339(one.setting.set_at);
      origin["reason"] = text_or_null(one.setting.reason);
    }
    origins[name] = std::move(origin);
  }
  return {{"sections", std::move(sections)}, {"origins", std::move(origins)}};
}

struct Place {
  SettingScope scope = SettingScope::agency;
  std::string id;
  AgencyId agency;
};

// What the path names, authorised.
Result<Place> device_place(const PolicyApi& d, const api::Request& request, Action action) {
  LUY_TRY(const auto device, request.id_param<DeviceId>("device", "device"));
  const auto agency = d.agency_of(device);
  if (!agency) return Error(api::not_found, "device");
  LUY_TRY_VOID(api::authorise(request, action, d.agencies.object(*agency)));
  return Place{SettingScope::device, device.text(), *agency};
}
Result<Place> agency_place(const PolicyApi& d, const api::Request& request, Action action) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  if (!d.agencies.find(agency)) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, action, d.agencies.object(agency)));
  return Place{SettingScope::agency, agency.text(), agency};
}

bool is_below(const PolicyApi& d, const AgencyId& agency, const AgencyId& top) {
  const std::vector<AgencyId> above = d.agencies.lineage(agency);
  return std::find(above.begin(), above.end(), top) != above.end();
}

Result<api::Response> get_device(const PolicyApi& d, const api::Request& request) {
  LUY_TRY(const Place place, device_place(d, request, Action::device_read));
  const auto device = DeviceId::trusted(place.id);
  json::object out = sections_json(d, d.book.held_by(place.agency, &device));
  LUY_TRY(const KeptPolicy kept, d.book.find(device));
  out["policy"] = policy_json(kept);
  return api::json(out);
}

Result<api::Response> get_agency(const PolicyApi& d, const api::Request& request) {
  LUY_TRY(const Place place, agency_place(d, request, Action::device_read));
  json::object out = sections_json(d, d.book.held_by(place.agency));
  std::int64_t apart = 0;
  for (const DeviceId& device : d.book.devices_apart()) {
    const auto agency = d.agency_of(device);
    if (agency && is_below(d, *agency, place.agency)) ++apart;
  }
  out["devices_apart"] = apart;
  return api::json(out);
}

Result<api::Response> list_policies(const PolicyApi& d, const api::Request& request) {
  std::optional<AgencyId> within;
  if (const auto text = request.param("agency")) {
    within = AgencyId::parse(*text);
    if (!within || !d.agencies.find(*within)) return Error(api::not_found, "agency");
    LUY_TRY_VOID(api::authorise(request, Action::device_read, d.agencies.object(*within)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::device_read, directory::Object::anywhere()));
  }
  const std::string state = request.param("state").value_or(std::string());
  LUY_TRY(const auto kept, d.book.all());
  json::array items;
  for (const PlacedDevice& one : d.devices()) {
    if (within && !is_below(d, one.agency, *within)) continue;
    if (!directory::may(*request.actor, Action::device_read, d.agencies.object(one.agency)).allowed) continue;
    const auto found = kept.find(one.device);
    const KeptPolicy policy = found != kept.end() ? found->second : KeptPolicy();
    if (!state.empty() && name_of(policy.state()) != state) continue;
    const std::string name = one.name.empty() ? one.device.text() : one.name;
    items.push_back(json::object{{"device", {{"id", one.device.text()}, {"name", name}}},
                                 {"agency", {{"id", one.agency.text()}, {"name", name_of_agency(d, one.agency)}}},
                                 {"policy", policy_json(policy)}});
  }
  return api::json(json::object{{"items", std::move(items)}});
}

// {"scope", "id", "sections": {"antivirus": {…} or null}, "reason"}: what is asked for, also as an act that waits.
json::object act_body(const Place& place, const json::object& wanted) {
  json::object sections;
  for (const device_policy::SectionKind& kind : device_policy::section_kinds()) {
    if (const json::value* one = wanted.if_contains(kind.name); one != nullptr) sections[kind.name] = *one;
  }
  return {{"scope", name_of(place.scope)},
          {"id", place.id},
          {"sections", std::move(sections)},
          {"reason", wanted.at("reason").as_string()}};
}

PolicyBook::Wanted wanted_of(const json::object& body, const AgencyId& agency, const std::string& by) {
  PolicyBook::Wanted out;
  out.scope =
      body.at("scope").as_string() == name_of(SettingScope::device) ? SettingScope::device : SettingScope::agency;
  out.id = body.at("id").as_string();
  out.agency = agency;
  for (const auto& [name, value] : body.at("sections").as_object()) {
    out.sections[name] = value.is_null() ? std::nullopt : std::optional(value.as_object());
  }
  out.reason = body.at("reason").as_string();
  out.by = by;
  return out;
}

void describe(const PolicyBook::Wanted& wanted, const PolicyBook::Change& change, directory::AuditEntry& entry) {
  entry.object = std::string(name_of(wanted.scope)) + ":" + wanted.id;
  entry.before = change.before;
  entry.after = change.after;
  entry.after["reason"] = wanted.reason;
  if (change.weakened.empty()) return;
  json::array weakened;
  for (const std::string& field : change.weakened) weakened.emplace_back(field);
  entry.after["weakened"] = std::move(weakened);
}

Result<api::Response> answer(const PolicyApi& d, const json::value& act, const std::vector<std::string>& weakened) {
  json::array fields;
  for (const std::string& field : weakened) fields.emplace_back(field);
  if (act.is_null()) {
    LUY_TRY_VOID(d.book.refresh());
    d.changed();
  }
  return api::json(json::object{{"act", act}, {"weakened", std::move(fields)}}, act.is_null() ? 200 : 202);
}

Result<api::Response> set(const PolicyApi& d, const api::Request& request, const Place& place) {
  const json::object body = act_body(place, request.body.as_object());
  if (body.at("sections").as_object().empty()) return Error(settings_empty);
  const PolicyBook::Wanted wanted = wanted_of(body, place.agency, request.actor->username);
  LUY_TRY(const PolicyBook::Change preview, d.book.preview(wanted));
  request.audited = true;
  if (!preview.weakened.empty()) {
    LUY_TRY_VOID(api::authorise(request, Action::device_policy_weaken, d.agencies.object(place.agency)));
    LUY_TRY(const directory::Proposed proposed,
            d.acts.propose(api::caller_of(request), weaken_act, body, place.agency));
    return answer(d, proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr), preview.weakened);
  }
  directory::AuditEntry entry;
  entry.act = directory::name_of(Action::device_policy_manage);
  const auto store = [&](records::Connection& c, directory::AuditEntry& done) -> Result<bool> {
    LUY_TRY(const PolicyBook::Change change, d.book.set_in(c, wanted));
    // Somebody else set it meanwhile, and against that it protects less.
    if (!change.weakened.empty()) return Error(directory::act_outdated);
    describe(wanted, change, done);
    return true;
  };
  LUY_TRY(const bool stored, d.audit.perform(api::caller_of(request), std::move(entry), store));
  LUY_CHECK(stored);
  return answer(d, nullptr, {});
}

Result<api::Response> set_device(const PolicyApi& d, const api::Request& request) {
  LUY_TRY(const Place place, device_place(d, request, Action::device_policy_manage));
  return set(d, request, place);
}

Result<api::Response> set_agency(const PolicyApi& d, const api::Request& request) {
  LUY_TRY(const Place place, agency_place(d, request, Action::device_policy_manage));
  return set(d, request, place);
}

}  // namespace

std::vector<api::Route> policy_routes(const PolicyApi& d) {
  using api::Access;
  using api::Method;
  const auto with = [&d](Result<api::Response> (*handler)(const PolicyApi&, const api::Request&)) {
    return [&d, handler](const api::Request& request) { return handler(d, request); };
  };
  return {
      {Method::get, "/api/v1/devices/{device}/settings", "getDeviceSettings", Access::session, Action::device_read,
       with(get_device)},
      {Method::put, "/api/v1/devices/{device}/settings", "setDeviceSettings", Access::session,
       Action::device_policy_manage, with(set_device)},
      {Method::get, "/api/v1/agencies/{agency}/device-settings", "getAgencyDeviceSettings", Access::session,
       Action::device_read, with(get_agency)},
      {Method::put, "/api/v1/agencies/{agency}/device-settings", "setAgencyDeviceSettings", Access::session,
       Action::device_policy_manage, with(set_agency)},
      {Method::get, "/api/v1/device-policies", "listDevicePolicies", Access::session, Action::device_read,
       with(list_policies)},
  };
}

directory::ActKind weaken_kind(const PolicyApi& d) {
  directory::ActKind kind;
  kind.action = Action::device_policy_weaken;
  kind.run = [&d](records::Connection& c, const directory::Caller& caller, const json::object& body,
                  directory::AuditEntry& entry) -> Result<json::object> {
    const std::string id(body.at("id").as_string());
    std::optional<AgencyId> agency = AgencyId::trusted(id);
    if (body.at("scope").as_string() == name_of(SettingScope::device)) agency = d.agency_of(DeviceId::trusted(id));
    if (!agency) return Error(api::not_found, "device");
    LUY_TRY_VOID(caller.require(Action::device_policy_weaken, d.agencies.object(*agency)));
    const PolicyBook::Wanted wanted = wanted_of(body, *agency, caller.username);
    LUY_TRY(const PolicyBook::Change change, d.book.set_in(c, wanted));
    describe(wanted, change, entry);
    return json::object{};
  };
  return kind;
}

}  // namespace luy::hub
