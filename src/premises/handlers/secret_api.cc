// listSecretDevices, addSecretDevice, getSecretDevice, changeSecretDevice, retireSecretDevice, issueSecretCheckCode,
// enterSecretReport, closeSecretSightings, askSecretMove.
#include "premises/handlers/secret_parts.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;
using Entry = SecretBook::Entry;

json::object check_json(const SecretCheck& one) {
  json::array problems;
  for (const std::string& name : one.problems) {
    const regulation::Text text = title_of_problem(name);
    problems.push_back(json::object{{"vi", text.vi}, {"en", text.en}});
  }
  const fact::OfflineSummary& s = one.summary;
  return {{"id", one.id.text()},
          {"day", to_iso(s.day)},
          {"problems", std::move(problems)},
          {"volumes", s.volumes},
          {"open_volumes", s.open_volumes},
          {"logins", s.logins},
          {"logins_without_password", s.logins_without_password},
          {"antivirus_running", s.antivirus_running},
          {"network", s.network_up || s.address_set},
          {"wireless", s.wireless},
          {"room", one.room},
          {"entered_by", one.entered_by},
          {"at", to_rfc3339(one.at)}};
}

json::object move_json(const Move& one) {
  return {{"id", one.id.text()},
          {"state", name_of(one.state)},
          {"from_room", one.from_room},
          {"from_holder", one.from_holder},
          {"to_room", one.to_room},
          {"to_holder", one.to_holder},
          {"planned_on", to_iso(one.planned_on)},
          {"reason", one.reason},
          {"asked_by", one.asked_by},
          {"asked_at", to_rfc3339(one.asked_at)},
          {"decided_by", one.decided_by},
          {"decided_at", time_json(one.decided_at)},
          {"decision_note", one.decision_note},
          {"seal", one.seal},
          {"witness", one.witness},
          {"moved_at", time_json(one.moved_at)},
          {"signed_on", day_json(one.signed_on)}};
}

json::object sighting_json(const Sighting& one) {
  return {{"source", one.source},
          {"by", one.by},
          {"first", to_rfc3339(one.first)},
          {"last", to_rfc3339(one.last)},
          {"first_seq", one.first_seq},
          {"last_seq", one.last_seq},
          {"count", one.count},
          {"closed_at", time_json(one.closed_at)},
          {"closed_by", one.closed_by},
          {"reason", one.reason}};
}

json::object device_json(const Entry& entry) {
  const SecretDevice& one = entry.device;
  const auto open = std::count_if(entry.sightings.begin(), entry.sightings.end(),
                                  [](const Sighting& seen) { return !seen.closed_at; });
  json::array macs;
  for (const std::string& mac : one.macs) macs.emplace_back(mac);
  const Move* const move = entry.moves.empty() ? nullptr : &entry.moves.front();
  const SecretCheck* const check = entry.checks.empty() ? nullptr : &entry.checks.front();
  return {{"id", one.id.text()},
          {"agency", one.agency.text()},
          {"label", one.label},
          {"serial", one.serial},
          {"macs", std::move(macs)},
          {"purpose", name_of(one.purpose)},
          {"room", one.room},
          {"holder", one.holder},
          {"registered_by", one.registered_by},
          {"registered_at", to_rfc3339(one.registered_at)},
          {"retired_at", time_json(one.retired_at)},
          {"retire_reason", one.retire_reason},
          {"version", one.version},
          {"open_sightings", open},
          {"move", move != nullptr ? json::value(name_of(move->state)) : json::value(nullptr)},
          {"checked_at", check != nullptr ? json::value(to_rfc3339(check->at)) : json::value(nullptr)},
          {"check_sound", check != nullptr ? json::value(check->problems.empty()) : json::value(nullptr)}};
}

Result<SecretDevice> fields_of(const json::object& body) {
  SecretDevice out;
  out.label = text_at(body, "label");
  out.serial = text_at(body, "serial");
  const auto purpose = purpose_from_name(text_at(body, "purpose"));
  if (!purpose) return Error(api::bad_request, "purpose");
  out.purpose = *purpose;
  if (const json::value* macs = body.if_contains("macs")) {
    for (const json::value& one : macs->as_array()) out.macs.emplace_back(one.as_string().c_str());
  }
  out.room = text_at(body, "room");
  out.holder = text_at(body, "holder");
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::secret_device_read));
  json::array items;
  for (const Entry& entry : d.secrets.list(request.param("retired").value_or("false") == "true")) {
    if (seen(entry.device.agency)) items.push_back(device_json(entry));
  }
  return api::json(json::object{{"items", std::move(items)}, {"check_days", secret_check_period.count()}});
}

Result<Response> add(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const AgencyId agency, agency_in(d, request, Action::secret_device_manage));
  LUY_TRY(SecretDevice wanted, fields_of(request.body.as_object()));
  wanted.agency = agency;
  wanted.registered_by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.add(api::caller_of(request), std::move(wanted)));
  return secret_answer(d, request, made, 201);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry entry, secret_entry(d, request, Action::secret_device_read));
  return secret_answer(d, request, entry);
}

Result<Response> change(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry before, secret_entry(d, request, Action::secret_device_manage));
  const json::object& body = request.body.as_object();
  LUY_TRY(SecretDevice wanted, fields_of(body));
  wanted.id = before.device.id;
  wanted.version = number_at(body, "version");
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.change(api::caller_of(request), std::move(wanted)));
  return secret_answer(d, request, made);
}

Result<Response> retire(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry before, secret_entry(d, request, Action::secret_device_manage));
  request.audited = true;
  LUY_TRY(const Entry made,
          d.secrets.retire(api::caller_of(request), before.device.id, text_at(request.body.as_object(), "reason")));
  return secret_answer(d, request, made);
}

Result<Response> issue_code(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry before, secret_entry(d, request, Action::secret_device_manage));
  request.audited = true;
  LUY_TRY(const fact::OfflineCode code, d.secrets.issue_code(api::caller_of(request), before.device.id));
  const Time ends = d.clock.now() + check_code_lifetime;
  return api::json(json::object{{"code", fact::code_text(code)}, {"valid_until", to_rfc3339(ends)}}, 201);
}

Result<Response> enter_report(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry before, secret_entry(d, request, Action::secret_device_manage));
  const json::object& body = request.body.as_object();
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.enter_report(api::caller_of(request), secret_actor(request), before.device.id,
                                                   text_at(body, "report"), text_at(body, "room")));
  return secret_answer(d, request, made, 201);
}

Result<Response> close_sightings(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry before, secret_entry(d, request, Action::secret_device_manage));
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.close_sightings(api::caller_of(request), secret_actor(request), before.device.id,
                                                      text_at(request.body.as_object(), "reason")));
  return secret_answer(d, request, made);
}

Result<Response> ask_move(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Entry before, secret_entry(d, request, Action::secret_device_manage));
  const json::object& body = request.body.as_object();
  Move wanted;
  wanted.device = before.device.id;
  wanted.to_room = text_at(body, "to_room");
  wanted.to_holder = text_at(body, "to_holder");
  wanted.reason = text_at(body, "reason");
  LUY_TRY(const auto planned, day_at(body, "planned_on"));
  if (!planned) return Error(api::bad_request, "planned_on");
  wanted.planned_on = *planned;
  request.audited = true;
  LUY_TRY(const Entry made, d.secrets.ask_move(api::caller_of(request), secret_actor(request), std::move(wanted)));
  return secret_answer(d, request, made, 201);
}

}  // namespace

SecretBook::Actor secret_actor(const Request& request) {
  return {request.actor->display_name, request.actor->account};
}

Result<Entry> secret_entry(const ApiDependencies& d, const Request& request, Action action) {
  LUY_TRY(const auto id, request.id_param<SecretId>("secret", "secret"));
  LUY_TRY(Entry found, d.secrets.find(id));
  LUY_TRY_VOID(api::authorise(request, action, object_of(d, found.device.agency)));
  return found;
}

Response secret_answer(const ApiDependencies& d, const Request& request, const Entry& entry, int status) {
  const directory::Object where = object_of(d, entry.device.agency);
  const auto may = [&](Action action) {
    return request.actor && directory::may(*request.actor, action, where).allowed;
  };
  json::array moves;
  json::array checks;
  json::array sightings;
  for (const Move& one : entry.moves) moves.push_back(move_json(one));
  for (const SecretCheck& one : entry.checks) checks.push_back(check_json(one));
  for (const Sighting& one : entry.sightings) sightings.push_back(sighting_json(one));
  return api::json(json::object{{"device", device_json(entry)},
                                {"moves", std::move(moves)},
                                {"checks", std::move(checks)},
                                {"sightings", std::move(sightings)},
                                {"may_manage", may(Action::secret_device_manage)},
                                {"may_approve", may(Action::secret_move_approve)}},
                   status);
}

std::vector<api::Route> secret_routes(const Shared& d) {
  const auto read = Action::secret_device_read;
  const auto manage = Action::secret_device_manage;
  return {
      route(d, Method::get, "/api/v1/secret-devices", "listSecretDevices", read, list),
      route(d, Method::post, "/api/v1/secret-devices", "addSecretDevice", manage, add),
      route(d, Method::get, "/api/v1/secret-devices/{secret}", "getSecretDevice", read, get),
      route(d, Method::put, "/api/v1/secret-devices/{secret}", "changeSecretDevice", manage, change),
      route(d, Method::post, "/api/v1/secret-devices/{secret}/retirement", "retireSecretDevice", manage, retire),
      route(d, Method::post, "/api/v1/secret-devices/{secret}/codes", "issueSecretCheckCode", manage, issue_code),
      route(d, Method::post, "/api/v1/secret-devices/{secret}/reports", "enterSecretReport", manage, enter_report),
      route(d, Method::post, "/api/v1/secret-devices/{secret}/sightings/closing", "closeSecretSightings", manage,
            close_sightings),
      route(d, Method::post, "/api/v1/secret-devices/{secret}/moves", "askSecretMove", manage, ask_move),
  };
}

}  // namespace luy::premises
