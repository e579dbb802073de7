// One entry of the systemd journal in its export format (systemd.io/JOURNAL_EXPORT_FORMATS): lines "KEY=value", and for
// values with line breaks or control characters "KEY", a line break, a 64-bit little-endian length, and the bytes.
#include <algorithm>
#include <array>
#include <charconv>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

constexpr std::size_t key_bytes_max = 64;  // As journald itself allows.

struct Entry {
  std::string_view key;
  std::string_view value;
};

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= key_bytes_max && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Takes one field off the front; nullopt when the bytes are not of the format.
std::optional<Entry> take_entry(std::string_view& rest) {
  const auto end = rest.find_first_of("=\n");
  if (end == std::string_view::npos || !is_key(rest.substr(0, end))) return std::nullopt;
  const std::string_view key = rest.substr(0, end);
  const bool one_line = rest[end] == '=';
  rest.remove_prefix(end + 1);
  if (one_line) {
    const std::string_view value = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(value.size() + 1, rest.size()));
    return Entry{key, value};
  }
  if (rest.size() < 8) return std::nullopt;
  std::uint64_t size = 0;
  for (std::size_t i = 8; i-- > 0;) size = size << 8 | static_cast<std::uint8_t>(rest[i]);
  rest.remove_prefix(8);
  if (size > rest.size()) return std::nullopt;
  const std::string_view value = rest.substr(0, static_cast<std::size_t>(size));
  rest.remove_prefix(value.size());
  if (!rest.empty() && rest.front() != '\n') return std::nullopt;
  if (!rest.empty()) rest.remove_prefix(1);
  return Entry{key, value};
}

struct Mapping {
  std::string_view key;
  Field field;
};
// systemd.journal-fields(7). _UID and _GID are the writer's, not those of whom the message speaks: they stay labels.
constexpr std::array mappings{
    Mapping{"MESSAGE", Field::message},
    Mapping{"SYSLOG_IDENTIFIER", Field::log_syslog_appname},
    Mapping{"SYSLOG_PID", Field::log_syslog_procid},
    Mapping{"_HOSTNAME", Field::host_name},
    Mapping{"_PID", Field::process_pid},
    Mapping{"_COMM", Field::process_name},
    Mapping{"_EXE", Field::process_executable},
    Mapping{"_CMDLINE", Field::process_command_line},
    Mapping{"_SYSTEMD_UNIT", Field::service_name},
    Mapping{"UNIT", Field::service_name},
    Mapping{"MESSAGE_ID", Field::event_code},
};

// What tells a reader nothing, or only the journal itself.
constexpr std::array<std::string_view, 12> not_kept{
    "SYSLOG_RAW",       "SYSLOG_TIMESTAMP", "_CAP_EFFECTIVE",  "_RUNTIME_SCOPE",
    "_SELINUX_CONTEXT", "_STREAM_ID",       "_SYSTEMD_CGROUP", "_SYSTEMD_INVOCATION_ID",
    "_SYSTEMD_SLICE",   "_MACHINE_ID",      "_BOOT_ID",        "_SOURCE_MONOTONIC_TIMESTAMP"};

std::optional<std::int64_t> whole_number(std::string_view text) {
  Scanner in(text);
  const auto number = in.number();
  return in.done() ? number : std::nullopt;
}

struct Seen {
  std::string_view message;
  std::string_view identifier;
  std::string_view command;
  std::string_view audit_type;
  std::optional<std::int64_t> source_time;   // µs since 1970: when it was written …
  std::optional<std::int64_t> journal_time;  // … and when the journal took it.
};

void take_field(const Entry& entry, Seen& seen, Event& event) {
  const std::string_view key = entry.key;
  const std::string_view value = entry.value;
  if (key == "MESSAGE") seen.message = value;
  if (key == "SYSLOG_IDENTIFIER") seen.identifier = value;
  if (key == "_COMM") seen.command = value;
  if (key == "_AUDIT_TYPE_NAME") seen.audit_type = value;
  if (key == "_SOURCE_REALTIME_TIMESTAMP") {
    seen.source_time = whole_number(value);
  } else if (key == "__REALTIME_TIMESTAMP") {
    seen.journal_time = whole_number(value);
  } else if (key == "PRIORITY") {
    set_severity(event, static_cast<int>(std::min<std::int64_t>(whole_number(value).value_or(8), 8)));
  } else if (key == "SYSLOG_FACILITY") {
    set_facility(event, static_cast<int>(std::min<std::int64_t>(whole_number(value).value_or(24), 24)));
  } else if (const auto* known = std::find_if(mappings.begin(), mappings.end(),
                                              [&](const Mapping& mapping) { return mapping.key == key; });
             known != mappings.end()) {
    // A key may come twice; the first one counts.
    if (!event.get(known->field) || key == "UNIT") event.set(known->field, value);
  } else if (!key.starts_with("__") && std::find(not_kept.begin(), not_kept.end(), key) == not_kept.end()) {
    event.set_label(key, value);
  }
}

// Times before 1970 or after 9999 are damage, not times.
std::optional<Time> time_of(std::optional<std::int64_t> micros) {
  constexpr std::int64_t micros_max = 253'402'300'800'000'000 - 1;
  if (!micros || *micros > micros_max) return std::nullopt;
  return from_micros(*micros);
}

}  // namespace

bool journal(std::string_view raw, const ParseContext& context, Event& event) {
  Event out = event;
  Seen seen;
  std::string_view rest = raw;
  while (!rest.empty() && rest != "\n") {
    const auto entry = take_entry(rest);
    if (!entry) return false;
    take_field(*entry, seen, out);
  }
  out.time = time_of(seen.source_time);
  if (!out.time) out.time = time_of(seen.journal_time);
  if (seen.identifier.empty()) seen.identifier = seen.command;
  if (seen.command.empty()) out.set(Field::process_name, seen.identifier);
  if (!seen.audit_type.empty()) {
    out.set(Field::event_provider, "auditd");
    audit_body(seen.audit_type, seen.message, out);
  } else {
    refine(seen.identifier, seen.message, context, out);
  }
  event = std::move(out);
  return !raw.empty();
}

}  // namespace luy::event::parser
