#include "hub/audit_index.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "event/batch.h"
#include "hub/search_log.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Outcome;
using records::Connection;
using records::Row;

constexpr std::string_view audit_stream = "hub/audit";
constexpr std::size_t object_type_chars_max = 40;  // AuditObjectType of the contract.
constexpr std::size_t written_at_once = 2'000;     // While the trail from before is read.

constexpr std::array<records::Migration, 1> tables = {{{"hub_audit", 1, R"sql(
CREATE TABLE hub_act (                    -- Where the entries of the audit trail lie in the evidence.
  seq BIGINT PRIMARY KEY,
  received_us BIGINT NOT NULL,            -- Microseconds UTC, by the store.
  agency TEXT NOT NULL,                   -- Empty: with the hub itself.
  act TEXT NOT NULL,
  account TEXT NOT NULL,                  -- Who did it; empty for who was not signed in.
  name TEXT NOT NULL,
  object TEXT NOT NULL,                   -- "account:<id>"
  object_type TEXT NOT NULL,
  outcome BIGINT NOT NULL,                -- 0 done, 1 refused, 2 failed.
  alarm BIGINT NOT NULL
);
CREATE INDEX hub_act_object ON hub_act (object, seq);
CREATE INDEX hub_act_account ON hub_act (account, seq);
CREATE INDEX hub_act_name ON hub_act (name, seq);
CREATE INDEX hub_act_act ON hub_act (act, seq);
CREATE INDEX hub_act_type ON hub_act (object_type, seq);
CREATE INDEX hub_act_agency ON hub_act (agency, seq);
)sql"}}};

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

bool is_search(std::string_view act) {
  return act == search_act || act == follow_act;
}

AuditPlace place_of(const Row& row) {
  AuditPlace out;
  out.seq = static_cast<std::uint64_t>(row.integer(0));
  out.received = from_micros(row.integer(1));
  if (!row.text(2).empty()) out.agency = AgencyId::trusted(row.text(2));
  out.act = row.text(3);
  out.account = row.text(4);
  out.name = row.text(5);
  out.object = row.text(6);
  out.outcome = static_cast<Outcome>(row.integer(7));
  out.alarm = row.integer(8) != 0;
  return out;
}

// Every parameter stands in the statement whether it filters or not; only a column that is compared with nothing else
// can be looked up.
std::string condition(const char* column, const char* parameter, bool is_set) {
  return std::string(" AND ") + (is_set ? column : "''") + " = " + parameter;
}

std::string outcome_condition(std::string_view outcome) {
  if (outcome == "not_done") return " AND outcome <> 0";
  if (outcome == "done") return " AND outcome = 0";
  if (outcome == "refused") return " AND outcome = 1";
  return outcome.empty() ? "" : " AND outcome = 2";
}

// The names in an indexed column, one look-up for each.
Result<std::vector<std::string>> names_in(Connection& c, const std::string& column) {
  std::vector<std::string> out;
  LUY_TRY_VOID(c.query("WITH RECURSIVE one (name) AS (SELECT min(" + column +
                           ") FROM hub_act UNION ALL SELECT (SELECT min(" + column + ") FROM hub_act WHERE " + column +
                           " > one.name) FROM one WHERE one.name IS NOT NULL)" +
                           " SELECT name FROM one WHERE name IS NOT NULL AND name <> ''",
                       {}, [&](const Row& row) { out.emplace_back(row.text(0)); }));
  return out;
}

}  // namespace

std::string_view object_type_of(std::string_view object) {
  // A refused request bears its path, which may hold a colon, too.
  const std::size_t end = object.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
  const bool is_typed = end != std::string_view::npos && object[end] == ':' && end <= object_type_chars_max;
  return is_typed ? object.substr(0, end) : std::string_view();
}

std::optional<AuditPlace> audit_place(const evidence::Record& record) {
  // Who may write where is told by the store, not by the record: only the hub appends with this transport, and its own
  // audit sink alone to this source.
  if (record.transport != static_cast<std::uint8_t>(event::Transport::hub)) return std::nullopt;
  if (!record.source.ends_with(audit_stream)) return std::nullopt;
  const auto agency = AgencyId::parse(split_source(record.source).agency);
  const std::size_t prefix = agency ? agency->text().size() + 1 : 0;
  if (std::string_view(record.source).substr(prefix) != audit_stream) return std::nullopt;
  boost::system::error_code error;
  const json::value parsed = json::parse(record.raw, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const json::object& line = parsed.get_object();
  const std::string_view act = text_in(line, "event.action");
  if (text_in(line, "event.dataset") != "luy.audit" || act.empty()) return std::nullopt;
  AuditPlace out;
  out.seq = record.seq;
  out.received = record.received;
  out.agency = agency;
  out.act = act;
  out.account = text_in(line, "user.id");
  out.name = text_in(line, "user.name");
  out.object = text_in(line, "luy.object");
  const bool is_done = text_in(line, "event.outcome") == "success";
  out.outcome = is_done ? Outcome::done : line.contains("luy.refused") ? Outcome::refused : Outcome::failed;
  out.alarm = text_in(line, "event.kind") == "alert";
  return out;
}

bool matches(const AuditFilter& filter, const AuditPlace& place) {
  const auto fits = [](const std::string& wanted, std::string_view is) { return wanted.empty() || wanted == is; };
  if (!filter.person.empty() && filter.person != place.account && filter.person != place.name) return false;
  if (!fits(filter.object, place.object) || !fits(filter.object_type, object_type_of(place.object))) return false;
  if (!fits(filter.act, place.act)) return false;
  if (filter.act.empty() && !filter.searches && is_search(place.act)) return false;
  if (filter.agency && filter.agency != place.agency) return false;
  if (filter.from && place.received < *filter.from) return false;
  if (filter.until && place.received >= *filter.until) return false;
  if (filter.alarm && !place.alarm) return false;
  if (filter.about) {
    const std::string id = filter.about->text();
    if (place.account != id && place.object != "account:" + id) return false;
  }
  if (filter.outcome.empty()) return true;
  if (filter.outcome == "not_done") return place.outcome != Outcome::done;
  const Outcome wanted = filter.outcome == "done"      ? Outcome::done
                         : filter.outcome == "refused" ? Outcome::refused
                                                       : Outcome::failed;
  return place.outcome == wanted;
}

Result<std::unique_ptr<AuditIndex>> AuditIndex::open(const evidence::Store& store, records::Database& database,
                                                     std::span<const AgencyId> agencies, std::uint64_t applied) {
  std::unique_ptr<AuditIndex> index(new AuditIndex(database, applied));
  LUY_TRY_VOID(index->load(store, agencies));
  return index;
}

Result<void> AuditIndex::load(const evidence::Store& store, std::span<const AgencyId> agencies) {
  LUY_TRY(const auto held, store.days());
  std::uint64_t oldest = store.size();
  for (const evidence::DayInfo& day : held) oldest = std::min(oldest, day.first_seq);
  bool read_before = false;
  const auto pruned = database_.write([&](Connection& c) -> Result<void> {
    // What retention deleted, and what will be read again.
    LUY_TRY_VOID(c.run("DELETE FROM hub_act WHERE seq < $1 OR seq >= $2",
                       {static_cast<std::int64_t>(oldest), static_cast<std::int64_t>(next_seq_.load())}));
    return c.query("SELECT value FROM hub_setting WHERE name = 'acts_read'", {},
                   [&](const Row&) { read_before = true; });
  });
  if (!pruned || read_before) return pruned;
  evidence::SearchQuery query;
  query.before_seq = next_seq_.load();
  query.limit = SIZE_MAX;
  query.source_prefixes.emplace_back(audit_stream);
  for (const AgencyId& agency : agencies)
    query.source_prefixes.push_back(agency.text() + "/" + std::string(audit_stream));
  Result<void> written;
  LUY_TRY_VOID(store.search(query, {}, [&](const evidence::Record& record) {
    if (auto place = audit_place(record)) taken_.push_back(*std::move(place));
    if (taken_.size() >= written_at_once) written = write();
    return written ? evidence::Visit::keep : evidence::Visit::stop;
  }));
  LUY_TRY_VOID(written);
  LUY_TRY_VOID(write());
  return database_.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("INSERT INTO hub_setting (name, value) VALUES ('acts_read', '1')"));
    return {};
  });
}

void AuditIndex::take(const evidence::Record& record) {
  // What could not be written is read again.
  while (!taken_.empty() && taken_.back().seq >= record.seq) taken_.pop_back();
  if (auto place = audit_place(record)) taken_.push_back(*std::move(place));
}

Result<void> AuditIndex::write() {
  if (taken_.empty()) return {};
  auto written = database_.write([&](Connection& c) -> Result<void> {
    for (const AuditPlace& one : taken_) {
      const std::string agency = one.agency ? one.agency->text() : std::string();
      LUY_TRY_VOID(c.run(
          "INSERT INTO hub_act (seq, received_us, agency, act, account, name, object, object_type, outcome, alarm)"
          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (seq) DO NOTHING",
          {static_cast<std::int64_t>(one.seq), to_micros(one.received), std::string_view(agency),
           std::string_view(one.act), std::string_view(one.account), std::string_view(one.name),
           std::string_view(one.object), object_type_of(one.object), static_cast<std::int64_t>(one.outcome),
           std::int64_t{one.alarm ? 1 : 0}}));
    }
    return {};
  });
  if (written) taken_.clear();
  return written;
}

Result<void> AuditIndex::store(std::uint64_t next_seq) {
  LUY_TRY_VOID(write());
  next_seq_ = next_seq;
  return {};
}

Result<std::vector<AuditPlace>> AuditIndex::find(const AuditFilter& filter, std::uint64_t before) const {
  const bool is_id = AccountId::parse(filter.person).has_value();
  const std::string agency = filter.agency ? filter.agency->text() : std::string();
  const std::string about = filter.about ? filter.about->text() : std::string();
  const std::string about_object = "account:" + about;
  std::string sql =
      "SELECT seq, received_us, agency, act, account, name, object, outcome, alarm FROM hub_act WHERE seq < $1";
  sql += condition("object", "$2", !filter.object.empty());
  sql += condition(is_id ? "account" : "name", "$3", !filter.person.empty());
  sql += condition("act", "$4", !filter.act.empty());
  sql += condition("object_type", "$5", !filter.object_type.empty());
  sql += condition("agency", "$6", filter.agency.has_value());
  sql += " AND received_us >= $7 AND received_us < $8";
  sql += filter.about ? " AND (account = $9 OR object = $10)" : " AND $9 = '' AND $10 <> ''";
  sql += outcome_condition(filter.outcome);
  if (filter.alarm) sql += " AND alarm = 1";
  if (filter.act.empty() && !filter.searches) sql += " AND act NOT IN ('evidence_search', 'evidence_follow')";
  sql += " ORDER BY seq DESC LIMIT " + std::to_string(audit_rows_at_once);
  std::vector<AuditPlace> out;
  LUY_TRY_VOID(database_.read([&](Connection& c) {
    return c.query(
        sql,
        {static_cast<std::int64_t>(std::min<std::uint64_t>(before, INT64_MAX)), std::string_view(filter.object),
         std::string_view(filter.person), std::string_view(filter.act), std::string_view(filter.object_type),
         std::string_view(agency), filter.from ? to_micros(*filter.from) : INT64_MIN,
         filter.until ? to_micros(*filter.until) : INT64_MAX, std::string_view(about), std::string_view(about_object)},
        [&](const Row& row) { out.push_back(place_of(row)); });
  }));
  return out;
}

Result<AuditIndex::Kinds> AuditIndex::kinds(const std::optional<AccountId>& about) const {
  return database_.read([&](Connection& c) -> Result<Kinds> {
    Kinds out;
    if (!about) {
      LUY_TRY(out.acts, names_in(c, "act"));
      LUY_TRY(out.object_types, names_in(c, "object_type"));
      return out;
    }
    const std::string id = about->text();
    const std::string object = "account:" + id;
    for (const auto& [column, names] : {std::pair{"act", &out.acts}, std::pair{"object_type", &out.object_types}}) {
      LUY_TRY_VOID(c.query(
          "SELECT DISTINCT " + std::string(column) + " FROM hub_act WHERE (account = $1 OR object = $2) ORDER BY 1",
          {std::string_view(id), std::string_view(object)}, [&](const Row& row) {
            if (!row.text(0).empty()) names->emplace_back(row.text(0));
          }));
    }
    return out;
  });
}

std::span<const records::Migration> audit_migrations() {
  return tables;
}

}  // namespace luy::hub
