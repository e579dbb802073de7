#include "duty/engine/tables.h"

#include <array>
#include <boost/json.hpp>

namespace luy::duty {
namespace {

constexpr std::string_view first = R"sql(
CREATE TABLE duty_verdict (
  obligation TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, agency TEXT NOT NULL,
  device TEXT, state TEXT NOT NULL, reason TEXT NOT NULL, args TEXT NOT NULL, since BIGINT NOT NULL,
  born BIGINT NOT NULL, judged_at BIGINT NOT NULL, changes_at BIGINT, proof TEXT NOT NULL,
  PRIMARY KEY (obligation, subject));
CREATE TABLE duty_history (
  number BIGINT NOT NULL PRIMARY KEY, obligation TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL,
  device TEXT, at BIGINT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, args TEXT NOT NULL,
  proof TEXT NOT NULL);
CREATE INDEX duty_history_verdict ON duty_history (obligation, subject, number);
CREATE INDEX duty_history_device ON duty_history (device, number);
CREATE TABLE duty_day (
  day TEXT NOT NULL, agency TEXT NOT NULL, obligation TEXT NOT NULL, violated BIGINT NOT NULL,
  PRIMARY KEY (day, agency, obligation));
)sql";

constexpr std::array<records::Migration, 1> all = {{{"duty", 1, first}}};

}  // namespace

std::span<const records::Migration> migrations() {
  return all;
}

Result<void> forget_evidence(records::Connection& connection) {
  LUY_TRY_VOID(connection.run("UPDATE duty_verdict SET proof = '[]'"));
  LUY_TRY_VOID(connection.run("UPDATE duty_history SET proof = '[]'"));
  return {};
}

}  // namespace luy::duty

namespace luy::duty::tables {
namespace {

using records::Connection;
using records::Param;
using records::Row;
namespace json = boost::json;

Param time(const std::optional<Time>& value) {
  if (!value) return records::Null{};
  return to_millis(*value);
}

std::string packed(const std::vector<Proof>& proof) {
  json::array out;
  for (const Proof& one : proof) {
    json::value seq;
    if (one.seq) seq = *one.seq;
    out.push_back(json::array{one.kind, std::move(seq), to_micros(one.learnt_at), one.method});
  }
  return json::serialize(out);
}

// Our own writing.
std::vector<Proof> unpacked(std::string_view text) {
  std::vector<Proof> out;
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_array()) return out;
  for (const json::value& value : parsed.get_array()) {
    const json::array& one = value.as_array();
    Proof proof;
    proof.kind = one.at(0).as_string();
    if (!one.at(1).is_null()) proof.seq = one.at(1).to_number<std::uint64_t>();
    proof.learnt_at = from_micros(one.at(2).as_int64());
    proof.method = one.at(3).as_string();
    out.push_back(std::move(proof));
  }
  return out;
}

Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

// Marks a day on which nothing was violated.
constexpr std::string_view no_agency = "";

}  // namespace

Result<void> each_prior(Connection& db,
                        const std::function<void(const std::string&, const std::string&, Prior)>& visit) {
  return db.query("SELECT obligation, subject, state, reason, since, born, changes_at, proof FROM duty_verdict", {},
                  [&](const Row& row) {
                    Prior prior;
                    prior.state = state_from_name(row.text(2)).value_or(State::unknown);
                    prior.code = row.text(3);
                    prior.since = from_millis(row.integer(4));
                    prior.born = from_millis(row.integer(5));
                    if (!row.null(6)) prior.changes_at = from_millis(row.integer(6));
                    for (const Proof& proof : unpacked(row.text(7))) prior.seqs.push_back(proof.seq);
                    visit(std::string(row.text(0)), std::string(row.text(1)), std::move(prior));
                  });
}

Result<std::int64_t> last_history_number(Connection& db) {
  std::int64_t out = 0;
  LUY_TRY_VOID(db.query("SELECT max(number) FROM duty_history", {}, [&](const Row& row) {
    if (!row.null(0)) out = row.integer(0);
  }));
  return out;
}

Result<void> save(Connection& db, const Book& book, SlotNumber number) {
  const Verdict v = book.verdict(number);
  const Slot& slot = book.slot(number);
  std::optional<std::string> device;
  if (v.device) device = v.device->text();
  const std::string proof = packed(v.proof);
  return done(db.run(
      "INSERT INTO duty_verdict (obligation, subject, kind, name, agency, device, state, reason, args, since, born, "
      "judged_at, changes_at, proof) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "ON CONFLICT (obligation, subject) DO UPDATE SET kind = $3, name = $4, agency = $5, device = $6, state = $7, "
      "reason = $8, args = $9, since = $10, born = $11, judged_at = $12, changes_at = $13, proof = $14",
      {v.obligation, v.subject.id, regulation::name_of(v.subject.kind), v.subject.name, v.agency.text(),
       records::nullable(device), name_of(v.state), v.reason.code, slot.arguments, to_millis(v.since),
       to_millis(slot.born), to_millis(v.judged_at), time(v.changes_at), proof}));
}

Result<void> remove(Connection& db, const std::string& obligation, const std::string& subject) {
  return done(db.run("DELETE FROM duty_verdict WHERE obligation = $1 AND subject = $2", {obligation, subject}));
}

Result<void> save_history(Connection& db, std::int64_t number, const std::string& obligation,
                          const Pending::History& entry) {
  std::optional<std::string> device;
  if (entry.device) device = entry.device->text();
  const std::string proof = packed(entry.proof);
  return done(
      db.run("INSERT INTO duty_history (number, obligation, subject, name, device, at, state, reason, args, proof) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
             {number, obligation, entry.subject_id, entry.subject_name, records::nullable(device), to_millis(entry.at),
              name_of(entry.state), name_of(entry.code), entry.arguments, proof}));
}

Result<void> trim_history(Connection& db, Time before) {
  return done(db.run("DELETE FROM duty_history WHERE at < $1", {to_millis(before)}));
}

Result<std::vector<PastVerdict>> history(Connection& db, std::string_view obligation,
                                         std::string_view subject_or_device, std::size_t limit) {
  std::vector<PastVerdict> out;
  const auto take = [&](const Row& row) {
    PastVerdict past;
    past.obligation = row.text(0);
    past.subject_id = row.text(1);
    past.subject_name = row.text(2);
    past.at = from_millis(row.integer(3));
    past.state = state_from_name(row.text(4)).value_or(State::unknown);
    past.reason = {std::string(row.text(5)), Arguments::unpack(row.text(6))};
    past.proof = unpacked(row.text(7));
    out.push_back(std::move(past));
  };
  const auto rows = static_cast<std::int64_t>(limit);
  const auto queried = obligation.empty()
                           ? db.query(
                                 "SELECT obligation, subject, name, at, state, reason, args, proof FROM duty_history "
                                 "WHERE device = $1 ORDER BY number DESC LIMIT $2",
                                 {subject_or_device, rows}, take)
                           : db.query(
                                 "SELECT obligation, subject, name, at, state, reason, args, proof FROM duty_history "
                                 "WHERE obligation = $1 AND subject = $2 ORDER BY number DESC LIMIT $3",
                                 {obligation, subject_or_device, rows}, take);
  if (!queried) return queried.error();
  return out;
}

Result<std::optional<DayCounts>> day_counts(Connection& db, Day day) {
  std::optional<DayCounts> out;
  LUY_TRY_VOID(
      db.query("SELECT agency, obligation, violated FROM duty_day WHERE day = $1", {to_iso(day)}, [&](const Row& row) {
        if (!out) out.emplace();
        if (row.text(0) == no_agency) return;
        (*out)[{std::string(row.text(0)), std::string(row.text(1))}] = row.integer(2);
      }));
  return out;
}

Result<void> save_day(Connection& db, Day day, const DayCounts& counts) {
  constexpr std::string_view sql =
      "INSERT INTO duty_day (day, agency, obligation, violated) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (day, agency, obligation) DO UPDATE SET violated = $4";
  const std::string iso = to_iso(day);
  LUY_TRY_VOID(done(db.run(sql, {iso, no_agency, no_agency, std::int64_t{0}})));
  for (const auto& [cell, violated] : counts) {
    LUY_TRY_VOID(done(db.run(sql, {iso, cell.first, cell.second, violated})));
  }
  return {};
}

Result<void> trim_days(Connection& db, Day before) {
  return done(db.run("DELETE FROM duty_day WHERE day < $1", {to_iso(before)}));
}

}  // namespace luy::duty::tables
