#include "hub/event_stream.h"

#include <utility>

namespace luy::hub {

std::string event_frame(std::string_view event, std::string_view id, std::string_view data) {
  std::string out;
  out.reserve(event.size() + id.size() + data.size() + 32);
  if (!id.empty()) out.append("id: ").append(id).append("\n");
  out.append("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
  return out;
}

bool EventStream::push(std::string_view frame) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  if (queued_.size() + frame.size() > stream_bytes_max) {
    closed_ = true;
    queued_.clear();
  } else {
    queued_ += frame;
  }
  if (wake_) wake_();
  return !closed_;
}

bool EventStream::push_or_wait(std::string_view frame, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto may_go_on = [&] {
    return closed_ || queued_.empty() || queued_.size() + frame.size() <= stream_bytes_max;
  };
  if (!taken_.wait_for(lock, patience, may_go_on)) {
    closed_ = true;
    queued_.clear();
  }
  if (!closed_) queued_ += frame;
  if (wake_) wake_();
  return !closed_;
}

void EventStream::close(bool discard) {
  const std::lock_guard lock(mutex_);
  taken_.notify_all();
  if (discard) queued_.clear();
  if (closed_) return;
  closed_ = true;
  if (wake_) wake_();
}

bool EventStream::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

EventStream::Taken EventStream::take() {
  const std::lock_guard lock(mutex_);
  taken_.notify_all();
  return {std::exchange(queued_, {}), !closed_};
}

void EventStream::on_change(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

}  // namespace luy::hub
