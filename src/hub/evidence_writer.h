// The evidence thread: the only one that appends to the store, signs checkpoints, closes days and deletes what is older
// than the retention. Whatever waits is appended together, so that many agents share one fsync.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/rewrite.h"
#include "evidence/store.h"

namespace luy::hub {

inline constexpr ErrorKind evidence_busy{
    "hub.evidence_busy", ErrorClass::unavailable,
    "Máy chủ đang ghi nhiều nhật ký hơn khả năng. Hãy thử lại sau ít giây.",
    "The hub receives more logs than it can store right now. Try again in a few seconds."};
inline constexpr ErrorKind evidence_stopped{"hub.evidence_stopped", ErrorClass::unavailable,
                                            "Máy chủ đang dừng nên không ghi thêm nhật ký. Hãy thử lại sau.",
                                            "The hub is stopping and stores nothing more. Try again later."};

// The sender of the hub's own numbered records: the audit trail.
inline constexpr std::string_view own_sender = "hub";

inline constexpr std::size_t waiting_bytes_max = 32 << 20;
inline constexpr std::size_t group_bytes_max = 8 << 20;
inline constexpr std::size_t group_batches_max = 64;
inline constexpr std::chrono::seconds checkpoint_every{10};

// A record that owns its bytes.
struct OwnedRecord {
  std::string source;
  std::uint8_t transport = 0;
  std::string raw;
};

struct Submission {
  std::optional<evidence::BatchKey> key;
  std::vector<OwnedRecord> records;
  std::uint64_t dropped = 0;  // What the sender says it lost before this batch.
  // Called on the evidence thread once the records are durable, or with the error. May be empty.
  std::function<void(Result<evidence::Appended>)> done;
};

class EvidenceWriter {
 public:
  // Called on the evidence thread for every batch that became durable, before its `done`; it must only hand over.
  using Grown = std::function<void(const std::optional<evidence::BatchKey>&, const evidence::Appended&)>;
  // The first day that a legal hold keeps, asked before each deletion, on the evidence thread; on an error nothing is
  // deleted. May be empty.
  using HeldFrom = std::function<Result<std::optional<Day>>()>;
  EvidenceWriter(evidence::Store& store, const Clock& clock, int retention_days, Grown grown, HeldFrom held_from = {});
  ~EvidenceWriter();

  void start();
  // Appends what waits, signs a last checkpoint, joins.
  void stop();

  // Thread-safe. False: too much is waiting already, outside records are refused, or stopped; `done` was not and will
  // not be called.
  bool submit(Submission submission);
  // Waits until the records are durable. Not on the evidence thread or the io thread.
  Result<evidence::Appended> append(std::optional<evidence::BatchKey> key, std::vector<OwnedRecord> records);

  // Puts a day that was written anew in the place of the old one, on the evidence thread, and waits for it. Not on the
  // evidence thread. Errors: those of Store::finish_rewrite(); evidence_stopped.
  Result<evidence::Rewritten> finish_rewrite(std::unique_ptr<evidence::PreparedRewrite> prepared);
  // Whether the newest round of retention believed the clock (evidence/clock_watch.h): what goes by its age may go.
  bool retention_settled() const { return settled_; }

  // While the disk has little left but its reserve: what comes from outside is not taken, so that what people do and
  // what the hub itself has to say still is. Thread-safe.
  void refuse_outside(bool refuse) { refusing_ = refuse; }
  bool refuses_outside() const { return refusing_; }

  // For the metrics.
  struct Counters {
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> records{0};
    std::atomic<std::uint64_t> duplicates{0};
    std::atomic<std::uint64_t> missing{0};
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> failures{0};
  };
  const Counters& counters() const { return counters_; }

 private:
  void run();
  void run_errands();
  void append_group(std::vector<Submission> group);
  void maintain();
  void tell(std::string_view what, const Error* error);

  evidence::Store& store_;
  const Clock& clock_;
  const int retention_days_;
  const Grown grown_;
  const HeldFrom held_from_;
  Counters counters_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Submission> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool stopping_ = false;
  std::deque<std::function<void(bool stopped)>> errands_;
  std::thread thread_;

  // On the evidence thread only.
  Duration next_checkpoint_{};
  Duration next_close_{};
  std::map<std::string_view, std::string>
      told_;  // By what was being done: the last trouble, so that it is logged once.

  std::atomic<bool> refusing_{false};
  std::atomic<bool> settled_{false};
};

}  // namespace luy::hub
