// OpenSSL's objects with an owner, and its times and texts as ours.
#pragma once

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace luy::signature {

template <auto free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, FreeWith<free>>;

inline void free_certificates(STACK_OF(X509) * list) {
  sk_X509_pop_free(list, X509_free);
}
inline void free_openssl_bytes(unsigned char* bytes) {
  OPENSSL_free(bytes);
}

using BioPtr = Owned<BIO, BIO_free_all>;
using CmsPtr = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;
using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using X509Ptr = Owned<X509, X509_free>;
using CrlPtr = Owned<X509_CRL, X509_CRL_free>;
using CertificatesPtr = Owned<STACK_OF(X509), free_certificates>;

// Over memory of the caller's, not copied.
BioPtr bio_over(std::string_view bytes);
// nullptr unless `der` is exactly one certificate.
X509Ptr x509_from(std::string_view der);
std::string der_of(const X509* certificate);
// What i2d functions return as text; empty on failure.
template <class T>
std::string encoded(int (*i2d)(T*, unsigned char**), std::remove_const_t<T>* object) {
  unsigned char* bytes = nullptr;
  const int size = i2d(object, &bytes);
  if (size <= 0) return {};
  const Owned<unsigned char, free_openssl_bytes> owner(bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::optional<Time> time_of(const ASN1_TIME* time);
std::string name_of(const X509_NAME* name);  // RFC 2253, UTF-8.
std::string hex_of(const ASN1_INTEGER* number);
std::string_view text_of(const ASN1_STRING* string);  // Its bytes, borrowed.

// The reason of OpenSSL's oldest queued error, and empties the queue.
std::string take_openssl_error();

}  // namespace luy::signature
