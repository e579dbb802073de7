// A passkey in software, for tests: makes ES256 or RS256 keys and answers as a browser with an authenticator would.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <string>
#include <string_view>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/webauthn.h"

namespace luy::directory {

class SoftKey {
 public:
  explicit SoftKey(PasskeyAlgorithm algorithm = PasskeyAlgorithm::es256) : algorithm_(algorithm) {
    key_ = algorithm == PasskeyAlgorithm::es256 ? EVP_EC_gen("prime256v1") : EVP_RSA_gen(2048);
  }
  ~SoftKey() { EVP_PKEY_free(key_); }
  SoftKey(const SoftKey&) = delete;
  SoftKey& operator=(const SoftKey&) = delete;

  static std::string client_data(std::string_view type, std::string_view challenge, std::string_view origin) {
    return R"({"type":")" + std::string(type) + R"(","challenge":")" + to_base64url(challenge) + R"(","origin":")" +
           std::string(origin) + R"(","crossOrigin":false})";
  }

  std::string authenticator_data(std::string_view party, bool with_key) const {
    const Hash party_hash = sha256(party);
    std::string out(as_text(party_hash));
    out += static_cast<char>(flags | (with_key ? 0x40 : 0));
    put_u32(out, count);
    if (!with_key) return out;
    out += std::string(16, '\0');
    put_u16(out, static_cast<std::uint16_t>(id.size()));
    return out + id + cose();
  }

  std::string attestation(std::string_view party) const {
    const std::string data = authenticator_data(party, true);
    return "\xa3" + text("fmt") + text("none") + text("attStmt") + "\xa0" + text("authData") + bytes(data);
  }

  std::string sign(std::string_view party, std::string_view client) const {
    const Hash client_hash = sha256(client);
    const std::string message = authenticator_data(party, false) + std::string(as_text(client_hash));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(message.data());
    EVP_DigestSign(context, nullptr, &size, data, message.size());
    std::string out(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, data, message.size());
    EVP_MD_CTX_free(context);
    out.resize(size);
    return out;
  }

  std::string id = "a key of tests";
  std::uint8_t flags = 0x05;  // Present and verified.
  std::uint32_t count = 1;

 private:
  static std::string head(unsigned major, std::size_t size) {
    std::string out;
    if (size < 24) {
      out += static_cast<char>(major << 5U | size);
    } else if (size < 256) {
      out += static_cast<char>(major << 5U | 24);
      out += static_cast<char>(size);
    } else {
      out += static_cast<char>(major << 5U | 25);
      put_u16(out, static_cast<std::uint16_t>(size));
    }
    return out;
  }
  static std::string text(std::string_view value) { return head(3, value.size()) + std::string(value); }
  static std::string bytes(std::string_view value) { return head(2, value.size()) + std::string(value); }
  static std::string negative(unsigned value) { return head(1, value - 1); }

  std::string number(const char* name) const {
    BIGNUM* found = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &found);
    std::string out(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
    BN_bn2bin(found, reinterpret_cast<unsigned char*>(out.data()));
    BN_free(found);
    return out;
  }
  static std::string padded(std::string value) { return std::string(32 - value.size(), '\0') + value; }

  std::string cose() const {
    if (algorithm_ == PasskeyAlgorithm::rs256) {
      return "\xa4\x01\x03\x03" + negative(257) + negative(1) + bytes(number(OSSL_PKEY_PARAM_RSA_N)) + negative(2) +
             bytes(number(OSSL_PKEY_PARAM_RSA_E));
    }
    return "\xa5\x01\x02\x03" + negative(7) + negative(1) + "\x01" + negative(2) +
           bytes(padded(number(OSSL_PKEY_PARAM_EC_PUB_X))) + negative(3) +
           bytes(padded(number(OSSL_PKEY_PARAM_EC_PUB_Y)));
  }

  PasskeyAlgorithm algorithm_;
  EVP_PKEY* key_ = nullptr;
};

}  // namespace luy::directory
