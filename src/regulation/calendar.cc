#include "regulation/calendar.h"

#include <algorithm>
#include <string>

namespace luy::regulation {
namespace {

// A limit in working time that finds no working day for so long is a mistake in the calendar; the search ends.
constexpr int days_searched_max = 4000;

}  // namespace

Result<Calendar> Calendar::parse(std::string_view text) {
  Calendar out;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos || line.front() == '#') continue;
    const std::string_view day_text = line.substr(0, line.find_first_of(" \t\r"));
    const auto day = day_from_iso(day_text);
    if (!day) return Error(calendar_invalid, std::to_string(number) + ": " + std::string(day_text.substr(0, 40)));
    out.holidays_.insert(*day);
  }
  return out;
}

std::optional<Day> Calendar::known_until() const {
  if (holidays_.empty()) return std::nullopt;
  const std::chrono::year_month_day last(*holidays_.rbegin());
  return Day(last.year() / std::chrono::December / 31);
}

bool Calendar::is_working(Day day) const {
  const std::chrono::weekday weekday(day);
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
  return !holidays_.contains(day);
}

Time Calendar::after(Time from, Duration amount) const {
  Day day = day_of(from);
  Time at = from;
  for (int i = 0; i < days_searched_max; ++i, day += days(1), at = day_begin(day)) {
    if (!is_working(day)) continue;
    const Duration rest = day_begin(day + days(1)) - at;
    if (amount <= rest) return at + amount;
    amount -= rest;
  }
  return at;
}

}  // namespace luy::regulation
