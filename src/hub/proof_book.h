// Where in the evidence the proofs of verdicts lie: of each day of a device the first log record and the newest notes
// of gaps and losses, of each account the newest record of every act about it, of the inventory's acts theirs. Learnt
// by reading the records in their order, kept in the database so that a restart need not read them again.
//
// Threads: take(), store() and news() on the pipeline's thread; find() on any.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "evidence/store.h"
#include "records/database.h"

namespace luy::hub {

// When the book is opened for the first time it reads what the store holds of so many days: as many as duty 9.2 asks
// for, and one that has begun.
inline constexpr std::chrono::days proof_days_read{31};
// Proofs of days are forgotten after this, at the next start; later where a term asks for more days (hub/log_terms.h).
inline constexpr std::chrono::days proof_days_kept{100};
// An entry of a journal may arrive so much later than its day and still count for it: the agent's spool holds no more.
inline constexpr std::chrono::days journal_late_max{31};

struct FoundProof {
  std::uint64_t seq = 0;
  Time at;             // Of receipt; of an act, when it was done.
  std::string detail;  // Of two_places_act the JSON of what it left ("luy.after"); else empty.
};

// What the records of a device's day can prove.
enum class DayProof : std::uint8_t { logs, gap, dropped };
std::string day_key(DayProof proof, const DeviceId& device, Day day);
// What the directory notes when somebody signs in while a session of the account lives at another address.
inline constexpr std::string_view two_places_act = "session_two_places";
// A successful act about an account: "sign_in", "password_change", "password_issue", …
std::string act_key(std::string_view act, const AccountId& account);

// The newest change of a watched service's state.
std::string service_key(std::string_view service);

class ProofBook {
 public:
  // Proofs of days are kept for `days_kept`, never less than proof_days_kept. Errors: those of the database and of the
  // store.
  static Result<std::unique_ptr<ProofBook>> open(const evidence::Store& store, records::Database& database,
                                                 const Clock& clock, std::chrono::days days_kept = proof_days_kept);

  // Of days before this one nothing is known: their proofs were forgotten, or never read.
  Day known_from() const { return known_from_; }

  void take(const evidence::Record& record);
  // Writes what was taken since the last call, in one transaction. To be called before the records count as applied.
  Result<void> store();

  // What take() has learnt since the last call, for judging again.
  struct News {
    std::set<std::pair<DeviceId, Day>> days;
    std::set<std::string> acts;  // Of the inventory.
    bool accounts = false;
    bool empty() const { return days.empty() && acts.empty() && !accounts; }
  };
  News news();

  std::optional<FoundProof> find(const std::string& key) const;
  std::optional<std::uint64_t> seq(const std::string& key) const;

 private:
  ProofBook(records::Database& database, const Clock& clock, std::chrono::days days_kept)
      : database_(database), clock_(clock), days_kept_(days_kept) {}
  Result<void> load(const evidence::Store& store);
  void take_log(const evidence::Record& record, const DeviceId& device);
  void take_note(const evidence::Record& record, const DeviceId& device);
  void take_sight(const evidence::Record& record);
  void take_act(const evidence::Record& record);
  void keep(const std::string& key, FoundProof proof, bool first_only);
  void keep_day(DayProof kind, const DeviceId& device, Day day, const evidence::Record& record);

  records::Database& database_;
  const Clock& clock_;
  const std::chrono::days days_kept_;
  Day known_from_{};  // Set by load().
  std::set<std::string> unsaved_;
  News news_;
  std::string last_logs_;  // The key kept last: most log records are of the same device and day as the one before.

  mutable std::mutex mutex_;
  std::map<std::string, FoundProof> proofs_;
};

}  // namespace luy::hub
