// Goal: the service's answer comes back as it is; whatever else happens is an error that names the address.
#include "seal/time_stamp_call.h"

#include <gtest/gtest.h>

#include "seal/stamp_server.h"
#include "signature/fixture.h"

namespace luy::seal {
namespace {

namespace http = boost::beast::http;

StampServer::Response answer(http::status status, std::string body) {
  StampServer::Response out(status, 11);
  out.body() = std::move(body);
  return out;
}

TEST(TimeStampCall, PostsTheQueryAndGivesTheAnswer) {
  StampServer::Request seen;
  StampServer server([&](const StampServer::Request& request) {
    seen = request;
    return answer(http::status::ok, std::string("\x30\x00\xff", 3));
  });
  const auto got = time_stamp_call(server.url())("query");
  ASSERT_TRUE(got.has_value()) << got.error().text();
  EXPECT_EQ(*got, std::string("\x30\x00\xff", 3));
  EXPECT_EQ(seen.method(), http::verb::post);
  EXPECT_EQ(seen.target(), "/tsa");
  EXPECT_EQ(seen[http::field::content_type], "application/timestamp-query");
  EXPECT_EQ(seen.body(), "query");
}

TEST(TimeStampCall, AnythingElseIsUnreachable) {
  for (const http::status status :
       {http::status::internal_server_error, http::status::found, http::status::no_content}) {
    StampServer server([&](const auto&) { return answer(status, ""); });
    EXPECT_TRUE(time_stamp_call(server.url())("query").error().is(time_stamp_unreachable)) << status;
  }
  StampServer endless(
      [&](const auto&) { return answer(http::status::ok, std::string(2 * signature::timestamp_bytes_max, 'x')); });
  EXPECT_TRUE(time_stamp_call(endless.url())("query").error().is(time_stamp_unreachable));
  std::string closed;
  {
    StampServer server([&](const auto&) { return answer(http::status::ok, ""); });
    closed = server.url();
  }
  const auto refused = time_stamp_call(closed)("query");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().text().find(closed), std::string::npos);
  for (const char* url : {"http://", "http://:1/", "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://a:b/",
                          "ftp://a/", "http://a b/", "http://a/b c", "http://you@a/"}) {
    EXPECT_FALSE(is_time_stamp_url(url)) << url;
    EXPECT_TRUE(time_stamp_call(url)("query").error().is(time_stamp_unreachable)) << url;
  }
  for (const char* url : {"http://tsa.example.vn", "https://127.0.0.1:1/", "http://[::1]:1/x", "http://[::1]"}) {
    EXPECT_TRUE(is_time_stamp_url(url)) << url;
  }
  EXPECT_TRUE(time_stamp_call("https://127.0.0.1:1/")("query").error().is(time_stamp_unreachable));
}

}  // namespace
}  // namespace luy::seal
