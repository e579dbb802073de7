#include "signature/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "signature/crypto/openssl.h"

namespace luy::signature {
namespace {

std::string common_name_of(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(name), NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  const Owned<unsigned char, free_openssl_bytes> owner(utf8);
  return {reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size)};
}

}  // namespace

Result<Certificate> parse_certificate(std::string_view der) {
  if (der.size() > certificate_bytes_max) return Error(bad_certificate, std::to_string(der.size()) + " byte");
  const X509Ptr x509 = x509_from(der);
  if (!x509) return Error(bad_certificate, take_openssl_error());
  const auto not_before = time_of(X509_get0_notBefore(x509.get()));
  const auto not_after = time_of(X509_get0_notAfter(x509.get()));
  if (!not_before || !not_after) return Error(bad_certificate, "validity");
  const X509_NAME* subject = X509_get_subject_name(x509.get());
  return Certificate{std::string(der),
                     name_of(subject),
                     common_name_of(subject),
                     name_of(X509_get_issuer_name(x509.get())),
                     hex_of(X509_get0_serialNumber(x509.get())),
                     *not_before,
                     *not_after};
}

Result<std::vector<Certificate>> read_certificates(std::string_view file) {
  std::vector<Certificate> out;
  if (file.substr(0, 1) == "\x30") {
    LUY_TRY(Certificate one, parse_certificate(file));
    out.push_back(std::move(one));
    return out;
  }
  const BioPtr bio = bio_over(file);
  while (const X509Ptr x509{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    LUY_TRY(Certificate one, parse_certificate(der_of(x509.get())));
    out.push_back(std::move(one));
    if (out.size() > certificates_max) return Error(bad_certificate, std::to_string(certificates_max));
  }
  const bool at_the_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = take_openssl_error();
  if (out.empty() && at_the_end) {
    return Error(bad_certificate, "không thấy chứng thư nào trong tệp", "there is no certificate in the file");
  }
  if (!at_the_end) return Error(bad_certificate, reason);
  return out;
}

}  // namespace luy::signature
