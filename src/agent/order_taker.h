// Orders of the hub at the agent: checked, performed, answered for. What performs them is the platform's.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/source.h"
#include "base/clock.h"
#include "base/result.h"
#include "order/order.h"

namespace luy::agent {

// What became of an order that was performed: sentences for people, and particulars.
struct Performed {
  std::string vi;
  std::string en;
  std::vector<std::pair<std::string, std::string>> details{};
  std::string document{};    // What was collected, JSON: a record of its own.
  bool collect_now = false;  // Every fact is wanted at once.
};

// Belongs to the sender's thread, but for what its maker does before.
class OrderActs {
 public:
  virtual ~OrderActs() = default;
  // Doing it again does no harm: after a crash an order is performed once more. Errors: why it could not be done.
  virtual Result<Performed> perform(const order::Body& body) = 0;
  // Ends what has run out, and says so in notes. Called now and then.
  virtual std::vector<Item> settle() = 0;
};

struct TakenOrders {
  bool reached = false;     // Whether the hub answered.
  std::vector<Item> items;  // Results and notes, for the spool; they move the position that is the memory.
  bool collect_now = false;
  std::int64_t policy = 0;  // Version of the device's policy that the hub named; 0: none.
};

// Not thread-safe: belongs to the sender's thread.
class OrderTaker {
 public:
  // Ids of orders that are remembered as settled: more than the hub hands out while one lives.
  static constexpr std::size_t remembered_max = 64;

  struct Setup {
    OrderActs& acts;
    const Clock& clock;
    std::string device;
    order::Verify verify;
    // Answers the hub's pinned key; pins the one that is offered when there is none yet. Errors: it cannot be kept.
    std::function<Result<std::string>(const std::string& offered)> pin;
  };
  explicit OrderTaker(Setup setup) : setup_(std::move(setup)) {}

  // `answer` is the hub's, `memory` what the results before left at position_key(): the newest serial performed and
  // the orders settled. It moves with the results, so a crash between both performs and tells an order once more.
  TakenOrders take(const Result<std::string>& answer, const std::string& memory);

  static std::string position_key(std::string_view device) { return "orders/" + std::string(device); }

 private:
  struct Memory {
    std::int64_t serial = 0;
    std::deque<std::string> settled;  // Oldest first.
  };
  static Memory read(const std::string& memory);
  static std::string write(const Memory& memory);
  void take_one(const order::SignedOrder& given, const order::Guard& guard, Memory& memory, TakenOrders& out);
  void perform(const order::Order& order, order::OrderResult& result, TakenOrders& out);

  Setup setup_;
  std::deque<std::string> told_;  // Digests of documents with a wrong signature: each is told once a run.
  std::string told_trouble_;
};

}  // namespace luy::agent
