#include "release/book_rows.h"

#include <array>

#include "base/encoding.h"

namespace luy::release {
namespace {

namespace json = boost::json;

constexpr std::array<records::Migration, 1> tables = {{{"release", 1, R"sql(
CREATE TABLE agent_release (
  id TEXT NOT NULL PRIMARY KEY, statement TEXT NOT NULL,
  notes TEXT NOT NULL, brought_by TEXT NOT NULL, brought_at BIGINT NOT NULL,
  agreed_by TEXT NOT NULL, agreed_at BIGINT,
  ring TEXT NOT NULL, places TEXT NOT NULL,            -- A JSON array of ids.
  ring_by TEXT NOT NULL, ring_reason TEXT NOT NULL, ring_at BIGINT,
  attempt BIGINT NOT NULL, patience_seconds BIGINT NOT NULL,
  withdrawn_at BIGINT, withdrawn_by TEXT NOT NULL, withdraw_reason TEXT NOT NULL);
CREATE TABLE agent_release_key (
  seq BIGINT NOT NULL PRIMARY KEY, key TEXT NOT NULL UNIQUE, signature TEXT NOT NULL,  -- Base 64.
  added_by TEXT NOT NULL, added_at BIGINT NOT NULL);
CREATE TABLE agent_release_runs (                      -- What devices said last of the version they run.
  device TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, architecture TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE agent_release_told (                      -- What they told of updates, the newest of each.
  device TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, note TEXT NOT NULL, taken_at BIGINT NOT NULL);
CREATE TABLE agent_removal_code (                      -- Only the digest of a code is kept.
  id TEXT NOT NULL PRIMARY KEY, device TEXT NOT NULL, digest TEXT NOT NULL, reason TEXT NOT NULL,
  issued_by TEXT NOT NULL, issued_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, used_at BIGINT, failures BIGINT NOT NULL);
CREATE INDEX agent_removal_code_device ON agent_removal_code (device, ends_at);
)sql"}}};

constexpr const char* columns =
    "id, statement, notes, brought_by, brought_at, agreed_by, agreed_at, ring, places, ring_by, ring_reason, ring_at, "
    "attempt, patience_seconds, withdrawn_at, withdrawn_by, withdraw_reason";

std::optional<Time> time_of(const records::Row& row, int at) {
  return row.null(at) ? std::nullopt : std::optional(from_millis(row.integer(at)));
}
std::optional<std::int64_t> millis_of(const std::optional<Time>& time) {
  return time ? std::optional<std::int64_t>(to_millis(*time)) : std::nullopt;
}

std::vector<std::string> texts_of(std::string_view text) {
  std::vector<std::string> out;
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  const json::array* array = error ? nullptr : parsed.if_array();
  if (array == nullptr) return out;
  for (const json::value& one : *array) {
    if (one.is_string()) out.emplace_back(one.get_string());
  }
  return out;
}

std::string text_of(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& one : texts) out.emplace_back(one);
  return json::serialize(out);
}

KeptRelease release_from(const records::Row& row) {
  KeptRelease out;
  out.id = ReleaseId::trusted(row.text(0));
  out.statement = row.text(1);
  if (auto read = device_policy::read_statement(out.statement)) out.release = std::move(read->release);
  out.notes = row.text(2);
  out.brought_by = row.text(3);
  out.brought_at = from_millis(row.integer(4));
  out.agreed_by = row.text(5);
  out.agreed_at = time_of(row, 6);
  out.ring = ring_from_name(row.text(7)).value_or(Ring::none);
  out.places = texts_of(row.text(8));
  out.ring_by = row.text(9);
  out.ring_reason = row.text(10);
  out.ring_at = time_of(row, 11);
  out.attempt = row.integer(12);
  out.patience_seconds = row.integer(13);
  out.withdrawn_at = time_of(row, 14);
  out.withdrawn_by = row.text(15);
  out.withdraw_reason = row.text(16);
  return out;
}

constexpr std::array<std::string_view, 4> ring_names = {"none", "devices", "agencies", "all"};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

std::string_view name_of(Ring ring) {
  return ring_names[static_cast<std::size_t>(ring)];
}

std::optional<Ring> ring_from_name(std::string_view name) {
  for (std::size_t i = 0; i < ring_names.size(); ++i) {
    if (ring_names[i] == name) return static_cast<Ring>(i);
  }
  return std::nullopt;
}

Result<std::vector<KeptRelease>> load_releases(records::Connection& c) {
  std::vector<KeptRelease> out;
  LUY_TRY_VOID(
      c.query("SELECT " + std::string(columns) + " FROM agent_release ORDER BY brought_at DESC, id DESC LIMIT $1",
              {static_cast<std::int64_t>(releases_listed_max)},
              [&](const records::Row& row) { out.push_back(release_from(row)); }));
  return out;
}

Result<std::optional<KeptRelease>> load_release(records::Connection& c, const ReleaseId& id) {
  std::optional<KeptRelease> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM agent_release WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = release_from(row); }));
  return out;
}

Result<std::vector<KeptKey>> load_keys(records::Connection& c) {
  std::vector<KeptKey> out;
  LUY_TRY_VOID(c.query("SELECT key, signature, added_by, added_at FROM agent_release_key ORDER BY seq", {},
                       [&](const records::Row& row) {
                         out.push_back({{from_base64(row.text(0)).value_or(std::string()),
                                         from_base64(row.text(1)).value_or(std::string())},
                                        std::string(row.text(2)),
                                        from_millis(row.integer(3))});
                       }));
  return out;
}

Result<void> insert_release(records::Connection& c, const KeptRelease& r) {
  const std::string places = text_of(r.places);
  LUY_TRY_VOID(
      c.run("INSERT INTO agent_release (" + std::string(columns) +
                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            {std::string_view(r.id.text()), std::string_view(r.statement), std::string_view(r.notes),
             std::string_view(r.brought_by), to_millis(r.brought_at), std::string_view(r.agreed_by),
             records::nullable(millis_of(r.agreed_at)), name_of(r.ring), std::string_view(places),
             std::string_view(r.ring_by), std::string_view(r.ring_reason), records::nullable(millis_of(r.ring_at)),
             r.attempt, r.patience_seconds, records::nullable(millis_of(r.withdrawn_at)),
             std::string_view(r.withdrawn_by), std::string_view(r.withdraw_reason)}));
  return {};
}

Result<void> update_release(records::Connection& c, const KeptRelease& r) {
  const std::string places = text_of(r.places);
  LUY_TRY_VOID(
      c.run("UPDATE agent_release SET agreed_by = $2, agreed_at = $3, ring = $4, places = $5, ring_by = $6, "
            "ring_reason = $7, "
            "ring_at = $8, attempt = $9, patience_seconds = $10, withdrawn_at = $11, withdrawn_by = $12, "
            "withdraw_reason = $13 "
            "WHERE id = $1",
            {std::string_view(r.id.text()), std::string_view(r.agreed_by), records::nullable(millis_of(r.agreed_at)),
             name_of(r.ring), std::string_view(places), std::string_view(r.ring_by), std::string_view(r.ring_reason),
             records::nullable(millis_of(r.ring_at)), r.attempt, r.patience_seconds,
             records::nullable(millis_of(r.withdrawn_at)), std::string_view(r.withdrawn_by),
             std::string_view(r.withdraw_reason)}));
  return {};
}

json::object as_json(const KeptRelease& r) {
  json::array places;
  for (const std::string& one : r.places) places.emplace_back(one);
  return {{"version", r.release.version}, {"architecture", r.release.architecture},
          {"sha256", r.release.sha256},   {"ring", name_of(r.ring)},
          {"places", std::move(places)},  {"attempt", r.attempt}};
}

std::optional<Told> read_told(std::string_view note) {
  boost::system::error_code error;
  const json::value parsed = json::parse(note, error);
  const json::object* object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return std::nullopt;
  const auto text = [&](const char* key) -> std::string {
    const json::value* one = object->if_contains(key);
    return one != nullptr && one->is_string() ? std::string(one->get_string()).substr(0, text_bytes_max)
                                              : std::string();
  };
  constexpr std::string_view beginning = "release_";
  constexpr std::array<std::string_view, 7> results = {"installing", "installed", "rolled_back", "refused",
                                                       "waiting",    "failed",    "not_fetched"};
  const std::string name = text("note");
  const auto at = from_rfc3339(text("at"));
  if (!name.starts_with(beginning) || !at) return std::nullopt;
  Told out{name.substr(beginning.size()), text("from"), text("to"), text("code"), text("why"), *at, {}};
  bool known = false;
  for (const std::string_view one : results) known = known || one == out.result;
  return known ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace luy::release
