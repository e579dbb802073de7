#include "hub/probe_round.h"

namespace luy::hub {
namespace {

constexpr auto look_for_due_every = std::chrono::milliseconds(500);
constexpr auto look_for_due_hurried = std::chrono::milliseconds(100);

}  // namespace

void ProbeRound::start() {
  for (std::size_t i = 0; i < threads; ++i) running_.emplace_back([this] { run(); });
}

void ProbeRound::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  for (std::thread& one : running_) one.join();
  running_.clear();
}

void ProbeRound::run() {
  while (!stopping_) {
    const auto due = watch_.take_due(1);
    if (due.empty()) {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, pace_.times == 1 ? look_for_due_every : look_for_due_hurried,
                     [&] { return stopping_.load(); });
      continue;
    }
    const watch::Probe probe = look_at(due.front(), rules_, clock_, stopping_);
    if (!stopping_) watch_.put(due.front(), probe);
  }
}

}  // namespace luy::hub
