#include "directory/audit.h"

#include <vector>

#include "base/log.h"
#include "base/utf8.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

std::string_view outcome_name(Outcome outcome) {
  return outcome == Outcome::done ? "success" : "failure";
}

// Elastic Common Schema's event.category.
std::string_view category_of(std::string_view act) {
  for (const std::string_view start : {"sign_", "password_"}) {
    if (act.starts_with(start)) return "authentication";
  }
  for (const std::string_view start : {"account_", "agency_", "set_up"}) {
    if (act.starts_with(start)) return "iam";
  }
  return "configuration";
}

// What a person reads in the log: "sign_in success by lan from 192.0.2.1: account:01…".
std::string message_of(const Caller& caller, const AuditEntry& entry) {
  std::string out = entry.act + " " + std::string(outcome_name(entry.outcome));
  if (!caller.username.empty()) out += " by " + caller.username;
  if (!caller.token.empty()) out += " by token " + caller.token;
  if (!caller.address.empty()) out += " from " + caller.address;
  if (!entry.object.empty()) out += ": " + entry.object;
  if (!entry.error.empty()) out += " (" + entry.error + ")";
  return to_utf8(out);
}

std::string json_line(std::uint64_t number, Time at, const Caller& caller, const AuditEntry& entry) {
  boost::json::object line;
  line["@timestamp"] = to_rfc3339(at);
  line["message"] = message_of(caller, entry);
  line["event.kind"] = "event";
  line["event.category"] = category_of(entry.act);
  line["event.dataset"] = "luy.audit";
  line["event.provider"] = "luy-hub";
  line["event.action"] = entry.act;
  line["event.outcome"] = outcome_name(entry.outcome);
  if (caller.account) line["user.id"] = caller.account->text();
  if (!caller.username.empty()) line["user.name"] = to_utf8(caller.username);
  if (!caller.address.empty()) line["source.ip"] = to_utf8(caller.address);
  if (!entry.error.empty()) line["error.code"] = entry.error;
  line["luy.audit.number"] = number;
  if (entry.alarm) {
    line["event.kind"] = "alert";
    line["event.severity"] = 1;
    line["log.level"] = "critical";
  }
  if (entry.outcome == Outcome::refused) line["luy.refused"] = true;
  if (!caller.token.empty()) {
    line["luy.token"] = to_utf8(caller.token);
    line["luy.token_id"] = caller.token_id;
  }
  if (!caller.agreed_by.empty()) line["luy.agreed_by"] = to_utf8(caller.agreed_by);
  if (!entry.object.empty()) line["luy.object"] = entry.object;
  if (!entry.before.empty()) line["luy.before"] = entry.before;
  if (!entry.after.empty()) line["luy.after"] = entry.after;
  return boost::json::serialize(line);
}

Result<std::int64_t> single_number(Connection& connection, std::string_view sql) {
  std::int64_t number = 0;
  LUY_TRY_VOID(connection.query(sql, {}, [&](const Row& row) { number = row.integer(0); }));
  return number;
}

}  // namespace

Caller caller_of(const Actor& actor, std::string address) {
  Caller caller{actor.account, actor.username, std::move(address),
                [&actor](Action action, const Object& object) { return require(actor, action, object); }};
  if (actor.token) {
    caller.token = actor.token->name;
    caller.token_id = actor.token->id;
  }
  return caller;
}

Caller server_operator() {
  return {std::nullopt, "luy-hub", "", [](Action, const Object&) { return Result<void>(); }};
}

Result<void> AuditTrail::note(Connection& connection, const Caller& caller, const AuditEntry& entry) {
  // Delivered entries leave the table, so the counter stands beside it.
  LUY_TRY_VOID(connection.run("UPDATE audit_counter SET last = last + 1"));
  LUY_TRY(const std::int64_t number, single_number(connection, "SELECT last FROM audit_counter"));
  const Time at = clock_.now();
  const std::string json = json_line(static_cast<std::uint64_t>(number), at, caller, entry);
  LUY_TRY_VOID(connection.run("INSERT INTO audit_entry (number, at_us, body) VALUES ($1, $2, $3)",
                              {number, to_micros(at), std::string_view(json)}));
  return {};
}

Result<void> AuditTrail::record(const Caller& caller, const AuditEntry& entry) {
  LUY_TRY_VOID(database_.write([&](Connection& c) { return note(c, caller, entry); }));
  deliver_or_log();
  return {};
}

Result<std::size_t> AuditTrail::deliver() {
  const std::lock_guard lock(delivering_);
  std::size_t delivered = 0;
  for (;;) {
    std::vector<AuditRecord> waiting;
    LUY_TRY_VOID(database_.read([&](Connection& c) {
      return c.query("SELECT number, at_us, body FROM audit_entry ORDER BY number LIMIT $1", {delivered_at_once_max},
                     [&](const Row& row) {
                       waiting.push_back({static_cast<std::uint64_t>(row.integer(0)), from_micros(row.integer(1)),
                                          std::string(row.text(2))});
                     });
    }));
    if (waiting.empty()) return delivered;
    std::int64_t last = 0;
    std::optional<Error> failure;
    for (const AuditRecord& record : waiting) {
      if (const auto appended = sink_.append(record); !appended) {
        failure = appended.error();
        break;
      }
      last = static_cast<std::int64_t>(record.number);
      ++delivered;
    }
    if (last != 0) {
      LUY_TRY_VOID(
          database_.write([&](Connection& c) { return c.run("DELETE FROM audit_entry WHERE number <= $1", {last}); }));
    }
    if (failure) return *failure;
  }
}

void AuditTrail::note_failure(const Caller& caller, AuditEntry entry, const Error& error) {
  const bool refused = error.error_class() == ErrorClass::denied || error.error_class() == ErrorClass::unauthenticated;
  entry.outcome = refused ? Outcome::refused : Outcome::failed;
  entry.error = error.name();
  // What would have changed has not.
  entry.before.clear();
  entry.after.clear();
  if (const auto recorded = record(caller, entry); !recorded) {
    log(LogLevel::error, "directory", "the audit entry of a failed act is lost: " + recorded.error().text());
  }
}

void AuditTrail::deliver_or_log() {
  if (const auto delivered = deliver(); !delivered) {
    log(LogLevel::warning, "directory", "audit entries wait for delivery: " + delivered.error().text());
  }
}

}  // namespace luy::directory
