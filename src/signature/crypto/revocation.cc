#include "signature/crypto/revocation.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace luy::signature {
namespace {

enum class Answer { none, good, revoked };

// Responders that answer as of the moment promise no next time (RFC 6960 section 4.2.2.1). Clocks differ, and asking
// takes time.
constexpr std::chrono::minutes answer_as_of_now{10};

CrlPtr crl_from(std::string_view bytes) {
  if (bytes.find("-----BEGIN") != std::string_view::npos) {
    const BioPtr bio = bio_over(bytes);
    return CrlPtr(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
  }
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  return CrlPtr(d2i_X509_CRL(nullptr, &at, static_cast<long>(bytes.size())));
}

// Lists with critical extensions may cover only part of the certificates.
Answer ask_crl(X509_CRL* crl, X509* certificate, X509* issuer, Time at) {
  if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0) return Answer::none;
  if (X509_CRL_get_ext_by_critical(crl, 1, -1) >= 0) return Answer::none;
  if (X509_CRL_verify(crl, X509_get0_pubkey(issuer)) != 1) return Answer::none;
  X509_REVOKED* entry = nullptr;
  const int found = X509_CRL_get0_by_cert(crl, &entry, certificate);
  if (found == 1) {
    const auto when = time_of(X509_REVOKED_get0_revocationDate(entry));
    if (!when || *when <= at) return Answer::revoked;
  }
  const auto next = time_of(X509_CRL_get0_nextUpdate(crl));
  return next && *next >= at ? Answer::good : Answer::none;
}

using IdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;

Answer ask_ocsp(std::string_view der, X509* certificate, X509* issuer, STACK_OF(X509) * carried, Time at,
                const VerifyOptions& options) {
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      d2i_OCSP_RESPONSE(nullptr, &begin, static_cast<long>(der.size())));
  if (!response || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) return Answer::none;
  const Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_response_get1_basic(response.get()));
  const StorePtr store = store_of(options.anchors, at);
  if (!basic || !store || OCSP_basic_verify(basic.get(), carried, store.get(), 0) != 1) return Answer::none;
  for (const EVP_MD* digest : {EVP_sha1(), EVP_sha256()}) {  // Names only; nothing rests on their strength.
    const IdPtr id(OCSP_cert_to_id(digest, certificate, issuer));
    int status = 0;
    ASN1_GENERALIZEDTIME* revoked = nullptr;
    ASN1_GENERALIZEDTIME* begun = nullptr;
    ASN1_GENERALIZEDTIME* next = nullptr;
    if (!id || OCSP_resp_find_status(basic.get(), id.get(), &status, nullptr, &revoked, &begun, &next) != 1) continue;
    if (status == V_OCSP_CERTSTATUS_REVOKED) {
      const auto when = time_of(revoked);
      if (!when || *when <= at) return Answer::revoked;
      return Answer::good;
    }
    auto until = time_of(next == nullptr ? begun : next);
    if (until && next == nullptr) *until += answer_as_of_now;
    if (status == V_OCSP_CERTSTATUS_GOOD && until && *until >= at) return Answer::good;
  }
  return Answer::none;
}

}  // namespace

RevocationFacts check_revocation(const STACK_OF(X509) * chain, STACK_OF(X509) * carried, Time at,
                                 const VerifyOptions& options) {
  RevocationFacts out;
  std::vector<CrlPtr> crls;
  for (const std::string& bytes : options.crls) {
    if (CrlPtr crl = crl_from(bytes)) crls.push_back(std::move(crl));
  }
  for (int i = 0; i + 1 < sk_X509_num(chain); ++i) {
    X509* certificate = sk_X509_value(chain, i);
    X509* issuer = sk_X509_value(chain, i + 1);
    bool good = false;
    bool revoked = false;
    for (const CrlPtr& crl : crls) {
      const Answer answer = ask_crl(crl.get(), certificate, issuer, at);
      good = good || answer == Answer::good;
      revoked = revoked || answer == Answer::revoked;
    }
    for (const std::string& der : options.ocsp_answers) {
      const Answer answer = ask_ocsp(der, certificate, issuer, carried, at, options);
      good = good || answer == Answer::good;
      revoked = revoked || answer == Answer::revoked;
    }
    if (revoked) out.revoked = "serial " + hex_of(X509_get0_serialNumber(certificate));
    out.known = out.known && good;
  }
  ERR_clear_error();
  return out;
}

}  // namespace luy::signature
