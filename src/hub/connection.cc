#include "hub/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "base/log.h"
#include "hub/ca.h"

// Traps of GCC 12.2 that shape this file: an aggregate with a non-trivial member made inside the argument list of an
// awaited call is destroyed twice, so such arguments are named first or travel in a shared_ptr; capturing lambdas are
// never coroutines.
namespace luy::hub {
namespace {

namespace asio = boost::asio;
constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t read_bytes = 16 << 10;         // One TLS record.
constexpr std::size_t ahead_bytes_max = 64 << 10;    // Of requests sent before the answer to the one at hand.
constexpr std::size_t discard_bytes_max = 64 << 10;  // A refused body up to this is read, to keep the connection.
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(Socket socket, Listener& listener, std::string address)
    : socket_(std::move(socket)),
      listener_(listener),
      context_(listener.options.tls),
      timer_(listener.io->get_executor()) {
  peer_.address = std::move(address);
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (context_) {
    ssl_.reset(SSL_new(context_.get()));
    LUY_CHECK(ssl_ && SSL_set_fd(ssl_.get(), socket_.native_handle()) == 1);
    SSL_set_accept_state(ssl_.get());
  }
}

void Connection::expect(Phase phase, Duration within) {
  phase_ = phase;
  deadline_ = listener_.clock->monotonic() + within;
}

void Connection::sweep(Duration now) {
  if (now < deadline_ || ended()) return;
  timed_out_ = true;
  if (phase_ != Phase::linger) ++listener_.counters.deadlines;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  timer_.cancel();
}

void Connection::cut() {
  cut_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  timer_.cancel();
}

void Connection::stop_soon() {
  if (phase_ == Phase::idle || phase_ == Phase::stream || phase_ == Phase::handshake || phase_ == Phase::linger) cut();
}

// SSL_get_error must be asked right after the call, with an error queue that was empty before it.
Connection::Attempt Connection::judge(int result) const {
  using State = Attempt::State;
  if (result > 0) return {State::done, static_cast<std::size_t>(result)};
  if (ssl_) {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) return {State::want_read, 0};
    if (error == SSL_ERROR_WANT_WRITE) return {State::want_write, 0};
    return {};
  }
  return {};
}

Connection::Attempt Connection::attempt_handshake() {
  ERR_clear_error();
  return judge(SSL_do_handshake(ssl_.get()));
}

Connection::Attempt Connection::attempt_read() {
  std::array<char, read_bytes> bytes;  // NOLINT: filled by the read.
  Attempt attempt;
  if (ssl_) {
    ERR_clear_error();
    attempt = judge(SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
  } else {
    const ssize_t n = ::recv(socket_.native_handle(), bytes.data(), bytes.size(), 0);
    if (n > 0) attempt = {Attempt::State::done, static_cast<std::size_t>(n)};
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) attempt = {Attempt::State::want_read, 0};
  }
  if (attempt.state == Attempt::State::done) buffer_.append(bytes.data(), attempt.bytes);
  return attempt;
}

Connection::Attempt Connection::attempt_write() {
  Attempt attempt;
  if (ssl_) {
    ERR_clear_error();
    attempt = judge(SSL_write(ssl_.get(), out_.data(), static_cast<int>(std::min<std::size_t>(out_.size(), 1 << 20))));
  } else {
    const ssize_t n = ::send(socket_.native_handle(), out_.data(), out_.size(), MSG_NOSIGNAL);
    if (n > 0) attempt = {Attempt::State::done, static_cast<std::size_t>(n)};
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) attempt = {Attempt::State::want_write, 0};
  }
  if (attempt.state == Attempt::State::done) out_.remove_prefix(attempt.bytes);
  return attempt;
}

asio::awaitable<bool> Connection::wait(bool for_writing) {
  if (ended()) co_return false;
  const auto what = for_writing ? Socket::wait_write : Socket::wait_read;
  auto result = co_await socket_.async_wait(what, awaited);
  co_return !std::get<0>(result) && !ended();
}

asio::awaitable<bool> Connection::drive(Attempt (Connection::*attempt)()) {
  for (;;) {
    if (ended()) co_return false;
    const Attempt result = (this->*attempt)();
    if (result.state == Attempt::State::done) co_return true;
    if (result.state == Attempt::State::closed) co_return false;
    const bool ready = co_await wait(result.state == Attempt::State::want_write);
    if (!ready) co_return false;
  }
}

asio::awaitable<bool> Connection::write(std::string bytes) {
  out_ = bytes;
  while (!out_.empty()) {
    const bool sent = co_await drive(&Connection::attempt_write);
    if (!sent) co_return false;
  }
  co_return true;
}

void Connection::complain(std::string_view what) {
  const Duration now = listener_.clock->monotonic();
  if (now - listener_.last_complaint < std::chrono::seconds(1)) return;  // A flood must not fill the log.
  listener_.last_complaint = now;
  log(LogLevel::info, "hub", listener_.options.name + " port: " + peer_.address + ": " + std::string(what));
}

asio::awaitable<bool> Connection::handshake() {
  expect(Phase::handshake, listener_.options.limits.handshake);
  const bool done = co_await drive(&Connection::attempt_handshake);
  if (!done) {
    ++listener_.counters.handshakes_failed;
    const long verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK) {
      complain(std::string("client certificate refused: ") + X509_verify_cert_error_string(verdict));
    } else if (!timed_out_ && !cut_) {
      complain("TLS handshake failed: " + openssl_error());
    }
    ERR_clear_error();
    co_return false;
  }
  const X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate != nullptr && SSL_get_verify_result(ssl_.get()) == X509_V_OK) {
    CertificateIdentity identity = identity_of(certificate);
    peer_.serial = std::move(identity.serial);
    peer_.device = std::move(identity.device);
  }
  co_return true;
}

asio::awaitable<void> Connection::run() {
  if (ssl_) {
    const bool secured = co_await handshake();
    if (!secured) {
      if (!cut_) co_await linger();
      co_return;
    }
  }
  for (bool more = true; more;) more = co_await exchange();
  if (!cut_) co_await linger();
  // A wait that is still under way would keep the connection alive.
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

asio::awaitable<std::optional<std::size_t>> Connection::await_head() {
  std::size_t seen = 0;
  expect(Phase::idle, listener_.options.limits.idle);
  if (listener_.stopping && buffer_.empty()) co_return std::nullopt;
  for (;;) {
    if (!buffer_.empty() && phase_ == Phase::idle) expect(Phase::head, listener_.options.limits.head);
    if (buffer_.size() > seen) {
      // No more than the limit is looked at: what comes after the head may be a large body already.
      const std::string_view window = std::string_view(buffer_).substr(0, head_bytes_max);
      auto found = find_head_end(window, seen);
      if (const auto* refusal = std::get_if<Refusal>(&found)) {
        auto shared = std::make_shared<Refusal>(*refusal);
        co_await refuse_and_close(shared);
        co_return std::nullopt;
      }
      const auto end = std::get<std::optional<std::size_t>>(found);
      if (end) co_return end;
      seen = buffer_.size();
    }
    const bool more = co_await drive(&Connection::attempt_read);
    if (!more) {
      if (timed_out_ && phase_ == Phase::head) {
        auto slow = std::make_shared<Refusal>(Refusal{408, Error(http_timeout)});
        co_await refuse_and_close(slow);
      }
      co_return std::nullopt;
    }
  }
}

asio::awaitable<bool> Connection::exchange() {
  const std::optional<std::size_t> end = co_await await_head();
  if (!end) co_return false;
  ++listener_.counters.requests;
  auto parsed = parse_head(std::string_view(buffer_).substr(0, *end));
  buffer_.erase(0, *end);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    auto shared = std::make_shared<Refusal>(*refusal);
    co_await refuse_and_close(shared);
    co_return false;
  }
  Head head = std::move(std::get<Head>(parsed));
  co_return co_await exchange_head(std::move(head));
}

asio::awaitable<bool> Connection::exchange_head(Head head) {
  const bool head_only = head.method == "HEAD";
  const std::uint64_t length = head.content_length.value_or(0);
  Service::Admission admission = listener_.options.service->admit(head, peer_);
  if (admission.answer) {
    const bool read_it = length <= discard_bytes_max && !head.expect_continue;
    if (read_it && length > 0) {
      const bool complete = co_await await_body(static_cast<std::size_t>(length));
      if (!complete) co_return false;
    }
    auto response = std::make_shared<api::Response>(std::move(*admission.answer));
    co_return co_await respond(response, head_only, head.keep_alive && (length == 0 || read_it));
  }
  if (length > admission.body_bytes_max) {
    Error error(http_body_too_large, std::to_string(admission.body_bytes_max));
    auto refusal = std::make_shared<Refusal>(Refusal{413, std::move(error)});
    co_await refuse_and_close(refusal);
    co_return false;
  }
  if (head.expect_continue && length > 0 && buffer_.empty()) {
    expect(Phase::write, listener_.options.limits.write);
    std::string line(continue_line);
    const bool told = co_await write(std::move(line));
    if (!told) co_return false;
  }
  const bool complete = co_await await_body(static_cast<std::size_t>(length));
  if (!complete) co_return false;

  auto request = std::make_shared<HttpRequest>();
  request->head = std::move(head);
  request->body = std::move(body_);
  request->peer = peer_;
  const bool keep_alive = request->head.keep_alive;
  Reply::Answer answer = co_await await_answer(std::move(request));
  if (answer.stream && (cut_ || head_only)) answer.stream->close(true);  // Nobody will read it.
  if (cut_) co_return false;
  auto response = std::make_shared<api::Response>(std::move(answer.response));
  if (answer.stream && !head_only) {
    std::shared_ptr<EventStream> events = std::move(answer.stream);
    co_await stream(response, events);
    co_return false;
  }
  co_return co_await respond(response, head_only, keep_alive);
}

asio::awaitable<bool> Connection::await_body(std::size_t length) {
  body_.clear();
  if (length == 0) co_return true;
  expect(Phase::body, listener_.options.limits.body);
  for (;;) {
    const std::size_t take = std::min(length - body_.size(), buffer_.size());
    body_.append(buffer_, 0, take);
    buffer_.erase(0, take);
    if (body_.size() == length) co_return true;
    const bool more = co_await drive(&Connection::attempt_read);
    if (!more) {
      if (timed_out_) {
        auto slow = std::make_shared<Refusal>(Refusal{408, Error(http_timeout)});
        co_await refuse_and_close(slow);
      }
      co_return false;
    }
  }
}

struct PendingAnswer {
  std::optional<Reply::Answer> answer;  // On the io thread only.
};

asio::awaitable<Reply::Answer> Connection::await_answer(std::shared_ptr<HttpRequest> request) {
  expect(Phase::answer, listener_.options.limits.answer);
  auto pending = std::make_shared<PendingAnswer>();
  std::stop_source gone;
  request->gone = gone.get_token();
  // std::function wants copyable captures; the Reply itself is not copyable.
  auto reply = std::make_shared<Reply>([io = listener_.io, weak = weak_from_this(), pending](Reply::Answer answer) {
    asio::post(*io, [weak, pending, answer = std::move(answer)]() mutable {
      pending->answer = std::move(answer);
      if (const auto self = weak.lock()) self->timer_.cancel();
    });
  });
  Service* const service = listener_.options.service;
  const bool queued =
      listener_.jobs->try_push([service, request, reply] { service->serve(std::move(*request), std::move(*reply)); });
  if (!queued) {
    ++listener_.counters.busy;
    reply->send(refuse(503, Error(http_busy)));
  }
  reply.reset();
  watch_for_close();
  while (!pending->answer && !ended()) {
    timer_.expires_at(std::chrono::steady_clock::time_point::max());
    co_await timer_.async_wait(awaited);
    // An answer that is there already is sent all the same: who closes one direction may still read.
    if (!pending->answer && readable_ && has_left()) gone.request_stop();
  }
  if (!pending->answer) gone.request_stop();
  Reply::Answer answer;
  if (pending->answer) {
    answer = std::move(*pending->answer);
  } else {
    answer.response = refuse(503, Error(http_busy));
  }
  timed_out_ = false;
  co_return answer;
}

asio::awaitable<bool> Connection::respond(std::shared_ptr<api::Response> response, bool head_only, bool keep_alive) {
  keep_alive = keep_alive && !listener_.stopping;
  listener_.options.service->decorate(*response);
  std::string bytes = render_head(*response, http_date(listener_.clock->now()), keep_alive);
  if (!head_only && response->status != 204 && response->status != 304) bytes += response->body;
  response.reset();
  expect(Phase::write, listener_.options.limits.write);
  const bool sent = co_await write(std::move(bytes));
  co_return sent&& keep_alive;
}

asio::awaitable<void> Connection::refuse_and_close(std::shared_ptr<Refusal> refusal) {
  ++listener_.counters.refused;
  timed_out_ = false;
  auto response = std::make_shared<api::Response>(refuse(*refusal));
  co_await respond(response, false, false);
}

void Connection::watch_for_close() {
  readable_ = false;
  if (watching_) return;
  watching_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const boost::system::error_code&) {
    self->watching_ = false;
    self->readable_ = true;
    self->timer_.cancel();
  });
}

bool Connection::has_left() {
  readable_ = false;
  if (ended() || buffer_.size() >= ahead_bytes_max) return false;
  const Attempt attempt = attempt_read();
  if (attempt.state == Attempt::State::closed) return true;
  watch_for_close();
  return false;
}

asio::awaitable<void> Connection::stream(std::shared_ptr<api::Response> head, std::shared_ptr<EventStream> events) {
  listener_.options.service->decorate(*head);
  std::string bytes = "HTTP/1.1 200 OK\r\nDate: " + http_date(listener_.clock->now()) +
                      "\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close";
  for (const auto& [name, value] : head->headers) bytes += "\r\n" + name + ": " + value;
  bytes += "\r\n\r\nretry: 2000\n\n";
  ++listener_.counters.streams;
  events->on_change([io = listener_.io, weak = weak_from_this()] {
    asio::post(*io, [weak] {
      if (const auto self = weak.lock()) self->timer_.cancel();
    });
  });
  const Duration heartbeat = listener_.options.limits.heartbeat;
  Duration quiet_since = listener_.clock->monotonic();
  watch_for_close();
  for (bool open = true; open && !listener_.stopping;) {
    expect(Phase::write, listener_.options.limits.write);
    if (!bytes.empty()) {
      quiet_since = listener_.clock->monotonic();
      const bool sent = co_await write(std::move(bytes));
      if (!sent) break;
    }
    bytes.clear();
    EventStream::Taken taken = events->take();
    bytes = std::move(taken.bytes);
    open = taken.open || !bytes.empty();
    if (!bytes.empty() || !open) continue;
    phase_ = Phase::stream;
    deadline_ = Duration::max();
    timer_.expires_after(std::chrono::milliseconds(500));
    co_await timer_.async_wait(awaited);
    if (cut_) break;
    if (readable_) {
      // A client has nothing to say on a stream: data or a close end it, TLS's own messages do not.
      const Attempt attempt = attempt_read();
      if (attempt.state != Attempt::State::want_read) break;
      watch_for_close();
    }
    if (listener_.clock->monotonic() - quiet_since >= heartbeat) bytes = ": alive\n\n";
  }
  events->on_change(nullptr);
  events->close(true);
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  --listener_.counters.streams;
}

// Closing while the peer still sends would make the kernel answer with a reset, which may overtake our last words (an
// alert, a 413). So: say goodbye, then read and discard for a short while.
asio::awaitable<void> Connection::linger() {
  timed_out_ = false;
  expect(Phase::linger, listener_.options.limits.linger);
  if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_.native_handle(), SHUT_WR);
  std::size_t rest = 8 << 20;
  std::array<char, 4096> discard;  // NOLINT: filled by the read.
  for (;;) {
    const ssize_t n = ::recv(socket_.native_handle(), discard.data(), discard.size(), 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    if (n > 0) {
      if (static_cast<std::size_t>(n) >= rest) co_return;
      rest -= static_cast<std::size_t>(n);
      continue;
    }
    const bool ready = co_await wait(false);
    if (!ready) co_return;
  }
}

}  // namespace luy::hub
