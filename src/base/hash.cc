#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace luy {
namespace {

const EVP_MD* fetched_sha256() {
  static EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  LUY_CHECK(md != nullptr);
  return md;
}

}  // namespace

struct Sha256::State {
  State() : context(EVP_MD_CTX_new()) { LUY_CHECK(context != nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Hash Sha256::digest(std::initializer_list<std::string_view> parts) {
  LUY_CHECK(EVP_DigestInit_ex2(state_->context, fetched_sha256(), nullptr) == 1);
  for (const std::string_view part : parts) {
    LUY_CHECK(EVP_DigestUpdate(state_->context, part.data(), part.size()) == 1);
  }
  Hash out{};
  LUY_CHECK(EVP_DigestFinal_ex(state_->context, out.data(), nullptr) == 1);
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
