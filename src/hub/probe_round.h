// The few threads that look at services when their time has come.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "hub/probe.h"
#include "watch/watch.h"

namespace luy::hub {

class ProbeRound {
 public:
  // Hanging services hold a thread for ProbeRules::whole, so that eight that hang delay the others by seconds, not
  // more.
  static constexpr std::size_t threads = 8;

  ProbeRound(watch::Watch& watch, ProbeRules rules, const Clock& clock, const watch::Pace& pace)
      : watch_(watch), rules_(std::move(rules)), clock_(clock), pace_(pace) {}
  ~ProbeRound() { stop(); }
  void start();
  // Looks under way are given up and count for nothing.
  void stop();

 private:
  void run();

  watch::Watch& watch_;
  const ProbeRules rules_;
  const Clock& clock_;
  const watch::Pace pace_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::thread> running_;
};

}  // namespace luy::hub
