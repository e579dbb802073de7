#include "hub/syslog_peer.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::hub {
namespace {

constexpr std::size_t read_bytes = 16 << 10;
constexpr int reads_at_once = 8;  // Then the other connections get their turn.

// SHA-256 of the SubjectPublicKeyInfo: stays when the certificate is renewed with the same key.
std::string key_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(X509_get0_pubkey(certificate), &der);
  if (size <= 0) return {};
  const std::string out =
      to_hex(sha256(std::string_view(reinterpret_cast<char*>(der), static_cast<std::size_t>(size))));
  OPENSSL_free(der);
  return out;
}

std::string subject_of(const X509* certificate) {
  std::array<char, intake::about_bytes_max> text{};
  X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), static_cast<int>(text.size()));
  return text.data();
}

}  // namespace

SyslogPeer::SyslogPeer(UniqueFd fd, std::string address, TlsContext context, Duration deadline)
    : fd_(std::move(fd)), address_(std::move(address)), context_(std::move(context)), deadline_(deadline) {
  if (!context_) return;
  ssl_.reset(SSL_new(context_.get()));
  LUY_CHECK(ssl_ && SSL_set_fd(ssl_.get(), fd_.get()) == 1);
  SSL_set_accept_state(ssl_.get());
}

SyslogPeer::~SyslogPeer() {
  if (guest_ != nullptr) --guest_->connections;
  if (ssl_ && secured_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
}

SyslogPeer::Wants SyslogPeer::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    secured_ = true;
    return Wants::read;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return Wants::read;
  if (error == SSL_ERROR_WANT_WRITE) return Wants::write;
  return Wants::close;
}

bool SyslogPeer::introduce(Reception& reception) {
  X509* const certificate = ssl_ ? SSL_get0_peer_certificate(ssl_.get()) : nullptr;
  const std::string key = certificate != nullptr ? key_of(certificate) : std::string();
  guest_ = key.empty() ? reception.guest(intake::SenderKind::address, address_, "")
                       : reception.guest(intake::SenderKind::certificate, key, subject_of(certificate));
  if (guest_ != nullptr) ++guest_->connections;
  return guest_ != nullptr;
}

long SyslogPeer::read_some(char* to, std::size_t size) {
  wants_ = Wants::read;
  if (!ssl_) {
    const ssize_t n = ::recv(fd_.get(), to, size, 0);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return 0;
    return n;
  }
  ERR_clear_error();
  const int n = SSL_read(ssl_.get(), to, static_cast<int>(size));
  if (n > 0) return n;
  const int error = SSL_get_error(ssl_.get(), n);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return -1;
  if (error != SSL_ERROR_WANT_WRITE) return 0;
  wants_ = Wants::write;
  return -1;
}

void SyslogPeer::drain(Reception& reception, std::atomic<std::uint64_t>& cut) {
  pending_ = false;
  const std::string_view stream = ssl_ ? "syslog/tls" : "syslog/tcp";
  while (reception.has_room(*guest_)) {
    const auto frame = frames_.next();
    if (!frame) return;
    if (frame->cut) ++cut;
    reception.take(*guest_, stream, frame->message);
  }
  pending_ = true;
}

SyslogPeer::Wants SyslogPeer::proceed(Reception& reception, std::atomic<std::uint64_t>& cut) {
  if (ssl_ && !secured_) {
    const Wants wants = shake_hands();
    if (!secured_) return wants;
  }
  if (guest_ == nullptr && !introduce(reception)) return Wants::close;
  std::array<char, read_bytes> bytes;  // NOLINT: filled by the read.
  for (int i = 0; i < reads_at_once; ++i) {
    drain(reception, cut);
    if (pending_) return Wants::pause;
    const long n = read_some(bytes.data(), bytes.size());
    if (n == 0) return Wants::close;
    if (n < 0) return wants_;
    frames_.feed(std::string_view(bytes.data(), static_cast<std::size_t>(n)));
  }
  drain(reception, cut);
  if (pending_) return Wants::pause;
  // More may lie in OpenSSL's own buffer, of which the kernel knows nothing.
  return ssl_ && SSL_has_pending(ssl_.get()) == 1 ? Wants::again : Wants::read;
}

void SyslogPeer::finish(Reception& reception, std::atomic<std::uint64_t>& cut) {
  if (guest_ == nullptr) return;
  const std::string_view stream = ssl_ ? "syslog/tls" : "syslog/tcp";
  // Room or not: what is in memory and bounded is not left behind.
  while (const auto frame = frames_.next()) {
    if (frame->cut) ++cut;
    reception.take(*guest_, stream, frame->message);
  }
  const auto last = frames_.rest();
  if (!last) return;
  if (last->cut) ++cut;
  reception.take(*guest_, stream, last->message);
}

}  // namespace luy::hub
