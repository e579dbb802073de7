#include "signature/revocation_list.h"

#include <openssl/pem.h>

#include "signature/crypto/openssl.h"

namespace luy::signature {
namespace {

inline void free_points(CRL_DIST_POINTS* points) {
  CRL_DIST_POINTS_free(points);
}

}  // namespace

Result<RevocationList> read_revocation_list(std::string_view file) {
  if (file.size() > revocation_list_bytes_max) return Error(bad_revocation_list, std::to_string(file.size()) + " byte");
  CrlPtr crl;
  if (file.starts_with("-----")) {
    const BioPtr bio = bio_over(file);
    crl.reset(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
  } else {
    const auto* at = reinterpret_cast<const unsigned char*>(file.data());
    crl.reset(d2i_X509_CRL(nullptr, &at, static_cast<long>(file.size())));
  }
  if (!crl) return Error(bad_revocation_list, take_openssl_error());
  const auto begun = time_of(X509_CRL_get0_lastUpdate(crl.get()));
  if (!begun) return Error(bad_revocation_list, "thisUpdate");
  RevocationList out;
  out.issuer = name_of(X509_CRL_get_issuer(crl.get()));
  out.this_update = *begun;
  if (const ASN1_TIME* next = X509_CRL_get0_nextUpdate(crl.get()); next != nullptr) out.next_update = time_of(next);
  out.der = encoded(i2d_X509_CRL, crl.get());
  return out;
}

bool is_signed_by(const RevocationList& list, const Certificate& issuer) {
  const auto* at = reinterpret_cast<const unsigned char*>(list.der.data());
  const CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(list.der.size())));
  const X509Ptr x509 = x509_from(issuer.der);
  const bool is_right = crl && x509 &&
                        X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(x509.get())) == 0 &&
                        X509_CRL_verify(crl.get(), X509_get0_pubkey(x509.get())) == 1;
  take_openssl_error();
  return is_right;
}

std::vector<std::string> distribution_points(const Certificate& certificate) {
  std::vector<std::string> out;
  const X509Ptr x509 = x509_from(certificate.der);
  if (!x509) return out;
  const Owned<CRL_DIST_POINTS, free_points> points(
      static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(x509.get(), NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT* point = sk_DIST_POINT_value(points.get(), i);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    const GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int k = 0; k < sk_GENERAL_NAME_num(names); ++k) {
      const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, k);
      if (name->type != GEN_URI || out.size() >= distribution_points_max) continue;
      const std::string url(text_of(name->d.uniformResourceIdentifier));
      if (url.starts_with("http://") || url.starts_with("https://")) out.push_back(url);
    }
  }
  return out;
}

}  // namespace luy::signature
