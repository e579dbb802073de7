// libp11 makes a key on a token look like any other to OpenSSL; the private operation runs on the token.
#include <libp11.h>
#include <openssl/err.h>

#include "signature/crypto/key.h"
#include "signature/signer.h"

namespace luy::signature {
namespace {

// The driver, loaded, with its slots. Must outlive every key taken from it.
class Driver {
 public:
  explicit Driver(const std::filesystem::path& module) : context_(PKCS11_CTX_new()) {
    loaded_ = context_ != nullptr && PKCS11_CTX_load(context_, module.c_str()) == 0;
    enumerated_ = loaded_ && PKCS11_enumerate_slots(context_, &slots_, &count_) == 0;
  }
  ~Driver() {
    if (enumerated_) PKCS11_release_all_slots(context_, slots_, count_);
    if (loaded_) PKCS11_CTX_unload(context_);
    if (context_ != nullptr) PKCS11_CTX_free(context_);
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  bool ready() const { return enumerated_; }
  PKCS11_SLOT* find(std::string_view label) const {
    for (unsigned i = 0; i < count_; ++i) {
      if (slots_[i].token != nullptr && slots_[i].token->label != nullptr && label == slots_[i].token->label) {
        return &slots_[i];
      }
    }
    return nullptr;
  }

 private:
  PKCS11_CTX* context_;
  bool loaded_ = false;
  bool enumerated_ = false;
  PKCS11_SLOT* slots_ = nullptr;
  unsigned count_ = 0;
};

class TokenSigner final : public Signer {
 public:
  TokenSigner(std::unique_ptr<Driver> driver, KeyPtr key, KeyKind kind, Certificate certificate,
              std::vector<Certificate> issuers)
      : driver_(std::move(driver)),
        key_(std::move(key)),
        kind_(kind),
        certificate_(std::move(certificate)),
        issuers_(std::move(issuers)) {}

  const Certificate& certificate() const override { return certificate_; }
  const std::vector<Certificate>& issuers() const override { return issuers_; }
  KeyKind kind() const override { return kind_; }
  Result<std::string> sign(std::string_view message) override {
    LUY_TRY(std::string signature, sign_with(key_.get(), message));
    // A token that half answers must not leave a broken signature in a document.
    const X509Ptr own = x509_from(certificate_.der);
    if (!own || !verifies(X509_get0_pubkey(own.get()), message, signature)) return Error(token_gone, "PKCS#11");
    return signature;
  }

 private:
  std::unique_ptr<Driver> driver_;
  KeyPtr key_;
  KeyKind kind_;
  Certificate certificate_;
  std::vector<Certificate> issuers_;
};

X509* find_certificate(PKCS11_TOKEN* token, std::string_view label) {
  PKCS11_CERT* list = nullptr;
  unsigned count = 0;
  if (PKCS11_enumerate_certs(token, &list, &count) != 0) return nullptr;
  for (unsigned i = 0; i < count; ++i) {
    if (list[i].label != nullptr && label == list[i].label) return list[i].x509;
  }
  return nullptr;
}

KeyPtr find_key(PKCS11_TOKEN* token, std::string_view label) {
  PKCS11_KEY* list = nullptr;
  unsigned count = 0;
  if (PKCS11_enumerate_keys(token, &list, &count) != 0) return nullptr;
  for (unsigned i = 0; i < count; ++i) {
    if (list[i].label != nullptr && label == list[i].label) return KeyPtr(PKCS11_get_private_key(&list[i]));
  }
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<Signer>> open_token(const TokenOptions& options) {
  ERR_clear_error();
  auto driver = std::make_unique<Driver>(options.module);
  if (!driver->ready()) return Error(token_missing, options.module.string() + ": " + take_openssl_error());
  PKCS11_SLOT* slot = driver->find(options.token_label);
  if (slot == nullptr) return Error(token_missing, options.token_label);
  if (PKCS11_open_session(slot, 0) != 0) return Error(token_missing, take_openssl_error());
  if (PKCS11_login(slot, 0, options.pin.c_str()) != 0) {
    ERR_clear_error();
    return Error(token_pin);
  }
  KeyPtr key = find_key(slot->token, options.key_label);
  const X509* x509 = find_certificate(slot->token, options.key_label);
  if (!key || x509 == nullptr) {
    ERR_clear_error();
    return Error(key_missing, options.token_label + " / " + options.key_label);
  }
  LUY_TRY(const KeyKind kind, kind_of(key.get()));
  LUY_TRY(Certificate certificate, parse_certificate(der_of(x509)));
  ERR_clear_error();
  return std::unique_ptr<Signer>(
      std::make_unique<TokenSigner>(std::move(driver), std::move(key), kind, std::move(certificate), options.issuers));
}

}  // namespace luy::signature
