// Verifies closed days of evidence in the background: once after a day was closed, again when its file looks different,
// and again every recheck_after, one day at a time at the lowest priority. What was found is remembered with the day's
// tree and the file's size and time of change, so that a restart neither forgets a damaged day nor begins anew.
//
// On a day without any record it leaves one of its own, so that a day without a file is a day on which the hub was off.
//
// Each new outcome is written into the evidence, once per agency as "<agency>/hub/evidence": it is the proof on which
// the verdicts of duty 9.2 rest.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "evidence/note.h"
#include "evidence/query.h"
#include "hub/evidence_writer.h"
#include "records/database.h"

namespace luy::hub {

// A disk rots silently; within a week it is noticed while other copies are still at hand.
inline constexpr std::chrono::days recheck_after{7};
// Sooner when it failed: what hindered the reading (memory, descriptors) may have passed.
inline constexpr std::chrono::hours recheck_damaged_after{1};
inline constexpr std::chrono::seconds look_every{30};
// After a day was verified the thread rests for this many times as long as that took.
inline constexpr int rest_factor = 3;

// What the newest verification of a day found. An empty `fault_en` is a sound day.
struct DayCheck {
  Time checked_at;
  std::string fault_vi;  // The first fault, a whole sentence.
  std::string fault_en;
  std::map<AgencyId, std::uint64_t> notes;  // Evidence numbers of what was noted about it.
  bool sound() const { return fault_en.empty(); }
};

class DayWatch {
 public:
  struct Dependencies {
    const evidence::Store& store;
    EvidenceWriter& writer;
    records::Database& database;
    const Clock& clock;
    std::filesystem::path folder;  // Of the store.
    std::vector<evidence::VerifierKey> keys;
    std::function<std::vector<AgencyId>()> agencies;  // In whose records the outcome is noted. Thread-safe.
    std::function<void(Day)> changed;                 // On the watch's thread; must only hand over. May be empty.
  };
  // Loads what is remembered. Errors: those of the database and of the store.
  static Result<std::unique_ptr<DayWatch>> open(Dependencies dependencies);
  ~DayWatch() { stop(); }

  void start();
  // A verification under way is given up.
  void stop();

  // Thread-safe. nullopt: not verified yet.
  std::optional<DayCheck> find(Day day) const;
  std::size_t damaged() const;  // Days with a fault.
  // Whether the store has or had records of the day, as far as is known: of a past day that no record of the retention
  // names. The store itself has checked that its days follow one another without a hole.
  bool received(Day day) const;

  // Verifies the one day that needs it most; false when none does. Called by the thread; for tests without one.
  // Errors: those of the store, the writer and the database; the day is tried again then.
  Result<bool> check_next();

 private:
  // The day as it was verified; `size` and `root` are those of the tree at its end.
  struct Known {
    DayCheck check;
    std::uint64_t file_bytes = 0;
    std::int64_t file_time = 0;  // Nanoseconds since 1970.
    std::uint64_t size = 0;
    Hash root{};
  };
  explicit DayWatch(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Result<std::vector<evidence::DayInfo>> present_days();
  void run();
  Result<void> note_running(const std::vector<evidence::DayInfo>& days);
  std::optional<Day> absent_day(const std::vector<evidence::DayInfo>& days) const;
  std::optional<Day> day_to_check(const std::vector<evidence::DayInfo>& days) const;
  Known verify(Day day) const;
  Result<void> settle(Day day, Known now);
  Result<std::map<AgencyId, std::uint64_t>> note(Day day, const Known& now);
  Result<void> save(Day day, const Known& known);
  Result<bool> was_deleted_by_right(Day day) const;
  Result<void> forget(Day day);

  Dependencies d_;
  mutable std::mutex mutex_;
  std::map<Day, Known> known_;
  std::set<Day> present_;  // Days the store holds.
  std::condition_variable_any wake_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace luy::hub
