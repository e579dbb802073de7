// The audit trail: who did what to what, from where, with which result, and what changed. An entry is written in the
// transaction of the act itself, so there is no act without its entry and no entry of an act that did not happen; from
// there entries are delivered in order to the evidence store. Other modules note their acts here too.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "directory/policy.h"
#include "records/database.h"

namespace luy::directory {

// Who asks for an act, from where, and what decides whether they may. Borrows what its maker says it borrows.
struct Caller {
  std::optional<AccountId> account;
  std::string username;
  std::string address;
  std::function<Result<void>(Action, const Object&)> require;
  std::string agreed_by{};  // User name of the second person, while an act is carried out that took two.
  std::string token{};      // Name of the API token that speaks for them, and its id.
  std::string token_id{};
};
// A signed-in person; borrows `actor`.
Caller caller_of(const Actor& actor, std::string address);
// A command run on the server itself, by whom the operating system allowed to: the policy is not asked, the entry is
// written all the same.
Caller server_operator();

enum class Outcome : std::uint8_t { done, refused, failed };

struct AuditEntry {
  std::string act;     // "agency_create": an Action's name where there is one, else a name of that shape.
  std::string object;  // "agency:<id>"; empty when there is none.
  Outcome outcome = Outcome::done;
  std::string error;  // Name of the ErrorKind when it is not done.
  boost::json::object before;
  boost::json::object after;  // Never a secret.
  bool alarm = false;         // Rings: event.severity 1 instead of none.
};

// An entry as it is delivered. `json` is one line with Elastic Common Schema names (event.action, event.outcome,
// user.name, source.ip, error.code) and ours (luy.audit.number, luy.agreed_by, luy.token, luy.token_id,
// luy.object, luy.before, luy.after).
struct AuditRecord {
  std::uint64_t number = 0;  // From 1, no holes; never used twice.
  Time at;
  std::string json;
};

// Where entries end up; implemented by `hub` on the evidence store. append() answers when the record is durable. After
// a crash the newest records may come again under their old numbers: an append of a number that is there already does
// nothing. Called by one thread at a time, never inside a transaction.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  virtual Result<void> append(const AuditRecord& record) = 0;
};

// Thread-safe.
class AuditTrail {
 public:
  // Entries handed over at once; more wait in the database.
  static constexpr std::int64_t delivered_at_once_max = 256;

  AuditTrail(records::Database& database, AuditSink& sink, const Clock& clock)
      : database_(database), sink_(sink), clock_(clock) {}

  // Runs work(connection, entry) in one transaction together with its entry, which `work` completes (object, before,
  // after). When it fails, the failure is written instead: refused for denied and unauthenticated, else failed.
  // Delivers.
  template <class Work>
  auto perform(const Caller& caller, AuditEntry entry, Work&& work)
      -> decltype(work(std::declval<records::Connection&>(), entry)) {
    auto result = database_.write([&](records::Connection& c) -> decltype(work(c, entry)) {
      auto worked = work(c, entry);
      if (worked) LUY_TRY_VOID(note(c, caller, entry));
      return worked;
    });
    if (!result) {
      note_failure(caller, std::move(entry), result.error());
    } else {
      deliver_or_log();
    }
    return result;
  }

  // Adds an entry to the caller's transaction; deliver() later, when it is committed.
  Result<void> note(records::Connection& connection, const Caller& caller, const AuditEntry& entry);

  // An entry in a transaction of its own, for what changes no record: a refusal, a search of the logs. Delivers.
  Result<void> record(const Caller& caller, const AuditEntry& entry);

  // Hands what is waiting to the sink, in order; answers how many. Errors are the sink's and the database's; what was
  // not handed over waits on. The hub calls it now and then, so that a sink that was full catches up.
  Result<std::size_t> deliver();

 private:
  void note_failure(const Caller& caller, AuditEntry entry, const Error& error);
  void deliver_or_log();

  records::Database& database_;
  AuditSink& sink_;
  const Clock& clock_;
  std::mutex delivering_;  // Keeps the order; held while the sink writes.
};

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::directory
