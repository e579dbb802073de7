// Detection inside the hub: one thread that reads what became durable, lets the compiled rules look at it, and reports
// findings. It reads the evidence itself, like the pipeline: whatever it costs, receiving and judging never wait for
// it, and the evidence is the queue. What it reports and how far it has read are stored in one transaction, so a crash
// neither loses nor doubles an event. Windows of correlations are filled again from the evidence after a start and
// after a change of rules.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "detect/correlate.h"
#include "detect/engine.h"
#include "evidence/store.h"
#include "finding/book.h"
#include "finding/rule_book.h"
#include "finding/source_book.h"
#include "hub/engine_event.h"
#include "hub/sighting.h"

namespace luy::hub {

// Of one transaction of findings.
inline constexpr std::size_t detect_records_per_round = 1000;
inline constexpr std::chrono::milliseconds detect_round_time{300};
// Without findings the place reached is stored this often: what is read again after a crash.
inline constexpr std::chrono::seconds detect_progress_every{5};
// To fill the windows of correlations at most so much is read again.
inline constexpr std::chrono::hours detect_warm_up{24};
inline constexpr std::uint64_t detect_warm_up_records = 200'000;
// A hub that never detected before begins with what is so old.
inline constexpr std::chrono::hours detect_look_back{24};

class Detector {
 public:
  struct Dependencies {
    const evidence::Store& store;
    const Clock& clock;
    finding::Book& book;
    finding::RuleBook& rules;
    // The agency and its superiors. Thread-safe.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    // Empty when unknown. Thread-safe.
    std::function<std::string(const DeviceId&)> device_name;
    // On the detection thread, once new rules are at work. May be empty.
    std::function<void()> armed;
    // Which log sources came. May be null.
    finding::SourceBook* sources = nullptr;
    // On the detection thread: one that had not come of late came from the agency. May be empty.
    std::function<void(const AgencyId&)> source_came{};
  };
  explicit Detector(Dependencies dependencies);
  ~Detector();

  // Error: those of the database.
  Result<void> start();
  void stop();

  // Thread-safe, neither waits.
  void note_grown();
  void note_rules();  // They may have changed.

  struct Counters {
    std::atomic<std::uint64_t> events{0};  // Looked at, those of warming up too.
    std::atomic<std::uint64_t> matches{0};
    std::atomic<std::uint64_t> alerts{0};
    std::atomic<std::uint64_t> unreadable{0};  // Events the engine could not read.
    std::atomic<std::uint64_t> next_seq{0};
    std::atomic<std::uint64_t> rules{0};  // Armed.
    std::atomic<std::uint64_t> revision{0};
  };
  const Counters& counters() const { return counters_; }

 private:
  void run();
  bool arm();  // False: not possible now.
  void warm_up();
  bool read_round();  // True: there is more.
  void look_at(const evidence::Record& record, bool reporting);
  bool store_round(std::uint64_t next);
  void note_sources(const evidence::Record& record, const Place& place);

  const Dependencies d_;
  Counters counters_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  bool grown_ = true;
  bool rules_changed_ = true;

  // On the detection thread only.
  finding::ArmedPointer armed_;
  std::optional<detect::Matcher> matcher_;
  std::optional<detect::Correlator> correlator_;
  Sightings sightings_;
  std::uint64_t next_seq_ = 0;
  std::uint64_t stored_seq_ = 0;
  Duration next_store_{};
};

// The first record received at or after `time`. Errors: those of the store.
Result<std::uint64_t> seq_at(const evidence::Store& store, Time time);

}  // namespace luy::hub
