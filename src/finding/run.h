// A run: one or several detection rules over evidence that is kept, to see what they would find (the bench), or to
// find what a new rule would have found (the hunt back). Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "finding/finding.h"

namespace luy::finding {

inline constexpr ErrorKind run_unknown{"finding.run_unknown", ErrorClass::not_found,
                                       "Không tìm thấy lượt chạy luật {}.", "There is no run of rules {}."};
inline constexpr ErrorKind run_over{"finding.run_over", ErrorClass::conflict, "Lượt chạy luật này đã kết thúc.",
                                    "This run of rules is over."};
inline constexpr ErrorKind too_many_runs{"finding.too_many_runs", ErrorClass::busy,
                                         "Đang có quá nhiều lượt chạy luật chờ đến lượt: {}. Hãy chờ hoặc hủy bớt.",
                                         "Too many runs of rules wait for their turn: {}. Wait, or cancel some."};
inline constexpr ErrorKind run_keeps_saved_rules{
    "finding.run_keeps_saved_rules", ErrorClass::invalid,
    "Chỉ luật đã lưu mới được ghi kết quả thành phát hiện. Hãy lưu luật trước.",
    "Only saved rules can turn hits into findings. Save the rule first."};
inline constexpr ErrorKind run_interrupted{
    "finding.run_interrupted", ErrorClass::internal,
    "Máy chủ đã dừng {} lần trong khi chạy luật này. Hãy thu hẹp khoảng thời gian hoặc xem lại luật.",
    "The hub stopped {} times during this run. Choose a shorter time, or look at the rule again."};

using RunId = Id<struct RunTag>;

// Names are stored and travel: never renamed.
enum class RunState : std::uint8_t { waiting, running, done, cancelled, failed };
std::string_view name_of(RunState state);
std::optional<RunState> run_state_from_name(std::string_view name);

inline constexpr std::size_t run_rules_max = 200;  // Of one run.
inline constexpr std::size_t run_sample_max = 50;  // Hits shown: the first ones.
inline constexpr std::size_t run_message_bytes_max = 400;
inline constexpr std::size_t run_findings_max = 1000;  // Remembered by id; a run that touches more says so many.
inline constexpr std::size_t runs_kept = 100;          // Ended ones; older ones are forgotten.
inline constexpr std::size_t runs_waiting_max = 20;
inline constexpr unsigned run_attempts_max = 3;  // A run that stopped the hub so often is not begun again.

struct RunHit {
  std::uint64_t seq = 0;
  Time time;
  std::string rule;
  AgencyId agency;
  std::optional<DeviceId> device;
  std::string message;
};

struct RunRule {
  std::string id;
  Text title;
  Severity severity = Severity::medium;
  std::uint64_t hits = 0;
};

struct RunDay {
  std::uint64_t events = 0;
  std::uint64_t hits = 0;
};

struct Run {
  RunId id;
  RunState state = RunState::waiting;

  // What was asked for.
  std::string yaml;                // Of the bench; empty: `rules`.
  std::vector<std::string> rules;  // Ids.
  Time from;                       // Of receipt, inclusive.
  Time to;                         // Exclusive; never after asked_at.
  std::optional<AgencyId> agency;  // And those below it.
  std::vector<AgencyId> scope;     // Whose records are read: never empty, what the one who asked could search.
  bool keep = false;               // Hits become findings.
  AccountId account;
  std::string by;
  Time asked_at;

  // How far it got.
  unsigned attempts = 0;
  std::optional<Time> started_at;
  std::optional<Time> ended_at;
  std::uint64_t first_seq = 0;  // Of the time asked for, whoever's record it is: what progress is counted by.
  std::uint64_t next_seq = 0;
  std::uint64_t end_seq = 0;
  std::uint64_t revision = 0;  // Of the rules, when it began.

  // What it found.
  std::uint64_t events = 0;  // Looked at.
  std::uint64_t hits = 0;    // Matches of rules and alerts of correlations.
  std::uint64_t cpu_ns = 0;  // Of matching alone, without reading.
  std::vector<RunRule> found;
  std::vector<RunHit> sample;
  std::map<Day, RunDay> days;    // Of receipt, in Asia/Ho_Chi_Minh.
  std::set<FindingId> findings;  // Opened or grown.
  struct Failure {
    std::string code;
    Text text;
  };
  std::optional<Failure> failure;

  bool over() const { return state != RunState::waiting && state != RunState::running; }
  std::uint64_t scanned() const { return next_seq - first_seq; }
  std::uint64_t total() const { return end_seq - first_seq; }
  // It was asked for to the end of what there is.
  bool to_the_end() const { return to == asked_at; }
  // Back to its beginning.
  void forget_progress();
};
using RunPointer = std::shared_ptr<const Run>;

}  // namespace luy::finding
