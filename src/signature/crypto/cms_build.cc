#include "signature/crypto/cms_build.h"

#include <openssl/err.h>

#include <algorithm>

#include "base/hash.h"
#include "signature/crypto/openssl.h"
#include "signature/crypto/timestamp.h"

namespace luy::signature {
namespace {

Error failed() {
  return Error(sign_failed, take_openssl_error());
}

bool add_attributes(CMS_SignerInfo* info, const Hash& digest) {
  const auto* data = digest.data();
  return CMS_signed_add1_attr_by_NID(info, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) ==
             1 &&
         CMS_signed_add1_attr_by_NID(info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, data,
                                     static_cast<int>(digest.size())) == 1;
}

std::string der_length(std::size_t size) {
  if (size < 128) return std::string(1, static_cast<char>(size));
  std::string bytes;
  for (; size > 0; size >>= 8) bytes.insert(bytes.begin(), static_cast<char>(size & 255));
  return static_cast<char>(0x80 | bytes.size()) + bytes;
}

// What is signed: the attributes as a DER SET OF, sorted (RFC 5652, section 5.4).
std::string signed_attributes(CMS_SignerInfo* info) {
  std::vector<std::string> parts;
  for (int i = 0; i < CMS_signed_get_attr_count(info); ++i) {
    parts.push_back(encoded<const X509_ATTRIBUTE>(i2d_X509_ATTRIBUTE, CMS_signed_get_attr(info, i)));
  }
  std::sort(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      return static_cast<unsigned char>(x) < static_cast<unsigned char>(y);
    });
  });
  std::string body;
  for (const std::string& part : parts) body += part;
  return "\x31" + der_length(body.size()) + body;
}

bool set_signature(CMS_SignerInfo* info, KeyKind kind, const std::string& signature) {
  X509_ALGOR* algorithm = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, nullptr, &algorithm);
  const bool rsa = kind == KeyKind::rsa;
  const int nid = rsa ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256;
  return X509_ALGOR_set0(algorithm, OBJ_nid2obj(nid), rsa ? V_ASN1_NULL : V_ASN1_UNDEF, nullptr) == 1 &&
         ASN1_STRING_set(CMS_SignerInfo_get0_signature(info), signature.data(), static_cast<int>(signature.size())) ==
             1;
}

Result<void> add_timestamp(CMS_SignerInfo* info, const std::string& signature, const TimeStamping& stamping) {
  LUY_TRY(const std::string token, fetch_timestamp(signature, stamping));
  if (CMS_unsigned_add1_attr_by_NID(info, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token.data(),
                                    static_cast<int>(token.size())) != 1) {
    return failed();
  }
  return {};
}

}  // namespace

Result<std::string> build_cms(std::span<const std::string_view> parts, Signer& signer, const TimeStamping& stamping) {
  ERR_clear_error();
  const X509Ptr own = x509_from(signer.certificate().der);
  if (!own) return failed();
  const CertificatesPtr chain(sk_X509_new_null());
  for (const Certificate& issuer : signer.issuers()) {
    X509Ptr one = x509_from(issuer.der);
    if (!one || sk_X509_push(chain.get(), one.get()) == 0) return failed();
    (void)one.release();  // The list owns it.
  }
  const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL;
  const CmsPtr cms(CMS_sign(nullptr, nullptr, chain.get(), nullptr, flags | CMS_STREAM));
  if (!cms) return failed();
  // Only the public half: what the key signs is handed to the signer below.
  CMS_SignerInfo* info = CMS_add1_signer(cms.get(), own.get(), X509_get0_pubkey(own.get()), EVP_sha256(),
                                         flags | CMS_CADES | CMS_NOSMIMECAP);
  if (info == nullptr) return failed();
  Sha256 sha;
  Hash digest{};
  LUY_CHECK(parts.size() == 2);
  digest = sha.digest({parts[0], parts[1]});
  if (!add_attributes(info, digest)) return failed();
  LUY_TRY(const std::string signature, signer.sign(signed_attributes(info)));
  if (!set_signature(info, signer.kind(), signature)) return failed();
  if (stamping.call) LUY_TRY_VOID(add_timestamp(info, signature, stamping));
  std::string der = encoded<const CMS_ContentInfo>(i2d_CMS_ContentInfo, cms.get());
  if (der.empty()) return failed();
  return der;
}

}  // namespace luy::signature
