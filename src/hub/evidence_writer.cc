#include "hub/evidence_writer.h"

#include <future>

#include "base/log.h"

namespace luy::hub {
namespace {

std::size_t bytes_of(const Submission& submission) {
  std::size_t bytes = 64;
  for (const OwnedRecord& record : submission.records) bytes += record.raw.size() + record.source.size() + 16;
  return bytes;
}

evidence::Store::Batch batch_of(const Submission& submission) {
  evidence::Store::Batch batch;
  batch.key = submission.key;
  batch.dropped = submission.dropped;
  batch.records.reserve(submission.records.size());
  for (const OwnedRecord& record : submission.records) {
    batch.records.push_back({record.source, record.transport, record.raw});
  }
  return batch;
}

void answer(Submission& submission, Result<evidence::Appended> result) {
  if (submission.done) submission.done(std::move(result));
}

}  // namespace

EvidenceWriter::EvidenceWriter(evidence::Store& store, const Clock& clock, int retention_days, Grown grown,
                               HeldFrom held_from)
    : store_(store),
      clock_(clock),
      retention_days_(retention_days),
      grown_(std::move(grown)),
      held_from_(std::move(held_from)) {}

EvidenceWriter::~EvidenceWriter() {
  stop();
}

void EvidenceWriter::start() {
  thread_ = std::thread([this] { run(); });
}

void EvidenceWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool EvidenceWriter::submit(Submission submission) {
  const std::size_t bytes = bytes_of(submission);
  if (refusing_ && submission.key && submission.key->sender != own_sender) return false;
  const std::lock_guard lock(mutex_);
  if (stopping_ || (waiting_bytes_ > 0 && waiting_bytes_ + bytes > waiting_bytes_max)) return false;
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(submission));
  wake_.notify_one();
  return true;
}

Result<evidence::Appended> EvidenceWriter::append(std::optional<evidence::BatchKey> key,
                                                  std::vector<OwnedRecord> records) {
  std::promise<Result<evidence::Appended>> promise;
  auto future = promise.get_future();
  Submission submission{std::move(key), std::move(records), 0,
                        [&promise](Result<evidence::Appended> result) { promise.set_value(std::move(result)); }};
  if (!submit(std::move(submission))) return Error(evidence_busy);
  return future.get();
}

Result<evidence::Rewritten> EvidenceWriter::finish_rewrite(std::unique_ptr<evidence::PreparedRewrite> prepared) {
  std::promise<Result<evidence::Rewritten>> promise;
  auto future = promise.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error(evidence_stopped);
    errands_.emplace_back([&](bool stopped) {
      promise.set_value(stopped ? Result<evidence::Rewritten>(Error(evidence_stopped))
                                : store_.finish_rewrite(std::move(prepared)));
    });
    wake_.notify_one();
  }
  return future.get();
}

// Whoever waits for one must be answered, also at the end.
void EvidenceWriter::run_errands() {
  for (;;) {
    std::function<void(bool)> errand;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      if (errands_.empty()) return;
      errand = std::move(errands_.front());
      errands_.pop_front();
      stopping = stopping_;
    }
    errand(stopping);
  }
}

void EvidenceWriter::run() {
  next_checkpoint_ = clock_.monotonic() + checkpoint_every;
  for (;;) {
    std::vector<Submission> group;
    bool last = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds(500),
                     [&] { return stopping_ || !waiting_.empty() || !errands_.empty(); });
      std::size_t bytes = 0;
      while (!waiting_.empty() && group.size() < group_batches_max && bytes < group_bytes_max) {
        const std::size_t one = bytes_of(waiting_.front());
        bytes += one;
        waiting_bytes_ -= one;
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      last = stopping_ && waiting_.empty() && group.empty();
    }
    if (!group.empty()) append_group(std::move(group));
    run_errands();
    if (last) break;
    maintain();
  }
  if (auto signed_now = store_.checkpoint(); !signed_now && !signed_now.error().is(evidence::store_empty)) {
    log(LogLevel::warning, "hub", "last checkpoint: " + signed_now.error().text());
  }
}

void EvidenceWriter::append_group(std::vector<Submission> group) {
  std::vector<evidence::Store::Batch> batches;
  batches.reserve(group.size());
  for (const Submission& submission : group) batches.push_back(batch_of(submission));
  auto appended = store_.append(batches);
  if (appended) {
    ++counters_.commits;
    LUY_CHECK(appended->size() == group.size());
    for (std::size_t i = 0; i < group.size(); ++i) {
      const evidence::Appended& one = (*appended)[i];
      ++counters_.batches;
      counters_.records += one.count;
      counters_.duplicates += one.duplicate ? 1 : 0;
      counters_.missing += one.missing;
      grown_(group[i].key, one);
      answer(group[i], one);
    }
    return;
  }
  ++counters_.failures;
  if (group.size() == 1 || appended.error().error_class() != ErrorClass::invalid) {
    log(LogLevel::error, "hub", "evidence: " + appended.error().text());
    for (Submission& submission : group) answer(submission, appended.error());
    return;
  }
  // One batch that breaks a limit must not take the others with it.
  for (Submission& submission : group) {
    std::vector<Submission> alone;
    alone.push_back(std::move(submission));
    append_group(std::move(alone));
  }
}

// What cannot be done is tried again every few seconds; it is logged when its reason changes and when it works again.
void EvidenceWriter::tell(std::string_view what, const Error* error) {
  std::string text = error == nullptr ? std::string() : error->text();
  std::string& told = told_[what];
  if (text == told) return;
  // Retention that waits for the clock is no fault.
  const bool waits = error != nullptr && error->is(evidence::retention_floor);
  const LogLevel level = error == nullptr || waits ? LogLevel::info : LogLevel::error;
  log(level, "hub", std::string(what) + ": " + (error == nullptr ? "works again" : text));
  told = std::move(text);
}

void EvidenceWriter::maintain() {
  const Duration now = clock_.monotonic();
  const auto outcome = [](const auto& result) { return result ? nullptr : &result.error(); };
  if (now >= next_checkpoint_) {
    next_checkpoint_ = now + checkpoint_every;
    if (const auto done = store_.checkpoint(); done || !done.error().is(evidence::store_empty)) {
      tell("checkpoint", outcome(done));
    }
  }
  if (now >= next_close_) {
    next_close_ = now + std::chrono::minutes(1);
    const Day today = day_of(clock_.now());
    const auto closed = store_.close_days_before(today);
    tell("closing days", outcome(closed));
    const auto deleted = store_.delete_before(today - days(retention_days_), held_from_);
    settled_ = deleted.has_value();
    tell("retention", outcome(deleted));
  }
}

}  // namespace luy::hub
