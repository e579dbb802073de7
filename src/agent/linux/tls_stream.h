// A TLS connection with a deadline on every step, on a non-blocking socket. The peer is believed only when its
// certificate leads to the one pinned authority.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "agent/http.h"
#include "agent/linux/device_key.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind hub_unreachable{
    "agent.hub_unreachable", ErrorClass::unavailable,
    "Không kết nối được tới hub: {}. Hãy kiểm tra mạng, địa chỉ và cổng.",
    "The hub cannot be reached: {}. Check the network, the address and the port."};
inline constexpr ErrorKind hub_not_trusted{
    "agent.hub_not_trusted", ErrorClass::denied,
    "Không tin được máy chủ này: {}. Hãy so dấu vân tay chứng thư và tên máy với quản trị viên hub.",
    "This server is not trusted: {}. Compare the certificate's fingerprint and the host name with the hub's "
    "administrator."};

struct TlsDeadlines {
  Duration connect = std::chrono::seconds(10);
  Duration handshake = std::chrono::seconds(10);
  Duration exchange = std::chrono::seconds(30);  // Request written and answer read.
};

struct TlsPeer {
  // Exactly one of the two says which authority is believed.
  X509* ca = nullptr;           // Borrowed for the call of connect().
  std::string ca_fingerprint;   // Of a certificate the server itself presents.
  std::string server_name;      // What the server's certificate must be for: a DNS name or an address.
  X509* certificate = nullptr;  // Ours, with its key; borrowed for the call.
  EVP_PKEY* key = nullptr;
};

struct HttpAnswer {
  HttpHead head;
  std::string body;
};

class TlsStream {
 public:
  // `stop_fd` ends every wait when it becomes readable; -1 for none. Errors: hub_unreachable, hub_not_trusted.
  static Result<std::unique_ptr<TlsStream>> connect(const Url& url, const TlsPeer& peer, const TlsDeadlines& deadlines,
                                                    int stop_fd);

  // One request and its answer. After an error the stream is of no use any more. Errors: hub_unreachable,
  // http_malformed.
  Result<HttpAnswer> exchange(std::string_view request);
  bool usable() const { return usable_; }

 private:
  TlsStream(UniqueFd fd, const TlsDeadlines& deadlines, int stop_fd)
      : fd_(std::move(fd)), deadlines_(deadlines), stop_fd_(stop_fd) {}
  Result<void> handshake(const TlsPeer& peer);
  Result<void> wait(short events, Duration deadline);
  Result<void> wait_for(int ssl_result, Duration deadline);
  Result<void> send(std::string_view bytes, Duration deadline);
  Result<bool> receive(std::string& bytes, Duration deadline);  // False at the end of the stream.

  UniqueFd fd_;
  TlsDeadlines deadlines_;
  int stop_fd_;
  std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Free<SSL_free>> ssl_;
  bool usable_ = false;
};

}  // namespace luy::agent
