#include "base/clock.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace luy {
namespace {

using namespace std::chrono;

// Takes exactly `digits` decimal digits off `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<sys_days> take_date(std::string_view& text) {
  const auto y = take_number(text, 4);
  if (!y || !take(text, '-')) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m || !take(text, '-')) return std::nullopt;
  const auto d = take_number(text, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

// Fraction digits after '.', as microseconds; more than six are cut.
std::optional<microseconds> take_fraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return microseconds{0};
  text.remove_prefix(1);
  std::int64_t value = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 6) value = value * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (int i = digits; i < 6; ++i) value *= 10;
  return microseconds{value};
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return minutes{0};
  const bool minus = !text.empty() && text.front() == '-';
  if (!minus && (text.empty() || text.front() != '+')) return std::nullopt;
  text.remove_prefix(1);
  const auto h = take_number(text, 2);
  if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m || *m > 59) return std::nullopt;
  const minutes total{*h * 60 + *m};
  return minus ? -total : total;
}

}  // namespace

Time SystemClock::now() const {
  return time_point_cast<microseconds>(system_clock::now());
}

Duration SystemClock::monotonic() const {
  return duration_cast<Duration>(steady_clock::now().time_since_epoch());
}

std::string to_rfc3339(Time time) {
  const auto date = floor<days>(time);
  const year_month_day ymd{date};
  const hh_mm_ss clock{time - date};
  std::array<char, 48> out{};
  const int n =
      std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(ymd.year()),
                    static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {out.data(), static_cast<std::size_t>(n)};
}

std::optional<Time> from_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' ')) return std::nullopt;
  text.remove_prefix(1);
  const auto h = take_number(text, 2);
  if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m || *m > 59 || !take(text, ':')) return std::nullopt;
  const auto s = take_number(text, 2);
  if (!s || *s > 60) return std::nullopt;  // RFC 3339 5.6 allows a leap second.
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Time{*date} + hours{*h} + minutes{*m} + seconds{*s} + *fraction - *offset;
}

Day day_of(Time time) {
  return floor<days>(time + vietnam_offset);
}

Time day_begin(Day day) {
  return Time{day} - vietnam_offset;
}

std::string to_iso(Day day) {
  const year_month_day ymd{day};
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return out.data();
}

std::string to_vietnamese(Day day) {
  const year_month_day ymd{day};
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "%02u/%02u/%04d", static_cast<unsigned>(ymd.day()),
                static_cast<unsigned>(ymd.month()), static_cast<int>(ymd.year()));
  return out.data();
}

std::optional<Day> day_from_iso(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !text.empty()) return std::nullopt;
  return day;
}

std::int64_t to_micros(Time time) {
  return time.time_since_epoch().count();
}
Time from_micros(std::int64_t micros) {
  return Time{microseconds{micros}};
}
std::int64_t to_millis(Time time) {
  return floor<milliseconds>(time).time_since_epoch().count();
}
Time from_millis(std::int64_t millis) {
  return Time{milliseconds{millis}};
}

}  // namespace luy
