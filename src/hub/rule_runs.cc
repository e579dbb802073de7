#include "hub/rule_runs.h"

#include <time.h>

#include <algorithm>

#include "base/log.h"
#include "base/utf8.h"
#include "event/batch.h"
#include "hub/detector.h"
#include "hub/event_query.h"
#include "hub/thread_priority.h"

namespace luy::hub {
namespace {

constexpr std::size_t padding = 64;  // What simdjson may read behind a text.
constexpr auto shown_every = std::chrono::milliseconds(200);
constexpr auto asked_every = std::chrono::milliseconds(100);
// Shorter sleeps cost more than they give.
constexpr auto slept_from = std::chrono::milliseconds(5);

std::uint64_t thread_cpu_ns() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
}

bool is_transport(const evidence::Record& record, event::Transport transport) {
  return record.transport == static_cast<std::uint8_t>(transport);
}

// What people read of a hit: the message, or the record where there is none.
std::string message_of(const evidence::Record& record) {
  const event::Event event = event_of(record);
  const std::string_view message = event.text(event::Field::message);
  const std::string_view text = message.empty() ? std::string_view(record.raw) : message;
  std::string out = to_utf8(utf8_front(text.substr(0, finding::run_message_bytes_max), finding::run_message_bytes_max));
  std::replace(out.begin(), out.end(), '\0', ' ');
  return out;
}

}  // namespace

// One run, with what it needs while it is under way.
struct RuleRuns::Job {
  struct Waiting {
    std::uint64_t seq = 0;
    Day day;
    Place place;
    EngineEvent event;
    std::string message;  // Only while the sample is not full.
  };
  finding::Run run;
  finding::ArmedPointer armed;
  std::optional<detect::Matcher> matcher;
  std::optional<detect::Correlator> correlator;
  std::map<std::string, std::size_t> places;  // Of rules in Run::found.
  std::set<AgencyId> scope;
  std::map<AgencyId, std::vector<AgencyId>> lineages;
  Sightings sightings;
  std::optional<Day> day;  // Of the batch.
  std::vector<Waiting> batch;
  std::size_t batch_bytes = 0;
  std::uint64_t batch_end = 0;
  std::vector<std::uint32_t> matched;
  std::uint64_t cpu_begun = 0;  // Since the last pause.
  Duration stored_at{};
  Duration shown_at{};
};

RuleRuns::RuleRuns(Dependencies dependencies) : d_(std::move(dependencies)) {
  LUY_CHECK(d_.cpu_percent >= 1 && d_.cpu_percent <= 100);
}

RuleRuns::~RuleRuns() {
  stop();
}

void RuleRuns::start() {
  d_.runs.on_change([this] {
    const std::lock_guard lock(mutex_);
    changed_ = true;
    wake_.notify_all();
  });
  thread_ = std::thread([this] { loop(); });
}

void RuleRuns::stop() {
  if (!thread_.joinable()) return;
  d_.runs.on_change(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

void RuleRuns::loop() {
  lower_thread_priority();
  while (!stopping_) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || changed_; });
      changed_ = false;
    }
    while (!stopping_) {
      const finding::RunPointer next = d_.runs.next();
      if (!next) break;
      execute(*next);
    }
  }
}

bool RuleRuns::wait(const Job& job, Duration time) {
  const auto over = [&] {
    const finding::RunPointer known = d_.runs.find(job.run.id);
    return stopping_ || !known || known->over();
  };
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, over);
}

void RuleRuns::execute(finding::Run run) {
  Job job;
  job.run = std::move(run);
  job.cpu_begun = thread_cpu_ns();
  bool going = prepare(job);
  while (going && job.run.next_seq < job.run.end_seq) going = read_round(job);
  if (!going) {
    // A hub that is stopped in good order is not what run_attempts_max is there for.
    if (stopping_ && job.run.state == finding::RunState::running) {
      job.run.attempts = 0;
      show(job, true);
    }
    return;
  }
  job.run.state = finding::RunState::done;
  job.run.ended_at = d_.clock.now();
  show(job, true);
}

bool RuleRuns::prepare(Job& job) {
  finding::Run& run = job.run;
  if (++run.attempts > finding::run_attempts_max) {
    fail(job, Error(finding::run_interrupted, std::to_string(finding::run_attempts_max)));
    return false;
  }
  run.state = finding::RunState::running;
  if (!run.started_at) run.started_at = d_.clock.now();
  if (!show(job, true)) return false;
  for (Duration waited{}; run.keep && !d_.armed() && waited < run_armed_wait; waited += asked_every) {
    if (!wait(job, asked_every) || !show(job, false)) return false;
  }
  const auto armed = run.yaml.empty() ? d_.rules.arm_only(run.rules) : d_.rules.arm_alone(run.yaml);
  if (!armed) {
    fail(job, armed.error());
    return false;
  }
  job.armed = *armed;
  const bool begun = run.next_seq > run.first_seq;
  // Without what its windows held, a correlation that goes on in the middle would miss what began before.
  if (!begun || !job.armed->of_correlation.empty() || job.armed->revision != run.revision) {
    const auto first = seq_at(d_.store, run.from);
    const auto end = seq_at(d_.store, run.to);
    if (!first || !end) {
      fail(job, (first ? end : first).error());
      return false;
    }
    // Read once live detection has the rules: what arrived until then it may have looked at with the older ones.
    const bool all = run.to_the_end() && (run.keep || !begun);
    run.first_seq = *first;
    run.end_seq = std::max(*first, all ? d_.store.size() : *end);
    run.revision = job.armed->revision;
    run.forget_progress();
  }
  job.matcher.emplace(job.armed->engine, detect::MatchOptions{});
  job.correlator.emplace(job.armed->engine, detect::CorrelationLimits{});
  job.scope.insert(run.scope.begin(), run.scope.end());
  const auto name = [&](const finding::RuleInfo* rule) {
    if (rule == nullptr) return;
    const auto same = [&](const finding::RunRule& one) { return one.id == rule->id; };
    const auto known = std::find_if(run.found.begin(), run.found.end(), same);
    job.places[rule->id] = static_cast<std::size_t>(known - run.found.begin());
    if (known == run.found.end()) run.found.push_back({rule->id, rule->title, rule->severity, 0});
  };
  for (const finding::RuleInfo* rule : job.armed->of_correlation) name(rule);
  for (const finding::RuleInfo* rule : job.armed->of_rule) name(rule);
  return show(job, true);
}

void RuleRuns::fail(Job& job, const Error& error) {
  job.run.state = finding::RunState::failed;
  job.run.ended_at = d_.clock.now();
  job.run.failure = finding::Run::Failure{std::string(error.name()), {error.vi(), error.en()}};
  log(LogLevel::warning, "hub", "run of rules " + job.run.id.text() + ": " + error.text());
  show(job, true);
}

// For readers, and now and then for the next start. False: it was cancelled.
bool RuleRuns::show(Job& job, bool durable) {
  const Duration now = d_.clock.monotonic();
  durable = durable || now - job.stored_at >= run_stored_every;
  if (!durable && now - job.shown_at < shown_every && now != job.shown_at) {
    const finding::RunPointer known = d_.runs.find(job.run.id);
    return known && !known->over();
  }
  job.shown_at = now;
  if (durable) job.stored_at = now;
  const auto put = d_.runs.put(job.run, durable);
  if (!put) log(LogLevel::error, "hub", "runs of rules: " + put.error().text());
  return !put || *put;
}

bool RuleRuns::read_round(Job& job) {
  finding::Run& run = job.run;
  std::size_t records = 0;
  bool going = true;
  const Duration begun = d_.clock.monotonic();
  std::uint64_t next = run.next_seq;
  const auto read = d_.store.replay(run.next_seq, [&](const evidence::Record& record) {
    if (record.seq >= run.end_seq) {
      next = run.end_seq;
      return false;
    }
    next = record.seq + 1;
    ++records;
    const Day day = day_of(record.received);
    // Hits are counted by the day of their report.
    if (job.day && *job.day != day && !job.batch.empty()) going = match_batch(job);
    job.day = day;
    job.batch_end = next;
    const auto place = place_of_source(record.source);
    const bool note = place && place->device && is_transport(record, event::Transport::hub);
    if (!place || note || is_transport(record, event::Transport::fact) || !job.scope.contains(place->agency)) {
      return going && records < run_round_records;
    }
    auto [lineage, is_new] = job.lineages.try_emplace(place->agency);
    if (is_new) lineage->second = d_.lineage(place->agency);
    Job::Waiting one{record.seq, day, *place, engine_event(record, lineage->second, place->device), {}};
    if (run.sample.size() < finding::run_sample_max) one.message = message_of(record);
    job.batch_bytes += one.event.json.size() + one.event.plain.size();
    job.batch.push_back(std::move(one));
    const bool full = job.batch.size() >= run_batch_records || job.batch_bytes >= run_batch_bytes;
    if (full) going = going && match_batch(job);
    return going && records < run_round_records && d_.clock.monotonic() - begun < run_round_time;
  });
  if (!read) {
    fail(job, read.error());
    return false;
  }
  // Nothing more below the end: deleted days are behind, not before us.
  if (records == 0) next = run.end_seq;
  job.batch_end = next;
  return going && match_batch(job);
}

// False: the run is over, or the hub stops.
bool RuleRuns::match_batch(Job& job) {
  const std::uint64_t before = thread_cpu_ns();
  for (std::size_t i = 0; i < job.batch.size(); ++i) look_at(job, i);
  job.run.cpu_ns += thread_cpu_ns() - before;
  job.run.events += job.batch.size();
  if (!job.batch.empty()) job.run.days[job.batch.front().day].events += job.batch.size();
  job.batch.clear();
  job.batch_bytes = 0;
  if (!keep_hits(job)) return false;
  job.run.next_seq = job.batch_end;
  pace(job);
  return !stopping_ && show(job, false);
}

void RuleRuns::look_at(Job& job, std::size_t index) {
  Job::Waiting& one = job.batch[index];
  const auto match = [&](std::string& text) {
    const std::size_t size = text.size();
    text.resize(size + padding);
    return job.matcher->match(std::string_view(text).substr(0, size), text.size());
  };
  auto found = match(one.event.json);
  if (!found && !one.event.plain.empty()) found = match(one.event.plain);
  if (!found || found->empty()) return;
  finding::Run& run = job.run;
  const auto hit = [&](const finding::RuleInfo& rule) {
    ++run.hits;
    ++run.days[one.day].hits;
    ++run.found[job.places.at(rule.id)].hits;
    if (run.sample.size() >= finding::run_sample_max) return;
    run.sample.push_back({one.seq, one.event.time, rule.id, one.place.agency, one.place.device, one.message});
  };
  job.sightings.remember(one.seq, one.place);
  for (const detect::Alert& alert : job.correlator->add(*job.matcher, *found, one.seq)) {
    const finding::RuleInfo* rule = job.armed->of_correlation[alert.correlation];
    if (rule == nullptr) continue;
    hit(*rule);
    if (run.keep) job.sightings.alerted(*rule, alert, one.place, one.event, d_.store);
  }
  for (const std::uint32_t at : *found) {
    const finding::RuleInfo* rule = job.armed->of_rule[at];
    if (rule == nullptr) continue;
    hit(*rule);
    if (run.keep) job.sightings.matched(*rule, one.place, one.event, one.seq);
  }
}

bool RuleRuns::keep_hits(Job& job) {
  if (job.sightings.empty()) return true;
  const auto reported = d_.book.report_again(job.sightings.take());
  if (!reported) {
    fail(job, reported.error());
    return false;
  }
  for (const finding::FindingPointer& one : *reported) {
    if (job.run.findings.size() < finding::run_findings_max) job.run.findings.insert(one->id);
  }
  return true;
}

// Sleeps so long that work is the share of it that it may be.
void RuleRuns::pace(Job& job) {
  const std::uint64_t used = thread_cpu_ns() - job.cpu_begun;
  const auto share = static_cast<std::uint64_t>(d_.cpu_percent);
  const auto owed = std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(used * (100 - share) / share));
  if (owed < slept_from) return;
  static_cast<void>(wait(job, owed));
  job.cpu_begun = thread_cpu_ns();
}

}  // namespace luy::hub
