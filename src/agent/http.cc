#include "agent/http.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace luy::agent {
namespace {

constexpr std::size_t sentence_bytes_max = 500;
constexpr std::int64_t retry_seconds_max = 3600;

Error malformed(std::string detail) {
  return Error(http_malformed, std::move(detail));
}

// Decimal digits only: from_chars would take a sign.
std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equal_folded(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return fold(x) == fold(y); });
}

bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

// "HTTP/1.1 200 OK"
std::optional<int> status_of(std::string_view line) {
  if (!line.starts_with("HTTP/1.1 ") || line.size() < 12 || (line.size() > 12 && line[12] != ' ')) return std::nullopt;
  const auto status = digits(line.substr(9, 3));
  if (!status || *status < 200 || *status > 599) return std::nullopt;  // 1xx: we never ask for one.
  return static_cast<int>(*status);
}

Result<void> take_field(std::string_view line, HttpHead& head, bool& has_length) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return malformed("header field");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = without_blanks(line.substr(colon + 1));
  const bool clean = std::all_of(value.begin(), value.end(),
                                 [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t'; });
  if (!clean) return malformed("control character in a header field");
  if (equal_folded(name, "transfer-encoding")) return malformed("Transfer-Encoding");
  if (equal_folded(name, "content-length")) {
    const auto length = digits(value);
    if (!length || has_length) return malformed("Content-Length");
    if (*length > static_cast<std::int64_t>(http_body_bytes_max)) return malformed("the answer is too long");
    has_length = true;
    head.body_bytes = static_cast<std::size_t>(*length);
  } else if (equal_folded(name, "connection")) {
    if (equal_folded(value, "close")) head.keep_alive = false;
  } else if (equal_folded(name, "luy-orders")) {
    head.orders = value == "1";
  } else if (equal_folded(name, "retry-after")) {
    if (const auto seconds = digits(value)) {
      head.retry_after = std::chrono::seconds(std::min(*seconds, retry_seconds_max));
    }
  }
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  const Error bad(url_malformed, to_utf8(text));
  if (!text.starts_with("https://") || text.size() > 2000) return bad;
  std::string_view rest = text.substr(8);
  const auto slash = rest.find('/');
  Url url;
  url.path = slash == std::string_view::npos ? "" : std::string(rest.substr(slash));
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  rest = rest.substr(0, slash);
  url.authority = rest;
  const bool clean = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!clean || text.find_first_of("?#@\"<>\\") != std::string_view::npos) return bad;
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) return bad;
    url.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (!rest.empty() && rest.front() != ':') return bad;
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    const auto colon = rest.find(':');
    url.host = rest.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    if (colon != std::string_view::npos && port.empty()) return bad;
  }
  if (url.host.empty()) return bad;
  if (!port.empty()) {
    const auto number = digits(port);
    if (!number || *number < 1 || *number > 65535) return bad;
    url.port = static_cast<std::uint16_t>(*number);
  }
  return url;
}

std::string http_post(const Url& url, std::string_view path, std::string_view content_type, std::string_view body) {
  std::string out = "POST " + url.path + std::string(path) + " HTTP/1.1\r\nHost: " + url.authority +
                    "\r\nContent-Type: " + std::string(content_type) +
                    "\r\nAccept: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  out += body;
  return out;
}

Result<std::optional<HttpHead>> parse_http_head(std::string_view bytes) {
  const auto end = bytes.substr(0, http_head_bytes_max).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() >= http_head_bytes_max) return malformed("the header is too long");
    return std::optional<HttpHead>();
  }
  std::string_view rest = bytes.substr(0, end);
  HttpHead head;
  head.head_bytes = end + 4;
  const auto line_end = rest.find("\r\n");
  const auto status = status_of(rest.substr(0, line_end));
  if (!status) return malformed("status line");
  head.status = *status;
  bool has_length = false;
  rest.remove_prefix(line_end == std::string_view::npos ? rest.size() : line_end + 2);
  while (!rest.empty()) {
    const auto next = rest.find("\r\n");
    LUY_TRY_VOID(take_field(rest.substr(0, next), head, has_length));
    rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + 2);
  }
  if (!has_length && head.status != 204 && head.status != 304) return malformed("no Content-Length");
  if (head.status == 204 || head.status == 304) head.body_bytes = 0;
  return std::optional(head);
}

std::string error_sentence(int status, std::string_view body, std::string_view language) {
  std::string out = "HTTP " + std::to_string(status);
  simdjson::dom::parser parser(http_body_bytes_max);
  std::string_view sentence;
  if (parser.parse(simdjson::padded_string(body))["error"][language].get(sentence) == simdjson::SUCCESS) {
    sentence = utf8_front(sentence, sentence_bytes_max);
    if (sentence.ends_with('.')) sentence.remove_suffix(1);
    out += ": " + std::string(sentence);
  }
  return out;
}

}  // namespace luy::agent
