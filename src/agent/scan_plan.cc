#include "agent/scan_plan.h"

#include <array>
#include <charconv>
#include <vector>

#include "base/encoding.h"
#include "base/id.h"

namespace luy::agent {
namespace {

using std::chrono::minutes;

constexpr std::string_view heading = "scan1";
constexpr std::size_t parts_count = 12;

std::string time_text(const std::optional<Time>& time) {
  return time ? std::to_string(to_micros(*time)) : std::string("-");
}

bool read_number(std::string_view text, std::int64_t& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

bool read_time(std::string_view text, std::optional<Time>& out) {
  if (text == "-") return true;
  std::int64_t micros = 0;
  if (!read_number(text, micros)) return false;
  out = from_micros(micros);
  return true;
}

}  // namespace

std::string to_text(const ScanMemory& memory) {
  const ScanCounts& counts = memory.counts;
  std::string out(heading);
  for (const std::string& part :
       {memory.scan.empty() ? std::string("-") : memory.scan, time_text(memory.started_at), time_text(memory.ended_at),
        time_text(memory.since), time_text(memory.missed), std::to_string(counts.files), std::to_string(counts.bytes),
        std::to_string(counts.infected), std::to_string(counts.unread),
        memory.told.empty() ? std::string("-") : memory.told,
        memory.place.empty() ? std::string("-") : to_hex(as_bytes(memory.place))}) {
    out += ' ' + part;
  }
  return out;
}

ScanMemory scan_memory(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    parts.push_back(text.substr(0, blank));
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  if (parts.size() != parts_count || parts[0] != heading) return {};
  ScanMemory out;
  bool good = parts[1] == "-" || is_id_text(parts[1]);
  if (parts[1] != "-") out.scan = parts[1];
  good = good && read_time(parts[2], out.started_at) && read_time(parts[3], out.ended_at) &&
         read_time(parts[4], out.since) && read_time(parts[5], out.missed) && read_number(parts[6], out.counts.files) &&
         read_number(parts[7], out.counts.bytes) && read_number(parts[8], out.counts.infected) &&
         read_number(parts[9], out.counts.unread);
  good = good && (parts[10] == "-" || is_id_text(parts[10]));
  if (parts[10] != "-") out.told = parts[10];
  const auto place = parts[11] == "-" ? std::optional(std::string()) : from_hex(parts[11]);
  if (!good || !place) return {};
  out.place = *place;
  return out;
}

ScanPlan plan_scan(const device_policy::Antivirus& policy, const ScanMemory& memory, Time now) {
  ScanPlan out;
  if (!policy.scan) return out;
  const Day today = day_of(now);
  const Time begin = day_begin(today) + minutes(policy.from_minute);
  const Time end = day_begin(today) + minutes(policy.until_minute);
  out.window = now >= begin && now < end;
  const Duration period = days(policy.period_days);
  // A clock that was moved back must not put the next scan off for ever.
  const auto ended = memory.ended_at && *memory.ended_at <= now ? memory.ended_at : std::nullopt;
  const Time from = ended ? *ended : memory.since && *memory.since <= now ? *memory.since : now;
  out.due_at = from + period;
  out.missed = now >= *out.due_at;
  if (!out.window) return out;
  const bool its_day = std::chrono::weekday(today).iso_encoding() == static_cast<unsigned>(policy.weekday);
  const bool done_today = ended && *ended >= begin;
  out.run = !memory.scan.empty() || !ended || now - *ended >= period || (its_day && !done_today);
  return out;
}

}  // namespace luy::agent
