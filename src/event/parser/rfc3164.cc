// RFC 3164 (the BSD syslog protocol), and the lines that rsyslog and others write into files: the same header without
// the priority, with RFC 3339 times in newer settings, and Cisco's variants.
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

constexpr std::size_t tag_bytes_max = 64;  // RFC 3164 4.1.3 says 32; systemd's units are longer.

struct Tag {
  std::string_view program;
  std::string_view pid;
};

// "sshd[123]: " or "kernel: " (RFC 3164 4.1.3).
std::optional<Tag> take_tag(Scanner& in) {
  const std::string_view rest = in.rest();
  const auto end = rest.substr(0, tag_bytes_max + 1).find_first_of("[: \t");
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  Scanner attempt(rest.substr(end));
  Tag out{rest.substr(0, end), {}};
  if (attempt.take('[')) {
    const auto pid = attempt.until("]");
    if (!pid || pid->size() > tag_bytes_max) return std::nullopt;
    out.pid = *pid;
  }
  if (!attempt.take(':')) return std::nullopt;
  attempt.take(' ');
  in = attempt;
  return out;
}

std::optional<Time> take_time(Scanner& in, const ParseContext& context) {
  Scanner attempt = in;
  if (!attempt.take('*')) attempt.take('.');  // Cisco marks a clock it does not trust.
  std::string_view rest = attempt.rest();
  auto time = take_bsd_time(rest, context);
  if (!time) {
    Scanner words(rest);
    time = from_rfc3339(words.word());
    rest = words.rest();
  }
  if (time) in = Scanner(rest);
  return time;
}

// Cisco IOS puts a sequence number before the time, and its name between them where "logging origin-id" asks for it:
// "45: sw1: *Nov 22 10:04:05.123: ".
std::optional<Time> take_numbered_time(Scanner& in, std::string_view& host, const ParseContext& context) {
  Scanner attempt = in;
  if (!attempt.number() || !attempt.take(": ")) return std::nullopt;
  auto time = take_time(attempt, context);
  if (!time) {
    std::string_view name = attempt.word();
    if (!take_suffix(name, ":")) return std::nullopt;
    attempt.blanks();
    time = take_time(attempt, context);
    if (time) host = name;
  }
  if (time) in = attempt;
  return time;
}

}  // namespace

bool rfc3164(std::string_view raw, const ParseContext& context, Event& event) {
  Scanner in(raw);
  const auto priority = take_priority(in);
  std::string_view host;
  auto time = take_time(in, context);
  if (!time && priority) time = take_numbered_time(in, host, context);
  if (!time && !priority) return false;
  in.take(':');
  in.blanks();
  const std::string_view after_time = in.rest();

  // A host stands before the tag, except in what a program writes to its own machine's socket.
  auto tag = take_tag(in);
  if (!tag && time && host.empty()) {
    host = in.word();
    in.blanks();
    if (in.take(':')) in.blanks();
    tag = take_tag(in);
    // Without a priority only the tag shows that this is syslog and not some program's own log.
    if (!tag && !priority && !refine_unnamed(in.rest(), context, event)) {
      host = {};
      in = Scanner(after_time);
    }
  }

  if (priority) set_priority(event, *priority);
  event.time = time;
  event.set(Field::host_name, host);
  event.set(Field::message, in.rest());
  if (!tag) {
    if (priority) refine_unnamed(in.rest(), context, event);
    return true;
  }
  event.set(Field::log_syslog_appname, tag->program);
  event.set(Field::log_syslog_procid, tag->pid);
  event.set(Field::process_name, tag->program);
  event.set(Field::process_pid, tag->pid);
  refine(tag->program, in.rest(), context, event);
  return true;
}

}  // namespace luy::event::parser
