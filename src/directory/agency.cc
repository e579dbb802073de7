#include "directory/agency.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::array<std::string_view, 4> kind_names = {"town", "department", "commune", "unit"};

constexpr std::string_view columns =
    "SELECT id, code, name, header_name, kind, superior, valid_from_day, valid_to_day FROM agency ";

std::int64_t to_number(Day day) {
  return day.time_since_epoch().count();
}
Day to_day(std::int64_t number) {
  return Day(days(number));
}

Agency agency_of(const Row& row) {
  Agency agency;
  agency.id = AgencyId::trusted(row.text(0));
  agency.code = row.text(1);
  agency.name = row.text(2);
  agency.header_name = row.text(3);
  agency.kind = agency_kind_from_name(row.text(4)).value_or(AgencyKind::department);
  if (const auto superior = row.maybe_text(5)) agency.superior = AgencyId::trusted(*superior);
  agency.valid_from = to_day(row.integer(6));
  if (const auto last = row.maybe_integer(7)) agency.valid_to = to_day(*last);
  return agency;
}

Result<Agency> load(Connection& c, const AgencyId& id) {
  std::optional<Agency> found;
  const std::string sql = std::string(columns) + "WHERE id = $1";
  LUY_TRY_VOID(c.query(sql, {std::string_view(id.text())}, [&](const Row& row) { found = agency_of(row); }));
  if (!found) return Error(agency_unknown);
  return *found;
}

boost::json::object as_json(const Agency& agency) {
  boost::json::object out;
  out["code"] = agency.code;
  out["name"] = agency.name;
  out["superior"] = agency.superior ? boost::json::value(agency.superior->text()) : boost::json::value(nullptr);
  out["valid_from"] = to_iso(agency.valid_from);
  out["valid_to"] = agency.valid_to ? boost::json::value(to_iso(*agency.valid_to)) : boost::json::value(nullptr);
  return out;
}

}  // namespace

std::string_view name_of(AgencyKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<AgencyKind> agency_kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<AgencyKind>(found - kind_names.begin());
}

Result<std::vector<AgencyId>> load_superiors(Connection& c, const AgencyId& agency) {
  std::vector<AgencyId> out;
  LUY_TRY_VOID(c.query(
      "WITH RECURSIVE up (id, superior, depth) AS ("
      " SELECT id, superior, 0 FROM agency WHERE id = $1"
      " UNION ALL SELECT a.id, a.superior, up.depth + 1 FROM agency a JOIN up ON a.id = up.superior"
      " WHERE up.depth < 100) SELECT id FROM up ORDER BY depth",
      {std::string_view(agency.text())}, [&](const Row& row) { out.push_back(AgencyId::trusted(row.text(0))); }));
  if (out.empty()) return Error(agency_unknown);
  return out;
}

Result<void> insert_agency(Connection& c, const Agency& agency) {
  const std::string key = to_lower(agency.code);
  std::optional<std::string> superior;
  if (agency.superior) superior = agency.superior->text();
  std::optional<std::int64_t> last;
  if (agency.valid_to) last = to_number(*agency.valid_to);
  LUY_TRY(
      const auto added,
      c.run("INSERT INTO agency (id, code, code_key, name, header_name, kind, superior, valid_from_day, valid_to_day)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code_key) DO NOTHING",
            {std::string_view(agency.id.text()), std::string_view(agency.code), std::string_view(key),
             std::string_view(agency.name), std::string_view(agency.header_name), name_of(agency.kind),
             records::nullable(superior), to_number(agency.valid_from), records::nullable(last)}));
  if (added == 0) return Error(agency_code_taken, agency.code);
  return {};
}

Result<Agency> Agencies::create(const Caller& caller, const NewAgency& wanted) {
  auto created = audit_.perform(
      caller, {"agency_create", "agency:" + wanted.superior.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<Agency> {
        LUY_TRY(auto chain, load_superiors(c, wanted.superior));
        LUY_TRY_VOID(caller.require(Action::agency_manage, {chain, std::nullopt, false}));
        LUY_TRY(const Agency superior, load(c, wanted.superior));
        Agency agency;
        agency.id = AgencyId::make(clock_.now(), random_);
        LUY_TRY(agency.code, checked_text("code", wanted.code, agency_code_bytes_max));
        LUY_TRY(agency.name, checked_text("name", wanted.name, name_bytes_max));
        LUY_TRY(
            agency.header_name,
            checked_text("header_name", wanted.header_name.empty() ? wanted.name : wanted.header_name, name_bytes_max));
        agency.kind = wanted.kind;
        agency.superior = superior.id;
        agency.valid_from = wanted.valid_from.value_or(day_of(clock_.now()));
        if (superior.valid_to || superior.valid_from > agency.valid_from) return Error(agency_not_valid);
        if (chain.size() >= agency_depth_max) return Error(agency_too_deep);
        LUY_TRY_VOID(insert_agency(c, agency));
        entry.object = "agency:" + agency.id.text();
        entry.after = as_json(agency);
        return agency;
      });
  if (created) {
    std::vector<AgencyId> up = lineage(wanted.superior);
    up.insert(up.begin(), created->id);
    const std::unique_lock lock(mutex_);
    lineages_.emplace(created->id, std::move(up));
  }
  return created;
}

Result<Agency> Agencies::close(const Caller& caller, const AgencyId& id, Day last_day) {
  return audit_.perform(
      caller, {"agency_close", "agency:" + id.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<Agency> {
        LUY_TRY(auto chain, load_superiors(c, id));
        LUY_TRY_VOID(caller.require(Action::agency_manage, {chain, std::nullopt, false}));
        LUY_TRY(Agency agency, load(c, id));
        if (last_day < agency.valid_from) return Error(bad_value, "valid_to");
        std::int64_t parts = 0;
        LUY_TRY_VOID(c.query(
            "SELECT count(*) FROM agency WHERE superior = $1 AND (valid_to_day IS NULL OR valid_to_day > $2)",
            {std::string_view(id.text()), to_number(last_day)}, [&](const Row& row) { parts = row.integer(0); }));
        if (parts != 0) return Error(agency_has_parts);
        entry.before = as_json(agency);
        agency.valid_to = last_day;
        entry.after = as_json(agency);
        LUY_TRY_VOID(c.run("UPDATE agency SET valid_to_day = $1 WHERE id = $2",
                           {to_number(last_day), std::string_view(id.text())}));
        return agency;
      });
}

Result<std::vector<Agency>> Agencies::list(std::optional<Day> day) const {
  std::vector<Agency> out;
  const std::string sql = std::string(columns) + "ORDER BY code_key";
  LUY_TRY_VOID(database_.read([&](Connection& c) {
    return c.query(sql, {}, [&](const Row& row) {
      Agency agency = agency_of(row);
      if (!day || agency.valid_on(*day)) out.push_back(std::move(agency));
    });
  }));
  return out;
}

Result<Agency> Agencies::find(const AgencyId& agency) const {
  return database_.read([&](Connection& c) { return load(c, agency); });
}

std::vector<AgencyId> Agencies::lineage(const AgencyId& agency) const {
  const std::shared_lock lock(mutex_);
  const auto found = lineages_.find(agency);
  return found == lineages_.end() ? std::vector<AgencyId>() : found->second;
}

Result<void> Agencies::load_lineages() {
  LUY_TRY(const auto agencies, list());
  std::unordered_map<AgencyId, std::optional<AgencyId>> superiors;
  for (const Agency& agency : agencies) superiors.emplace(agency.id, agency.superior);
  std::unordered_map<AgencyId, std::vector<AgencyId>> lineages;
  for (const Agency& agency : agencies) {
    std::vector<AgencyId>& up = lineages[agency.id];
    for (std::optional<AgencyId> next = agency.id; next && up.size() < agency_depth_max; next = superiors[*next]) {
      up.push_back(*next);
    }
  }
  const std::unique_lock lock(mutex_);
  lineages_ = std::move(lineages);
  return {};
}

}  // namespace luy::directory
