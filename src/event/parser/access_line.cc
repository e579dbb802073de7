// Access lines of web servers, "common" and "combined" (httpd.apache.org/docs/2.4/logs.html, nginx's default), also
// with the virtual host in front; and squid's native access.log. What a visitor sent stands between quotes, in which
// the server writes a quote as \" and control bytes as \xhh: only the former two escapes are taken back.
#include <chrono>
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// "22/Nov/2026:10:04:05 +0700".
std::optional<Time> time_of(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::size_t size = 26;
  if (text.size() != size || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[20] != ' ') {
    return std::nullopt;
  }
  const auto month = months.find(text.substr(3, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::string number = std::to_string(month / 3 + 1);
  std::string form(text.substr(7, 4));
  form.append(number.size() == 1 ? "-0" : "-").append(number).append("-").append(text.substr(0, 2));
  form.append("T").append(text.substr(12, 8)).append(text.substr(21, 3)).append(":").append(text.substr(24, 2));
  return from_rfc3339(form);
}

// What stands between the next pair of quotes; nullopt when there is none.
std::optional<std::string> take_quoted(Scanner& in) {
  Scanner attempt = in;
  attempt.blanks();
  if (!attempt.take('"')) return std::nullopt;
  const std::string_view rest = attempt.rest();
  std::string out;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      in = Scanner(rest.substr(i + 1));
      return out;
    }
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
    out += rest[i];
  }
  return std::nullopt;
}

void set_unless_dash(Event& event, Field field, std::string_view text) {
  if (text != "-") event.set(field, text);
}

// "client ident user" or "host[:port] client ident user".
bool take_who(std::string_view text, Event& event) {
  Scanner in(text);
  std::string_view words[4];
  std::size_t count = 0;
  for (in.blanks(); !in.done(); in.blanks()) {
    if (count == 4) return false;
    words[count++] = in.word();
  }
  if (count < 3) return false;
  if (count == 4) {
    const auto colon = words[0].rfind(':');
    event.set(Field::url_domain, words[0].substr(0, colon));
    if (colon != std::string_view::npos) event.set(Field::destination_port, words[0].substr(colon + 1));
  }
  set_source(event, words[count - 3]);
  set_unless_dash(event, Field::user_name, words[count - 1]);
  return true;
}

void set_outcome(Event& event, std::int64_t status) {
  constexpr std::int64_t first_error = 400;  // RFC 9110 section 15: 4xx and 5xx.
  event.set(Field::http_response_status, status);
  set_meaning(event, {"web", "access", "http_request", status < first_error ? "success" : "failure"});
}

// "GET /a?b HTTP/1.1"; what is not of this form (TLS on the wrong port, probes) is kept whole.
void take_request(std::string_view text, Event& event) {
  Scanner in(text);
  const std::string_view method = in.word();
  in.blanks();
  const std::string_view rest = in.rest();
  const auto version = rest.rfind(" HTTP/");
  if (method.empty() || version == std::string_view::npos) {
    set_unless_dash(event, Field::url_original, text);
    if (text != "-") event.set(Field::event_reason, "malformed request");
    return;
  }
  event.set(Field::http_request_method, method);
  event.set(Field::http_version, rest.substr(version + 6));
  set_url(event, rest.substr(0, version));
}

}  // namespace

void set_url(Event& event, std::string_view url) {
  event.set(Field::url_original, url);
  std::string_view path = url;
  const auto scheme = path.find("://");
  if (scheme != std::string_view::npos && scheme < path.find_first_of("/?#")) {
    path.remove_prefix(scheme + 3);
    const auto slash = std::min(path.find_first_of("/?#"), path.size());
    const std::string_view authority = path.substr(0, slash);
    event.set(Field::url_domain, authority.substr(0, authority.rfind(':')));
    path.remove_prefix(slash);
  }
  const auto mark = path.find('?');
  event.set(Field::url_path, path.substr(0, mark));
  if (mark != std::string_view::npos) event.set(Field::url_query, path.substr(mark + 1));
}

bool web_access(std::string_view raw, const ParseContext&, Event& event) {
  Event out = event;
  Scanner in(raw);
  const auto who = in.until(" [");
  const auto when = in.until("]");
  if (!who || !when || !take_who(*who, out)) return false;
  out.time = time_of(*when);
  const auto request = take_quoted(in);
  in.blanks();
  const auto status = in.number();
  if (!out.time || !request || !status) return false;
  take_request(*request, out);
  set_outcome(out, *status);
  in.blanks();
  set_unless_dash(out, Field::http_response_bytes, in.word());
  if (const auto referrer = take_quoted(in)) set_unless_dash(out, Field::http_request_referrer, *referrer);
  if (const auto agent = take_quoted(in)) set_unless_dash(out, Field::user_agent, *agent);
  event = std::move(out);
  return true;
}

// "1795323845.123    45 192.0.2.7 TCP_MISS/200 1234 GET http://town.vn/ an HIER_DIRECT/203.0.113.5 text/html"
// (wiki.squid-cache.org/Features/LogFormat).
bool squid_access(std::string_view raw, const ParseContext&, Event& event) {
  Scanner in(raw);
  const auto seconds = in.number();
  constexpr std::int64_t seconds_max = 253'402'300'799;  // The last second of the year 9999.
  if (!seconds || *seconds > seconds_max || !in.take('.')) return false;
  const auto millis = in.number();
  in.blanks();
  const auto took = in.number();
  in.blanks();
  const std::string_view client = in.word();
  in.blanks();
  Scanner code(in.word());
  const auto result = code.until("/");
  const auto status = code.number();
  in.blanks();
  const auto bytes = in.number();
  in.blanks();
  const std::string_view method = in.word();
  in.blanks();
  const std::string_view url = in.word();
  in.blanks();
  if (!millis || *millis > 999 || !took || !result || !status || !bytes || url.empty()) return false;
  event.time = from_millis(*seconds * 1000 + *millis);
  set_source(event, client);
  set_outcome(event, *status);
  event.set(Field::http_response_bytes, *bytes);
  event.set(Field::http_request_method, method);
  set_url(event, url);
  if (method == "CONNECT") {  // "host:port" alone.
    event.set(Field::url_domain, url.substr(0, url.rfind(':')));
    if (const auto colon = url.rfind(':'); colon != std::string_view::npos) {
      event.set(Field::destination_port, url.substr(colon + 1));
    }
  }
  set_unless_dash(event, Field::user_name, in.word());
  in.blanks();
  Scanner peer(in.word());
  if (peer.until("/")) event.set(Field::destination_ip, peer.rest());
  event.set_label("squid.result", *result);
  event.set(Field::event_action, "proxy_request");
  return true;
}

bool apache_message(std::string_view message, Event& event) {
  if (!web_access(message, {}, event)) return false;
  event.set(Field::event_dataset, "apache.access");
  return true;
}

bool nginx_message(std::string_view message, Event& event) {
  if (!web_access(message, {}, event)) return false;
  event.set(Field::event_dataset, "nginx.access");
  return true;
}

bool squid_message(std::string_view message, Event& event) {
  if (!squid_access(message, {}, event)) return false;
  event.set(Field::event_dataset, "squid.access");
  return true;
}

}  // namespace luy::event::parser
