// A raw HTTPS client for tests: sends exactly the bytes it is told, shows exactly what came back. Blocking, with a
// receive timeout so that a hanging server fails a test instead of stopping it.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "hub/openssl.h"

namespace luy::hub {

struct ClientOptions {
  bool tls = true;
  int version_min = 0;  // TLS1_2_VERSION, …; 0: the library's.
  int version_max = 0;
  std::string ciphers;          // TLS 1.2 list; empty: the library's.
  std::string certificate_pem;  // With key: a client certificate.
  EVP_PKEY* key = nullptr;
  std::string ca_pem;      // Empty: the server is not verified.
  std::uint8_t place = 1;  // It comes from 127.0.0.<place>.
  int patience_s = 10;     // For each read and write.
};

struct ClientResponse {
  int status = 0;  // 0: none came.
  std::string head;
  std::string body;
  std::string header(std::string_view lower_case_name) const;
};

class TestClient {
 public:
  // Connects and shakes hands; ok() says whether that worked.
  TestClient(std::uint16_t port, const ClientOptions& options);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool ok() const { return ok_; }
  std::string version() const;
  bool send(std::string_view bytes);
  void half_close();
  // The next response, by its Content-Length.
  ClientResponse receive(bool head_only = false);
  // Reads until `text` was seen, the other side closed, or the timeout; everything read so far.
  std::string receive_until(std::string_view text);
  // True when the server closes within the timeout; what came before is dropped.
  bool closed_by_peer();
  ClientResponse request(std::string_view bytes) { return send(bytes) ? receive() : ClientResponse{}; }

 private:
  bool more();
  int fd_ = -1;
  std::unique_ptr<SSL_CTX, OpenSslFree<SSL_CTX_free>> context_;
  SslPtr ssl_;
  std::string buffer_;
  bool ok_ = false;
};

// A key and a certificate request for it, as an agent makes them.
struct TestKey {
  KeyPtr key;
  std::string csr_pem;
};
TestKey make_test_key();

// A folder that goes away with its owner.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace luy::hub
