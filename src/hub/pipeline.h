// From evidence to verdicts: the one thread that reads what became durable, tells the inventory the facts in it, lets
// the engine judge, and hands changes to the live stream. It reads the store itself, after start as after a crash, so
// catching up and going on are the same code.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "duty/engine.h"
#include "evidence/store.h"
#include "hub/audit_index.h"
#include "hub/order_book.h"
#include "hub/policy_book.h"
#include "hub/proof_book.h"
#include "inventory/inventory.h"

namespace luy::hub {

inline constexpr std::size_t facts_per_apply = 64;
inline constexpr std::size_t records_per_round = 5'000;  // Then the clock and changes by people get their turn.

class Pipeline {
 public:
  struct Dependencies {
    const evidence::Store& store;
    const Clock& clock;
    inventory::Inventory& inventory;
    duty::Engine& engine;
    // What the directory holds now; asked when told that it changed.
    std::function<Result<std::vector<duty::AgencyInfo>>()> agencies;
    std::function<Result<std::vector<duty::ProductAccount>>()> accounts;
    // Every new record once the start-up replay is over; must not wait.
    std::function<void(const evidence::Record&)> publish;
    // Something about the device is different, and has been judged.
    std::function<void(const DeviceId&)> device_changed;
    ProofBook* proofs = nullptr;  // Learns where the proofs lie. May be null.
    OrderBook* orders = nullptr;  // Learns what became of orders. May be null.
    // Every new record, also during the start-up replay; after a crash some come twice. May be null.
    std::function<void(const evidence::Record&)> heard{};
    AuditIndex* trail = nullptr;     // Learns where the entries of the audit trail lie. May be null.
    PolicyBook* policies = nullptr;  // Learns which policies devices hold. May be null.
  };
  explicit Pipeline(Dependencies dependencies);
  ~Pipeline();

  void start();
  void stop();

  // Thread-safe, none of them waits. New records are durable; batches of this sender are missing.
  void note_grown(const std::string& sender, std::uint64_t missing);
  void note_change(inventory::Change change);  // For inventory::Dependencies::changed.
  void note_directory();                       // Agencies or accounts may have changed.
  void note_findings(const AgencyId& agency);  // Of the agency; duty 10.3 rests on them.
  void note_day(Day day);                      // A day of evidence was verified.
  void note_log_terms();                       // For how long logs are kept has changed.

  // Whether everything that was stored when the pipeline started has been applied.
  bool caught_up() const { return caught_up_; }
  std::uint64_t applied() const { return applied_; }

 private:
  void run();
  void read_records();
  bool apply(std::uint64_t next_seq);  // False: not stored; what was read is forgotten and will be read again.
  void tell_seen();
  void note_missing(const std::string& sender, std::uint64_t missing);  // Again: it could not be told.
  void judge_changes();
  void judge_days();
  void judge_findings();
  void judge_proofs();
  void judge_time();
  void refresh_directory();

  Dependencies d_;
  std::thread thread_;
  std::atomic<bool> caught_up_{false};
  std::atomic<std::uint64_t> applied_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool grown_ = true;
  bool directory_changed_ = false;
  std::map<std::string, std::uint64_t> missing_;
  std::vector<inventory::Change> changes_;
  std::vector<Day> verified_days_;
  bool log_terms_changed_ = false;
  std::set<AgencyId> findings_;

  // On the pipeline's thread only.
  struct PendingFact {
    DeviceId device;
    std::uint64_t seq = 0;
    Time received;
    std::string json;
  };
  struct Seen {
    Time received;
    std::uint64_t seq = 0;
  };
  std::vector<PendingFact> facts_;
  std::map<DeviceId, Seen> seen_;
  std::uint64_t next_seq_ = 0;
  std::uint64_t start_size_ = 0;
  Duration next_flush_{};
  std::vector<duty::AgencyInfo> agencies_;
  std::set<AgencyId> with_findings_;  // Ever told of.
  std::vector<duty::ProductAccount> accounts_;
};

}  // namespace luy::hub
