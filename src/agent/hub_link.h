// The way to the hub, as an interface: TLS on Linux, WinHTTP on Windows, a fake in tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::agent {

struct Delivery {
  enum class Outcome {
    accepted,        // The hub has it, durable.
    refused_batch,   // 400 or 413: this batch will never be taken; others may.
    refused_device,  // 401 or 403: this device is not, or no longer, welcome.
    number_taken,    // 409: the hub has other content under this number: all that is unsent needs a new spool id.
    later,           // 429, 503, or no connection: try again.
  };
  Outcome outcome = Outcome::later;
  std::string detail;  // For the administrator: the hub's sentence or the network's error. Empty when accepted.
  std::chrono::seconds retry_after{0};  // The hub's wish, when it gave one.
  bool orders = false;                  // Orders wait at the hub.
};

// Called on the sender's thread only, except interrupt().
class HubLink {
 public:
  virtual ~HubLink() = default;
  // Waits for the hub's answer, at most the link's own deadlines.
  virtual Delivery deliver(std::uint64_t number, std::string_view batch) = 0;
  // Renews the certificate when less than a third of its life is left. Errors are for the log; sending goes on.
  virtual Result<void> renew_when_due() = 0;
  // What waits for this device: an order::Answer as JSON. Errors: the network's, the hub's.
  virtual Result<std::string> ask_orders() = 0;
  // The device's policy, when it is not the version held: a device_policy::Answer as JSON. Errors: the same.
  virtual Result<std::string> ask_policy(std::int64_t held) = 0;
  // From any thread: makes a running and every later call return at once with Outcome::later.
  virtual void interrupt() = 0;
};

}  // namespace luy::agent
