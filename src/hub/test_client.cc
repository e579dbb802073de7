#include "hub/test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace luy::hub {

std::string ClientResponse::header(std::string_view name) const {
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos && at + 2 < head.size()) {
    const std::size_t end = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, end - at - 2);
    const std::size_t colon = line.find(": ");
    std::string key = line.substr(0, colon);
    for (char& c : key) c = static_cast<char>(std::tolower(c));
    if (key == name && colon != std::string::npos) return line.substr(colon + 2);
    at = end;
  }
  return {};
}

TestClient::TestClient(std::uint16_t port, const ClientOptions& options) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{options.patience_s, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xffU) | options.place);
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) return;
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  ok_ = true;
  if (!options.tls) return;
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context_.get(), options.version_min);
  SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
  // Old versions are offered on purpose: the server has to refuse them, not this client's library.
  if (options.version_max != 0 && options.version_max < TLS1_2_VERSION) SSL_CTX_set_security_level(context_.get(), 0);
  if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(context_.get(), options.ciphers.c_str());
  if (!options.ca_pem.empty()) {
    const BioPtr bio(BIO_new_mem_buf(options.ca_pem.data(), static_cast<int>(options.ca_pem.size())));
    const X509Ptr ca(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), ca.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (options.key != nullptr) {
    const BioPtr bio(BIO_new_mem_buf(options.certificate_pem.data(), static_cast<int>(options.certificate_pem.size())));
    const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), options.key);
  }
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_tlsext_host_name(ssl_.get(), "localhost");
  if (!options.ca_pem.empty()) SSL_set1_host(ssl_.get(), "localhost");
  ok_ = SSL_connect(ssl_.get()) == 1;
  ERR_clear_error();
}

TestClient::~TestClient() {
  ssl_.reset();
  if (fd_ >= 0) ::close(fd_);
}

std::string TestClient::version() const {
  return SSL_get_version(ssl_.get());
}

bool TestClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long n = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                        : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ERR_clear_error();
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void TestClient::half_close() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ::shutdown(fd_, SHUT_WR);
}

bool TestClient::more() {
  char bytes[16384];
  const long n = ssl_ ? SSL_read(ssl_.get(), bytes, sizeof bytes) : ::recv(fd_, bytes, sizeof bytes, 0);
  ERR_clear_error();
  if (n <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

ClientResponse TestClient::receive(bool head_only) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return {};
  }
  ClientResponse response;
  response.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  response.status = std::atoi(response.head.c_str() + 9);
  const std::size_t length = static_cast<std::size_t>(std::atoi(response.header("content-length").c_str()));
  while (!head_only && buffer_.size() < length) {
    if (!more()) return response;
  }
  if (!head_only) {
    response.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
  }
  return response;
}

std::string TestClient::receive_until(std::string_view text) {
  while (buffer_.find(text) == std::string::npos) {
    if (!more()) break;
  }
  return buffer_;
}

bool TestClient::closed_by_peer() {
  while (more()) continue;
  return errno != EAGAIN && errno != EWOULDBLOCK;
}

TestKey make_test_key() {
  TestKey out{KeyPtr(EVP_EC_gen("P-256")), {}};
  const RequestPtr request(X509_REQ_new());
  X509_REQ_set_pubkey(request.get(), out.key.get());
  X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("somebody-else"), -1, -1, 0);
  X509_REQ_sign(request.get(), out.key.get(), EVP_sha256());
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(bio.get(), request.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  out.csr_pem.assign(data, static_cast<std::size_t>(size));
  return out;
}

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "luy-hub-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace luy::hub
