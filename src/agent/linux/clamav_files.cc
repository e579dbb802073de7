#include "agent/linux/clamav_files.h"

#include <ctime>

#include "agent/linux/release_file.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// "07 Sep 2020 04-15 -0400"; the clock is written with '-' because ':' divides the head's fields.
std::optional<Time> parse_build_time(std::string_view text) {
  const auto fields = words(text);
  if (fields.size() != 5) return std::nullopt;
  const auto day = number(fields[0]);
  const unsigned month = month_number(fields[1]);
  const auto year = number(fields[2]);
  const auto clock = split(fields[3], '-');
  const std::string_view zone = fields[4];
  if (!day || !year || clock.size() != 2 || zone.size() != 5) return std::nullopt;
  const auto hour = number(clock[0]);
  const auto minute = number(clock[1]);
  const auto zone_hour = number(zone.substr(1, 2));
  const auto zone_minute = number(zone.substr(3, 2));
  if (!hour || !minute || !zone_hour || !zone_minute || *day < 1 || *day > 31 || *year < 1970 || *year > 9999) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{month},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) return std::nullopt;
  const auto offset = std::chrono::hours(*zone_hour) + std::chrono::minutes(*zone_minute);
  const auto local = Time{std::chrono::sys_days{date}} + std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  return zone.front() == '-' ? local + offset : local - offset;
}

// "End Date:   2026:11:22 03:04:05", in the machine's own time zone.
std::optional<Time> parse_end_date(std::string_view text) {
  const auto fields = words(text);
  if (fields.size() != 2) return std::nullopt;
  const auto date = split(fields[0], ':');
  const auto clock = split(fields[1], ':');
  if (date.size() != 3 || clock.size() != 3) return std::nullopt;
  std::tm local{};
  const auto take = [](std::string_view field, int low, int high, int& out) {
    const auto value = number(field);
    if (!value || *value < low || *value > high) return false;
    out = static_cast<int>(*value);
    return true;
  };
  int year = 0;
  int month = 0;
  if (!take(date[0], 1970, 9999, year) || !take(date[1], 1, 12, month) || !take(date[2], 1, 31, local.tm_mday) ||
      !take(clock[0], 0, 23, local.tm_hour) || !take(clock[1], 0, 59, local.tm_min) ||
      !take(clock[2], 0, 60, local.tm_sec)) {
    return std::nullopt;
  }
  local.tm_year = year - 1900;
  local.tm_mon = month - 1;
  local.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&local);
  if (seconds < 0) return std::nullopt;
  return Time{std::chrono::seconds(seconds)};
}

}  // namespace

std::optional<Time> database_built_at(std::string_view head) {
  const auto fields = split(head.substr(0, 512), ':');
  if (fields.size() < 2 || fields[0] != "ClamAV-VDB") return std::nullopt;
  return parse_build_time(fields[1]);
}

std::vector<ScanSummary> parse_scan_log(std::string_view log) {
  std::vector<ScanSummary> out;
  std::optional<ScanSummary> current;
  for (const std::string_view line : lines(log)) {
    if (line.find("SCAN SUMMARY") != std::string_view::npos) current = ScanSummary{};
    if (!current) continue;
    if (const auto folders = after(line, "Scanned directories:")) current->folders = number(*folders).value_or(0);
    if (const auto infected = after(line, "Infected files:")) current->infected = number(*infected).value_or(0);
    const auto end = after(line, "End Date:");
    if (!end) continue;
    if (const auto at = parse_end_date(*end)) {
      current->ended_at = *at;
      out.push_back(*current);
    }
    current.reset();
  }
  return out;
}

}  // namespace luy::agent
