#include "hub/syslog_ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "hub/server.h"
#include "hub/syslog_peer.h"

namespace luy::hub {
namespace {

constexpr int receive_buffer = 8 << 20;  // For datagrams that come while a commit is under way.
// Of a stream: what the kernel took and we did not read is lost when the hub is killed, and a sender waits well
// without.
constexpr int stream_buffer = 64 << 10;
constexpr int datagrams_at_once = 512;
constexpr int events_at_once = 64;
constexpr int backlog = 256;
constexpr int rounds_at_the_end = 50;  // For what the kernel still holds when the hub stops.

struct Bound {
  UniqueFd fd;
  std::uint16_t port = 0;
};

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

Result<Bound> bind_port(const std::string& address, std::uint16_t port, int type) {
  const std::string place = address + ":" + std::to_string(port);
  SocketAddress where{};
  socklen_t size = sizeof where.v4;
  if (::inet_pton(AF_INET, address.c_str(), &where.v4.sin_addr) == 1) {
    where.v4.sin_family = AF_INET;
    where.v4.sin_port = htons(port);
  } else if (::inet_pton(AF_INET6, address.c_str(), &where.v6.sin6_addr) == 1) {
    where.v6.sin6_family = AF_INET6;
    where.v6.sin6_port = htons(port);
    size = sizeof where.v6;
  } else {
    return Error(listen_failed, place + ": not an address");
  }
  Bound out{UniqueFd(::socket(where.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), 0};
  const int on = 1;
  const bool stream = type == SOCK_STREAM;
  if (stream) {
    ::setsockopt(out.fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(out.fd.get(), SOL_SOCKET, SO_RCVBUF, &stream_buffer, sizeof stream_buffer);  // Connections inherit it.
  }
  if (!stream) {
    // The first needs privileges and may go above the system's limit, the second does what the limit allows.
    if (::setsockopt(out.fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0) {
      ::setsockopt(out.fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    ::setsockopt(out.fd.get(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  }
  if (::bind(out.fd.get(), &where.any, size) != 0 || (stream && ::listen(out.fd.get(), backlog) != 0)) {
    if (errno == EADDRINUSE) return Error(port_in_use, place);
    return Error(listen_failed, place + ": " + std::strerror(errno));
  }
  SocketAddress bound{};
  socklen_t bound_size = sizeof bound;
  ::getsockname(out.fd.get(), &bound.any, &bound_size);
  out.port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
  return out;
}

std::string address_of(const SocketAddress& from) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (from.any.sa_family == AF_INET) {
    ::inet_ntop(AF_INET, &from.v4.sin_addr, text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, &from.v6.sin6_addr, text.data(), text.size());
  }
  const std::string out = text.data();
  // An IPv4 sender at a port of both kinds is the same sender.
  return out.starts_with("::ffff:") && out.find('.') != std::string::npos ? out.substr(7) : out;
}

}  // namespace

struct SyslogPorts::State {
  State(const SyslogOptions& wanted, Reception& at, const Clock& time) : options(wanted), reception(at), clock(time) {}

  SyslogOptions options;
  Reception& reception;
  const Clock& clock;
  SyslogCounters counters;
  std::optional<Bound> udp;
  std::optional<Bound> tcp;
  std::optional<Bound> tls;
  UniqueFd epoll;
  UniqueFd wake;
  std::thread thread;
  std::atomic<bool> stopping{false};
  bool stopped = false;
  std::mutex mutex;    // Guards the next one.
  TlsContext context;  // Of new connections.

  // On the thread of the ports.
  std::unordered_map<int, std::unique_ptr<SyslogPeer>> peers;
  std::unordered_map<std::string, std::size_t> per_address;
  std::set<int> paused;
  std::set<int> again;
  std::uint32_t kernel_drops_seen = 0;
  std::vector<char> datagram = std::vector<char>(64 << 10);
  Duration next_hand_over{};

  Result<void> open();
  void watch(int fd, std::uint32_t events, int how);
  void run();
  void accept_all(const Bound& bound, bool secured);
  void admit(UniqueFd fd, const std::string& address, bool secured);
  void read_datagrams();
  void note_kernel_drops(const msghdr& head);
  void proceed(int fd);
  void close(int fd);
  void tick();
  void read_what_is_left();
};

Result<void> SyslogPorts::State::open() {
  epoll = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  wake = UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!epoll || !wake) return Error(listen_failed, std::strerror(errno));
  if (options.udp) {
    LUY_TRY(udp, bind_port(options.listen, *options.udp, SOCK_DGRAM));
    watch(udp->fd.get(), EPOLLIN, EPOLL_CTL_ADD);
  }
  if (options.tcp) {
    LUY_TRY(tcp, bind_port(options.listen, *options.tcp, SOCK_STREAM));
    watch(tcp->fd.get(), EPOLLIN, EPOLL_CTL_ADD);
  }
  if (options.tls) {
    LUY_CHECK(options.context != nullptr);
    LUY_TRY(tls, bind_port(options.listen, *options.tls, SOCK_STREAM));
    watch(tls->fd.get(), EPOLLIN, EPOLL_CTL_ADD);
  }
  context = options.context;
  watch(wake.get(), EPOLLIN, EPOLL_CTL_ADD);
  return {};
}

void SyslogPorts::State::watch(int fd, std::uint32_t events, int how) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (::epoll_ctl(epoll.get(), how, fd, &event) == 0) return;
  // One that hung up while it was not read is no longer watched.
  LUY_CHECK(errno == ENOENT && ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) == 0);
}

void SyslogPorts::State::accept_all(const Bound& bound, bool secured) {
  for (;;) {
    SocketAddress from{};
    socklen_t size = sizeof from;
    UniqueFd fd(::accept4(bound.fd.get(), &from.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      // Out of descriptors the port stays readable: wait rather than ask again at once.
      if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      return;
    }
    ++counters.connections;
    admit(std::move(fd), address_of(from), secured);
  }
}

void SyslogPorts::State::admit(UniqueFd fd, const std::string& address, bool secured) {
  std::size_t& from_there = per_address[address];
  if (peers.size() >= options.connections_max || from_there >= options.connections_per_address_max) {
    ++counters.refused_full;
    if (from_there == 0) per_address.erase(address);
    return;
  }
  ++from_there;
  ++counters.open;
  // A sender that lost its power is found out, and its place is free again.
  const int on = 1;
  const int idle_seconds = 300;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
  const int number = fd.get();
  TlsContext with;
  if (secured) {
    const std::lock_guard lock(mutex);
    with = context;
  }
  peers.emplace(number, std::make_unique<SyslogPeer>(std::move(fd), address, std::move(with),
                                                     clock.monotonic() + options.handshake));
  watch(number, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
}

void SyslogPorts::State::note_kernel_drops(const msghdr& head) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&head); c != nullptr; c = CMSG_NXTHDR(const_cast<msghdr*>(&head), c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL) continue;
    std::uint32_t total = 0;
    std::memcpy(&total, CMSG_DATA(c), sizeof total);
    counters.kernel_drops += total - kernel_drops_seen;  // Both wrap around alike.
    kernel_drops_seen = total;
  }
}

void SyslogPorts::State::read_datagrams() {
  for (int i = 0; i < datagrams_at_once; ++i) {
    SocketAddress from{};
    iovec part{datagram.data(), datagram.size()};
    alignas(cmsghdr) std::array<char, 64> control{};
    msghdr head{};
    head.msg_name = &from;
    head.msg_namelen = sizeof from;
    head.msg_iov = &part;
    head.msg_iovlen = 1;
    head.msg_control = control.data();
    head.msg_controllen = control.size();
    const ssize_t n = ::recvmsg(udp->fd.get(), &head, 0);
    if (n < 0) return;
    note_kernel_drops(head);
    if (n == 0) continue;
    Guest* const guest = reception.guest(intake::SenderKind::address, address_of(from), "");
    if (guest == nullptr) continue;
    reception.take_datagram(*guest, "syslog/udp", std::string_view(datagram.data(), static_cast<std::size_t>(n)));
  }
}

void SyslogPorts::State::proceed(int fd) {
  const auto at = peers.find(fd);
  if (at == peers.end()) return;
  using Wants = SyslogPeer::Wants;
  const Wants wants = at->second->refused() ? Wants::close : at->second->proceed(reception, counters.cut);
  if (wants == Wants::close) return close(fd);
  if (wants == Wants::pause) {
    paused.insert(fd);
    return watch(fd, 0, EPOLL_CTL_MOD);
  }
  if (wants == Wants::again) again.insert(fd);
  watch(fd, wants == Wants::write ? EPOLLOUT : EPOLLIN | EPOLLRDHUP, EPOLL_CTL_MOD);
}

void SyslogPorts::State::close(int fd) {
  const auto at = peers.find(fd);
  if (at == peers.end()) return;
  if (at->second->handshake_failed()) ++counters.handshakes_failed;
  if (!at->second->refused()) at->second->finish(reception, counters.cut);
  const auto count = per_address.find(at->second->address());
  if (count != per_address.end() && --count->second == 0) per_address.erase(count);
  peers.erase(at);
  paused.erase(fd);
  again.erase(fd);
  --counters.open;
}

void SyslogPorts::State::tick() {
  const Duration now = clock.monotonic();
  if (now < next_hand_over && reception.gathered_bytes() < hand_over_bytes) return;
  next_hand_over = now + reception_period;
  reception.hand_over();
  std::vector<int> ended;
  for (const auto& [fd, peer] : peers) {
    if (peer->handshake_overdue(now) || peer->refused()) ended.push_back(fd);
  }
  for (const int fd : ended) close(fd);
  for (const int fd : std::exchange(paused, {})) proceed(fd);
}

void SyslogPorts::State::run() {
  std::array<epoll_event, events_at_once> events{};
  while (!stopping) {
    const Duration left = std::max(next_hand_over - clock.monotonic(), Duration{0});
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, reception_period)).count();
    const int count =
        ::epoll_wait(epoll.get(), events.data(), events_at_once, again.empty() ? static_cast<int>(wait) : 0);
    for (const int fd : std::exchange(again, {})) proceed(fd);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == wake.get()) continue;
      if (udp && fd == udp->fd.get()) {
        read_datagrams();
      } else if (tcp && fd == tcp->fd.get()) {
        accept_all(*tcp, false);
      } else if (tls && fd == tls->fd.get()) {
        accept_all(*tls, true);
      } else if (!paused.contains(fd)) {
        proceed(fd);
      } else if ((events[static_cast<std::size_t>(i)].events & (EPOLLERR | EPOLLHUP)) != 0) {
        // The other side is gone while we were not reading: the kernel would tell us without end. What it still holds
        // is read once there is room.
        ::epoll_ctl(epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
      }
    }
    tick();
  }
  read_what_is_left();
}

// What the kernel took is delivered as far as its sender knows.
void SyslogPorts::State::read_what_is_left() {
  for (int round = 0; round < rounds_at_the_end; ++round) {
    bool more = false;
    if (udp) read_datagrams();
    std::vector<int> all;
    for (const auto& [fd, peer] : peers) all.push_back(fd);
    for (const int fd : all) {
      const auto wants = peers.at(fd)->proceed(reception, counters.cut);
      more = more || wants == SyslogPeer::Wants::pause || wants == SyslogPeer::Wants::again;
    }
    reception.hand_over();
    if (!more) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  while (!peers.empty()) close(peers.begin()->first);
  reception.hand_over();
}

SyslogPorts::SyslogPorts(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<SyslogPorts>> SyslogPorts::start(const SyslogOptions& options, Reception& reception,
                                                        const Clock& clock) {
  std::unique_ptr<SyslogPorts> ports(new SyslogPorts(std::make_unique<State>(options, reception, clock)));
  State* const s = ports->state_.get();
  LUY_TRY_VOID(s->open());
  s->thread = std::thread([s] { s->run(); });
  return ports;
}

SyslogPorts::~SyslogPorts() {
  stop();
}

void SyslogPorts::stop() {
  if (std::exchange(state_->stopped, true) || !state_->thread.joinable()) return;
  state_->stopping = true;
  const std::uint64_t one = 1;
  // A full counter wakes as well.
  [[maybe_unused]] const ssize_t written = ::write(state_->wake.get(), &one, sizeof one);
  state_->thread.join();
}

std::optional<std::uint16_t> SyslogPorts::udp_port() const {
  return state_->udp ? std::optional(state_->udp->port) : std::nullopt;
}
std::optional<std::uint16_t> SyslogPorts::tcp_port() const {
  return state_->tcp ? std::optional(state_->tcp->port) : std::nullopt;
}
std::optional<std::uint16_t> SyslogPorts::tls_port() const {
  return state_->tls ? std::optional(state_->tls->port) : std::nullopt;
}
const SyslogCounters& SyslogPorts::counters() const {
  return state_->counters;
}

void SyslogPorts::set_tls(TlsContext context) {
  const std::lock_guard lock(state_->mutex);
  state_->context = std::move(context);
}

}  // namespace luy::hub
