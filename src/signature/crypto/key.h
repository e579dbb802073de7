// What the makers of signers share.
#pragma once

#include "signature/crypto/openssl.h"
#include "signature/signer.h"

namespace luy::signature {

// Errors: key_refused.
Result<KeyKind> kind_of(const EVP_PKEY* key);
// Errors: token_gone with OpenSSL's reason.
Result<std::string> sign_with(EVP_PKEY* key, std::string_view message);
bool verifies(EVP_PKEY* key, std::string_view message, std::string_view signature);

}  // namespace luy::signature
