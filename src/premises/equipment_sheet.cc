// The register as a sheet for office programs, out and in again. Nothing is retired by a sheet.
#include <map>
#include <set>

#include "base/vietnamese.h"
#include "directory/sheet_import.h"
#include "premises/equipment_book.h"
#include "premises/equipment_rows.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using directory::Action;
using directory::SheetLine;
using records::Connection;

enum Column : std::size_t {
  id,
  agency,
  kind,
  name,
  model,
  serial,
  place,
  custodian,
  address,
  mac,
  firmware,
  support_ends_on,
  note,
  password_changed_on,
};
constexpr std::size_t column_count = 14;
using Cells = std::vector<std::string>;

const std::vector<sheet::Column>& columns() {
  static const std::vector<sheet::Column> all = {{"id", 30},       {"agency", 16},
                                                 {"kind", 26},     {"name", 26},
                                                 {"model", 24},    {"serial", 22},
                                                 {"place", 28},    {"custodian", 26},
                                                 {"address", 18},  {"mac", 20},
                                                 {"firmware", 20}, {"support_ends_on", 16},
                                                 {"note", 30},     {"password_changed_on", 20}};
  LUY_CHECK(all.size() == column_count);
  return all;
}

std::optional<EquipmentKind> kind_of(const std::string& cell) {
  if (const auto named = equipment_kind_from_name(cell)) return named;
  const std::string folded = fold_vietnamese(cell);
  for (std::size_t i = 0; i < equipment_kind_count; ++i) {
    const auto one = static_cast<EquipmentKind>(i);
    if (fold_vietnamese(vi_title_of(one)) == folded) return one;
  }
  return std::nullopt;
}

Result<std::optional<Day>> day_of_cell(const std::string& cell, const char* vi, const char* en) {
  if (cell.empty()) return std::optional<Day>();
  const auto day = day_from_iso(directory::iso_day(cell));
  if (!day) return Error(equipment_invalid, vi, en);
  return std::optional(*day);
}

// One line on its way into the register.
class EquipmentImport : public directory::LineImport {
 public:
  EquipmentImport(Connection& connection, const directory::Caller& caller, const EquipmentBook::Dependencies& d)
      : c_(connection), caller_(caller), d_(d) {}

  Result<void> prepare() override {
    for (const directory::Agency& one : d_.agencies()) by_code_.emplace(fold_vietnamese(one.code), one);
    LUY_TRY(all_, load_equipment(c_));
    LUY_TRY(const std::vector<Rotation> rotations, load_rotations(c_));
    for (const Rotation& one : rotations) newest_.emplace(one.equipment, one.changed_on);
    return {};
  }

  Result<void> take(const Cells& cell, SheetLine& line) override {
    line.code = cell[Column::agency];
    line.name = cell[Column::name];
    const auto where = by_code_.find(fold_vietnamese(cell[Column::agency]));
    if (where == by_code_.end()) return Error(directory::agency_unknown);
    directory::Object object;
    object.agencies = d_.lineage(where->second.id);
    LUY_TRY_VOID(caller_.require(Action::equipment_manage, object));
    LUY_TRY(Equipment wanted, with_cells(cell));
    wanted.agency = where->second.id;
    LUY_TRY(const std::optional<Day> changed_on,
            day_of_cell(cell[Column::password_changed_on], "ngày đổi mật khẩu", "the day of the change of passwords"));
    if (cell[Column::id].empty()) {
      if (!where->second.valid_on(today())) return Error(directory::agency_not_valid);
      LUY_TRY_VOID(create(std::move(wanted), line));
    } else {
      LUY_TRY_VOID(change(cell[Column::id], std::move(wanted), line));
    }
    return rotate(changed_on, line);
  }

 private:
  Day today() const { return day_of(d_.clock.now()); }

  Result<Equipment> with_cells(const Cells& cell) const {
    Equipment one;
    const auto kind = kind_of(cell[Column::kind]);
    if (!kind) return Error(equipment_invalid, "loại thiết bị", "the kind of device");
    one.kind = *kind;
    one.name = cell[Column::name];
    one.model = cell[Column::model];
    one.serial = cell[Column::serial];
    one.place = cell[Column::place];
    one.custodian = cell[Column::custodian];
    one.address = cell[Column::address];
    one.mac = cell[Column::mac];
    one.firmware = cell[Column::firmware];
    one.note = cell[Column::note];
    LUY_TRY(one.support_ends_on, day_of_cell(cell[Column::support_ends_on], "ngày hết hỗ trợ", "the end of support"));
    return one;
  }

  Result<void> create(Equipment wanted, SheetLine& line) {
    wanted.id = EquipmentId::make(d_.clock.now(), d_.random);
    wanted.device = DeviceId::make(d_.clock.now(), d_.random);
    wanted.registered_at = d_.clock.now();
    wanted.registered_by = caller_.username;
    LUY_TRY(Equipment one, checked(std::move(wanted)));
    if (all_.size() >= equipment_max) return Error(equipment_too_many, std::to_string(equipment_max));
    LUY_TRY_VOID(check_unique(all_, one));
    LUY_TRY_VOID(save(c_, one));
    here_ = one;
    all_.push_back(std::move(one));
    line.does = SheetLine::Does::create;
    line.vi = "thêm vào sổ";
    line.en = "new in the register";
    boost::json::object entry = premises::noted(here_);
    entry["equipment"] = here_.id.text();
    noted.push_back(std::move(entry));
    return {};
  }

  Result<void> change(const std::string& given, Equipment wanted, SheetLine& line) {
    const auto parsed = EquipmentId::parse(given);
    Equipment* before = nullptr;
    for (Equipment& one : all_) {
      if (parsed && one.id == *parsed) before = &one;
    }
    if (before == nullptr) return Error(equipment_unknown);
    if (before->retired_at) return Error(equipment_retired);
    if (before->agency != wanted.agency) {
      return Error(equipment_invalid, "thiết bị thuộc cơ quan khác", "the device is another agency's");
    }
    if (before->name != wanted.name) return Error(equipment_invalid, "không đổi tên bằng tệp", "no sheet renames it");
    if (!seen_.insert(before->id).second) return Error(equipment_taken, "mã " + given, "id " + given);
    wanted.id = before->id;
    wanted.device = before->device;
    wanted.registered_by = before->registered_by;
    wanted.registered_at = before->registered_at;
    wanted.version = before->version;
    LUY_TRY(Equipment one, checked(std::move(wanted)));
    LUY_TRY_VOID(check_unique(all_, one));
    here_ = one;
    if (premises::noted(one) == premises::noted(*before)) return {};
    ++one.version;
    LUY_TRY_VOID(save(c_, one));
    noted.push_back(boost::json::object{
        {"equipment", one.id.text()}, {"before", premises::noted(*before)}, {"after", premises::noted(one)}});
    *before = one;
    line.does = SheetLine::Does::change;
    line.vi = "sửa thông tin";
    line.en = "changed";
    return {};
  }

  // A day that is on record already, or before it, says nothing new.
  Result<void> rotate(const std::optional<Day>& changed_on, SheetLine& line) {
    const auto newest = newest_.find(here_.id);
    if (!changed_on || (newest != newest_.end() && *changed_on <= newest->second)) return {};
    Rotation wanted;
    wanted.id = RotationId::make(d_.clock.now(), d_.random);
    wanted.equipment = here_.id;
    wanted.changed_on = *changed_on;
    wanted.changed_by = here_.custodian.empty() ? caller_.username : here_.custodian;
    wanted.recorded_by = caller_.username;
    wanted.recorded_at = d_.clock.now();
    LUY_TRY(const Rotation one, checked(std::move(wanted), d_.password_age, today()));
    LUY_TRY_VOID(insert(c_, one));
    newest_[here_.id] = *changed_on;
    boost::json::object entry = premises::noted(one);
    entry["equipment"] = here_.id.text();
    noted.push_back(std::move(entry));
    if (line.does == SheetLine::Does::nothing) line.does = SheetLine::Does::change;
    line.vi += line.vi.empty() ? "ghi lần đổi mật khẩu" : ", ghi lần đổi mật khẩu";
    line.en += line.en.empty() ? "a change of passwords" : ", a change of passwords";
    return {};
  }

  Connection& c_;
  const directory::Caller& caller_;
  const EquipmentBook::Dependencies& d_;
  std::map<std::string, directory::Agency> by_code_;
  std::vector<Equipment> all_;
  std::map<EquipmentId, Day> newest_;
  std::set<EquipmentId> seen_;
  Equipment here_;
};

}  // namespace

Result<std::string> EquipmentBook::write(directory::SheetFormat format,
                                         const std::function<bool(const Equipment&)>& visible) const {
  std::map<AgencyId, std::string> codes;
  for (const directory::Agency& one : d_.agencies()) codes.emplace(one.id, one.code);
  sheet::Page page{"Thiết bị mạng, lưu trữ", columns(), {}};
  for (const Entry& entry : list(false)) {
    const Equipment& one = entry.equipment;
    if (!visible(one)) continue;
    page.rows.push_back({one.id.text(), codes[one.agency], std::string(vi_title_of(one.kind)), one.name, one.model,
                         one.serial, one.place, one.custodian, one.address, one.mac, one.firmware,
                         one.support_ends_on ? to_iso(*one.support_ends_on) : "", one.note,
                         entry.rotations.empty() ? "" : to_iso(entry.rotations.front().changed_on)});
  }
  return directory::write_sheet(format, page);
}

Result<directory::ImportedSheet> EquipmentBook::read(const directory::Caller& caller, const directory::SheetFile& file,
                                                     directory::Preview preview) {
  const auto begin = [&](Connection& c) -> std::unique_ptr<directory::LineImport> {
    return std::make_unique<EquipmentImport>(c, caller, d_);
  };
  LUY_TRY(directory::ImportedSheet done, directory::import_sheet({d_.database, d_.audit, caller, "equipment_import",
                                                                  Action::equipment_manage, columns(), begin},
                                                                 file, preview));
  if (!done.applied) return done;
  LUY_TRY_VOID(load());
  LUY_TRY_VOID(settle());
  if (d_.changed) {
    for (const Entry& entry : list(false)) d_.changed(entry.equipment.device);
  }
  return done;
}

}  // namespace luy::premises
