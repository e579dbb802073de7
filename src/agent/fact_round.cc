#include "agent/fact_round.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "agent/note.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "base/log.h"

namespace luy::agent {
namespace {

// Free space is told in steps of a twentieth of the disk.
constexpr std::int64_t free_steps = 20;

std::string key_of(fact::Kind kind) {
  return "fact/" + std::string(fact::name_of(kind));
}

std::string memory_key_of(fact::Kind kind) {
  return "memory/" + std::string(fact::name_of(kind));
}

std::string value_of(const Positions& positions, const std::string& key) {
  const auto found = positions.find(key);
  return found == positions.end() ? std::string() : found->second;
}

// The position of a fact: "<hash of the significant body> <microseconds when it was sent>".
struct Sent {
  std::string hash;
  Time at;
};
std::optional<Sent> read_sent(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::int64_t micros = 0;
  const std::string_view number = text.substr(space + 1);
  if (std::from_chars(number.data(), number.data() + number.size(), micros).ec != std::errc()) return std::nullopt;
  return Sent{std::string(text.substr(0, space)), from_micros(micros)};
}

std::string state_of_files(const std::vector<std::string>& paths) {
  std::string state;
  for (const std::string& path : paths) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(path, error);
    state += error ? "-" : std::to_string(time.time_since_epoch().count());
    state += ' ';
  }
  return state;
}

}  // namespace

fact::Body significant(fact::Body body) {
  if (auto* disks = std::get_if<fact::Disks>(&body)) {
    for (fact::Volume& volume : disks->volumes) {
      const std::int64_t step = std::max<std::int64_t>(volume.size_bytes / free_steps, 1);
      volume.free_bytes = volume.free_bytes / step * step;
    }
  }
  return body;
}

FactRound::FactRound(std::vector<Collector> collectors, const Clock& clock) : clock_(clock) {
  const Duration now = clock.monotonic();
  for (Collector& collector : collectors) {
    Row row;
    row.triggers_seen = state_of_files(collector.triggers);
    row.collector = std::move(collector);
    row.due = now;
    rows_.push_back(std::move(row));
  }
  next_look_ = now + look_at_triggers;
}

FactRound::Row& FactRound::row(fact::Kind kind) {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.collector.kind == kind; });
  LUY_CHECK(found != rows_.end());
  return *found;
}

void FactRound::hurry() {
  for (Row& row : rows_) row.due = clock_.monotonic();
}

const Collector* FactRound::collector(fact::Kind kind) const {
  for (const Row& row : rows_) {
    if (row.collector.kind == kind) return &row.collector;
  }
  return nullptr;
}

std::string FactRound::memory(fact::Kind kind, const Positions& positions) const {
  return value_of(positions, memory_key_of(kind));
}

void FactRound::look() {
  const Duration now = clock_.monotonic();
  if (now < next_look_) return;
  next_look_ = now + look_at_triggers;
  for (Row& row : rows_) {
    if (row.collector.triggers.empty()) continue;
    std::string state = state_of_files(row.collector.triggers);
    if (state == row.triggers_seen) continue;
    row.triggers_seen = std::move(state);
    row.due = std::min(row.due, std::max(now, row.last + row.collector.pause));
  }
}

std::vector<fact::Kind> FactRound::take_due(bool slow) {
  look();
  const Duration now = clock_.monotonic();
  std::vector<fact::Kind> due;
  for (Row& row : rows_) {
    if (row.running || now < row.due) continue;
    row.running = true;
    row.last = now;
    row.due = now + row.collector.period * (slow ? slow_factor : 1);
    due.push_back(row.collector.kind);
  }
  return due;
}

Duration FactRound::next_due() const {
  Duration next = next_look_;
  for (const Row& row : rows_) {
    if (!row.running) next = std::min(next, row.due);
  }
  return next;
}

void FactRound::plan_retry(Row& row, bool failed) {
  row.failures = failed ? row.failures + 1 : 0;
  if (!failed) return;
  Duration pause = retry_first;
  for (int i = 1; i < row.failures && pause < row.collector.period; ++i) pause *= 2;
  row.due = std::min(row.due, clock_.monotonic() + std::min(pause, row.collector.period));
}

std::vector<Item> FactRound::settle(fact::Kind kind, const Result<Finding>& finding, const Positions& positions) {
  Row& found = row(kind);
  found.running = false;
  const Time now = clock_.now();
  std::vector<Item> items;
  const std::string trouble = finding ? finding->trouble : finding.error().text();
  plan_retry(found, !trouble.empty());
  if (trouble != found.trouble) {
    const std::string name(fact::name_of(kind));
    if (trouble.empty()) {
      log(LogLevel::info, "agent", "the fact " + name + " can be learnt again");
    } else {
      log(LogLevel::warning, "agent", "the fact " + name + " cannot be learnt and is tried again soon: " + trouble);
    }
    items.push_back(make_note(trouble.empty() ? "collector_works_again" : "collector_failed", now,
                              {{"kind", name}, {"error", trouble}}));
    found.trouble = trouble;
  }
  if (!finding) return items;
  if (finding->memory != memory(kind, positions)) {
    Item item;
    item.only_position = true;
    item.position_key = memory_key_of(kind);
    item.position = finding->memory;
    items.push_back(std::move(item));
  }
  const std::string hash = to_hex(sha256(fact::body_to_json(significant(finding->body))));
  const auto sent = read_sent(value_of(positions, key_of(kind)));
  const bool fresh = sent && sent->hash == hash && now >= sent->at && now - sent->at < repeat;
  if (fresh && kind != fact::Kind::agent) return items;
  Item item;
  item.record = {event::Transport::fact, key_of(kind), fact::to_json({now, finding->method, finding->body})};
  if (item.record.raw.size() > fact::document_bytes_max) {
    items.push_back(make_note(
        "fact_too_large", now,
        {{"kind", std::string(fact::name_of(kind))}, {"bytes", static_cast<std::int64_t>(item.record.raw.size())}}));
    return items;
  }
  item.position_key = key_of(kind);
  item.position = hash + ' ' + std::to_string(to_micros(now));
  items.push_back(std::move(item));
  return items;
}

}  // namespace luy::agent
