// What certificate revocation lists (RFC 5280) and OCSP answers (RFC 6960) say about a chain.
#pragma once

#include <string>
#include <vector>

#include "signature/crypto/openssl.h"
#include "signature/verify.h"

namespace luy::signature {

using StorePtr = Owned<X509_STORE, X509_STORE_free>;

struct RevocationFacts {
  bool known = true;    // For each certificate below the anchor there is a list or an answer that holds at the time.
  std::string revoked;  // Which and when; empty for none.
};

// `chain` is verified, signer first, anchor last. Revocations after `at` do not count.
RevocationFacts check_revocation(const STACK_OF(X509) * chain, STACK_OF(X509) * carried, Time at,
                                 const VerifyOptions& options);

// A store that trusts `anchors` at that time (chain.cc).
StorePtr store_of(const std::vector<Certificate>& anchors, Time at);

}  // namespace luy::signature
