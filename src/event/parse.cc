#include "event/parse.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "event/parser/json_tree.h"
#include "event/parser/parsers.h"

namespace luy::event {
namespace {

// Which parser reads which records; the first that applies and understands the record wins.
struct Route {
  Transport transport;
  std::string_view stream_part;  // The stream must contain it; so rotated files ("dpkg.log.1") go the same way.
  std::string_view front;        // The record must begin with it.
  bool (*parse)(std::string_view raw, const ParseContext& context, Event& event);
  std::string_view dataset;
};
constexpr std::array routes{
    Route{Transport::journal, "", "", parser::journal, "systemd.journal"},
    Route{Transport::fact, "", "{", parser::fact_document, "luy.fact"},
    Route{Transport::agent, "", "{", parser::note, "luy.agent"},
    Route{Transport::agent, "", "{", parser::json_line, "luy.agent"},
    Route{Transport::hub, "", "{", parser::note, "luy.hub"},
    Route{Transport::hub, "", "{", parser::json_line, "luy.hub"},
    Route{Transport::syslog, "", "CEF:", parser::cef, "cef"},
    Route{Transport::syslog, "", "<", parser::rfc5424, "syslog"},
    Route{Transport::syslog, "", "", parser::rfc3164, "syslog"},
    Route{Transport::syslog, "", "{", parser::json_line, "json"},
    Route{Transport::file, "/dpkg.log", "", parser::dpkg, "dpkg.log"},
    Route{Transport::file, "/alternatives.log", "", parser::alternatives, "alternatives.log"},
    Route{Transport::file, "/apt/history.log", "", parser::apt_history, "apt.history"},
    Route{Transport::file, "/apt/term.log", "", parser::apt_term, "apt.term"},
    Route{Transport::file, "", "type=", parser::audit, "auditd.log"},
    Route{Transport::file, "", "node=", parser::audit, "auditd.log"},
    Route{Transport::file, "", "CEF:", parser::cef, "cef"},
    Route{Transport::file, "", "{", parser::json_line, "json"},
    Route{Transport::file, "/apache2/", "", parser::web_access, "apache.access"},
    Route{Transport::file, "/httpd/", "", parser::web_access, "apache.access"},
    Route{Transport::file, "/nginx/", "", parser::web_access, "nginx.access"},
    Route{Transport::file, "/squid/", "", parser::squid_access, "squid.access"},
    Route{Transport::file, "access", "", parser::web_access, "web.access"},
    Route{Transport::file, "", "<", parser::rfc5424, "system.syslog"},
    Route{Transport::file, "/auth.log", "", parser::rfc3164, "system.auth"},
    Route{Transport::file, "/secure", "", parser::rfc3164, "system.auth"},
    Route{Transport::file, "", "", parser::rfc3164, "system.syslog"},
};

// What an event holds: the message, most of the record once more in fields and labels, and our own words.
constexpr std::size_t text_per_record = 2;
constexpr std::size_t text_beside_record = 256;

bool applies(const Route& route, Transport transport, std::string_view stream, std::string_view raw) {
  return route.transport == transport && raw.starts_with(route.front) &&
         (route.stream_part.empty() || stream.find(route.stream_part) != std::string_view::npos);
}

// Line ends and the zero byte that some senders put behind a datagram are no part of a line.
std::string_view line_of(Transport transport, std::string_view raw) {
  if (transport != Transport::file && transport != Transport::syslog) return raw;
  while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r' || raw.back() == '\0')) raw.remove_suffix(1);
  return raw;
}

// An offset can carry the first and the last day of the calendar out of the years that RFC 3339 can write.
bool writable(Time time) {
  const auto year = std::chrono::year_month_day{std::chrono::floor<days>(time)}.year();
  return year >= std::chrono::year{0} && year <= std::chrono::year{9999};
}

// The names of our own kinds of record are for what comes on our own ways: a line of a file or a sender that bears one
// is kept as it is, marked, and goes by the name of its way. So is an agent's that claims to be the hub.
void refuse_borrowed_name(Transport transport, Event& event) {
  constexpr std::string_view ours = "luy.";
  const std::string claimed(event.text(Field::event_dataset));
  if (!claimed.starts_with(ours) || transport == Transport::hub) return;
  if (transport == Transport::fact && claimed.starts_with("luy.fact")) return;
  if (transport == Transport::agent && claimed.starts_with("luy.agent")) return;
  event.set_label("claimed_dataset", claimed);
  event.set(Field::event_dataset, transport == Transport::journal ? "systemd.journal"
                                  : transport == Transport::agent ? "luy.agent"
                                                                  : "json");
}

// The part of a JSON object between its braces; nullopt when `json` is none, or empty.
std::optional<std::string_view> members_of(std::string_view json) {
  const auto begin = json.find_first_not_of(" \t\r\n");
  const auto end = json.find_last_not_of(" \t\r\n");
  if (begin == std::string_view::npos || json[begin] != '{' || json[end] != '}' || begin == end) return std::nullopt;
  const std::string_view inside = json.substr(begin + 1, end - begin - 1);
  parser::JsonTree tree;
  if (inside.find_first_not_of(" \t\r\n") == std::string_view::npos || !tree.read(json)) return std::nullopt;
  return inside;
}

}  // namespace

std::string rule_json(const Event& event, std::string_view raw) {
  std::string ours = to_json(event);
  auto members = members_of(raw);
  if (!members) members = members_of(event.text(Field::message));
  if (!members) return ours;
  return std::string("{").append(*members).append(",").append(std::string_view(ours).substr(1));
}

Event parse(Transport transport, std::string_view stream, std::string_view raw, const ParseContext& context) {
  const std::string_view line = line_of(transport, raw);
  for (const Route& route : routes) {
    if (!applies(route, transport, stream, line)) continue;
    Event event(context.received, text_per_record * line.size() + text_beside_record);
    if (!route.parse(line, context, event)) continue;
    if (event.time && !writable(*event.time)) event.time.reset();
    if (!event.get(Field::event_kind)) event.set(Field::event_kind, "event");
    refuse_borrowed_name(transport, event);
    if (!event.get(Field::event_dataset)) event.set(Field::event_dataset, route.dataset);
    if (!event.get(Field::message)) event.set(Field::message, line);
    if (transport == Transport::file) event.set(Field::log_file_path, stream);
    return event;
  }
  Event event(context.received, line.size() + text_beside_record);
  event.set(Field::message, line);
  event.set(Field::event_kind, "pipeline_error");
  event.set(Field::error_message, "no parser understands this record");
  if (transport == Transport::file) event.set(Field::log_file_path, stream);
  return event;
}

}  // namespace luy::event
