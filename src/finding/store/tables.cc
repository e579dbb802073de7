#include "finding/store/tables.h"

#include <boost/json.hpp>

namespace luy::finding::tables {
namespace {

namespace json = boost::json;

std::string text_of(const std::vector<Entity>& entities) {
  json::array out;
  for (const Entity& entity : entities) out.push_back(json::array{name_of(entity.type), entity.value});
  return json::serialize(out);
}

std::vector<Entity> entities_of(std::string_view text) {
  std::vector<Entity> out;
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_array()) return out;
  for (const json::value& pair : parsed.get_array()) {
    const json::array* both = pair.if_array();
    if (both == nullptr || both->size() != 2 || !(*both)[0].is_string() || !(*both)[1].is_string()) continue;
    const auto type = entity_type_from_name((*both)[0].get_string().c_str());
    if (type) out.push_back({*type, std::string((*both)[1].get_string().c_str())});
  }
  return out;
}

std::optional<std::int64_t> micros(const std::optional<Time>& time) {
  return time ? std::optional(to_micros(*time)) : std::nullopt;
}

std::optional<Time> time_at(const records::Row& row, int column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional(from_micros(*value)) : std::nullopt;
}

Finding read(const records::Row& row) {
  Finding out;
  out.id = FindingId::trusted(row.text(0));
  out.kind = kind_from_name(row.text(1)).value_or(Kind::rule);
  if (!row.null(2)) {
    out.rule = RuleName{std::string(row.text(2)), std::string(row.text(3)),
                        origin_from_name(row.text(4)).value_or(Origin::own)};
  }
  out.group_key = row.text(5);
  out.severity = severity_from_name(row.text(6)).value_or(Severity::medium);
  out.title = {std::string(row.text(7)), std::string(row.text(8))};
  out.story = {std::string(row.text(9)), std::string(row.text(10))};
  out.agency = AgencyId::trusted(row.text(11));
  if (!row.null(12)) out.device = DeviceId::parse(row.text(12));
  out.entities = entities_of(row.text(13));
  out.count = static_cast<std::uint64_t>(row.integer(14));
  out.members = static_cast<std::uint64_t>(row.integer(15));
  out.first_seq = static_cast<std::uint64_t>(row.integer(16));
  out.last_seq = static_cast<std::uint64_t>(row.integer(17));
  out.first_seen = from_micros(row.integer(18));
  out.last_seen = from_micros(row.integer(19));
  out.opened_at = from_micros(row.integer(20));
  out.grown_at = from_micros(row.integer(21));
  out.due_at = time_at(row, 22);
  out.state = state_from_name(row.text(23)).value_or(State::fresh);
  out.looked_at = time_at(row, 24);
  out.state_by = row.text(25);
  out.state_at = time_at(row, 26);
  out.reason = row.text(27);
  out.act = row.text(28);
  return out;
}

}  // namespace

Result<void> load(records::Connection& c, const std::function<void(Finding)>& each) {
  return c.query(
      "SELECT id, kind, rule, rule_title, rule_origin, group_key, severity, title_vi, title_en, story_vi, story_en, "
      "agency, device, entities, count, members, first_seq, last_seq, first_seen, last_seen, opened_at, grown_at, "
      "due_at, state, looked_at, state_by, state_at, reason, act FROM finding ORDER BY opened_at, id",
      {}, [&](const records::Row& row) { each(read(row)); });
}

Result<void> save(records::Connection& c, const Finding& f) {
  const std::string entities = text_of(f.entities);
  const bool rule = f.rule.has_value();
  const auto text = [](const std::string& value) { return records::Param(std::string_view(value)); };
  const auto number = [](std::uint64_t value) { return records::Param(static_cast<std::int64_t>(value)); };
  const records::Param none = records::Null{};
  const auto done = c.run(
      "INSERT INTO finding (id, kind, rule, rule_title, rule_origin, group_key, severity, title_vi, title_en, "
      "story_vi, "
      "story_en, agency, device, entities, count, members, first_seq, last_seq, first_seen, last_seen, opened_at, "
      "grown_at, due_at, state, looked_at, state_by, state_at, reason, act) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29) "
      "ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, title_vi = excluded.title_vi, "
      "title_en = excluded.title_en, story_vi = excluded.story_vi, story_en = excluded.story_en, "
      "entities = excluded.entities, count = excluded.count, members = excluded.members, "
      "first_seq = excluded.first_seq, last_seq = excluded.last_seq, first_seen = excluded.first_seen, "
      "last_seen = excluded.last_seen, grown_at = excluded.grown_at, due_at = excluded.due_at, "
      "state = excluded.state, looked_at = excluded.looked_at, state_by = excluded.state_by, "
      "state_at = excluded.state_at, reason = excluded.reason, act = excluded.act",
      {text(f.id.text()),
       name_of(f.kind),
       rule ? text(f.rule->id) : none,
       rule ? text(f.rule->title) : none,
       rule ? records::Param(name_of(f.rule->origin)) : none,
       text(f.group_key),
       name_of(f.severity),
       text(f.title.vi),
       text(f.title.en),
       text(f.story.vi),
       text(f.story.en),
       text(f.agency.text()),
       f.device ? text(f.device->text()) : none,
       text(entities),
       number(f.count),
       number(f.members),
       number(f.first_seq),
       number(f.last_seq),
       to_micros(f.first_seen),
       to_micros(f.last_seen),
       to_micros(f.opened_at),
       to_micros(f.grown_at),
       records::nullable(micros(f.due_at)),
       name_of(f.state),
       records::nullable(micros(f.looked_at)),
       text(f.state_by),
       records::nullable(micros(f.state_at)),
       text(f.reason),
       text(f.act)});
  if (!done) return done.error();
  return {};
}

Result<void> remove(records::Connection& c, const FindingId& id) {
  const std::string_view text = id.text();
  LUY_TRY_VOID(c.run("DELETE FROM finding_member WHERE finding = $1", {text}));
  LUY_TRY_VOID(c.run("DELETE FROM finding_history WHERE finding = $1", {text}));
  LUY_TRY_VOID(c.run("DELETE FROM finding WHERE id = $1", {text}));
  return {};
}

Result<bool> add_member(records::Connection& c, const FindingId& id, std::uint64_t seq) {
  LUY_TRY(const std::int64_t added,
          c.run("INSERT INTO finding_member (finding, seq) VALUES ($1, $2) ON CONFLICT (finding, seq) DO NOTHING",
                {std::string_view(id.text()), static_cast<std::int64_t>(seq)}));
  return added > 0;
}

Result<bool> is_member_of_rule(records::Connection& c, std::string_view rule, std::uint64_t seq) {
  bool found = false;
  LUY_TRY_VOID(c.query(
      "SELECT 1 FROM finding_member m JOIN finding f ON f.id = m.finding WHERE m.seq = $1 AND f.rule = $2 LIMIT 1",
      {static_cast<std::int64_t>(seq), rule}, [&](const records::Row&) { found = true; }));
  return found;
}

Result<std::vector<std::uint64_t>> members(records::Connection& c, const FindingId& id, std::uint64_t before,
                                           std::size_t limit) {
  std::vector<std::uint64_t> out;
  LUY_TRY_VOID(
      c.query("SELECT seq FROM finding_member WHERE finding = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
              {std::string_view(id.text()), static_cast<std::int64_t>(before), static_cast<std::int64_t>(limit)},
              [&](const records::Row& row) { out.push_back(static_cast<std::uint64_t>(row.integer(0))); }));
  return out;
}

Result<void> add_history(records::Connection& c, const FindingId& id, const HistoryEntry& entry) {
  LUY_TRY_VOID(
      c.run("INSERT INTO finding_history (finding, number, at, by_name, state, reason) VALUES ($1, "
            "(SELECT coalesce(max(number), 0) + 1 FROM finding_history WHERE finding = $1), $2, $3, $4, $5)",
            {std::string_view(id.text()), to_micros(entry.at), std::string_view(entry.by), name_of(entry.state),
             std::string_view(entry.reason)}));
  return {};
}

Result<std::vector<HistoryEntry>> history(records::Connection& c, const FindingId& id) {
  std::vector<HistoryEntry> out;
  LUY_TRY_VOID(c.query("SELECT at, by_name, state, reason FROM finding_history WHERE finding = $1 ORDER BY number",
                       {std::string_view(id.text())}, [&](const records::Row& row) {
                         out.push_back({from_micros(row.integer(0)), std::string(row.text(1)),
                                        state_from_name(row.text(2)).value_or(State::fresh), std::string(row.text(3))});
                       }));
  return out;
}

Result<void> load_hits(records::Connection& c, const std::function<void(HitRow)>& each) {
  return c.query("SELECT rule, day, count, last_at FROM finding_hit", {}, [&](const records::Row& row) {
    each({std::string(row.text(0)), Day(days(row.integer(1))), static_cast<std::uint64_t>(row.integer(2)),
          from_micros(row.integer(3))});
  });
}

Result<void> save_hits(records::Connection& c, const HitRow& row) {
  LUY_TRY_VOID(
      c.run("INSERT INTO finding_hit (rule, day, count, last_at) VALUES ($1, $2, $3, $4) ON CONFLICT (rule, "
            "day) DO UPDATE SET count = excluded.count, last_at = excluded.last_at",
            {std::string_view(row.rule), static_cast<std::int64_t>(row.day.time_since_epoch().count()),
             static_cast<std::int64_t>(row.count), to_micros(row.last)}));
  return {};
}

Result<void> trim_hits(records::Connection& c, Day before) {
  LUY_TRY_VOID(
      c.run("DELETE FROM finding_hit WHERE day < $1", {static_cast<std::int64_t>(before.time_since_epoch().count())}));
  return {};
}

Result<std::optional<std::uint64_t>> progress(records::Connection& c, std::string_view reader) {
  std::optional<std::uint64_t> out;
  LUY_TRY_VOID(c.query("SELECT next_seq FROM finding_progress WHERE reader = $1", {reader},
                       [&](const records::Row& row) { out = static_cast<std::uint64_t>(row.integer(0)); }));
  return out;
}

Result<void> save_progress(records::Connection& c, std::string_view reader, std::uint64_t next_seq) {
  LUY_TRY_VOID(
      c.run("INSERT INTO finding_progress (reader, next_seq) VALUES ($1, $2) ON CONFLICT (reader) DO UPDATE "
            "SET next_seq = excluded.next_seq",
            {reader, static_cast<std::int64_t>(next_seq)}));
  return {};
}

}  // namespace luy::finding::tables
