// Detached CMS signatures and RFC 3161 tokens, checked against the bytes they sign; not yet against anybody's trust.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "signature/crypto/openssl.h"

namespace luy::signature {

struct CmsFacts {
  std::string fault;  // Why it does not sign these bytes; the rest is then void.
  std::string weak;   // Which of its algorithms is too weak; empty for none.
  X509Ptr signer;
  CertificatesPtr certificates;  // All it carries.
  std::optional<Time> claimed;
  std::string timestamp;  // The token over its signature; empty for none.
  std::string value;      // The signature itself, which that token stamps.
};

// `padded` is DER with zeros behind it. `cades` demands the attribute that ties the signer's certificate.
CmsFacts check_cms(std::string_view padded, std::span<const std::string_view> parts, bool cades);

struct TokenFacts {
  std::string fault;
  std::string weak;
  X509Ptr signer;
  CertificatesPtr certificates;
  Time time{};
};
TokenFacts check_token(std::string_view padded, std::span<const std::string_view> stamped);

// RSA below 2048 bits or a curve below 256; empty for neither.
std::string weak_key(const X509* certificate);

}  // namespace luy::signature
