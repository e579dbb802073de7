#include "signature/crypto/chain.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "signature/crypto/revocation.h"

namespace luy::signature {
namespace {

using ContextPtr = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;

State state_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return State::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return State::not_yet_valid;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return State::weak;
    default:
      return State::unknown_issuer;
  }
}

std::time_t seconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

bool may_sign(X509* certificate) {
  const std::uint32_t usage = X509_get_key_usage(certificate);  // All bits where the extension is absent.
  return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0 && X509_check_ca(certificate) == 0;
}

CertificatesPtr known_issuers(const ChainQuestion& question, const VerifyOptions& options) {
  CertificatesPtr out(sk_X509_new_null());
  for (int i = 0; i < sk_X509_num(question.carried); ++i) {
    X509* one = sk_X509_value(question.carried, i);
    if (X509_up_ref(one) == 1 && sk_X509_push(out.get(), one) == 0) X509_free(one);
  }
  for (const Certificate& issuer : options.issuers) {
    X509Ptr one = x509_from(issuer.der);
    if (one && sk_X509_push(out.get(), one.get()) > 0) (void)one.release();  // The list owns it.
  }
  return out;
}

}  // namespace

StorePtr store_of(const std::vector<Certificate>& anchors, Time at) {
  StorePtr store(X509_STORE_new());
  if (!store) return store;
  for (const Certificate& anchor : anchors) {
    if (const X509Ptr one = x509_from(anchor.der)) X509_STORE_add_cert(store.get(), one.get());
  }
  X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(rules, seconds_of(at));
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);  // An anchor need not be a root.
  X509_VERIFY_PARAM_set_auth_level(rules, 2);                     // 112 bits: RSA of 2048, no SHA-1.
  return store;
}

ChainFacts check_chain(const ChainQuestion& question, const VerifyOptions& options) {
  ChainFacts out;
  const StorePtr store = store_of(options.anchors, question.at);
  const CertificatesPtr issuers = known_issuers(question, options);
  const ContextPtr context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_CTX_init(context.get(), store.get(), question.leaf, issuers.get()) != 1) {
    out.detail = take_openssl_error();
    return out;
  }
  X509_STORE_CTX_set_purpose(context.get(), question.for_timestamps ? X509_PURPOSE_TIMESTAMP_SIGN : X509_PURPOSE_ANY);
  const bool trusted = X509_verify_cert(context.get()) == 1;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) out.chain.push_back(der_of(sk_X509_value(chain, i)));
  if (!trusted) {
    const int error = X509_STORE_CTX_get_error(context.get());
    out.state = state_of(error);
    out.detail = X509_verify_cert_error_string(error);
    ERR_clear_error();
    return out;
  }
  out.state = State::valid;
  if (!question.for_timestamps && !may_sign(question.leaf)) {
    out.state = State::wrong_usage;
    out.detail = "key usage";
    return out;
  }
  const RevocationFacts revocation = check_revocation(chain, issuers.get(), question.at, options);
  out.revocation_checked = revocation.known;
  if (!revocation.revoked.empty()) {
    out.state = State::revoked;
    out.detail = revocation.revoked;
  } else if (!revocation.known && options.require_revocation) {
    out.state = State::revocation_unknown;
  }
  ERR_clear_error();
  return out;
}

}  // namespace luy::signature
