#include "hub/sign_outbox.h"

#include "base/log.h"

namespace luy::hub {
namespace {

template <class Waiting>
void keep(std::deque<Waiting>& waiting, Waiting one) {
  if (waiting.size() >= SignOutbox::waiting_max) {
    log(LogLevel::error, "hub", "services: too much waits to be stored, the oldest is given up");
    waiting.pop_front();
  }
  waiting.push_back(std::move(one));
}

}  // namespace

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

bool SignOutbox::submit(const Note& note) const {
  Submission submission;
  submission.records.push_back(note.record);
  if (note.done) submission.done = [done = note.done](const auto&) { done(); };
  return d_.submit(std::move(submission));
}

void SignOutbox::tell(OwnedRecord record, finding::Report report) {
  const std::lock_guard sending(sending_);
  Sign sign{std::move(record), std::move(report)};
  if (store(sign)) return;
  const std::lock_guard lock(mutex_);
  keep(signs_, std::move(sign));
}

void SignOutbox::note(OwnedRecord record, std::function<void()> done) {
  const std::lock_guard lock(mutex_);
  Note one{std::move(record), std::move(done)};
  // Behind others, so that the states of a service stand in the evidence in their order.
  if (notes_.empty() && submit(one)) return;
  keep(notes_, std::move(one));
}

void SignOutbox::retry() {
  const std::lock_guard sending(sending_);
  for (;;) {
    std::optional<Sign> next;
    {
      const std::lock_guard lock(mutex_);
      while (!notes_.empty() && submit(notes_.front())) notes_.pop_front();
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
  const std::lock_guard lock(mutex_);
  return signs_.size() + notes_.size();
}

}  // namespace luy::hub
