#include "agent/agent.h"

#include <algorithm>

#include "agent/note.h"
#include "base/json.h"
#include "base/log.h"

namespace luy::agent {
namespace {

std::string_view name_of(Courier::State state) {
  switch (state) {
    case Courier::State::idle:
    case Courier::State::sending:
      return "connected";
    case Courier::State::waiting:
      return "waiting";
    case Courier::State::refused:
      return "refused";
  }
  return "waiting";
}

}  // namespace

Agent::Agent(Parts parts)
    : parts_(std::move(parts)),
      budget_({}, parts_.budget),
      clock_watch_(parts_.clock.now(), running()),
      started_at_(parts_.clock.now()) {
  const Duration now = parts_.clock.monotonic();
  next_collect_ = now;
  next_self_ = now;
  next_orders_ = now;
  last_sync_ = now;
  budget_.read(now, parts_.hands.cpu_time());
}

Result<Next> Agent::step(bool sources_awake) {
  awake_ = awake_ || sources_awake;
  budget_.read(parts_.clock.monotonic(), parts_.hands.cpu_time());
  throttled_ = budget_.throttled();
  LUY_TRY_VOID(note_damage());
  LUY_TRY_VOID(note_clock());
  LUY_TRY_VOID(take_answers());
  LUY_TRY_VOID(collect_facts());
  LUY_TRY_VOID(collect_logs());
  LUY_TRY_VOID(report_self());
  const Duration now = parts_.clock.monotonic();
  if (parts_.spool.unsynced() && now - last_sync_ >= sync_after) {
    LUY_TRY_VOID(parts_.spool.sync());
    last_sync_ = now;
  }
  LUY_TRY_VOID(send());
  ask_orders();
  tell_link_state();
  return next();
}

Result<void> Agent::note(std::string_view name, const NoteFields& fields) {
  std::vector<Item> items;
  items.push_back(make_note(name, parts_.clock.now(), fields));
  return parts_.spool.put(std::move(items));
}

Result<void> Agent::note_damage() {
  for (const SpoolDamage& damage : parts_.spool.take_damage()) {
    log(LogLevel::warning, "agent", "spool segment " + damage.segment + " is damaged; the part is skipped");
    LUY_TRY_VOID(note(damage.torn_tail ? "spool_tail_cut" : "spool_damage_skipped",
                      {{"segment", damage.segment},
                       {"offset", static_cast<std::int64_t>(damage.offset)},
                       {"bytes", static_cast<std::int64_t>(damage.bytes)}}));
  }
  return {};
}

Result<void> Agent::note_clock() {
  const auto moved = clock_watch_.look(parts_.clock.now(), running());
  if (!moved) return {};
  const bool back = moved->found < moved->expected;
  const Duration by = back ? moved->expected - moved->found : moved->found - moved->expected;
  return note(back ? "clock_set_back" : "clock_set_forward",
              {{"expected", to_rfc3339(moved->expected)},
               {"seconds", std::chrono::duration_cast<std::chrono::seconds>(by).count()}});
}

// Told when there is room again: while the spool is full the note itself would be dropped.
Result<void> Agent::note_dropped() {
  const std::uint64_t dropped = parts_.spool.dropped_since_open();
  if (dropped == told_dropped_) return {};
  LUY_TRY_VOID(note("records_dropped", {{"count", static_cast<std::int64_t>(dropped - told_dropped_)},
                                        {"spool_bytes_max", static_cast<std::int64_t>(parts_.spool.bytes_max())}}));
  if (parts_.spool.dropped_since_open() == dropped) {
    told_dropped_ = dropped;
  } else {
    told_dropped_ += parts_.spool.dropped_since_open() - dropped;  // The note was one of them.
    log(LogLevel::warning, "agent", "the spool is full; new records are dropped and counted");
  }
  return {};
}

Result<void> Agent::take_answers() {
  while (auto collected = parts_.hands.collected()) {
    auto items = parts_.facts.settle(collected->kind, collected->finding, parts_.spool.positions());
    LUY_TRY_VOID(parts_.spool.put(std::move(items)));
  }
  while (auto delivered = parts_.hands.delivered()) {
    LUY_TRY_VOID(parts_.courier.settle(delivered->batch, delivered->delivery));
    if (delivered->delivery.orders) {
      next_orders_ = std::min(next_orders_, asked_orders_ + orders_pause);
    } else if (delivered->delivery.outcome == Delivery::Outcome::accepted) {
      // The answer said that nothing waits, so there is less to ask for.
      next_orders_ = std::min(parts_.clock.monotonic() + orders_poll, asked_orders_ + orders_at_least);
    }
  }
  return take_orders();
}

Result<void> Agent::collect_facts() {
  for (const fact::Kind kind : parts_.facts.take_due(throttled_)) {
    parts_.hands.collect(*parts_.facts.collector(kind), parts_.facts.memory(kind, parts_.spool.positions()));
  }
  return {};
}

Result<void> Agent::collect_logs() {
  const Duration now = parts_.clock.monotonic();
  if (now < next_collect_ || (!awake_ && now < ask_at_)) return {};
  const Duration cpu_before = parts_.hands.cpu_time();
  bool more = false;
  for (Source* source : parts_.sources) {
    Slice slice;
    bool again = true;
    for (int i = 0; again && i < (throttled_ ? 1 : slices_max); ++i) {
      again = source->collect(slice);
      if (!slice.empty()) LUY_TRY_VOID(parts_.spool.put(slice.take()));
    }
    more = more || again;
  }
  Duration pause = throttled_ ? collect_pause_throttled : collect_pause;
  if (more) pause = budget_.pause(parts_.hands.cpu_time() - cpu_before);
  awake_ = more;
  next_collect_ = parts_.clock.monotonic() + pause;
  ask_at_ = next_collect_ + wait_max;
  for (const Source* source : parts_.sources) ask_at_ = std::min(ask_at_, next_collect_ + source->ask_within());
  return {};
}

Result<void> Agent::report_self() {
  const Duration now = parts_.clock.monotonic();
  if (now < next_self_) return {};
  next_self_ = now + self_period;
  LUY_TRY_VOID(note_dropped());
  if (parts_.hands.rss_bytes() > rss_bytes_max) parts_.hands.trim_memory();
  fact::Agent self;
  self.version = agent_version;
  self.started_at = started_at_;
  // The same average over the same time by which the agent slows itself, so there is one from the first second on.
  self.period_seconds = std::chrono::duration_cast<std::chrono::seconds>(budget_.window()).count();
  self.cpu_percent = budget_.percent();
  self.rss_bytes = parts_.hands.rss_bytes();
  self.throttled = throttled_;
  self.spool_bytes = static_cast<std::int64_t>(parts_.spool.bytes());
  self.spool_bytes_max = static_cast<std::int64_t>(parts_.spool.bytes_max());
  self.records_dropped = static_cast<std::int64_t>(parts_.spool.dropped_since_open());
  if (!parts_.program_sha256.empty()) self.program_sha256 = parts_.program_sha256;
  std::vector<Item> items;
  Item item;
  item.record = {event::Transport::fact, "fact/agent",
                 fact::to_json({parts_.clock.now(), "/proc/self", fact::Body(self)})};
  items.push_back(std::move(item));
  return parts_.spool.put(std::move(items));
}

Result<void> Agent::send() {
  LUY_TRY(auto batch, parts_.courier.take());
  if (batch) parts_.hands.send(std::move(*batch));
  return {};
}

// What became of orders is durable before anything else happens: an order told is not performed again.
Result<void> Agent::take_orders() {
  while (auto taken = parts_.hands.orders_taken()) {
    asking_orders_ = false;
    next_orders_ = parts_.clock.monotonic() + (taken->reached ? orders_poll : orders_retry);
    if (taken->collect_now) parts_.facts.hurry();
    if (taken->items.empty()) continue;
    LUY_TRY_VOID(parts_.spool.put(std::move(taken->items)));
    LUY_TRY_VOID(parts_.spool.sync());
  }
  return {};
}

void Agent::ask_orders() {
  const Duration now = parts_.clock.monotonic();
  if (parts_.device.empty() || asking_orders_ || now < next_orders_) return;
  asking_orders_ = true;
  asked_orders_ = now;
  parts_.hands.ask_orders(parts_.spool.position(OrderTaker::position_key(parts_.device)));
}

// A line in the program's own log when the way to the hub breaks, changes its reason, or heals.
void Agent::tell_link_state() {
  const Courier::State state = parts_.courier.state();
  if (state == Courier::State::sending) return;
  const std::string& trouble = parts_.courier.trouble();
  if (state == told_state_ && trouble == told_trouble_) return;
  told_state_ = state;
  told_trouble_ = trouble;
  if (state == Courier::State::idle && trouble.empty()) {
    log(LogLevel::info, "agent", "the hub accepts our records");
  } else if (state == Courier::State::refused) {
    log(LogLevel::error, "agent",
        "the hub refuses this device; records are kept here and sent when it is allowed again: " + trouble);
  } else {
    log(LogLevel::warning, "agent", "the hub cannot be reached; records are kept here: " + trouble);
  }
}

Next Agent::next() const {
  const Duration now = parts_.clock.monotonic();
  Duration at = now + wait_max;
  at = std::min({at, next_self_, parts_.facts.next_due(), awake_ ? next_collect_ : ask_at_});
  if (!parts_.device.empty() && !asking_orders_) at = std::min(at, next_orders_);
  if (parts_.spool.unsynced()) at = std::min(at, last_sync_ + sync_after);
  if (parts_.courier.state() != Courier::State::sending && parts_.spool.has_unsent()) {
    at = std::min(at, parts_.courier.next_attempt());
  }
  return Next{std::max(at - now, Duration{0}), !awake_};
}

Result<void> Agent::stop(bool machine_stops) {
  LUY_TRY_VOID(take_answers());
  LUY_TRY_VOID(note("agent_stopped", {{"version", std::string(agent_version)},
                                      {"machine_stops", static_cast<std::int64_t>(machine_stops)}}));
  return parts_.spool.sync();
}

std::string Agent::status() const {
  const auto accepted = parts_.courier.last_accepted();
  std::string json = "{\"at\":\"" + to_rfc3339(parts_.clock.now()) + "\",\"started_at\":\"" + to_rfc3339(started_at_) +
                     "\",\"link\":\"" + std::string(name_of(parts_.courier.state())) + '"';
  json += ",\"trouble\":";
  append_json_text(json, parts_.courier.trouble());
  json += ",\"last_accepted\":" + (accepted ? '"' + to_rfc3339(*accepted) + '"' : std::string("null"));
  json += ",\"batches_accepted\":" + std::to_string(parts_.courier.batches_accepted());
  json += ",\"batches_rejected\":" + std::to_string(parts_.courier.batches_rejected());
  json += ",\"spool_bytes\":" + std::to_string(parts_.spool.bytes());
  json += ",\"spool_bytes_max\":" + std::to_string(parts_.spool.bytes_max());
  json += ",\"records_dropped\":" + std::to_string(parts_.spool.dropped_since_open());
  json += std::string(",\"throttled\":") + (throttled_ ? "true" : "false") + "}\n";
  return json;
}

}  // namespace luy::agent
