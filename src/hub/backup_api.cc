#include "hub/backup_api.h"

#include <algorithm>

#include "api/file_response.h"
#include "base/id.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using backup::Reported;
using backup::SetStanding;
using directory::Action;

// Of the newest results a preview's files are told, too.
constexpr std::size_t results_with_files = 5;

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::object part_json(const SetStanding::Part& part) {
  return {{"standing", name_of(part.standing)},
          {"newest", time_or_null(part.newest)},
          {"due_at", time_or_null(part.due_at)},
          {"because", part.because}};
}

json::object standing_json(const BackupApi& d, const SetStanding& one) {
  const auto agency = d.agencies.find(one.agency);
  return {{"device", {{"id", one.device.text()}, {"name", one.device_name}}},
          {"agency", {{"id", one.agency.text()}, {"name", agency ? agency->name : one.agency.text()}}},
          {"set", one.set},
          {"kind", one.kind},
          {"has_medium", one.has_medium},
          {"run", part_json(one.run)},
          {"copy", part_json(one.copy)},
          {"drill", part_json(one.drill)},
          {"proof", one.seq}};
}

json::object outcome_json(const backup::Outcome& one) {
  json::object out = one.told;
  out["request"] = one.request;
  out["received_at"] = to_rfc3339(one.at);
  out["proof"] = one.seq;
  return out;
}

json::object handover_json(const backup::Handover& one) {
  return {{"id", one.id},       {"medium", one.medium}, {"given_by", one.given_by}, {"taken_by", one.taken_by},
          {"place", one.place}, {"note", one.note},     {"at", to_rfc3339(one.at)}, {"by", one.by}};
}

bool is_below(const BackupApi& d, const AgencyId& agency, const AgencyId& top) {
  const std::vector<AgencyId> above = d.agencies.lineage(agency);
  return std::find(above.begin(), above.end(), top) != above.end();
}

// The device of the path, authorised.
Result<Reported> place_of(const BackupApi& d, const Request& request, Action action) {
  LUY_TRY(const auto device, request.id_param<DeviceId>("device", "device"));
  auto found = d.reported_of(device);
  if (!found) return Error(api::not_found, "device");
  LUY_TRY_VOID(api::authorise(request, action, d.agencies.object(found->agency)));
  return *std::move(found);
}

Result<Response> list_backups(const BackupApi& d, const Request& request) {
  std::optional<AgencyId> within;
  if (const auto text = request.param("agency")) {
    within = AgencyId::parse(*text);
    if (!within || !d.agencies.find(*within)) return Error(api::not_found, "agency");
    LUY_TRY_VOID(api::authorise(request, Action::backup_read, d.agencies.object(*within)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::backup_read, directory::Object::anywhere()));
  }
  std::vector<Reported> seen;
  json::array without;
  for (Reported& one : d.reported()) {
    if (within && !is_below(d, one.agency, *within)) continue;
    if (!directory::may(*request.actor, Action::backup_read, d.agencies.object(one.agency)).allowed) continue;
    if (!one.backup || one.backup->runs.empty()) {
      without.push_back(json::object{{"id", one.device.text()}, {"name", one.device_name}});
    }
    seen.push_back(std::move(one));
  }
  json::array items;
  for (const SetStanding& one : backup::standings(seen, d.limits, d.clock.now())) {
    items.push_back(standing_json(d, one));
  }
  return api::json(json::object{{"items", std::move(items)}, {"devices_without", std::move(without)}});
}

Result<Response> get_device(const BackupApi& d, const Request& request) {
  LUY_TRY(const Reported device, place_of(d, request, Action::backup_read));
  json::array sets;
  for (const SetStanding& one : backup::standings({device}, d.limits, d.clock.now())) {
    sets.push_back(standing_json(d, one));
  }
  json::array results;
  LUY_TRY(const auto outcomes, d.log.outcomes(device.device));
  for (const backup::Outcome& one : outcomes) {
    json::object item = outcome_json(one);
    if (results.size() >= results_with_files) item.erase("items");
    results.push_back(std::move(item));
  }
  json::value told = nullptr;
  if (device.backup) told = json::parse(fact::body_to_json(fact::Body(*device.backup)));
  return api::json(json::object{{"sets", std::move(sets)}, {"told", std::move(told)}, {"results", std::move(results)}});
}

OrderBook::Wanted order_of(const Reported& device, const std::string& by, const std::string& agreed_by,
                           const json::object& wanted) {
  return {device.device, device.agency, by, agreed_by, wanted};
}

void describe(const Reported& device, const json::object& wanted, directory::AuditEntry& entry) {
  entry.object = "device:" + device.device.text();
  for (const auto& field : wanted) entry.after[field.key()] = field.value();
  entry.after["device"] = device.device_name;
  entry.after["agency"] = device.agency.text();
}

// What the order's document will say is possible. Errors: order::malformed naming the field.
Result<void> check_order(const json::object& wanted, Time now) {
  order::Order order;
  order.id = order.device = "01jd0000000000000000000000";
  order.serial = 1;
  order.issued_at = now;
  order.expires_at = now + order_lifetime;
  order.asked_by = "x";
  order.reason = wanted.at("reason").as_string();
  LUY_TRY(order.body, body_of(wanted, now));
  return order::check(order);
}

Result<Response> order_backup(const BackupApi& d, const Request& request) {
  LUY_TRY(const Reported device, place_of(d, request, Action::backup_manage));
  json::object wanted = request.body.as_object();
  wanted["request"] = make_id_text(d.clock.now(), d.random);
  LUY_TRY_VOID(check_order(wanted, d.clock.now()));
  directory::AuditEntry entry;
  entry.act = "backup_order";
  request.audited = true;
  const auto issue = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<std::string> {
    describe(device, wanted, noted);
    return d.orders.issue_in(c, order_of(device, request.actor->username, {}, wanted));
  };
  LUY_TRY(const std::string id, d.audit.perform(api::caller_of(request), std::move(entry), issue));
  LUY_TRY_VOID(d.orders.refresh());
  return api::json(json::object{{"request", wanted.at("request")}, {"order", id}, {"act", nullptr}}, 201);
}

Result<Response> propose(const BackupApi& d, const Request& request, std::string_view kind, const Reported& device,
                         json::object wanted) {
  json::object body{{"device", device.device.text()}, {"wanted", std::move(wanted)}};
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed, d.acts.propose(api::caller_of(request), kind, body, device.agency));
  json::object out = proposed.result;
  out["act"] = proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr);
  if (!proposed.waiting) LUY_TRY_VOID(d.orders.refresh());
  return api::json(out, proposed.waiting ? 202 : 201);
}

Result<Response> restore(const BackupApi& d, const Request& request) {
  LUY_TRY(const Reported device, place_of(d, request, Action::backup_restore));
  json::object wanted = request.body.as_object();
  wanted["type"] = "restore_backup";
  wanted["request"] = make_id_text(d.clock.now(), d.random);
  LUY_TRY_VOID(check_order(wanted, d.clock.now()));
  return propose(d, request, restore_act, device, std::move(wanted));
}

Result<Response> reveal(const BackupApi& d, const Request& request) {
  LUY_TRY(const Reported device, place_of(d, request, Action::backup_reveal));
  return propose(d, request, reveal_act, device, request.body.as_object());
}

Result<Response> get_minutes(const BackupApi& d, const Request& request) {
  LUY_TRY(const Reported device, place_of(d, request, Action::backup_read));
  const auto at = from_rfc3339(request.param("ended_at").value_or(std::string()));
  if (device.backup && at) {
    for (const fact::RestoreDrill& one : device.backup->drills) {
      if (one.ended_at != *at) continue;
      LUY_TRY(std::string pdf, d.minutes(device, one));
      return api::file_response(std::move(pdf), "application/pdf", "bien-ban-phuc-hoi.pdf");
    }
  }
  return Error(drill_unknown);
}

// Media hold all agencies' data, as the register of them stands at the top.
Result<Response> list_handovers(const BackupApi& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::backup_read, directory::Object::anywhere()));
  LUY_TRY(const auto all, d.log.handovers(request.param("medium")));
  json::array items;
  for (const backup::Handover& one : all) items.push_back(handover_json(one));
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> add_handover(const BackupApi& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::backup_manage, d.agencies.hub_object()));
  const json::object& body = request.body.as_object();
  const auto text = [&](std::string_view key) {
    const json::value* value = body.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const auto medium = custody::MediumId::parse(text("medium"));
  if (!medium) return Error(custody::medium_unknown, text("medium"));
  LUY_TRY(const custody::Medium known, d.media.find(*medium));
  backup::Handover wanted;
  wanted.medium = known.id.text();
  wanted.given_by = text("given_by");
  wanted.taken_by = text("taken_by");
  wanted.place = text("place");
  wanted.note = text("note");
  const auto at = from_rfc3339(text("at"));
  if (!at) return Error(backup::handover_invalid, "at");
  wanted.at = *at;
  request.audited = true;
  LUY_TRY(const backup::Handover made, d.log.hand_over(api::caller_of(request), std::move(wanted)));
  return api::json(handover_json(made), 201);
}

// The device an act names, as it stands now.
Result<Reported> device_of(const BackupApi& d, const directory::Caller& caller, const json::object& body,
                           Action action) {
  auto found = d.reported_of(DeviceId::trusted(std::string_view(body.at("device").as_string())));
  if (!found) return Error(api::not_found, "device");
  LUY_TRY_VOID(caller.require(action, d.agencies.object(found->agency)));
  return *std::move(found);
}

}  // namespace

std::vector<api::Route> backup_routes(const BackupApi& d) {
  using api::Access;
  using api::Method;
  const auto with = [&d](Result<Response> (*handler)(const BackupApi&, const Request&)) {
    return [&d, handler](const Request& request) { return handler(d, request); };
  };
  const std::string device = "/api/v1/devices/{device}/backups";
  return {
      {Method::get, "/api/v1/backups", "listBackups", Access::session, Action::backup_read, with(list_backups)},
      {Method::get, device, "getDeviceBackups", Access::session, Action::backup_read, with(get_device)},
      {Method::post, device + "/orders", "orderBackup", Access::session, Action::backup_manage, with(order_backup)},
      {Method::post, device + "/restores", "restoreBackup", Access::session, Action::backup_restore, with(restore)},
      {Method::post, device + "/key", "revealBackupKey", Access::session, Action::backup_reveal, with(reveal)},
      {Method::get, device + "/minutes", "getDrillMinutes", Access::session, Action::backup_read, with(get_minutes)},
      {Method::get, "/api/v1/media-handovers", "listHandovers", Access::session, Action::backup_read,
       with(list_handovers)},
      {Method::post, "/api/v1/media-handovers", "addHandover", Access::session, Action::backup_manage,
       with(add_handover)},
  };
}

directory::ActKind restore_kind(const BackupApi& d) {
  directory::ActKind kind;
  kind.action = Action::backup_restore;
  kind.run = [&d](records::Connection& c, const directory::Caller& caller, const json::object& body,
                  directory::AuditEntry& entry) -> Result<json::object> {
    LUY_TRY(const Reported device, device_of(d, caller, body, Action::backup_restore));
    const json::object& wanted = body.at("wanted").as_object();
    describe(device, wanted, entry);
    LUY_TRY(const std::string id, d.orders.issue_in(c, order_of(device, caller.username, caller.agreed_by, wanted)));
    return json::object{{"order", id}, {"request", wanted.at("request")}};
  };
  kind.committed = [&d] { [[maybe_unused]] const auto fresh = d.orders.refresh(); };
  return kind;
}

directory::ActKind reveal_kind(const BackupApi& d) {
  directory::ActKind kind;
  kind.action = Action::backup_reveal;
  kind.run = [&d](records::Connection& c, const directory::Caller& caller, const json::object& body,
                  directory::AuditEntry& entry) -> Result<json::object> {
    LUY_TRY(const Reported device, device_of(d, caller, body, Action::backup_reveal));
    describe(device, body.at("wanted").as_object(), entry);
    LUY_TRY(const std::string key, d.keys.reveal_in(c, device.device));
    return json::object{{"key", key}};
  };
  return kind;
}

}  // namespace luy::hub
