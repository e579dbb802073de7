// Verdicts for every obligation and subject, kept current: a fact, a record or the clock re-judges exactly what depends
// on it; nothing is computed when somebody looks. Present verdicts and their history are stored, so that "since" and
// the past survive a restart; everything else is judged again from the inventory when the engine opens.
//
// Threads: the on_… functions and next_change() from one thread only (the hub's duty thread); all const readers from
// any thread. A reader sees the verdicts before or after a call, never in the middle of one change of one subject.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "duty/verdict.h"
#include "inventory/inventory.h"
#include "records/database.h"
#include "regulation/calendar.h"
#include "regulation/pack.h"

namespace luy::duty {

using regulation::Calendar;

inline constexpr ErrorKind check_missing{
    "duty.check_missing", ErrorClass::invalid,
    "Gói quy chế dùng phép kiểm tra mà phiên bản này không có: {}. Hãy dùng gói đi kèm phiên bản phần mềm này.",
    "The regulation pack uses a check that this version does not have: {}. Use the pack that came with this version."};
inline constexpr ErrorKind verdict_unknown{"duty.verdict_unknown", ErrorClass::not_found,
                                           "Không có kết quả đánh giá {}.", "There is no verdict {}."};

// An agency that exists today.
struct AgencyInfo {
  AgencyId id;
  std::optional<AgencyId> superior;
  std::string name;
  bool operator==(const AgencyInfo&) const = default;
};

// An account of the product itself, as far as duties concern it.
struct ProductAccount {
  AccountId id;
  AgencyId agency;  // Of its first grant.
  std::string username;
  std::string display_name;
  bool has_owner = false;  // A living person stands behind it.
  bool enabled = true;
  bool must_change_password = false;
  Time issued_at;
  std::optional<Time> password_changed_at;  // By its owner; nullopt = still the issued one.
  std::optional<Time> last_sign_in;
  // Evidence numbers of the newest audit records of what was done, where known; of refused attempts never.
  std::optional<std::uint64_t> issued_seq;    // Its password was issued.
  std::optional<std::uint64_t> password_seq;  // Its owner changed the password.
  std::optional<std::uint64_t> sign_in_seq;
  std::optional<std::uint64_t> disabled_seq;
  // The newest sign-in while sessions lived at other addresses.
  struct TwoPlaces {
    Time at;
    std::string address;
    std::string other_address;  // One of them,
    Time other_seen;            // and when the session there was last used.
    std::optional<std::uint64_t> seq;
    bool operator==(const TwoPlaces&) const = default;
  };
  std::optional<TwoPlaces> two_places;
  bool places_watched = false;  // Whether sign-ins from two places would be known.
  bool operator==(const ProductAccount&) const = default;
};

// Who answers for an account on a device.
struct AccountOwner {
  std::string name;         // The person's; empty when the account is shared and nobody is named.
  bool in_service = false;  // Still is in office.
  bool shared = false;      // Several people use the account.
  Time since;
  std::optional<std::uint64_t> seq{};  // Of the audit record that says so.
  std::optional<Time> until{};         // From then on nobody answers.
};

// What the evidence holds of one device and day (evidence::Coverage).
struct DayCoverage {
  std::uint64_t records = 0;  // Of whatever kind.
  // Whether a log record of that day is there: a line of a journal, a file or a network, not what the agent itself has
  // to say (facts, notes). A journal's entries are of the day they bear, everything else of the day it arrived.
  bool logs = false;
  std::uint64_t missing_batches = 0;
  bool damaged = false;       // The day fails verification,
  regulation::Text damage{};  // for this reason, in whole sentences.
  // The newest verification of the day after it was closed: its evidence record and the file it looked at.
  struct Verified {
    Time at;
    std::optional<std::uint64_t> seq;
    std::string file;
  };
  std::optional<Verified> verified{};
  std::uint64_t dropped_records = 0;  // What the device says it lost because its own store was full.
  // The newest notes of the evidence that say so.
  std::optional<std::uint64_t> gap_seq{};
  std::optional<std::uint64_t> dropped_seq{};
  // Nothing was received from anybody that day, and the records before and after follow each other: the hub was off.
  // What the device had to say then came later.
  bool hub_off = false;
};

// What duty 10.3 is judged by in one agency: its high findings (module finding).
struct TriageState {
  std::size_t waiting = 0;  // That nobody has looked at.
  // Of these, the one whose time ends first.
  regulation::Text urgent{};
  std::optional<Time> due_at{};
  std::optional<Time> urgent_since{};
  std::optional<std::uint64_t> urgent_seq{};  // Of the evidence it rests on.
  std::size_t looked_at = 0;                  // Of late, and of these, after their time.
  std::size_t late = 0;
  std::int64_t days = 0;  // How long "of late" is.
  std::optional<Time> newest{};
  std::optional<std::uint64_t> newest_seq{};  // Of the audit record of the newest look.
  std::size_t rules = 0;                      // Detection rules at work.
};

// What is on record in one agency for a duty whose check is `record`.
struct RecordState {
  std::size_t waiting = 0;  // Under way.
  std::size_t kept = 0;     // Done as the duty asks, of late.
  // Of those under way the most urgent.
  regulation::Text urgent{};
  std::optional<Time> due_at{};    // Nothing: the duty names no time.
  std::optional<Time> due_from{};  // Not begun, and not to be begun before this; nothing: due at once.
  std::optional<Time> urgent_since{};
  std::optional<std::uint64_t> urgent_seq{};  // Of the evidence record it began with.
  std::optional<Time> newest{};               // Of those done.
  std::optional<std::uint64_t> newest_seq{};
  std::int64_t days = 0;  // How long "of late" is.
};

// What is on record of the passwords of a network or storage device that runs no agent (module premises).
struct CredentialState {
  Time registered_at{};
  std::optional<std::uint64_t> registered_seq{};
  std::optional<Time> changed_at{};    // The beginning of the day of the newest change; none is on record.
  std::optional<Time> due_at{};        // When somebody said that they are to be changed again.
  std::optional<std::uint64_t> seq{};  // Of the audit record of the newest change.
};

// What an agency's address plan and register of links say of the dedicated data network (module premises).
struct NetworkTerms {
  std::vector<std::string> dedicated{};  // Its ranges, beside those of the pack.
  bool terms_missing = false;            // A link to it has no terms of use on record.
};

// What duty 8.2 is judged by in one agency: its watched services (module watch), without those that are switched off.
struct ServiceState {
  enum class Standing : std::uint8_t { up, slow, changed, down, unknown };
  std::string name;
  Standing standing = Standing::unknown;
  Time since{};                           // Since when it is that.
  std::optional<Time> announced_until{};  // Work that goes on now.
  std::optional<std::uint64_t> seq{};     // Of the evidence record that says so.
};

// What a duty to deal with detections is judged by on one device: those of its findings that are such detections
// (finding/duty_record.h), and whether its logs would show one.
struct DetectionState {
  std::size_t waiting = 0;  // That nobody has dealt with.
  // Of these, the one opened first.
  regulation::Text urgent{};
  std::optional<Time> opened_at{};
  std::optional<std::uint64_t> urgent_seq{};  // Of the evidence it rests on.
  std::size_t handled = 0;                    // Of late.
  std::int64_t days = 0;                      // How long "of late" is.
  std::optional<Time> newest{};
  std::optional<std::uint64_t> newest_seq{};  // Of the audit record of the newest act.
  std::size_t rules = 0;                      // At work, that read a log which the device sends.
  // A record of the log that they read longest by; what is not sent any more says nothing from `watched_until` on.
  std::optional<Time> last_log{};
  std::optional<std::uint64_t> last_log_seq{};
  std::optional<Time> watched_until{};
};
// By device, then record type (regulation::Obligation::record). What is missing is neither found nor watched.
using Detections = std::map<DeviceId, std::map<std::string, DetectionState>>;

// For how long the logs of a device have to be kept where more is asked for than the pack's own number: by the level of
// an information system, or by a term that two people set.
struct LogTerm {
  int days = 0;
  // What was there before this day is not known, as a shorter term may have allowed it to go: those days are not
  // missed. Speaks only of what the pack itself does not ask for.
  Day known_from{};
  bool operator==(const LogTerm&) const = default;
};

struct Dependencies {
  records::Database& database;
  const Clock& clock;
  const inventory::Inventory& inventory;
  const regulation::Pack& pack;
  Calendar calendar;
  // nullopt: nothing received that day. Called on the engine's thread, for past days once and after on_day(), for today
  // when asked.
  std::function<Result<std::optional<DayCoverage>>(const DeviceId&, Day)> coverage;
  // Called on the engine's thread after the commit. May be empty.
  std::function<void(std::span<const VerdictChange>)> changed;
  // Evidence number of the audit record of an act of the inventory (inventory/approval.h), where it is there already.
  // Called on the engine's thread, often. May be empty.
  std::function<std::optional<std::uint64_t>(const std::string& act)> act_seq{};
  // Called on the engine's thread. May be empty: findings are not kept.
  std::function<TriageState(const AgencyId&)> triage{};
  // By the id of the record type (regulation::Obligation::record); nullopt: such records are not kept yet. Called on
  // the engine's thread. May be empty.
  std::function<std::optional<RecordState>(const AgencyId&, const std::string& record)> records{};
  // The same for services, in order of name. May be empty: nothing is watched.
  std::function<std::vector<ServiceState>(const AgencyId&)> services{};
  // The same for detections on the agency's devices. May be empty: nothing is watched.
  std::function<Detections(const AgencyId&)> detections{};
  // Who answers for an account on a device; nullopt: nobody. Called on the engine's thread. May be empty.
  std::function<std::optional<AccountOwner>(const DeviceId&, const fact::Account&)> account_owner{};
  // What is on record of the passwords of a network or storage device; nullopt: it stands in no register. Called on the
  // engine's thread. May be empty: no such register is kept.
  std::function<std::optional<CredentialState>(const DeviceId&)> credentials{};
  // Of a device of this agency. Called on the engine's thread. May be empty: the pack's number holds.
  std::function<LogTerm(const AgencyId&)> log_term{};
  // Called on the engine's thread. May be empty: the pack's ranges alone hold.
  std::function<NetworkTerms(const AgencyId&)> network_terms{};
};

// The tables of this module, for records::open_sqlite().
std::span<const records::Migration> migrations();

// For a hub whose evidence was lost, while no Engine is open: verdicts and their history stay, without their proofs.
Result<void> forget_evidence(records::Connection& connection);

struct Filter {
  std::optional<std::string> obligation;
  std::optional<std::string> article;
  std::optional<AgencyId> agency;
  std::optional<std::string> subject;
  std::optional<State> state;
  std::function<bool(const AgencyId&)> visible;  // Empty = all.
  std::string after;                             // Page::next of the page before.
  std::size_t limit = 100;
};
struct Page {
  std::vector<Verdict> verdicts;  // In the pack's order of obligations, then of subject ids.
  std::size_t total = 0;          // All that match, on whatever page.
  std::optional<std::string> next;
};

// One obligation in one agency.
struct Cell {
  std::string obligation;
  AgencyId agency;
  Counts counts;
  std::optional<Time> violated_since;             // The oldest present violation.
  std::optional<std::int64_t> violated_week_ago;  // nullopt while the engine has not run for a week.
};

class Engine {
 public:
  // Loads the stored verdicts and judges everything. Errors: check_missing, regulation.no_parameter, those of the
  // database.
  static Result<std::unique_ptr<Engine>> open(Dependencies dependencies, std::vector<AgencyInfo> agencies,
                                              std::vector<ProductAccount> accounts);
  virtual ~Engine() = default;

  // Each stores what it changed in one transaction, then tells `changed`. Errors: those of the database; the verdicts
  // in memory are right all the same, and are stored by the next call that succeeds.
  virtual Result<void> on_change(const inventory::Change& change) = 0;
  // After inventory::Inventory::seen(). `missing` > 0: batches that never came.
  virtual Result<void> on_seen(const DeviceId& device, std::uint64_t missing) = 0;
  // What `coverage` says of a day may have changed: it was verified.
  virtual Result<void> on_day(Day day) = 0;
  // The same of one device: something came that is of that day.
  virtual Result<void> on_logs(const DeviceId& device, Day day) = 0;
  // What `log_term` says may have changed.
  virtual Result<void> on_log_terms() = 0;
  virtual Result<void> on_agencies(std::vector<AgencyInfo> agencies) = 0;
  // The agency's findings, or what is on record there, have changed.
  virtual Result<void> on_findings(const AgencyId& agency) = 0;
  virtual Result<void> on_accounts(std::vector<ProductAccount> accounts) = 0;
  // Re-judges what the passing of time changes, up to the clock's now. Call at next_change(), or every second.
  virtual Result<void> on_clock() = 0;
  virtual std::optional<Time> next_change() const = 0;
  // Judges everything again: what a restart does. For tests and the benchmark.
  virtual Result<void> judge_all() = 0;

  virtual Page list(const Filter& filter) const = 0;
  virtual std::optional<Verdict> find(std::string_view obligation, std::string_view subject) const = 0;
  // Newest first. Errors: those of the database.
  virtual Result<std::vector<PastVerdict>> history(std::string_view obligation, std::string_view subject,
                                                   std::size_t limit) const = 0;
  virtual Result<std::vector<PastVerdict>> device_history(const DeviceId& device, std::size_t limit) const = 0;
  virtual std::vector<Cell> cells(const std::function<bool(const AgencyId&)>& visible) const = 0;
  virtual Counts counts(const DeviceId& device) const = 0;  // Of the device and what belongs to it.
  virtual std::vector<AgencyInfo> agencies() const = 0;
  virtual std::size_t size() const = 0;  // Verdicts held.
};

}  // namespace luy::duty
