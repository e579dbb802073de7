#include "sheet/xlsx/number.h"

#include <charconv>
#include <cmath>

#include "base/clock.h"

namespace luy::sheet::xlsx {
namespace {

constexpr int digits_max = 15;
constexpr std::int64_t day_seconds = 86'400;
constexpr double last_serial = 2'958'465;   // 31/12/9999.
constexpr std::int64_t leap_day = 60;       // 29/02/1900, which never was.
constexpr std::int64_t epoch_shift = 1462;  // From the one end of the count to the other.

std::string two(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string clock_text(std::int64_t seconds) {
  return two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
}

}  // namespace

bool is_date_code(std::string_view code) {
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == ';') return false;  // What follows is for negative numbers.
    if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '"' || c == '[') {
      at = code.find(c == '"' ? '"' : ']', at + 1);
      if (at == std::string_view::npos) return false;
    } else if (std::string_view("dDmMyYhHsS").find(c) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool is_date_format(unsigned number) {
  return (number >= 14 && number <= 22) || (number >= 27 && number <= 36) || (number >= 45 && number <= 47) ||
         (number >= 50 && number <= 58);
}

std::optional<double> number_of(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
  return out;
}

std::string number_text(double value) {
  if (value == 0) return "0";
  char buffer[64];
  const bool is_plain = std::fabs(value) < 1e15 && std::fabs(value) >= 1e-5;
  if (is_plain && value == std::trunc(value)) return std::to_string(static_cast<long long>(value));
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, digits_max);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

std::optional<std::string> date_text(double serial, Epoch epoch) {
  if (serial < 0 || serial >= last_serial + 1) return std::nullopt;
  // Office programs show times rounded to the second.
  const auto all = static_cast<std::int64_t>(std::llround(serial * static_cast<double>(day_seconds)));
  std::int64_t day = all / day_seconds;
  const std::string clock = clock_text(all % day_seconds);
  if (epoch == Epoch::year_1904) day += epoch_shift;
  if (epoch == Epoch::year_1900 && day == 0) return clock;
  if (static_cast<double>(day) > last_serial) return std::nullopt;
  if (epoch == Epoch::year_1900 && day == leap_day) return std::nullopt;
  using namespace std::chrono;
  const Day before_first = sys_days(year(1899) / December / (day < leap_day ? 31 : 30));
  const std::string date = to_iso(before_first + days(day));
  return all % day_seconds == 0 ? date : date + "T" + clock;
}

}  // namespace luy::sheet::xlsx
