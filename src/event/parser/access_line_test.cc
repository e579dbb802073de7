// Goal: access lines of web servers and proxies are read in every layout we know, and what a visitor sends cannot forge
// another field.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(WebAccess, CommonCombinedAndVirtualHostLinesAreRead) {
  expect_all(
      Transport::file, "/var/log/apache2/access.log",
      {
          {R"(203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "GET /tin-tuc?id=7&p=2 HTTP/1.1" 200 5123)",
           {{"@timestamp", "2026-11-22T03:04:05.000000Z"},
            {"event.dataset", "apache.access"},
            {"event.category", "web"},
            {"event.outcome", "success"},
            {"source.ip", "203.0.113.5"},
            {"user.name", ""},
            {"http.request.method", "GET"},
            {"url.original", "/tin-tuc?id=7&p=2"},
            {"url.path", "/tin-tuc"},
            {"url.query", "id=7&p=2"},
            {"http.version", "1.1"},
            {"http.response.status_code", "200"},
            {"http.response.body.bytes", "5123"}}},
          {R"(2001:db8::7 - an [22/Nov/2026:10:04:05 +0700] "POST /x.php HTTP/2.0" 404 - "https://town.vn/" "curl \"7\" \\ \x00")",
           {{"source.ip", "2001:db8::7"},
            {"user.name", "an"},
            {"event.outcome", "failure"},
            {"http.response.body.bytes", ""},
            {"http.request.referrer", "https://town.vn/"},
            {"user_agent.original", "curl \"7\" \\ \\x00"}}},
          {R"(town.vn:443 203.0.113.5 - - [22/Nov/2026:10:04:05 +0000] "GET http://other.vn:8080/a/b?c HTTP/1.0" 301 0 "-" "-")",
           {{"@timestamp", "2026-11-22T10:04:05.000000Z"},
            {"destination.port", "443"},
            {"url.domain", "other.vn"},
            {"url.path", "/a/b"},
            {"http.request.referrer", ""},
            {"user_agent.original", ""}}},
          {R"(town.vn 203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "GET / HTTP/1.1" 200 1)",
           {{"url.domain", "town.vn"}}},
          {R"(203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "\x16\x03\x01" 400 226 "-" "-")",
           {{"url.original", "\\x16\\x03\\x01"}, {"http.request.method", ""}, {"event.reason", "malformed request"}}},
          {R"(203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "-" 408 0)", {{"url.original", ""}, {"event.reason", ""}}},
          {R"(203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "GET /\" 200 9 HTTP/1.1" 500 7 "-" "a] [b")",
           {{"url.original", "/\" 200 9"}, {"http.response.status_code", "500"}, {"user_agent.original", "a] [b"}}},
      });
}

TEST(WebAccess, TheFileTellsTheServer) {
  constexpr std::string_view line = R"(203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "GET / HTTP/1.1" 200 1)";
  const struct {
    std::string_view stream;
    std::string_view dataset;
  } table[] = {
      {"/var/log/nginx/access.log.1", "nginx.access"},
      {"/var/log/httpd/access_log", "apache.access"},
      {"/srv/log/town_access.log", "web.access"},
  };
  for (const auto& [stream, dataset] : table) {
    expect_event(parse(Transport::file, stream, line, test_context()), {{"event.dataset", dataset}}, stream);
  }
  const std::string message = "<190>Nov 22 10:04:05 web-01 nginx: " + std::string(line);
  expect_event(parse(Transport::syslog, "syslog", message, test_context()),
               {{"event.dataset", "nginx.access"}, {"host.name", "web-01"}, {"source.ip", "203.0.113.5"}}, message);
}

TEST(WebAccess, OtherLinesAreNotTakenForIt) {
  for (const std::string_view line :
       {"", "[", "a b [c] \"d\" 1", R"(1.2.3.4 - - [22/Nov/2026:10:04:05 +0700] "GET / HTTP/1.1)",
        R"(1.2.3.4 - - [22/Xxx/2026:10:04:05 +0700] "GET / HTTP/1.1" 200 1)",
        R"(1.2.3.4 - - [22/Nov/2026:10:04:05 +0700] "GET / HTTP/1.1" ok 1)",
        R"(a b c d e [22/Nov/2026:10:04:05 +0700] "GET / HTTP/1.1" 200 1)",
        R"(c [22/Nov/2026:10:04:05 +0700] "GET / HTTP/1.1" 200 1)"}) {
    const Event event = parse(Transport::file, "/var/log/nginx/access.log", line, test_context());
    expect_event(event, {{"event.category", ""}, {"source.ip", ""}}, line);
  }
}

TEST(SquidAccess, LinesAreRead) {
  expect_all(Transport::file, "/var/log/squid/access.log",
             {
                 {"1795323845.123    45 192.0.2.7 TCP_MISS/200 1234 GET http://drive.example/a?b an "
                  "HIER_DIRECT/203.0.113.5 text/html",
                  {{"@timestamp", "2026-11-22T05:04:05.123000Z"},
                   {"event.dataset", "squid.access"},
                   {"event.action", "proxy_request"},
                   {"source.ip", "192.0.2.7"},
                   {"url.domain", "drive.example"},
                   {"user.name", "an"},
                   {"destination.ip", "203.0.113.5"},
                   {"labels.squid.result", "TCP_MISS"}}},
                 {"1795323845.123 0 192.0.2.7 TCP_TUNNEL/200 39 CONNECT mail.example:443 - HIER_DIRECT/- -",
                  {{"url.domain", "mail.example"}, {"destination.port", "443"}, {"user.name", ""}}},
                 {"1795323845.123 0 192.0.2.7 TCP_TUNNEL 39 CONNECT x", {{"event.category", ""}}},
                 {"1795323845.1234567 0 192.0.2.7 A/200 39 GET x - B/- -", {{"event.category", ""}}},
             });
}

}  // namespace
}  // namespace luy::event
