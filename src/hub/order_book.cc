#include "hub/order_book.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/log.h"
#include "event/batch.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

using records::Connection;
using records::Row;
using State = KeptOrder::State;

constexpr std::array<std::string_view, 7> state_names = {"waiting", "taken",   "done",     "refused",
                                                         "failed",  "expired", "cancelled"};

constexpr std::array<records::Migration, 2> tables = {{{"order", 1, R"sql(
CREATE TABLE device_order (
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL,
  agency TEXT NOT NULL,                   -- The device's when it was issued.
  serial BIGINT NOT NULL,
  document TEXT NOT NULL,                 -- order/order.h
  signature TEXT NOT NULL,                -- Base 64.
  ends_at BIGINT NOT NULL,
  state TEXT NOT NULL,                    -- waiting, taken, done, refused, failed, cancelled; expired is computed.
  taken_at BIGINT,
  settled_at BIGINT,
  result TEXT,                            -- As the agent wrote it.
  proof_seq BIGINT,                       -- Number of the evidence record with the result.
  UNIQUE (device, serial)
);
CREATE INDEX device_order_state ON device_order (state, ends_at);
)sql"},
                                                       {"order", 2, R"sql(
ALTER TABLE device_order ADD COLUMN case_id TEXT;  -- Of the incident it serves.
CREATE INDEX device_order_case ON device_order (case_id);
)sql"}}};

constexpr std::string_view columns =
    "SELECT document, agency, state, ends_at, taken_at, settled_at, result, proof_seq, case_id FROM "
    "device_order ";

State state_from(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  LUY_CHECK(found != state_names.end());
  return static_cast<State>(found - state_names.begin());
}

std::optional<Time> time_at(const Row& row, int column) {
  const auto millis = row.maybe_integer(column);
  return millis ? std::optional(from_millis(*millis)) : std::nullopt;
}

KeptOrder kept_of(const Row& row, Time now) {
  KeptOrder out;
  out.order = order::read(row.text(0)).value();
  out.agency = AgencyId::trusted(row.text(1));
  out.state = state_from(row.text(2));
  const Time ends_at = from_millis(row.integer(3));
  out.taken_at = time_at(row, 4);
  out.settled_at = time_at(row, 5);
  if (const auto json = row.maybe_text(6)) {
    if (auto result = order::read_result(*json)) out.result = *std::move(result);
  }
  if (const auto seq = row.maybe_integer(7)) out.proof_seq = static_cast<std::uint64_t>(*seq);
  if (const auto of = row.maybe_text(8)) out.case_id = *of;
  if ((out.state == State::waiting && now >= ends_at) || (out.state == State::taken && now >= ends_at + order_grace)) {
    out.state = State::expired;
  }
  return out;
}

Result<KeptOrder> load(Connection& c, const DeviceId& device, std::string_view id, Time now) {
  std::optional<KeptOrder> found;
  LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1 AND device = $2", {id, std::string_view(device.text())},
                       [&](const Row& row) { found = kept_of(row, now); }));
  if (!found) return Error(order_unknown);
  return *std::move(found);
}

std::string text_in(const boost::json::object& from, std::string_view key) {
  const boost::json::value* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}
std::optional<std::int64_t> number_in(const boost::json::object& from, std::string_view key) {
  const boost::json::value* value = from.if_contains(key);
  return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

struct BodyFiller {
  const boost::json::object& wanted;
  std::optional<Time> until;
  Time now;
  void operator()(order::IsolateNetwork& body) const {
    body.until = until.value_or(now + std::chrono::seconds(isolation_seconds_default));
    if (const auto* list = wanted.if_contains("dns"); list != nullptr && list->is_array()) {
      for (const auto& one : list->get_array()) {
        const std::string text = one.is_string() ? std::string(one.get_string()) : std::string();
        const std::string address = order::normal_address(text);
        body.dns.push_back(address.empty() ? text : address);
      }
    }
    const auto* dhcp = wanted.if_contains("dhcp");
    body.dhcp = dhcp == nullptr || !dhcp->is_bool() || dhcp->get_bool();
  }
  void operator()(order::BlockAddress& body) const {
    body.address = order::normal_address(text_in(wanted, "address"));
    body.until = until;
  }
  void operator()(order::UnblockAddress& body) const {
    body.address = order::normal_address(text_in(wanted, "address"));
  }
  void operator()(order::StopProcess& body) const {
    body.pid = number_in(wanted, "pid").value_or(0);
    body.start_ticks = number_in(wanted, "start_ticks").value_or(-1);
    body.path = text_in(wanted, "path");
    body.sha256 = text_in(wanted, "sha256");
  }
  void operator()(order::ReleaseNetwork&) const {}
  void operator()(order::CollectVolatile&) const {}
  void operator()(order::CollectNow&) const {}
  void operator()(order::RestoreQuarantined& body) const {
    body.item = text_in(wanted, "item");
    body.sha256 = text_in(wanted, "sha256");
  }
  void operator()(order::DeleteQuarantined& body) const {
    body.item = text_in(wanted, "item");
    body.sha256 = text_in(wanted, "sha256");
  }
  void operator()(order::BackupNow& body) const {
    body.request = text_in(wanted, "request");
    body.set = text_in(wanted, "set");
  }
  void operator()(order::DrillRestore& body) const {
    body.request = text_in(wanted, "request");
    body.set = text_in(wanted, "set");
  }
  void operator()(order::PreviewRestore& body) const { restore(body); }
  void operator()(order::RestoreBackup& body) const { restore(body); }
  void restore(order::RestoreWanted& body) const {
    body.request = text_in(wanted, "request");
    body.set = text_in(wanted, "set");
    body.snapshot = text_in(wanted, "snapshot");
    body.at = from_rfc3339(text_in(wanted, "at"));
    body.destination = text_in(wanted, "destination");
    const auto* list = wanted.if_contains("paths");
    if (list == nullptr || !list->is_array()) return;
    for (const auto& one : list->get_array())
      body.paths.push_back(one.is_string() ? std::string(one.get_string()) : "");
  }
};

}  // namespace

std::span<const records::Migration> order_migrations() {
  return tables;
}

std::string_view name_of(State state) {
  return state_names[static_cast<std::size_t>(state)];
}

Result<order::Body> body_of(const boost::json::object& wanted, Time now) {
  const std::string type = text_in(wanted, "type");
  auto body = order::body_of_type(type);
  if (!body) return Error(order::type_unknown, type);
  const auto seconds = number_in(wanted, "seconds");
  constexpr std::int64_t seconds_max = 366 * 24 * 3600;
  if (seconds && (*seconds < 1 || *seconds > seconds_max)) return Error(order::malformed, "seconds");
  const auto until = seconds ? std::optional<Time>(now + std::chrono::seconds(*seconds)) : std::nullopt;
  std::visit(BodyFiller{wanted, until, now}, *body);
  return *std::move(body);
}

Result<std::unique_ptr<OrderBook>> OrderBook::open(Dependencies dependencies) {
  std::unique_ptr<OrderBook> book(new OrderBook(std::move(dependencies)));
  LUY_TRY_VOID(book->refresh());
  return book;
}

Result<std::string> OrderBook::issue_in(Connection& c, const Wanted& wanted) const {
  const Time now = d_.clock.now();
  const std::string_view device = wanted.device.text();
  std::int64_t open = 0;
  std::int64_t serial = 0;
  LUY_TRY_VOID(c.query("SELECT count(*) FROM device_order WHERE device = $1 AND state = 'waiting' AND ends_at > $2",
                       {device, to_millis(now)}, [&](const Row& row) { open = row.integer(0); }));
  if (open >= orders_open_max) return Error(orders_full, std::to_string(open));
  LUY_TRY_VOID(c.query("SELECT coalesce(max(serial), 0) FROM device_order WHERE device = $1", {device},
                       [&](const Row& row) { serial = row.integer(0); }));
  order::Order order;
  order.id = make_id_text(now, d_.random);
  order.device = device;
  // Not below the time, so that records put back from a backup do not give a number out twice.
  order.serial = std::max(serial + 1, to_micros(now) / 1'000'000);
  order.issued_at = now;
  order.expires_at = now + order_lifetime;
  order.incident = wanted.case_number;
  order.reason = text_in(wanted.body, "reason");
  order.asked_by = wanted.asked_by;
  order.agreed_by = wanted.agreed_by;
  LUY_TRY(order.body, body_of(wanted.body, now));
  // Cutting off until a time is of no use after it.
  if (const auto* isolate = std::get_if<order::IsolateNetwork>(&order.body)) {
    order.expires_at = std::min(order.expires_at, isolate->until);
  }
  LUY_TRY_VOID(order::check(order));
  const std::string document = order::to_json(order);
  LUY_TRY(const std::string signature, d_.key.sign(order::signed_bytes(document)));
  const std::string encoded = to_base64(signature);
  const auto of_case = wanted.case_id.empty() ? std::nullopt : std::optional(wanted.case_id);
  LUY_TRY_VOID(
      c.run("INSERT INTO device_order (id, device, agency, serial, document, signature, ends_at, state, case_id) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)",
            {std::string_view(order.id), device, std::string_view(wanted.agency.text()), order.serial,
             std::string_view(document), std::string_view(encoded), to_millis(order.expires_at),
             records::nullable(of_case)}));
  if (of_case && d_.note_case) {
    LUY_TRY_VOID(d_.note_case(c, {OrderNote::What::issued, *of_case, order, wanted.by, wanted.act, {}, {}}));
  }
  return order.id;
}

Result<KeptOrder> OrderBook::cancel_in(Connection& c, const DeviceId& device, std::string_view id,
                                       const std::string& by, const std::string& act) const {
  const Time now = d_.clock.now();
  LUY_TRY(KeptOrder kept, load(c, device, id, now));
  if (kept.state != State::waiting) return Error(order_taken);
  LUY_TRY_VOID(
      c.run("UPDATE device_order SET state = 'cancelled', settled_at = $1 WHERE id = $2", {to_millis(now), id}));
  if (!kept.case_id.empty() && d_.note_case) {
    LUY_TRY_VOID(d_.note_case(c, {OrderNote::What::cancelled, kept.case_id, kept.order, by, act, {}, {}}));
  }
  return kept;
}

Result<void> OrderBook::refresh() {
  std::vector<std::pair<std::string, Open>> news;
  bool is_first = false;
  {
    // What was read earlier must not take the place of what was read later.
    const std::lock_guard alone(refreshing_);
    std::map<std::string, Open> open;
    LUY_TRY_VOID(d_.database.read([&](Connection& c) {
      return c.query(
          "SELECT id, device, agency, state FROM device_order WHERE state IN ('waiting', 'taken') AND ends_at > $1",
          {to_millis(d_.clock.now())}, [&](const Row& row) {
            open[std::string(row.text(0))] = {DeviceId::trusted(row.text(1)), AgencyId::trusted(row.text(2)),
                                              row.text(3) == "taken"};
          });
    }));
    const std::lock_guard lock(mutex_);
    for (const auto& [id, one] : open) {
      const auto before = open_.find(id);
      if (before == open_.end() || before->second.is_taken != one.is_taken) news.emplace_back(id, one);
    }
    for (const auto& [id, one] : open_) {
      if (!open.contains(id)) news.emplace_back(id, one);
    }
    open_ = std::move(open);
    devices_.clear();
    for (const auto& [id, one] : open_) devices_.insert(one.device);
    is_first = std::exchange(is_first_, false);
  }
  if (is_first) return {};
  for (const auto& [id, one] : news) d_.changed(one.device, one.agency, id);
  return {};
}

Result<std::vector<KeptOrder>> OrderBook::list(const DeviceId& device) const {
  std::vector<KeptOrder> out;
  const Time now = d_.clock.now();
  LUY_TRY_VOID(d_.database.read([&](Connection& c) {
    return c.query(std::string(columns) + "WHERE device = $1 ORDER BY serial DESC LIMIT $2",
                   {std::string_view(device.text()), orders_listed_max},
                   [&](const Row& row) { out.push_back(kept_of(row, now)); });
  }));
  return out;
}

Result<std::vector<KeptOrder>> OrderBook::list_of_case(std::string_view case_id) const {
  std::vector<KeptOrder> out;
  const Time now = d_.clock.now();
  LUY_TRY_VOID(d_.database.read([&](Connection& c) {
    return c.query(std::string(columns) + "WHERE case_id = $1 ORDER BY id DESC LIMIT $2", {case_id, orders_listed_max},
                   [&](const Row& row) { out.push_back(kept_of(row, now)); });
  }));
  return out;
}

Result<KeptOrder> OrderBook::find(const DeviceId& device, std::string_view id) const {
  return d_.database.read([&](Connection& c) { return load(c, device, id, d_.clock.now()); });
}

bool OrderBook::waiting(const DeviceId& device) const {
  const std::lock_guard lock(mutex_);
  return devices_.contains(device);
}

Result<std::string> OrderBook::take(const DeviceId& device, std::int64_t policy) {
  const Time now = d_.clock.now();
  order::Answer answer{now, public_key(), {}, policy};
  if (!waiting(device)) return order::to_json(answer);
  std::vector<std::string> fresh;
  const auto taken = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query(
        "SELECT id, document, signature, state FROM device_order WHERE device = $1 AND "
        "state IN ('waiting', 'taken') AND ends_at > $2 ORDER BY serial LIMIT $3",
        {std::string_view(device.text()), to_millis(now), static_cast<std::int64_t>(order::orders_per_answer_max)},
        [&](const Row& row) {
          answer.orders.push_back({std::string(row.text(1)), from_base64(row.text(2)).value_or("")});
          if (row.text(3) == "waiting") {
            fresh.emplace_back(row.text(0));
          }
        }));
    for (const std::string& id : fresh) {
      LUY_TRY_VOID(c.run("UPDATE device_order SET state = 'taken', taken_at = $1 WHERE id = $2",
                         {to_millis(now), std::string_view(id)}));
    }
    return {};
  });
  if (!taken) return taken.error();
  if (answer.orders.empty() || !fresh.empty()) LUY_TRY_VOID(refresh());
  return order::to_json(answer);
}

void OrderBook::note(const evidence::Record& record) {
  if (record.transport != static_cast<std::uint8_t>(event::Transport::agent)) return;
  // What could not be stored is noted again when the pipeline comes back to it.
  if (!settled_.empty() && record.seq <= settled_.back().seq) return;
  const SourceParts source = split_source(record.source);
  const auto device = DeviceId::parse(source.device);
  if (!device || source.stream != order::result_stream) return;
  auto result = order::read_result(record.raw);
  if (!result) return log(LogLevel::warning, "hub", "a result of an order: " + result.error().text());
  settled_.push_back({*device, *std::move(result), record.received, record.seq});
}

Result<void> OrderBook::settle() {
  if (settled_.empty()) return {};
  const auto stored = d_.database.write([&](Connection& c) -> Result<void> {
    for (const Settled& one : settled_) {
      const std::string json = order::to_json(one.result);
      // Twice, told already, or of an order that is not this device's: no row.
      LUY_TRY(const std::int64_t changed,
              c.run("UPDATE device_order SET state = $1, settled_at = $2, result = $3, proof_seq = $4 "
                    "WHERE id = $5 AND device = $6 AND state IN ('waiting', 'taken')",
                    {order::name_of(one.result.outcome), to_millis(one.received), std::string_view(json),
                     static_cast<std::int64_t>(one.seq), std::string_view(one.result.order),
                     std::string_view(one.device.text())}));
      if (changed == 0 || !d_.note_case) continue;
      LUY_TRY(const KeptOrder kept, load(c, one.device, one.result.order, d_.clock.now()));
      if (kept.case_id.empty()) continue;
      LUY_TRY_VOID(d_.note_case(c, {OrderNote::What::settled, kept.case_id, kept.order, {}, {}, one.result, one.seq}));
    }
    return {};
  });
  if (!stored) return stored.error();
  settled_.clear();
  return refresh();
}

}  // namespace luy::hub
