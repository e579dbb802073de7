#include "premises/equipment_rows.h"

#include "premises/text.h"

namespace luy::premises {
namespace {

namespace json = boost::json;

std::optional<Day> maybe_day(const records::Row& row, int at) {
  return row.null(at) ? std::optional<Day>() : day_from_iso(row.text(at));
}
std::optional<std::string> iso(const std::optional<Day>& day) {
  return day ? std::optional(to_iso(*day)) : std::nullopt;
}

}  // namespace

Result<std::vector<Equipment>> load_equipment(records::Connection& c) {
  std::vector<Equipment> out;
  LUY_TRY_VOID(
      c.query("SELECT id, agency, device, kind, name, model, serial, place, custodian, address, mac, firmware, "
              "support_ends_on, note, registered_by, registered_at_us, retired_at_us, retire_reason, version FROM "
              "premises_equipment ORDER BY id",
              {}, [&](const records::Row& row) {
                Equipment one;
                one.id = EquipmentId::trusted(row.text(0));
                one.agency = AgencyId::trusted(row.text(1));
                one.device = DeviceId::trusted(row.text(2));
                one.kind = equipment_kind_from_name(row.text(3)).value_or(EquipmentKind::other_network);
                one.name = row.text(4);
                one.model = row.text(5);
                one.serial = row.text(6);
                one.place = row.text(7);
                one.custodian = row.text(8);
                one.address = row.text(9);
                one.mac = row.text(10);
                one.firmware = row.text(11);
                one.support_ends_on = maybe_day(row, 12);
                one.note = row.text(13);
                one.registered_by = row.text(14);
                one.registered_at = from_micros(row.integer(15));
                if (!row.null(16)) one.retired_at = from_micros(row.integer(16));
                one.retire_reason = row.text(17);
                one.version = row.integer(18);
                out.push_back(std::move(one));
              }));
  return out;
}

Result<std::vector<Rotation>> load_rotations(records::Connection& c) {
  std::vector<Rotation> out;
  LUY_TRY_VOID(c.query(
      "SELECT id, equipment, changed_on, next_due_on, accounts, changed_by, note, recorded_by, recorded_at_us FROM "
      "premises_rotation ORDER BY changed_on DESC, id DESC",
      {}, [&](const records::Row& row) {
        Rotation one;
        one.id = RotationId::trusted(row.text(0));
        one.equipment = EquipmentId::trusted(row.text(1));
        one.changed_on = day_from_iso(row.text(2)).value_or(Day());
        one.next_due_on = maybe_day(row, 3);
        one.accounts = row.text(4);
        one.changed_by = row.text(5);
        one.note = row.text(6);
        one.recorded_by = row.text(7);
        one.recorded_at = from_micros(row.integer(8));
        out.push_back(std::move(one));
      }));
  return out;
}

Result<void> save(records::Connection& c, const Equipment& one) {
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_equipment (id, agency, device, kind, name, model, serial, place, custodian, address, mac, "
      "firmware, support_ends_on, note, registered_by, registered_at_us, retired_at_us, retire_reason, version) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (id) DO "
      "UPDATE SET kind = $4, model = $6, serial = $7, place = $8, custodian = $9, address = $10, mac = $11, "
      "firmware = $12, support_ends_on = $13, note = $14, retired_at_us = $17, retire_reason = $18, version = $19",
      {one.id.text(), one.agency.text(), one.device.text(), name_of(one.kind), one.name, one.model, one.serial,
       one.place, one.custodian, one.address, one.mac, one.firmware, records::nullable(iso(one.support_ends_on)),
       one.note, one.registered_by, to_micros(one.registered_at),
       records::nullable(one.retired_at ? std::optional(to_micros(*one.retired_at)) : std::nullopt), one.retire_reason,
       one.version}));
  return {};
}

Result<void> insert(records::Connection& c, const Rotation& one) {
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_rotation (id, equipment, changed_on, next_due_on, accounts, changed_by, note, recorded_by, "
      "recorded_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {one.id.text(), one.equipment.text(), to_iso(one.changed_on), records::nullable(iso(one.next_due_on)),
       one.accounts, one.changed_by, one.note, one.recorded_by, to_micros(one.recorded_at)}));
  return {};
}

Result<Equipment> checked(Equipment wanted) {
  const auto clean = [](std::string& text, const TextRule& rule) -> Result<void> {
    LUY_TRY(text, clean_text(text, rule));
    return {};
  };
  LUY_TRY_VOID(clean(wanted.name, {"name", equipment_name_bytes_max, false}));
  LUY_TRY_VOID(clean(wanted.model, {"model"}));
  LUY_TRY_VOID(clean(wanted.serial, {"serial"}));
  LUY_TRY_VOID(clean(wanted.place, {"place"}));
  LUY_TRY_VOID(clean(wanted.custodian, {"custodian"}));
  LUY_TRY_VOID(clean(wanted.firmware, {"firmware"}));
  LUY_TRY_VOID(clean(wanted.note, {"note", note_bytes_max, true, Suspect::mixed}));
  if (!wanted.address.empty()) {
    const auto address = plain_address(wanted.address);
    if (!address) return Error(equipment_invalid, "địa chỉ IP", "the address");
    wanted.address = *address;
  }
  if (!wanted.mac.empty()) {
    const auto mac = plain_mac(wanted.mac);
    if (!mac) return Error(equipment_invalid, "địa chỉ MAC", "the MAC address");
    wanted.mac = *mac;
  }
  return wanted;
}

Result<Rotation> checked(Rotation wanted, std::chrono::days age_max, Day today) {
  const auto clean = [](std::string& text, const TextRule& rule) -> Result<void> {
    LUY_TRY(text, clean_text(text, rule));
    return {};
  };
  LUY_TRY_VOID(clean(wanted.accounts, {"accounts", name_bytes_max, true, Suspect::mixed}));
  LUY_TRY_VOID(clean(wanted.changed_by, {"changed_by", name_bytes_max, false, Suspect::mixed}));
  LUY_TRY_VOID(clean(wanted.note, {"note", note_bytes_max, true, Suspect::mixed}));
  if (wanted.changed_on > today) return Error(rotation_invalid, "ngày đổi", "the day");
  const bool due_is_wrong = wanted.next_due_on && (*wanted.next_due_on <= wanted.changed_on ||
                                                   *wanted.next_due_on > wanted.changed_on + age_max);
  if (due_is_wrong) return Error(rotation_invalid, "hạn đổi tiếp", "when it is due again");
  return wanted;
}

Result<void> check_unique(const std::vector<Equipment>& all, const Equipment& wanted) {
  for (const Equipment& one : all) {
    if (one.id == wanted.id || one.retired_at) continue;
    if (!wanted.serial.empty() && one.serial == wanted.serial) {
      return Error(equipment_taken, "số sê-ri " + wanted.serial, "serial number " + wanted.serial);
    }
    if (!wanted.mac.empty() && one.mac == wanted.mac)
      return Error(equipment_taken, "MAC " + wanted.mac, "MAC " + wanted.mac);
    if (one.device == wanted.device) return Error(equipment_taken, "máy trong sổ thiết bị", "place in the inventory");
    if (one.agency == wanted.agency && one.name == wanted.name) {
      return Error(equipment_taken, "tên " + wanted.name, "name " + wanted.name);
    }
  }
  return {};
}

json::object noted(const Equipment& one) {
  return {{"agency", one.agency.text()},
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
          {"note", one.note},
          {"proof_of", "equipment:" + one.id.text()}};
}

json::object noted(const Rotation& one) {
  return {{"changed_on", to_iso(one.changed_on)},
          {"next_due_on", day_json(one.next_due_on)},
          {"accounts", one.accounts},
          {"changed_by", one.changed_by},
          {"note", one.note},
          {"proof_of", rotation_act(one.id)}};
}

}  // namespace luy::premises
