// Goal: the head of a request is accepted exactly in the strict form, and every refusal has its status.
// Method: tables of raw bytes.
#include "hub/http.h"

#include <gtest/gtest.h>

namespace luy::hub {
namespace {

int status_of(const std::string& bytes) {
  auto found = find_head_end(bytes, 0);
  if (const auto* refusal = std::get_if<Refusal>(&found)) return refusal->status;
  const auto end = std::get<std::optional<std::size_t>>(found);
  if (!end) return 0;
  auto parsed = parse_head(std::string_view(bytes).substr(0, *end));
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return refusal->status;
  return 200;
}

Head head_of(const std::string& bytes) {
  return std::get<Head>(parse_head(bytes));
}

TEST(Http, HeadsAreAcceptedOrRefusedWithTheRightStatus) {
  const std::string many = [] {
    std::string out = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 120; ++i) out += "X-" + std::to_string(i) + ": y\r\n";
    return out + "\r\n";
  }();
  const struct {
    const char* name;
    std::string bytes;
    int status;
  } table[] = {
      {"plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"with length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", 200},
      {"1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200},
      {"not finished", "GET / HTTP/1.1\r\nHost: a\r\n", 0},
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF in a header", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      {"bare CR", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400},
      {"leading empty line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"folded", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400},
      {"folded with tab", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n", 400},
      {"blank before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"NUL", "GET / HTTP/1.1\r\nHost: a\r\nX: b" + std::string(1, 0) + "c\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"TE and CL", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {"CL and TE", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"TE alone", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411},
      {"TE xchunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 411},
      {"two equal CL", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", 400},
      {"CL list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n", 400},
      {"CL signed", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", 400},
      {"CL negative", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\n", 400},
      {"CL overflow", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n", 400},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"dots", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"encoded dots", "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"encoded slash and dots", "GET /a/..%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"dot at the end", "GET /a/. HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"encoded NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"broken escape", "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"overlong UTF-8", "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"repeated parameter", "GET /?a=1&a=2 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417},
      {"too many headers", many, 431},
      {"too long", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x'), 431},
  };
  for (const auto& row : table) {
    EXPECT_EQ(status_of(row.bytes.substr(0, head_bytes_max)), row.status) << row.name;
  }
}

TEST(Http, HeadIsTakenApart) {
  const Head head = head_of(
      "GET /api/v1/t%C3%AAn?q=a+b%20c&empty=&flag HTTP/1.1\r\nHost: a\r\nCookie: x=1; __Host-luy=abc\r\n"
      "X-Odd:  padded \r\n\r\n");
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.path, "/api/v1/tên");
  EXPECT_EQ(head.query.at("q"), "a b c");
  EXPECT_EQ(head.query.at("empty"), "");
  EXPECT_EQ(head.query.at("flag"), "");
  EXPECT_EQ(head.header("x-odd"), "padded");
  EXPECT_TRUE(head.keep_alive);
}

TEST(Http, HeadArrivingByteByByteIsFoundOnce) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nREST";
  for (std::size_t n = 1; n <= bytes.size(); ++n) {
    const auto found = find_head_end(std::string_view(bytes).substr(0, n), n - 1);
    const auto end = std::get<std::optional<std::size_t>>(found);
    EXPECT_EQ(end.has_value(), n == bytes.size() - 4) << n;
    if (end) break;
  }
}

TEST(Http, DateIsWrittenAsRfc9110Says) {
  EXPECT_EQ(http_date(*from_rfc3339("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Http, ResponseHeadNamesLengthOnlyWhereABodyMayBe) {
  api::Response response;
  response.body = "hello";
  EXPECT_NE(render_head(response, "d", true).find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_NE(render_head(response, "d", false).find("Connection: close\r\n"), std::string::npos);
  response.status = 204;
  EXPECT_EQ(render_head(response, "d", true).find("Content-"), std::string::npos);
}

}  // namespace
}  // namespace luy::hub
