#include "directory/stored/agency.h"

#include <map>

#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::string_view columns =
    "SELECT id, code, name, header_name, kind, superior, valid_from_day, valid_to_day, changed_on_day FROM agency ";

Agency agency_of(const Row& row) {
  Agency agency;
  agency.id = AgencyId::trusted(row.text(0));
  agency.code = row.text(1);
  agency.name = row.text(2);
  agency.header_name = row.text(3);
  agency.kind = agency_kind_from_name(row.text(4)).value_or(AgencyKind::department);
  if (const auto superior = row.maybe_text(5)) agency.superior = AgencyId::trusted(*superior);
  agency.valid_from = day_of_number(row.integer(6));
  if (const auto last = row.maybe_integer(7)) agency.valid_to = day_of_number(*last);
  if (const auto changed = row.maybe_integer(8)) agency.changed_on = day_of_number(*changed);
  return agency;
}

struct Past {
  std::string name;
  std::string header_name;
  std::optional<AgencyId> superior;
};

}  // namespace

std::int64_t day_number(Day day) {
  return day.time_since_epoch().count();
}
Day day_of_number(std::int64_t number) {
  return Day(days(number));
}

Result<Agency> load_agency(Connection& c, const AgencyId& id) {
  std::optional<Agency> found;
  const std::string sql = std::string(columns) + "WHERE id = $1";
  LUY_TRY_VOID(c.query(sql, {std::string_view(id.text())}, [&](const Row& row) { found = agency_of(row); }));
  if (!found) return Error(agency_unknown);
  return *found;
}

Result<std::vector<Agency>> load_agencies(Connection& c, std::optional<Day> day) {
  std::vector<Agency> out;
  LUY_TRY_VOID(c.query(std::string(columns) + "ORDER BY code_key", {}, [&](const Row& row) {
    Agency agency = agency_of(row);
    if (!day || agency.valid_on(*day)) out.push_back(std::move(agency));
  }));
  if (!day) return out;
  std::map<AgencyId, Past> past;
  LUY_TRY_VOID(
      c.query("SELECT agency, name, header_name, superior FROM agency_history"
              " WHERE from_day <= $1 AND to_day >= $1",
              {day_number(*day)}, [&](const Row& row) {
                Past was{std::string(row.text(1)), std::string(row.text(2)), std::nullopt};
                if (const auto superior = row.maybe_text(3)) was.superior = AgencyId::trusted(*superior);
                past.emplace(AgencyId::trusted(row.text(0)), std::move(was));
              }));
  for (Agency& agency : out) {
    const auto found = past.find(agency.id);
    if (found == past.end()) continue;
    agency.name = found->second.name;
    agency.header_name = found->second.header_name;
    agency.superior = found->second.superior;
  }
  return out;
}

Result<std::vector<Succession>> load_successions(Connection& c) {
  std::vector<Succession> out;
  LUY_TRY_VOID(
      c.query("SELECT predecessor, successor, day, keeps_records, basis FROM agency_succession"
              " ORDER BY day, predecessor, successor",
              {}, [&](const Row& row) {
                out.push_back({AgencyId::trusted(row.text(0)), AgencyId::trusted(row.text(1)),
                               day_of_number(row.integer(2)), row.integer(3) != 0, std::string(row.text(4))});
              }));
  return out;
}

Result<void> store_change(Connection& c, const Agency& before, const Agency& after, Day day) {
  const auto text_of = [](const std::optional<AgencyId>& id) {
    return id ? std::optional<std::string>(id->text()) : std::nullopt;
  };
  const auto was = text_of(before.superior);
  const auto is = text_of(after.superior);
  LUY_TRY_VOID(
      c.run("INSERT INTO agency_history (agency, from_day, to_day, name, header_name, superior)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            {std::string_view(before.id.text()), day_number(before.changed_on.value_or(before.valid_from)),
             day_number(day) - 1, std::string_view(before.name), std::string_view(before.header_name),
             records::nullable(was)}));
  LUY_TRY_VOID(c.run("UPDATE agency SET name = $1, header_name = $2, superior = $3, changed_on_day = $4 WHERE id = $5",
                     {std::string_view(after.name), std::string_view(after.header_name), records::nullable(is),
                      day_number(day), std::string_view(after.id.text())}));
  return {};
}

Result<void> store_last_day(Connection& c, const AgencyId& agency, Day last) {
  LUY_TRY_VOID(
      c.run("UPDATE agency SET valid_to_day = $1 WHERE id = $2", {day_number(last), std::string_view(agency.text())}));
  return {};
}

Result<void> insert_succession(Connection& c, const Succession& succession) {
  LUY_TRY_VOID(
      c.run("INSERT INTO agency_succession (predecessor, successor, day, keeps_records, basis)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            {std::string_view(succession.predecessor.text()), std::string_view(succession.successor.text()),
             day_number(succession.day), std::int64_t{succession.keeps_records ? 1 : 0},
             std::string_view(succession.basis)}));
  return {};
}

boost::json::object agency_record(const Agency& agency) {
  boost::json::object out;
  out["code"] = agency.code;
  out["name"] = agency.name;
  out["superior"] = agency.superior ? boost::json::value(agency.superior->text()) : boost::json::value(nullptr);
  out["valid_from"] = to_iso(agency.valid_from);
  out["valid_to"] = agency.valid_to ? boost::json::value(to_iso(*agency.valid_to)) : boost::json::value(nullptr);
  return out;
}

}  // namespace luy::directory
