// Notices that the wall clock jumped, also while the program was not running: retention waits then, so that a wrong
// clock cannot make logs look old. Keeps the time last seen and what is left of the wait in a small file.
//
// A clock that differs from what is known of the time by more than any holiday, forward or back, is not believed at
// all: the store then takes no record, closes and deletes no day, until the clock is right again or a person accepts
// it. Else one record received "in 400 days" would give its time to all that follow it, in a day that never ends.
//
// The wait is counted in time during which the hub runs and the clock goes on steadily. Nothing tells a machine that
// was off for nine days (the Lunar New Year) from a clock that was set forward by nine days, so both wait a day; an
// office that is closed for more than 36 hours every week goes on with the same wait instead of beginning anew.
//
// Not thread-safe: the evidence thread's.
#pragma once

#include <filesystem>

#include <optional>

#include "base/clock.h"
#include "base/result.h"

namespace luy::evidence {

// While running, the wall clock may differ this much from the monotonic one: slewing and short suspensions.
inline constexpr Duration jump_while_running = std::chrono::minutes(10);
// A step forward up to this is a night, over a restart as in a suspension; over a restart it needs no wait at all.
inline constexpr Duration night = std::chrono::hours(36);
// Longer than any holiday: such a step forward is the clock's own error until it has stood for as long.
inline constexpr Duration holiday = std::chrono::hours(24 * 30);
inline constexpr Duration retention_pause = std::chrono::hours(24);
inline constexpr Duration retention_pause_far = std::chrono::hours(24 * 30);

inline constexpr ErrorKind clock_not_believed{
    "evidence.clock_not_believed", ErrorClass::unavailable,
    "Đồng hồ máy chủ lệch quá 30 ngày so với lần ghi trước: {}. Chưa ghi, khóa hay xóa gì; các máy trạm giữ lại để gửi "
    "sau. Hãy chỉnh lại đồng hồ (NTP). Nếu giờ hiện tại là đúng: dừng luy-hub rồi chạy 'luy evidence accept-clock'.",
    "The clock is more than 30 days away from the time of the last run: {}. Nothing is stored, closed or deleted; the "
    "agents keep what they have. Set the clock right (NTP). If the present time is right: stop luy-hub and run 'luy "
    "evidence accept-clock'."};

class ClockWatch {
 public:
  // `last`: the time of receipt of the store's newest record; none when it is new, so that there is nothing to protect.
  // A missing or unreadable file of an old store counts as a jump, and `last` is then what is known of the time.
  ClockWatch(const Clock& clock, std::filesystem::path file, std::optional<Time> last);
  ~ClockWatch();
  ClockWatch(const ClockWatch&) = delete;
  ClockWatch& operator=(const ClockWatch&) = delete;

  // The wall clock now. To be called now and then.
  Time observe();
  // The same. Errors: clock_not_believed.
  Result<Time> believed();
  // A person says that the present time is right. Retention waits as after a step beyond any holiday.
  void accept();
  // Whether the clock may be believed: nothing of the wait is left.
  bool settled();
  Duration left() const { return left_; }

 private:
  void stepped(Duration step, bool over_restart);
  void save();
  Time expected() const { return wall_ + (clock_.monotonic() - monotonic_); }  // By the reference.
  const Clock& clock_;
  std::filesystem::path file_;
  Time wall_;  // The two readings that are compared.
  Duration monotonic_;
  Duration counted_;  // Monotonic: up to here the wait was counted down.
  Duration left_{0};
  Duration doubt_{0};  // How far the clock is ahead of what is known, while it is not believed.
  Duration saved_;     // Monotonic.
};

}  // namespace luy::evidence
