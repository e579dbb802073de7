#include "directory/agency.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "directory/stored/agency.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::array<std::string_view, 4> kind_names = {"town", "department", "commune", "unit"};

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
  const auto add = [&](const Row& row) {
    AgencyId id = AgencyId::trusted(row.text(0));
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(std::move(id));
  };
  LUY_TRY_VOID(
      c.query("WITH RECURSIVE up (id, superior, depth) AS ("
              " SELECT id, superior, 0 FROM agency WHERE id = $1"
              " UNION ALL SELECT a.id, a.superior, up.depth + 1 FROM agency a JOIN up ON a.id = up.superior"
              " WHERE up.depth < 100) SELECT id FROM up ORDER BY depth",
              {std::string_view(agency.text())}, add));
  if (out.empty()) return Error(agency_unknown);
  // A body that ended may have left its records to others: the nearest that did decides, so that what went to one
  // successor is not seen by whoever took over the superior.
  for (std::size_t at = 0; at < out.size() && out.size() < lineage_max;) {
    const std::string id = out[at].text();
    const std::size_t before = out.size();
    LUY_TRY_VOID(
        c.query("WITH RECURSIVE up (id, superior, depth) AS ("
                " SELECT a.id, a.superior, 0 FROM agency_succession s JOIN agency a ON a.id = s.successor"
                " WHERE s.predecessor = $1 AND s.keeps_records = 1"
                " UNION ALL SELECT a.id, a.superior, up.depth + 1 FROM agency a JOIN up ON a.id = up.superior"
                " WHERE up.depth < 100) SELECT id FROM up ORDER BY depth",
                {std::string_view(id)}, add));
    at = out.size() > before ? before : at + 1;
  }
  return out;
}

Result<AgencyId> load_top(Connection& c, const AgencyId& agency) {
  AgencyId top;
  LUY_TRY_VOID(
      c.query("WITH RECURSIVE up (id, superior, depth) AS ("
              " SELECT id, superior, 0 FROM agency WHERE id = $1"
              " UNION ALL SELECT a.id, a.superior, up.depth + 1 FROM agency a JOIN up ON a.id = up.superior"
              " WHERE up.depth < 100) SELECT id FROM up ORDER BY depth DESC LIMIT 1",
              {std::string_view(agency.text())}, [&](const Row& row) { top = AgencyId::trusted(row.text(0)); }));
  if (top.empty()) return Error(agency_unknown);
  return top;
}

Result<void> insert_agency(Connection& c, const Agency& agency) {
  const std::string key = to_lower(agency.code);
  std::optional<std::string> superior;
  if (agency.superior) superior = agency.superior->text();
  std::optional<std::int64_t> last;
  if (agency.valid_to) last = day_number(*agency.valid_to);
  LUY_TRY(
      const auto added,
      c.run("INSERT INTO agency (id, code, code_key, name, header_name, kind, superior, valid_from_day, valid_to_day)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code_key) DO NOTHING",
            {std::string_view(agency.id.text()), std::string_view(agency.code), std::string_view(key),
             std::string_view(agency.name), std::string_view(agency.header_name), name_of(agency.kind),
             records::nullable(superior), day_number(agency.valid_from), records::nullable(last)}));
  if (added == 0) return Error(agency_code_taken, agency.code);
  return {};
}

Result<Agency> Agencies::create(const Caller& caller, const NewAgency& wanted) {
  auto created = audit_.perform(
      caller, {"agency_create", "agency:" + wanted.superior.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<Agency> {
        LUY_TRY(auto chain, load_superiors(c, wanted.superior));
        LUY_TRY_VOID(caller.require(Action::agency_manage, {chain, std::nullopt, false}));
        LUY_TRY(const Agency superior, load_agency(c, wanted.superior));
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
        entry.after = agency_record(agency);
        return agency;
      });
  if (created) LUY_TRY_VOID(load_lineages());
  return created;
}

Result<Agency> Agencies::close(const Caller& caller, const AgencyId& id, Day last_day) {
  auto closed = audit_.perform(
      caller, {"agency_close", "agency:" + id.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<Agency> {
        LUY_TRY(auto chain, load_superiors(c, id));
        LUY_TRY_VOID(caller.require(Action::agency_manage, {chain, std::nullopt, false}));
        LUY_TRY(Agency agency, load_agency(c, id));
        if (last_day < agency.valid_from) return Error(bad_value, "valid_to");
        std::int64_t parts = 0;
        LUY_TRY_VOID(c.query(
            "SELECT count(*) FROM agency WHERE superior = $1 AND (valid_to_day IS NULL OR valid_to_day > $2)",
            {std::string_view(id.text()), day_number(last_day)}, [&](const Row& row) { parts = row.integer(0); }));
        if (parts != 0) return Error(agency_has_parts);
        entry.before = agency_record(agency);
        agency.valid_to = last_day;
        entry.after = agency_record(agency);
        LUY_TRY_VOID(c.run("UPDATE agency SET valid_to_day = $1 WHERE id = $2",
                           {day_number(last_day), std::string_view(id.text())}));
        return agency;
      });
  if (closed) LUY_TRY_VOID(load_lineages());
  return closed;
}

Result<std::vector<Agency>> Agencies::list(std::optional<Day> day) const {
  return database_.read([&](Connection& c) { return load_agencies(c, day); });
}

Result<std::vector<Succession>> Agencies::successions() const {
  return database_.read([](Connection& c) { return load_successions(c); });
}

Result<std::vector<Agencies::Turn>> Agencies::turns() const {
  return database_.read([](Connection& c) -> Result<std::vector<Turn>> {
    std::vector<Turn> out;
    LUY_TRY_VOID(
        c.query("SELECT id, valid_from_day AS day FROM agency"
                " UNION SELECT id, valid_to_day + 1 FROM agency WHERE valid_to_day IS NOT NULL"
                " UNION SELECT agency, to_day + 1 FROM agency_history ORDER BY day",
                {}, [&](const Row& row) {
                  out.push_back({AgencyId::trusted(row.text(0)), day_of_number(row.integer(1))});
                }));
    return out;
  });
}

Result<Agency> Agencies::find(const AgencyId& agency) const {
  return database_.read([&](Connection& c) { return load_agency(c, agency); });
}

std::vector<AgencyId> Agencies::lineage(const AgencyId& agency) const {
  const std::shared_lock lock(mutex_);
  const auto found = lineages_.find(agency);
  return found == lineages_.end() ? std::vector<AgencyId>() : found->second;
}

Result<void> Agencies::load_lineages() {
  LUY_TRY(const auto lineages,
          database_.read([](Connection& c) -> Result<std::unordered_map<AgencyId, std::vector<AgencyId>>> {
            LUY_TRY(const auto agencies, load_agencies(c, std::nullopt));
            std::unordered_map<AgencyId, std::vector<AgencyId>> out;
            for (const Agency& agency : agencies) {
              LUY_TRY(out[agency.id], load_superiors(c, agency.id));
            }
            return out;
          }));
  const std::unique_lock lock(mutex_);
  lineages_ = lineages;
  return {};
}

}  // namespace luy::directory
