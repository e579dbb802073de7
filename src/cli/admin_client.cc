#include "cli/admin_client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/file.h"

namespace luy::cli {
namespace {

namespace http = boost::beast::http;

constexpr timeval answer_deadline{.tv_sec = 30, .tv_usec = 0};

Result<UniqueFd> connect_to(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0) {
    return Error(hub_not_running, host + ":" + port + ": " + ::gai_strerror(code));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  UniqueFd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), found->ai_addr, found->ai_addrlen) != 0) {
    return Error(hub_not_running, host + ":" + port + ": " + std::strerror(errno));
  }
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &answer_deadline, sizeof answer_deadline);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &answer_deadline, sizeof answer_deadline);
  return fd;
}

Result<void> send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return Error(hub_not_running, std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<http::response<http::string_body>> receive(int fd) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(admin_answer_bytes_max);
  std::string pending;
  std::array<char, 65536> buffer{};
  boost::system::error_code error;
  while (!parser.is_done()) {
    const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Error(hub_not_running, std::strerror(errno));
    if (n == 0) break;
    pending.append(buffer.data(), static_cast<std::size_t>(n));
    pending.erase(0, parser.put(boost::asio::buffer(pending), error));
    if (error == http::error::need_more) error = {};
    if (error) return Error(hub_not_running, error.message());
  }
  if (!parser.is_done()) return Error(hub_not_running, "the answer was cut off");
  return parser.release();
}

}  // namespace

Result<AdminClient> AdminClient::open(const std::filesystem::path& data) {
  LUY_TRY(const std::string info, read_file(data / "run" / "hub.json", 1 << 16));
  LUY_TRY(std::string token, read_file(data / "run" / "admin.token", 4096));
  while (!token.empty() && (token.back() == '\n' || token.back() == ' ')) token.pop_back();
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(info, error);
  const auto* url = !error && parsed.is_object() ? parsed.get_object().if_contains("admin_url") : nullptr;
  if (url == nullptr || !url->is_string()) return Error(hub_not_running, (data / "run" / "hub.json").string());
  std::string_view rest(url->get_string());
  const std::string_view scheme = "http://";
  const auto colon = rest.rfind(':');
  if (!rest.starts_with(scheme) || colon == std::string_view::npos || colon < scheme.size()) {
    return Error(hub_not_running, std::string(rest));
  }
  AdminClient client;
  client.host_ = rest.substr(scheme.size(), colon - scheme.size());
  if (client.host_.size() > 2 && client.host_.front() == '[')
    client.host_ = client.host_.substr(1, client.host_.size() - 2);
  client.port_ = rest.substr(colon + 1);
  while (!client.port_.empty() && client.port_.back() == '/') client.port_.pop_back();
  client.token_ = std::move(token);
  return client;
}

Result<boost::json::value> AdminClient::get(std::string_view path) const {
  return ask("GET " + std::string(path) + " HTTP/1.1\r\n", {});
}

Result<boost::json::value> AdminClient::post(std::string_view path, std::string_view body) const {
  return ask("POST " + std::string(path) + " HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n",
             body);
}

Result<boost::json::value> AdminClient::ask(std::string_view request, std::string_view body) const {
  LUY_TRY(const UniqueFd fd, connect_to(host_, port_));
  const std::string head = std::string(request) + "Host: " + host_ + ":" + port_ + "\r\nAuthorization: Bearer " +
                           token_ + "\r\nConnection: close\r\n\r\n";
  LUY_TRY_VOID(send_all(fd.get(), head));
  LUY_TRY_VOID(send_all(fd.get(), body));
  LUY_TRY(const auto response, receive(fd.get()));
  boost::system::error_code error;
  boost::json::value answer = boost::json::parse(response.body(), error);
  if (response.result_int() < 200 || response.result_int() > 299) {
    return Error(hub_refused, std::to_string(response.result_int()) + " " + response.body().substr(0, 500));
  }
  if (error) return Error(hub_refused, "the answer is not JSON");
  return answer;
}

}  // namespace luy::cli
