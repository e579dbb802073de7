// The hub's sockets: listeners, TLS, HTTP/1.1, deadlines and the worker pool, behind plain values. One io thread runs
// every connection as a coroutine and never blocks; services answer on the workers. Asio is not seen from here
// (docs/adr/0060).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "base/result.h"
#include "hub/event_stream.h"
#include "hub/http.h"
#include "hub/tls.h"

namespace luy::hub {

inline constexpr ErrorKind port_in_use{
    "hub.port_in_use", ErrorClass::unavailable,
    "Cổng {} đang được chương trình khác sử dụng. Hãy dừng chương trình đó hoặc chọn cổng khác.",
    "The port {} is used by another program. Stop that program or choose another port."};
inline constexpr ErrorKind listen_failed{"hub.listen_failed", ErrorClass::unavailable, "Không mở được cổng {}.",
                                         "The port could not be opened: {}."};

// Every wait on the network ends at one of these; all are absolute, so that trickling bytes extends none.
struct Limits {
  Duration handshake = std::chrono::seconds(10);
  Duration head = std::chrono::seconds(10);
  Duration idle = std::chrono::seconds(75);
  Duration body = std::chrono::seconds(60);
  Duration answer = std::chrono::seconds(60);  // Until the service replied.
  Duration write = std::chrono::seconds(60);
  Duration linger = std::chrono::seconds(2);  // For reading what a refused peer still sends.
  Duration heartbeat = std::chrono::seconds(15);
  std::size_t connections_max = 2'000;
  std::size_t connections_per_address_max = 500;  // An agency's machines may stand behind one address.
};

// The one-time means to answer a request, from any thread. Dropped without a call, it answers 500.
class Reply {
 public:
  struct Answer {
    api::Response response;
    std::shared_ptr<EventStream> stream;  // Set: the response's head, then this until either side closes.
  };
  explicit Reply(std::function<void(Answer)> send) : send_(std::move(send)) {}
  Reply(Reply&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Reply& operator=(Reply&&) = delete;
  ~Reply();
  void send(api::Response response) { answer({std::move(response), nullptr}); }
  // Shared between the connection and the publisher, whichever lives longer.
  void stream(api::Response head, std::shared_ptr<EventStream> events) { answer({std::move(head), std::move(events)}); }

 private:
  void answer(Answer answer) { std::exchange(send_, nullptr)(std::move(answer)); }
  std::function<void(Answer)> send_;
};

// What stands behind one listener.
class Service {
 public:
  virtual ~Service() = default;

  // On the io thread, once the head is read and before any byte of the body: must not block. Either the answer itself,
  // or how long a body may be.
  struct Admission {
    std::optional<api::Response> answer;
    std::size_t body_bytes_max = 0;
  };
  virtual Admission admit(const Head& head, const Peer& peer) = 0;

  // On a worker thread. `reply` may outlive the call.
  virtual void serve(HttpRequest request, Reply reply) = 0;

  // Headers that every response of this listener carries, refusals of the server included.
  virtual void decorate(api::Response& response) const = 0;
};

struct ListenerOptions {
  std::string name;  // For the log and the metrics: "console".
  std::string address;
  std::uint16_t port = 0;  // 0: any free one, see Server::port().
  TlsContext tls;          // None: plain HTTP, for loopback only.
  Service* service = nullptr;
  Limits limits;
};

// Thread-safe; a snapshot is good enough.
struct ListenerCounters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_full{0};
  std::atomic<std::uint64_t> handshakes_failed{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};  // Requests the server itself refused (malformed, too large, too slow).
  std::atomic<std::uint64_t> deadlines{0};
  std::atomic<std::uint64_t> busy{0};  // 503 because the workers' queue was full.
  std::atomic<std::int64_t> open{0};
  std::atomic<std::int64_t> streams{0};
};

struct ServerOptions {
  std::size_t workers = 4;
  std::size_t queue_max = 256;
};

class Server {
 public:
  // Opens every listener; services and clock must outlive the server. From here on SIGPIPE is ignored in the process.
  // Errors: port_in_use, listen_failed.
  static Result<std::unique_ptr<Server>> start(const std::vector<ListenerOptions>& listeners,
                                               const ServerOptions& options, const Clock& clock);
  ~Server();  // Stops at once if stop() was not called.

  std::uint16_t port(std::size_t listener) const;
  const ListenerCounters& counters(std::size_t listener) const;
  const std::string& name(std::size_t listener) const;
  std::size_t listener_count() const;
  std::size_t queued() const;  // Requests waiting for a worker.

  // Cuts every connection of a device at once: its certificate was revoked.
  void cut_device(const std::string& device);
  // New connections use the renewed certificate.
  void set_tls(std::size_t listener, TlsContext tls);

  // Stops accepting, closes idle connections and streams, lets requests under way finish for at most `drain`, then
  // cuts the rest and joins every thread.
  void stop(Duration drain);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace luy::hub
