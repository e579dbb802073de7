// The book of findings: groups and deduplicates what the parts of the hub report, keeps each finding's evidence by
// number, its state with who changed it, and the clock of its triage. All findings are held in memory and stored.
//
// Threads: every function from any thread. report() and set_state() wait for the disk.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "finding/finding.h"
#include "records/database.h"

namespace luy::finding {

inline constexpr ErrorKind finding_unknown{"finding.unknown", ErrorClass::not_found, "Không tìm thấy phát hiện {}.",
                                           "There is no finding {}."};
inline constexpr ErrorKind reason_needed{"finding.reason_needed", ErrorClass::invalid,
                                         "Hãy ghi lý do vì sao đây là cảnh báo nhầm.",
                                         "Say why this is a false positive."};

// A group that was silent for so long, or open for so long, begins anew, so that what goes on is looked at again.
inline constexpr std::chrono::hours group_quiet{24};
inline constexpr std::chrono::hours group_span{7 * 24};
// Of one rule in one agency at a time; further groups are counted in one finding. Who invents addresses must not fill
// the list.
inline constexpr std::size_t groups_max = 100;
// Findings that were looked at are kept for so long after the last event.
inline constexpr std::chrono::days findings_kept{400};
inline constexpr std::size_t findings_max = 50'000;  // Then those that were looked at longest ago go first.

struct Change {
  enum class Kind : std::uint8_t { opened, grown, state };
  Kind kind = Kind::opened;
  FindingPointer finding;
};
std::string_view name_of(Change::Kind kind);

// How far a reader of the evidence has come. Stored with what it reported, so that after a crash no event is counted
// twice and none is left out.
struct Progress {
  std::string_view reader;
  std::uint64_t next_seq = 0;
};

// What the duty to look at high findings is judged by, in one agency.
struct Triage {
  std::size_t waiting = 0;     // High ones that nobody has looked at.
  FindingPointer most_urgent;  // Of these, the one with the earliest due_at.
  std::size_t looked_at = 0;   // High ones of the last 30 days that were looked at,
  std::size_t late = 0;        // and of these, after their time.
  FindingPointer newest;       // Of those looked at, the newest.
};
inline constexpr std::chrono::days triage_days{30};

// Something of the same transaction, such as the entry in the audit trail.
using InTransaction = std::function<Result<void>(records::Connection&)>;

class Book {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    // From the pack (duty 10.3): within this time a finding of at least `triage_from` is looked at. nullopt: no clock.
    std::optional<Duration> triage;
    Severity triage_from = Severity::high;
    // After the commit, on the thread that reported. May be empty.
    std::function<void(std::span<const Change>)> changed;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<Book>> open(Dependencies dependencies);

  // Opens findings or lets them grow, all in one transaction together with `progress`. Errors: those of the database;
  // nothing is changed then.
  Result<void> report(std::span<const Report> reports, std::optional<Progress> progress = std::nullopt);
  Result<void> report(const Report& one) { return report({&one, 1}); }
  // Of evidence that is read again, each reader in ascending order: an event that any finding of the rule has counted
  // is left out, and so is a report of which nothing remains. Answers what opened or grew. Errors: as report().
  Result<std::vector<FindingPointer>> report_again(std::span<const Report> reports);

  // Where a reader goes on; nullopt when it has never reported.
  Result<std::optional<std::uint64_t>> next_seq(std::string_view reader) const;

  struct StateChange {
    std::vector<FindingId> findings;  // 1 … findings_per_change_max.
    State state = State::acknowledged;
    std::string by;
    std::string reason;
    std::string act;  // See Finding::act.
  };
  // All or none. Errors: finding_unknown, reason_needed, those of `also` and of the database.
  Result<void> set_state(const StateChange& change, const InTransaction& also = {});

  FindingPointer find(const FindingId& id) const;  // nullptr when there is none.
  std::vector<FindingPointer> all() const;         // In no order.
  std::vector<FindingPointer> of_agency(const AgencyId& agency) const;
  // Numbers of the evidence, newest first, below `before`.
  Result<std::vector<std::uint64_t>> members(const FindingId& id, std::optional<std::uint64_t> before,
                                             std::size_t limit) const;
  Result<std::vector<HistoryEntry>> history(const FindingId& id) const;  // Oldest first.
  Triage triage(const AgencyId& agency) const;

  struct Hits {
    std::uint64_t days_30 = 0;
    std::optional<Time> last;
  };
  Hits hits(const std::string& rule) const;

  // Deletes what is old. Called now and then.
  Result<void> expire();

 private:
  explicit Book(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  struct Draft;
  Result<void> apply(records::Connection& c, Draft& draft, const Report& report, Time now) const;
  Result<std::vector<Change>> store(std::span<const Report> reports, const std::optional<Progress>& progress,
                                    bool again);
  // Findings by agency and rule, of the reports' rules: what uncounted() compares with.
  using Known = std::map<std::pair<AgencyId, std::string>, std::vector<FindingPointer>>;
  Known known_of(std::span<const Report> reports) const;
  Result<std::optional<Report>> uncounted(records::Connection& c, const Known& all, const Report& report) const;
  std::shared_ptr<Finding> group_for(Draft& draft, const Report& report, Time now, bool& opened) const;
  void count_hit(Draft& draft, const Report& report, std::uint64_t events) const;

  using HitDays = std::map<Day, std::uint64_t>;
  struct RuleHits {
    HitDays days;
    Time last;
  };

  const Dependencies d_;
  std::mutex writing_;  // One change at a time; held across the transaction. Not taken by readers.

  mutable std::shared_mutex mutex_;  // Guards everything below.
  std::unordered_map<FindingId, FindingPointer> findings_;
  std::map<std::pair<AgencyId, std::string>, FindingId> groups_;  // The newest of each group.
  std::unordered_map<std::string, RuleHits> hits_;
};

// The tables of this module, for records::open_sqlite().
std::span<const records::Migration> migrations();

// For a hub whose evidence was lost: findings stay, without their proofs; readers begin anew.
Result<void> forget_evidence(records::Connection& connection);

}  // namespace luy::finding
