#include "hub/timetable.h"

#include <algorithm>
#include <utility>

namespace luy::hub {

void Timetable::every(Duration period, std::function<void()> work) {
  until(period, [work = std::move(work)] {
    work();
    return false;
  });
}

void Timetable::until(Duration period, std::function<bool()> work) {
  entries_.push_back({period, clock_.monotonic() + period, std::move(work)});
}

void Timetable::start() {
  thread_ = std::thread([this] { run(); });
}

void Timetable::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Timetable::run() {
  for (;;) {
    const Duration now = clock_.monotonic();
    Duration soonest = now + std::chrono::seconds(1);
    for (Entry& entry : entries_) {
      if (entry.next <= now) {
        const bool done = entry.work();
        entry.next = done ? Duration::max() : clock_.monotonic() + entry.period;
      }
      soonest = std::min(soonest, entry.next);
    }
    std::unique_lock lock(mutex_);
    const Duration pause = std::max(soonest - clock_.monotonic(), Duration(std::chrono::milliseconds(10)));
    if (wake_.wait_for(lock, pause, [&] { return stopping_; })) return;
  }
}

}  // namespace luy::hub
