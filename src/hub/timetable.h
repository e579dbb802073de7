// One thread that does small things now and then: ends dead sessions' streams, delivers the audit trail, renews the
// server's certificate.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace luy::hub {

class Timetable {
 public:
  explicit Timetable(const Clock& clock) : clock_(clock) {}
  ~Timetable() { stop(); }

  // Before start(). `work` runs on the timetable's thread, first one period after the start, never twice at once.
  void every(Duration period, std::function<void()> work);
  // The same until `work` answers true.
  void until(Duration period, std::function<bool()> work);
  void start();
  void stop();

 private:
  struct Entry {
    Duration period{};
    Duration next{};
    std::function<bool()> work;  // True: not again.
  };
  void run();

  const Clock& clock_;
  std::vector<Entry> entries_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
