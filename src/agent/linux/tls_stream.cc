#include "agent/linux/tls_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/encoding.h"

namespace luy::agent {
namespace {

using Addresses = std::unique_ptr<addrinfo, Free<freeaddrinfo>>;

Duration now() {
  return SystemClock().monotonic();
}

Error unreachable(const std::string& detail) {
  return Error(hub_unreachable, detail);
}

Result<void> wait_fd(int fd, short events, Duration deadline, int stop_fd) {
  for (;;) {
    const Duration left = deadline - now();
    if (left <= Duration{0}) return unreachable("no answer in time");
    std::array<pollfd, 2> fds{pollfd{fd, events, 0}, pollfd{stop_fd, POLLIN, 0}};
    const auto millis = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
    const int ready = ::poll(fds.data(), stop_fd >= 0 ? 2 : 1, millis);
    if (ready < 0 && errno != EINTR) return unreachable(std::strerror(errno));
    if (stop_fd >= 0 && fds[1].revents != 0) return unreachable("the agent is stopping");
    if (ready > 0 && fds[0].revents != 0) return {};
  }
}

Result<UniqueFd> connect_one(const addrinfo& address, Duration deadline, int stop_fd) {
  UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return unreachable(std::strerror(errno));
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return unreachable(std::strerror(errno));
    LUY_TRY_VOID(wait_fd(fd.get(), POLLOUT, deadline, stop_fd));
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
      return unreachable(std::strerror(error));
    }
  }
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

Result<UniqueFd> connect_tcp(const Url& url, Duration timeout, int stop_fd) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* first = nullptr;
  const std::string port = std::to_string(url.port);
  const int error = ::getaddrinfo(url.host.c_str(), port.c_str(), &hints, &first);
  if (error != 0) return unreachable(url.host + ": " + ::gai_strerror(error));
  const Addresses owner(first);
  Error last = unreachable(url.host);
  for (const addrinfo* it = first; it != nullptr; it = it->ai_next) {
    auto fd = connect_one(*it, now() + timeout, stop_fd);
    if (fd) return fd;
    last = unreachable(url.authority + ": " + fd.error().detail());
  }
  return last;
}

// The certificate among those the server presented that has the expected fingerprint becomes the one root.
int trust_fingerprint(X509_STORE_CTX* context, void* expected) {
  const STACK_OF(X509)* presented = X509_STORE_CTX_get0_untrusted(context);
  for (int i = 0; i < sk_X509_num(presented); ++i) {
    X509* certificate = sk_X509_value(presented, i);
    if (fingerprint(certificate) != *static_cast<const std::string*>(expected)) continue;
    if (X509_check_ca(certificate) != 1) continue;
    using Stack = std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * s) { sk_X509_free(s); })>;
    const Stack roots(sk_X509_new_null());
    if (!roots || sk_X509_push(roots.get(), certificate) <= 0) return 0;
    X509_STORE_CTX_set0_trusted_stack(context, roots.get());
    return X509_verify_cert(context);
  }
  X509_STORE_CTX_set_error(context, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
  return 0;
}

bool set_server_name(SSL* ssl, const std::string& name) {
  std::array<unsigned char, 16> address{};
  const bool is_address = ::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
                          ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
  if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(ssl, name.c_str()) == 1 && SSL_set1_host(ssl, name.c_str()) == 1;
}

}  // namespace

Result<std::unique_ptr<TlsStream>> TlsStream::connect(const Url& url, const TlsPeer& peer,
                                                      const TlsDeadlines& deadlines, int stop_fd) {
  LUY_TRY(UniqueFd fd, connect_tcp(url, deadlines.connect, stop_fd));
  std::unique_ptr<TlsStream> stream(new TlsStream(std::move(fd), deadlines, stop_fd));
  LUY_TRY_VOID(stream->handshake(peer));
  stream->usable_ = true;
  return stream;
}

Result<void> TlsStream::handshake(const TlsPeer& peer) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = context_.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return unreachable(openssl_error());
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (peer.ca != nullptr) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), peer.ca) != 1) return unreachable(openssl_error());
  } else {
    SSL_CTX_set_cert_verify_callback(context, trust_fingerprint, const_cast<std::string*>(&peer.ca_fingerprint));
  }
  if (peer.certificate != nullptr &&
      (SSL_CTX_use_certificate(context, peer.certificate) != 1 || SSL_CTX_use_PrivateKey(context, peer.key) != 1)) {
    return unreachable(openssl_error());
  }
  ssl_.reset(SSL_new(context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_.get()) != 1 || !set_server_name(ssl_.get(), peer.server_name)) {
    return unreachable(openssl_error());
  }
  const Duration deadline = now() + deadlines_.handshake;
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_.get());
    if (result == 1) return {};
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK) {
      std::string reason = X509_verify_cert_error_string(verified);
      if (peer.ca == nullptr && verified == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN) {
        reason = "its certificate authority does not have the fingerprint given";
      }
      return Error(hub_not_trusted, peer.server_name + ": " + reason);
    }
    LUY_TRY_VOID(wait_for(result, deadline));
  }
}

Result<void> TlsStream::wait_for(int ssl_result, Duration deadline) {
  const int saved_errno = errno;
  switch (SSL_get_error(ssl_.get(), ssl_result)) {
    case SSL_ERROR_WANT_READ:
      return wait_fd(fd_.get(), POLLIN, deadline, stop_fd_);
    case SSL_ERROR_WANT_WRITE:
      return wait_fd(fd_.get(), POLLOUT, deadline, stop_fd_);
    case SSL_ERROR_ZERO_RETURN:
      return unreachable("the connection was closed");
    case SSL_ERROR_SYSCALL:
      return unreachable(saved_errno != 0 ? std::strerror(saved_errno) : "the connection was closed");
    default:
      return unreachable(openssl_error());
  }
}

Result<void> TlsStream::send(std::string_view bytes, Duration deadline) {
  while (!bytes.empty()) {
    std::size_t n = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n);
    if (result == 1) {
      bytes.remove_prefix(n);
    } else {
      LUY_TRY_VOID(wait_for(result, deadline));
    }
  }
  return {};
}

Result<bool> TlsStream::receive(std::string& bytes, Duration deadline) {
  std::array<char, 4096> buffer{};
  for (;;) {
    std::size_t n = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &n);
    if (result == 1) {
      bytes.append(buffer.data(), n);
      return true;
    }
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return false;
    LUY_TRY_VOID(wait_for(result, deadline));
  }
}

Result<HttpAnswer> TlsStream::exchange(std::string_view request) {
  usable_ = false;
  const Duration deadline = now() + deadlines_.exchange;
  // A hub that refuses answers before it has read everything and then closes: what it said is worth more than the
  // error of the write.
  const auto sent = send(request, deadline);
  std::string bytes;
  std::optional<HttpHead> head;
  while (!head || bytes.size() < head->head_bytes + head->body_bytes) {
    auto received = receive(bytes, deadline);
    if (!received) return sent ? received.error() : sent.error();
    if (!*received) return unreachable("the connection was closed");
    if (!head) {
      LUY_TRY(head, parse_http_head(bytes));
    }
  }
  if (bytes.size() > head->head_bytes + head->body_bytes) return Error(http_malformed, "bytes after the answer");
  usable_ = sent.has_value() && head->keep_alive;
  return HttpAnswer{*head, bytes.substr(head->head_bytes)};
}

}  // namespace luy::agent
