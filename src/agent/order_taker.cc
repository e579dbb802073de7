#include "agent/order_taker.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/log.h"

namespace luy::agent {
namespace {

constexpr std::size_t told_max = 64;

Item record(std::string_view stream, std::string raw) {
  Item item;
  item.record = {event::Transport::agent, std::string(stream), std::move(raw)};
  return item;
}

void refuse(order::OrderResult& result, const Error& error, order::Outcome outcome) {
  result.outcome = outcome;
  result.code = error.name();
  result.vi = error.vi();
  result.en = error.en();
}

}  // namespace

// "<serial> <id> <id> …"
OrderTaker::Memory OrderTaker::read(const std::string& memory) {
  Memory out;
  const char* const end = memory.data() + memory.size();
  const auto [at, failed] = std::from_chars(memory.data(), end, out.serial);
  if (failed != std::errc()) return {};
  std::string_view rest(at, static_cast<std::size_t>(end - at));
  while (rest.size() > id_chars) {
    const std::string_view id = rest.substr(1, id_chars);
    if (is_id_text(id)) out.settled.emplace_back(id);
    rest.remove_prefix(id_chars + 1);
  }
  return out;
}

std::string OrderTaker::write(const Memory& memory) {
  std::string out = std::to_string(memory.serial);
  for (const std::string& id : memory.settled) out += ' ' + id;
  return out;
}

TakenOrders OrderTaker::take(const Result<std::string>& answer, const std::string& text) {
  TakenOrders out;
  out.items = setup_.acts.settle();
  const auto complain = [&](const Error& error) {
    if (std::exchange(told_trouble_, error.text()) != told_trouble_) log(LogLevel::warning, "agent", error.text());
    return std::move(out);
  };
  if (!answer) return complain(answer.error());
  const auto asked = order::read_answer(*answer);
  if (!asked) return complain(asked.error());
  const auto key = setup_.pin(asked->key);
  if (!key) return complain(key.error());
  out.reached = true;
  out.policy = asked->policy;
  told_trouble_.clear();
  Memory memory = read(text);
  for (const order::SignedOrder& given : asked->orders) {
    const order::Guard guard{*key, setup_.device, memory.serial, setup_.clock.now(), asked->now};
    take_one(given, guard, memory, out);
  }
  if (const std::string now = write(memory); now != text && !out.items.empty()) {
    out.items.back().position_key = position_key(setup_.device);
    out.items.back().position = now;
  }
  return out;
}

void OrderTaker::take_one(const order::SignedOrder& given, const order::Guard& guard, Memory& memory,
                          TakenOrders& out) {
  order::OrderResult result;
  result.order = order::claimed_id(given.document);
  result.sha256 = to_hex(sha256(given.document));
  // The hub offers an order until it has read what became of it.
  const auto is_settled = [&] {
    return std::find(memory.settled.begin(), memory.settled.end(), result.order) != memory.settled.end();
  };
  const auto accepted = order::accept(given, guard, setup_.verify);
  const bool genuine = accepted || !accepted.error().is(order::signature_wrong);
  if (genuine ? is_settled() : std::find(told_.begin(), told_.end(), result.sha256) != told_.end()) return;
  if (!accepted) {
    refuse(result, accepted.error(), order::Outcome::refused);
    log(LogLevel::warning, "agent", "an order was refused: " + accepted.error().text());
  } else {
    memory.serial = accepted->serial;
    perform(*accepted, result, out);
  }
  result.at = setup_.clock.now();
  if (genuine) {
    if (!result.order.empty()) memory.settled.push_back(result.order);
    if (memory.settled.size() > remembered_max) memory.settled.pop_front();
  } else {
    told_.push_back(result.sha256);
    if (told_.size() > told_max) told_.pop_front();
  }
  // Nobody can be answered about an order without an id.
  if (!result.order.empty()) out.items.push_back(record(order::result_stream, order::to_json(result)));
}

void OrderTaker::perform(const order::Order& order, order::OrderResult& result, TakenOrders& out) {
  auto performed = setup_.acts.perform(order.body);
  const std::string what(order::type_name(order.body));
  if (!performed) {
    refuse(result, performed.error(), order::Outcome::failed);
    log(LogLevel::warning, "agent", "the order " + what + " failed: " + performed.error().text());
    return;
  }
  log(LogLevel::info, "agent", "the order " + what + " was performed: " + performed->en);
  result.vi = std::move(performed->vi);
  result.en = std::move(performed->en);
  result.details = std::move(performed->details);
  out.collect_now = out.collect_now || performed->collect_now;
  if (performed->document.empty()) return;
  result.details.emplace_back("document_bytes", std::to_string(performed->document.size()));
  result.details.emplace_back("document_sha256", to_hex(sha256(performed->document)));
  out.items.push_back(record(order::volatile_stream, std::move(performed->document)));
}

}  // namespace luy::agent
