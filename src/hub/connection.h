// One connection as a coroutine: handshake, then request after request until either side ends it. Only server.cc and
// connection.cc see this header; Asio goes no further.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/queue.h"
#include "hub/openssl.h"
#include "hub/server.h"

namespace luy::hub {

using IoExecutor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoExecutor>;
using IoTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;
using Job = std::function<void()>;

// What the connections of one listener share; touched on the io thread only, but for the counters.
struct Listener {
  ListenerOptions options;
  ListenerCounters counters;
  // Shared with replies under way: one that comes after the server is gone still needs something to post to.
  std::shared_ptr<boost::asio::io_context> io;
  const Clock* clock = nullptr;
  BoundedQueue<Job>* jobs = nullptr;
  bool stopping = false;
  Duration last_complaint{-1'000'000'000};  // When a failed handshake was last logged.
};

// Everything on the io thread. Shared by its own coroutine, the server's list, and callbacks under way.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Socket socket, Listener& listener, std::string address);

  // The whole life of the connection; the caller keeps it alive until this is done.
  boost::asio::awaitable<void> run();

  // Called several times a second: past the deadline every wait ends.
  void sweep(Duration now);
  // Ends every wait, and with it the connection.
  void cut();
  // The server stops: idle connections and streams end, a request under way may finish.
  void stop_soon();

  const std::string& device() const { return peer_.device; }
  const std::string& address() const { return peer_.address; }

 private:
  enum class Phase { handshake, idle, head, body, answer, write, stream, linger };

  // What one attempt at input or output came to.
  struct Attempt {
    enum class State { done, want_read, want_write, closed } state = State::closed;
    std::size_t bytes = 0;
  };
  Attempt attempt_handshake();
  Attempt attempt_read();   // Appends to buffer_.
  Attempt attempt_write();  // Takes from out_.
  Attempt judge(int result) const;

  void expect(Phase phase, Duration within);
  bool ended() const { return cut_ || timed_out_; }

  // Repeats an attempt, awaiting the socket in between; false when the connection closed, was cut or is past its
  // deadline.
  boost::asio::awaitable<bool> drive(Attempt (Connection::*attempt)());
  boost::asio::awaitable<bool> wait(bool for_writing);
  boost::asio::awaitable<bool> write(std::string bytes);

  boost::asio::awaitable<bool> handshake();
  // One request and its answer; false: the connection is over.
  boost::asio::awaitable<bool> exchange();
  boost::asio::awaitable<bool> exchange_head(Head head);
  boost::asio::awaitable<std::optional<std::size_t>> await_head();
  boost::asio::awaitable<bool> await_body(std::size_t length);
  boost::asio::awaitable<Reply::Answer> await_answer(std::shared_ptr<HttpRequest> request);
  boost::asio::awaitable<bool> respond(std::shared_ptr<api::Response> response, bool head_only, bool keep_alive);
  boost::asio::awaitable<void> refuse_and_close(std::shared_ptr<Refusal> refusal);
  boost::asio::awaitable<void> stream(std::shared_ptr<api::Response> head, std::shared_ptr<EventStream> events);
  boost::asio::awaitable<void> linger();
  void watch_for_close();
  // Whether the client went away while its answer is made; what it sends meanwhile is kept for its next request.
  bool has_left();
  void complain(std::string_view what);

  Socket socket_;
  Listener& listener_;
  TlsContext context_;  // Keeps the context alive while newer connections use another.
  SslPtr ssl_;          // None on a plain listener.
  Peer peer_;
  IoTimer timer_;  // Wakes the coroutine when an answer or an event is there.
  std::string buffer_;
  std::string body_;
  std::string_view out_;
  Phase phase_ = Phase::handshake;
  Duration deadline_ = Duration::max();
  bool timed_out_ = false;
  bool cut_ = false;
  bool watching_ = false;  // A wait for that is under way.
  bool readable_ = false;  // While answering or streaming: the client sent something or went away.
};

}  // namespace luy::hub
