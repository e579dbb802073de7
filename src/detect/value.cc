#include "detect/value.h"

#include <charconv>
#include <chrono>

namespace luy::detect {
namespace {

// `digits` decimal digits at `at`; nullopt when they are not there.
std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int out = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return out;
}

std::optional<double> iso_week(std::chrono::year_month_day date) {
  using std::chrono::days;
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_days day = date;
  // The week belongs to the year of its Thursday.
  const unsigned weekday = std::chrono::weekday(day).iso_encoding();
  const std::chrono::sys_days thursday = day + days(4) - days(weekday);
  const std::chrono::year year = std::chrono::year_month_day(thursday).year();
  return static_cast<double>((thursday - std::chrono::sys_days(year / 1 / 1)).count() / 7 + 1);
}

}  // namespace

std::optional<double> number_of(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  text = text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
  if (text.front() == '+') text.remove_prefix(1);
  // from_chars would take "inf" and "nan" too.
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<double> time_part_of(std::string_view text, TimePart part) {
  const auto year = digits_at(text, 0, 4);
  const auto month = digits_at(text, 5, 2);
  const auto day = digits_at(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  switch (part) {
    case TimePart::year:
      return *year;
    case TimePart::month:
      return *month;
    case TimePart::day:
      return *day;
    case TimePart::week:
      return iso_week(date);
    default:
      break;
  }
  if (text.size() < 16 || (text[10] != 'T' && text[10] != ' ' && text[10] != 't') || text[13] != ':')
    return std::nullopt;
  const auto found = part == TimePart::hour ? digits_at(text, 11, 2) : digits_at(text, 14, 2);
  const int limit = part == TimePart::hour ? 24 : 60;
  return found && *found < limit ? std::optional<double>(*found) : std::nullopt;
}

bool compare(double value, Comparison comparison, double limit) {
  switch (comparison) {
    case Comparison::equal:
      return value == limit;
    case Comparison::less:
      return value < limit;
    case Comparison::less_equal:
      return value <= limit;
    case Comparison::greater:
      return value > limit;
    case Comparison::greater_equal:
      return value >= limit;
  }
  return false;
}

bool number_holds(const Test& test, std::string_view text) {
  const auto value = test.time_part == TimePart::none ? number_of(text) : time_part_of(text, test.time_part);
  return value && compare(*value, test.comparison, test.number);
}

bool relation_holds(Relation relation, std::string_view value, std::string_view other) {
  switch (relation) {
    case Relation::equal:
      return value == other;
    case Relation::starts_with:
      return value.starts_with(other);
    case Relation::ends_with:
      return value.ends_with(other);
    case Relation::contains:
      return value.find(other) != std::string_view::npos;
  }
  return false;
}

}  // namespace luy::detect
