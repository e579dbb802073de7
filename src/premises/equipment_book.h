// The register of network and storage devices that run no agent, and of the changes of their passwords. Every device in
// it is one of the inventory, too, so that its verdicts are found where those of all others are: settle() sees to it.
//
// Threads: every function from any thread; those that write wait for the disk, the others read what is in memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/agency.h"
#include "directory/audit.h"
#include "directory/sheet_file.h"
#include "inventory/inventory.h"
#include "premises/equipment.h"
#include "records/database.h"

namespace luy::premises {

// The tables of this module.
std::span<const records::Migration> migrations();

class EquipmentBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    inventory::Inventory& inventory;
    std::chrono::days password_age{90};  // Of duty 6.7.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<std::vector<directory::Agency>()> agencies;
    // A device's passwords were changed, or what is owed for it is another now. May be empty.
    std::function<void(const DeviceId&)> changed;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<EquipmentBook>> open(Dependencies dependencies);

  struct Entry {
    Equipment equipment;
    std::vector<Rotation> rotations;  // Newest first.
    std::optional<Rotation> newest() const {
      return rotations.empty() ? std::optional<Rotation>() : std::optional(rotations.front());
    }
  };
  // Living ones, and those that are retired where they are asked for; in order of name.
  std::vector<Entry> list(bool with_retired) const;
  Result<Entry> find(const EquipmentId& id) const;  // Errors: equipment_unknown.
  std::optional<Entry> of_device(const DeviceId& device) const;
  std::chrono::days password_age() const { return d_.password_age; }

  // `wanted` without id, device (unless it is one of the inventory already) and times; the act is "equipment_manage".
  // Errors of all that write: text_invalid, holds_secret, those of the database, and
  // equipment_invalid, equipment_taken, equipment_too_many.
  Result<Entry> add(const directory::Caller& caller, Equipment wanted);
  // All but agency, name and device, which belong to the inventory. Errors: equipment_unknown, equipment_retired,
  // equipment_changed, equipment_invalid, equipment_taken.
  Result<Entry> change(const directory::Caller& caller, Equipment wanted);
  // Errors: equipment_unknown, equipment_retired.
  Result<void> retire(const directory::Caller& caller, const EquipmentId& id, std::string_view reason);
  // Errors: equipment_unknown, equipment_retired, rotation_invalid.
  Result<Entry> rotate(const directory::Caller& caller, Rotation wanted);

  // agency (its code), kind, name, model, …, password_changed_on: living devices for which `visible` holds.
  Result<std::string> write(directory::SheetFormat format, const std::function<bool(const Equipment&)>& visible) const;
  // All or nothing. A line without id is a new device; a later password_changed_on is recorded as a change. Errors: as
  // directory::import_sheet().
  Result<directory::ImportedSheet> read(const directory::Caller& caller, const directory::SheetFile& file,
                                        directory::Preview preview);

  // Gives every living device of the register its place in the inventory and takes retired ones out of it. To be called
  // after the acts above and at the start: a crash between the two is mended by the next call.
  Result<void> settle();

 private:
  explicit EquipmentBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  void put(const Equipment& one);
  void tell(const DeviceId& device) const;

  const Dependencies d_;
  mutable std::shared_mutex mutex_;  // Guards what follows; not held while the disk works.
  std::map<EquipmentId, Entry> entries_;
};

}  // namespace luy::premises
