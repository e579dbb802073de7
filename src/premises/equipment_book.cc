#include "premises/equipment_book.h"

#include <algorithm>
#include <tuple>

#include "premises/equipment_rows.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using directory::AuditEntry;
using directory::Caller;
using records::Connection;

AuditEntry entry_for(const char* act, const Equipment& one) {
  AuditEntry entry;
  entry.act = act;
  entry.object = "equipment:" + one.id.text();
  entry.after["agency"] = one.agency.text();
  return entry;
}

Result<Equipment> living(const std::vector<Equipment>& all, const EquipmentId& id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Equipment& one) { return one.id == id; });
  if (found == all.end()) return Error(equipment_unknown);
  if (found->retired_at) return Error(equipment_retired);
  return *found;
}

}  // namespace

Result<std::unique_ptr<EquipmentBook>> EquipmentBook::open(Dependencies dependencies) {
  std::unique_ptr<EquipmentBook> book(new EquipmentBook(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> EquipmentBook::load() {
  std::map<EquipmentId, Entry> fresh;
  LUY_TRY_VOID(d_.database.read([&](Connection& c) -> Result<void> {
    LUY_TRY(const std::vector<Equipment> all, load_equipment(c));
    for (const Equipment& one : all) fresh[one.id].equipment = one;
    LUY_TRY(const std::vector<Rotation> rotations, load_rotations(c));
    for (const Rotation& one : rotations) fresh[one.equipment].rotations.push_back(one);
    return {};
  }));
  const std::unique_lock lock(mutex_);
  entries_ = std::move(fresh);
  return {};
}

void EquipmentBook::put(const Equipment& one) {
  const std::unique_lock lock(mutex_);
  entries_[one.id].equipment = one;
}

void EquipmentBook::tell(const DeviceId& device) const {
  if (d_.changed) d_.changed(device);
}

std::vector<EquipmentBook::Entry> EquipmentBook::list(bool with_retired) const {
  std::vector<Entry> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
      if (with_retired || !entry.equipment.retired_at) out.push_back(entry);
    }
  }
  std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.equipment.name, a.equipment.id) < std::tie(b.equipment.name, b.equipment.id);
  });
  return out;
}

Result<EquipmentBook::Entry> EquipmentBook::find(const EquipmentId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Error(equipment_unknown);
  return found->second;
}

std::optional<EquipmentBook::Entry> EquipmentBook::of_device(const DeviceId& device) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (entry.equipment.device == device && !entry.equipment.retired_at) return entry;
  }
  return std::nullopt;
}

Result<EquipmentBook::Entry> EquipmentBook::add(const Caller& caller, Equipment wanted) {
  const Time now = d_.clock.now();
  wanted.id = EquipmentId::make(now, d_.random);
  if (wanted.device.empty()) wanted.device = DeviceId::make(now, d_.random);
  wanted.registered_at = now;
  wanted.version = 1;
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<Equipment> {
    LUY_TRY(const Equipment one, checked(std::move(wanted)));
    LUY_TRY(const std::vector<Equipment> all, load_equipment(c));
    if (all.size() >= equipment_max) return Error(equipment_too_many, std::to_string(equipment_max));
    LUY_TRY_VOID(check_unique(all, one));
    entry.after = noted(one);
    LUY_TRY_VOID(save(c, one));
    return one;
  };
  LUY_TRY(const Equipment made, d_.audit.perform(caller, entry_for("equipment_add", wanted), work));
  put(made);
  LUY_TRY_VOID(settle());
  return find(made.id);
}

Result<EquipmentBook::Entry> EquipmentBook::change(const Caller& caller, Equipment wanted) {
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<Equipment> {
    LUY_TRY(const std::vector<Equipment> all, load_equipment(c));
    LUY_TRY(const Equipment before, living(all, wanted.id));
    if (before.version != wanted.version) return Error(equipment_changed);
    wanted.agency = before.agency;
    wanted.device = before.device;
    wanted.name = before.name;
    wanted.registered_by = before.registered_by;
    wanted.registered_at = before.registered_at;
    wanted.version = before.version + 1;
    LUY_TRY(const Equipment one, checked(std::move(wanted)));
    LUY_TRY_VOID(check_unique(all, one));
    entry.before = noted(before);
    entry.after = noted(one);
    LUY_TRY_VOID(save(c, one));
    return one;
  };
  LUY_TRY(const Equipment made, d_.audit.perform(caller, entry_for("equipment_change", wanted), work));
  put(made);
  tell(made.device);
  return find(made.id);
}

Result<void> EquipmentBook::retire(const Caller& caller, const EquipmentId& id, std::string_view reason) {
  LUY_TRY(const Entry known, find(id));
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<Equipment> {
    LUY_TRY(const std::vector<Equipment> all, load_equipment(c));
    LUY_TRY(Equipment one, living(all, id));
    LUY_TRY(one.retire_reason, clean_text(reason, {"reason", note_bytes_max, false, Suspect::mixed}));
    one.retired_at = d_.clock.now();
    ++one.version;
    entry.after["reason"] = one.retire_reason;
    LUY_TRY_VOID(save(c, one));
    return one;
  };
  LUY_TRY(const Equipment done, d_.audit.perform(caller, entry_for("equipment_retire", known.equipment), work));
  put(done);
  return settle();
}

Result<EquipmentBook::Entry> EquipmentBook::rotate(const Caller& caller, Rotation wanted) {
  LUY_TRY(const Entry known, find(wanted.equipment));
  wanted.id = RotationId::make(d_.clock.now(), d_.random);
  wanted.recorded_at = d_.clock.now();
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<Rotation> {
    LUY_TRY(const std::vector<Equipment> all, load_equipment(c));
    LUY_TRY_VOID(living(all, wanted.equipment));
    LUY_TRY(const Rotation one, checked(std::move(wanted), d_.password_age, day_of(d_.clock.now())));
    for (auto& [key, value] : noted(one)) entry.after[key] = value;
    LUY_TRY_VOID(insert(c, one));
    return one;
  };
  LUY_TRY(const Rotation done, d_.audit.perform(caller, entry_for("equipment_rotate", known.equipment), work));
  {
    const std::unique_lock lock(mutex_);
    std::vector<Rotation>& all = entries_[done.equipment].rotations;
    const auto at = std::find_if(all.begin(), all.end(), [&](const Rotation& one) {
      return std::tie(one.changed_on, one.id) < std::tie(done.changed_on, done.id);
    });
    all.insert(at, done);
  }
  tell(known.equipment.device);
  return find(done.equipment);
}

Result<void> EquipmentBook::settle() {
  for (const Entry& entry : list(true)) {
    const Equipment& one = entry.equipment;
    const inventory::StatePointer state = d_.inventory.state(one.device);
    if (!one.retired_at && !state) {
      LUY_TRY_VOID(d_.inventory.add({one.device, one.agency, one.name, class_of(one.kind)}));
      tell(one.device);
    } else if (one.retired_at && state && !state->device.retired_at) {
      LUY_TRY_VOID(d_.inventory.retire(one.device));
    }
  }
  return {};
}

}  // namespace luy::premises
