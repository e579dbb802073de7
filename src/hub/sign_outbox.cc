#include "hub/sign_outbox.h"

#include "base/log.h"

namespace luy::hub {
namespace {

void tell_given_up() {
  log(LogLevel::error, "hub", "services: too much waits to be stored, the oldest is given up");
}

}  // namespace

void SignOutbox::Notes::keep(std::uint64_t number, Note note) {
  const std::lock_guard lock(mutex);
  waiting.emplace(number, std::move(note));
  if (waiting.size() <= waiting_max) return;
  tell_given_up();
  waiting.erase(waiting.begin());
}

bool SignOutbox::store(Sign& sign) const {
  if (sign.record) {
    const auto seq = d_.append(*sign.record);
    if (!seq) {
      log(LogLevel::error, "hub", "services: " + seq.error().text());
      return false;
    }
    sign.report.seqs.push_back(*seq);
    sign.record.reset();
  }
  const auto told = d_.report(sign.report);
  if (!told) log(LogLevel::error, "hub", "findings: " + told.error().text());
  return told.has_value();
}

bool SignOutbox::submit(std::uint64_t number, const Note& note) const {
  Submission submission;
  submission.records.push_back(note.record);
  submission.done = [notes = notes_, number, note](const Result<evidence::Appended>& appended) {
    if (!appended) {
      log(LogLevel::error, "hub", "services: " + appended.error().text());
      notes->keep(number, note);
    } else if (note.done) {
      note.done();
    }
  };
  return d_.submit(std::move(submission));
}

void SignOutbox::tell(OwnedRecord record, finding::Report report) {
  const std::lock_guard sending(sending_);
  Sign sign{std::move(record), std::move(report)};
  if (store(sign)) return;
  const std::lock_guard lock(mutex_);
  if (signs_.size() >= waiting_max) {
    tell_given_up();
    signs_.pop_front();
  }
  signs_.push_back(std::move(sign));
}

void SignOutbox::note(OwnedRecord record, std::function<void()> done) {
  const std::lock_guard handing(handing_);
  const std::uint64_t number = next_note_++;
  Note one{std::move(record), std::move(done)};
  // Behind others, so that the states of a service stand in the evidence in their order.
  const bool first = [&] {
    const std::lock_guard lock(notes_->mutex);
    return notes_->waiting.empty();
  }();
  if (!first || !submit(number, one)) notes_->keep(number, std::move(one));
}

void SignOutbox::retry_notes() {
  const std::lock_guard handing(handing_);
  std::map<std::uint64_t, Note> all;
  {
    const std::lock_guard lock(notes_->mutex);
    all.swap(notes_->waiting);
  }
  bool taken = true;
  for (auto& [number, one] : all) {
    taken = taken && submit(number, one);
    if (!taken) notes_->keep(number, std::move(one));
  }
}

void SignOutbox::retry() {
  retry_notes();
  const std::lock_guard sending(sending_);
  for (;;) {
    std::optional<Sign> next;
    {
      const std::lock_guard lock(mutex_);
      if (signs_.empty()) return;
      next = std::move(signs_.front());
      signs_.pop_front();
    }
    if (store(*next)) continue;
    const std::lock_guard lock(mutex_);
    signs_.push_front(*std::move(next));
    return;
  }
}

std::size_t SignOutbox::waiting() const {
  const std::scoped_lock lock(mutex_, notes_->mutex);
  return signs_.size() + notes_->waiting.size();
}

}  // namespace luy::hub
