#include "hub/detector.h"

#include <algorithm>

#include "base/log.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

constexpr std::string_view reader = "detector";
constexpr auto look_at_least_every = std::chrono::seconds(1);
constexpr std::size_t padding = 64;  // What simdjson may read behind a text.

void complain(std::string_view what, const Error& error) {
  log(LogLevel::error, "hub", std::string(what) + ": " + error.text());
}

bool is_transport(const evidence::Record& record, event::Transport transport) {
  return record.transport == static_cast<std::uint8_t>(transport);
}

}  // namespace

Result<std::uint64_t> seq_at(const evidence::Store& store, Time time) {
  LUY_TRY(const auto held, store.days());
  std::uint64_t low = store.size();
  for (const evidence::DayInfo& day : held) low = std::min(low, day.first_seq);
  std::uint64_t high = store.size();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    LUY_TRY(const evidence::Record record, store.read(middle));
    if (record.received < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Detector::Detector(Dependencies dependencies) : d_(std::move(dependencies)) {}

Detector::~Detector() {
  stop();
}

Result<void> Detector::start() {
  LUY_TRY(const auto known, d_.book.next_seq(reader));
  if (known) {
    next_seq_ = std::min(*known, d_.store.size());
  } else {
    LUY_TRY(next_seq_, seq_at(d_.store, d_.clock.now() - detect_look_back));
  }
  stored_seq_ = next_seq_;
  counters_.next_seq = next_seq_;
  thread_ = std::thread([this] { run(); });
  return {};
}

void Detector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Detector::note_grown() {
  const std::lock_guard lock(mutex_);
  grown_ = true;
  wake_.notify_one();
}

void Detector::note_rules() {
  const std::lock_guard lock(mutex_);
  rules_changed_ = true;
  wake_.notify_one();
}

void Detector::run() {
  bool more = false;
  while (!stopping_) {
    bool rules = false;
    {
      std::unique_lock lock(mutex_);
      if (!more) wake_.wait_for(lock, look_at_least_every, [&] { return stopping_ || grown_ || rules_changed_; });
      grown_ = false;
      rules = std::exchange(rules_changed_, false);
    }
    if (stopping_) break;
    if (rules) {
      if (auto fresh = d_.rules.refresh(); !fresh) complain("detection rules", fresh.error());
    }
    const bool ended = armed_ && armed_->until && *armed_->until <= d_.clock.now();
    if ((!armed_ || ended || armed_->revision != d_.rules.revision()) && !arm()) {
      more = false;
      continue;
    }
    more = next_seq_ < d_.store.size() && read_round();
  }
  if (armed_ && next_seq_ > stored_seq_) static_cast<void>(store_round(next_seq_));
}

// The new rules take the place of the old ones between two events; when they cannot be compiled, the old ones stay.
bool Detector::arm() {
  const Duration begun = d_.clock.monotonic();
  auto armed = d_.rules.arm();
  if (!armed) {
    complain("detection rules", armed.error());
    return armed_ != nullptr;
  }
  armed_ = std::move(*armed);
  matcher_.emplace(armed_->engine, detect::MatchOptions{});
  correlator_.emplace(armed_->engine, detect::CorrelationLimits{});
  warm_up();
  counters_.rules = armed_->of_rule.size() + armed_->of_correlation.size();
  counters_.revision = armed_->revision;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(d_.clock.monotonic() - begun);
  log(LogLevel::info, "hub",
      std::to_string(counters_.rules) + " detection rules armed in " + std::to_string(took.count()) + " ms");
  if (d_.armed) d_.armed();
  return true;
}

void Detector::warm_up() {
  if (armed_->of_correlation.empty() || next_seq_ == 0) return;
  const auto last = d_.store.read(next_seq_ - 1);
  if (!last) return;
  const Duration back = std::min<Duration>(armed_->longest, detect_warm_up);
  const auto from = seq_at(d_.store, last->received - back);
  if (!from) return;
  const std::uint64_t begin =
      std::max(*from, next_seq_ > detect_warm_up_records ? next_seq_ - detect_warm_up_records : 0);
  auto done = d_.store.replay(begin, [&](const evidence::Record& record) {
    if (record.seq >= next_seq_ || stopping_) return false;
    look_at(record, false);
    return true;
  });
  if (!done) complain("reading the evidence", done.error());
}

bool Detector::read_round() {
  std::size_t records = 0;
  const Duration begun = d_.clock.monotonic();
  std::uint64_t next = next_seq_;
  auto done = d_.store.replay(next_seq_, [&](const evidence::Record& record) {
    look_at(record, true);
    next = record.seq + 1;
    return !stopping_ && ++records < detect_records_per_round && d_.clock.monotonic() - begun < detect_round_time;
  });
  if (!done) complain("reading the evidence", done.error());
  const bool due = d_.clock.monotonic() >= next_store_;
  if (!sightings_.empty() || (due && next > stored_seq_)) {
    if (!store_round(next)) {
      // What was not stored is looked at again, with windows as they were.
      next_seq_ = stored_seq_;
      armed_.reset();
      return false;
    }
  }
  next_seq_ = next;
  counters_.next_seq = next;
  return done && next < d_.store.size();
}

bool Detector::store_round(std::uint64_t next) {
  // Before the place reached: what is read again is noted again.
  if (d_.sources != nullptr) {
    if (auto kept = d_.sources->flush(); !kept) complain("log sources", kept.error());
  }
  const auto stored = d_.book.report(sightings_.take(), finding::Progress{reader, next});
  if (!stored) {
    complain("findings", stored.error());
    return false;
  }
  stored_seq_ = next;
  next_store_ = d_.clock.monotonic() + detect_progress_every;
  return true;
}

void Detector::note_sources(const evidence::Record& record, const Place& place) {
  if (d_.sources == nullptr) return;
  const bool news = d_.sources->saw(place.agency, place.device, matcher_->labels(), record.received, record.seq);
  if (news && d_.source_came) d_.source_came(place.agency);
}

void Detector::look_at(const evidence::Record& record, bool reporting) {
  // Facts are judged, not matched.
  if (is_transport(record, event::Transport::fact)) return;
  const auto place = place_of_source(record.source);
  if (!place) return;
  ++counters_.events;
  if (reporting && place->device && is_transport(record, event::Transport::hub)) {
    return sightings_.missing(*place, record, d_.device_name(*place->device));
  }
  EngineEvent event = engine_event(record, d_.lineage(place->agency), place->device);
  const auto match = [&](std::string& text) {
    const std::size_t size = text.size();
    text.resize(size + padding);
    return matcher_->match(std::string_view(text).substr(0, size), text.size());
  };
  auto found = match(event.json);
  if (!found && !event.plain.empty()) found = match(event.plain);
  if (!found) {
    ++counters_.unreadable;
    return;
  }
  note_sources(record, *place);
  if (found->empty()) return;
  sightings_.remember(record.seq, *place);
  const auto alerts = correlator_->add(*matcher_, *found, record.seq);
  if (!reporting) return;
  for (const std::uint32_t index : *found) {
    const finding::RuleInfo* rule = armed_->of_rule[index];
    if (rule == nullptr) continue;
    ++counters_.matches;
    sightings_.matched(*rule, *place, event, record.seq);
  }
  for (const detect::Alert& alert : alerts) {
    const finding::RuleInfo* rule = armed_->of_correlation[alert.correlation];
    if (rule == nullptr) continue;
    ++counters_.alerts;
    sightings_.alerted(*rule, alert, *place, event, d_.store);
  }
}

}  // namespace luy::hub
