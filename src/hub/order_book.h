// Orders to agents as the hub keeps them: issued and signed, handed out, settled by what the agents' records say.
//
// Threads: every function from any thread; waiting() reads memory only.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "evidence/record.h"
#include "evidence/signature.h"
#include "order/order.h"
#include "records/database.h"

namespace luy::hub {

inline constexpr ErrorKind order_unknown{"hub.order_unknown", ErrorClass::not_found, "Không tìm thấy lệnh này.",
                                         "There is no such order."};
inline constexpr ErrorKind order_taken{
    "hub.order_taken", ErrorClass::conflict,
    "Lệnh đã được máy nhận hoặc đã kết thúc nên không hủy được. Hãy ra lệnh ngược lại (gỡ cô lập, bỏ chặn).",
    "The machine has taken the order, or it is over, so it cannot be cancelled. Order the opposite (release, "
    "unblock)."};
inline constexpr ErrorKind orders_full{"hub.orders_full", ErrorClass::busy,
                                       "Máy này đang có quá nhiều lệnh chờ: {}. Hãy hủy bớt.",
                                       "Too many orders wait for this machine: {}. Cancel some."};

inline constexpr ErrorKind order_wrong_case{
    "hub.order_wrong_case", ErrorClass::invalid,
    "Máy không thuộc cơ quan của vụ {} hoặc cơ quan trực thuộc. Hãy chọn vụ khác.",
    "The machine is neither of the agency of the case {} nor of one below it. Choose another case."};

inline constexpr std::int64_t orders_open_max = 50;      // Of one device.
inline constexpr std::int64_t orders_listed_max = 200;   // Of one device or case, newest first.
inline constexpr std::chrono::hours order_lifetime{24};  // A machine that is off for longer does not begin it any more.
// After its end a result may still be on its way: only then does an order that was taken count as expired.
inline constexpr std::chrono::minutes order_grace{10};
inline constexpr std::int64_t isolation_seconds_default = 4 * 3600;

struct KeptOrder {
  enum class State : std::uint8_t { waiting, taken, done, refused, failed, expired, cancelled };
  order::Order order;
  AgencyId agency;
  State state = State::waiting;
  std::optional<Time> taken_at;
  std::optional<Time> settled_at;
  std::optional<order::OrderResult> result;
  std::optional<std::uint64_t> proof_seq;  // The record of evidence that holds the result.
  std::string case_id;                     // Of the incident it serves; empty when it serves none.
};

// What the timeline of a case is told of an order.
struct OrderNote {
  enum class What : std::uint8_t { issued, cancelled, settled };
  What what = What::issued;
  std::string case_id;
  order::Order order;
  std::string by;                            // Display name; empty for what the agent says.
  std::string act;                           // Under which the audit trail knows it; empty for results.
  std::optional<order::OrderResult> result;  // Of `settled`.
  std::optional<std::uint64_t> seq;          // Of the record that holds it.
};
std::string_view name_of(KeptOrder::State state);

// What somebody asks for, from the API's body: {"type", "reason", "case"?, "seconds"?, "dns"?, "dhcp"?, "address"?,
// "pid"?, "start_ticks"?, "path"?, "sha256"?, "item"?}. Times count from `now`. Errors: order::malformed,
// order::type_unknown.
Result<order::Body> body_of(const boost::json::object& wanted, Time now);

class OrderBook {
 public:
  struct Dependencies {
    records::Database& database;
    const evidence::Ed25519Key& key;
    const Clock& clock;
    Random& random;
    // After a change, on the thread that made it, outside of transactions.
    std::function<void(const DeviceId&, const AgencyId&, const std::string& order)> changed;
    // In the transaction of the change. May be empty.
    std::function<Result<void>(records::Connection&, const OrderNote&)> note_case{};
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<OrderBook>> open(Dependencies dependencies);

  std::string public_key() const { return d_.key.public_key(); }

  struct Wanted {
    DeviceId device;
    AgencyId agency;
    std::string asked_by;
    std::string agreed_by;  // Empty where one person suffices.
    boost::json::object body;
    std::string case_id{};      // Of the incident it serves, checked;
    std::string case_number{};  // what stands in the document.
    std::string by{};           // Display name and
    std::string act{};          // name of the act, for the case's timeline.
  };
  // In a transaction of the caller's; refresh() once it is committed. Answers the order's id. Errors: those of
  // body_of() and order::check(), orders_full, those of the database.
  Result<std::string> issue_in(records::Connection& c, const Wanted& wanted) const;
  // Errors: order_unknown, order_taken, those of the database.
  // `by` and `act` are for the case's timeline.
  Result<KeptOrder> cancel_in(records::Connection& c, const DeviceId& device, std::string_view order,
                              const std::string& by = {}, const std::string& act = {}) const;
  // Reads which orders are open and tells what changed since the last time: issued, taken, settled, cancelled, expired.
  // To be called when that may be, and now and then. Errors: those of the database.
  Result<void> refresh();

  Result<std::vector<KeptOrder>> list(const DeviceId& device) const;
  Result<std::vector<KeptOrder>> list_of_case(std::string_view case_id) const;
  Result<KeptOrder> find(const DeviceId& device, std::string_view order) const;

  // Whether the device should ask.
  bool waiting(const DeviceId& device) const;
  // What the device is handed, as an order::Answer in JSON; those that waited are taken from now on.
  Result<std::string> take(const DeviceId& device, std::int64_t policy = 0);

  // Learns results from a record that is durable; settle() stores them. The pipeline's thread. Twice does no harm.
  void note(const evidence::Record& record);
  Result<void> settle();

 private:
  explicit OrderBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  Dependencies d_;
  struct Open {
    DeviceId device;
    AgencyId agency;
    bool is_taken = false;
  };
  std::mutex refreshing_;
  mutable std::mutex mutex_;          // Guards the next three.
  std::map<std::string, Open> open_;  // By the order's id.
  std::set<DeviceId> devices_;        // Of those.
  bool is_first_ = true;              // What was open when the hub started is no news.
  struct Settled {
    DeviceId device;
    order::OrderResult result;
    Time received;
    std::uint64_t seq = 0;
  };
  std::vector<Settled> settled_;  // On the pipeline's thread.
};

// For records::open_sqlite().
std::span<const records::Migration> order_migrations();

}  // namespace luy::hub
