// The agent's two helper threads: one runs collectors, one talks to the hub.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "agent/hands.h"
#include "agent/policy_keeper.h"
#include "agent/software_keeper.h"
#include "base/queue.h"

namespace luy::agent {

// Measures and trims this process; each platform has its own.
class SelfMeter {
 public:
  virtual ~SelfMeter() = default;
  virtual Duration cpu_time() = 0;
  virtual std::int64_t rss_bytes() = 0;
  virtual void trim_memory() = 0;
};

class Workers final : public Hands {
 public:
  struct Setup {
    HubLink& link;
    SelfMeter& meter;
    OrderTaker* orders = nullptr;        // Without, none are asked for.
    PolicyKeeper* policy = nullptr;      // Follows what the hub names with the orders. May be null.
    SoftwareKeeper* software = nullptr;  // Asks for the list of software after that. May be null.
    // Asks for what is large, after all that, when the hub answered: items for the spool. May be empty.
    std::function<std::vector<Item>()> fetch{};
    std::function<void()> wake;                 // Called from a helper thread when an answer is there.
    std::function<void()> on_collector_thread;  // Called once there: lowers the thread's priority.
    std::function<void()> interrupt_collector;  // Ends the wait of a collector under way: the agent is stopping.
  };
  explicit Workers(Setup setup);
  // Interrupts the link and waits for both threads; a collector under way is waited for.
  ~Workers() override;

  void collect(const Collector& collector, std::string memory) override;
  void send(OutgoingBatch batch) override;
  void ask_orders(std::string memory) override;
  std::optional<Collected> collected() override { return collected_.try_pop(); }
  std::optional<Delivered> delivered() override { return delivered_.try_pop(); }
  std::optional<TakenOrders> orders_taken() override { return taken_.try_pop(); }
  Duration cpu_time() override { return setup_.meter.cpu_time(); }
  std::int64_t rss_bytes() override { return setup_.meter.rss_bytes(); }
  void trim_memory() override { setup_.meter.trim_memory(); }

 private:
  struct Job {
    const Collector* collector = nullptr;
    std::string memory;
  };
  // For the sender: one of both.
  struct Errand {
    std::optional<OutgoingBatch> batch;
    std::string memory;
  };
  bool run_errand(Errand errand);
  void run_collectors();
  void run_sender();

  Setup setup_;
  BoundedQueue<Job> jobs_{fact::kind_count};
  BoundedQueue<Collected> collected_{fact::kind_count};
  BoundedQueue<Errand> errands_{2};
  BoundedQueue<Delivered> delivered_{1};
  BoundedQueue<TakenOrders> taken_{1};
  std::atomic<bool> stopping_{false};
  std::thread collector_thread_;
  std::thread sender_thread_;
};

}  // namespace luy::agent
