// Where records of senders without an agent queue up for the evidence: one lane a device, with numbered batches of its
// own, so that coverage, gaps and losses are kept as they are for agents. A lane has one batch with the writer at a
// time; what comes meanwhile makes the next one.
//
// Threads: any. Nothing here waits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "hub/evidence_writer.h"

namespace luy::hub {

inline constexpr std::size_t desk_bytes_max = 24 << 20;
// One device alone cannot fill the desk.
inline constexpr std::size_t lane_bytes_max = 8 << 20;
// Of a sender that knows no acknowledgement less may wait: kill -9 loses it.
inline constexpr std::size_t lane_bytes_unacknowledged = 512 << 10;
inline constexpr std::size_t lane_batch_bytes = 2 << 20;
inline constexpr std::size_t lane_batch_records = 20'000;

struct Delivery {
  AgencyId agency;
  DeviceId device;
  std::vector<OwnedRecord> records;  // `source` is the stream alone: "syslog/udp".
  std::uint64_t dropped = 0;         // Of this device, lost before these.
  // Called once the records are durable, or with the error: then they are not stored. Without one, records that could
  // not be stored wait here and are tried again.
  std::function<void(Result<void>)> done{};
};

class IntakeDesk {
 public:
  IntakeDesk(EvidenceWriter& writer, Random& random);

  // False: there is no room now; `delivery` is as it was. Where it has no `done`, lane_bytes_unacknowledged is the
  // room.
  bool take(Delivery& delivery);
  // Tries again what could not be stored; a few times a second.
  void tick();
  // Waits until everything taken is stored, at most so long; false: something is left.
  bool drain(Duration within);

  std::size_t waiting_bytes() const;
  std::uint64_t refused() const { return refused_; }  // Records the store would not take at any time.

 private:
  struct Lane {
    std::uint64_t spool_id = 0;
    std::uint64_t number = 0;  // Of the batch stored last.
    std::deque<Delivery> waiting;
    std::vector<Delivery> under_way;
    std::size_t bytes = 0;  // Of both.
    bool again = false;     // The last batch failed: wait for tick().
  };
  static std::size_t bytes_of(const Delivery& delivery);
  void send(const DeviceId& device, Lane& lane);
  void answered(const DeviceId& device, const Result<evidence::Appended>& result);
  // What is to be told of a batch that failed; the rest goes back into the lane.
  std::vector<Delivery> failed(Lane& lane, const Error& error);

  EvidenceWriter& writer_;
  Random& random_;
  std::atomic<std::uint64_t> refused_{0};
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::map<DeviceId, Lane> lanes_;
  std::size_t bytes_ = 0;
};

}  // namespace luy::hub
