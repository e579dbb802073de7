// HTTP as plain values: what a listener hands to a service, and the refusals the server writes by itself. No sockets
// and no Asio here; parse_head() is a function over bytes.
//
// The subset is strict on purpose (RFC 9112 allows each refusal): HTTP/1.0 and 1.1 only, lines end in CRLF, no folded
// headers, no control characters, exactly one Host, at most one Content-Length. Bodies come with Content-Length;
// Transfer-Encoding is refused (411, or 400 together with Content-Length), which leaves no room for request smuggling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/route.h"
#include "base/result.h"

namespace luy::hub {

inline constexpr std::size_t head_bytes_max = 16 << 10;
inline constexpr std::size_t headers_max = 100;
inline constexpr std::size_t body_bytes_max_default = 1 << 20;

inline constexpr ErrorKind http_bad_request{"http.bad_request", ErrorClass::invalid,
                                            "Yêu cầu HTTP không đúng chuẩn: {}.", "The HTTP request is malformed: {}."};
inline constexpr ErrorKind http_not_found{"http.not_found", ErrorClass::not_found, "Không có địa chỉ {}.",
                                          "There is nothing at {}."};
inline constexpr ErrorKind http_method{"http.method_not_allowed", ErrorClass::invalid,
                                       "Địa chỉ này không nhận phương thức {}.",
                                       "The method {} is not allowed at this address."};
inline constexpr ErrorKind http_timeout{"http.request_timeout", ErrorClass::invalid,
                                        "Yêu cầu gửi quá chậm nên đã bị ngắt.",
                                        "The request took too long to arrive and was cut off."};
inline constexpr ErrorKind http_length_required{
    "http.length_required", ErrorClass::invalid, "Yêu cầu phải có Content-Length; không nhận Transfer-Encoding.",
    "The request needs a Content-Length; Transfer-Encoding is not accepted."};
inline constexpr ErrorKind http_body_too_large{"http.body_too_large", ErrorClass::too_large,
                                               "Nội dung yêu cầu vượt giới hạn {} byte.",
                                               "The body of the request exceeds {} bytes."};
inline constexpr ErrorKind http_media_type{"http.media_type", ErrorClass::invalid,
                                           "Kiểu nội dung không được hỗ trợ; cần {}.",
                                           "The media type is not supported; {} is needed."};
inline constexpr ErrorKind http_head_too_large{"http.head_too_large", ErrorClass::too_large,
                                               "Phần đầu yêu cầu vượt 16 KiB hoặc 100 dòng.",
                                               "The head of the request exceeds 16 KiB or 100 lines."};
inline constexpr ErrorKind http_expectation{"http.expectation", ErrorClass::invalid,
                                            "Giá trị Expect không được hỗ trợ.", "The Expect header is not supported."};
inline constexpr ErrorKind http_version{"http.version", ErrorClass::invalid, "Chỉ hỗ trợ HTTP/1.1 và HTTP/1.0.",
                                        "Only HTTP/1.1 and HTTP/1.0 are supported."};
inline constexpr ErrorKind http_busy{"http.busy", ErrorClass::busy, "Máy chủ đang quá tải. Hãy thử lại sau ít giây.",
                                     "The server is overloaded. Try again in a few seconds."};
inline constexpr ErrorKind http_stopping{"http.stopping", ErrorClass::unavailable,
                                         "Máy chủ đang dừng. Hãy thử lại sau.",
                                         "The server is stopping. Try again later."};
inline constexpr ErrorKind http_internal{"http.internal", ErrorClass::internal,
                                         "Lỗi nội bộ của máy chủ. Hãy xem nhật ký của luy-hub.",
                                         "An internal error of the server. See the log of luy-hub."};

// The other side of a connection. `device` and `serial` are set only by a verified client certificate.
struct Peer {
  std::string address;
  std::string device;  // From the URI SAN "urn:luy:device:<id>".
  std::string serial;  // Lower-case hexadecimal.
};

// The first part of a request: line and headers.
struct Head {
  std::string method;  // As sent: "GET".
  std::string target;  // As sent, before decoding.
  std::string path;    // Decoded once; begins with '/', holds no NUL, no control characters and no "." or ".." segment.
  std::map<std::string, std::string> query;                  // Decoded; a repeated key is refused.
  std::vector<std::pair<std::string, std::string>> headers;  // Names in lower case, in the order sent.
  std::optional<std::uint64_t> content_length;
  bool keep_alive = true;
  bool expect_continue = false;

  // The first header of that (lower-case) name, or empty.
  std::string_view header(std::string_view name) const;
};

struct HttpRequest {
  Head head;
  std::string body;
  Peer peer;
  std::stop_token gone;  // Says that the client closed the connection or it was cut: nobody waits for the answer.
};

// What a refused head is answered with.
struct Refusal {
  int status = 400;
  Error error;
};

// `bytes` ends with the empty line (CRLF CRLF). Never throws.
std::variant<Head, Refusal> parse_head(std::string_view bytes);

// Where the head ends in `bytes`, its empty line included; nullopt: not yet. A line that ends without CR is found at
// once as a Refusal, so that nobody waits for a CRLF that will not come. `from` = how much was looked at before.
std::variant<std::optional<std::size_t>, Refusal> find_head_end(std::string_view bytes, std::size_t from);

// {"error":{"code","vi","en"}} with exactly this status.
api::Response refuse(int status, const Error& error);
inline api::Response refuse(const Refusal& refusal) {
  return refuse(refusal.status, refusal.error);
}

// Status line and headers of a response, ready to send. `head_only`: the answer to HEAD, which names the length of the
// body that is not sent.
std::string render_head(const api::Response& response, std::string_view http_date, bool keep_alive);
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7).
std::string http_date(Time now);

// Decodes %XX (and '+' as a blank when `form`); nullopt on a broken escape, NUL or control character, or bytes that
// are not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool form);

}  // namespace luy::hub
