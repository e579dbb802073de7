#include "watch/stored.h"

#include <array>
#include <boost/json.hpp>

namespace luy::watch {
namespace {

namespace json = boost::json;

constexpr std::string_view first = R"sql(
CREATE TABLE watch_service (
  id TEXT NOT NULL PRIMARY KEY, agency TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL,
  redirect_hosts TEXT NOT NULL, interval_s BIGINT NOT NULL, enabled BIGINT NOT NULL, added_at BIGINT NOT NULL,
  standing TEXT NOT NULL, baseline TEXT NOT NULL, page TEXT NOT NULL);
CREATE TABLE watch_point (
  service TEXT NOT NULL, at BIGINT NOT NULL, micros BIGINT, state BIGINT NOT NULL, PRIMARY KEY (service, at));
CREATE INDEX watch_point_at ON watch_point (at);
CREATE TABLE watch_announcement (
  service TEXT NOT NULL, begins BIGINT NOT NULL, ends BIGINT NOT NULL, reason TEXT NOT NULL, person TEXT NOT NULL);
)sql";

constexpr std::array<records::Migration, 1> all = {{{"watch", 1, first}}};

// What is known beside baseline and page, as JSON; the last probe and what was shown come again with the next look.
std::string standing_of(const Memory& memory) {
  json::object out;
  out["state"] = static_cast<int>(memory.state);
  out["since"] = to_micros(memory.since);
  out["failures"] = memory.failures;
  out["slow"] = memory.slow;
  out["changed"] = memory.changed;
  out["words"] = json::array(memory.words.begin(), memory.words.end());
  if (memory.certificate_told) out["told"] = *memory.certificate_told;
  if (memory.certificate_end) out["end"] = to_micros(*memory.certificate_end);
  return json::serialize(out);
}

void read_standing(std::string_view text, Memory& memory) {
  try {
    const json::value root = json::parse(json::string_view(text.data(), text.size()));
    const std::int64_t state = root.at("state").as_int64();
    if (state < 0 || state > static_cast<std::int64_t>(State::changed)) return;
    memory.state = static_cast<State>(state);
    memory.since = from_micros(root.at("since").as_int64());
    memory.failures = static_cast<int>(root.at("failures").as_int64());
    memory.slow = static_cast<int>(root.at("slow").as_int64());
    memory.changed = static_cast<int>(root.at("changed").as_int64());
    for (const json::value& word : root.at("words").as_array()) memory.words.emplace_back(word.as_string());
    const json::object& object = root.as_object();
    if (const auto* told = object.if_contains("told")) memory.certificate_told = static_cast<int>(told->as_int64());
    if (const auto* end = object.if_contains("end")) memory.certificate_end = from_micros(end->as_int64());
  } catch (const std::exception&) {
    memory = {};  // Learnt again.
  }
}

std::string joined(const std::vector<std::string>& hosts) {
  std::string out;
  for (const std::string& host : hosts) out += (out.empty() ? "" : " ") + host;
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::span<const records::Migration> migrations() {
  return all;
}

namespace stored {

Result<void> save_service(records::Connection& db, const Service& service, const Memory& memory) {
  const std::string hosts = joined(service.redirect_hosts);
  const std::string standing = standing_of(memory);
  const std::string baseline = memory.baseline.saved();
  const std::string page = memory.page.saved();
  LUY_TRY_VOID(db.run(
      "INSERT INTO watch_service (id, agency, name, kind, target, redirect_hosts, interval_s, enabled, added_at, "
      "standing, baseline, page) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE "
      "SET agency = excluded.agency, name = excluded.name, target = excluded.target, redirect_hosts = "
      "excluded.redirect_hosts, interval_s = excluded.interval_s, enabled = excluded.enabled, standing = "
      "excluded.standing, baseline = excluded.baseline, page = excluded.page",
      {std::string_view(service.id.text()), std::string_view(service.agency.text()), std::string_view(service.name),
       name_of(service.kind), std::string_view(service.target), std::string_view(hosts),
       std::int64_t{service.interval.count()}, std::int64_t{service.enabled}, to_millis(service.added_at),
       std::string_view(standing), std::string_view(baseline), std::string_view(page)}));
  return {};
}

Result<void> save_standing(records::Connection& db, const Service& service, const Memory& memory) {
  const std::string standing = standing_of(memory);
  const std::string baseline = memory.baseline.saved();
  LUY_TRY_VOID(db.run("UPDATE watch_service SET standing = $1, baseline = $2 WHERE id = $3",
                      {std::string_view(standing), std::string_view(baseline), std::string_view(service.id.text())}));
  return {};
}

Result<void> remove_service(records::Connection& db, const ServiceId& id) {
  for (const char* const sql : {"DELETE FROM watch_service WHERE id = $1", "DELETE FROM watch_point WHERE service = $1",
                                "DELETE FROM watch_announcement WHERE service = $1"}) {
    LUY_TRY_VOID(db.run(sql, {std::string_view(id.text())}));
  }
  return {};
}

Result<void> save_point(records::Connection& db, const std::string& service, std::int64_t at,
                        const std::optional<std::int64_t>& micros, State state) {
  LUY_TRY_VOID(
      db.run("INSERT INTO watch_point (service, at, micros, state) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (service, at) DO NOTHING",
             {std::string_view(service), at, records::nullable(micros), static_cast<std::int64_t>(state)}));
  return {};
}

Result<void> save_announcement(records::Connection& db, const ServiceId& id, const Announcement& announcement) {
  LUY_TRY_VOID(
      db.run("INSERT INTO watch_announcement (service, begins, ends, reason, person) VALUES ($1, $2, $3, $4, $5)",
             {std::string_view(id.text()), to_millis(announcement.from), to_millis(announcement.until),
              std::string_view(announcement.reason), std::string_view(announcement.by)}));
  return {};
}

Result<void> trim(records::Connection& db, std::int64_t points_before, std::int64_t announcements_before) {
  LUY_TRY_VOID(db.run("DELETE FROM watch_point WHERE at < $1", {points_before}));
  LUY_TRY_VOID(db.run("DELETE FROM watch_announcement WHERE ends < $1", {announcements_before}));
  return {};
}

Result<void> each_service(records::Connection& db, const std::function<void(Service, Memory)>& visit) {
  return db.query(
      "SELECT id, agency, name, kind, target, redirect_hosts, interval_s, enabled, added_at, standing, baseline, page "
      "FROM watch_service",
      {}, [&](const records::Row& row) {
        Service service;
        service.id = ServiceId::trusted(row.text(0));
        service.agency = AgencyId::trusted(row.text(1));
        service.name = row.text(2);
        service.kind = kind_from_name(row.text(3)).value_or(Kind::http);
        service.target = row.text(4);
        service.redirect_hosts = split(row.text(5));
        service.interval = std::chrono::seconds(row.integer(6));
        service.enabled = row.integer(7) != 0;
        service.added_at = from_millis(row.integer(8));
        Memory memory;
        memory.since = service.added_at;
        read_standing(row.text(9), memory);
        memory.baseline = Baseline::restored(row.text(10));
        memory.page = PageMemory::restored(row.text(11));
        visit(std::move(service), std::move(memory));
      });
}

Result<void> each_announcement(records::Connection& db, Time now,
                               const std::function<void(const ServiceId&, Announcement)>& visit) {
  return db.query("SELECT service, begins, ends, reason, person FROM watch_announcement WHERE ends > $1",
                  {to_millis(now)}, [&](const records::Row& row) {
                    visit(ServiceId::trusted(row.text(0)), {from_millis(row.integer(1)), from_millis(row.integer(2)),
                                                            std::string(row.text(3)), std::string(row.text(4))});
                  });
}

Result<void> each_point(records::Connection& db, const ServiceId& id, std::int64_t from, std::int64_t until,
                        const std::function<void(const Point&)>& visit) {
  return db.query("SELECT at, micros, state FROM watch_point WHERE service = $1 AND at >= $2 AND at < $3 ORDER BY at",
                  {std::string_view(id.text()), from, until}, [&](const records::Row& row) {
                    Point point;
                    point.at = from_millis(row.integer(0));
                    if (const auto micros = row.maybe_integer(1)) point.latency = Duration(*micros);
                    point.state = static_cast<State>(row.integer(2));
                    visit(point);
                  });
}

}  // namespace stored
}  // namespace luy::watch
