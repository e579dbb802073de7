// Whatever a client calls a path or a cookie: the router and the cookie reader end, and what they accept is clean text.
#include <cstdint>

#include "api/route.h"
#include "api/session_cookie.h"
#include "base/check.h"
#include "base/utf8.h"

namespace {

luy::Result<luy::api::Response> nothing(const luy::api::Request&) {
  return luy::api::no_content();
}

luy::api::Route route(const char* pattern) {
  luy::api::Route out;
  out.pattern = pattern;
  out.handler = nothing;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const luy::api::Router router({route("/a/{x}/{y}"), route("/a/b/{y}"), route("/{x}")});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto match = router.find(luy::api::Method::get, text);
  LUY_CHECK(match.path_known == (match.route != nullptr));
  for (const auto& [name, value] : match.params) {
    LUY_CHECK(!value.empty() && value.size() <= size && luy::is_utf8(value));
    LUY_CHECK(value.find('\0') == std::string::npos && value.find('\n') == std::string::npos);
  }
  const std::string token = luy::api::session_token_of(text);
  LUY_CHECK(token.size() <= size && token.find(';') == std::string::npos);
  return 0;
}
