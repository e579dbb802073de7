#include "directory/person_sheet.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "directory/stored/agency.h"
#include "directory/stored/person.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;

constexpr std::array<std::string_view, 7> heads = {"id", "name", "agency", "position", "email", "phone", "since"};
enum Column : std::size_t { id, name, agency, position, email, phone, since };
using Cells = std::array<std::string, heads.size()>;

constexpr ErrorKind only_looking{"directory.people_preview", ErrorClass::conflict, "Chỉ xem trước.", "Only a preview."};

// One import inside its transaction.
class Import {
 public:
  Import(Connection& connection, const Caller& caller, Time now, Random& random)
      : c_(connection), caller_(caller), now_(now), random_(random) {}

  Result<void> run(const std::vector<std::vector<std::string>>& rows) {
    LUY_TRY(const auto agencies, load_agencies(c_, std::nullopt));
    for (const Agency& one : agencies) by_code_.emplace(to_lower(one.code), one);
    LUY_TRY(const auto people, load_people(c_, std::nullopt));
    for (const Person& one : people) {
      if (one.state == PersonState::gone) continue;
      by_id_.emplace(one.id, one);
      by_name_.emplace(std::pair(one.agency, one.name), one.id);
    }
    for (std::size_t at = 1; at < rows.size(); ++at) {
      SheetLine line;
      line.line = at + 1;
      const auto done = take(rows[at], line);
      if (!done) {
        // What the disk says is not the sheet's fault.
        const ErrorClass error_class = done.error().error_class();
        if (error_class == ErrorClass::io || error_class == ErrorClass::corrupt) return done.error();
        line.does = SheetLine::Does::refuse;
        line.vi = done.error().vi();
        line.en = done.error().en();
        ++out.refused;
      }
      out.lines.push_back(std::move(line));
    }
    return {};
  }
  ImportedSheet out;
  boost::json::array noted;

 private:
  Result<void> take(const std::vector<std::string>& row, SheetLine& line) {
    if (row.size() != heads.size()) return Error(sheet_invalid, std::to_string(row.size()));
    Cells cell;
    for (std::size_t i = 0; i < heads.size(); ++i) cell[i] = plain_cell(row[i]);
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

Result<std::string> PersonSheets::write(const std::function<bool(const Person&)>& visible) const {
  return database_.read([&](Connection& c) -> Result<std::string> {
    LUY_TRY(const auto agencies, load_agencies(c, std::nullopt));
    std::map<AgencyId, std::string> codes;
    for (const Agency& one : agencies) codes.emplace(one.id, one.code);
    LUY_TRY(auto people, load_people(c, std::nullopt));
    std::sort(people.begin(), people.end(), [&](const Person& a, const Person& b) {
      return std::tie(codes[a.agency], a.name, a.id) < std::tie(codes[b.agency], b.name, b.id);
    });
    // The mark makes spreadsheets read Vietnamese as UTF-8.
    std::string out = "\xef\xbb\xbf";
    for (std::size_t i = 0; i < heads.size(); ++i) out += (i == 0 ? "" : ",") + std::string(heads[i]);
    out += "\r\n";
    for (const Person& person : people) {
      if (person.state == PersonState::gone || !visible(person)) continue;
      const Cells cells = {person.id.text(),
                           person.name,
                           codes[person.agency],
                           person.position,
                           person.email,
                           person.phone,
                           person.since ? to_iso(*person.since) : ""};
      for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
      out += "\r\n";
    }
    return out;
  });
}

Result<ImportedSheet> PersonSheets::read(const Caller& caller, std::string_view csv, Preview preview) {
  AuditEntry entry{"person_import", "", Outcome::done, "", {}, {}};
  ImportedSheet seen;
  auto tried = database_.write([&](Connection& c) -> Result<ImportedSheet> {
    LUY_TRY_VOID(caller.require(Action::person_manage, Object::anywhere()));
    LUY_TRY(const auto rows, parse_csv(csv));
    const bool head = !rows.empty() && std::equal(rows[0].begin(), rows[0].end(), heads.begin(), heads.end());
    if (!head) return Error(sheet_invalid, "1");
    Import one(c, caller, clock_.now(), random_);
    LUY_TRY_VOID(one.run(rows));
    seen = one.out;
    if (preview == Preview::yes || seen.refused != 0) return Error(only_looking);
    seen.applied = true;
    entry.after["lines"] = std::move(one.noted);
    LUY_TRY_VOID(audit_.note(c, caller, entry));
    return seen;
  });
  if (!tried && tried.error().is(only_looking)) return seen;
  if (!tried) {
    return audit_.perform(caller, entry,
                          [&](Connection&, AuditEntry&) -> Result<ImportedSheet> { return tried.error(); });
  }
  LUY_TRY_VOID(audit_.deliver());
  return tried;
}

}  // namespace luy::directory
