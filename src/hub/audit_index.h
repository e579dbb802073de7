// Which entries of the audit trail lie where: by person, object, act and agency, so that no question reads the whole
// trail. Learnt from the evidence record by record and kept in the database; it can always be made again. What an entry
// says stands in the evidence alone.
//
// Threads: take() and store() on the pipeline's thread; the rest on any.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "directory/audit.h"
#include "evidence/store.h"
#include "records/database.h"

namespace luy::hub {

// Found at once: one step of a page.
inline constexpr std::size_t audit_rows_at_once = 500;

// An entry as the index knows it.
struct AuditPlace {
  std::uint64_t seq = 0;
  Time received;                   // By the store.
  std::optional<AgencyId> agency;  // Where it lies; nullopt: with the hub itself.
  std::string act;
  std::string account;  // Who did it; empty for who was not signed in.
  std::string name;     // Their user name.
  std::string object;   // "account:<id>"
  directory::Outcome outcome = directory::Outcome::done;
  bool alarm = false;
};
// Of an entry that the hub wrote; nullopt for any other record.
std::optional<AuditPlace> audit_place(const evidence::Record& record);
std::string_view object_type_of(std::string_view object);  // "account" of "account:<id>"; empty where there is none.

// What is asked for; everything that is set must hold.
struct AuditFilter {
  std::string person{};  // User name or id of an account.
  std::string object{};
  std::string object_type{};
  std::string act{};
  std::string outcome{};  // done, refused, failed, not_done.
  std::optional<AgencyId> agency{};
  std::optional<Time> from{};   // Inclusive, time of receipt.
  std::optional<Time> until{};  // Exclusive.
  bool alarm = false;
  bool searches = false;             // Also those of the logs, where no act is named.
  std::optional<AccountId> about{};  // By this account, or about it.
};
bool matches(const AuditFilter& filter, const AuditPlace& place);

class AuditIndex {
 public:
  // `applied`: every record below it was taken by an earlier process. What the store held before there was an index is
  // read once. Errors: those of the database and of the store.
  static Result<std::unique_ptr<AuditIndex>> open(const evidence::Store& store, records::Database& database,
                                                  std::span<const AgencyId> agencies, std::uint64_t applied);

  void take(const evidence::Record& record);
  // Writes what was taken, in one transaction; then every record below `next_seq` is known. To be called before they
  // count as applied.
  Result<void> store(std::uint64_t next_seq);

  std::uint64_t next_seq() const { return next_seq_; }  // Records from here on are not in it yet.
  // Newest first, at most audit_rows_at_once of those below `before`. Errors: the database's.
  Result<std::vector<AuditPlace>> find(const AuditFilter& filter, std::uint64_t before) const;
  // Without doubles, by name; of all entries, or of those that `about` leaves (AuditFilter::about).
  struct Kinds {
    std::vector<std::string> acts;
    std::vector<std::string> object_types;
  };
  Result<Kinds> kinds(const std::optional<AccountId>& about) const;

 private:
  AuditIndex(records::Database& database, std::uint64_t applied) : database_(database), next_seq_(applied) {}
  Result<void> load(const evidence::Store& store, std::span<const AgencyId> agencies);
  Result<void> write();

  records::Database& database_;
  std::atomic<std::uint64_t> next_seq_;
  std::vector<AuditPlace> taken_;
};

std::span<const records::Migration> audit_migrations();

}  // namespace luy::hub
