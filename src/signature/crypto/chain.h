// From a signer's certificate to a trust anchor, at a time, with what revocation lists and OCSP answers say.
#pragma once

#include <string>
#include <vector>

#include "signature/crypto/openssl.h"
#include "signature/verify.h"

namespace luy::signature {

struct ChainFacts {
  State state = State::unknown_issuer;  // valid, or why not.
  std::string detail;
  std::vector<std::string> chain;  // As DER, signer first; as far as it was found.
  bool revocation_checked = false;
};

struct ChainQuestion {
  X509* leaf = nullptr;                // Borrowed.
  STACK_OF(X509) * carried = nullptr;  // What came with the signature; borrowed.
  Time at{};                           // When it must have been valid.
  bool for_timestamps = false;         // A time-stamp authority's certificate.
};

// Reads options.anchors, issuers, crls, ocsp_answers, require_revocation, now.
ChainFacts check_chain(const ChainQuestion& question, const VerifyOptions& options);

}  // namespace luy::signature
