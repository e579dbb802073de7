// Notices that the wall clock jumped, also while the program was not running: retention waits then, so that a wrong
// clock cannot make logs look old. Keeps the time last seen and what is left of the wait in a small file.
//
// The wait is counted in time during which the hub runs and the clock goes on steadily. Nothing tells a machine that
// was off for nine days (the Lunar New Year) from a clock that was set forward by nine days, so both wait a day; an
// office that is closed for more than 36 hours every week goes on with the same wait instead of beginning anew.
//
// Not thread-safe: the evidence thread's.
#pragma once

#include <filesystem>

#include "base/clock.h"

namespace luy::evidence {

// While running, the wall clock may differ this much from the monotonic one: slewing and short suspensions.
inline constexpr Duration jump_while_running = std::chrono::minutes(10);
// A step forward up to this is a night, over a restart as in a suspension; over a restart it needs no wait at all.
inline constexpr Duration night = std::chrono::hours(36);
// Longer than any holiday: such a step forward is the clock's own error until it has stood for as long.
inline constexpr Duration holiday = std::chrono::hours(24 * 30);
inline constexpr Duration retention_pause = std::chrono::hours(24);
inline constexpr Duration retention_pause_far = std::chrono::hours(24 * 30);

class ClockWatch {
 public:
  // `fresh`: the store is new, so that there is nothing to protect. A missing or unreadable file of an old store counts
  // as a jump.
  ClockWatch(const Clock& clock, std::filesystem::path file, bool fresh);
  ~ClockWatch();
  ClockWatch(const ClockWatch&) = delete;
  ClockWatch& operator=(const ClockWatch&) = delete;

  // The wall clock now. To be called now and then.
  Time observe();
  // Whether the clock may be believed: nothing of the wait is left.
  bool settled();
  Duration left() const { return left_; }

 private:
  void stepped(Duration step, bool over_restart);
  void save();
  const Clock& clock_;
  std::filesystem::path file_;
  Time wall_;  // The two readings that are compared.
  Duration monotonic_;
  Duration counted_;  // Monotonic: up to here the wait was counted down.
  Duration left_{0};
  Duration saved_;  // Monotonic.
};

}  // namespace luy::evidence
