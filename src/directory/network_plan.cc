#include "directory/network_plan.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/stored/agency.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::size_t file_name_bytes_max = 200;
// A PDF ends with its mark, perhaps with line ends behind it (ISO 32000-1, 7.5.5; readers look in the last KiB).
constexpr std::size_t pdf_end_bytes = 1024;

NetworkPlan plan_of(const Row& row) {
  NetworkPlan out;
  out.version = row.integer(0);
  out.name = row.text(1);
  out.type = row.text(2);
  out.size = row.integer(3);
  out.sha256 = row.text(4);
  out.note = row.text(5);
  if (const auto day = row.maybe_integer(6)) out.drawn_on = day_of_number(*day);
  out.at = from_millis(row.integer(7));
  if (const auto by = row.maybe_text(8)) out.by = AccountId::trusted(*by);
  return out;
}

Result<std::vector<NetworkPlan>> load_plans(Connection& c, const AgencyId& agency) {
  LUY_TRY_VOID(load_superiors(c, agency));
  std::vector<NetworkPlan> out;
  LUY_TRY_VOID(
      c.query("SELECT version, name, type, size, sha256, note, drawn_on_day, at, by_account FROM network_plan"
              " WHERE agency = $1 ORDER BY version DESC",
              {std::string_view(agency.text())}, [&](const Row& row) { out.push_back(plan_of(row)); }));
  return out;
}

// What a browser calls the file may be a path.
std::string_view last_part(std::string_view name) {
  return name.substr(name.find_last_of("/\\") + 1);
}

Result<void> insert(Connection& c, const AgencyId& agency, const NetworkPlan& plan, std::string_view bytes) {
  const std::string_view key(agency.text());
  const auto drawn_on = plan.drawn_on ? std::optional(day_number(*plan.drawn_on)) : std::nullopt;
  const auto by = plan.by ? std::optional(plan.by->text()) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO network_plan (agency, version, name, type, size, sha256, note, drawn_on_day, at, by_account)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            {key, plan.version, std::string_view(plan.name), std::string_view(plan.type), plan.size,
             std::string_view(plan.sha256), std::string_view(plan.note), records::nullable(drawn_on),
             to_millis(plan.at), records::nullable(by)}));
  LUY_TRY_VOID(c.run("INSERT INTO network_plan_file (agency, version, bytes) VALUES ($1, $2, $3)",
                     {key, plan.version, as_bytes(bytes)}));
  return {};
}

boost::json::object record_of(const NetworkPlan& plan) {
  return {{"version", plan.version},
          {"name", plan.name},
          {"type", plan.type},
          {"size", plan.size},
          {"sha256", plan.sha256},
          {"note", plan.note},
          {"drawn_on", plan.drawn_on ? boost::json::value(to_iso(*plan.drawn_on)) : boost::json::value(nullptr)}};
}

}  // namespace

std::string_view network_plan_type_of(std::string_view bytes) {
  constexpr std::string_view png = "\x89PNG\r\n\x1a\n";
  constexpr std::string_view png_head("\0\0\0\x0dIHDR", 8);
  if (bytes.starts_with(png) && bytes.substr(png.size()).starts_with(png_head)) return "image/png";
  const std::string_view end = bytes.substr(bytes.size() - std::min(bytes.size(), pdf_end_bytes));
  if (bytes.starts_with("%PDF-") && end.find("%%EOF") != std::string_view::npos) return "application/pdf";
  return {};
}

Result<NetworkPlan> NetworkPlans::add(const Caller& caller, const AgencyId& agency, const NewNetworkPlan& wanted) {
  AuditEntry entry{"network_plan_add", "agency:" + agency.text(), Outcome::done, "", {}, {}};
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry& noted) -> Result<NetworkPlan> {
    LUY_TRY(const auto chain, load_superiors(c, agency));
    LUY_TRY_VOID(caller.require(Action::system_manage, {chain, std::nullopt, false}));
    LUY_TRY(const Agency holder, load_agency(c, agency));
    const Time now = clock_.now();
    if (holder.valid_to && *holder.valid_to < day_of(now)) return Error(network_plan_agency_over, holder.name);
    if (wanted.bytes.size() > network_plan_bytes_max) return Error(network_plan_too_large, "8 MiB");
    NetworkPlan plan;
    plan.type = network_plan_type_of(wanted.bytes);
    if (plan.type.empty()) return Error(network_plan_type);
    LUY_TRY(plan.name, checked_text("name", last_part(wanted.name), file_name_bytes_max));
    if (!wanted.note.empty()) {
      LUY_TRY(plan.note, checked_text("note", wanted.note, network_plan_note_bytes_max));
    }
    if (wanted.drawn_on && *wanted.drawn_on > day_of(now)) return Error(bad_value, "drawn_on");
    plan.drawn_on = wanted.drawn_on;
    plan.sha256 = to_hex(sha256(wanted.bytes));
    plan.size = static_cast<std::int64_t>(wanted.bytes.size());
    plan.at = now;
    plan.by = caller.account;
    LUY_TRY(const std::vector<NetworkPlan> before, load_plans(c, agency));
    if (before.size() >= network_plans_max) return Error(network_plans_too_many);
    if (!before.empty() && before.front().sha256 == plan.sha256) {
      return Error(network_plan_same, std::to_string(before.front().version));
    }
    plan.version = before.empty() ? 1 : before.front().version + 1;
    LUY_TRY_VOID(insert(c, agency, plan, wanted.bytes));
    if (!before.empty()) noted.before = record_of(before.front());
    noted.after = record_of(plan);
    return plan;
  });
}

Result<std::vector<NetworkPlan>> NetworkPlans::list(const AgencyId& agency, std::optional<Day> day) const {
  LUY_TRY(auto all, database_.read([&](Connection& c) { return load_plans(c, agency); }));
  if (day) std::erase_if(all, [&](const NetworkPlan& one) { return one.at >= day_begin(*day + days(1)); });
  return all;
}

Result<NetworkPlans::File> NetworkPlans::file(const AgencyId& agency, std::int64_t version) const {
  return database_.read([&](Connection& c) -> Result<File> {
    LUY_TRY(const auto all, load_plans(c, agency));
    const auto plan = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.version == version; });
    if (plan == all.end()) return Error(network_plan_unknown);
    File out{*plan, {}};
    LUY_TRY_VOID(c.query("SELECT bytes FROM network_plan_file WHERE agency = $1 AND version = $2",
                         {std::string_view(agency.text()), version}, [&](const Row& row) { out.bytes = row.blob(0); }));
    if (to_hex(sha256(out.bytes)) != plan->sha256) return Error(network_plan_damaged, std::to_string(version));
    return out;
  });
}

}  // namespace luy::directory
