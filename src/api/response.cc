#include "api/file_response.h"
#include "api/route.h"
#include "base/utf8.h"

namespace luy::api {
namespace {

// For a client that was told to come back: the shortest time after which trying again makes sense.
constexpr std::string_view retry_after_seconds = "5";

}  // namespace

Response json(const boost::json::value& value, int status) {
  Response response;
  response.status = status;
  response.body = boost::json::serialize(value);
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

int status_of(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::invalid:
      return 400;
    case ErrorClass::unauthenticated:
      return 401;
    case ErrorClass::denied:
      return 403;
    case ErrorClass::not_found:
      return 404;
    case ErrorClass::conflict:
      return 409;
    case ErrorClass::too_large:
      return 413;
    case ErrorClass::busy:
      return 429;
    case ErrorClass::unavailable:
      return 503;
    case ErrorClass::corrupt:
    case ErrorClass::io:
    case ErrorClass::internal:
      return 500;
  }
  return 500;
}

Response error_response(const Error& error) {
  boost::json::object body;
  body["code"] = error.name();
  body["vi"] = to_utf8(error.vi());
  body["en"] = to_utf8(error.en());
  Response response = json(boost::json::object{{"error", std::move(body)}},
                           error.is(wrong_method) ? 405 : status_of(error.error_class()));
  if (error.error_class() == ErrorClass::busy) response.headers.emplace_back("Retry-After", retry_after_seconds);
  return response;
}

Response file_response(std::string bytes, const std::string& type, const std::string& name) {
  Response out;
  out.content_type = type;
  out.body = std::move(bytes);
  // RFC 8187: everything but letters, digits, dot, hyphen and underscore as %XX of UTF-8.
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  out.headers.emplace_back("Content-Disposition", "attachment; filename*=UTF-8''" + encoded);
  return out;
}

}  // namespace luy::api
