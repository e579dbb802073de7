#include "hub/probe_link.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace luy::hub {
namespace {

using watch::Failure;

constexpr auto look_at_stop = std::chrono::milliseconds(200);

std::string name_text(const X509_NAME* name) {
  std::array<char, 512> out{};
  X509_NAME_oneline(name, out.data(), static_cast<int>(out.size()));
  return out.data();
}

std::optional<Time> time_of(const ASN1_TIME* asn1) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(asn1, &parts) != 1) return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts)));
}

std::string tls_error() {
  const unsigned long code = ERR_get_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "TLS" : reason;
}

}  // namespace

bool ProbeTime::wait(int fd, short events, Duration most) const {
  const Duration now = clock_.monotonic();
  const Duration end = most > end_ - now ? end_ : now + most;
  for (;;) {
    const Duration left = end - clock_.monotonic();
    if (left <= Duration{0} || stop_) return false;
    const auto step =
        std::min(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(look_at_stop));
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(step.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

std::string_view ProbeAddress::bytes() const {
  if (family() == AF_INET) {
    return {reinterpret_cast<const char*>(&reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr), 4};
  }
  return {reinterpret_cast<const char*>(&reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr), 16};
}

std::string ProbeAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  ::inet_ntop(family(), bytes().data(), out.data(), out.size());
  return out.data();
}

Trouble trouble_of(int error) {
  const std::string text = std::generic_category().message(error);
  switch (error) {
    case ECONNREFUSED:
      return {Failure::refused, text};
    case ETIMEDOUT:
      return {Failure::timed_out, text};
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return {Failure::unreachable, text};
    default:
      return {Failure::bad_answer, text};
  }
}

namespace {

// An IPv4 address within IPv6 as what it is.
std::string unmapped(std::string_view bytes) {
  constexpr std::string_view mapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  if (bytes.size() == 16 && bytes.starts_with(mapped)) bytes.remove_prefix(mapped.size());
  return std::string(bytes);
}

}  // namespace

std::set<std::string> interface_addresses() {
  std::set<std::string> out;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return out;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, &::freeifaddrs);
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    ProbeAddress address;
    if (one->ifa_addr->sa_family == AF_INET) {
      address.size = sizeof(sockaddr_in);
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      address.size = sizeof(sockaddr_in6);
    } else {
      continue;
    }
    std::memcpy(&address.storage, one->ifa_addr, address.size);
    out.insert(unmapped(address.bytes()));
  }
  return out;
}

MaybeTrouble resolve(const std::string& host, std::uint16_t port, const ProbeRules& rules,
                     std::vector<ProbeAddress>& out) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) return Trouble{Failure::unresolved, ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, &::freeaddrinfo);
  std::string refused;
  const std::set<std::string> own_addresses = rules.own_addresses();
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    ProbeAddress address;
    address.size = one->ai_addrlen;
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    const bool local = own_addresses.contains(unmapped(address.bytes()));
    const bool elsewhere = !local && watch::may_be_probed(address.bytes(), false);
    const bool own = !elsewhere && rules.own_ports.contains(port);
    if (own || (local && !rules.loopback) || !watch::may_be_probed(address.bytes(), rules.loopback)) {
      refused = address.text();
      continue;
    }
    out.push_back(address);
  }
  if (!out.empty()) return std::nullopt;
  return refused.empty() ? Trouble{Failure::unresolved, host} : Trouble{Failure::address_refused, refused};
}

ProbeLink::~ProbeLink() = default;

MaybeTrouble ProbeLink::connect(const std::string& host, std::uint16_t port) {
  std::vector<ProbeAddress> addresses;
  if (auto trouble = resolve(host, port, rules_, addresses)) return trouble;
  MaybeTrouble last;
  // What connects is the address that was checked; the name is not asked again.
  for (const ProbeAddress& address : addresses) {
    fd_ = UniqueFd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd_) return trouble_of(errno);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 &&
        errno != EINPROGRESS) {
      last = trouble_of(errno);
      continue;
    }
    if (!time_.wait(fd_.get(), POLLOUT, rules_.connect)) {
      last = Trouble{Failure::timed_out, address.text()};
      continue;
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) {
      address_ = address.text();
      return std::nullopt;
    }
    last = trouble_of(error);
  }
  return last;
}

// Whoever is at the other end, it is only looked at: nothing secret is sent, so an untrusted certificate is noted, not
// refused.
MaybeTrouble ProbeLink::start_tls(const std::string& host) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_default_verify_paths(context_.get());
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), fd_.get());
  std::array<char, 16> address{};
  const bool is_address = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                          ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  if (!is_address) SSL_set_tlsext_host_name(tls_.get(), host.c_str());
  for (;;) {
    const int done = SSL_connect(tls_.get());
    if (done == 1) break;
    if (auto trouble = wait_tls(done)) {
      if (trouble->failure == Failure::bad_answer) trouble->failure = Failure::tls_failed;
      return trouble;
    }
  }
  keep_certificate(host);
  return std::nullopt;
}

MaybeTrouble ProbeLink::wait_tls(int result) {
  const int why = SSL_get_error(tls_.get(), result);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
    if (time_.wait(fd_.get(), why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return std::nullopt;
    return Trouble{Failure::timed_out, address_};
  }
  if (why == SSL_ERROR_SYSCALL && errno != 0) return trouble_of(errno);
  return Trouble{Failure::bad_answer, tls_error()};
}

void ProbeLink::keep_certificate(const std::string& host) {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(tls_.get()), &X509_free);
  if (!shown) return;
  watch::Certificate out;
  const auto end = time_of(X509_get0_notAfter(shown.get()));
  if (!end) return;
  out.expires_at = *end;
  out.subject = name_text(X509_get_subject_name(shown.get()));
  out.issuer = name_text(X509_get_issuer_name(shown.get()));
  const long verified = SSL_get_verify_result(tls_.get());
  if (verified != X509_V_OK) {
    out.problem = X509_verify_cert_error_string(verified);
  } else if (X509_check_host(shown.get(), host.c_str(), 0, 0, nullptr) != 1 &&
             X509_check_ip_asc(shown.get(), host.c_str(), 0) != 1) {
    out.problem = "the certificate is for another host";
  }
  certificate_ = std::move(out);
}

MaybeTrouble ProbeLink::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (tls_) {
      const int n = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (n > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(n));
      } else if (auto trouble = wait_tls(n)) {
        return trouble;
      }
      continue;
    }
    const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EAGAIN && errno != EINTR) {
      return trouble_of(errno);
    } else if (!time_.wait(fd_.get(), POLLOUT)) {
      return Trouble{Failure::timed_out, address_};
    }
  }
  return std::nullopt;
}

MaybeTrouble ProbeLink::read(std::span<char> into, std::size_t& size) {
  for (;;) {
    size = 0;
    if (time_.is_over()) return Trouble{Failure::timed_out, address_};
    if (tls_) {
      errno = 0;
      const int n = SSL_read(tls_.get(), into.data(), static_cast<int>(into.size()));
      if (n > 0) {
        size = static_cast<std::size_t>(n);
        return std::nullopt;
      }
      const int why = SSL_get_error(tls_.get(), n);
      // Many servers end without a farewell.
      const bool cut_off = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
      if (why == SSL_ERROR_ZERO_RETURN || cut_off) {
        ERR_clear_error();
        return std::nullopt;
      }
      if (auto trouble = wait_tls(n)) return trouble;
      continue;
    }
    const ssize_t n = ::recv(fd_.get(), into.data(), into.size(), 0);
    if (n >= 0) {
      size = static_cast<std::size_t>(n);
      return std::nullopt;
    }
    if (errno != EAGAIN && errno != EINTR) return trouble_of(errno);
    if (!time_.wait(fd_.get(), POLLIN)) return Trouble{Failure::timed_out, address_};
  }
}

}  // namespace luy::hub
