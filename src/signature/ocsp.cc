#include "signature/ocsp.h"

#include "signature/crypto/openssl.h"

namespace luy::signature {
namespace {

inline void free_addresses(STACK_OF(OPENSSL_STRING) * list) {
  X509_email_free(list);
}
using AddressesPtr = Owned<STACK_OF(OPENSSL_STRING), free_addresses>;
using IdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;

// By SHA-1, which every responder knows (RFC 5019 section 2.1.1); nothing rests on its strength.
IdPtr id_of(const Certificate& certificate, const Certificate& issuer) {
  const X509Ptr subject = x509_from(certificate.der);
  const X509Ptr above = x509_from(issuer.der);
  if (!subject || !above) return nullptr;
  return IdPtr(OCSP_cert_to_id(EVP_sha1(), subject.get(), above.get()));
}

}  // namespace

std::vector<std::string> ocsp_addresses(const Certificate& certificate) {
  std::vector<std::string> out;
  const X509Ptr x509 = x509_from(certificate.der);
  const AddressesPtr found(x509 ? X509_get1_ocsp(x509.get()) : nullptr);
  for (int i = 0; found && i < sk_OPENSSL_STRING_num(found.get()) && out.size() < ocsp_addresses_max; ++i) {
    const std::string url(sk_OPENSSL_STRING_value(found.get(), i));
    if (url.starts_with("http://") || url.starts_with("https://")) out.push_back(url);
  }
  return out;
}

Result<std::string> ocsp_question(const Certificate& certificate, const Certificate& issuer) {
  IdPtr id = id_of(certificate, issuer);
  const Owned<OCSP_REQUEST, OCSP_REQUEST_free> request(OCSP_REQUEST_new());
  if (!id || !request || OCSP_request_add0_id(request.get(), id.get()) == nullptr) {
    return Error(bad_certificate, take_openssl_error());
  }
  static_cast<void>(id.release());  // The request owns it now.
  return encoded(i2d_OCSP_REQUEST, request.get());
}

Result<std::optional<Time>> read_ocsp_answer(std::string_view der, const Certificate& certificate,
                                             const Certificate& issuer) {
  if (der.size() > ocsp_answer_bytes_max) return Error(bad_ocsp_answer, std::to_string(der.size()) + " byte");
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      d2i_OCSP_RESPONSE(nullptr, &begin, static_cast<long>(der.size())));
  if (!response) return Error(bad_ocsp_answer, take_openssl_error());
  const int status = OCSP_response_status(response.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) return Error(bad_ocsp_answer, OCSP_response_status_str(status));
  const Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_response_get1_basic(response.get()));
  const IdPtr id = id_of(certificate, issuer);
  int state = 0;
  ASN1_GENERALIZEDTIME* next = nullptr;
  if (!basic || !id || OCSP_resp_find_status(basic.get(), id.get(), &state, nullptr, nullptr, nullptr, &next) != 1) {
    take_openssl_error();
    return Error(bad_ocsp_answer, "no status of serial " + certificate.serial);
  }
  if (next == nullptr) return std::optional<Time>();
  return time_of(next);
}

}  // namespace luy::signature
