// One thread for questions to others on the network that take their time. Who asks waits no longer than they say, and a
// few at once: the rest are told to come again. A question whose asker gave up while it waited is not put at all.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "directory/federation.h"

namespace luy::hub {

class AskThread {
 public:
  static constexpr std::size_t waiting_max = 4;

  AskThread() : thread_([this] { run(); }) {}
  ~AskThread() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  AskThread(const AskThread&) = delete;
  AskThread& operator=(const AskThread&) = delete;

  // `work` owns what it needs: it may go on when nobody waits any more. Errors: its own; directory.source_busy,
  // directory.source_silent when `limit` is over.
  template <class T>
  Result<T> ask(std::function<Result<T>()> work, std::chrono::seconds limit) {
    const auto given_up = std::make_shared<std::atomic<bool>>(false);
    const auto promise = std::make_shared<std::promise<Result<T>>>();
    std::future<Result<T>> answer = promise->get_future();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || waiting_.size() >= waiting_max) return Error(directory::source_busy);
      waiting_.push_back([given_up, promise, work = std::move(work)] {
        if (!*given_up) promise->set_value(work());
      });
    }
    wake_.notify_one();
    if (answer.wait_for(limit) == std::future_status::ready) return answer.get();
    *given_up = true;
    return Error(directory::source_silent, std::to_string(limit.count()) + " s");
  }

 private:
  void run() {
    for (;;) {
      std::function<void()> next;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        next = std::move(waiting_.front());
        waiting_.pop_front();
      }
      next();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses what stands above.
};

}  // namespace luy::hub
