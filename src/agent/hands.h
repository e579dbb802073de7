// What the agent's main thread has others do: slow collectors and sending run elsewhere, and their answers are fetched.
// An interface, so that tests and simulation run everything in one thread.
#pragma once

#include <optional>
#include <string>

#include "agent/collector.h"
#include "agent/hub_link.h"
#include "agent/order_taker.h"
#include "agent/spool.h"

namespace luy::agent {

struct Collected {
  fact::Kind kind = fact::Kind::identity;
  Result<Finding> finding;
};
struct Delivered {
  OutgoingBatch batch;
  Delivery delivery;
};

class Hands {
 public:
  virtual ~Hands() = default;
  // At most one collection per kind and one batch are under way at a time.
  virtual void collect(const Collector& collector, std::string memory) = 0;
  virtual void send(OutgoingBatch batch) = 0;
  // Asks the hub for orders and performs them; at most once at a time. `memory` is what OrderTaker left.
  virtual void ask_orders(std::string memory) = 0;
  virtual std::optional<Collected> collected() = 0;
  virtual std::optional<Delivered> delivered() = 0;
  virtual std::optional<TakenOrders> orders_taken() = 0;

  // Of this process and its finished children, since it started.
  virtual Duration cpu_time() = 0;
  virtual std::int64_t rss_bytes() = 0;
  // Gives memory that is not in use back to the operating system.
  virtual void trim_memory() = 0;
};

}  // namespace luy::agent
