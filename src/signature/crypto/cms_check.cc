#include "signature/crypto/cms_check.h"

#include <openssl/err.h>
#include <openssl/ess.h>

#include <algorithm>
#include <climits>

namespace luy::signature {
namespace {

using DigestPtr = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

bool is_strong_digest(int nid) {
  return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

std::string short_name(int nid) {
  const char* name = OBJ_nid2sn(nid);
  return name != nullptr ? name : "unknown";
}

std::string digest_of(const EVP_MD* digest, std::span<const std::string_view> parts) {
  const DigestPtr context(EVP_MD_CTX_new());
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  bool good = context && EVP_DigestInit_ex(context.get(), digest, nullptr) == 1;
  for (const std::string_view part : parts) {
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  good = good && EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
  out.resize(good ? size : 0);
  return out;
}

// Exactly one CMS structure with one signer, and zeros behind it.
CmsPtr parse(std::string_view padded, std::string& fault) {
  const auto* at = reinterpret_cast<const unsigned char*>(padded.data());
  const unsigned char* const end = at + padded.size();
  CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(padded.size())));
  if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
    fault = "Contents is no CMS signature";
    return nullptr;
  }
  if (!std::all_of(at, end, [](unsigned char c) { return c == 0; })) fault = "there is something behind the CMS";
  if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms.get())) != 1) fault = "not exactly one signer";
  return fault.empty() ? std::move(cms) : nullptr;
}

std::string_view attribute(CMS_SignerInfo* info, int nid, int type) {
  // -3: present once, with one value.
  return text_of(static_cast<ASN1_STRING*>(CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(nid), -3, type)));
}

// The certificate named by signing-certificate(-v2) is the signer's (RFC 5035).
bool names_signer(CMS_SignerInfo* info, X509* signer) {
  const std::string_view v2 = attribute(info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
  const std::string_view v1 = attribute(info, NID_id_smime_aa_signingCertificate, V_ASN1_SEQUENCE);
  const auto* at = reinterpret_cast<const unsigned char*>(v2.data());
  const Owned<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> second(
      v2.empty() ? nullptr : d2i_ESS_SIGNING_CERT_V2(nullptr, &at, static_cast<long>(v2.size())));
  at = reinterpret_cast<const unsigned char*>(v1.data());
  const Owned<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free> first(
      v1.empty() ? nullptr : d2i_ESS_SIGNING_CERT(nullptr, &at, static_cast<long>(v1.size())));
  const Owned<STACK_OF(X509), [](STACK_OF(X509) * list) { sk_X509_free(list); }> chain(sk_X509_new_null());
  if (!chain || sk_X509_push(chain.get(), signer) == 0) return false;
  return OSSL_ESS_check_signing_certs(first.get(), second.get(), chain.get(), 1) == 1;
}

std::string weak_algorithms(CMS_SignerInfo* info, const X509* signer) {
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, &digest, &signature);
  const int digest_nid = OBJ_obj2nid(digest->algorithm);
  if (!is_strong_digest(digest_nid)) return short_name(digest_nid);
  int signed_digest = NID_undef;
  const int signature_nid = OBJ_obj2nid(signature->algorithm);
  if (OBJ_find_sigid_algs(signature_nid, &signed_digest, nullptr) == 1 && signed_digest != NID_undef &&
      !is_strong_digest(signed_digest)) {
    return short_name(signature_nid);
  }
  return weak_key(signer);
}

void read_times(CMS_SignerInfo* info, CmsFacts& out) {
  for (const int type : {V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME}) {
    const auto* time =
        static_cast<const ASN1_TIME*>(CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_signingTime), -3, type));
    if (time != nullptr) out.claimed = time_of(time);
  }
  out.timestamp = text_of(static_cast<ASN1_STRING*>(
      CMS_unsigned_get0_data_by_OBJ(info, OBJ_nid2obj(NID_id_smime_aa_timeStampToken), -3, V_ASN1_SEQUENCE)));
  out.value = text_of(CMS_SignerInfo_get0_signature(info));
}

struct Signed {
  CMS_SignerInfo* info = nullptr;
  X509Ptr signer;
  CertificatesPtr certificates;
};

// The signature over the attributes is the signer's. False: `fault` says why.
bool check_signer(CMS_ContentInfo* cms, Signed& out, std::string& fault) {
  out.info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
  out.certificates.reset(CMS_get1_certs(cms));
  if (!out.certificates) out.certificates.reset(sk_X509_new_null());
  if (CMS_set1_signers_certs(cms, nullptr, 0) != 1) {
    fault = "the signer's certificate is not in the signature";
    return false;
  }
  X509* signer = nullptr;
  CMS_SignerInfo_get0_algs(out.info, nullptr, &signer, nullptr, nullptr);
  if (signer == nullptr || X509_up_ref(signer) != 1) {
    fault = "no signer";
    return false;
  }
  out.signer.reset(signer);
  if (CMS_signed_get_attr_count(out.info) <= 0) {
    fault = "no signed attributes";
    return false;
  }
  if (CMS_SignerInfo_verify(out.info) != 1) {
    fault = "the signature does not fit the certificate";
    return false;
  }
  return true;
}

bool digest_matches(CMS_SignerInfo* info, std::span<const std::string_view> parts) {
  X509_ALGOR* algorithm = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, &algorithm, nullptr);
  const EVP_MD* digest = EVP_get_digestbyobj(algorithm->algorithm);
  const std::string_view stated = attribute(info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
  return digest != nullptr && !stated.empty() && digest_of(digest, parts) == stated;
}

bool content_type_is(CMS_SignerInfo* info, int nid) {
  const auto* type = static_cast<const ASN1_OBJECT*>(
      CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT));
  return type != nullptr && OBJ_obj2nid(type) == nid;
}

}  // namespace

std::string weak_key(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return "unknown key";
  const int type = EVP_PKEY_get_base_id(key);
  const int bits = EVP_PKEY_get_bits(key);
  const bool rsa = type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
  if ((rsa && bits < 2048) || (type == EVP_PKEY_EC && bits < 256) || type == EVP_PKEY_DSA) {
    return short_name(type) + " " + std::to_string(bits) + " bit";
  }
  return {};
}

CmsFacts check_cms(std::string_view padded, std::span<const std::string_view> parts, bool cades) {
  CmsFacts out;
  const CmsPtr cms = parse(padded, out.fault);
  if (!cms) return out;
  ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
  if (content != nullptr && *content != nullptr) {
    out.fault = "the CMS carries content of its own";
    return out;
  }
  Signed found;
  if (!check_signer(cms.get(), found, out.fault)) return out;
  if (!content_type_is(found.info, NID_pkcs7_data)) out.fault = "wrong content type";
  if (cades && !names_signer(found.info, found.signer.get()))
    out.fault = "signing-certificate does not name the signer";
  if (!digest_matches(found.info, parts)) out.fault = "the digest differs: the content was changed";
  out.weak = weak_algorithms(found.info, found.signer.get());
  read_times(found.info, out);
  out.signer = std::move(found.signer);
  out.certificates = std::move(found.certificates);
  ERR_clear_error();
  return out;
}

TokenFacts check_token(std::string_view padded, std::span<const std::string_view> stamped) {
  TokenFacts out;
  const CmsPtr cms = parse(padded, out.fault);
  if (!cms) return out;
  ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
  if (OBJ_obj2nid(CMS_get0_eContentType(cms.get())) != NID_id_smime_ct_TSTInfo || content == nullptr ||
      *content == nullptr) {
    out.fault = "no time-stamp token";
    return out;
  }
  Signed found;
  if (!check_signer(cms.get(), found, out.fault)) return out;
  const std::string_view info_der = text_of(*content);
  const std::string_view info_parts[] = {info_der};
  const auto* at = reinterpret_cast<const unsigned char*>(info_der.data());
  const Owned<TS_TST_INFO, TS_TST_INFO_free> info(d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(info_der.size())));
  if (!info || !digest_matches(found.info, info_parts) || !content_type_is(found.info, NID_id_smime_ct_TSTInfo)) {
    out.fault = "the time-stamp token is malformed";
    return out;
  }
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info.get());
  const EVP_MD* digest = EVP_get_digestbyobj(TS_MSG_IMPRINT_get_algo(imprint)->algorithm);
  const auto time = time_of(TS_TST_INFO_get_time(info.get()));
  if (digest == nullptr || digest_of(digest, stamped) != text_of(TS_MSG_IMPRINT_get_msg(imprint))) {
    out.fault = "the time-stamp is of something else";
  }
  if (!time) out.fault = "the time-stamp has no time";
  if (!names_signer(found.info, found.signer.get())) out.fault = "the time-stamp does not name its signer";
  if (X509_check_purpose(found.signer.get(), X509_PURPOSE_TIMESTAMP_SIGN, 0) != 1) {
    out.fault = "the certificate is not for time-stamps";
  }
  out.weak = weak_algorithms(found.info, found.signer.get());
  if (digest != nullptr && !is_strong_digest(EVP_MD_get_type(digest))) out.weak = short_name(EVP_MD_get_type(digest));
  out.time = time.value_or(Time{});
  out.signer = std::move(found.signer);
  out.certificates = std::move(found.certificates);
  ERR_clear_error();
  return out;
}

}  // namespace luy::signature
