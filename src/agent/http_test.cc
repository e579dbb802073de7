// Goal: only the HTTP a hub of ours speaks is taken, within bounds, at any cut of the bytes.
// Method: tables.
#include "agent/http.h"

#include <gtest/gtest.h>

namespace luy::agent {
namespace {

TEST(Url, Parts) {
  const struct {
    const char* text;
    const char* host;
    std::uint16_t port;
    const char* path;
  } table[] = {
      {"https://127.0.0.1:8443", "127.0.0.1", 8443, ""},
      {"https://hub.bimson.example", "hub.bimson.example", 443, ""},
      {"https://hub.example:9/", "hub.example", 9, ""},
      {"https://[2001:db8::1]:8443/luy/", "2001:db8::1", 8443, "/luy"},
      {"https://[::1]", "::1", 443, ""},
  };
  for (const auto& [text, host, port, path] : table) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->host, host);
    EXPECT_EQ(url->port, port);
    EXPECT_EQ(url->path, path);
  }
  for (const char* bad : {"", "http://a", "https://", "https://:8443", "https://a:", "https://a:0", "https://a:65536",
                          "https://a:-1", "https://a b", "https://a/?q", "https://u@a", "https://[::1",
                          "https://[::1]x", "https://a\r\nX: y", "https://a/#x"}) {
    const auto url = parse_url(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_TRUE(url.error().is(url_malformed)) << bad;
  }
}

TEST(Http, ACompleteHeadIsRead) {
  const std::string bytes =
      "HTTP/1.1 503 Busy\r\ncontent-length:  5 \r\nRetry-After: 17\r\nConnection: Close\r\nX-A: b\r\n\r\nhello";
  for (std::size_t size = 0; size < bytes.size() - 5; ++size) {
    const auto head = parse_http_head(bytes.substr(0, size));
    ASSERT_TRUE(head) << size;
    EXPECT_FALSE(*head) << size;
  }
  const auto head = parse_http_head(bytes).value();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 503);
  EXPECT_EQ(head->body_bytes, 5U);
  EXPECT_EQ(head->head_bytes, bytes.size() - 5);
  EXPECT_FALSE(head->keep_alive);
  EXPECT_EQ(head->retry_after, std::chrono::seconds(17));
}

TEST(Http, HeadsThatAreNotOursAreRefused) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const std::string& bad : {
           std::string("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1 100 Continue\r\n\r\n"),
           std::string("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
           std::string("\x16\x03\x01\r\n\r\n"),
           ok + "\r\n",
           ok + "Transfer-Encoding: chunked\r\n\r\n",
           ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
           ok + "Content-Length: -1\r\n\r\n",
           ok + "Content-Length: +1\r\n\r\n",
           ok + "Content-Length: 1x\r\n\r\n",
           ok + "Content-Length: 99999999999999999999\r\n\r\n",
           ok + "Content-Length: " + std::to_string(http_body_bytes_max + 1) + "\r\n\r\n",
           ok + "Content-Length : 1\r\n\r\n",
           ok + " folded\r\n\r\n",
           ok + "no colon\r\n\r\n",
           ok + "X: a\nContent-Length: 1\r\n\r\n",
           ok + std::string(http_head_bytes_max, 'x'),
       }) {
    const auto head = parse_http_head(bad);
    ASSERT_FALSE(head) << bad.substr(0, 80);
    EXPECT_TRUE(head.error().is(http_malformed)) << bad.substr(0, 80);
  }
}

TEST(Http, TheHubsSentenceIsTold) {
  EXPECT_EQ(error_sentence(403, R"({"error":{"code":"x","vi":"Không","en":"Not allowed."}})"), "HTTP 403: Not allowed");
  EXPECT_EQ(error_sentence(403, R"({"error":{"code":"x","vi":"Không","en":"Not allowed."}})", "vi"), "HTTP 403: Không");
  EXPECT_EQ(error_sentence(500, "<html>"), "HTTP 500");
  EXPECT_EQ(error_sentence(500, ""), "HTTP 500");
  EXPECT_LT(error_sentence(400, R"({"error":{"en":")" + std::string(5000, 'a') + "\"}}").size(), 600U);
}

TEST(Http, ARequestNamesHostAndLength) {
  const auto url = parse_url("https://hub.example:8443/luy").value();
  EXPECT_EQ(http_post(url, "/agent/v1/batches", "application/x-luy-batch", "abc"),
            "POST /luy/agent/v1/batches HTTP/1.1\r\nHost: hub.example:8443\r\nContent-Type: application/x-luy-batch\r\n"
            "Accept: application/json\r\nContent-Length: 3\r\n\r\nabc");
}

}  // namespace
}  // namespace luy::agent
