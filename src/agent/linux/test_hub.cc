#include "agent/linux/test_hub.h"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/check.h"

namespace luy::agent {
namespace {

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  LUY_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// A wait that ends with the hub.
bool readable(int fd, int stop_fd) {
  std::array<pollfd, 2> fds{pollfd{fd, POLLIN, 0}, pollfd{stop_fd, POLLIN, 0}};
  return ::poll(fds.data(), fds.size(), -1) > 0 && fds[1].revents == 0;
}

std::size_t body_size(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

std::string to_pem(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

TestAuthority::TestAuthority() {
  root_.key.reset(EVP_EC_gen("P-256"));
  root_.certificate = make(root_.key.get(), {"Test authority", "", ""}, nullptr);
}

Certificate TestAuthority::make(EVP_PKEY* subject_key, const TestNames& names, const TestIdentity* issuer) const {
  static std::atomic<long> serial{1};
  Certificate out(X509_new());
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), names.begin.count());
  X509_gmtime_adj(X509_getm_notAfter(out.get()), names.end.count());
  X509_set_pubkey(out.get(), subject_key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(names.subject.c_str()), -1, -1, 0);
  X509* issuer_certificate = issuer != nullptr ? issuer->certificate.get() : out.get();
  X509_set_issuer_name(out.get(), X509_get_subject_name(issuer_certificate));
  if (issuer == nullptr) {
    add_extension(out.get(), out.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(out.get(), out.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add_extension(out.get(), issuer_certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(out.get(), issuer_certificate, NID_subject_alt_name, names.alternative);
    add_extension(out.get(), issuer_certificate, NID_ext_key_usage, names.usage);
  }
  X509_sign(out.get(), issuer != nullptr ? issuer->key.get() : subject_key, EVP_sha256());
  return out;
}

TestIdentity TestAuthority::issue(const TestNames& names) const {
  TestIdentity out;
  out.key.reset(EVP_EC_gen("P-256"));
  out.certificate = make(out.key.get(), names, &root_);
  return out;
}

std::string TestAuthority::sign(const std::string& csr_pem, const TestNames& names) const {
  const Bio in(BIO_new_mem_buf(csr_pem.data(), static_cast<int>(csr_pem.size())));
  const std::unique_ptr<X509_REQ, Free<X509_REQ_free>> request(
      PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr));
  LUY_CHECK(request != nullptr);
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  LUY_CHECK(X509_REQ_verify(request.get(), key) == 1);
  return to_pem(make(key, names, &root_).get());
}

std::string TestAuthority::pem() const {
  return to_pem(root_.certificate.get());
}

std::string http_answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

TestHub::TestHub(Setup setup, Handler handler) : setup_(std::move(setup)), handler_(std::move(handler)) {
  context_.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context_.get(), setup_.identity.certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), setup_.identity.key.get());
  SSL_CTX_add1_chain_cert(context_.get(), setup_.authority->certificate());
  if (setup_.client_certificate) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), setup_.authority->certificate());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  listening_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  LUY_CHECK(::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  LUY_CHECK(::listen(listening_.get(), 4) == 0);
  ::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TestHub::~TestHub() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

std::string TestHub::last_client() const {
  const std::lock_guard lock(mutex_);
  return last_client_;
}

void TestHub::serve() {
  while (readable(listening_.get(), stop_.get())) {
    const UniqueFd fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) return;
    ++connections_;
    serve_one(fd.get());
  }
}

void TestHub::serve_one(int fd) {
  const std::unique_ptr<SSL, Free<SSL_free>> ssl(SSL_new(context_.get()));
  SSL_set_fd(ssl.get(), fd);
  if (SSL_accept(ssl.get()) != 1) return;
  if (const Certificate client{SSL_get1_peer_certificate(ssl.get())}) {
    std::array<char, 100> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(client.get()), NID_commonName, name.data(), name.size());
    const std::lock_guard lock(mutex_);
    last_client_ = name.data();
  }
  std::string bytes;
  for (;;) {
    const auto head = bytes.find("\r\n\r\n");
    if (head != std::string::npos && bytes.size() >= head + 4 + body_size(bytes.substr(0, head))) {
      const std::string answer = handler_(std::exchange(bytes, {}));
      if (answer.empty() || SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size())) <= 0) return;
      continue;
    }
    if (SSL_pending(ssl.get()) == 0 && !readable(fd, stop_.get())) return;
    std::array<char, 16384> buffer{};
    const int n = SSL_read(ssl.get(), buffer.data(), buffer.size());
    if (n <= 0) return;
    bytes.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace luy::agent
