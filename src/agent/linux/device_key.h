// The device's key and certificate on OpenSSL: EC P-256, made here and never leaving the data folder.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind key_unusable{
    "agent.key_unusable", ErrorClass::corrupt,
    "Khóa hoặc chứng thư của máy không dùng được: {}. Hãy xóa tệp này rồi ghi danh lại.",
    "The machine's key or certificate cannot be used: {}. Remove the file and enrol again."};

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;

// DIR/agent.key; made, mode 0600, when there is none. Errors: key_unusable, those of base/file.h.
Result<PrivateKey> load_or_make_key(const std::filesystem::path& folder);

// A PKCS#10 request, signed with the key. The subject says nothing the hub believes: it names the device itself.
Result<std::string> make_csr(EVP_PKEY* key);

// The first certificate of a PEM text. Errors: key_unusable.
Result<Certificate> read_certificate(std::string_view pem);
Time not_before(const X509* certificate);
Time not_after(const X509* certificate);
bool belongs_to(const X509* certificate, const EVP_PKEY* key);

// Lower-case hexadecimal SHA-256 of the certificate's DER form.
std::string fingerprint(const X509* certificate);
// "AB:CD…", "ab cd" or "abcd" as people write it -> "abcd…"; empty when it is not 64 hexadecimal digits.
std::string normal_fingerprint(std::string_view text);

// What OpenSSL says went wrong last; empties its queue.
std::string openssl_error();

}  // namespace luy::agent
