#include "directory/agency_sheet.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/utf8.h"
#include "directory/stored/agency.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;

constexpr std::array<std::string_view, 10> heads = {
    "code",     "name",       "header_name",     "kind",    "superior", "valid_from",
    "valid_to", "identifier", "superior_header", "networks"};
enum Column : std::size_t { code, name, header, kind, superior, first, last, identifier, superior_header, networks };

// What a spreadsheet takes for a formula.
constexpr std::string_view formula_signs = "=+-@";
constexpr ErrorKind only_looking{"directory.sheet_preview", ErrorClass::conflict, "Chỉ xem trước.", "Only a preview."};

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " ") + part;
  return out;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// One import inside its transaction.
class Import {
 public:
  Import(Connection& connection, const Caller& caller, Time now, Random& random)
      : c_(connection), caller_(caller), now_(now), random_(random) {}

  Result<void> run(const std::vector<std::vector<std::string>>& rows) {
    LUY_TRY(const auto agencies, load_agencies(c_, std::nullopt));
    for (const Agency& agency : agencies) by_code_.emplace(to_lower(agency.code), agency);
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

 private:
  Result<void> take(const std::vector<std::string>& row, SheetLine& line) {
    if (row.size() != heads.size()) return Error(sheet_invalid, std::to_string(row.size()));
    std::array<std::string, heads.size()> cell;
    for (std::size_t i = 0; i < heads.size(); ++i) cell[i] = plain_cell(row[i]);
    line.code = cell[Column::code];
    line.name = cell[Column::name];
    if (!seen_.insert(to_lower(line.code)).second) return Error(agency_code_taken, line.code);
    const auto found = by_code_.find(to_lower(line.code));
    if (found == by_code_.end()) return create(cell, line);
    return change(found->second, cell, line);
  }

  Result<AgencyProfile> profile_of(const std::array<std::string, heads.size()>& cell, const AgencyProfile& before) {
    AgencyProfile out_profile = before;
    out_profile.identifier = cell[Column::identifier];
    out_profile.superior_header = cell[Column::superior_header];
    out_profile.networks = words(cell[Column::networks]);
    return profile_from_json(to_json(out_profile));
  }

  // Networks of which more addresses would count as inside are named in the profile, where two people agree to them.
  Result<void> may_name(const AgencyId& agency, const std::vector<std::string>& networks,
                        const std::vector<std::string>& before) {
    if (networks == before) return {};
    LUY_TRY_VOID(check_networks(networks));
    LUY_TRY(const bool wider, widens(c_, agency, networks));
    return wider ? check_alone(c_, caller_, now_) : Result<void>();
  }

  Result<void> create(const std::array<std::string, heads.size()>& cell, SheetLine& line) {
    const auto above = by_code_.find(to_lower(cell[Column::superior]));
    if (above == by_code_.end()) return Error(agency_unknown);
    LUY_TRY(const auto chain, load_superiors(c_, above->second.id));
    LUY_TRY_VOID(caller_.require(Action::agency_manage, {chain, std::nullopt, false}));
    Agency agency;
    agency.id = AgencyId::make(now_, random_);
    LUY_TRY(agency.code, checked_text("code", cell[Column::code], agency_code_bytes_max));
    LUY_TRY(agency.name, checked_text("name", cell[Column::name], name_bytes_max));
    LUY_TRY(agency.header_name,
            checked_text("header_name", cell[cell[Column::header].empty() ? Column::name : Column::header],
                         name_bytes_max));
    const auto which = agency_kind_from_name(cell[Column::kind]);
    if (!which) return Error(bad_value, "kind");
    agency.kind = *which;
    agency.superior = above->second.id;
    agency.valid_from = day_of(now_);
    if (!cell[Column::first].empty()) {
      const auto day = day_from_iso(cell[Column::first]);
      if (!day) return Error(bad_value, "valid_from");
      agency.valid_from = *day;
    }
    if (above->second.valid_to || above->second.valid_from > agency.valid_from) return Error(agency_not_valid);
    if (chain.size() >= agency_depth_max) return Error(agency_too_deep);
    LUY_TRY(const AgencyProfile profile, profile_of(cell, {}));
    LUY_TRY_VOID(insert_agency(c_, agency));
    LUY_TRY_VOID(may_name(agency.id, profile.networks, {}));
    LUY_TRY_VOID(store_profile(c_, agency.id, profile));
    by_code_.emplace(to_lower(agency.code), agency);
    line.does = SheetLine::Does::create;
    line.vi = "lập mới dưới " + above->second.name;
    line.en = "create under " + above->second.name;
    return {};
  }

  Result<void> change(const Agency& before, const std::array<std::string, heads.size()>& cell, SheetLine& line) {
    LUY_TRY(const auto chain, load_superiors(c_, before.id));
    LUY_TRY_VOID(caller_.require(Action::agency_manage, {chain, std::nullopt, false}));
    const auto above = by_code_.find(to_lower(cell[Column::superior]));
    const bool same_place = before.superior ? above != by_code_.end() && above->second.id == *before.superior
                                            : cell[Column::superior].empty();
    const std::string ends = before.valid_to ? to_iso(*before.valid_to) : "";
    if (!same_place || cell[Column::last] != ends || cell[Column::first] != to_iso(before.valid_from)) {
      return Error(agency_change_invalid, before.code);
    }
    Agency after = before;
    LUY_TRY(after.name, checked_text("name", cell[Column::name], name_bytes_max));
    LUY_TRY(after.header_name, checked_text("header_name", cell[Column::header], name_bytes_max));
    LUY_TRY(const AgencyProfile was, load_profile(c_, before.id));
    LUY_TRY(const AgencyProfile profile, profile_of(cell, was));
    const bool renamed = after.name != before.name || after.header_name != before.header_name;
    const bool described = to_json(profile) != to_json(was);
    if (!renamed && !described) return {};
    if (renamed) {
      const Day today = day_of(now_);
      if (before.valid_to || today <= before.changed_on.value_or(before.valid_from)) {
        return Error(agency_change_invalid, before.code);
      }
      LUY_TRY_VOID(store_change(c_, before, after, today));
    }
    LUY_TRY_VOID(may_name(before.id, profile.networks, was.networks));
    if (described) LUY_TRY_VOID(store_profile(c_, before.id, profile));
    line.does = SheetLine::Does::change;
    line.vi = renamed ? before.name + " → " + after.name : "sửa hồ sơ";
    line.en = renamed ? before.name + " → " + after.name : "change the profile";
    return {};
  }

  Connection& c_;
  const Caller& caller_;
  const Time now_;
  Random& random_;
  std::map<std::string, Agency> by_code_;
  std::set<std::string> seen_;
};

}  // namespace

std::string_view name_of(SheetLine::Does does) {
  constexpr std::array<std::string_view, 4> names = {"create", "change", "nothing", "refuse"};
  return names[static_cast<std::size_t>(does)];
}

Result<std::vector<std::vector<std::string>>> parse_csv(std::string_view text) {
  if (text.size() > sheet_bytes_max) return Error(sheet_invalid, "1 MiB");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (!is_utf8(text)) return Error(sheet_invalid, "UTF-8");
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  const auto wrong = [&] { return Error(sheet_invalid, std::to_string(rows.size() + 1)); };
  std::size_t at = 0;
  while (at < text.size()) {
    cell.clear();
    if (text[at] == '"') {
      for (++at;; ++at) {
        if (at >= text.size()) return wrong();
        if (text[at] != '"') {
          cell += text[at];
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
          cell += text[at++];
        } else {
          break;
        }
      }
      ++at;
      if (at < text.size() && text[at] != ',' && text[at] != '\r' && text[at] != '\n') return wrong();
    } else {
      while (at < text.size() && text[at] != ',' && text[at] != '\r' && text[at] != '\n') {
        if (text[at] == '"') return wrong();
        cell += text[at++];
      }
    }
    row.push_back(cell);
    if (row.size() > sheet_cells_max) return wrong();
    if (at < text.size() && text[at] == ',') {
      ++at;
      // A comma at the very end leaves one more, empty cell.
      if (at < text.size() && text[at] != '\r' && text[at] != '\n') continue;
      row.emplace_back();
    }
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    rows.push_back(std::move(row));
    row.clear();
    if (rows.size() > sheet_rows_max) return wrong();
  }
  return rows;
}

std::string plain_cell(std::string_view cell) {
  const bool guarded = cell.size() > 1 && cell[0] == '\'' && formula_signs.find(cell[1]) != std::string_view::npos;
  return std::string(guarded ? cell.substr(1) : cell);
}

std::string csv_cell(std::string_view text) {
  std::string out;
  if (!text.empty() && formula_signs.find(text.front()) != std::string_view::npos) out += '\'';
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::string> AgencySheets::write(const std::function<bool(const Agency&)>& visible) const {
  return database_.read([&](Connection& c) -> Result<std::string> {
    LUY_TRY(const auto agencies, load_agencies(c, std::nullopt));
    std::map<AgencyId, std::string> codes;
    for (const Agency& agency : agencies) codes.emplace(agency.id, agency.code);
    // The mark makes spreadsheets read Vietnamese as UTF-8.
    std::string out = "\xef\xbb\xbf";
    for (std::size_t i = 0; i < heads.size(); ++i) out += (i == 0 ? "" : ",") + std::string(heads[i]);
    out += "\r\n";
    for (const Agency& agency : agencies) {
      if (!visible(agency)) continue;
      LUY_TRY(const AgencyProfile profile, load_profile(c, agency.id));
      const std::array<std::string, heads.size()> cells = {agency.code,
                                                           agency.name,
                                                           agency.header_name,
                                                           std::string(name_of(agency.kind)),
                                                           agency.superior ? codes[*agency.superior] : "",
                                                           to_iso(agency.valid_from),
                                                           agency.valid_to ? to_iso(*agency.valid_to) : "",
                                                           profile.identifier,
                                                           profile.superior_header,
                                                           joined(profile.networks)};
      for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
      out += "\r\n";
    }
    return out;
  });
}

Result<ImportedSheet> AgencySheets::read(const Caller& caller, std::string_view csv, Preview preview) {
  AuditEntry entry{"agency_import", "", Outcome::done, "", {}, {}};
  ImportedSheet seen;
  const auto work = [&](Connection& c, AuditEntry& done) -> Result<ImportedSheet> {
    LUY_TRY_VOID(caller.require(Action::agency_manage, Object::anywhere()));
    LUY_TRY(const auto rows, parse_csv(csv));
    const bool head = !rows.empty() && std::equal(rows[0].begin(), rows[0].end(), heads.begin(), heads.end());
    if (!head) return Error(sheet_invalid, "1");
    Import one(c, caller, clock_.now(), random_);
    LUY_TRY_VOID(one.run(rows));
    seen = one.out;
    if (preview == Preview::yes || seen.refused != 0) return Error(only_looking);
    seen.applied = true;
    boost::json::array lines;
    for (const SheetLine& line : seen.lines) {
      if (line.does != SheetLine::Does::nothing) lines.push_back({{"code", line.code}, {"does", name_of(line.does)}});
    }
    done.after["lines"] = std::move(lines);
    return seen;
  };
  auto tried = database_.write([&](Connection& c) -> Result<ImportedSheet> {
    LUY_TRY(ImportedSheet done, work(c, entry));
    LUY_TRY_VOID(audit_.note(c, caller, entry));
    return done;
  });
  if (tried) {
    LUY_TRY_VOID(agencies_.load_lineages());
    return tried;
  }
  if (tried.error().is(only_looking)) return seen;
  return audit_.perform(caller, entry,
                        [&](Connection&, AuditEntry&) -> Result<ImportedSheet> { return tried.error(); });
}

}  // namespace luy::directory
