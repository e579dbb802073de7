// How full a disk is, and when it will be full if it goes on like this. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace luy::custody {

// Levels of a disk, told once each: at 70 % there is time to buy one, at 95 % there is none.
enum class DiskLevel : std::uint8_t { good, watch, warning, critical };
inline constexpr double watch_percent = 70;
inline constexpr double warning_percent = 85;
inline constexpr double critical_percent = 95;
std::string_view name_of(DiskLevel level);

// So many days ahead a full disk is told: purchases of an office take a month.
inline constexpr std::int64_t forecast_days = 30;
// Growth is that of this many days; fewer than forecast_days_min tell nothing.
inline constexpr int growth_days_max = 28;
inline constexpr int growth_days_min = 3;

struct DiskSpace {
  std::uint64_t total = 0;  // Bytes that there are for us: in use and free.
  std::uint64_t free = 0;   // Of these, those we may still use.
  std::uint64_t used() const { return total > free ? total - free : 0; }
  double used_percent() const {
    return total == 0 ? 0 : 100.0 * static_cast<double>(used()) / static_cast<double>(total);
  }
};

DiskLevel level_of(const DiskSpace& space);

struct Forecast {
  std::int64_t growth = 0;                // Bytes a day; the slope of a straight line through the days (least squares).
  int days = 0;                           // Measured.
  std::optional<std::int64_t> days_left;  // Whole days until nothing is left; none when it does not grow that soon.
};
// No disk is looked at further ahead than this.
inline constexpr std::int64_t forecast_days_far = 3'650;
// `used` holds the bytes in use at the end of days, today's among them as they are now.
Forecast forecast(const DiskSpace& space, const std::map<Day, std::uint64_t>& used, Day today);

}  // namespace luy::custody
