#include "hub/server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "base/log.h"
#include "hub/connection.h"

namespace luy::hub {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
using Acceptor = asio::basic_socket_acceptor<tcp, IoExecutor>;

constexpr int backlog = 1024;
constexpr auto sweep_every = std::chrono::milliseconds(100);
constexpr auto pause_when_out_of_files = std::chrono::milliseconds(100);
constexpr auto cut_within = std::chrono::seconds(3);

}  // namespace

Reply::~Reply() {
  if (send_) send(refuse(500, Error(http_internal)));
}

struct Server::State {
  State(const ServerOptions& options, const Clock& time)
      : clock(time), io(std::make_shared<asio::io_context>(1)), jobs(options.queue_max) {}

  const Clock& clock;
  std::shared_ptr<asio::io_context> io;
  BoundedQueue<Job> jobs;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  std::set<std::shared_ptr<Connection>> connections;         // On the io thread.
  std::unordered_map<std::string, std::size_t> per_address;  // On the io thread.
  bool sweeping = true;                                      // On the io thread.
  std::thread io_thread;
  std::vector<std::thread> workers;
  std::mutex mutex;
  std::condition_variable emptied;
  bool empty = false;  // Guarded: set once stopping and the last connection ended.
  bool stopped = false;

  Result<void> open(const ListenerOptions& options);
  asio::awaitable<void> accept(std::size_t index);
  void admit(Listener& listener, Socket socket);
  void forget(const std::shared_ptr<Connection>& connection, Listener& listener, const std::exception_ptr& error);
  asio::awaitable<void> sweep();
  void work();
  void note_empty();
};

Result<void> Server::State::open(const ListenerOptions& options) {
  const std::string place = options.address + ":" + std::to_string(options.port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return Error(listen_failed, place + ": " + error.message());
  const tcp::endpoint endpoint(address, options.port);
  auto acceptor = std::make_unique<Acceptor>(*io);
  const auto attempt = [&](auto&& step) {
    if (!error) step();
  };
  attempt([&] { acceptor->open(endpoint.protocol(), error); });
  attempt([&] { acceptor->set_option(asio::socket_base::reuse_address(true), error); });
  attempt([&] { acceptor->bind(endpoint, error); });
  attempt([&] { acceptor->listen(backlog, error); });
  if (error == asio::error::address_in_use) return Error(port_in_use, place);
  if (error) return Error(listen_failed, place + ": " + error.message());
  auto listener = std::make_unique<Listener>();
  listener->options = options;
  listener->options.port = acceptor->local_endpoint().port();
  listener->io = io;
  listener->clock = &clock;
  listener->jobs = &jobs;
  listeners.push_back(std::move(listener));
  acceptors.push_back(std::move(acceptor));
  return {};
}

asio::awaitable<void> Server::State::accept(std::size_t index) {
  Listener& listener = *listeners[index];
  Acceptor& acceptor = *acceptors[index];
  for (;;) {
    Socket socket(io->get_executor());
    auto result = co_await acceptor.async_accept(socket, awaited);
    if (listener.stopping) co_return;
    if (std::get<0>(result)) {
      IoTimer pause(io->get_executor());
      pause.expires_after(pause_when_out_of_files);
      co_await pause.async_wait(awaited);
      continue;
    }
    admit(listener, std::move(socket));
  }
}

void Server::State::admit(Listener& listener, Socket socket) {
  ++listener.counters.accepted;
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return;  // Gone already.
  const std::string address = endpoint.address().to_string();
  std::size_t& from_address = per_address[address];
  const Limits& limits = listener.options.limits;
  const auto open = static_cast<std::size_t>(listener.counters.open.load());
  if (open >= limits.connections_max || from_address >= limits.connections_per_address_max) {
    ++listener.counters.refused_full;
    if (from_address == 0) per_address.erase(address);
    return;
  }
  ++from_address;
  ++listener.counters.open;
  auto connection = std::make_shared<Connection>(std::move(socket), listener, address);
  connections.insert(connection);
  asio::co_spawn(*io, connection->run(), [this, connection, &listener](const std::exception_ptr& exception) {
    forget(connection, listener, exception);
  });
}

void Server::State::forget(const std::shared_ptr<Connection>& connection, Listener& listener,
                           const std::exception_ptr& exception) {
  if (exception) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& caught) {
      log(LogLevel::error, "hub", std::string("a connection ended by an exception: ") + caught.what());
    }
  }
  --listener.counters.open;
  const auto count = per_address.find(connection->address());
  if (count != per_address.end() && --count->second == 0) per_address.erase(count);
  connections.erase(connection);
  if (listener.stopping) note_empty();
}

void Server::State::note_empty() {
  if (!connections.empty()) return;
  const std::lock_guard lock(mutex);
  empty = true;
  emptied.notify_all();
}

asio::awaitable<void> Server::State::sweep() {
  IoTimer timer(io->get_executor());
  while (sweeping) {
    timer.expires_after(sweep_every);
    co_await timer.async_wait(awaited);
    const Duration now = clock.monotonic();
    for (const auto& connection : connections) connection->sweep(now);
  }
}

void Server::State::work() {
  while (auto job = jobs.pop()) {
    try {
      (*job)();
    } catch (const std::exception& caught) {
      // The reply inside the job answers 500 when it is destroyed.
      log(LogLevel::error, "hub", std::string("a request ended by an exception: ") + caught.what());
    }
  }
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(const std::vector<ListenerOptions>& listeners,
                                              const ServerOptions& options, const Clock& clock) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2), which cannot be told otherwise.
  auto state = std::make_unique<State>(options, clock);
  for (const ListenerOptions& listener : listeners) LUY_TRY_VOID(state->open(listener));
  std::unique_ptr<Server> server(new Server(std::move(state)));
  State* const s = server->state_.get();
  for (std::size_t i = 0; i < s->listeners.size(); ++i) {
    asio::co_spawn(*s->io, s->accept(i), [](const std::exception_ptr&) {});
  }
  asio::co_spawn(*s->io, s->sweep(), [](const std::exception_ptr&) {});
  for (std::size_t i = 0; i < options.workers; ++i) s->workers.emplace_back([s] { s->work(); });
  s->io_thread = std::thread([s] { s->io->run(); });
  return server;
}

Server::~Server() {
  if (!state_->stopped) stop(Duration{0});
}

void Server::stop(Duration drain) {
  State* const s = state_.get();
  if (std::exchange(s->stopped, true)) return;
  asio::post(*s->io, [s] {
    for (const auto& listener : s->listeners) listener->stopping = true;
    boost::system::error_code ignored;
    for (const auto& acceptor : s->acceptors) acceptor->close(ignored);
    for (const auto& connection : s->connections) connection->stop_soon();
    s->note_empty();
  });
  {
    std::unique_lock lock(s->mutex);
    if (!s->emptied.wait_for(lock, drain, [s] { return s->empty; })) {
      asio::post(*s->io, [s] {
        for (const auto& connection : s->connections) connection->cut();
      });
      s->emptied.wait_for(lock, cut_within, [s] { return s->empty; });
    }
  }
  s->jobs.close();
  for (std::thread& worker : s->workers) worker.join();
  s->io->stop();
  s->io_thread.join();
  s->connections.clear();
}

std::uint16_t Server::port(std::size_t listener) const {
  return state_->listeners.at(listener)->options.port;
}
const ListenerCounters& Server::counters(std::size_t listener) const {
  return state_->listeners.at(listener)->counters;
}
const std::string& Server::name(std::size_t listener) const {
  return state_->listeners.at(listener)->options.name;
}
std::size_t Server::listener_count() const {
  return state_->listeners.size();
}
std::size_t Server::queued() const {
  return state_->jobs.size();
}

void Server::cut_device(const std::string& device) {
  State* const s = state_.get();
  asio::post(*s->io, [s, device] {
    for (const auto& connection : s->connections) {
      if (connection->device() == device) connection->cut();
    }
  });
}

void Server::set_tls(std::size_t listener, TlsContext tls) {
  State* const s = state_.get();
  asio::post(*s->io, [s, listener, tls = std::move(tls)] { s->listeners.at(listener)->options.tls = tls; });
}

}  // namespace luy::hub
