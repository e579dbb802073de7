#include "directory/agency_sheet.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "directory/sheet_import.h"
#include "directory/stored/agency.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;

enum Column : std::size_t { code, name, header, kind, superior, first, last, identifier, superior_header, networks };
constexpr std::size_t column_count = 10;
using Cells = std::vector<std::string>;

const std::vector<sheet::Column>& columns() {
  static const std::vector<sheet::Column> all = {{"code", 16},     {"name", 44},       {"header_name", 44},
                                                 {"kind", 12},     {"superior", 16},   {"valid_from", 12},
                                                 {"valid_to", 12}, {"identifier", 18}, {"superior_header", 36},
                                                 {"networks", 36}};
  LUY_CHECK(all.size() == column_count);
  return all;
}

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

Error kind_unknown() {
  std::string all;
  for (const AgencyKind one : {AgencyKind::town, AgencyKind::department, AgencyKind::commune, AgencyKind::unit}) {
    all += (all.empty() ? "" : ", ") + std::string(name_of(one));
  }
  return Error(bad_value, "cột kind chỉ nhận " + all, "column kind takes " + all);
}

class AgencyImport : public LineImport {
 public:
  AgencyImport(Connection& connection, const Caller& caller, Time now, Random& random)
      : c_(connection), caller_(caller), now_(now), random_(random) {}

  Result<void> prepare() override {
    LUY_TRY(const auto agencies, load_agencies(c_, std::nullopt));
    for (const Agency& agency : agencies) by_code_.emplace(to_lower(agency.code), agency);
    return {};
  }

  Result<void> take(const Cells& given, SheetLine& line) override {
    Cells cell = given;
    for (const Column day : {Column::first, Column::last}) cell[day] = iso_day(cell[day]);
    line.code = cell[Column::code];
    line.name = cell[Column::name];
    if (!seen_.insert(to_lower(line.code)).second) return Error(agency_code_taken, line.code);
    const auto found = by_code_.find(to_lower(line.code));
    const auto done = found == by_code_.end() ? create(cell, line) : change(found->second, cell, line);
    if (done && line.does != SheetLine::Does::nothing) {
      noted.push_back({{"code", line.code}, {"does", name_of(line.does)}});
    }
    return done;
  }

 private:
  Result<AgencyProfile> profile_of(const Cells& cell, const AgencyProfile& before) {
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

  Result<void> create(const Cells& cell, SheetLine& line) {
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
    if (!which) return kind_unknown();
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
    LUY_TRY_VOID(store_profile(c_, caller_, now_, agency.id, profile));
    by_code_.emplace(to_lower(agency.code), agency);
    line.does = SheetLine::Does::create;
    line.vi = "lập mới dưới " + above->second.name;
    line.en = "create under " + above->second.name;
    return {};
  }

  Result<void> change(const Agency& before, const Cells& cell, SheetLine& line) {
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
    if (described) LUY_TRY_VOID(store_profile(c_, caller_, now_, before.id, profile));
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
  std::set<std::string> seen_;  // Codes of the lines so far.
};

}  // namespace

Result<std::string> AgencySheets::write(SheetFormat format, const std::function<bool(const Agency&)>& visible) const {
  sheet::Page page{"Cơ quan", columns(), {}};
  LUY_TRY_VOID(database_.read([&](Connection& c) -> Result<void> {
    LUY_TRY(const auto agencies, load_agencies(c, std::nullopt));
    std::map<AgencyId, std::string> codes;
    for (const Agency& agency : agencies) codes.emplace(agency.id, agency.code);
    for (const Agency& agency : agencies) {
      if (!visible(agency)) continue;
      LUY_TRY(const AgencyProfile profile, load_profile(c, agency.id));
      page.rows.push_back({agency.code, agency.name, agency.header_name, std::string(name_of(agency.kind)),
                           agency.superior ? codes[*agency.superior] : "", to_iso(agency.valid_from),
                           agency.valid_to ? to_iso(*agency.valid_to) : "", profile.identifier, profile.superior_header,
                           joined(profile.networks)});
    }
    return {};
  }));
  return write_sheet(format, page);
}

Result<ImportedSheet> AgencySheets::read(const Caller& caller, const SheetFile& file, Preview preview) {
  const auto begin = [&](Connection& c) -> std::unique_ptr<LineImport> {
    return std::make_unique<AgencyImport>(c, caller, clock_.now(), random_);
  };
  const ImportParts parts{database_, audit_, caller, "agency_import", Action::agency_manage, columns(), begin};
  auto done = import_sheet(parts, file, preview);
  if (done && done->applied) LUY_TRY_VOID(agencies_.load_lineages());
  return done;
}

}  // namespace luy::directory
