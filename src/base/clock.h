// Time comes in by constructor: nothing but SystemClock asks the operating system. Wall time is UTC in microseconds;
// durations that must not jump (timeouts, limits) use the monotonic reading.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luy {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
using std::chrono::days;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual Duration monotonic() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Duration monotonic() const override;
};

// For tests and simulation: stands still until moved.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start) : now_(start.time_since_epoch().count()) {}
  Time now() const override { return Time(Duration(now_.load())); }
  Duration monotonic() const override { return Duration(monotonic_.load()); }
  void advance(Duration by) {
    now_ += by.count();
    monotonic_ += by.count();
  }
  // Moves the wall clock alone, as a wrong hand or a bad time server does.
  void set(Time to) { now_ = to.time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> now_;
  std::atomic<std::int64_t> monotonic_{0};
};

// "2026-11-22T03:04:05.678901Z"; RFC 3339, always UTC, six decimals.
std::string to_rfc3339(Time time);
// Accepts RFC 3339 with any offset and 0..9 decimals; nullopt for anything else.
std::optional<Time> from_rfc3339(std::string_view text);

// Vietnam has kept UTC+7 without daylight saving since 1975 (Asia/Ho_Chi_Minh): the regulation's days are counted in
// it.
inline constexpr std::chrono::hours vietnam_offset{7};

// A calendar day as the regulation counts it: in Asia/Ho_Chi_Minh.
using Day = std::chrono::sys_days;
Day day_of(Time time);
// The first instant of that day, in UTC.
Time day_begin(Day day);
std::string to_iso(Day day);         // "2026-11-22"
std::string to_vietnamese(Day day);  // "22/11/2026"
std::optional<Day> day_from_iso(std::string_view text);

std::int64_t to_micros(Time time);
Time from_micros(std::int64_t micros);
std::int64_t to_millis(Time time);
Time from_millis(std::int64_t millis);

}  // namespace luy
