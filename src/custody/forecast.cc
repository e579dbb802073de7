#include "custody/forecast.h"

#include <algorithm>
#include <cmath>

namespace luy::custody {

std::string_view name_of(DiskLevel level) {
  switch (level) {
    case DiskLevel::good:
      return "good";
    case DiskLevel::watch:
      return "watch";
    case DiskLevel::warning:
      return "warning";
    case DiskLevel::critical:
      break;
  }
  return "critical";
}

DiskLevel level_of(const DiskSpace& space) {
  const double percent = space.used_percent();
  if (percent >= critical_percent) return DiskLevel::critical;
  if (percent >= warning_percent) return DiskLevel::warning;
  return percent >= watch_percent ? DiskLevel::watch : DiskLevel::good;
}

Forecast forecast(const DiskSpace& space, const std::map<Day, std::uint64_t>& used, Day today) {
  Forecast out;
  double count = 0;
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (const auto& [day, bytes] : used) {
    if (day <= today - days(growth_days_max) || day > today) continue;
    const auto x = static_cast<double>((day - today).count());
    const auto y = static_cast<double>(bytes);
    ++count;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  out.days = static_cast<int>(count);
  const double spread = count * sum_xx - sum_x * sum_x;
  if (out.days < growth_days_min || spread <= 0) return out;
  const double slope = (count * sum_xy - sum_x * sum_y) / spread;
  out.growth = std::llround(slope);
  if (out.growth <= 0) return out;
  const auto left = static_cast<std::int64_t>(space.free / static_cast<std::uint64_t>(out.growth));
  if (left <= forecast_days_far) out.days_left = left;
  return out;
}

}  // namespace luy::custody
