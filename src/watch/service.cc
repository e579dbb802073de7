#include "watch/service.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace luy::watch {
namespace {

constexpr std::array<std::string_view, 5> kind_names = {"http", "tcp", "dns", "tls", "icmp"};
constexpr std::array<std::string_view, 5> state_names = {"unknown", "up", "slow", "down", "changed"};

struct FailureRow {
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};
constexpr std::array<FailureRow, 12> failures = {{
    {"none", "Dịch vụ trả lời bình thường.", "The service answers."},
    {"unresolved", "Không phân giải được tên miền.", "The name has no address."},
    {"address_refused", "Địa chỉ trỏ đến nơi máy chủ Lũy không được phép truy cập.",
     "The address leads to where this hub may not look."},
    {"unreachable", "Không có đường mạng đến máy chủ.", "There is no way to the machine."},
    {"refused", "Máy chủ từ chối kết nối.", "The machine refuses the connection."},
    {"timed_out", "Quá thời gian chờ mà không có trả lời.", "No answer came in time."},
    {"tls_failed", "Không thiết lập được kết nối mã hóa (TLS).", "The encrypted connection (TLS) fails."},
    {"bad_answer", "Trả lời không đúng giao thức.", "The answer does not follow the protocol."},
    {"http_error", "Máy chủ báo lỗi thay cho trang cần xem.", "The server answers with an error instead of the page."},
    {"redirected_away", "Trang chuyển hướng sang máy chủ chưa đăng ký.",
     "The page redirects to a host that is not registered."},
    {"too_many_redirects", "Trang chuyển hướng vòng lặp.", "The page redirects without end."},
    {"not_permitted",
     "Máy chủ Lũy không có quyền gửi gói ICMP; hãy đặt net.ipv4.ping_group_range để nhóm của luy-hub được phép.",
     "This hub may not send ICMP packets; set net.ipv4.ping_group_range so that luy-hub's group may."},
}};

Error invalid(std::string vi, std::string en) {
  return Error(target_invalid, std::move(vi), std::move(en));
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

Result<std::string> parse_host(std::string_view text) {
  std::string host = lower(text);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (!is_ipv6(host)) return invalid("địa chỉ IPv6 sai", "the IPv6 address is wrong");
    return host;
  }
  if (host.empty() || host.size() > host_bytes_max) return invalid("thiếu tên máy", "there is no host");
  if (!std::all_of(host.begin(), host.end(), is_host_character) || host.front() == '.' || host.front() == '-') {
    return invalid("tên máy có ký tự lạ", "the host holds a character that names do not have");
  }
  return host;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  if (!whole || value == 0 || value > 65535) return invalid("cổng phải từ 1 đến 65535", "ports go from 1 to 65535");
  return static_cast<std::uint16_t>(value);
}

// "host", "host:port", "[v6]:port"; `fallback` 0: the port must be there.
Result<void> parse_authority(std::string_view text, std::uint16_t fallback, Target& target) {
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  LUY_TRY(target.host, parse_host(text.substr(0, colon)));
  target.port = fallback;
  if (colon != std::string_view::npos) {
    LUY_TRY(target.port, parse_port(text.substr(colon + 1)));
  } else if (fallback == 0) {
    return invalid("thiếu cổng", "there is no port");
  }
  return {};
}

Result<Target> parse_url(std::string_view text) {
  Target target;
  const std::size_t scheme_end = text.find("://");
  const std::string scheme = lower(text.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    return invalid("phải bắt đầu bằng http:// hoặc https://", "it must begin with http:// or https://");
  }
  target.tls = scheme == "https";
  text.remove_prefix(scheme_end + 3);
  const std::size_t end = text.find_first_of("/?#");
  const std::string_view authority = text.substr(0, end);
  if (authority.find('@') != std::string_view::npos) {
    return invalid("không ghi tài khoản trong địa chỉ", "no account may stand in the address");
  }
  LUY_TRY_VOID(parse_authority(authority, target.tls ? 443 : 80, target));
  std::string_view path = end == std::string_view::npos ? std::string_view() : text.substr(end);
  path = path.substr(0, path.find('#'));
  target.path = path.empty() || path.front() != '/' ? "/" + std::string(path) : std::string(path);
  return target;
}

Result<Target> parse_dns(std::string_view text) {
  Target target;
  const std::size_t at = text.find('@');
  LUY_TRY(target.host, parse_host(text.substr(0, at)));
  if (at == std::string_view::npos) return target;
  Target server;
  LUY_TRY_VOID(parse_authority(text.substr(at + 1), 53, server));
  target.server = server.host;
  target.server_port = server.port;
  return target;
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_from_name(std::string_view name) {
  const auto* found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<Kind>(found - kind_names.begin());
}

std::string_view name_of(State state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::string_view name_of(Failure failure) {
  return failures[static_cast<std::size_t>(failure)].name;
}

Text meaning_of(Failure failure) {
  const FailureRow& row = failures[static_cast<std::size_t>(failure)];
  return {std::string(row.vi), std::string(row.en)};
}

bool is_outage(Failure failure) {
  return failure != Failure::none && failure != Failure::address_refused && failure != Failure::not_permitted;
}

Result<Target> parse_target(Kind kind, std::string_view text) {
  if (text.size() > target_bytes_max) return invalid("quá dài", "it is too long");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      return invalid("chỉ nhận ký tự ASCII không có dấu cách", "only ASCII without blanks is taken");
    }
  }
  if (kind == Kind::http) return parse_url(text);
  if (kind == Kind::dns) return parse_dns(text);
  Target target;
  if (kind == Kind::icmp) {
    LUY_TRY(target.host, parse_host(text));
    return target;
  }
  target.tls = kind == Kind::tls;
  LUY_TRY_VOID(parse_authority(text, kind == Kind::tls ? 443 : 0, target));
  return target;
}

std::string authority_of(const Target& target) {
  const bool v6 = target.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + target.host + "]" : target.host;
  return target.port == (target.tls ? 443 : 80) ? host : host + ":" + std::to_string(target.port);
}

Result<Target> resolve_redirect(const Target& from, std::string_view location) {
  if (location.empty() || location.size() > target_bytes_max) return invalid("chuyển hướng rỗng", "an empty redirect");
  const std::string base = (from.tls ? "https" : "http") + std::string("://") + authority_of(from);
  std::string whole;
  if (location.starts_with("//")) {
    whole = (from.tls ? "https:" : "http:") + std::string(location);
  } else if (location.front() == '/') {
    whole = base + std::string(location);
  } else if (location.find("://") != std::string_view::npos) {
    whole = std::string(location);
  } else {
    const std::string folder = from.path.substr(0, from.path.find('?'));
    whole = base + folder.substr(0, folder.rfind('/') + 1) + std::string(location);
  }
  return parse_target(Kind::http, whole);
}

bool may_be_probed(std::string_view bytes, bool loopback_allowed) {
  constexpr std::string_view mapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == 16 && bytes.starts_with(mapped)) bytes.remove_prefix(12);
  if (bytes.size() == 4) {
    if (at(0) == 127) return loopback_allowed;
    return at(0) != 0 && at(0) < 224 && !(at(0) == 169 && at(1) == 254);
  }
  if (bytes.size() != 16) return false;
  const bool low = std::all_of(bytes.begin(), bytes.begin() + 15, [](char c) { return c == 0; });
  if (low && at(15) == 1) return loopback_allowed;
  if (std::all_of(bytes.begin(), bytes.begin() + 12, [](char c) { return c == 0; })) return false;  // "::", ::1.2.3.4
  return at(0) != 0xff && !(at(0) == 0xfe && (at(1) & 0xc0U) == 0x80);
}

}  // namespace luy::watch
