#include "event/parser/scan.h"

#include <array>
#include <chrono>
#include <string>

namespace luy::event::parser {
namespace {

constexpr std::array<std::string_view, 8> severity_names{"emergency", "alert",  "critical",      "error",
                                                         "warning",   "notice", "informational", "debug"};
// RFC 5424 table 1, with the names people write in syslog.conf.
constexpr std::array<std::string_view, 24> facility_names{
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog",   "lpr",     "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "security", "console", "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5",   "local6",  "local7"};

constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Exactly two digits.
std::optional<int> take_two(Scanner& in) {
  const std::string_view rest = in.rest();
  if (rest.size() < 2 || !is_digit(rest[0]) || !is_digit(rest[1])) return std::nullopt;
  in.take(rest.substr(0, 2));
  return (rest[0] - '0') * 10 + (rest[1] - '0');
}

// "10:04:05" with or without a fraction, since midnight.
std::optional<Duration> take_clock(Scanner& in) {
  const auto hour = take_two(in);
  if (!hour || *hour > 23 || !in.take(':')) return std::nullopt;
  const auto minute = take_two(in);
  if (!minute || *minute > 59 || !in.take(':')) return std::nullopt;
  const auto second = take_two(in);
  if (!second || *second > 60) return std::nullopt;
  std::int64_t micros = 0;
  const std::string_view rest = in.rest();
  if (rest.size() > 1 && (rest[0] == '.' || rest[0] == ',') && is_digit(rest[1])) {
    std::size_t size = 1;
    for (std::int64_t unit = 100'000; size < rest.size() && is_digit(rest[size]); ++size, unit /= 10) {
      micros += (rest[size] - '0') * unit;
    }
    in.take(rest.substr(0, size));
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + Duration(micros);
}

std::optional<Time> local(int year, unsigned month, unsigned day, Duration clock, const ParseContext& context) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days{date}) + clock - context.offset;
}

}  // namespace

bool Scanner::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

bool Scanner::take(std::string_view literal) {
  if (!rest_.starts_with(literal)) return false;
  rest_.remove_prefix(literal.size());
  return true;
}

void Scanner::blanks() {
  while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
}

std::string_view Scanner::word() {
  std::size_t size = 0;
  while (size < rest_.size() && !is_blank(rest_[size])) ++size;
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}

std::optional<std::string_view> Scanner::until(std::string_view mark) {
  const auto at = rest_.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view out = rest_.substr(0, at);
  rest_.remove_prefix(at + mark.size());
  return out;
}

std::optional<std::int64_t> Scanner::number() {
  std::size_t size = 0;
  std::int64_t value = 0;
  while (size < rest_.size() && is_digit(rest_[size])) {
    if (size == 18) return std::nullopt;
    value = value * 10 + (rest_[size++] - '0');
  }
  if (size == 0) return std::nullopt;
  rest_.remove_prefix(size);
  return value;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::optional<KeyValue> next_key_value(Scanner& in) {
  constexpr std::string_view separators = " \t,;\x1d";  // 0x1d stands before auditd's own explanations.
  while (!in.done()) {
    const std::string_view rest = in.rest();
    const auto end = rest.find_first_of(" \t,;\x1d=");
    if (end == std::string_view::npos) return std::nullopt;
    KeyValue out{.key = rest.substr(0, end), .value = {}};
    in = Scanner(rest.substr(end + 1));
    if (rest[end] != '=' || out.key.empty()) continue;
    const std::string_view value = in.rest();
    if (!value.empty() && (value[0] == '"' || value[0] == '\'')) {
      const auto close = value.find(value[0], 1);
      if (close != std::string_view::npos) {
        out.value = value.substr(1, close - 1);
        out.quote = value[0];
        in = Scanner(value.substr(close + 1));
        return out;
      }
    }
    out.value = value.substr(0, value.find_first_of(separators));
    in = Scanner(value.substr(out.value.size()));
    return out;
  }
  return std::nullopt;
}

void set_meaning(Event& event, const Meaning& meaning) {
  event.set(Field::event_category, meaning.category);
  event.set(Field::event_type, meaning.type);
  event.set(Field::event_action, meaning.action);
  event.set(Field::event_outcome, meaning.outcome);
}

void set_source(Event& event, std::string_view host, std::string_view port) {
  if (host.empty() || host == "?" || host == "-" || host == "UNKNOWN") return;
  const std::string_view address = host.substr(0, host.find('%'));  // fe80::1%eth0: RFC 4007 section 11.
  event.set(Field::source_ip, address);
  if (event.text(Field::source_ip) != address) event.set(Field::source_domain, host);
  event.set(Field::source_port, port);
}

std::optional<Priority> take_priority(Scanner& in) {
  Scanner attempt = in;
  if (!attempt.take('<')) return std::nullopt;
  const auto size = attempt.rest().find('>');
  const auto value = attempt.number();
  if (!value || *value > 191 || size > 3 || !attempt.take('>')) return std::nullopt;
  in = attempt;
  return Priority{static_cast<int>(*value)};
}

void set_severity(Event& event, int severity) {
  if (severity < 0 || severity > 7) return;
  event.set(Field::event_severity, severity);
  event.set(Field::log_syslog_severity_code, severity);
  event.set(Field::log_syslog_severity_name, severity_names[static_cast<std::size_t>(severity)]);
  event.set(Field::log_level, severity_names[static_cast<std::size_t>(severity)]);
}

void set_facility(Event& event, int facility) {
  if (facility < 0 || facility > 23) return;
  event.set(Field::log_syslog_facility_code, facility);
  event.set(Field::log_syslog_facility_name, facility_names[static_cast<std::size_t>(facility)]);
}

void set_priority(Event& event, Priority priority) {
  event.set(Field::log_syslog_priority, priority.value);
  set_facility(event, priority.value / 8);
  set_severity(event, priority.value % 8);
}

std::optional<Time> take_bsd_time(std::string_view& text, const ParseContext& context) {
  if (text.size() < 15) return std::nullopt;
  const auto at = months.find(text.substr(0, 3));
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  const auto month = static_cast<unsigned>(at / 3 + 1);
  Scanner in(text.substr(3));
  if (!in.take(' ')) return std::nullopt;
  in.take(' ');
  const auto day = in.number();
  if (!day || *day > 31 || !in.take(' ')) return std::nullopt;
  std::optional<std::int64_t> year;
  Scanner with_year = in;
  year = with_year.number();
  if (year && *year >= 1970 && *year <= 9999 && with_year.take(' ')) {
    in = with_year;
  } else {
    year.reset();
  }
  const auto clock = take_clock(in);
  if (!clock) return std::nullopt;
  std::optional<Time> time;
  if (year) {
    time = local(static_cast<int>(*year), month, static_cast<unsigned>(*day), *clock, context);
  } else {
    const auto newest = context.received + days(1);
    const auto date = std::chrono::floor<days>(newest + context.offset);
    int candidate = static_cast<int>(std::chrono::year_month_day{date}.year());
    // 29 February may be up to eight years back (1896 to 1904, 2096 to 2104).
    for (int back = 0; back <= 8 && (!time || *time > newest); ++back, --candidate) {
      time = local(candidate, month, static_cast<unsigned>(*day), *clock, context);
    }
  }
  if (time) text = in.rest();
  return time;
}

std::optional<Time> take_local_time(std::string_view& text, const ParseContext& context) {
  Scanner in(text);
  const std::string_view date_text = text.substr(0, 10);
  const auto day = day_from_iso(date_text);
  if (!day) return std::nullopt;
  in.take(date_text);
  if (!in.take('T') && !in.take(' ')) return std::nullopt;
  in.blanks();
  const auto clock = take_clock(in);
  if (!clock) return std::nullopt;
  text = in.rest();
  return Time(*day) + *clock - context.offset;
}

}  // namespace luy::event::parser
