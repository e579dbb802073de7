// Runs of rules over kept evidence: one thread of the lowest priority that reads records of days gone by through the
// same decoder and the same engine as the live detector, one run at a time. It never takes more than its share of one
// processor. How far it got is stored now and then: after a restart a run goes on where it was, or begins anew where
// windows of time would be missing; what it found is not counted twice.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "detect/correlate.h"
#include "detect/engine.h"
#include "evidence/store.h"
#include "finding/rule_book.h"
#include "finding/run_book.h"
#include "hub/engine_event.h"
#include "hub/sighting.h"

namespace luy::hub {

inline constexpr std::size_t run_batch_records = 256;  // Matched together; a cancelled run ends within one.
inline constexpr std::size_t run_batch_bytes = 4 << 20;
inline constexpr std::size_t run_round_records = 10'000;  // Of one reading of the store.
inline constexpr std::chrono::seconds run_round_time{1};
inline constexpr std::chrono::seconds run_stored_every{5};  // What is read again after a crash.
// A hunt back waits so long until live detection has the newest rules, so that between the two no event is left out.
inline constexpr std::chrono::seconds run_armed_wait{60};

class RuleRuns {
 public:
  struct Dependencies {
    const evidence::Store& store;
    const Clock& clock;
    finding::Book& book;
    finding::RuleBook& rules;
    finding::RunBook& runs;
    // The agency and its superiors. Thread-safe.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    // Whether live detection has the newest rules. Thread-safe.
    std::function<bool()> armed;
    int cpu_percent = 50;  // Of one processor, reading and matching together, 1 … 100; the rest of the time it sleeps.
  };
  explicit RuleRuns(Dependencies dependencies);
  ~RuleRuns();

  void start();
  void stop();  // A run under way goes on after the next start.

 private:
  struct Job;
  void loop();
  void execute(finding::Run run);
  bool prepare(Job& job);  // False: there is nothing to do, or no longer.
  bool read_round(Job& job);
  bool match_batch(Job& job);
  void look_at(Job& job, std::size_t index);
  bool keep_hits(Job& job);
  void fail(Job& job, const Error& error);
  bool show(Job& job, bool durable);
  void pace(Job& job);
  bool wait(const Job& job, Duration time);  // False: the run is over, or the hub stops.

  const Dependencies d_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  bool changed_ = true;
};

}  // namespace luy::hub
