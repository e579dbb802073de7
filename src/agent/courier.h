// Decides what is sent when, and what an answer means. No threads and no sockets: the sender carries batches to a
// HubLink and brings the answers back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/hub_link.h"
#include "agent/spool.h"
#include "base/clock.h"
#include "base/random.h"

namespace luy::agent {

// Not thread-safe: belongs to the agent's main thread.
class Courier {
 public:
  static constexpr Duration backoff_first = std::chrono::seconds(1);
  static constexpr Duration backoff_max = std::chrono::seconds(60);
  // While the hub refuses this device, it is asked again this often: an administrator may allow it again.
  static constexpr Duration refused_pause = std::chrono::minutes(1);

  // Batches follow one another at least this far apart, unless a full one waits: a line a second is not a request a
  // second for each of a thousand machines.
  static constexpr Duration linger = std::chrono::seconds(1);

  // Refused batches are kept up to this; then sending stops until an administrator has looked at them.
  static constexpr std::uint64_t rejected_bytes_max = 256 << 20;

  enum class State { idle, sending, waiting, refused };

  // Refused batches are put aside in `rejected`, whole.
  Courier(Spool& spool, Disk& rejected, const Clock& clock, Random& random)
      : spool_(spool), rejected_(rejected), clock_(clock), random_(random) {}

  // A batch to send now; nullopt when one is under way, a pause lasts, or there is nothing. Errors: the spool's.
  Result<std::optional<OutgoingBatch>> take();

  // The answer for the batch taken last. Errors: the spool's or, for a refused batch, those of the disk.
  Result<void> settle(const OutgoingBatch& batch, const Delivery& delivery);

  // When take() may have something again, on the monotonic clock.
  Duration next_attempt() const { return next_attempt_; }
  State state() const { return state_; }
  const std::string& trouble() const { return trouble_; }  // The last detail while not delivering, else empty.
  std::optional<Time> last_accepted() const { return last_accepted_; }
  std::uint64_t batches_accepted() const { return batches_accepted_; }
  std::uint64_t batches_rejected() const { return batches_rejected_; }

 private:
  Result<std::uint64_t> rejected_bytes();
  Result<void> put_aside(const OutgoingBatch& batch, const std::string& reason);
  Duration jittered(Duration pause);

  Spool& spool_;
  Disk& rejected_;
  const Clock& clock_;
  Random& random_;
  State state_ = State::idle;
  Duration next_attempt_{0};
  Duration backoff_{0};
  std::string trouble_;
  std::optional<Time> last_accepted_;
  std::uint64_t batches_accepted_ = 0;
  std::uint64_t batches_rejected_ = 0;
};

}  // namespace luy::agent
