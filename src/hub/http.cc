#include "hub/http.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/encoding.h"
#include "base/utf8.h"

namespace luy::hub {
namespace {

namespace beast_http = boost::beast::http;

Refusal bad(std::string vi, std::string en) {
  return {400, Error(http_bad_request, std::move(vi), std::move(en))};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// What Beast's parser would let pass, or repair, is refused here first.
std::optional<Refusal> check_lines(std::string_view bytes) {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c == '\r') {
      if (i + 1 >= bytes.size() || bytes[i + 1] != '\n') return bad("CR không kèm LF", "CR without LF");
      ++i;
      if (++lines > headers_max + 2) return Refusal{431, Error(http_head_too_large)};
      const bool last = i + 1 == bytes.size();
      if (!last && (bytes[i + 1] == ' ' || bytes[i + 1] == '\t'))
        return bad("dòng tiêu đề bị gập", "folded header line");
      continue;
    }
    if (c == '\n') return bad("LF không kèm CR", "LF without CR");
    if ((c < 0x20 && c != '\t') || c == 0x7f)
      return bad("có ký tự điều khiển trong phần đầu", "control character in the head");
  }
  return std::nullopt;
}

std::optional<Refusal> split_query(std::string_view text, std::map<std::string, std::string>& out) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto key = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!key || !value)
      return bad("tham số không phải UTF-8 hoặc có ký tự điều khiển", "query is not UTF-8 or holds control characters");
    if (!out.emplace(std::move(*key), std::move(*value)).second)
      return bad("tham số lặp lại", "query parameter given twice");
  }
  return std::nullopt;
}

std::optional<Refusal> split_target(Head& head) {
  std::string_view target = head.target;
  if (target.empty() || target.front() != '/') return bad("địa chỉ phải là một đường dẫn", "the target must be a path");
  if (target.find('#') != std::string_view::npos) return bad("địa chỉ có phần sau dấu #", "fragment in the target");
  const std::size_t question = target.find('?');
  auto path = percent_decode(target.substr(0, question), false);
  if (!path)
    return bad("đường dẫn không phải UTF-8 hoặc có ký tự điều khiển", "path is not UTF-8 or holds control characters");
  // Encoded dots and slashes were decoded above, so this sees what a file system would see.
  for (std::size_t from = 0; from < path->size();) {
    const std::size_t to = std::min(path->find('/', from + 1), path->size());
    const std::string_view segment = std::string_view(*path).substr(from + 1, to - from - 1);
    if (segment == "." || segment == "..") return bad("đường dẫn có đoạn “.” hoặc “..”", "dot segment in the path");
    from = to;
  }
  head.path = std::move(*path);
  if (question != std::string_view::npos) return split_query(target.substr(question + 1), head.query);
  return std::nullopt;
}

struct Seen {
  int host = 0;
  int length = 0;
  bool transfer_encoding = false;
};

std::optional<Refusal> take_header(Head& head, Seen& seen, std::string name, std::string value) {
  if (name == "host") ++seen.host;
  if (name == "transfer-encoding") seen.transfer_encoding = true;
  if (name == "content-length") {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (value.empty() || error != std::errc{} || end != value.data() + value.size())
      return bad("Content-Length sai", "wrong Content-Length");
    if (++seen.length > 1) return bad("Content-Length lặp lại", "Content-Length given twice");
    head.content_length = length;
  }
  if (name == "expect") {
    if (lower(value) != "100-continue") return Refusal{417, Error(http_expectation)};
    head.expect_continue = true;
  }
  head.headers.emplace_back(std::move(name), std::move(value));
  return std::nullopt;
}

std::string_view reason(int status) {
  switch (status) {
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    default:
      break;
  }
  const auto text = beast_http::obsolete_reason(static_cast<beast_http::status>(status));
  return {text.data(), text.size()};
}

}  // namespace

std::string_view Head::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::variant<std::optional<std::size_t>, Refusal> find_head_end(std::string_view bytes, std::size_t from) {
  for (std::size_t i = from > 3 ? from - 3 : 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\n') continue;
    if (i == 0 || bytes[i - 1] != '\r') return bad("LF không kèm CR", "LF without CR");
    if (i == 1) return bad("có dòng trống trước yêu cầu", "empty line before the request");
    if (i >= 3 && bytes[i - 2] == '\n') return std::optional<std::size_t>(i + 1);
  }
  if (bytes.size() >= head_bytes_max) return Refusal{431, Error(http_head_too_large)};
  return std::optional<std::size_t>();
}

std::variant<Head, Refusal> parse_head(std::string_view bytes) {
  if (bytes.size() > head_bytes_max) return Refusal{431, Error(http_head_too_large)};
  if (auto refusal = check_lines(bytes)) return std::move(*refusal);

  beast_http::request_parser<beast_http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(head_bytes_max));
  parser.body_limit(boost::none);  // The caller reads the body; only the head is fed here.
  boost::system::error_code error;
  parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == beast_http::error::bad_version) return Refusal{505, Error(http_version)};
  if (error == beast_http::error::header_limit) return Refusal{431, Error(http_head_too_large)};
  if (error && error != beast_http::error::need_more) return bad("không đọc được phần đầu", error.message());
  if (!parser.is_header_done()) return bad("phần đầu chưa đủ", "incomplete head");

  Head head;
  const auto& message = parser.get();
  head.method = std::string(message.method_string().data(), message.method_string().size());
  head.target = std::string(message.target().data(), message.target().size());
  head.keep_alive = message.keep_alive();
  Seen seen;
  for (const auto& field : message) {
    if (auto refusal = take_header(head, seen, lower({field.name_string().data(), field.name_string().size()}),
                                   std::string(field.value().data(), field.value().size()))) {
      return std::move(*refusal);
    }
  }
  if (seen.transfer_encoding && seen.length > 0)
    return bad("Transfer-Encoding cùng với Content-Length", "Transfer-Encoding together with Content-Length");
  if (seen.transfer_encoding) return Refusal{411, Error(http_length_required)};
  if (seen.host > 1 || (seen.host == 0 && message.version() == 11))
    return bad("cần đúng một dòng Host", "exactly one Host header is needed");
  if (auto refusal = split_target(head)) return std::move(*refusal);
  return head;
}

api::Response refuse(int status, const Error& error) {
  boost::json::object inner;
  inner["code"] = boost::json::string_view(error.name().data(), error.name().size());
  inner["vi"] = error.vi();
  inner["en"] = error.en();
  boost::json::object outer;
  outer["error"] = std::move(inner);
  api::Response response;
  response.status = status;
  response.body = boost::json::serialize(outer);
  if (status == 503) response.headers.emplace_back("Retry-After", "2");
  return response;
}

std::string render_head(const api::Response& response, std::string_view date, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += reason(response.status);
  out += "\r\nDate: ";
  out += date;
  if (response.status != 204 && response.status != 304) {
    if (!response.content_type.empty()) out += "\r\nContent-Type: " + response.content_type;
    out += "\r\nContent-Length: " + std::to_string(response.body.size());
  }
  for (const auto& [name, value] : response.headers) {
    // A header value is ours, but parts of it may come from data: a line break would start another header.
    LUY_CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  if (!keep_alive) out += "\r\nConnection: close";
  out += "\r\n\r\n";
  return out;
}

std::string http_date(Time now) {
  constexpr std::array<const char*, 7> week = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> year = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                week[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                year[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto byte = from_hex(text.substr(i + 1, 2));
      if (!byte) return std::nullopt;
      out += *byte;
      i += 2;
    } else {
      out += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  const bool control = std::any_of(out.begin(), out.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u < 0x20 || u == 0x7f;
  });
  if (control || !is_utf8(out)) return std::nullopt;
  return out;
}

}  // namespace luy::hub
