// listEquipment, addEquipment, getEquipment, changeEquipment, retireEquipment, recordRotation, exportEquipment,
// importEquipment.
#include "api/directory_api_parts.h"
#include "premises/handlers/shared.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object rotation_json(const Rotation& one) {
  return {{"id", one.id.text()},
          {"changed_on", to_iso(one.changed_on)},
          {"next_due_on", day_json(one.next_due_on)},
          {"accounts", one.accounts},
          {"changed_by", one.changed_by},
          {"note", one.note},
          {"recorded_by", one.recorded_by},
          {"recorded_at", to_rfc3339(one.recorded_at)}};
}

json::object equipment_json(const ApiDependencies& d, const EquipmentBook::Entry& entry) {
  const Equipment& one = entry.equipment;
  const auto newest = entry.newest();
  const std::chrono::days age = d.equipment.password_age();
  const Day today = day_of(d.clock.now());
  const json::object rotation{{"state", name_of(state_of(newest, age, d.due_share, today))},
                              {"changed_on", newest ? json::value(to_iso(newest->changed_on)) : json::value(nullptr)},
                              {"due_on", newest ? json::value(to_iso(due_on(*newest, age))) : json::value(nullptr)}};
  return {{"id", one.id.text()},
          {"agency", one.agency.text()},
          {"device", one.device.text()},
          {"kind", name_of(one.kind)},
          {"name", one.name},
          {"model", one.model},
          {"serial", one.serial},
          {"place", one.place},
          {"custodian", one.custodian},
          {"address", one.address},
          {"mac", one.mac},
          {"firmware", one.firmware},
          {"support_ends_on", day_json(one.support_ends_on)},
          {"supported", !one.support_ends_on || *one.support_ends_on >= today},
          {"note", one.note},
          {"registered_by", one.registered_by},
          {"registered_at", to_rfc3339(one.registered_at)},
          {"retired_at", time_json(one.retired_at)},
          {"retire_reason", one.retire_reason},
          {"version", one.version},
          {"rotation", rotation}};
}

Response answer(const ApiDependencies& d, const Request& request, const EquipmentBook::Entry& entry, int status) {
  json::array rotations;
  for (const Rotation& one : entry.rotations) rotations.push_back(rotation_json(one));
  const directory::Object where = object_of(d, entry.equipment.agency);
  const bool may = request.actor && directory::may(*request.actor, Action::equipment_manage, where).allowed;
  return api::json(json::object{{"equipment", equipment_json(d, entry)},
                                {"rotations", std::move(rotations)},
                                {"password_age_days", d.equipment.password_age().count()},
                                {"may_manage", may}},
                   status);
}

// The entry of the path, authorised.
Result<EquipmentBook::Entry> entry_of(const ApiDependencies& d, const Request& request, Action action) {
  LUY_TRY(const auto id, request.id_param<EquipmentId>("equipment", "equipment"));
  LUY_TRY(EquipmentBook::Entry found, d.equipment.find(id));
  LUY_TRY_VOID(api::authorise(request, action, object_of(d, found.equipment.agency)));
  return found;
}

Result<Equipment> fields_of(const json::object& body) {
  Equipment out;
  const auto kind = equipment_kind_from_name(text_at(body, "kind"));
  if (!kind) return Error(api::bad_request, "kind");
  out.kind = *kind;
  out.name = text_at(body, "name");
  out.model = text_at(body, "model");
  out.serial = text_at(body, "serial");
  out.place = text_at(body, "place");
  out.custodian = text_at(body, "custodian");
  out.address = text_at(body, "address");
  out.mac = text_at(body, "mac");
  out.firmware = text_at(body, "firmware");
  out.note = text_at(body, "note");
  LUY_TRY(out.support_ends_on, day_at(body, "support_ends_on"));
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::equipment_read));
  json::array items;
  for (const EquipmentBook::Entry& entry : d.equipment.list(request.param("retired").value_or("false") == "true")) {
    if (seen(entry.equipment.agency)) items.push_back(equipment_json(d, entry));
  }
  return api::json(
      json::object{{"items", std::move(items)}, {"password_age_days", d.equipment.password_age().count()}});
}

Result<Response> add(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const AgencyId agency, agency_in(d, request, Action::equipment_manage));
  const json::object& body = request.body.as_object();
  LUY_TRY(Equipment wanted, fields_of(body));
  wanted.agency = agency;
  wanted.registered_by = request.actor->display_name;
  if (const std::string device = text_at(body, "device"); !device.empty()) {
    const auto id = DeviceId::parse(device);
    const inventory::StatePointer state = id ? d.inventory.state(*id) : nullptr;
    if (!state || state->device.retired_at) return Error(inventory::device_unknown, device);
    if (state->device.agency != agency)
      return Error(equipment_invalid, "máy của cơ quan khác", "another agency's device");
    wanted.device = *id;
    wanted.name = state->device.name;
  }
  request.audited = true;
  LUY_TRY(const EquipmentBook::Entry made, d.equipment.add(api::caller_of(request), std::move(wanted)));
  return answer(d, request, made, 201);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const EquipmentBook::Entry entry, entry_of(d, request, Action::equipment_read));
  return answer(d, request, entry, 200);
}

Result<Response> change(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const EquipmentBook::Entry before, entry_of(d, request, Action::equipment_manage));
  const json::object& body = request.body.as_object();
  LUY_TRY(Equipment wanted, fields_of(body));
  wanted.id = before.equipment.id;
  wanted.name = before.equipment.name;
  wanted.version = number_at(body, "version");
  request.audited = true;
  LUY_TRY(const EquipmentBook::Entry made, d.equipment.change(api::caller_of(request), std::move(wanted)));
  return answer(d, request, made, 200);
}

Result<Response> retire(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const EquipmentBook::Entry before, entry_of(d, request, Action::equipment_manage));
  request.audited = true;
  LUY_TRY_VOID(
      d.equipment.retire(api::caller_of(request), before.equipment.id, text_at(request.body.as_object(), "reason")));
  LUY_TRY(const EquipmentBook::Entry after, d.equipment.find(before.equipment.id));
  return answer(d, request, after, 200);
}

Result<Response> rotate(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const EquipmentBook::Entry before, entry_of(d, request, Action::equipment_manage));
  const json::object& body = request.body.as_object();
  Rotation wanted;
  wanted.equipment = before.equipment.id;
  LUY_TRY(const auto changed_on, day_at(body, "changed_on"));
  if (!changed_on) return Error(api::bad_request, "changed_on");
  wanted.changed_on = *changed_on;
  LUY_TRY(wanted.next_due_on, day_at(body, "next_due_on"));
  wanted.accounts = text_at(body, "accounts");
  wanted.changed_by = text_at(body, "changed_by");
  wanted.note = text_at(body, "note");
  wanted.recorded_by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const EquipmentBook::Entry made, d.equipment.rotate(api::caller_of(request), std::move(wanted)));
  return answer(d, request, made, 201);
}

Result<Response> export_sheet(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Seen seen, Seen::of(d, request, Action::equipment_read));
  LUY_TRY(const directory::SheetFormat format, api::sheet_format(request));
  LUY_TRY(std::string bytes, d.equipment.write(format, [&](const Equipment& one) { return seen(one.agency); }));
  return api::sheet_response(format, std::move(bytes));
}

Result<Response> import_sheet(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::equipment_manage, directory::Object::anywhere()));
  LUY_TRY(const api::SheetBody body, api::sheet_body(request));
  LUY_TRY(const directory::Preview preview, api::preview_of(request));
  request.audited = true;
  LUY_TRY(const directory::ImportedSheet done, d.equipment.read(api::caller_of(request), body.file(), preview));
  return api::json(api::sheet_json(done));
}

}  // namespace

std::vector<api::Route> equipment_routes(const Shared& d) {
  const auto read = Action::equipment_read;
  const auto manage = Action::equipment_manage;
  return {
      route(d, Method::get, "/api/v1/equipment", "listEquipment", read, list),
      route(d, Method::post, "/api/v1/equipment", "addEquipment", manage, add),
      route(d, Method::get, "/api/v1/equipment/sheet", "exportEquipment", read, export_sheet),
      route(d, Method::post, "/api/v1/equipment/sheet", "importEquipment", manage, import_sheet,
            api::sheet_body_bytes_max),
      route(d, Method::get, "/api/v1/equipment/{equipment}", "getEquipment", read, get),
      route(d, Method::put, "/api/v1/equipment/{equipment}", "changeEquipment", manage, change),
      route(d, Method::post, "/api/v1/equipment/{equipment}/retirement", "retireEquipment", manage, retire),
      route(d, Method::post, "/api/v1/equipment/{equipment}/rotations", "recordRotation", manage, rotate),
  };
}

}  // namespace luy::premises
