#include "base/hash.h"

// The plain functions of SHA-256, which were set aside in favour of EVP: on short input a fifth of EVP's time goes into
// finding out which hash is meant.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "base/check.h"

namespace luy {
struct Sha256::State {
  SHA256_CTX context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Hash Sha256::digest(std::initializer_list<std::string_view> parts) {
  SHA256_CTX* const context = &state_->context;
  LUY_CHECK(SHA256_Init(context) == 1);
  for (const std::string_view part : parts) LUY_CHECK(SHA256_Update(context, part.data(), part.size()) == 1);
  Hash out{};
  LUY_CHECK(SHA256_Final(out.data(), context) == 1);
  return out;
}

Hash sha256(std::string_view bytes) {
  return Sha256().digest(bytes);
}

Hash hmac_sha256(std::string_view key, std::string_view message) {
  Hash out{};
  unsigned size = 0;
  LUY_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                 reinterpret_cast<const unsigned char*>(message.data()), message.size(), out.data(), &size) != nullptr);
  LUY_CHECK(size == out.size());
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace luy
