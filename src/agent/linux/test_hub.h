// For tests: a certificate authority and a TLS server on loopback that answers as it is told, one connection at a time.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/linux/device_key.h"
#include "base/file.h"

namespace luy::agent {

struct TestIdentity {
  PrivateKey key;
  Certificate certificate;
};

struct TestNames {
  std::string subject;
  std::string alternative;            // "IP:127.0.0.1,DNS:localhost"; empty for a certificate authority.
  std::string usage;                  // "serverAuth", "clientAuth".
  std::chrono::seconds begin{-3600};  // From now.
  std::chrono::seconds end{24 * 3600};
};

class TestAuthority {
 public:
  TestAuthority();
  TestIdentity issue(const TestNames& names) const;
  // A certificate for the key in the request.
  std::string sign(const std::string& csr_pem, const TestNames& names) const;
  X509* certificate() const { return root_.certificate.get(); }
  std::string pem() const;

 private:
  Certificate make(EVP_PKEY* subject_key, const TestNames& names, const TestIdentity* issuer) const;
  TestIdentity root_;
};

std::string to_pem(X509* certificate);

class TestHub {
 public:
  struct Setup {
    const TestAuthority* authority = nullptr;  // Shown beside the certificate.
    TestIdentity identity;
    bool client_certificate = false;
  };
  // Request in (head and body), raw answer out. An empty answer closes the connection without one.
  using Handler = std::function<std::string(const std::string&)>;

  TestHub(Setup setup, Handler handler);
  ~TestHub();

  std::uint16_t port() const { return port_; }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  std::string last_client() const;  // Common name of the last client certificate.

 private:
  void serve();
  void serve_one(int fd);

  Setup setup_;
  Handler handler_;
  std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context_;
  UniqueFd listening_;
  UniqueFd stop_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::string last_client_;
  std::thread thread_;
};

std::string http_answer(int status, const std::string& body);

}  // namespace luy::agent
