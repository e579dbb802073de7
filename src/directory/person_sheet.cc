#include "directory/person_sheet.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "directory/sheet_import.h"
#include "directory/stored/agency.h"
#include "directory/stored/person.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;

enum Column : std::size_t { id, name, agency, position, email, phone, since };
constexpr std::size_t column_count = 7;
using Cells = std::vector<std::string>;

const std::vector<sheet::Column>& columns() {
  static const std::vector<sheet::Column> all = {{"id", 30},    {"name", 30},  {"agency", 16}, {"position", 30},
                                                 {"email", 30}, {"phone", 16}, {"since", 12}};
  LUY_CHECK(all.size() == column_count);
  return all;
}

class PersonImport : public LineImport {
 public:
  PersonImport(Connection& connection, const Caller& caller, Time now, Random& random)
      : c_(connection), caller_(caller), now_(now), random_(random) {}

  Result<void> prepare() override {
    LUY_TRY(const auto agencies, load_agencies(c_, std::nullopt));
    for (const Agency& one : agencies) by_code_.emplace(to_lower(one.code), one);
    LUY_TRY(const auto people, load_people(c_, std::nullopt));
    for (const Person& one : people) {
      if (one.state == PersonState::gone) continue;
      by_id_.emplace(one.id, one);
      by_name_.emplace(std::pair(one.agency, one.name), one.id);
    }
    return {};
  }

  Result<void> take(const Cells& given, SheetLine& line) override {
    Cells cell = given;
    cell[Column::since] = iso_day(cell[Column::since]);
    line.code = cell[Column::agency];
    line.name = cell[Column::name];
    const auto place = by_code_.find(to_lower(cell[Column::agency]));
    if (place == by_code_.end()) return Error(agency_unknown);
    LUY_TRY(const auto chain, load_superiors(c_, place->second.id));
    LUY_TRY_VOID(caller_.require(Action::person_manage, {chain, std::nullopt, false}));
    LUY_TRY(const std::optional<Person> known, find(cell, place->second));
    if (known && !seen_.insert(known->id).second) return Error(person_ambiguous, known->name);
    return known ? change(*known, cell, line) : create(place->second, cell, line);
  }

 private:
  // Who a line is about; nullopt for somebody new.
  Result<std::optional<Person>> find(const Cells& cell, const Agency& place) {
    if (!cell[Column::id].empty()) {
      const auto wanted = PersonId::parse(cell[Column::id]);
      const auto found = wanted ? by_id_.find(*wanted) : by_id_.end();
      if (found == by_id_.end()) return Error(person_unknown);
      if (found->second.agency != place.id) return Error(person_elsewhere, found->second.name);
      return std::optional<Person>(found->second);
    }
    LUY_TRY(const std::string called, checked_text("name", cell[Column::name], name_bytes_max));
    const auto [first, last] = by_name_.equal_range({place.id, called});
    if (first == last) return std::optional<Person>();
    if (std::next(first) != last) return Error(person_ambiguous, called);
    return std::optional<Person>(by_id_.at(first->second));
  }

  static Result<Person> with_cells(Person person, const Cells& cell) {
    person.name = cell[Column::name];
    person.position = cell[Column::position];
    person.email = cell[Column::email];
    person.phone = cell[Column::phone];
    if (!cell[Column::since].empty()) {
      person.since = day_from_iso(cell[Column::since]);
      if (!person.since) return Error(bad_value, "since");
    }
    LUY_TRY_VOID(check_person(person));
    return person;
  }

  Result<void> create(const Agency& place, const Cells& cell, SheetLine& line) {
    if (!place.valid_on(day_of(now_))) return Error(agency_not_valid);
    Person fresh;
    fresh.id = PersonId::make(now_, random_);
    fresh.agency = place.id;
    fresh.since = day_of(now_);
    LUY_TRY(const Person person, with_cells(std::move(fresh), cell));
    LUY_TRY_VOID(insert_person(c_, person));
    by_id_.emplace(person.id, person);
    by_name_.emplace(std::pair(person.agency, person.name), person.id);
    seen_.insert(person.id);
    noted.push_back({{"person", person.id.text()}, {"does", "create"}});
    line.does = SheetLine::Does::create;
    line.vi = "thêm mới tại " + place.name;
    line.en = "new at " + place.name;
    return {};
  }

  Result<void> change(const Person& before, const Cells& cell, SheetLine& line) {
    LUY_TRY(const Person after, with_cells(before, cell));
    std::string vi;
    std::string en;
    const auto note = [](std::string& list, std::string_view what) {
      list += list.empty() ? "" : ", ";
      list += what;
    };
    const auto compare = [&](bool same, std::string_view in_vi, std::string_view in_en) {
      if (same) return;
      note(vi, in_vi);
      note(en, in_en);
    };
    compare(after.name == before.name, "họ tên", "name");
    compare(after.position == before.position, "chức vụ", "position");
    compare(after.email == before.email, "thư điện tử", "e-mail");
    compare(after.phone == before.phone, "điện thoại", "telephone");
    compare(after.since == before.since, "ngày bắt đầu", "first day");
    if (vi.empty()) return {};
    LUY_TRY_VOID(store_person(c_, after));
    noted.push_back({{"person", before.id.text()}, {"does", "change"}, {"changed", en}});
    line.does = SheetLine::Does::change;
    line.vi = "sửa " + vi;
    line.en = "change " + en;
    return {};
  }

  Connection& c_;
  const Caller& caller_;
  const Time now_;
  Random& random_;
  std::map<std::string, Agency> by_code_;
  std::map<PersonId, Person> by_id_;
  std::multimap<std::pair<AgencyId, std::string>, PersonId> by_name_;
  std::set<PersonId> seen_;
};

}  // namespace

Result<std::string> PersonSheets::write(SheetFormat format, const std::function<bool(const Person&)>& visible) const {
  sheet::Page page{"Người", columns(), {}};
  LUY_TRY_VOID(database_.read([&](Connection& c) -> Result<void> {
    LUY_TRY(const auto agencies, load_agencies(c, std::nullopt));
    std::map<AgencyId, std::string> codes;
    for (const Agency& one : agencies) codes.emplace(one.id, one.code);
    LUY_TRY(auto people, load_people(c, std::nullopt));
    std::sort(people.begin(), people.end(), [&](const Person& a, const Person& b) {
      return std::tie(codes[a.agency], a.name, a.id) < std::tie(codes[b.agency], b.name, b.id);
    });
    for (const Person& person : people) {
      if (person.state == PersonState::gone || !visible(person)) continue;
      page.rows.push_back({person.id.text(), person.name, codes[person.agency], person.position, person.email,
                           person.phone, person.since ? to_iso(*person.since) : ""});
    }
    return {};
  }));
  return write_sheet(format, page);
}

Result<ImportedSheet> PersonSheets::read(const Caller& caller, const SheetFile& file, Preview preview) {
  const auto begin = [&](Connection& c) -> std::unique_ptr<LineImport> {
    return std::make_unique<PersonImport>(c, caller, clock_.now(), random_);
  };
  return import_sheet({database_, audit_, caller, "person_import", Action::person_manage, columns(), begin}, file,
                      preview);
}

}  // namespace luy::directory
