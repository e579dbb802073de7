// The agent: takes log records from its sources and facts from its collectors into the spool, and has the spool's
// batches sent. One step() does what is due and never waits; the platform's loop calls it and sleeps in between.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/budget.h"
#include "agent/clock_watch.h"
#include "agent/courier.h"
#include "agent/fact_round.h"
#include "agent/hands.h"
#include "agent/note.h"
#include "agent/source.h"
#include "agent/spool.h"
#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr std::string_view agent_version = "0.1.0";

struct Next {
  Duration wait{0};            // Until step() has something to do, at most.
  bool watch_sources = false;  // Whether a source's wake_fd should end the wait.
};

// Not thread-safe: belongs to the main thread.
class Agent {
 public:
  // Sources are asked at most this often, so that a busy writer does not wake the agent for every line.
  static constexpr Duration collect_pause = std::chrono::milliseconds(200);
  static constexpr Duration collect_pause_throttled = std::chrono::seconds(2);
  // Slices taken in one step, so that answers of the helpers do not wait long behind a backlog.
  static constexpr int slices_max = 8;
  static constexpr Duration sync_after = std::chrono::seconds(1);
  static constexpr Duration self_period = std::chrono::seconds(60);
  static constexpr Duration wait_max = std::chrono::seconds(30);
  // An order is known within this time: a batch's answer says that one waits, and who sends no batch asks.
  static constexpr Duration orders_poll = std::chrono::seconds(10);
  static constexpr Duration orders_pause = std::chrono::seconds(1);      // Between two askings, at least.
  static constexpr Duration orders_at_least = std::chrono::seconds(60);  // However many batches are answered.
  static constexpr Duration orders_retry = std::chrono::seconds(30);     // After the hub could not be reached.
  static constexpr std::int64_t rss_bytes_max = 25 << 20;

  struct Parts {
    Spool& spool;
    Courier& courier;
    FactRound& facts;
    Hands& hands;
    std::vector<Source*> sources;
    const Clock& clock;
    std::string budget{};  // What budget() said before the last stop.
    std::string device{};  // Whose orders are asked for; empty: none are.
    // Since the machine started, time asleep included. Empty: the monotonic clock.
    std::function<Duration()> running{};
    std::string program_sha256{};  // Of the program's file; empty where it is not known.
  };
  explicit Agent(Parts parts);

  // Errors are final (the spool cannot be written): the program ends and is started again by its service manager.
  // `sources_awake`: whether a source's wake_fd was readable since the last step.
  Result<Next> step(bool sources_awake);
  // The last step: notes the stop and makes everything durable. `machine_stops`: the machine itself goes down.
  Result<void> stop(bool machine_stops = false);

  // What `luy-agent status` shows: a JSON document.
  std::string status() const;
  // To be given to the next process (Parts::budget); changes all the time.
  std::string budget() const { return budget_.saved(); }
  bool throttled() const { return throttled_; }

 private:
  Result<void> take_answers();
  Result<void> collect_logs();
  Result<void> collect_facts();
  Result<void> report_self();
  Result<void> note_damage();
  Result<void> note_clock();
  Result<void> note_dropped();
  Result<void> send();
  Result<void> take_orders();
  void ask_orders();
  Result<void> note(std::string_view name, const NoteFields& fields);
  void tell_link_state();
  Next next() const;
  Duration running() const { return parts_.running ? parts_.running() : parts_.clock.monotonic(); }

  Parts parts_;
  Budget budget_;
  ClockWatch clock_watch_;
  bool throttled_ = false;
  const Time started_at_;
  bool awake_ = true;         // A source has or may have something.
  Duration next_collect_{0};  // Not before.
  Duration ask_at_{0};        // At the latest.
  Duration next_self_{0};
  Duration last_sync_{0};
  bool asking_orders_ = false;
  Duration asked_orders_{0};
  Duration next_orders_{0};
  std::uint64_t told_dropped_ = 0;
  std::string told_trouble_;
  Courier::State told_state_ = Courier::State::idle;
};

}  // namespace luy::agent
