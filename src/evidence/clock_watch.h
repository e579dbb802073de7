// Notices that the wall clock jumped, also while the program was not running: retention waits a day then, so that a
// wrong clock cannot make logs look old. Keeps the time last seen in a small file.
//
// Not thread-safe: the evidence thread's.
#pragma once

#include <filesystem>
#include <optional>

#include "base/clock.h"

namespace luy::evidence {

// While running, the wall clock may differ this much from the monotonic one: slewing and short suspensions.
inline constexpr Duration jump_while_running = std::chrono::minutes(10);
// Over a restart nothing tells how long the machine was off: a night is normal, a longer step forward is not believed.
inline constexpr Duration jump_while_stopped = std::chrono::hours(36);
inline constexpr Duration retention_pause = std::chrono::hours(24);

class ClockWatch {
 public:
  // `fresh`: the store is new, so that there is nothing to protect. A missing or unreadable file of an old store counts
  // as a jump.
  ClockWatch(const Clock& clock, std::filesystem::path file, bool fresh);
  ~ClockWatch();
  ClockWatch(const ClockWatch&) = delete;
  ClockWatch& operator=(const ClockWatch&) = delete;

  // The wall clock now.
  Time observe();
  // Whether the last jump is at least retention_pause ago.
  bool settled();

 private:
  void save();
  const Clock& clock_;
  std::filesystem::path file_;
  Time wall_;
  Duration monotonic_;
  std::optional<Time> jumped_;
  Time saved_;
};

}  // namespace luy::evidence
