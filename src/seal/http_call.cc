#include "seal/http_call.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <exception>
#include <optional>
#include <utility>

namespace luy::seal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

template <class Stream>
asio::awaitable<http::response<http::string_body>> exchange(Stream& stream, const HttpQuestion& question) {
  http::request<http::string_body> asked(question.is_post ? http::verb::post : http::verb::get, question.to.target, 11);
  asked.set(http::field::host, question.to.host);
  if (question.is_post) asked.set(http::field::content_type, question.content_type);
  if (!question.authorization.empty()) asked.set(http::field::authorization, question.authorization);
  asked.keep_alive(false);
  asked.body() = question.body;
  asked.prepare_payload();
  co_await http::async_write(stream, asked, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(question.answer_bytes_max);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  co_return parser.release();
}

asio::awaitable<std::string> ask(const HttpQuestion& question) {
  const HttpAddress& to = question.to;
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  beast::tcp_stream link(executor);
  link.expires_after(http_call_time_max);
  const auto found = co_await resolver.async_resolve(to.host, to.port, asio::use_awaitable);
  co_await link.async_connect(found, asio::use_awaitable);
  http::response<http::string_body> answer;
  if (to.is_tls) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    if (question.ca_file.empty()) {
      context.set_default_verify_paths();
    } else {
      context.load_verify_file(question.ca_file);
    }
    beast::ssl_stream<beast::tcp_stream> stream(std::move(link), context);
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification(to.host));
    SSL_set_tlsext_host_name(stream.native_handle(), to.host.c_str());
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    answer = co_await exchange(stream, question);
  } else {
    answer = co_await exchange(link, question);
  }
  if (answer.result() != http::status::ok) {
    throw beast::system_error(http::make_error_code(http::error::bad_status),
                              "HTTP " + std::to_string(answer.result_int()));
  }
  co_return std::move(answer.body());
}

}  // namespace

std::optional<HttpAddress> http_address_of(std::string_view url) {
  HttpAddress out;
  out.url = url;
  out.is_tls = url.starts_with("https://");
  if (!out.is_tls && !url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(out.is_tls ? 8 : 7);
  const std::size_t slash = std::min(url.find('/'), url.size());
  out.target = slash == url.size() ? "/" : std::string(url.substr(slash));
  std::string_view place = url.substr(0, slash);
  std::string_view port = out.is_tls ? "443" : "80";
  const std::size_t bracket = place.rfind(']');
  const std::size_t colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    port = place.substr(colon + 1);
    place = place.substr(0, colon);
  }
  if (place.starts_with('[') && place.ends_with(']')) place = place.substr(1, place.size() - 2);
  std::uint16_t number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  if (place.empty() || read.ec != std::errc() || read.ptr != port.data() + port.size() || number == 0) return {};
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f' && c != '@'; };
  if (!std::all_of(place.begin(), place.end(), is_plain)) return std::nullopt;
  if (!std::all_of(out.target.begin(), out.target.end(), [](char c) { return c > ' ' && c < '\x7f'; })) return {};
  out.host = std::string(place);
  out.port = std::string(port);
  return out;
}

Result<std::string> http_call(const HttpQuestion& question, const ErrorKind& failure) {
  const std::string& where = question.to.url;
  // Beast, Asio and OpenSSL throw here; nothing leaves this function but a Result.
  try {
    std::string answer;
    std::exception_ptr thrown;
    asio::io_context io;
    asio::co_spawn(io, ask(question), [&](std::exception_ptr error, std::string body) {
      thrown = error;
      answer = std::move(body);
    });
    // A name that does not resolve has no deadline of its own.
    io.run_for(http_call_time_max + std::chrono::seconds(1));
    if (!io.stopped()) return Error(failure, where);
    if (thrown) std::rethrow_exception(thrown);
    return answer;
  } catch (const std::exception& error) {
    return Error(failure, where + ": " + error.what());
  }
}

}  // namespace luy::seal
