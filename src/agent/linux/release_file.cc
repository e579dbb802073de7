#include "agent/linux/release_file.h"

#include <array>

#include "agent/linux/text.h"

namespace luy::agent {

unsigned month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i + 1;
  }
  return 0;
}

std::optional<Time> parse_release_date(std::string_view text) {
  const auto fields = words(text);
  if (fields.size() != 6) return std::nullopt;
  if (fields[5] != "UTC" && fields[5] != "GMT" && fields[5] != "Z" && fields[5] != "+0000") return std::nullopt;
  const auto day = number(fields[1]);
  const unsigned month = month_number(fields[2]);
  const auto year = number(fields[3]);
  const auto clock = split(fields[4], ':');
  if (!day || !year || clock.size() != 3 || *year < 1970 || *year > 9999) return std::nullopt;
  const auto hour = number(clock[0]);
  const auto minute = number(clock[1]);
  const auto second = number(clock[2]);
  if (!hour || !minute || !second) return std::nullopt;
  if (*hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second > 60) return std::nullopt;
  if (*day < 1 || *day > 31) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{month},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date}} + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

ReleaseFile parse_release(std::string_view text) {
  ReleaseFile out;
  for (const std::string_view line : lines(text)) {
    if (const auto suite = after(line, "Suite:")) out.suite = *suite;
    if (const auto codename = after(line, "Codename:")) out.codename = *codename;
    if (const auto date = after(line, "Date:")) out.date = parse_release_date(*date);
    if (const auto until = after(line, "Valid-Until:")) out.valid_until = parse_release_date(*until);
    if (line.starts_with("MD5Sum:") || line.starts_with("SHA256:")) break;  // The dates stand before the file list.
  }
  return out;
}

}  // namespace luy::agent
