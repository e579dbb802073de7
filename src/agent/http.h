// The little of HTTP/1.1 (RFC 9112) that the agent speaks: POST with a body, an answer with a Content-Length. Strict
// and bounded: whatever a hub of ours does not send is refused. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind http_malformed{
    "agent.http_malformed", ErrorClass::invalid, "Máy chủ trả lời sai giao thức HTTP: {}. Hãy kiểm tra địa chỉ hub.",
    "The answer is not the HTTP that a hub speaks: {}. Check the address of the hub."};
inline constexpr ErrorKind url_malformed{"agent.url_malformed", ErrorClass::invalid,
                                         "Địa chỉ không hợp lệ: {}. Hãy dùng dạng https://tên-máy:cổng.",
                                         "The address is not valid: {}. Write https://host:port."};

inline constexpr std::size_t http_head_bytes_max = 16 << 10;
// A list of approved software is the longest answer (device_policy/software_list.h).
inline constexpr std::size_t http_body_bytes_max = (1 << 20) + (64 << 10);

struct Url {
  std::string host;  // Without the brackets of an IPv6 address.
  std::uint16_t port = 443;
  std::string authority;  // As written: for the Host header.
  std::string path;       // "" or "/…"; no query.
};
// https only. Errors: url_malformed.
Result<Url> parse_url(std::string_view text);

std::string http_post(const Url& url, std::string_view path, std::string_view content_type, std::string_view body);

struct HttpHead {
  int status = 0;
  std::size_t head_bytes = 0;  // Including the empty line.
  std::size_t body_bytes = 0;
  bool keep_alive = true;
  std::chrono::seconds retry_after{0};
  bool orders = false;  // "Luy-Orders: 1": orders wait at the hub.
};
// nullopt while the head is not complete. Errors: http_malformed.
Result<std::optional<HttpHead>> parse_http_head(std::string_view bytes);

// "HTTP <status>: <sentence>", without its full stop, from {"error":{"code":"…","vi":"…","en":"…"}}; or "HTTP
// <status>".
std::string error_sentence(int status, std::string_view body, std::string_view language = "en");

}  // namespace luy::agent
