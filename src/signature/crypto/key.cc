#include "signature/crypto/key.h"

#include <openssl/err.h>

namespace luy::signature {
namespace {

using DigestPtr = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

}  // namespace

Result<KeyKind> kind_of(const EVP_PKEY* key) {
  constexpr int rsa_bits_min = 2048;  // NIST SP 800-131A; also what the state's certificates have.
  const int type = EVP_PKEY_get_base_id(key);
  const int bits = EVP_PKEY_get_bits(key);
  if (type == EVP_PKEY_RSA && bits >= rsa_bits_min) return KeyKind::rsa;
  if (type == EVP_PKEY_EC && bits == 256) return KeyKind::ec_p256;
  const char* name = OBJ_nid2sn(type);
  return Error(key_refused, std::string(name != nullptr ? name : "?") + " " + std::to_string(bits) + " bit");
}

Result<std::string> sign_with(EVP_PKEY* key, std::string_view message) {
  ERR_clear_error();
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(message.data());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) != 1) {
    return Error(token_gone, take_openssl_error());
  }
  std::string out(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data, message.size()) != 1) {
    return Error(token_gone, take_openssl_error());
  }
  out.resize(size);
  return out;
}

bool verifies(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  const DigestPtr context(EVP_MD_CTX_new());
  const bool good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace luy::signature
