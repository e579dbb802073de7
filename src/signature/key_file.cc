#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "base/file.h"
#include "signature/crypto/key.h"
#include "signature/signer.h"

namespace luy::signature {
namespace {

constexpr std::size_t key_file_bytes_max = 256 << 10;

struct Contents {
  KeyPtr key;
  std::vector<Certificate> certificates;  // The key's own first.
};

class FileSigner final : public Signer {
 public:
  FileSigner(KeyPtr key, KeyKind kind, Certificate certificate, std::vector<Certificate> issuers)
      : key_(std::move(key)), kind_(kind), certificate_(std::move(certificate)), issuers_(std::move(issuers)) {}

  const Certificate& certificate() const override { return certificate_; }
  const std::vector<Certificate>& issuers() const override { return issuers_; }
  KeyKind kind() const override { return kind_; }
  Result<std::string> sign(std::string_view message) override { return sign_with(key_.get(), message); }

 private:
  KeyPtr key_;
  KeyKind kind_;
  Certificate certificate_;
  std::vector<Certificate> issuers_;
};

int give_password(char* out, int size, int, void* context) {
  const auto& password = *static_cast<const std::string_view*>(context);
  if (password.size() > static_cast<std::size_t>(size)) return -1;
  password.copy(out, password.size());
  return static_cast<int>(password.size());
}

Result<Contents> read_pem(std::string_view bytes, std::string_view password) {
  Contents out;
  const BioPtr bio = bio_over(bytes);
  out.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password));
  if (!out.key) return Error(key_missing, take_openssl_error());
  LUY_TRY(out.certificates, read_certificates(bytes));
  return out;
}

Result<Contents> read_pkcs12(std::string_view bytes, std::string_view password) {
  const BioPtr bio = bio_over(bytes);
  const Owned<PKCS12, PKCS12_free> p12(d2i_PKCS12_bio(bio.get(), nullptr));
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const std::string terminated(password);
  if (!p12 || PKCS12_parse(p12.get(), terminated.c_str(), &key, &certificate, &others) != 1) {
    return Error(key_missing, take_openssl_error());
  }
  Contents out;
  out.key.reset(key);
  const X509Ptr own(certificate);
  const CertificatesPtr rest(others);
  if (!out.key || !own) return Error(key_missing, "PKCS#12");
  LUY_TRY(Certificate first, parse_certificate(der_of(own.get())));
  out.certificates.push_back(std::move(first));
  for (int i = 0; i < sk_X509_num(rest.get()); ++i) {
    LUY_TRY(Certificate one, parse_certificate(der_of(sk_X509_value(rest.get(), i))));
    out.certificates.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Signer>> open_key_file(const std::filesystem::path& file, std::string_view password) {
  LUY_TRY(std::string bytes, read_file(file, key_file_bytes_max));
  ERR_clear_error();
  const bool pem = bytes.find("-----BEGIN") != std::string::npos;
  auto contents = pem ? read_pem(bytes, password) : read_pkcs12(bytes, password);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (!contents) return Error(key_missing, file.filename().string() + ": " + contents.error().detail());
  LUY_TRY(const KeyKind kind, kind_of(contents->key.get()));
  const X509Ptr own = x509_from(contents->certificates.front().der);
  if (!own || X509_check_private_key(own.get(), contents->key.get()) != 1) {
    ERR_clear_error();
    return Error(key_missing, file.filename().string());
  }
  Certificate certificate = std::move(contents->certificates.front());
  contents->certificates.erase(contents->certificates.begin());
  return std::unique_ptr<Signer>(std::make_unique<FileSigner>(std::move(contents->key), kind, std::move(certificate),
                                                              std::move(contents->certificates)));
}

}  // namespace luy::signature
